//! Which rows are shown: all, or what a search has found so far.
//!
//! Must not know: how rows are matched, threads.

use std::sync::Arc;
use std::time::Duration;

use crate::filter::Filter;
use crate::store::{Candidates, Found, MessageIdx, Search, Snapshot, TermCounts};

use crate::app::event::Effect;
use crate::app::saving::Selection;

use super::super::Host;
use super::MessagesScreen;

/// Which screen has the search thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Searcher {
    /// This one.
    #[default]
    This,
    /// The one above.
    Above,
}

/// How much of the inputs is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Known {
    /// They are still being read.
    #[default]
    Beginning,
    /// All of them, as far as they are written.
    All,
}

/// The rows of the list.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// What must hold.
    filter: Option<Filter>,
    /// The matching rows, ascending. A search that narrows this one shares them.
    rows: Arc<Vec<MessageIdx>>,
    /// What the search looks at, where the filter only narrows the previous one.
    candidates: Candidates,
    /// Whether `rows` is what the list shows; else it shows all.
    listed: bool,
    /// What is shown belongs to the previous search until the first result of this one arrives: the list must not flicker
    /// at each key.
    stale: bool,
    /// Which search the rows belong to.
    generation: u64,
    /// All rows before this one were looked at.
    scanned: MessageIdx,
    /// Where the filter asks whether requests are answered: from here on it is asked again when more messages are there.
    undecided: Option<MessageIdx>,
    /// How much was known when the last search began.
    known: Known,
    /// The rows from this one on are replaced by the next result.
    replaced: Option<MessageIdx>,
    /// Whether a search is under way.
    pub searching: bool,
    /// Which screen has the search thread.
    searcher: Searcher,
    /// How long the search took so far.
    pub elapsed: Duration,
    /// What each term matches, if together they match nothing.
    pub counts: Option<TermCounts>,
    /// How many messages could not be searched, because their text is gone.
    pub unreadable: u64,
}

impl Shown {
    /// Nothing found yet; all rows where the filter lets everything through.
    pub fn of(filter: &Filter) -> Self {
        let filter = (!filter.is_all()).then(|| filter.clone());
        Self { listed: filter.is_some(), filter, ..Self::default() }
    }

    /// Numbers the searches from this generation on.
    pub(super) fn begin_at(&mut self, generation: u64) {
        self.generation = generation;
    }

    /// Leaves the search thread to another screen.
    pub(super) fn pause(&mut self) {
        self.searcher = Searcher::Above;
        if self.searching {
            // The rest of the results is dropped: the search continues from there when this screen is shown again.
            self.searching = false;
            self.generation += 1;
        }
    }

    /// The messages that may match another filter, if it only narrows this one: then only what was found is searched.
    fn candidates_of(&self, filter: &Filter) -> Option<Candidates> {
        let own = self.filter.as_ref()?;
        let is_certain = self.unreadable == 0 && !own.asks_beyond();
        if !is_certain || !filter.narrows(own) {
            return None;
        }
        let mut rows = if self.stale { Vec::new() } else { vec![Arc::clone(&self.rows)] };
        rows.extend(self.candidates.rest(self.scanned));
        Some(Candidates { rows, before: self.candidates.before.max(self.scanned) })
    }

    /// Drops the rows from this one on.
    fn truncate(&mut self, first: MessageIdx) {
        let len = self.rows.partition_point(|row| *row < first);
        if len < self.rows.len() {
            Arc::make_mut(&mut self.rows).truncate(len);
        }
    }

    /// Takes the counts of the terms.
    pub(super) fn counted(&mut self, generation: u64, counts: &TermCounts) {
        if generation == self.generation && self.rows.is_empty() {
            self.counts = Some(counts.clone());
        }
    }

    /// Whether nothing is shown yet of what matches.
    pub(super) fn is_catching_up(&self) -> bool {
        self.searching && (self.stale || self.rows.is_empty())
    }

    /// Whether a filter is in force.
    pub const fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// Number of shown rows.
    pub fn len(&self, snapshot: &Snapshot) -> usize {
        if self.listed { self.rows.len() } else { snapshot.len() }
    }

    /// The shown rows, to be saved.
    pub(super) fn selection(&self) -> Selection {
        if self.listed { Selection::Messages(Arc::clone(&self.rows)) } else { Selection::All }
    }

