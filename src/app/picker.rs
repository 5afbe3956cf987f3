//! The screen on which profiles of a directory are picked: which one is selected, which are marked, which times are wanted.
//!
//! Must not know: how directories are read, how anything is opened or drawn.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::filter::options::moment;
use crate::filter::time_range::TimeRange;
use crate::filter::{Filter, FilterError};
use crate::store::catalog::{Catalog, Entry};

use super::event::{Effect, Key};
use super::keymap::Action;
use super::scroll::{Motion, Scroll};
use super::{App, Details, Focus, Following, LineEdit, Notice, Screen};

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct Picker {
    /// What can be opened, as far as it is known.
    pub catalog: Arc<Catalog>,
    /// The rows: numbers of entries, the newest first.
    pub rows: Vec<usize>,
    /// Selection among the rows.
    pub scroll: Scroll,
    /// The marked entries, by their numbers.
    pub marked: BTreeSet<usize>,
    /// The part of the time that is wanted.
    pub part: Part,
    /// The same while it is typed.
    pub editing: Option<PartEdit>,
    /// Whether a list was opened from here: then there is one to go back to.
    pub opened: bool,
    /// Whether the user chose the selected row; else it is the newest.
    chosen: bool,
    /// The filter that was asked for at the start.
    filter: Filter,
}

/// Which of the two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// From when on.
    #[default]
    Since,
    /// Until when.
    Until,
}

/// The part of the time that is wanted, as it was written; an empty end is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// From when on.
    pub since: String,
    /// Until when.
    pub until: String,
}

impl Part {
    /// The part as times, or which end is none.
    fn window(&self) -> Result<TimeRange, (End, FilterError)> {
        let read = |end, text: &str| {
            let text = Some(text.trim()).filter(|text| !text.is_empty());
            text.map(moment).transpose().map_err(|error| (end, error))
        };
        Ok(TimeRange::new(read(End::Since, &self.since)?, read(End::Until, &self.until)?))
    }

    /// Whether anything is left out.
    pub const fn is_all(&self) -> bool {
        self.since.is_empty() && self.until.is_empty()
    }
}

/// The two times while they are typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartEdit {
    /// From when on.
    pub since: LineEdit,
    /// Until when.
    pub until: LineEdit,
    /// Which one gets the keys.
    pub end: End,
    /// What is wrong with one of them, from Enter to the next key.
    pub error: Option<(End, FilterError)>,
}

impl PartEdit {
    /// The one that gets the keys.
    fn line(&mut self) -> &mut LineEdit {
        match self.end {
            End::Since => &mut self.since,
            End::Until => &mut self.until,
        }
    }

    fn part(&self) -> Part {
        let text = |line: &LineEdit| line.text().split_whitespace().collect::<Vec<_>>().join(" ");
        Part { since: text(&self.since), until: text(&self.until) }
    }
}

