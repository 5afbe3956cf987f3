//! What of the selected row can become a term of the filter.
//!
//! Must not know: filters, which screens there are.

use crate::filter::Field;

use super::columns::{ColumnSpec, ColumnValue};

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
    /// The value in a chosen column of the list, by the column's 0-based number.
    Column(usize),
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

/// A key, which part of the row it chooses, and its name.
pub type RowKey = (char, RowPart, &'static str);

/// The keys after `f` for these columns: those of [`ROW_PARTS`], then digits for columns whose values are none of them.
pub fn row_keys(columns: &[ColumnSpec]) -> Vec<RowKey> {
    let has_key = |column: &ColumnSpec| match column.value {
        ColumnValue::Named(..) => true,
        ColumnValue::Field(field) => {
            !matches!(field, Field::N | Field::Time | Field::Addr | Field::From | Field::Method)
        }
        _ => false,
    };
    let others = columns.iter().enumerate().filter(|(_, column)| has_key(column));
    let others = ('1'..='9').zip(others).map(|(key, (at, column))| (key, RowPart::Column(at), column.name));
    ROW_PARTS.iter().copied().chain(others).collect()
}
