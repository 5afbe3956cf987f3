//! How much goes on beside a pair: what is rare proves more.
//!
//! Must not know: pairs, scores.

use hashbrown::HashMap;

use super::buckets::Buckets;
use super::density::{Density, Histogram, log};
use super::facts::{Facts, NEVER};
use crate::calls::Number;

/// What chance is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rate {
    Invite,
    Trying,
    Ringing,
    Final,
    Cancel,
    Bye,
}

const RATES: usize = 6;
/// Width of a bucket in microseconds.
const BUCKET: i64 = 2_000_000;
/// How far from one another events of a burst are, in microseconds.
const BURST: i64 = 50_000;
/// Events of a burst that are counted.
const MOST_NEAR: usize = 64;
/// Events per second that are assumed where fewer are seen.
const LEAST_RATE: f32 = 0.1;

/// Other numbers that there are beside those of a trace, however short it is.
pub(super) const UNSEEN: f32 = 16.0;

/// Counts of what a set of legs has.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    /// By bucket: what passed in it.
    passed: Buckets<[u32; RATES]>,
    /// By bucket: how often per second, in it and its neighbours, as a logarithm.
    rates: Buckets<[f32; RATES]>,
    /// By kind: when it happened to A legs, in order.
    times: [Vec<i64>; RATES],
    seen_delays: [Histogram; RATES],
    /// By kind: how long after the beginning of a call it happens.
    delays: Vec<Option<Density>>,
    /// By hash or end of a number: how many legs have it.
    values: HashMap<u64, u32>,
    /// Callers of A legs alone.
    callers: HashMap<u64, u32>,
    /// Max-Forwards of A legs.
    hops: HashMap<u64, u32>,
    pub(super) legs: u32,
    pub(super) a_legs: u32,
    /// When the last message passed.
    pub(super) end: i64,
}

fn bucket(time: i64) -> i64 {
    time.div_euclid(BUCKET)
}

/// By which numbers with other prefixes are found: their last seven digits.
pub(super) fn number_key(number: u64) -> u64 {
    let number = Number::from_packed(number);
    if number.is_digits() { number.digits() & 0xfff_ffff } else { number.packed() }
}

impl Traffic {
    pub(super) fn of(legs: &[Facts]) -> Self {
        // Most legs have some values that no other has.
        let mut traffic = Self { values: HashMap::with_capacity(legs.len() * 6), ..Self::default() };
        let first = legs.iter().map(|facts| facts.start).min().unwrap_or_default();
        let last = legs.iter().map(|facts| facts.times.last).max().unwrap_or_default();
        traffic.passed = Buckets::between(bucket(first) - 1, bucket(last) + 1, 1024 + 16 * legs.len());
        for facts in legs {
            traffic.add(facts);
        }
        traffic.smooth();
        traffic
    }

