//! Keys that come before the list of a changed filter: what acts on the selected row waits for that list.
//!
//! Must not know: how a list is made, which screens there are.

use super::event::{Effect, Key};
use super::keymap::key_name;
use super::{App, Notice};

/// How many keys wait; a held key must not act for minutes.
const MOST: usize = 64;

impl App {
    /// Whether a key waits behind others. Esc drops them all.
    pub(super) fn waits(&mut self, key: Key) -> bool {
        if self.early_keys.is_empty() {
            return false;
        }
        if key == Key::Esc {
            self.early_keys.clear();
        } else if self.early_keys.len() < MOST {
            self.early_keys.push(key);
            self.say_that_keys_wait();
        }
        true
    }

    /// Lets a key wait until the top screen has the list of its filter.
    pub(super) fn hold(&mut self, key: Key) {
        // Of the keys that waited, it was the first.
        self.early_keys.insert(0, key);
        self.say_that_keys_wait();
    }

    /// Presses the keys that waited, as far as they need not wait any longer.
    pub(super) fn press_early_keys(&mut self, effects: &mut Vec<Effect>) {
        while !self.early_keys.is_empty() && !self.screen().state().is_catching_up() {
            let key = self.early_keys.remove(0);
            self.notice = None;
            self.press(key, effects);
        }
    }

    fn say_that_keys_wait(&mut self) {
        let keys: Vec<String> = self.early_keys.iter().map(|key| key_name(*key)).collect();
        let says = format!("waiting for the filter: then {} (Esc drops it)", keys.join(" "));
        self.notice = Some(Notice::Done(says));
    }
}
