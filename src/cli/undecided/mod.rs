//! Holds messages back if the filter depends on other messages, until those are known.
//!
//! Each message is added to an index, which relates messages to each other. A decided message is released at once, but
//! in message order: it waits behind earlier undecided ones. While inputs are followed, decided messages do not wait:
//! undecided ones are released later. If the held messages exceed the memory limit, decided messages are released out
//! of order, and then the oldest undecided ones are decided with what is known so far; the run reports how many.
//!
//! A fact about a call is known when the call is over, or at the end of the input.
//!
//! Must not know: what happens to decided messages, the options.

use std::collections::VecDeque;
use std::io;

use crate::calls::LegRules;
use crate::filter::{Matcher, Verdict};
use crate::store::{Flags, MessageIdx, Row};

use super::by_hand::ByHand;
use super::facts::{MessageFacts, Related};
use super::held::Held;
use super::indexer::Indexer;
use whole_calls::WholeCalls;

mod whole_calls;

#[cfg(test)]
mod tests;

/// Upper limit of the held messages, in bytes.
const CEILING: usize = 256 << 20;
/// Microseconds between two checks for calls that are over, while following.
const LOOK: i64 = 1_000_000;
/// Number of held messages at which decided ones that do not match are removed.
const SWEEP: usize = 4096;

/// Receives each released message, and whether it matches.
type Out<'o> = &'o mut dyn FnMut(&MessageFacts<'_>, bool) -> io::Result<()>;

/// When a request counts as unanswered although its call may continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WaitLimit {
    /// At the end of the inputs, when everything is known.
    ToTheEnd,
    /// After a timeout: the inputs are followed.
    UntilSilence,
}

/// What happens to messages that do not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NonMatching {
    /// They are dropped.
    Dropped,
    /// They are released too, in order, because their call may match.
    Released,
}

/// The held messages.
pub(super) struct Undecided {
    index: Indexer,
    /// The calls at the last check, if the filter asks for them.
    calls: Option<WholeCalls>,
    by_hand: ByHand,
    matcher: Matcher,
    wait_limit: WaitLimit,
    non_matching: NonMatching,
    queue: VecDeque<Waiting>,
    /// Memory of the held messages, in bytes.
    bytes: usize,
    ceiling: usize,
    /// The queue length at which decided messages that do not match are removed.
    sweep_at: usize,
    now: i64,
    /// Messages that were released out of order.
    out_of_turn: u64,
    /// Messages that were decided before everything was known.
    given_up: u64,
}

/// A message that waits until it is decided, or for earlier messages.
struct Waiting {
    row: MessageIdx,
    held: Held,
    text: Vec<u8>,
    decision: Option<bool>,
}

impl Waiting {
    /// Approximate memory in bytes.
    fn room(&self) -> usize {
        size_of::<Self>() + self.text.capacity()
    }
}

/// Whether an open request is decided with what is known so far.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decide {
    WhatIsKnown,
    Now,
}

impl Undecided {
    pub(super) fn new(
        matcher: Matcher,
        wait_limit: WaitLimit,
        non_matching: NonMatching,
        (rules, by_hand): (LegRules, ByHand),
    ) -> Self {
        let asks_for_calls = matcher.filter().needs_calls();
        let index = if asks_for_calls { Indexer::with_calls(rules) } else { Indexer::default() };
        Self {
            calls: asks_for_calls.then(|| WholeCalls::of(index.snapshot(), i64::MIN, wait_limit)),
            index,
            by_hand,
            matcher,
            wait_limit,
            non_matching,
            queue: VecDeque::new(),
            bytes: 0,
            ceiling: CEILING,
            sweep_at: SWEEP,
            now: i64::MIN,
            out_of_turn: 0,
            given_up: 0,
        }
    }

