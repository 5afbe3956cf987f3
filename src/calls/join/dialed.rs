//! Two B legs that FreeSWITCH connected: it called one peer by itself, and the other one when that had answered (click to dial,
//! callback).
//!
//! Must not know: how A and B legs are assigned.

use std::f32::consts::LN_2;

use hashbrown::HashMap;

use super::facts::{Facts, NEVER};
use super::found::{Found, JOINED};
use super::score::{Scorer, common};
use super::signal::{Findings, Signal};
use super::traffic::Rate;

const SECOND: i64 = 1_000_000;
/// The second peer is called within this time after the first one answered.
const WITHIN: i64 = 2 * SECOND;
/// Legs before a leg that are looked at.
const LATEST: usize = 16;
/// Odds against it before anything is known: the A leg of most B legs without one is missing in the trace.
const RARE: f32 = 4.0;
/// Odds of a pair for which not enough speaks to join it.
const MOST_OFFERED: f32 = 2.0;

/// Adds the pairs of B legs that have no A leg, or a less likely one.
pub(super) fn add(scorer: &Scorer<'_>, legs: &[Facts], fixed: &HashMap<u32, u32>, pairs: &mut Vec<Found>) {
    // How well each leg is explained by another one.
    let mut known = vec![f32::NEG_INFINITY; legs.len()];
    fixed.keys().for_each(|&b| known[b as usize] = f32::INFINITY);
    for pair in pairs.iter() {
        known[pair.b as usize] = known[pair.b as usize].max(pair.odds);
    }
    let is_free = |leg: &u32| legs[*leg as usize].is_b() && known[*leg as usize] < JOINED;
    let free: Vec<u32> = (0..legs.len() as u32).filter(is_free).collect();
    let answered = |&leg: &u32| (legs[leg as usize].times.answered, leg);
    let mut first: Vec<(i64, u32)> = free.iter().map(answered).filter(|(time, _)| *time != NEVER).collect();
    first.sort_unstable();
    for &b in &free {
        let Some(found) = best(scorer, legs, &first, b) else { continue };
        if found.odds > known[b as usize].max(0.0) {
            pairs.retain(|pair| pair.b != b);
            pairs.push(found);
        }
    }
}

/// The leg whose answer made FreeSWITCH call `b`, of those that were answered when.
fn best(scorer: &Scorer<'_>, legs: &[Facts], answered: &[(i64, u32)], b: u32) -> Option<Found> {
    let start = legs[b as usize].start;
    let end = answered.partition_point(|&(time, _)| time <= start);
    let recent = answered[..end].iter().rev().take(LATEST).take_while(|(time, _)| *time > start - WITHIN);
    let live = recent.filter(|&&(_, first)| first != b && legs[first as usize].over() > start);
    let mut found: Vec<(u32, Findings)> =
        live.map(|&(_, first)| (first, dialed(scorer, &legs[first as usize], &legs[b as usize]))).collect();
    found.sort_by(|x, y| y.1.score.total_cmp(&x.1.score));
    let lead = found.get(1).map_or(f32::INFINITY, |second| found[0].1.score - second.1.score);
    let (a, best) = found.into_iter().next()?;
    Some(Found { a, b, odds: best.score.min(lead), proved: None, items: best.items })
}

/// What speaks for FreeSWITCH having called `second` when `first` answered.
fn dialed(scorer: &Scorer<'_>, first: &Facts, second: &Facts) -> Findings {
    let mut found = Findings::default();
    found.add(Signal::Against, -RARE, 0);
    let gap = second.start - first.times.answered;
    let weight = scorer.model.density(Signal::Start, gap) - scorer.traffic.rate(Rate::Invite, second.start);
    found.add(Signal::Dialed, weight.clamp(-5.0, 6.0), gap.max(1).unsigned_abs());
    let parties = parties(scorer, first, second, &mut found);
    let end = end(scorer, first, second, &mut found);
    if parties <= 1.0 || end < 0.0 {
        found.score = found.score.min(MOST_OFFERED);
    }
    found
}

/// Whether one leg shows whom the other one reaches.
fn parties(scorer: &Scorer<'_>, first: &Facts, second: &Facts, found: &mut Findings) -> f32 {
    let told: Vec<u64> = first.told.as_slice().iter().map(|&(number, _)| number).collect();
    let shown = [
        common(second.callees.as_slice(), &told),
        common(second.callees.as_slice(), first.callers.as_slice()),
        common(first.callees.as_slice(), second.callers.as_slice()),
    ];
    let mut all = 0.0;
    for number in shown.into_iter().flatten() {
        let weight = (-scorer.traffic.others_share(number)).clamp(0.0, 5.0);
        found.add(Signal::Party, weight, number);
        all += weight;
    }
    all
}

/// Whether both end together.
fn end(scorer: &Scorer<'_>, first: &Facts, second: &Facts, found: &mut Findings) -> f32 {
    let (x, y) = (&first.times, &second.times);
    let weight = if y.answered == NEVER {
        // Nobody is left for the first peer.
        let is_left = y.failed == NEVER || x.bye.saturating_sub(y.cancelled.min(y.failed)) < 10 * SECOND;
        if is_left { 0.0 } else { -2.0 }
    } else if x.bye == NEVER && y.bye == NEVER {
        0.0
    } else {
        let (one, other) = if x.bye <= y.bye { (x, y) } else { (y, x) };
        let gap = other.bye.saturating_sub(one.bye);
        let is_passed_on = !one.bye_sent && other.bye_sent && gap < 3 * SECOND;
        let rate = LN_2 + scorer.traffic.rate(Rate::Bye, one.bye);
        if is_passed_on {
            let weight = (scorer.model.density(Signal::Bye, gap) - rate).clamp(-4.0, 7.0);
            found.add(Signal::Bye, weight, gap.max(1).unsigned_abs());
            return weight;
        }
        if one.bye_sent && gap < 3 * SECOND { 0.0 } else { -6.0 }
    };
    found.add(Signal::Against, weight, 0);
    weight
}
