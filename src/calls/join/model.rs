//! What a trace taught about itself: how long FreeSWITCH takes to pass something on, which fields it copies.
//!
//! Starts without knowledge of any host: latencies of a millisecond to a second are almost equally likely, and whether a field
//! is copied is open. Learns from pairs that are certain without what is learned.
//!
//! Must not know: legs.

use hashbrown::HashMap;

use super::density::{Density, Histogram};
use super::index::RECENT;
use super::signal::{SIGNALS, Signal};

/// The profiles of a pair: the sources of its A leg and its B leg.
pub(super) type Route = (u16, u16);

/// By signal: how likely it is shared, and that it is not, as logarithms.
pub(super) type Shares = [(f32, f32); SIGNALS];

/// Samples of a latency after which it is no longer learned.
const MOST_SAMPLES: u32 = 1024;

/// What one certain pair teaches.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lesson {
    /// The time from one leg to the other, in microseconds.
    Passed(Signal, i64),
    /// Whether it shares the signal.
    Shared(Signal, Route, bool),
}

/// What is known of one latency.
#[derive(Debug, Clone)]
struct Latency {
    seen: Histogram,
    /// How many of them the density is of.
    settled: u32,
    density: Density,
}

/// How often a signal was there, and of how many pairs.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    there: f32,
    of: f32,
}

/// What is known of the fields that a route copies.
#[derive(Debug, Clone)]
struct Copied {
    seen: [Share; SIGNALS],
    /// How likely the legs of a pair share the signal, and that they do not, as logarithms.
    likely: Shares,
}

/// The learned latencies and shares.
#[derive(Debug, Clone)]
pub(super) struct Model {
    latencies: Vec<Latency>,
    shares: HashMap<Route, Copied>,
    /// Of routes without pairs so far.
    usual: Shares,
    overall: [Share; SIGNALS],
    /// B legs with an A leg, and all.
    joined: Share,
}

impl Default for Model {
    fn default() -> Self {
        let latency = |index| {
            let (median, spread) = prior(index);
            Latency { seen: Histogram::default(), settled: 0, density: Density::prior(median, spread) }
        };
        Self {
            latencies: (0..SIGNALS).map(latency).collect(),
            shares: HashMap::new(),
            usual: [likely(Share::default(), Share::default()); SIGNALS],
            overall: [Share::default(); SIGNALS],
            joined: Share::default(),
        }
    }
}

/// Before anything is learned: the median in seconds, and the spread.
fn prior(signal: usize) -> (f32, f32) {
    let table = [
        (Signal::Trying, 0.005, 2.0),
        (Signal::Start, 0.02, 2.0),
        (Signal::Late, 4.0, 1.2),
        (Signal::Fork, 0.003, 1.2),
        (Signal::Elsewhere, 0.02, 1.4),
    ];
    let known = table.iter().find(|(known, ..)| *known as usize == signal);
    let (seconds, spread) = known.map_or((0.02_f32, 1.6), |&(_, seconds, spread)| (seconds, spread));
    (seconds, spread)
}

/// How likely a signal is shared, and not, as logarithms: on all routes, and on one.
fn likely(all: Share, here: Share) -> (f32, f32) {
    let base = ((all.there * 0.5 + 1.0) / (all.of * 0.5 + 2.0)).clamp(0.1, 0.9);
    let share = ((here.there + 2.0 * base) / (here.of + 2.0)).clamp(0.02, 0.995);
    (share.ln(), (1.0 - share).ln())
}

/// Samples that the prior counts for.
const PRIOR_SAMPLES: f32 = 5.0;

impl Model {
    /// Logarithm of how likely the passing takes `micros`, per second.
    pub(super) fn density(&self, signal: Signal, micros: i64) -> f32 {
        self.latencies[signal as usize].density.at(micros)
    }

    /// Up to how long after an INVITE nearly all B legs begin that the caller need not wait for, in microseconds.
    pub(super) fn usual_start(&self) -> i64 {
        let seen = &self.latencies[Signal::Start as usize].seen;
        if self.is_settled() && seen.count >= 100 { (2 * seen.longest(0.95)).min(RECENT) } else { RECENT }
    }

    /// By signal: how likely the legs of a pair on this route share it, and that they do not, as logarithms.
    pub(super) fn shares(&self, route: Route) -> &Shares {
        self.shares.get(&route).map_or(&self.usual, |copied| &copied.likely)
    }

    /// Logarithm of the odds that a B leg has an A leg in the trace.
    pub(super) fn odds(&self) -> f32 {
        self.all_odds().clamp(-3.0, 4.0)
    }

    /// The same where next to nothing else is asked: of hundreds of B legs all may have one.
    pub(super) fn all_odds(&self) -> f32 {
        let missing = self.joined.of - self.joined.there;
        ((self.joined.there + 1.0) / (missing + 1.0)).ln().clamp(-3.0, 6.0)
    }

    /// Takes what certain pairs teach.
    pub(super) fn learn(&mut self, lessons: &[Lesson]) {
        for &lesson in lessons {
            match lesson {
                Lesson::Passed(signal, micros) => self.passed(signal, micros),
                Lesson::Shared(signal, route, is_there) => self.shared(signal, route, is_there),
            }
        }
    }

    fn passed(&mut self, signal: Signal, micros: i64) {
        let latency = &mut self.latencies[signal as usize];
        if latency.seen.count < MOST_SAMPLES {
            latency.seen.add(micros);
        }
    }

    fn shared(&mut self, signal: Signal, route: Route, is_there: bool) {
        let copied = self
            .shares
            .entry(route)
            .or_insert_with(|| Copied { seen: Default::default(), likely: self.usual });
        for share in [&mut self.overall[signal as usize], &mut copied.seen[signal as usize]] {
            share.of += 1.0;
            share.there += f32::from(u8::from(is_there));
        }
    }

    /// Takes how many of the B legs had an A leg.
    pub(super) fn counted(&mut self, joined: f32, all: usize) {
        self.joined.there += joined;
        self.joined.of += all as f32;
    }

    /// Makes use of what was taken.
    pub(super) fn settle(&mut self) {
        for signal in 0..SIGNALS {
            let all = self.overall[signal];
            self.usual[signal] = likely(all, Share::default());
            self.shares
                .values_mut()
                .for_each(|copied| copied.likely[signal] = likely(all, copied.seen[signal]));
        }
        for (index, latency) in self.latencies.iter_mut().enumerate() {
            let count = latency.seen.count;
            if count < 5 || count == latency.settled {
                continue;
            }
            latency.settled = count;
            let (median, spread) = prior(index);
            latency.density = Density::learned(&latency.seen, median, spread, PRIOR_SAMPLES);
        }
    }

    /// Whether enough was learned to decide on what ended.
    pub(super) fn is_settled(&self) -> bool {
        self.joined.there >= 200.0
    }
}
