//! What of the selected row can become a term of the filter.
//!
//! Must not know: filters, which screens there are.

/// A part of a row that other messages can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowPart {
    /// The peer's host, with any port.
    Peer,
    /// The user of From.
    User,
    /// The call, over all its legs.
    Call,
    /// The transaction (RFC 3261 §17).
    Transaction,
    /// The method.
    Method,
    /// Five seconds before and after it.
    Times,
}

/// Whether the messages that share a part of the row stay or go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keep {
    /// They alone stay.
    These,
    /// They go.
    Others,
}

impl Keep {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::These => Self::Others,
            Self::Others => Self::These,
        }
    }
}

/// The keys after `f`: key, which part, and its name. `x` before them takes these messages away.
pub const ROW_PARTS: &[(char, RowPart, &str)] = &[
    ('a', RowPart::Peer, "peer"),
    ('u', RowPart::User, "user"),
    ('c', RowPart::Call, "call"),
    ('i', RowPart::Transaction, "transaction"),
    ('m', RowPart::Method, "method"),
    ('t', RowPart::Times, "±5 s"),
];
