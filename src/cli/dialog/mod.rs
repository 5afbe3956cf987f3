//! `--dialog` in one pass: holds messages by Call-ID until one of the call matches or the call is dropped.
//!
//! Messages are held while they fit into the memory limit. Beyond it, ended calls are dropped first, starting with the
//! one that ended earliest; then calls that were silent for two hours; then, to keep the limit, the calls that were
//! silent longest. A call that matches after some of its messages were dropped is counted and reported.
//!
//! Must not know: why a message matches, how it is printed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::io;

use crate::base::hash64;
use crate::sip::StartLine;

use super::facts::MessageFacts;
use super::held::Held;

#[cfg(test)]
mod tests;

/// Upper limit of the held messages, in bytes.
const CEILING: usize = 32 << 20;
/// A call that was silent for this many microseconds counts as ended.
const SILENCE: i64 = 2 * 3600 * 1_000_000;

/// Upper limit of empty calls whose buffers are kept for reuse.
const SPARE: usize = 64;
/// Upper limit of the text buffer of such a call, in bytes.
const SPARE_BYTES: usize = 16 << 10;

/// Whether a Call-ID that has only OPTIONS so far can match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionsCalls {
    /// It can, so its messages are held.
    MayMatch,
    /// OPTIONS are excluded: it cannot match, and is never held.
    NeverMatch,
}

/// Receives the released messages.
type Out<'o> = &'o mut dyn FnMut(&MessageFacts<'_>) -> io::Result<()>;

/// The calls of a run.
#[derive(Debug)]
pub(super) struct Dialogs {
    options: OptionsCalls,
    matched: HashSet<u64, Hashed>,
    held: HashMap<u64, Call, Hashed>,
    /// Calls that have ended, the earliest first. Some may have continued or been removed since.
    ended: VecDeque<u64>,
    /// Calls whose held messages were dropped.
    given_up: HashSet<u64, Hashed>,
    /// Empty calls whose buffers are reused.
    spare: Vec<Call>,
    bytes: usize,
    ceiling: usize,
    now: i64,
    /// Calls that matched after some of their messages were dropped.
    incomplete: u64,
}

/// The held messages of a Call-ID.
#[derive(Debug, Default)]
struct Call {
    messages: Vec<Held>,
    /// Address and content of each message.
    text: Vec<u8>,
    progress: Progress,
    last: i64,
}

/// The progress of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Progress {
    /// A request waits for its final response.
    #[default]
    Open,
    /// An INVITE or a SUBSCRIBE was accepted: there is a dialog.
    Dialog,
    /// No more messages are expected.
    Ended,
}

impl Dialogs {
    pub(super) fn new(options: OptionsCalls) -> Self {
        Self {
            options,
            matched: HashSet::default(),
            held: HashMap::default(),
            ended: VecDeque::new(),
            given_up: HashSet::default(),
            spare: Vec::new(),
            bytes: 0,
            ceiling: CEILING,
            now: i64::MIN,
            incomplete: 0,
        }
    }

