//! Text with meaning: what details panes and reports are made of before anyone chooses colours.
//!
//! Must not know: colours, widths, the terminal. All text in it is already escaped.

use std::borrow::Cow;
use std::ops::Range;

pub use super::Role;

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
    /// Its spans from left to right.
    pub spans: Vec<Span>,
    /// The bytes of the message that this line shows, where it shows some.
    pub source: Option<Range<usize>>,
}

impl Line {
    /// A line of one span.
    pub fn of(role: Role, text: impl Into<Cow<'static, str>>) -> Self {
        Self::default().and(role, text)
    }

    /// This line with a further span at its end.
    #[must_use]
    pub fn and(mut self, role: Role, text: impl Into<Cow<'static, str>>) -> Self {
        self.spans.push(Span { role, text: text.into() });
        self
    }

    /// The text without its roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|s| s.text.as_ref()).collect()
    }

    /// The same, borrowed where the line has one span.
    pub fn whole(&self) -> Cow<'_, str> {
        match &self.spans[..] {
            [span] => Cow::Borrowed(span.text.as_ref()),
            _ => Cow::Owned(self.text()),
        }
    }
}