    /// Takes the next message.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn take(&mut self, facts: &MessageFacts<'_>, out: Out<'_>) -> io::Result<()> {
        let row = self.index.push(facts);
        self.now = facts.at();
        if self.calls.is_some()
            && let Some(row) = self.index.store.row(row)
        {
            facts.of_call(whole_calls::open(&self.index, row));
        }
        let decision = self.decide(row, facts, Decide::WhatIsKnown);
        if self.queue.is_empty()
            && let Some(matches) = decision
        {
            return out(facts, matches);
        }
        if decision != Some(false) || self.non_matching == NonMatching::Released {
            self.hold(row, facts, decision);
        }
        self.release(out)?;
        self.keep_bounds(out)
    }

    /// All available input was taken: while following, releases all decided messages, whatever precedes them.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn caught_up(&mut self, out: Out<'_>) -> io::Result<()> {
        self.release(out)?;
        if self.wait_limit == WaitLimit::ToTheEnd {
            return Ok(());
        }
        if self.calls.as_ref().is_some_and(|calls| self.now.saturating_sub(calls.at()) > LOOK) {
            self.sweep();
        }
        self.release_decided(out).map(|_| ())
    }

    /// End of the input: decides and releases all held messages.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn finish(&mut self, out: Out<'_>) -> io::Result<()> {
        self.look_at_calls();
        while let Some(waiting) = self.queue.pop_front() {
            self.let_go(&waiting, Decide::Now, out)?;
        }
        Ok(())
    }

    /// How many messages were released out of order, and how many were decided before everything was known.
    pub(super) fn released_early(&self) -> (u64, u64) {
        (self.out_of_turn, self.given_up)
    }

    fn look_at_calls(&mut self) {
        if let Some(calls) = &mut self.calls {
            *calls = WholeCalls::of(self.by_hand.applied(self.index.snapshot()), self.now, self.wait_limit);
        }
    }

    /// What the index knows about a message now.
    fn related(&self, row: MessageIdx, decide: Decide) -> Related {
        let store = &self.index.store;
        let Some(row) = store.row(row) else { return Related::default() };
        let unanswered = if store.is_waiting(row) { self.is_unanswered(row, decide) } else { Some(false) };
        Related { retransmission: Some(row.flags.has(Flags::RETRANSMISSION)), unanswered }
    }

    /// Whether nothing answers a request that waits; `None` while that is not known.
    fn is_unanswered(&self, row: &Row, decide: Decide) -> Option<bool> {
        let waited = || self.index.store.waited(row, self.now);
        match (decide, self.wait_limit) {
            (Decide::Now, _) => Some(waited().is_unanswered()),
            (Decide::WhatIsKnown, WaitLimit::ToTheEnd) => None,
            // A retransmission may still be answered.
            (Decide::WhatIsKnown, WaitLimit::UntilSilence) => waited().is_timed_out().then_some(true),
        }
    }

    /// Whether a message matches, if that is known.
    fn decide(&mut self, row: MessageIdx, facts: &MessageFacts<'_>, decide: Decide) -> Option<bool> {
        facts.relate(self.related(row, decide));
        match self.matcher.verdict(facts, facts.entry.content) {
            Verdict::Yes => Some(true),
            Verdict::No => Some(false),
            Verdict::NeedsBytes => None,
        }
    }

    fn hold(&mut self, row: MessageIdx, facts: &MessageFacts<'_>, decision: Option<bool>) {
        let mut text = Vec::new();
        let held = Held::new(facts, &mut text);
        text.shrink_to_fit();
        let waiting = Waiting { row, held, text, decision };
        self.bytes += waiting.room();
        self.queue.push_back(waiting);
    }

    /// Releases decided messages from the front of the queue.
    fn release(&mut self, out: Out<'_>) -> io::Result<()> {
        while let Some(first) = self.queue.front() {
            if first.decision.is_none() && self.is_open(first.row) {
                return Ok(());
            }
            let Some(first) = self.queue.pop_front() else { return Ok(()) };
            self.let_go(&first, Decide::WhatIsKnown, out)?;
        }
        Ok(())
    }

    /// Whether the index has no new information about a message, so that it need not be decided again.
    fn is_open(&self, row: MessageIdx) -> bool {
        let related = self.related(row, Decide::WhatIsKnown);
        // Calls are checked together, see `sweep`.
        related.unanswered.is_none() || self.calls.is_some()
    }

    fn let_go(&mut self, waiting: &Waiting, decide: Decide, out: Out<'_>) -> io::Result<()> {
        self.bytes = self.bytes.saturating_sub(waiting.room());
        let facts = waiting.held.facts(&waiting.text);
        if let Some(calls) = &self.calls {
            facts.of_call(calls.of_call(waiting.row));
        }
        let decision = waiting.decision.or_else(|| self.decide(waiting.row, &facts, decide));
        match decision.unwrap_or(false) {
            false if self.non_matching == NonMatching::Dropped => Ok(()),
            matches => out(&facts, matches),
        }
    }

    /// Releases all decided messages, whatever precedes them; returns how many were out of order.
    fn release_decided(&mut self, out: Out<'_>) -> io::Result<u64> {
        let (mut open, mut early) = (VecDeque::new(), 0);
        while let Some(waiting) = self.queue.pop_front() {
            if waiting.decision.is_none() && self.is_open(waiting.row) {
                open.push_back(waiting);
            } else {
                early += u64::from(!open.is_empty());
                self.let_go(&waiting, Decide::WhatIsKnown, out)?;
            }
        }
        self.queue = open;
        Ok(early)
    }

    /// Removes messages that do not match, and releases messages if the memory limit is exceeded.
    fn keep_bounds(&mut self, out: Out<'_>) -> io::Result<()> {
        if self.queue.len() < self.sweep_at && self.bytes <= self.ceiling {
            return Ok(());
        }
        if self.non_matching == NonMatching::Dropped || self.calls.is_some() {
            self.sweep();
            self.release(out)?;
        }
        self.sweep_at = SWEEP.max(self.queue.len() * 2);
        if self.bytes <= self.ceiling {
            return Ok(());
        }
        self.out_of_turn += self.release_decided(out)?;
        // A quarter of the limit is freed at once, so that the next message need not search again.
        while self.bytes > self.ceiling / 4 * 3
            && let Some(oldest) = self.queue.pop_front()
        {
            self.given_up += 1;
            self.let_go(&oldest, Decide::Now, out)?;
        }
        Ok(())
    }

    /// Decides messages if possible, and drops those that do not match unless they are needed.
    fn sweep(&mut self) {
        self.look_at_calls();
        for mut waiting in std::mem::take(&mut self.queue) {
            if waiting.decision.is_none() && self.is_known(waiting.row) {
                let facts = waiting.held.facts(&waiting.text);
                if let Some(calls) = &self.calls {
                    facts.of_call(calls.of_call(waiting.row));
                }
                waiting.decision = self.decide(waiting.row, &facts, Decide::WhatIsKnown);
            }
            if waiting.decision == Some(false) && self.non_matching == NonMatching::Dropped {
                self.bytes = self.bytes.saturating_sub(waiting.room());
            } else {
                self.queue.push_back(waiting);
            }
        }
    }

    /// Whether everything is known about a message, and about its call if the filter asks for that.
    fn is_known(&mut self, row: MessageIdx) -> bool {
        match &mut self.calls {
            Some(calls) => calls.is_over(&self.index, row),
            None => !self.is_open(row),
        }
    }
}
