//! Two A legs that FreeSWITCH connected with each other without a B leg: a parked call and the one who takes it; and callers of
//! one conference, who are offered.
//!
//! Such legs share little: the number that both called, the BYE that is passed on, and whom a phone was told to show. Only what
//! a phone was told together with the BYE joins.
//!
//! Must not know: how A and B legs are assigned.

use std::f32::consts::LN_2;

use super::facts::{Facts, NEVER};
use super::found::{Found, JOINED};
use super::groups::Groups;
use super::score::{Scorer, common};
use super::signal::{Findings, Signal};
use super::table::{Table, entry};
use super::traffic::{Rate, number_key};

const SECOND: i64 = 1_000_000;
/// Legs that are looked at for each number, the latest first.
const SHARING: usize = 8;
/// Odds against it before anything is known: most A legs without a B leg talk to an application.
const RARE: f32 = 2.0;
/// Odds of a pair for which not enough speaks to join it.
const MOST_OFFERED: f32 = 2.0;
/// Odds of two callers of one number who are connected at the same time.
const CONFERENCE: f32 = 0.5;

/// Answered A legs without a B leg.
struct Lonely<'a> {
    scorer: &'a Scorer<'a>,
    legs: &'a [Facts],
    by_callee: Table,
    by_caller: Table,
    /// By whom they were told to be connected to.
    by_told: Table,
}

/// Adds the pairs to `pairs`.
pub(super) fn add(scorer: &Scorer<'_>, legs: &[Facts], groups: &Groups, pairs: &mut Vec<Found>) {
    let alone: Vec<u32> = (0..legs.len() as u32)
        .filter(|&leg| {
            let facts = &legs[leg as usize];
            !facts.is_b() && facts.times.answered != NEVER && groups.get(leg).is_empty()
        })
        .collect();
    let table = |values: fn(&Facts) -> Vec<u64>| {
        let of = |&leg: &u32| values(&legs[leg as usize]).into_iter().map(move |n| entry(number_key(n), leg));
        Table::of(&alone.iter().flat_map(of).collect::<Vec<_>>())
    };
    let lonely = Lonely {
        scorer,
        legs,
        by_callee: table(|facts| callee(facts).into_iter().collect()),
        by_caller: table(|facts| facts.callers.as_slice().to_vec()),
        by_told: table(|facts| facts.told.as_slice().iter().map(|&(number, _)| number).collect()),
    };
    let mut is_taken = vec![false; legs.len()];
    for pair in pairs.iter() {
        is_taken[pair.a as usize] = true;
        is_taken[pair.b as usize] = true;
    }
    let free = alone.iter().filter(|&&leg| !is_taken[leg as usize]);
    pairs.extend(free.filter_map(|&leg| lonely.partner(leg)));
}

/// Whom a leg called.
fn callee(facts: &Facts) -> Option<u64> {
    facts.callees.as_slice().first().copied()
}

