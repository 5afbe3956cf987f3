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
    /// Those of this run, the newest last.
    added: Vec<String>,
    /// How often an expression was remembered.
    remembered: usize,
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
            self.added.retain(|known| known != text);
            self.added.push(text.to_owned());
            self.remembered += 1;
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

    /// The expressions of this run, the newest last.
    pub(in crate::app) fn added(&self) -> &[String] {
        &self.added
    }

    /// How often an expression was remembered in this run.
    pub(in crate::app) const fn remembered(&self) -> usize {
        self.remembered
    }

    /// How many there are.
    pub(in crate::app) fn len(&self) -> usize {
        self.history.len()
    }
}
