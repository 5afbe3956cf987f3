//! What a snapshot can be asked about the calls of its messages, without knowing how they are found.
//!
//! Must not know: legs, calls.

use std::any::Any;
use std::fmt::Debug;

use crate::filter::{Field, Flag};

use super::snapshot::RowRef;

/// The legs of a snapshot's messages, published with it. The answers are those of [`Facts`](crate::filter::Facts).
pub trait LegBook: Any + Debug + Send + Sync {
    /// Whether the call of a message is so.
    fn flag(&self, row: &RowRef<'_>, flag: Flag) -> Option<bool>;
    /// A number of the call of a message.
    fn number(&self, row: &RowRef<'_>, field: Field) -> Option<u64>;
    /// Whether `each` holds for one of the texts that a field has for the call of a message.
    fn text(&self, row: &RowRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool;
}
