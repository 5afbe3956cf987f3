//! What the user sets.
//!
//! Must not know: where it is saved, which screens there are.

use crate::app::columns::{ColumnList, ColumnSpec};
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
    /// The columns of calls, in their order; the first one is the number.
    pub call_columns: Vec<ColumnSpec>,
    /// For how many more commands the screens say what their keys are for.
    pub hints: u8,
    /// Whether what is selected is printed when the browser is left.
    pub picks: bool,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            split: 55,
            mouse: Mouse::default(),
            keymap: Keymap::default(),
            columns: ColumnList::Messages.usual(),
            call_columns: ColumnList::Calls.usual(),
            hints: 0,
            picks: false,
        }
    }
}

impl Prefs {
    /// The columns of a list.
    pub fn columns_of(&self, list: ColumnList) -> &[ColumnSpec] {
        match list {
            ColumnList::Messages => &self.columns,
            ColumnList::Calls => &self.call_columns,
        }
    }

    /// Shows these columns in a list.
    pub(in crate::app) fn show_columns(&mut self, list: ColumnList, columns: Vec<ColumnSpec>) {
        match list {
            ColumnList::Messages => self.columns = columns,
            ColumnList::Calls => self.call_columns = columns,
        }
    }

    /// Sets the list's share, within its limits.
    pub(super) fn set_split(&mut self, percent: u16) {
        self.split = percent.clamp(*SPLIT.start(), *SPLIT.end());
    }
}
