//! Filters that ask what other messages make of one: holds each message back until that is known.
//!
//! Each message goes into an index, which finds out what belongs together. What is decided comes out at once, in the order
//! of the messages: behind one that is still open, others wait. While inputs are followed nobody waits: what is decided comes
//! out, and the open ones later. Where too much is held, what is decided comes out of its turn, and then the oldest are decided
//! as things stand; the run says how many that were.
//!
//! What became of a call is known when it is over, or when everything was read.
//!
//! Must not know: what becomes of a message that is decided, the options.

use std::collections::VecDeque;
use std::io;

use crate::filter::{Matcher, Verdict};
use crate::store::{Flags, MessageIdx, Row};

use super::facts::{MessageFacts, Related};
use super::held::Held;
use super::indexer::Indexer;
use whole_calls::WholeCalls;

mod whole_calls;

#[cfg(test)]
mod tests;

/// Bytes that are held at most.
const CEILING: usize = 256 << 20;
/// While following: microseconds after which no final response is expected (64 × T1, RFC 3261 §17.1).
const TIMEOUT: i64 = 32_000_000;
/// The same for an INVITE, since the last message of its call (timer C, RFC 3261 §16.6).
const RINGING: i64 = 180_000_000;
/// Microseconds between two looks at the calls that are over, while following.
const LOOK: i64 = 1_000_000;
/// Messages that wait before those are dropped that were decided behind an open one.
const SWEEP: usize = 4096;

/// Who takes a message, and whether it matches.
type Out<'o> = &'o mut dyn FnMut(&MessageFacts<'_>, bool) -> io::Result<()>;

/// When a message is as good as decided although its call may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// The inputs end: then all is known.
    ToTheEnd,
    /// They are followed: silence decides.
    UntilSilence,
}

/// What becomes of messages that do not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing.
    Dropped,
    /// They come out too, in their turn: their call may match.
    Wanted,
}

/// Messages on their way to a decision.
pub(super) struct Undecided {
    index: Indexer,
    /// The calls as they were looked at last, where the filter asks for them.
    calls: Option<WholeCalls>,
    matcher: Matcher,
    patience: Patience,
    others: Others,
    queue: VecDeque<Waiting>,
    /// Bytes that are held.
    bytes: usize,
    ceiling: usize,
    /// The queue is swept when it is so long.
    sweep_at: usize,
    now: i64,
    /// Messages that came out of their turn.
    out_of_turn: u64,
    /// Messages that were decided as things stood.
    given_up: u64,
}

/// A message that waits for its decision, or for its turn.
struct Waiting {
    row: MessageIdx,
    held: Held,
    text: Vec<u8>,
    decision: Option<bool>,
}

impl Waiting {
    /// Bytes that it takes in memory, near enough.
    fn room(&self) -> usize {
        size_of::<Self>() + self.text.capacity()
    }
}

/// Whether what is open is decided as things stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decide {
    WhatIsKnown,
    AsThingsStand,
}

