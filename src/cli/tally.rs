//! Counts for `--stats`: by method, status code, peer, call.
//!
//! Must not know: filters, how the counts are printed.

use crate::base::host_of;
use crate::export::stats::{Counts, When};
use crate::sip::StartLine;

use super::facts::MessageFacts;
use super::names::{Distinct, Names};

/// Status codes have three digits.
const CODES: usize = 1000;

/// The counts so far.
#[derive(Debug)]
pub(super) struct Tally {
    messages: u64,
    multi_frame: u64,
    no_sip: u64,
    requests: Names,
    responses: Names,
    statuses: Box<[u64; CODES]>,
    peers: Names,
    call_ids: Distinct,
    first: Option<(i64, When)>,
    last: Option<(i64, When)>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            messages: 0,
            multi_frame: 0,
            no_sip: 0,
            requests: Names::default(),
            responses: Names::default(),
            statuses: Box::new([0; CODES]),
            peers: Names::default(),
            call_ids: Distinct::default(),
            first: None,
            last: None,
        }
    }
}

impl Tally {
    /// Counts a message.
    pub(super) fn add(&mut self, facts: &MessageFacts<'_>) {
        let seen = facts.peek();
        self.messages += 1;
        self.multi_frame += u64::from(facts.entry.frames > 1);
        match facts.start_line() {
            Some(StartLine::Request { method, .. }) => self.requests.add(method),
            Some(StartLine::Status { code, .. }) => {
                if let Some(count) = self.statuses.get_mut(usize::from(code)) {
                    *count += 1;
                }
                self.responses.add(seen.cseq_method);
            }
            None => self.no_sip += 1,
        }
        if !seen.call_id.is_empty() {
            self.call_ids.add(seen.call_id);
        }
        self.peers.add(host_of(facts.entry.address));
        let when = When { stamp: facts.entry.stamp, date: facts.entry.date };
        self.note_time(facts.at(), when);
    }

    fn note_time(&mut self, time: i64, when: When) {
        if self.first.is_none_or(|(first, _)| time < first) {
            self.first = Some((time, when));
        }
        if self.last.is_none_or(|(last, _)| time >= last) {
            self.last = Some((time, when));
        }
    }

    /// The counts, with names sorted and as text.
    pub(super) fn counts(&self) -> Counts {
        let numbered = (0_u16..).zip(self.statuses.iter());
        Counts {
            messages: self.messages,
            multi_frame: self.multi_frame,
            no_sip: self.no_sip,
            call_ids: self.call_ids.len(),
            methods: self.requests.sorted(),
            responses_by_method: self.responses.sorted(),
            statuses: numbered.filter(|(_, count)| **count > 0).map(|(code, count)| (code, *count)).collect(),
            peers: self.peers.sorted(),
            calls: None,
            first: self.first.map(|(_, when)| when),
            last: self.last.map(|(_, when)| when),
        }
    }
}