    /// Number of shown rows from this one on.
    pub(super) fn len_from(&self, snapshot: &Snapshot, first: MessageIdx) -> usize {
        let before = if self.listed { self.rows.partition_point(|row| *row < first) } else { first as usize };
        self.len(snapshot).saturating_sub(before)
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

impl MessagesScreen {
    /// Puts `filter` in force and searches from the first row.
    pub(super) fn apply_filter(&mut self, filter: &Filter, host: &mut Host<'_>) {
        let candidates = self.shown.candidates_of(filter).unwrap_or_default();
        self.search_among(candidates, filter, host);
    }

    /// Puts `filter` in force, which matches none of the known rows but the candidates.
    fn search_among(&mut self, candidates: Candidates, filter: &Filter, host: &mut Host<'_>) {
        let before = std::mem::replace(&mut self.shown, Shown::of(filter));
        self.shown.candidates = candidates;
        // A list that was opened later must not take the results of an earlier one.
        self.shown.generation = before.generation + 1;
        self.shown.searcher = before.searcher;
        if self.shown.is_filtered() {
            self.shown.stale = true;
            (self.shown.listed, self.shown.rows) = (before.listed, before.rows);
        }
        self.reselect(host.session);
        self.search_on(host);
    }

    /// Searches again from the first row, for an index that may differ.
    pub(super) fn search_again(&mut self, host: &mut Host<'_>) {
        let Some(filter) = self.shown.filter.clone() else { return };
        let len = host.session.snapshot.len() as MessageIdx;
        self.shown.truncate(len);
        self.search_among(Candidates::default(), &filter, host);
    }

    /// Searches again after another screen did.
    pub(super) fn resume(&mut self, host: &mut Host<'_>) {
        self.shown.searcher = Searcher::This;
        self.search_on(host);
    }

    /// Searches the rows that were not searched yet, unless a search is running.
    pub(super) fn search_on(&mut self, host: &mut Host<'_>) {
        let Some(filter) = self.shown.filter.clone() else { return };
        let snapshot = host.session.snapshot.clone();
        let unseen = (self.shown.scanned as usize) < snapshot.len();
        // Calls change until the end is reached: what was found of them before is looked for again then, and when they go on.
        let at_end = snapshot.progress.done || snapshot.progress.caught_up;
        let known = if at_end { Known::All } else { Known::Beginning };
        let is_settling = filter.needs_calls() && at_end && (unseen || self.shown.known != known);
        if self.shown.searching || self.shown.searcher == Searcher::Above || !(unseen || is_settling) {
            return;
        }
        self.shown.searching = true;
        self.shown.known = known;
        let undecided = if is_settling { Some(0) } else { self.shown.undecided };
        let again = undecided.filter(|first| *first < self.shown.scanned);
        self.shown.replaced = again;
        let (generation, first) = (self.shown.generation, again.unwrap_or(self.shown.scanned));
        let candidates = self.shown.candidates.clone();
        self.shown.undecided = filter.needs_others().then(|| snapshot.first_undecided());
        host.effects.push(Effect::Search(Search { generation, filter, snapshot, first, candidates }));
    }

    /// Takes a result of the search.
    pub(super) fn found(&mut self, found: &Found, host: &mut Host<'_>) {
        if found.generation != self.shown.generation || !self.shown.is_filtered() {
            return;
        }
        if std::mem::take(&mut self.shown.stale) {
            self.shown.listed = true;
            self.shown.rows = Arc::default();
        }
        if let Some(first) = self.shown.replaced.take() {
            self.shown.truncate(first);
        }
        Arc::make_mut(&mut self.shown.rows).extend(&found.rows);
        self.shown.scanned = found.scanned;
        self.shown.candidates.drop_before(found.scanned);
        self.shown.elapsed = found.elapsed;
        self.shown.unreadable = found.unreadable;
        self.shown.searching = !found.done;
        self.reselect(host.session);
        self.search_on(host);
        self.count_terms(host);
    }

    /// Requests what each term matches, if together they match nothing.
    fn count_terms(&mut self, host: &mut Host<'_>) {
        let progress = &host.session.snapshot.progress;
        let is_over = !self.shown.searching && (progress.done || progress.caught_up);
        let Some(filter) = self.shown.filter.as_ref().filter(|_| is_over && self.shown.rows.is_empty())
        else {
            return;
        };
        if self.shown.counts.is_none() && filter.terms().len() > 1 {
            // Until they arrive, there are none.
            self.shown.counts = Some(TermCounts::default());
            host.effects.push(Effect::CountTerms(self.shown.generation, filter.clone()));
        }
    }
}
