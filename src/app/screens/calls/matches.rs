//! Which messages match the filter: the calls that they belong to are listed.
//!
//! Must not know: calls, how messages are matched.

use std::sync::Arc;

use crate::app::event::Effect;
use crate::filter::Filter;
use crate::store::{Candidates, Found, MessageIdx, Pieces, Search};

use super::super::Host;

/// This bit distinguishes the searches of this screen from those of the message list of their numbers.
const OURS: u64 = 1 << 63;

/// What the search found so far.
#[derive(Debug, Clone, Default)]
pub struct Matches {
    filter: Option<Filter>,
    found: Pieces,
    /// What the search looks at, where the filter only narrows the previous one.
    candidates: Candidates,
    generation: u64,
    /// All messages before this one were looked at.
    scanned: MessageIdx,
    /// Where the filter asks whether requests are answered: from here on it is asked again when more messages are there.
    undecided: Option<MessageIdx>,
    /// How many messages could not be searched.
    unreadable: u64,
    /// Whether a search is under way.
    pub searching: bool,
    /// Whether nothing arrived of this search: what is shown belongs to the previous one.
    pub stale: bool,
    /// Whether a listing of them has arrived.
    pub is_listed: bool,
}

impl Matches {
    /// Nothing found yet.
    pub(super) fn of(filter: &Filter) -> Self {
        Self {
            filter: (!filter.is_all()).then(|| filter.clone()),
            stale: !filter.is_all(),
            ..Self::default()
        }
    }

    /// Nothing found yet of a filter that replaces this one: if it only narrows this one, only what was found is searched.
    pub(super) fn filtered(&self, filter: &Filter) -> Self {
        Self { candidates: self.candidates_of(filter).unwrap_or_default(), ..Self::of(filter) }
    }

    /// The messages that may match another filter.
    fn candidates_of(&self, filter: &Filter) -> Option<Candidates> {
        let own = self.filter.as_ref()?;
        let is_certain = self.unreadable == 0 && !own.asks_beyond();
        if !is_certain || !filter.narrows(own) {
            return None;
        }
        let mut rows = self.found.clone();
        rows.extend(self.candidates.rest(self.scanned));
        Some(Candidates { rows, before: self.candidates.before.max(self.scanned) })
    }

    /// Whether a filter is in force.
    pub const fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    /// The messages that match; none without a filter.
    pub(super) fn found(&self) -> Option<Pieces> {
        self.filter.as_ref().map(|_| self.found.clone())
    }

    /// Whether the filter asks for other kinds of dialogs than calls.
    pub(super) fn asks_for_dialogs(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.text().contains("kind"))
    }

    /// Whether the filter asks for calls, which the user can change.
    pub(super) fn needs_calls(&self) -> bool {
        self.filter.as_ref().is_some_and(Filter::needs_calls)
    }

    /// Whether messages that come later change what matches.
    pub(super) fn needs_later(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.needs_others() || filter.needs_calls())
    }

    /// Searches again from the first message.
    pub(super) fn again(&mut self, host: &mut Host<'_>) {
        *self = Self { filter: self.filter.take(), stale: true, ..Self::default() };
        self.search_on(host);
    }

    /// Searches the messages that were not searched yet, unless a search is running.
    pub(super) fn search_on(&mut self, host: &mut Host<'_>) {
        let Some(filter) = self.filter.clone() else { return };
        let snapshot = host.session.snapshot.clone();
        if self.searching || self.scanned as usize >= snapshot.len() {
            return;
        }
        if self.generation == 0 {
            self.generation = OURS | host.session.new_generation();
        }
        self.searching = true;
        let again = self.undecided.filter(|first| *first < self.scanned);
        if let Some(first) = again {
            self.forget_from(first);
        }
        let (generation, first) = (self.generation, again.unwrap_or(self.scanned));
        let candidates = self.candidates.clone();
        self.undecided = filter.needs_others().then(|| snapshot.first_undecided());
        host.effects.push(Effect::Search(Search { generation, filter, snapshot, first, candidates }));
    }

    /// Forgets the matches from a message on.
    fn forget_from(&mut self, first: MessageIdx) {
        while let Some(piece) = self.found.pop_if(|piece| piece.last().is_some_and(|last| *last >= first)) {
            let kept = piece.partition_point(|row| *row < first);
            if kept > 0 {
                self.found.push(Arc::new(piece[..kept].to_vec()));
                break;
            }
        }
    }

    /// Takes a result of the search; whether it was one of this search.
    pub(super) fn take(&mut self, found: &Found, host: &mut Host<'_>) -> bool {
        if found.generation != self.generation || self.filter.is_none() {
            return false;
        }
        if !found.rows.is_empty() {
            self.found.push(Arc::new(found.rows.clone()));
        }
        self.stale = false;
        self.scanned = found.scanned;
        self.candidates.drop_before(found.scanned);
        self.unreadable = found.unreadable;
        self.searching = !found.done;
        self.search_on(host);
        true
    }
}