    /// Every pair asks for rates, so that they are made once.
    fn smooth(&mut self) {
        self.times.iter_mut().for_each(|times| times.sort_unstable());
        let learned = |seen: &Histogram| (seen.count > 0).then(|| Density::learned(seen, 1.0, 3.0, 5.0));
        self.delays = self.seen_delays.iter().map(learned).collect();
        let none = LEAST_RATE.ln();
        self.rates = self.passed.map(|bucket| {
            let mut sums = [0; RATES];
            for counts in (bucket - 1..=bucket + 1).filter_map(|bucket| self.passed.get(bucket)) {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            sums.map(|sum| if sum == 0 { none } else { (sum as f32 / 6.0).max(LEAST_RATE).ln() })
        });
    }

    fn add(&mut self, facts: &Facts) {
        self.legs += 1;
        let times = &facts.times;
        self.end = self.end.max(times.last);
        let passed = [
            (Rate::Invite, facts.start),
            (Rate::Trying, times.trying),
            (Rate::Ringing, times.ringing),
            (Rate::Final, times.answered.min(times.failed)),
            (Rate::Cancel, times.cancelled),
            (Rate::Bye, times.bye),
        ];
        for (rate, time) in passed.into_iter().filter(|&(_, time)| time != NEVER) {
            self.passed.at(bucket(time))[rate as usize] += 1;
            if !facts.is_b() {
                self.times[rate as usize].push(time);
                if matches!(rate, Rate::Ringing | Rate::Final | Rate::Cancel | Rate::Bye) {
                    self.seen_delays[rate as usize].add(time - began(rate, facts));
                }
            }
        }
        if facts.invited != facts.start {
            self.passed.at(bucket(facts.invited))[Rate::Invite as usize] += 1;
        }
        let numbers =
            facts.callers.as_slice().iter().chain(facts.callees.as_slice()).map(|&number| number_key(number));
        let hashes = [facts.sessions.as_slice(), facts.extensions.as_slice(), facts.copied.as_slice()];
        let mut seen = super::list::Few::<u64, 7>::default();
        numbers.for_each(|key| seen.add(key));
        for value in seen.as_slice().iter().copied().chain(hashes.into_iter().flatten().copied()) {
            *self.values.entry(value).or_default() += 1;
        }
        if !facts.is_b() {
            self.a_legs += 1;
            *self.hops.entry(facts.hops).or_default() += 1;
            facts
                .callers
                .as_slice()
                .iter()
                .for_each(|&n| *self.callers.entry(number_key(n)).or_default() += 1);
        }
    }

    /// How often it happens per second to other A legs within a few hundredths of a second, beside one that it happened to at
    /// `time`.
    pub(super) fn burst(&self, rate: Rate, time: i64) -> f32 {
        let times = &self.times[rate as usize];
        let from = times.partition_point(|&other| other < time - BURST);
        let near = times[from..].iter().take(MOST_NEAR).take_while(|&&other| other <= time + BURST).count();
        near.saturating_sub(1) as f32 * 1e6 / (2 * BURST) as f32
    }

    /// How often per second it happens, as long after the call's beginning as on `facts`, to calls that began when it did.
    pub(super) fn alike(&self, rate: Rate, facts: &Facts, time: i64) -> f32 {
        let delays = self.delays.get(rate as usize);
        delays.and_then(Option::as_ref).map_or(0.0, |delays| delays.at(time - began(rate, facts)).exp())
    }

    /// How often it happens per second around `time`, as a logarithm.
    pub(super) fn rate(&self, rate: Rate, time: i64) -> f32 {
        let rates = self.rates.get(bucket(time));
        rates.map_or(LEAST_RATE.ln(), |rates| rates[rate as usize])
    }

    /// Share of the legs that have this number, as a logarithm.
    pub(super) fn number_share(&self, number: u64) -> f32 {
        self.value_share(number_key(number))
    }

    /// The same where the number was named and is not that of whoever calls or is called most: a short trace has few others.
    pub(super) fn told_share(&self, number: u64) -> f32 {
        let count = self.values.get(&number_key(number)).copied().unwrap_or(1) as f32;
        log(count) - log(self.legs as f32 + UNSEEN)
    }

    /// Share of the legs that have this number, beside the two of a pair, as a logarithm.
    pub(super) fn others_share(&self, number: u64) -> f32 {
        let count = self.values.get(&number_key(number)).copied().unwrap_or(2) as f32;
        log((count - 1.5).max(0.5)) - log(self.legs as f32 + 1.0)
    }

    /// Share of the legs that have this hash, as a logarithm.
    pub(super) fn value_share(&self, value: u64) -> f32 {
        log(self.values.get(&value).copied().unwrap_or(1) as f32) - log(self.legs.max(1) as f32)
    }

    /// Share of the other A legs that have this caller, as a logarithm.
    pub(super) fn caller_share(&self, number: u64) -> f32 {
        let count = self.callers.get(&number_key(number)).copied().unwrap_or(0) as f32;
        log((count - 0.5).max(0.5)) - log(self.a_legs as f32 + 1.0)
    }

    /// Share of the A legs that have this Max-Forwards and 1.
    pub(super) fn hops_share(&self, hops: u64) -> f32 {
        let count = self.hops.get(&hops).copied().unwrap_or(1).max(1);
        count as f32 / self.a_legs.max(1) as f32
    }
}

/// Since when the time until it happens counts.
fn began(rate: Rate, facts: &Facts) -> i64 {
    if rate == Rate::Bye && facts.times.answered != NEVER { facts.times.answered } else { facts.start }
}
