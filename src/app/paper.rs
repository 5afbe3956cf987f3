//! Text with meaning: what details panes are made of before anybody chooses colours.
//!
//! Must not know: colours, widths, the terminal. All text in it is already escaped.

use std::borrow::Cow;
use std::ops::Range;

/// What a piece of text is; the theme says how that looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// What matters less: punctuation, parameters, offsets.
    Dim,
    /// A field's name, a label.
    Label,
    /// A request's method or request line.
    Request,
    /// A status line, by its class 1 to 6.
    Status(u8),
    /// A user, a number: who it is about.
    User,
    /// A host or an address.
    Host,
    /// A tag, a branch, a Call-ID: what ties messages together.
    Id,
    /// An explanation that is not in the trace.
    Note,
    /// A finding: what is wrong.
    Error,
    /// A heading between blocks.
    Heading,
    /// The selected line of a tree.
    Selected,
}

/// A run of text in one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub role: Role,
    /// The escaped text.
    pub text: Cow<'static, str>,
}

/// One line of a pane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its pieces from left to right.
    pub spans: Vec<Span>,
    /// The bytes of the message that this line shows, where it shows some.
    pub source: Option<Range<usize>>,
}

impl Line {
    /// A line of one piece.
    pub fn of(role: Role, text: impl Into<Cow<'static, str>>) -> Self {
        Self::default().and(role, text)
    }

    /// This line with a further piece at its end.
    #[must_use]
    pub fn and(mut self, role: Role, text: impl Into<Cow<'static, str>>) -> Self {
        self.spans.push(Span { role, text: text.into() });
        self
    }

    /// The text without its roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|s| s.text.as_ref()).collect()
    }
}
