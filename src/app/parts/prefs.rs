//! What the user sets.
//!
//! Must not know: where it is saved, which screens there are.

use crate::app::columns::{self, ColumnSpec};
use crate::app::keymap::Keymap;

/// Limits of the list's share, in percent.
const SPLIT: std::ops::RangeInclusive<u16> = 15..=85;

/// Who has the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mouse {
    /// The browser: it selects rows and tabs.
    #[default]
    Browser,
    /// The terminal: it selects text.
    Terminal,
}

impl Mouse {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Browser => Self::Terminal,
            Self::Terminal => Self::Browser,
        }
    }
}

/// What is set by the user and holds on every screen.
#[derive(Debug, Clone)]
pub struct Prefs {
    /// The list's share of the space, in percent.
    pub split: u16,
    /// Whether the browser takes the mouse; else it selects text as the terminal does.
    pub mouse: Mouse,
    /// Which key does what.
    pub keymap: Keymap,
    /// The columns of messages, in their order.
    pub columns: Vec<ColumnSpec>,
}

impl Default for Prefs {
    fn default() -> Self {
        Self { split: 55, mouse: Mouse::default(), keymap: Keymap::default(), columns: columns::messages() }
    }
}

impl Prefs {
    /// Sets the list's share, within its limits.
    pub(super) fn set_split(&mut self, percent: u16) {
        self.split = percent.clamp(*SPLIT.start(), *SPLIT.end());
    }
}
