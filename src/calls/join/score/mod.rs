//! How much speaks for an A leg and a B leg being one call: a sum of logarithms of odds, one for each signal.
//!
//! Each signal compares how likely its finding is for two legs of one call with how likely it is by chance. What the trace has
//! not taught weighs little; what many legs share weighs little; no signal is required.
//!
//! - `start`: what caused B's INVITE;
//! - `passed_on`: ringing, final responses, CANCEL and BYE, which one leg gets from the other;
//! - `shared`: numbers, Max-Forwards, and what was copied or names the other leg;
//! - `burst`: how much less a time says while much else goes on;
//! - `compatible`: whether two B legs can have one A leg.
//!
//! Must not know: other pairs.

mod burst;
mod compatible;
mod passed_on;
mod shared;
mod start;

pub(super) use compatible::are_compatible;
pub(super) use shared::common;

use super::facts::Facts;
use super::model::{Model, Route};
use super::signal::{Findings, Signal};
use super::traffic::Traffic;

const SECOND: i64 = 1_000_000;

/// Scores pairs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scorer<'a> {
    pub(super) model: &'a Model,
    pub(super) traffic: &'a Traffic,
}

/// Two legs that may be one call, and the other B legs of the A leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) a: &'a Facts,
    pub(super) b: &'a Facts,
    pub(super) siblings: &'a [&'a Facts],
}

impl Candidate<'_> {
    const fn route(&self) -> Route {
        (self.a.source, self.b.source)
    }

    /// Whether A is not yet answered when B begins.
    fn is_direct(&self) -> bool {
        self.a.times.answered > self.b.start
    }
}

/// Whether B begins while A goes on and may still be connected.
pub(super) fn is_possible(a: &Facts, b: &Facts) -> bool {
    let is_open = b.start >= a.start && a.open_until() >= b.start;
    is_open && !a.is_b() && a.branches.shared(&b.branches).next().is_none()
}

impl Scorer<'_> {
    /// Collects all evidence; `false` where a contradiction forbids the pair.
    pub(super) fn score(&self, pair: &Candidate<'_>, found: &mut Findings) -> bool {
        found.clear();
        if !is_possible(pair.a, pair.b) || !self.outcome(pair, found) {
            return false;
        }
        let route = self.model.shares(pair.route());
        let is_late = self.start(pair, route, found);
        self.cancel(pair, found);
        self.ringing(pair, found);
        self.bye(pair, found);
        self.numbers(pair, route, found);
        self.hops(pair, route, is_late, found);
        self.copies(pair, route, found);
        true
    }

    /// Weight of something that is passed on after `micros`; `rate`: how often by chance per second, as a logarithm.
    fn latency(&self, signal: Signal, micros: i64, rate: f32) -> f32 {
        self.model.density(signal, micros) - rate
    }
}
