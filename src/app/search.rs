//! Which rows are shown: all, or what the search thread has found so far.
//!
//! Must not know: how rows are matched, threads.

use std::time::Duration;

use crate::filter::Filter;
use crate::store::{Found, MessageIdx, Search, Snapshot};

use super::App;
use super::event::Effect;
use super::follow::Following;

/// The rows of the list.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// What must hold.
    filter: Option<Filter>,
    /// The matching rows, ascending.
    rows: Vec<MessageIdx>,
    /// Whether `rows` is what the list shows; else it shows all.
    listed: bool,
    /// What is shown belongs to the search before this one, until the first answer is there: the
    /// list must not flicker at each key.
    stale: bool,
    /// Which search the rows belong to.
    generation: u64,
    /// All rows before this one were looked at.
    scanned: MessageIdx,
    /// Whether a search is under way.
    pub searching: bool,
    /// How long the search took so far.
    pub elapsed: Duration,
    /// How many messages could not be searched, because their text is gone.
    pub unreadable: u64,
}

impl Shown {
    /// Nothing found yet; all rows where the filter lets everything through.
    pub fn of(filter: &Filter) -> Self {
        let filter = (!filter.is_all()).then(|| filter.clone());
        Self { listed: filter.is_some(), filter, ..Self::default() }
    }

    /// Whether a filter is in force.
    pub const fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// Number of shown rows.
    pub fn len(&self, snapshot: &Snapshot) -> usize {
        if self.listed { self.rows.len() } else { snapshot.len() }
    }

    /// The row at a position.
    pub fn row(&self, snapshot: &Snapshot, position: usize) -> Option<MessageIdx> {
        if self.listed {
            self.rows.get(position).copied()
        } else {
            (position < snapshot.len()).then_some(position as MessageIdx)
        }
    }

    /// The position of `row`, or of the next shown row after it, or the last.
    pub fn position(&self, snapshot: &Snapshot, row: MessageIdx) -> usize {
        let len = self.len(snapshot);
        let at = if self.listed { self.rows.partition_point(|r| *r < row) } else { row as usize };
        at.min(len.saturating_sub(1))
    }
}

impl App {
    /// Puts `filter` in force and searches from the first row.
    pub(super) fn apply_filter(&mut self, filter: &Filter) -> Vec<Effect> {
        let before = std::mem::replace(&mut self.shown, Shown::of(filter));
        self.shown.generation = before.generation + 1;
        if self.shown.is_filtered() {
            self.shown.stale = true;
            (self.shown.listed, self.shown.rows) = (before.listed, before.rows);
        }
        self.reselect();
        self.search_on()
    }

    /// Puts `filter` in force for another index, of which nothing is there yet.
    pub(super) fn search_other(&mut self, filter: &Filter) {
        let generation = self.shown.generation + 1;
        self.shown = Shown { generation, ..Shown::of(filter) };
    }

    /// Searches again from the first row, for an index that may differ.
    pub(super) fn search_anew(&mut self) -> Vec<Effect> {
        let Some(filter) = self.shown.filter.clone() else { return Vec::new() };
        let len = self.snapshot.len() as MessageIdx;
        self.shown.rows.truncate(self.shown.rows.partition_point(|row| *row < len));
        self.apply_filter(&filter)
    }

    /// Searches the rows that were not looked at yet, unless a search is under way.
    pub(super) fn search_on(&mut self) -> Vec<Effect> {
        let Some(filter) = self.shown.filter.clone() else { return Vec::new() };
        let unseen = (self.shown.scanned as usize) < self.snapshot.len();
        if self.shown.searching || !unseen {
            return Vec::new();
        }
        self.shown.searching = true;
        vec![Effect::Search(Search {
            generation: self.shown.generation,
            filter,
            snapshot: self.snapshot.clone(),
            first: self.shown.scanned,
        })]
    }

    /// Takes an answer of the search thread.
    pub(super) fn found(&mut self, found: Found) -> Vec<Effect> {
        if found.generation != self.shown.generation || !self.shown.is_filtered() {
            return Vec::new();
        }
        if std::mem::take(&mut self.shown.stale) {
            self.shown.listed = true;
            self.shown.rows.clear();
        }
        self.shown.rows.extend(found.rows);
        self.shown.scanned = found.scanned;
        self.shown.elapsed = found.elapsed;
        self.shown.unreadable = found.unreadable;
        self.shown.searching = !found.done;
        self.reselect();
        self.search_on()
    }

    /// Selects the anchor again, or what is shown nearest to it.
    pub(super) fn reselect(&mut self) {
        let len = self.shown_len();
        if self.following == Following::AtLast {
            self.anchor = self.shown_row(len.saturating_sub(1));
        }
        if let Some(anchor) = self.anchor {
            // The row keeps its place on the screen where that is possible.
            let above = self.list.selected.saturating_sub(self.list.top);
            self.list.selected = self.shown.position(&self.snapshot, anchor);
            self.list.top = self.list.selected.saturating_sub(above);
        }
        self.list.keep_in_sight(len, self.list_rows);
    }
}