impl Undecided {
    pub(super) fn new(matcher: Matcher, patience: Patience, others: Others) -> Self {
        let asks_for_calls = matcher.filter().needs_calls();
        let index = if asks_for_calls { Indexer::with_calls() } else { Indexer::default() };
        Self {
            calls: asks_for_calls.then(|| WholeCalls::of(&index, i64::MIN, patience)),
            index,
            matcher,
            patience,
            others,
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
    /// What `out` says.
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
        if decision != Some(false) || self.others == Others::Wanted {
            self.hold(row, facts, decision);
        }
        self.release(out)?;
        self.keep_bounds(out)
    }

    /// Everything that there is for now was taken: while following, what is decided comes out, whatever is before it.
    ///
    /// # Errors
    /// What `out` says.
    pub(super) fn caught_up(&mut self, out: Out<'_>) -> io::Result<()> {
        self.release(out)?;
        if self.patience == Patience::ToTheEnd {
            return Ok(());
        }
        if self.calls.as_ref().is_some_and(|calls| self.now.saturating_sub(calls.at()) > LOOK) {
            self.sweep();
        }
        self.release_decided(out).map(|_| ())
    }

    /// Nothing more comes: all that is held is decided.
    ///
    /// # Errors
    /// What `out` says.
    pub(super) fn finish(&mut self, out: Out<'_>) -> io::Result<()> {
        self.look_at_calls();
        while let Some(waiting) = self.queue.pop_front() {
            self.let_go(&waiting, Decide::AsThingsStand, out)?;
        }
        Ok(())
    }

    /// How many messages came out of their turn, and how many were decided before all was known.
    pub(super) fn breaches(&self) -> (u64, u64) {
        (self.out_of_turn, self.given_up)
    }

    fn look_at_calls(&mut self) {
        if let Some(calls) = &mut self.calls {
            *calls = WholeCalls::of(&self.index, self.now, self.patience);
        }
    }

    /// What the index says of a message now.
    fn related(&self, row: MessageIdx, decide: Decide) -> Related {
        let store = &self.index.store;
        let Some(row) = store.row(row) else { return Related::default() };
        let is_waiting = store.is_waiting(row);
        let is_open = is_waiting && decide == Decide::WhatIsKnown && !self.is_silent(row);
        Related {
            retransmission: Some(row.flags.has(Flags::RETRANSMISSION)),
            unanswered: (!is_open).then_some(is_waiting),
        }
    }

    /// Whether no answer comes any more, while inputs are followed.
    fn is_silent(&self, row: &Row) -> bool {
        if self.patience == Patience::ToTheEnd {
            return false;
        }
        let last = self.index.store.last_of_call(row).map_or(row.time, |last| last.time);
        let (since, most) =
            if self.index.store.is_of_invite(row) { (last, RINGING) } else { (row.time, TIMEOUT) };
        self.now - since > most
    }

    /// Whether a message matches, where that is known.
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

    /// Lets what is decided go from the front.
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

    /// Whether the index has nothing new to say of it: then it need not be asked again.
    fn is_open(&self, row: MessageIdx) -> bool {
        let related = self.related(row, Decide::WhatIsKnown);
        // Calls are looked at together, see `sweep`.
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
            false if self.others == Others::Dropped => Ok(()),
            matches => out(&facts, matches),
        }
    }

    /// Lets all go that is decided, whatever is before it; how many came out of their turn.
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

    /// Drops what turned out not to match, and lets go where too much is held.
    fn keep_bounds(&mut self, out: Out<'_>) -> io::Result<()> {
        if self.queue.len() < self.sweep_at && self.bytes <= self.ceiling {
            return Ok(());
        }
        if self.others == Others::Dropped || self.calls.is_some() {
            self.sweep();
            self.release(out)?;
        }
        self.sweep_at = SWEEP.max(self.queue.len() * 2);
        if self.bytes <= self.ceiling {
            return Ok(());
        }
        self.out_of_turn += self.release_decided(out)?;
        // So much goes at once that the next message need not look again.
        while self.bytes > self.ceiling / 4 * 3
            && let Some(oldest) = self.queue.pop_front()
        {
            self.given_up += 1;
            self.let_go(&oldest, Decide::AsThingsStand, out)?;
        }
        Ok(())
    }

    /// Decides what can be decided, and drops what does not match where no one wants it.
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
            if waiting.decision == Some(false) && self.others == Others::Dropped {
                self.bytes = self.bytes.saturating_sub(waiting.room());
            } else {
                self.queue.push_back(waiting);
            }
        }
    }

    /// Whether all is known of a message, and of its call where that is asked for.
    fn is_known(&mut self, row: MessageIdx) -> bool {
        match &mut self.calls {
            Some(calls) => calls.is_over(&self.index, row),
            None => !self.is_open(row),
        }
    }
}
