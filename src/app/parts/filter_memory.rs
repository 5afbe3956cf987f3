//! What filter lines share: the names that filters may use, and the filters that were in force before.
//!
//! Must not know: where they are kept, which line is edited.

use crate::filter::Names;

/// The number of expressions in the history.
const HISTORY: usize = 200;

/// Names and history of filters.
#[derive(Debug, Clone, Default)]
pub struct FilterMemory {
    /// The names that filters may use.
    pub names: Names,
    /// Expressions that were in force, the newest last.
    history: Vec<String>,
}

impl FilterMemory {
    /// Puts what earlier runs remembered before what this one did.
    pub fn recall(&mut self, earlier: Vec<String>) {
        let own = std::mem::replace(&mut self.history, earlier);
        for text in own {
            self.push(text);
        }
    }

    /// Remembers an expression as the newest.
    pub(in crate::app) fn remember(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() && self.history.last().is_none_or(|last| last != text) {
            self.push(text.to_owned());
        }
    }

    fn push(&mut self, text: String) {
        self.history.retain(|known| *known != text);
        self.history.push(text);
        let surplus = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..surplus);
    }

    /// The expression that is this many steps before the newest one.
    pub(in crate::app) fn get(&self, steps: usize) -> Option<&str> {
        self.history.iter().rev().nth(steps).map(String::as_str)
    }

    /// How many there are.
    pub(in crate::app) fn len(&self) -> usize {
        self.history.len()
    }
}
