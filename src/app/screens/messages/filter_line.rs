//! The filter line: what is typed, what is in force, what is wrong with it.
//!
//! Must not know: which rows match.

use std::ops::Range;

use crate::filter::{self, Field, Filter, FilterError};

use crate::app::key::Key;
use crate::app::parts::{FilterMemory, LineEdit, Motion};
use crate::app::screens::Typed;

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
    /// Which one of the history is shown, counted from the newest; `None` for what was typed.
    recalled: Option<usize>,
    /// What Tab offers, and which bytes of the text each offer replaces.
    pub offers: Vec<filter::Completion>,
    /// How many messages have each offered value, if that is known.
    pub counts: Vec<u64>,
    /// Which offer was put into the text, and where.
    taken: Option<(usize, Range<usize>)>,
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
            recalled: None,
            offers: Vec::new(),
            counts: Vec::new(),
            taken: None,
        }
    }

    /// Shows the expression `steps` further back in the history.
    fn recall(&mut self, steps: isize, memory: &FilterMemory) {
        let at = self.recalled.map_or(-1, |n| n as isize) + steps;
        let at = at.clamp(-1, memory.len() as isize - 1);
        self.recalled = usize::try_from(at).ok();
        let text = self.recalled.and_then(|n| memory.get(n)).unwrap_or_default().to_owned();
        self.edit.set(&text);
    }

    /// Completes the word at the cursor: as far as all completions agree; if there are several, they are then offered.
    fn complete(&mut self, memory: &FilterMemory) {
        let offers = filter::complete_with(self.edit.text(), self.edit.cursor(), &memory.names);
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

    /// The field whose value is being typed.
    fn field_of_value(&self) -> Option<Field> {
        match filter::context(self.edit.text(), self.edit.cursor()) {
            filter::Context::Value { field, .. } => Some(field),
            _ => None,
        }
    }

    /// Puts the next offer into the text, in the place of the one before.
    fn take_offer(&mut self, step: isize) {
        let len = self.offers.len() as isize;
        let at = match &self.taken {
            Some((at, _)) => (*at as isize + step).rem_euclid(len),
            None if step < 0 => len - 1,
            None => 0,
        };
        let Some(offer) = self.offers.get(at as usize) else { return };
        let range = self.taken.take().map_or_else(|| offer.replaces.clone(), |(_, range)| range);
        let (start, text) = (range.start, offer.text.clone());
        self.edit.replace(range, &text);
        self.taken = Some((at as usize, start..start + text.len()));
    }

    /// Offers the values that the field at the cursor has in the trace.
    pub(in crate::app::screens) fn values_seen(&mut self, field: Field, values: &[(String, u64)]) {
        if !self.editing || self.taken.is_some() || self.field_of_value() != Some(field) {
            return;
        }
        let context = filter::context(self.edit.text(), self.edit.cursor());
        let mut offers: Vec<(filter::Completion, u64)> = Vec::new();
        for (value, count) in values {
            let offer = context.values(std::iter::once(value.as_str())).pop();
            offers.extend(offer.map(|offer| (offer, *count)));
        }
        if !offers.is_empty() {
            (self.offers, self.counts) = offers.into_iter().unzip();
        }
    }

    /// Starts to edit, unless it is edited already.
    pub(in crate::app::screens) fn begin(&mut self) {
        if self.editing {
            return;
        }
        self.before = self.filter.clone();
        self.editing = true;
        self.recalled = None;
        let mut text = self.filter.text().to_owned();
        if !text.is_empty() {
            // What is typed next is a further term.
            text.push(' ');
        }
        self.edit.set(&text);
    }

    /// Takes a key while it is edited; a text begins to edit it. `None`: the key is not for this line.
    pub(in crate::app::screens) fn typed(
        &mut self,
        typed: &Typed<'_>,
        memory: &mut FilterMemory,
    ) -> Option<Edited> {
        match typed {
            Typed::Key(key) => self.editing.then(|| self.key(*key, memory)),
            Typed::Text(text) => {
                self.begin();
                self.edit.insert(text);
                Some(self.changed(memory))
            }
        }
    }

    fn key(&mut self, key: Key, memory: &mut FilterMemory) -> Edited {
        let offers = std::mem::take(&mut self.offers);
        if !matches!(key, Key::Tab | Key::BackTab | Key::PageUp | Key::PageDown) {
            (self.taken, self.counts) = (None, Vec::new());
        }
        match key {
            Key::Enter => {
                self.apply_typed(memory);
                return Edited::Nothing;
            }
            Key::Esc => return self.cancel(memory),
            Key::Tab | Key::BackTab if !offers.is_empty() => {
                self.offers = offers;
                self.take_offer(if key == Key::Tab { 1 } else { -1 });
            }
            Key::Tab => {
                self.complete(memory);
                let field = self.field_of_value();
                let edited = self.changed(memory);
                return match (edited, field) {
                    (Edited::Nothing, Some(field)) => Edited::Values(field),
                    (edited, _) => edited,
                };
            }
            Key::Up | Key::Ctrl('p') => self.recall(1, memory),
            Key::Down | Key::Ctrl('n') => self.recall(-1, memory),
            Key::PageUp | Key::PageDown => {
                self.offers = offers;
                return Edited::Go(if key == Key::PageUp { Motion::PageUp } else { Motion::PageDown });
            }
            _ if self.edit.key(key) => self.recalled = None,
            _ => return Edited::Refused,
        }
        self.changed(memory)
    }

    /// Parses what is typed: a valid expression is in force at once, an invalid one up to the term that is wrong. While
    /// it is typed, the beginning of a fixed value means every value that begins with it.
    fn changed(&mut self, memory: &FilterMemory) -> Edited {
        let typed = self.edit.text();
        let means = if self.editing { filter::unfinished(typed) } else { typed.into() };
        match Filter::parse_with(&means, &memory.names) {
            Ok(filter) => {
                self.error = None;
                let same = filter.text().trim() == self.filter.text().trim();
                self.filter = filter.clone();
                if same { Edited::Nothing } else { Edited::Filter(filter) }
            }
            Err(error) => {
                let before = before_word_at(&means, error.column);
                self.error = Some(error);
                match Filter::parse_with(before, &memory.names) {
                    // Without this, the words of an unfinished term would be searched for: `pdd` of `pdd:`.
                    Ok(filter) if self.editing && filter.text().trim() != self.filter.text().trim() => {
                        self.filter = filter.clone();
                        Edited::Filter(filter)
                    }
                    _ => Edited::Nothing,
                }
            }
        }
    }

    /// Puts a filter in force that was not typed; the history has it, and the one before.
    pub(in crate::app::screens) fn put(&mut self, filter: &Filter, memory: &mut FilterMemory) -> Edited {
        memory.remember(self.filter.text());
        memory.remember(filter.text());
        self.edit.set(filter.text());
        self.changed(memory)
    }

    /// Removes the filter; the history brings it back.
    pub(in crate::app::screens) fn clear(&mut self, memory: &mut FilterMemory) -> Edited {
        memory.remember(self.filter.text());
        self.edit.set("");
        self.changed(memory)
    }

    fn apply_typed(&mut self, memory: &mut FilterMemory) {
        if self.error.is_none() {
            self.editing = false;
            // The line shows what is in force, also if a word was left unfinished.
            let text = self.filter.text().to_owned();
            self.edit.set(&text);
            memory.remember(&text);
        }
    }

    fn cancel(&mut self, memory: &FilterMemory) -> Edited {
        self.editing = false;
        let before = self.before.text().to_owned();
        self.edit.set(&before);
        self.changed(memory)
    }
}

/// The text before the word with this column, 1-based in characters.
fn before_word_at(text: &str, column: usize) -> &str {
    let at = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let start = text[..at].rfind(char::is_whitespace).map_or(0, |blank| blank + 1);
    text[..start].trim_end()
}

/// What a key says that means nothing while the line is edited.
pub(in crate::app::screens) const REFUSED: &str = "the filter is edited: Enter applies it, Esc cancels";

/// What editing the line asks of its screen.
#[derive(Debug)]
pub(in crate::app::screens) enum Edited {
    /// Nothing.
    Nothing,
    /// To say that the key means nothing while the line is edited.
    Refused,
    /// To put this filter in force.
    Filter(Filter),
    /// To count the values of a field.
    Values(Field),
    /// To move in the list.
    Go(Motion),
}
