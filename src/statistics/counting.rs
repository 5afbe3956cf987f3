//! Goes through the messages of a snapshot and counts those that match; goes on where it stopped when more is loaded.
//!
//! First come the facts of the index, which are fast; texts are read for User-Agents and Contacts afterwards, in order.
//!
//! Must not know: threads, the clock, who asks.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::calls::{Calls, Chosen, Registrations, Summary, calls_of};
use crate::filter::Filter;
use crate::store::{Flags, Matching, MessageIdx, RowRef, Snapshot, WindowReader};

use super::agents::Agents;
use super::gaps::Gaps;
use super::peers::Peers;
use super::phones::Phones;
use super::timeline::Timeline;
use super::{CallFigures, CodeCount, MethodCount, Statistics, is_failure};

/// Messages that a step looks at, and bytes of text that it reads, before its user may look at the clock.
const STEP_ROWS: usize = 8_192;
const STEP_BYTES: u64 = 1 << 20;
/// Status codes have three digits; all others are counted as 0.
const CODES: usize = 1_000;

/// What is to be counted.
#[derive(Debug, Clone)]
pub struct CountStatistics {
    /// Comes back with the answers.
    pub generation: u64,
    /// Differs where counting begins again from the first message: for another filter, or another index.
    pub series: u64,
    /// Which messages.
    pub filter: Filter,
    /// What is loaded.
    pub snapshot: Arc<Snapshot>,
}

/// What a step left to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There are more messages to look at, or texts to read.
    More,
    /// Everything that is loaded was counted, except the calls.
    Done,
}

/// A text that is wanted, and for what.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    message: MessageIdx,
    agent: bool,
    contact: bool,
}

/// The counts of the status codes, with the first reason phrase of each.
type Codes = Vec<(u64, Vec<u8>)>;

/// The counts while they grow.
#[derive(Debug)]
pub struct Counting {
    series: u64,
    /// `None` where every message matches.
    matching: Option<Matching>,
    chosen: Chosen,
    reader: WindowReader,
    /// All messages before this one were looked at.
    scanned: MessageIdx,
    wanted: VecDeque<Wanted>,
    unreadable: u64,
    messages: u64,
    failures: u64,
    timeline: Timeline,
    /// By the number of the method.
    methods: Vec<MethodCount>,
    codes: Codes,
    peers: Peers,
    agents: Agents,
    phones: Phones,
    gaps: Gaps,
    calls: Option<Arc<CallFigures>>,
}

impl Counting {
    /// Nothing is counted yet.
    pub fn new(job: &CountStatistics) -> Self {
        let is_all = job.filter.is_all();
        Self {
            series: job.series,
            matching: (!is_all).then(|| Matching::new(&job.filter)),
            chosen: if is_all { Chosen::all() } else { Chosen::default() },
            reader: WindowReader::default(),
            scanned: 0,
            wanted: VecDeque::new(),
            unreadable: 0,
            messages: 0,
            failures: 0,
            timeline: Timeline::default(),
            methods: Vec::new(),
            codes: vec![(0, Vec::new()); CODES],
            peers: Peers::default(),
            agents: Agents::default(),
            phones: Phones::default(),
            gaps: Gaps::default(),
            calls: None,
        }
    }

    /// Whether a job continues these counts.
    pub fn continues(&self, job: &CountStatistics) -> bool {
        self.series == job.series && self.scanned as usize <= job.snapshot.len()
    }

    /// Counts some more: a few milliseconds of work.
    pub fn step(&mut self, snapshot: &Snapshot) -> Step {
        let begun = self.matching.as_ref().map_or(0, Matching::read_bytes);
        let mut looked_at = 0;
        for row in snapshot.rows_from(self.scanned).take(STEP_ROWS) {
            self.look_at(&row);
            looked_at += 1;
            if self.matching.as_ref().map_or(0, Matching::read_bytes) - begun >= STEP_BYTES {
                break;
            }
        }
        if looked_at == 0 {
            self.read_texts(snapshot);
        }
        let is_done = self.scanned as usize >= snapshot.len() && self.wanted.is_empty();
        if is_done { Step::Done } else { Step::More }
    }

