//! The filter line: what is typed, what is in force, what is wrong with it.
//!
//! Must not know: which rows match.

use crate::filter::{self, Filter, FilterError};

use crate::app::command::Command;
use crate::app::event::Key;
use crate::app::parts::{LineEdit, Motion};

use super::super::{Host, ScreenState};
use super::MessagesScreen;

/// The number of expressions in the history.
const HISTORY: usize = 100;

/// State of the filter line.
#[derive(Debug, Clone, Default)]
pub struct FilterLine {
    /// What is typed.
    pub edit: LineEdit,
    /// Whether it gets the keys.
    pub editing: bool,
    /// The last valid expression, which is in force.
    pub filter: Filter,
    /// What is wrong with what is typed.
    pub error: Option<FilterError>,
    /// What was in force when editing began: Esc restores it.
    before: Filter,
    /// Expressions that were applied with Enter, the newest last.
    history: Vec<String>,
    /// Which one of the history is shown, counted from the newest; `None` for what was typed.
    recalled: Option<usize>,
    /// What Tab offers, and which bytes of the text each offer replaces.
    pub offers: Vec<filter::Completion>,
}

impl FilterLine {
    /// A line that shows `filter`.
    pub fn new(filter: Filter) -> Self {
        let mut edit = LineEdit::default();
        edit.set(filter.text());
        Self {
            edit,
            editing: false,
            before: filter.clone(),
            filter,
            error: None,
            history: Vec::new(),
            recalled: None,
            offers: Vec::new(),
        }
    }

    fn remember(&mut self) {
        let text = self.edit.text().trim().to_owned();
        self.history.retain(|h| *h != text);
        if !text.is_empty() {
            self.history.push(text);
        }
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
    }

    /// Shows the expression `steps` further back in the history.
    fn recall(&mut self, steps: isize) {
        let at = self.recalled.map_or(-1, |n| n as isize) + steps;
        let at = at.clamp(-1, self.history.len() as isize - 1);
        self.recalled = usize::try_from(at).ok();
        let text = self.recalled.and_then(|n| self.history.iter().rev().nth(n)).cloned();
        self.edit.set(&text.unwrap_or_default());
    }

    /// Completes the word at the cursor: as far as all completions agree; if there are several, they are then offered.
    fn complete(&mut self) {
        let offers = filter::complete(self.edit.text(), self.edit.cursor());
        let Some(first) = offers.first() else { return };
        let shared = offers.iter().skip(1).fold(first.text.as_str(), |shared, offer| {
            let same = shared.chars().zip(offer.text.chars()).take_while(|(a, b)| a == b);
            &shared[..same.map(|(a, _)| a.len_utf8()).sum()]
        });
        let typed = self.edit.text().get(first.replaces.clone()).unwrap_or_default();
        if shared.len() > typed.len() || offers.len() == 1 {
            let (range, shared) = (first.replaces.clone(), shared.to_owned());
            self.edit.replace(range, &shared);
        }
        self.offers = if offers.len() > 1 { offers } else { Vec::new() };
    }
}

impl MessagesScreen {
    /// Starts to edit the filter.
    pub(super) fn edit_filter(&mut self) {
        self.panes.close();
        let line = &mut self.filter;
        line.before = line.filter.clone();
        line.editing = true;
        line.recalled = None;
        let mut text = line.filter.text().to_owned();
        if !text.is_empty() {
            // What is typed next is a further term.
            text.push(' ');
        }
        line.edit.set(&text);
    }

    /// Takes a key while the filter is edited.
    pub(super) fn filter_key(&mut self, key: Key, host: &mut Host<'_>) {
        let offers = std::mem::take(&mut self.filter.offers);
        match key {
            Key::Enter => return self.apply_typed(),
            Key::Esc => return self.cancel_filter(host),
            Key::Tab => self.filter.complete(),
            Key::Up | Key::Ctrl('p') => self.filter.recall(1),
            Key::Down | Key::Ctrl('n') => self.filter.recall(-1),
            Key::PageUp | Key::PageDown => {
                self.filter.offers = offers;
                let motion = if key == Key::PageUp { Motion::PageUp } else { Motion::PageDown };
                self.command(Command::Go(motion), host);
                return;
            }
            _ if self.filter.edit.key(key) => self.filter.recalled = None,
            _ => return,
        }
        self.filter_changed(host);
    }

    /// Parses what is typed: a valid expression is in force at once, an invalid one leaves the last valid one in force. While
    /// it is typed, the beginning of a fixed value means every value that begins with it.
    pub(super) fn filter_changed(&mut self, host: &mut Host<'_>) {
        let line = &mut self.filter;
        let typed = line.edit.text();
        let means = if line.editing { filter::unfinished(typed) } else { typed.into() };
        match Filter::parse(&means) {
            Ok(filter) => {
                line.error = None;
                let same = filter.text().trim() == line.filter.text().trim();
                line.filter = filter.clone();
                if !same {
                    self.apply_filter(&filter, host);
                }
            }
            Err(error) => line.error = Some(error),
        }
    }

    /// Removes the filter.
    pub(super) fn clear_filter(&mut self, host: &mut Host<'_>) {
        self.filter.edit.set("");
        self.filter_changed(host);
    }

    fn apply_typed(&mut self) {
        let line = &mut self.filter;
        if line.error.is_none() {
            line.editing = false;
            // The line shows what is in force, also if a word was left unfinished.
            let text = line.filter.text().to_owned();
            line.edit.set(&text);
            line.remember();
        }
    }

    fn cancel_filter(&mut self, host: &mut Host<'_>) {
        self.filter.editing = false;
        let before = self.filter.before.text().to_owned();
        self.filter.edit.set(&before);
        self.filter_changed(host);
    }
}
