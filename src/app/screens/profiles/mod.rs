//! The profiles of a directory: which one is selected, which ones are marked, which time range is wanted.
//!
//! Must not know: how directories are read, how anything is opened or drawn.

mod time_range;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::command::Command;
use crate::app::event::{Effect, Event, Key, Mouse, MouseAction};
use crate::app::keymap::{Context, TIME_RANGE_KEYS};
use crate::app::parts::{List, Motion};
use crate::app::session::Following;
use crate::app::targets::Target;
use crate::filter::Filter;
use crate::filter::time_range::TimeRange;
use crate::store::catalog::{Catalog, Entry};

use super::{Host, MessagesScreen, Outcome, Screen, ScreenState, Typed};

pub use time_range::{RangeEnd, TimeRangeEdit, TypedRange};

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct ProfilesScreen {
    /// What can be opened, as far as it is known.
    pub catalog: Arc<Catalog>,
    /// The rows: numbers of entries, the newest first.
    pub rows: Vec<usize>,
    /// Selection among the rows.
    pub list: List,
    /// The marked entries, by their numbers.
    pub marked: BTreeSet<usize>,
    /// The time range that is wanted.
    pub range: TypedRange,
    /// The same while it is typed.
    pub editing: Option<TimeRangeEdit>,
    /// The screen that was opened from here and left: going back leads to it again.
    opened: Option<Screen>,
    /// How many screens were opened from here.
    openings: u64,
    /// Whether the user chose the selected row; else the newest one is selected.
    chosen: bool,
    /// The filter of the command line.
    filter: Filter,
}

impl ProfilesScreen {
    /// Profiles that are not known yet, to be opened with `filter` in force.
    pub(in crate::app) fn new(filter: Filter, range: TypedRange) -> Self {
        Self { range, filter, ..Self::default() }
    }

    /// The selected entry.
    pub fn selected_entry(&self) -> Option<usize> {
        self.rows.get(self.list.selected).copied()
    }

    /// What Enter opens: the marked entries, else the selected one.
    pub fn to_open(&self) -> Vec<usize> {
        if self.marked.is_empty() {
            self.selected_entry().into_iter().collect()
        } else {
            self.rows.iter().copied().filter(|at| self.marked.contains(at)).collect()
        }
    }

    /// An entry by its number.
    pub fn entry(&self, number: usize) -> Option<&Entry> {
        self.catalog.entries.get(number)
    }

    /// The wanted time range of these entries. Over several days, one time without a date gets the date that fits.
    fn window(&self, entries: &[usize]) -> TimeRange {
        // What was applied is valid, and so is what the command line gave.
        let window = self.range.window().unwrap_or_default();
        match self.catalog.times(entries) {
            Some((first, last)) => window.resolved(first, last),
            None => window,
        }
    }

    /// Takes what is known now; the selected entry stays selected if the user chose it.
    fn take(&mut self, catalog: Arc<Catalog>) {
        let selected = self.selected_entry().filter(|_| self.chosen);
        self.rows = catalog.newest_first();
        self.catalog = catalog;
        let at = selected.and_then(|entry| self.rows.iter().position(|row| *row == entry));
        self.list.select(at.unwrap_or(0), self.rows.len());
    }

    /// Marks the selected entry, or unmarks it, and goes on to the next one.
    fn mark(&mut self) {
        let Some(entry) = self.selected_entry() else { return };
        if !self.marked.remove(&entry) {
            self.marked.insert(entry);
        }
        self.go(Motion::Down);
    }

    fn mark_all(&mut self) {
        let all = self.marked.len() == self.rows.len();
        self.marked = if all { BTreeSet::new() } else { self.rows.iter().copied().collect() };
    }

    fn go(&mut self, motion: Motion) {
        self.chosen = true;
        self.list.go(motion, self.rows.len());
    }

    /// Starts to edit the time range.
    fn edit_range(&mut self) {
        if self.editing.is_none() {
            let mut edit = TimeRangeEdit::default();
            edit.since.set(&self.range.since);
            edit.until.set(&self.range.until);
            self.editing = Some(edit);
        }
    }

    /// Takes a key while the time range is edited.
    fn range_key(&mut self, key: Key) {
        let Some(edit) = &mut self.editing else { return };
        edit.error = None;
        match key {
            Key::Enter => self.apply_range(),
            Key::Esc => self.editing = None,
            Key::Tab | Key::BackTab | Key::Up | Key::Down => {
                edit.end = if edit.end == RangeEnd::Since { RangeEnd::Until } else { RangeEnd::Since };
            }
            _ => {
                edit.line().key(key);
            }
        }
    }

    /// Applies the times if they are valid; else they stay to be edited.
    fn apply_range(&mut self) {
        let Some(edit) = &mut self.editing else { return };
        let range = edit.range();
        match range.window() {
            Ok(_) => {
                self.range = range;
                self.editing = None;
            }
            Err(error) => {
                edit.end = error.0;
                edit.error = Some(error);
            }
        }
    }

    /// Opens what is chosen: the list is empty until the first messages arrive.
    fn open(&mut self, host: &mut Host<'_>) -> Outcome {
        let entries = self.to_open();
        if entries.is_empty() {
            return Outcome::Done;
        }
        let window = self.window(&entries);
        let filter = window.filter().and(self.filter.clone());
        host.session.forget();
        host.effects.push(Effect::Open { entries, window });
        if host.session.following != Following::Off {
            host.session.following = Following::AtLast;
            host.effects.push(Effect::Follow);
        }
        self.opened = None;
        self.openings += 1;
        Outcome::Push(Screen::Messages(Box::new(MessagesScreen::of_profiles(filter, self.openings))))
    }

    /// Goes back to what was opened from here, or out.
    fn back(&mut self) -> Outcome {
        self.opened.take().map_or(Outcome::Quit, Outcome::Push)
    }
}

impl ScreenState for ProfilesScreen {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Profiles]
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match command {
            Command::Go(motion) => self.go(motion),
            Command::Open => return self.open(host),
            Command::Mark => self.mark(),
            Command::MarkAll => self.mark_all(),
            Command::TimeRange => self.edit_range(),
            Command::Back => return self.back(),
            Command::Quit => return Outcome::Quit,
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn typed(&mut self, typed: &Typed<'_>, _: &mut Host<'_>) -> Outcome {
        match (typed, &mut self.editing) {
            (Typed::Key(key), Some(_)) => self.range_key(*key),
            (Typed::Text(text), Some(edit)) => {
                edit.error = None;
                edit.line().insert(text.trim());
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn mouse(&mut self, mouse: &Mouse, _: &mut Host<'_>) -> Outcome {
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Row(row))) => {
                self.chosen = true;
                self.list.selected = row;
            }
            (MouseAction::Click, Some(Target::Line)) => self.edit_range(),
            (MouseAction::Wheel(lines), _) => {
                self.chosen = true;
                self.list.wheel(lines, self.rows.len());
            }
            _ => {}
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        match event {
            Event::Catalog(catalog) => self.take(catalog.clone()),
            Event::Drawn(targets) => {
                let height = targets.height(Target::Rows);
                self.list.height = if height > 0 { height } else { self.list.height };
                self.list.keep_in_sight(self.rows.len());
            }
            other => {
                if let Some(opened) = &mut self.opened {
                    opened.state_mut().event(other, host);
                }
            }
        }
    }

    fn shown_again(&mut self, left: Screen, _: &mut Host<'_>) {
        self.opened = Some(left);
    }

    fn edited_keys(&self) -> Option<&'static [(Key, &'static str)]> {
        self.editing.is_some().then_some(TIME_RANGE_KEYS)
    }
}
