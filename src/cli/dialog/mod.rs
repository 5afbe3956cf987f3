//! `--dialog` in one pass: holds what has not matched yet, by Call-ID, until it matches or is given up.
//!
//! All is held while it fits. Beyond that the calls that have ended go first, the longest ended before the others; then
//! those that were silent for two hours; then, so that memory stays bounded, the longest silent ones. A call that matches
//! after a part of it was given up is counted, and the run says so.
//!
//! Must not know: what makes a message match, how it is printed.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::io;

use crate::base::hash64;
use crate::sip::StartLine;

use super::facts::MessageFacts;
use super::held::Held;

#[cfg(test)]
mod tests;

/// Bytes that are held at most.
const CEILING: usize = 32 << 20;
/// A call that was silent for so long, in microseconds, is taken as ended.
const SILENCE: i64 = 2 * 3600 * 1_000_000;

/// Emptied calls whose memory is kept for others, at most.
const SPARE: usize = 64;
/// Bytes of text for which such a call has room, at most.
const SPARE_BYTES: usize = 16 << 10;

/// Whether a Call-ID that has shown nothing but OPTIONS may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OptionsCalls {
    /// It may, so its messages are held.
    MayMatch,
    /// OPTIONS are left out: it cannot, and is never held.
    NeverMatch,
}

/// Who takes what comes out.
type Out<'o> = &'o mut dyn FnMut(&MessageFacts<'_>) -> io::Result<()>;

/// The calls of a run.
#[derive(Debug)]
pub(super) struct Dialogs {
    options: OptionsCalls,
    matched: HashSet<u64, Hashed>,
    held: HashMap<u64, Call, Hashed>,
    /// Calls that have ended, the longest ended first; some have gone on since, or are gone.
    ended: VecDeque<u64>,
    /// Calls of which a part is gone.
    given_up: HashSet<u64, Hashed>,
    /// Emptied calls, whose memory is used again.
    spare: Vec<Call>,
    bytes: usize,
    ceiling: usize,
    now: i64,
    /// Calls that matched after a part of them was gone.
    incomplete: u64,
}

/// What is held of a Call-ID.
#[derive(Debug, Default)]
struct Call {
    messages: Vec<Held>,
    /// Address and content of each message.
    text: Vec<u8>,
    progress: Progress,
    last: i64,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Progress {
    /// A request waits for its final response.
    #[default]
    Open,
    /// An INVITE or a SUBSCRIBE was accepted: there is a dialog.
    Dialog,
    /// Nothing more is to come.
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

    /// Takes a message that matches: what was held of its call comes out before it.
    ///
    /// # Errors
    /// What `out` says.
    pub(super) fn take_match(&mut self, facts: &MessageFacts<'_>, out: Out<'_>) -> io::Result<()> {
        let call_id = facts.peek().call_id;
        // What has no Call-ID belongs to no dialog.
        if !call_id.is_empty() {
            let call = hash64(&[call_id]);
            if self.matched.insert(call) {
                self.incomplete += u64::from(self.given_up.remove(&call));
                self.release(call, out)?;
            }
        }
        out(facts)
    }

    /// Takes a message that does not match: it comes out if its call did, else it is held.
    ///
    /// # Errors
    /// What `out` says.
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

    /// How many calls were printed without a part that was given up before they matched.
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

    /// Gives up calls, but not the one that is being taken.
    fn make_room(&mut self, taken: u64) {
        // So much goes at once that the next message need not look again.
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

    /// Keeps the memory of a call for another one.
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
    /// Bytes that it takes in memory, near enough.
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
    /// How far the call is after a message with that start line, of that method.
    fn after(self, start_line: Option<StartLine<'_>>, method: &[u8]) -> Self {
        match start_line {
            // An ACK ends what a final response has ended; a new request opens what was over.
            Some(StartLine::Request { .. }) if self == Self::Ended && method != b"ACK" => Self::Open,
            // A challenge is answered with the same request again (RFC 3261 §22).
            Some(StartLine::Status { code, .. }) if code < 200 || matches!(code, 401 | 407) => self,
            Some(StartLine::Status { code, .. }) => match method {
                b"BYE" => Self::Ended,
                b"INVITE" | b"SUBSCRIBE" if code < 300 => Self::Dialog,
                // Neither ends a call: the one answers for itself alone, the others are of a call.
                b"CANCEL" | b"PRACK" | b"NOTIFY" => self,
                _ if self == Self::Dialog => self,
                _ => Self::Ended,
            },
            _ => self,
        }
    }
}

/// Hashes what is a hash already.
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