impl Lonely<'_> {
    /// The leg that `leg` was connected with.
    fn partner(&self, leg: u32) -> Option<Found> {
        let mut parked: Vec<(u32, Findings)> =
            self.candidates(leg).into_iter().map(|other| (other, self.parked(other, leg))).collect();
        parked.sort_by(|x, y| y.1.score.total_cmp(&x.1.score));
        let lead = parked.get(1).map_or(f32::INFINITY, |second| parked[0].1.score - second.1.score);
        let best = parked.into_iter().next().filter(|(_, found)| found.score.min(lead) > 0.0);
        let Some((other, found)) = best else { return self.conference(leg) };
        let odds = found.score.min(lead);
        Some(Found { a: other, b: leg, odds, proved: None, items: found.items })
    }

    /// Earlier legs of other callers that were still connected when `leg` was answered.
    fn candidates(&self, leg: u32) -> Vec<u32> {
        let facts = &self.legs[leg as usize];
        let before = |table: &Table, number: u64| -> Vec<u32> {
            table.before(number_key(number), leg).take(SHARING).collect()
        };
        let told = facts.told.as_slice().iter().map(|&(number, _)| number);
        let mut all: Vec<u32> = callee(facts).into_iter().flat_map(|n| before(&self.by_callee, n)).collect();
        all.extend(told.flat_map(|n| before(&self.by_caller, n)));
        all.extend(facts.callers.as_slice().iter().flat_map(|&n| before(&self.by_told, n)));
        all.sort_unstable();
        all.dedup();
        all.retain(|&other| are_connected_at_once(&self.legs[other as usize], facts));
        all
    }

    /// What speaks for `leg` having taken the call that waited on `other`.
    fn parked(&self, other: u32, leg: u32) -> Findings {
        let (waiting, taker) = (&self.legs[other as usize], &self.legs[leg as usize]);
        let mut found = Findings::default();
        found.add(Signal::Against, -RARE, 0);
        if let Some(number) = callee(taker).filter(|_| same_callee(waiting, taker)) {
            let weight = -self.scorer.traffic.others_share(number);
            found.add(Signal::Together, weight.clamp(0.0, 3.0), number);
        }
        let bye = self.bye(waiting, taker, &mut found);
        let told = self.told(waiting, taker, &mut found) + self.told(taker, waiting, &mut found);
        if bye <= 0.0 || told <= 0.0 {
            found.score = found.score.min(MOST_OFFERED.min(JOINED));
            // The number alone is what a conference has, too.
            if bye <= 0.0 && told <= 0.0 {
                found.score = found.score.min(0.0);
            }
        }
        found
    }

    /// Whether one was told, after both were there, to be connected to who is on the other, whom it did not call.
    fn told(&self, one: &Facts, other: &Facts, found: &mut Findings) -> f32 {
        let since = one.first.max(other.first);
        let told: Vec<u64> =
            one.told.as_slice().iter().filter(|(_, at)| *at >= since).map(|&(number, _)| number).collect();
        let party = common(other.callers.as_slice(), &told)
            .filter(|&number| common(&[number], one.callees.as_slice()).is_none());
        let Some(number) = party else { return 0.0 };
        let weight = (-self.scorer.traffic.caller_share(number)).clamp(0.0, 7.0);
        found.add(Signal::Party, weight, number);
        weight
    }

    /// Whether FreeSWITCH ended one because the other had ended.
    fn bye(&self, one: &Facts, other: &Facts, found: &mut Findings) -> f32 {
        let (x, y) = (&one.times, &other.times);
        let (first, second) = if x.bye <= y.bye { (x, y) } else { (y, x) };
        if first.bye == NEVER {
            return 0.0;
        }
        let gap = second.bye.saturating_sub(first.bye);
        let is_passed_on = !first.bye_sent && second.bye_sent && gap < 3 * SECOND;
        let rate = LN_2 + self.scorer.traffic.rate(Rate::Bye, first.bye);
        let weight = if is_passed_on {
            (self.scorer.model.density(Signal::Bye, gap) - rate).clamp(-4.0, 7.0)
        } else {
            -4.0
        };
        found.add(Signal::Bye, weight, if is_passed_on { gap.max(1).unsigned_abs() } else { 0 });
        weight
    }

    /// The latest caller of the same number with whom `leg` was connected most of the time of one of them.
    fn conference(&self, leg: u32) -> Option<Found> {
        let facts = &self.legs[leg as usize];
        let number = callee(facts)?;
        let before = self.by_callee.before(number_key(number), leg).take(SHARING);
        let mut together = before.filter(|&other| {
            let other = &self.legs[other as usize];
            same_callee(other, facts) && are_connected_at_once(other, facts) && is_long(other, facts)
        });
        let other = together.next()?;
        let mut found = Findings::default();
        found.add(Signal::Together, CONFERENCE, number);
        Some(Found { a: other, b: leg, odds: CONFERENCE, proved: None, items: found.items })
    }
}

fn same_callee(one: &Facts, other: &Facts) -> bool {
    callee(one).is_some() && callee(one) == callee(other) && one.source == other.source
}

/// Whether legs of two callers were connected at the same time; `one` came first.
fn are_connected_at_once(one: &Facts, other: &Facts) -> bool {
    let is_same_caller = one.peer == other.peer && one.callers.shared(&other.callers).next().is_some();
    !is_same_caller && one.over() > other.times.answered && other.over() > one.times.answered
}

/// Whether they were connected for more than half of the shorter one's time.
fn is_long(one: &Facts, other: &Facts) -> bool {
    let end = |facts: &Facts| facts.over().min(one.times.last.max(other.times.last));
    let length = |facts: &Facts| end(facts) - facts.times.answered;
    let both = end(one).min(end(other)) - one.times.answered.max(other.times.answered);
    both > SECOND && 2 * both > length(one).min(length(other))
}
