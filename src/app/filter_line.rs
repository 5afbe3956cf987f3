//! The filter line: what is typed, what is in force, what is wrong with it.
//!
//! Must not know: which rows match.

use crate::filter::{self, Filter, FilterError};

use super::App;
use super::event::{Effect, Key};
use super::line_edit::LineEdit;

/// Expressions that are kept.
const HISTORY: usize = 100;

/// State of the filter line.
#[derive(Debug, Clone)]
pub struct FilterLine {
    /// What is typed.
    pub edit: LineEdit,
    /// Whether keys go here.
    pub editing: bool,
    /// The last good expression: what is in force.
    pub filter: Filter,
    /// What is wrong with what is typed.
    pub error: Option<FilterError>,
    /// What was in force when editing began: Esc brings it back.
    before: Filter,
    /// Expressions that were kept with Enter, the youngest last.
    history: Vec<String>,
    /// Which of the history is shown, counted from the youngest; `None` for what was typed.
    recalled: Option<usize>,
    /// What Tab offers, and where in the text it goes.
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

    /// Puts another filter in force.
    pub(super) fn put(&mut self, filter: Filter) {
        self.edit.set(filter.text());
        self.editing = false;
        self.error = None;
        self.offers.clear();
        self.before = filter.clone();
        self.filter = filter;
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

    /// Completes the word at the cursor: at once where there is one way, as far as all ways agree
    /// where there are several, which are then offered.
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

impl App {
    /// Begins to edit the filter.
    pub(super) fn edit_filter(&mut self) {
        self.filter.before = self.filter.filter.clone();
        self.filter.editing = true;
        self.filter.recalled = None;
        let mut text = self.filter.filter.text().to_owned();
        if !text.is_empty() {
            // What is typed next is a further term.
            text.push(' ');
        }
        self.filter.edit.set(&text);
    }

    /// Takes a key while the filter is edited.
    pub(super) fn filter_key(&mut self, key: Key) -> Vec<Effect> {
        let offers = std::mem::take(&mut self.filter.offers);
        match key {
            Key::Enter => return self.keep_filter(),
            Key::Esc => return self.restore_filter(),
            Key::Tab => self.filter.complete(),
            Key::Up | Key::Ctrl('p') => self.filter.recall(1),
            Key::Down | Key::Ctrl('n') => self.filter.recall(-1),
            Key::PageUp | Key::PageDown => {
                self.filter.offers = offers;
                return self.page_list(key);
            }
            _ if self.filter.edit.key(key) => self.filter.recalled = None,
            _ => return Vec::new(),
        }
        self.filter_changed()
    }

    /// Parses what is typed: a good expression is in force at once, a wrong one leaves the last
    /// good one. While it is typed, the beginning of a fixed value stands for what begins so.
    pub(super) fn filter_changed(&mut self) -> Vec<Effect> {
        let typed = self.filter.edit.text();
        let means = if self.filter.editing { filter::unfinished(typed) } else { typed.into() };
        match Filter::parse(&means) {
            Ok(filter) => {
                self.filter.error = None;
                let same = filter.text().trim() == self.filter.filter.text().trim();
                self.filter.filter = filter.clone();
                if same { Vec::new() } else { self.apply_filter(&filter) }
            }
            Err(error) => {
                self.filter.error = Some(error);
                Vec::new()
            }
        }
    }

    /// Removes the filter.
    pub(super) fn clear_filter(&mut self) -> Vec<Effect> {
        self.filter.edit.set("");
        self.filter_changed()
    }

    fn keep_filter(&mut self) -> Vec<Effect> {
        if self.filter.error.is_none() {
            self.filter.editing = false;
            // What is in force is what stands there, also where a word was left unfinished.
            let text = self.filter.filter.text().to_owned();
            self.filter.edit.set(&text);
            self.filter.remember();
        }
        Vec::new()
    }

    fn restore_filter(&mut self) -> Vec<Effect> {
        self.filter.editing = false;
        let before = self.filter.before.text().to_owned();
        self.filter.edit.set(&before);
        self.filter_changed()
    }
}