    /// Takes a matching message: the held messages of its call are released before it.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn take_match(&mut self, facts: &MessageFacts<'_>, out: Out<'_>) -> io::Result<()> {
        let call_id = facts.peek().call_id;
        // A message without Call-ID belongs to no dialog.
        if !call_id.is_empty() {
            let call = hash64(&[call_id]);
            if self.matched.insert(call) {
                self.incomplete += u64::from(self.given_up.remove(&call));
                self.release(call, out)?;
            }
        }
        out(facts)
    }

    /// Takes a message that does not match: it is released if its call has matched, otherwise it is held.
    ///
    /// # Errors
    /// Errors of `out`.
    pub(super) fn take_other(&mut self, facts: &MessageFacts<'_>, out: Out<'_>) -> io::Result<()> {
        let call_id = facts.peek().call_id;
        if call_id.is_empty() {
            return Ok(());
        }
        let call = hash64(&[call_id]);
        if self.matched.contains(&call) {
            return out(facts);
        }
        self.hold(call, facts);
        Ok(())
    }

    /// Everything with this Call-ID matches.
    pub(super) fn want(&mut self, call_id: &[u8]) {
        self.matched.insert(hash64(&[call_id]));
    }

    /// The number of calls that were printed without messages that had been dropped before the match.
    pub(super) fn incomplete(&self) -> u64 {
        self.incomplete
    }

    fn release(&mut self, call: u64, out: Out<'_>) -> io::Result<()> {
        let Some(held) = self.held.remove(&call) else { return Ok(()) };
        self.bytes -= held.room();
        let mut text = &held.text[..];
        for message in &held.messages {
            let (own, rest) = text.split_at(message.text_len());
            text = rest;
            out(&message.facts(own))?;
        }
        self.recycle(held);
        Ok(())
    }

    fn hold(&mut self, number: u64, facts: &MessageFacts<'_>) {
        let method = facts.method_bytes();
        let known = self.held.contains_key(&number);
        if !known && self.options == OptionsCalls::NeverMatch && method == b"OPTIONS" {
            return;
        }
        self.now = facts.at();
        let spare = &mut self.spare;
        let call = self.held.entry(number).or_insert_with(|| spare.pop().unwrap_or_default());
        let before = if known { call.room() } else { 0 };
        call.add(facts);
        let was = call.progress;
        call.progress = was.after(facts.start_line(), method);
        self.bytes += call.room() - before;
        if call.progress == Progress::Ended && was != Progress::Ended {
            self.ended.push_back(number);
        }
        if self.bytes > self.ceiling {
            self.make_room(number);
        }
    }

    /// Drops calls, except the one of the current message.
    fn make_room(&mut self, taken: u64) {
        // A quarter of the limit is freed at once, so that the next message need not search again.
        let floor = self.ceiling / 4 * 3;
        while self.bytes > floor
            && let Some(call) = self.ended.pop_front()
        {
            if call != taken && self.held.get(&call).is_some_and(|held| held.progress == Progress::Ended) {
                self.give_up(call);
            }
        }
        if self.bytes <= floor {
            return;
        }
        let mut oldest: Vec<_> = self.held.iter().map(|(call, held)| (held.last, *call)).collect();
        oldest.sort_unstable();
        for (last, call) in oldest.into_iter().filter(|(_, call)| *call != taken) {
            if self.bytes <= floor && self.now - last < SILENCE {
                break;
            }
            self.give_up(call);
        }
    }

    /// Keeps the buffers of a call for another one.
    fn recycle(&mut self, mut call: Call) {
        if self.spare.len() < SPARE && call.text.capacity() <= SPARE_BYTES {
            call.messages.clear();
            call.text.clear();
            call.progress = Progress::default();
            self.spare.push(call);
        }
    }

    fn give_up(&mut self, call: u64) {
        if let Some(held) = self.held.remove(&call) {
            self.bytes -= held.room();
            self.given_up.insert(call);
            self.recycle(held);
        }
    }
}

impl Call {
    /// Approximate memory in bytes.
    fn room(&self) -> usize {
        const ENTRY: usize = size_of::<(u64, Call)>() * 2;
        ENTRY + self.text.capacity() + self.messages.capacity() * size_of::<Held>()
    }

    fn add(&mut self, facts: &MessageFacts<'_>) {
        self.last = facts.at();
        self.messages.push(Held::new(facts, &mut self.text));
    }
}

impl Progress {
    /// The progress of the call after a message with this start line and this method.
    fn after(self, start_line: Option<StartLine<'_>>, method: &[u8]) -> Self {
        match start_line {
            // An ACK does not reopen a call that a final response has ended; any other request does.
            Some(StartLine::Request { .. }) if self == Self::Ended && method != b"ACK" => Self::Open,
            // A challenged request is sent again with credentials (RFC 3261 §22).
            Some(StartLine::Status { code, .. }) if code < 200 || matches!(code, 401 | 407) => self,
            Some(StartLine::Status { code, .. }) => match method {
                b"BYE" => Self::Ended,
                b"INVITE" | b"SUBSCRIBE" if code < 300 => Self::Dialog,
                // None of them ends a call: a response to CANCEL concerns only the CANCEL; PRACK and NOTIFY are inside
                // a call.
                b"CANCEL" | b"PRACK" | b"NOTIFY" => self,
                _ if self == Self::Dialog => self,
                _ => Self::Ended,
            },
            _ => self,
        }
    }
}

/// A hasher for keys that are already hashes.
#[derive(Debug, Clone, Copy, Default)]
struct AsIs(u64);

type Hashed = BuildHasherDefault<AsIs>;

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash64(&[bytes]);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
