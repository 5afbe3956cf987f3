//! Pairs that no INVITE on an A leg made: transfers, pickups, and messages that FreeSWITCH sent to itself.
//!
//! Must not know: how A and B legs are assigned.

use std::f32::consts::LN_2;

use super::facts::{Facts, NEVER, ReferFacts};
use super::found::Found;
use super::groups::Groups;
use super::index::{Index, NEAR};
use super::score::{Scorer, common};
use super::signal::{Item, Signal};
use super::traffic::Rate;

const SECOND: i64 = 1_000_000;
/// Odds of a pair that a protocol field proves.
const PROVEN: f32 = 12.0;

/// After a REFER FreeSWITCH calls within this time.
const REFERRED: i64 = 2 * SECOND;

/// The legs, and who is connected with whom.
struct Connected<'a> {
    legs: &'a [Facts],
    partners: Groups,
    /// When a REFER came, and on which leg.
    refers: Vec<(i64, u32)>,
}

/// Adds the pairs to `pairs`; a B leg that a REFER asked for gets the leg that was transferred.
pub(super) fn add(
    scorer: &Scorer<'_>,
    legs: &[Facts],
    index: &Index,
    groups: &Groups,
    pairs: &mut Vec<Found>,
) {
    let both: Vec<_> = groups.pairs().flat_map(|(a, b)| [(a, b), (b, a)]).collect();
    let partners = Groups::of(legs.len(), &both);
    let of = |(leg, facts): (usize, &Facts)| {
        facts.refers.iter().map(|refer| (refer.time, leg as u32)).collect::<Vec<_>>()
    };
    let mut refers: Vec<(i64, u32)> = legs.iter().enumerate().flat_map(of).collect();
    refers.sort_unstable();
    let connected = Connected { legs, partners, refers };
    for (position, facts) in legs.iter().enumerate() {
        for refer in &facts.refers {
            connected.refer(scorer, index, position as u32, refer, pairs);
        }
        connected.replaced(index, position as u32, pairs);
        connected.same_message(index, position as u32, pairs);
    }
    connected.pickups(scorer, pairs);
}