    fn look_at(&mut self, row: &RowRef<'_>) {
        self.scanned = row.index + 1;
        self.gaps.add(row);
        if let Some(matching) = &mut self.matching {
            if !matching.matches(row) {
                return;
            }
            if let Some(calls) = Calls::of(row.snapshot) {
                self.chosen.add(calls, row.row);
            }
        }
        self.messages += 1;
        self.failures += u64::from(is_failure(row.row));
        self.timeline.add(row.row.time, is_failure(row.row));
        self.count_kind(row);
        self.peers.add(row);
        let (agent, contact) = (self.agents.add(row), self.phones.add(row));
        if agent || contact {
            self.wanted.push_back(Wanted { message: row.index, agent, contact });
        }
    }

    fn count_kind(&mut self, row: &RowRef<'_>) {
        let at = row.row.method as usize;
        if self.methods.len() <= at {
            self.methods.resize(at + 1, MethodCount::default());
        }
        let method = &mut self.methods[at];
        if row.row.status == 0 {
            method.requests += 1;
        } else {
            method.responses += 1;
            let code = &mut self.codes[usize::from(row.row.status) % CODES];
            if code.0 == 0 {
                code.1 = row.what().to_vec();
            }
            code.0 += 1;
        }
        method.failures += u64::from(is_failure(row.row));
        method.retransmissions += u64::from(row.row.flags.has(Flags::RETRANSMISSION));
    }

    fn read_texts(&mut self, snapshot: &Snapshot) {
        let mut bytes = 0;
        while bytes < STEP_BYTES
            && let Some(wanted) = self.wanted.pop_front()
        {
            let Some(row) = snapshot.row(wanted.message) else { continue };
            bytes += u64::from(row.row.len) + 1_024;
            let Ok(text) = self.reader.message(snapshot, wanted.message) else {
                self.unreadable += 1;
                continue;
            };
            if wanted.agent {
                self.agents.read(row.row.call, text);
            }
            if wanted.contact {
                self.phones.read(&row, text);
            }
        }
    }

    /// Counts the calls and registrations again: it takes as long as there are many, and they change while more is loaded.
    pub fn count_calls(&mut self, snapshot: &Snapshot) {
        let Some(calls) = Calls::of(snapshot) else { return };
        let found = calls_of(calls, snapshot, |leg| self.chosen.has_leg(leg));
        let dialogs = calls.dialogs(snapshot).filter(|dialog| self.chosen.has_dialog(dialog.index));
        let mut starts = Timeline::default();
        for call in &found {
            starts.add(call.legs.main().start(), call.legs.is_failed());
        }
        self.calls = Some(Arc::new(CallFigures {
            registrations: Registrations::of(dialogs),
            summary: Summary::of(found.into_iter().map(|call| call.legs)),
            starts: starts.series(),
        }));
    }

    /// What was counted so far.
    pub fn statistics(&mut self, snapshot: &Snapshot) -> Statistics {
        let unmatched = self.matching.as_ref().map_or(0, Matching::unreadable);
        Statistics {
            messages: self.messages,
            failures: self.failures,
            scanned: u64::from(self.scanned),
            unread: self.wanted.len() as u64,
            unreadable: self.unreadable + unmatched,
            is_complete: self.scanned as usize >= snapshot.len() && self.wanted.is_empty(),
            timeline: self.timeline.series(),
            methods: self.methods(snapshot),
            codes: self.codes(),
            peers: self.peers.sorted(),
            agents: self.agents.sorted(),
            phones: self.phones.sorted(snapshot, self.calls.as_ref().map(|calls| &calls.registrations)),
            calls: self.calls.clone(),
            gaps: self.gaps.sorted(),
        }
    }

    fn methods(&self, snapshot: &Snapshot) -> Vec<MethodCount> {
        let [.., words] = snapshot.known();
        let mut methods: Vec<MethodCount> = (0_u32..)
            .zip(&self.methods)
            .filter(|(_, count)| count.requests + count.responses > 0)
            .map(|(number, count)| MethodCount { method: words.get(number).to_vec(), ..count.clone() })
            .collect();
        methods.sort_by(|a, b| {
            (b.requests + b.responses, &a.method).cmp(&(a.requests + a.responses, &b.method))
        });
        methods.truncate(super::MOST_ROWS);
        methods
    }

    fn codes(&self) -> Vec<CodeCount> {
        let counted = (0_u16..).zip(&self.codes).filter(|(_, (count, _))| *count > 0);
        counted
            .map(|(code, (count, reason))| CodeCount { code, reason: reason.clone(), count: *count })
            .collect()
    }
}
