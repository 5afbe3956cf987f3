//! A pair that was found in a set of legs.
//!
//! Must not know: how pairs are found, which of them are joined.

use super::signal::Item;

/// Odds from which a pair is joined. Below it is offered.
pub(super) const JOINED: f32 = 2.7;

/// Two legs that are one call, or may be. Numbers are positions in the set.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) a: u32,
    pub(super) b: u32,
    /// Odds that it is right, as a logarithm: against no pair and against the next best assignment.
    pub(super) odds: f32,
    /// When a field proved it; `None` where the assignment of legs did, which may change while they go on.
    pub(super) proved: Option<i64>,
    pub(super) items: Vec<Item>,
}