impl Connected<'_> {
    fn leg(&self, position: u32) -> &Facts {
        &self.legs[position as usize]
    }

    /// The one leg that `leg` talks to at `time`.
    fn talks_to(&self, leg: u32, time: i64) -> Option<u32> {
        let mut live = self.partners.get(leg).iter().copied().filter(|&other| {
            let times = &self.leg(other).times;
            times.answered <= time && times.bye >= time
        });
        let first = live.next()?;
        live.next().is_none().then_some(first)
    }

    /// The leg with this Call-ID, if there is one alone.
    fn only(&self, index: &Index, call_id: u64) -> Option<u32> {
        let mut named = index.named(call_id).filter(|&leg| self.leg(leg).own == call_id);
        let first = named.next();
        first.filter(|_| named.next().is_none())
    }

    fn refer(
        &self,
        scorer: &Scorer<'_>,
        index: &Index,
        leg: u32,
        refer: &ReferFacts,
        pairs: &mut Vec<Found>,
    ) {
        let Some(left) = self.talks_to(leg, refer.time) else { return };
        if refer.replaces == 0 {
            self.blind(scorer, left, refer, pairs);
            return;
        }
        let Some(consultation) = self.only(index, refer.replaces) else {
            self.elsewhere(left, refer, pairs);
            return;
        };
        let Some(other) = self.talks_to(consultation, refer.time).filter(|&other| other != left) else {
            return;
        };
        pairs.push(proven(left, other, Signal::Replaces, refer.time));
    }

    /// The call that is to be replaced is at another server: FreeSWITCH sent it an INVITE with the same Replaces.
    fn elsewhere(&self, left: u32, refer: &ReferFacts, pairs: &mut Vec<Found>) {
        let begin = self.legs.partition_point(|facts| facts.start <= refer.time);
        let within = self.legs[begin..].iter().take_while(|facts| facts.start < refer.time + REFERRED);
        let mut called = within.enumerate().filter(|(_, b)| b.is_b() && b.replaces == refer.replaces);
        if let (Some((offset, _)), None) = (called.next(), called.next()) {
            let b = (begin + offset) as u32;
            pairs.retain(|pair| pair.b != b);
            pairs.push(proven(left, b, Signal::Replaces, refer.time));
        }
    }

    /// FreeSWITCH called whom the REFER names.
    fn blind(&self, scorer: &Scorer<'_>, left: u32, refer: &ReferFacts, pairs: &mut Vec<Found>) {
        let begin = self.legs.partition_point(|facts| facts.start <= refer.time);
        let within = self.legs[begin..].iter().take_while(|facts| facts.start < refer.time + REFERRED);
        let called = within.enumerate().filter(|(_, facts)| facts.is_b());
        let mut found: Vec<(f32, u32)> = called
            .map(|(offset, b)| (self.referred(scorer, left, refer, b), (begin + offset) as u32))
            .collect();
        found.sort_by(|x, y| y.0.total_cmp(&x.0));
        let Some(&(odds, b)) = found.first() else { return };
        let lead = found.get(1).map_or(odds, |second| odds - second.0);
        let odds = odds.min(lead).min(odds - self.other_refers(scorer, refer, b));
        if odds < 3.0 || b == left {
            return;
        }
        let gap = (self.leg(b).start - refer.time).max(1).unsigned_abs();
        // What was found for this leg before came from the call that it continues.
        pairs.retain(|pair| pair.b != b);
        let items = vec![Item { signal: Signal::Refer, weight: odds, value: gap }];
        pairs.push(Found { a: left, b, odds, proved: Some(refer.time), items });
    }

    /// Odds that FreeSWITCH called B because of the REFER.
    fn referred(&self, scorer: &Scorer<'_>, left: u32, refer: &ReferFacts, b: &Facts) -> f32 {
        let gap = b.start - refer.time;
        let time = scorer.model.density(Signal::Refer, gap) - scorer.traffic.rate(Rate::Invite, b.start);
        let called = common(&[refer.to], b.callees.as_slice());
        let called = called.map_or(-1.0, |number| -scorer.traffic.number_share(number));
        let transferred = self.leg(left);
        let party =
            if transferred.is_b() { transferred.callees.as_slice() } else { transferred.callers.as_slice() };
        let party = if common(party, b.callers.as_slice()).is_some() { 2.0 } else { 0.0 };
        time + called + party + referrer(refer, b)
    }

    /// The best odds that another REFER than `refer` has for B: that B follows one says little where it follows another as well.
    fn other_refers(&self, scorer: &Scorer<'_>, refer: &ReferFacts, b: u32) -> f32 {
        let b = self.leg(b);
        let end = self.refers.partition_point(|(time, _)| *time < b.start);
        let recent = self.refers[..end].iter().rev().take_while(|(time, _)| *time > b.start - REFERRED);
        let others = recent.filter_map(|&(time, leg)| Some((leg, self.talks_to(leg, time)?, time)));
        let odds = others.flat_map(|(leg, left, time)| {
            let here =
                self.leg(leg).refers.iter().filter(move |other| other.time == time && other.replaces == 0);
            here.filter(|other| !std::ptr::eq(*other, refer))
                .map(move |other| self.referred(scorer, left, other, b))
        });
        odds.fold(0.0, f32::max)
    }

    /// An INVITE with Replaces takes the place of a leg: what that leg talked to, or the call that was ringing there.
    fn replaced(&self, index: &Index, leg: u32, pairs: &mut Vec<Found>) {
        let facts = self.leg(leg);
        if facts.replaces == 0 || facts.is_b() {
            return;
        }
        let Some(taken) = self.only(index, facts.replaces) else { return };
        let partners = self.partners.get(taken);
        let live = |&&other: &&u32| other != leg && self.leg(other).over() >= facts.start;
        let mut live = partners.iter().filter(live);
        if let (Some(&other), None) = (live.next(), live.next()) {
            pairs.push(proven(leg, other, Signal::Replaces, facts.start));
        }
    }

    /// The same INVITE sent on one profile and received on another.
    fn same_message(&self, index: &Index, leg: u32, pairs: &mut Vec<Found>) {
        let facts = self.leg(leg);
        if facts.is_b() {
            return;
        }
        // The message was received when it was sent.
        let same = index.named(facts.own).skip_while(|&other| other + NEAR as u32 + 1 < leg);
        for other in same.take(2 * NEAR).filter(|&other| other != leg && self.leg(other).own == facts.own) {
            let sent = self.leg(other);
            if sent.is_b() && sent.branches.shared(&facts.branches).next().is_some() {
                pairs.push(proven(other, leg, Signal::SameMessage, facts.start));
            }
        }
    }

    /// A call that a colleague takes: its A leg has no B leg that was answered, and is answered with another A leg that has
    /// none at all; both end together, and the B legs that rang are cancelled at that moment.
    fn pickups(&self, scorer: &Scorer<'_>, pairs: &mut Vec<Found>) {
        let is_alone = |leg: &u32| {
            let facts = self.leg(*leg);
            !facts.is_b() && facts.times.answered != NEVER && self.partners.get(*leg).is_empty()
        };
        let alone = (0..self.legs.len() as u32).filter(is_alone);
        let mut alone: Vec<(i64, u32)> = alone.map(|leg| (self.leg(leg).times.answered, leg)).collect();
        alone.sort_unstable();
        for caller in (0..self.legs.len() as u32).filter(|&leg| self.can_be_picked_up(leg)) {
            let facts = self.leg(caller);
            let from = alone.partition_point(|&(time, _)| time <= facts.times.answered - SECOND / 2);
            let within =
                alone[from..].iter().take_while(|&&(time, _)| time < facts.times.answered + SECOND / 2);
            let later = within.filter(|&&(_, leg)| self.leg(leg).start > facts.start);
            let found: Vec<_> =
                later.filter_map(|&(_, leg)| Some((leg, self.taken_over(scorer, caller, leg)?))).collect();
            if let [(colleague, (odds, gap))] = found[..] {
                let items = vec![Item { signal: Signal::Bye, weight: odds, value: gap }];
                pairs.push(Found { a: colleague, b: caller, odds, proved: None, items });
            }
        }
    }

    fn can_be_picked_up(&self, leg: u32) -> bool {
        let facts = self.leg(leg);
        let rang = self.partners.get(leg);
        if rang.is_empty() || facts.is_b() || facts.times.answered == NEVER {
            return false;
        }
        let answered = facts.times.answered;
        let mut cancelled = rang.iter().map(|&b| &self.leg(b).times);
        cancelled.all(|b| b.answered == NEVER)
            && rang.iter().any(|&b| (self.leg(b).times.cancelled.saturating_sub(answered)).abs() < SECOND / 2)
    }

    fn taken_over(&self, scorer: &Scorer<'_>, caller: u32, colleague: u32) -> Option<(f32, u64)> {
        let (x, y) = (&self.leg(caller).times, &self.leg(colleague).times);
        let (first, second) = if x.bye <= y.bye { (x, y) } else { (y, x) };
        if second.bye == NEVER || first.bye_sent || !second.bye_sent {
            return None;
        }
        let gap = second.bye - first.bye;
        let odds =
            scorer.model.density(Signal::Bye, gap) - (LN_2 + scorer.traffic.rate(Rate::Bye, second.bye));
        let together = scorer.model.density(Signal::Answer, (x.answered - y.answered).abs());
        let odds = odds + together - scorer.traffic.rate(Rate::Final, x.answered);
        (odds > 0.0).then_some((odds, gap.max(1).unsigned_abs()))
    }
}

/// What the two Referred-By say: FreeSWITCH passes the one of the REFER on (RFC 3892 §2.2), or writes none.
fn referrer(refer: &ReferFacts, b: &Facts) -> f32 {
    match (refer.by, b.referred_by) {
        (0, _) | (_, 0) => 0.0,
        (one, other) if one == other => 3.0,
        _ => -3.0,
    }
}

fn proven(a: u32, b: u32, signal: Signal, time: i64) -> Found {
    Found { a, b, odds: PROVEN, proved: Some(time), items: vec![Item { signal, weight: PROVEN, value: 1 }] }
}
