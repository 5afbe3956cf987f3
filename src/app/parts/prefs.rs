//! What the user sets.
//!
//! Must not know: where it is saved, which screens there are.

use crate::app::columns::{self, ColumnSpec};
use crate::app::keymap::Keymap;

/// Limits of the list's share, in percent.
const SPLIT: std::ops::RangeInclusive<u16> = 15..=85;

/// What is set by the user and holds on every screen.
#[derive(Debug, Clone)]
pub struct Prefs {
    /// The list's share of the space, in percent.
    pub split: u16,
    /// Which key does what.
    pub keymap: Keymap,
    /// The columns of messages, in their order.
    pub columns: Vec<ColumnSpec>,
}

impl Default for Prefs {
    fn default() -> Self {
        Self { split: 55, keymap: Keymap::default(), columns: columns::messages() }
    }
}

impl Prefs {
    /// Sets the list's share, within its limits.
    pub(super) fn set_split(&mut self, percent: u16) {
        self.split = percent.clamp(*SPLIT.start(), *SPLIT.end());
    }
}