impl Picker {
    /// The selected entry.
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.scroll.selected).copied()
    }

    /// What Enter opens: the marked entries, else the selected one.
    pub fn picked(&self) -> Vec<usize> {
        if self.marked.is_empty() {
            self.selected().into_iter().collect()
        } else {
            self.rows.iter().copied().filter(|at| self.marked.contains(at)).collect()
        }
    }

    /// An entry by its number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.catalog.entries.get(number)
    }

    /// The part of the times of these entries that is wanted: over several days, one end alone is of a certain one.
    fn window(&self, entries: &[usize]) -> TimeRange {
        // What was kept is a time, and so is what the command line gave.
        let window = self.part.window().unwrap_or_default();
        match self.catalog.times(entries) {
            Some((first, last)) => window.resolved(first, last),
            None => window,
        }
    }

    /// Takes what is known now; the selected entry stays selected where the user chose it.
    fn take(&mut self, catalog: Arc<Catalog>, height: usize) {
        let selected = self.selected().filter(|_| self.chosen);
        self.rows = catalog.newest_first();
        self.catalog = catalog;
        let at = selected.and_then(|entry| self.rows.iter().position(|row| *row == entry));
        self.scroll.select(at.unwrap_or(0), self.rows.len(), height);
    }

    pub(super) fn go(&mut self, motion: Motion, height: usize) {
        self.chosen = true;
        self.scroll.go(motion, self.rows.len(), height);
    }

    pub(super) fn wheel(&mut self, lines: isize, height: usize) {
        self.chosen = true;
        self.scroll.wheel(lines, self.rows.len(), height);
    }

    /// Selects the row that is `row` rows below the uppermost visible one.
    pub(super) fn click(&mut self, row: usize) {
        let at = self.scroll.top + row;
        if at < self.rows.len() {
            self.chosen = true;
            self.scroll.selected = at;
        }
    }

    pub(super) fn keep_in_sight(&mut self, height: usize) {
        self.scroll.keep_in_sight(self.rows.len(), height);
    }

    /// Marks the selected entry, or no more, and goes on to the next one.
    fn mark(&mut self, height: usize) {
        let Some(entry) = self.selected() else { return };
        if !self.marked.remove(&entry) {
            self.marked.insert(entry);
        }
        self.go(Motion::Down, height);
    }

    fn mark_all(&mut self) {
        let all = self.marked.len() == self.rows.len();
        self.marked = if all { BTreeSet::new() } else { self.rows.iter().copied().collect() };
    }

    /// Begins to edit the times.
    pub(super) fn edit_part(&mut self) {
        if self.editing.is_none() {
            let mut edit = PartEdit::default();
            edit.since.set(&self.part.since);
            edit.until.set(&self.part.until);
            self.editing = Some(edit);
        }
    }

    /// Takes a key while the times are edited.
    pub(super) fn part_key(&mut self, key: Key) {
        let Some(edit) = &mut self.editing else { return };
        edit.error = None;
        match key {
            Key::Enter => self.keep_part(),
            Key::Esc => self.editing = None,
            Key::Tab | Key::BackTab | Key::Up | Key::Down => {
                edit.end = if edit.end == End::Since { End::Until } else { End::Since };
            }
            _ => {
                edit.line().key(key);
            }
        }
    }

    /// Keeps the times where they are such; else they stay to be edited.
    fn keep_part(&mut self) {
        let Some(edit) = &mut self.editing else { return };
        let part = edit.part();
        match part.window() {
            Ok(_) => {
                self.part = part;
                self.editing = None;
            }
            Err(error) => {
                edit.end = error.0;
                edit.error = Some(error);
            }
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        if let Some(edit) = &mut self.editing {
            edit.error = None;
            edit.line().insert(text.trim());
        }
    }
}

impl App {
    /// Begins where profiles are picked, with these times wanted.
    pub fn pick(&mut self, part: Part) {
        let picker = Picker { part, filter: self.filter.filter.clone(), ..Picker::default() };
        self.screen = Screen::Picker(Box::new(picker));
    }

    /// Takes what can be opened.
    pub(super) fn catalogued(&mut self, catalog: Arc<Catalog>) -> Vec<Effect> {
        let height = usize::from(self.geometry.picker.height);
        let picker = match &mut self.screen {
            Screen::Picker(picker) => Some(picker),
            _ => self.behind.as_mut(),
        };
        if let Some(picker) = picker {
            picker.take(catalog, height);
        }
        Vec::new()
    }

    /// What a key does that works here alone.
    pub(super) fn act_in_picker(&mut self, action: Action) {
        let height = usize::from(self.geometry.picker.height);
        let Screen::Picker(picker) = &mut self.screen else { return };
        match action {
            Action::Mark => picker.mark(height),
            Action::MarkAll => picker.mark_all(),
            _ => picker.edit_part(),
        }
    }

    /// Opens what is picked: the list is empty until the first messages are there.
    pub(super) fn open_picked(&mut self) -> Vec<Effect> {
        let Screen::Picker(picker) = &mut self.screen else { return Vec::new() };
        let entries = picker.picked();
        if entries.is_empty() || self.help.is_some() {
            return Vec::new();
        }
        picker.opened = true;
        let window = picker.window(&entries);
        let filter = window.filter().and(picker.filter.clone());
        self.leave_picker();
        self.begin_anew(filter);
        let mut effects = vec![Effect::Open { entries, window }];
        if self.following != Following::Off {
            self.following = Following::AtLast;
            effects.push(Effect::Follow);
        }
        effects
    }

    /// Forgets the index and all that was seen of it.
    fn begin_anew(&mut self, filter: Filter) {
        self.snapshot = Arc::default();
        (self.list, self.anchor) = (Scroll::default(), None);
        self.search_other(&filter);
        self.filter.put(filter);
        let (tab, look) = (self.details.tab, self.details.look);
        self.details = Details { tab, look, ..Details::default() };
    }

    /// From the profiles to the list.
    pub(super) fn leave_picker(&mut self) {
        if let Screen::Picker(picker) = std::mem::take(&mut self.screen) {
            self.behind = Some(picker);
        }
    }

    /// From the list to the profiles, where it came from there.
    pub(super) fn pick_another(&mut self) {
        if let Some(picker) = self.behind.take() {
            self.screen = Screen::Picker(picker);
            (self.focus, self.zoomed) = (Focus::List, false);
        } else {
            let why = "no directory was opened: name one to choose from its profiles";
            self.notice = Some(Notice::Failed(why.to_owned()));
        }
    }
}
