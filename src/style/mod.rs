//! What a text *is* on a screen ([`Role`]), and how that looks ([`Palette`]): the same for the command line and the browser.
//!
//! Must not know: ratatui, crossterm, where anything is drawn.

mod palette;
pub mod styled_text;

pub use palette::{Attributes, Color, CustomLooks, Look, Palette};

/// The meaning of a text; the palette maps it to a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// What someone wrote or dialled, in a body: it looks as ordinary text, and is private.
    Written,
    /// Less important text: punctuation, parameters, offsets.
    Dim,
    /// Important text.
    Strong,
    /// A heading between blocks.
    Heading,
    /// The name of a field, a label.
    Label,
    /// A user, a number.
    User,
    /// A host or an address.
    Host,
    /// A tag, a branch, a Call-ID: what connects messages.
    Id,
    /// An explanation that is not in the trace.
    Note,
    /// INVITE, which starts calls.
    Invite,
    /// BYE and CANCEL, which end calls.
    CallEnd,
    /// OPTIONS, which peers send to see whether the other one is alive.
    KeepAlive,
    /// Any other request.
    Request,
    /// 1xx.
    Provisional,
    /// 2xx.
    Success,
    /// 3xx.
    Redirection,
    /// 401 and 407: a part of normal traffic, not a failure.
    Challenge,
    /// All other final responses.
    Failure,
    /// The program's name, the border of the focused pane.
    Accent,
    /// An operation that succeeded.
    Done,
    /// Something unusual that is not a failure.
    Warning,
    /// A finding, an error.
    Error,
    /// The position of an error in a typed text.
    ErrorPosition,
    /// The letter of a leg, by its position: the colours repeat, the letters do not.
    LegName(u8),
    /// The lifeline of a leg's peer.
    LegLine(u8),
    /// What only the second of two messages has.
    Added,
    /// What only the first of two messages has.
    Dropped,
    /// What both have with another value.
    Rewritten,
    /// The piece of a value that differs.
    Changed,
    /// The selected row.
    Selected,
}

/// The roles by the names that a configuration uses. The colours of legs are not among them: they repeat.
pub const ROLES: [(&str, Role); 28] = [
    ("plain", Role::Plain),
    ("dim", Role::Dim),
    ("strong", Role::Strong),
    ("heading", Role::Heading),
    ("label", Role::Label),
    ("user", Role::User),
    ("host", Role::Host),
    ("id", Role::Id),
    ("note", Role::Note),
    ("invite", Role::Invite),
    ("call-end", Role::CallEnd),
    ("keep-alive", Role::KeepAlive),
    ("request", Role::Request),
    ("provisional", Role::Provisional),
    ("success", Role::Success),
    ("redirection", Role::Redirection),
    ("challenge", Role::Challenge),
    ("failure", Role::Failure),
    ("accent", Role::Accent),
    ("done", Role::Done),
    ("warning", Role::Warning),
    ("error", Role::Error),
    ("error-position", Role::ErrorPosition),
    ("added", Role::Added),
    ("dropped", Role::Dropped),
    ("rewritten", Role::Rewritten),
    ("changed", Role::Changed),
    ("selected", Role::Selected),
];

impl Role {
    /// The role of a request by its method.
    pub fn of_method(method: &[u8]) -> Self {
        match method {
            b"INVITE" => Self::Invite,
            b"BYE" | b"CANCEL" => Self::CallEnd,
            b"OPTIONS" => Self::KeepAlive,
            _ => Self::Request,
        }
    }

    /// The role of a response by its status code.
    pub const fn of_status(code: u16) -> Self {
        match code {
            0..=199 => Self::Provisional,
            200..=299 => Self::Success,
            300..=399 => Self::Redirection,
            401 | 407 => Self::Challenge,
            _ => Self::Failure,
        }
    }
}
