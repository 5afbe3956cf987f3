//! The legs that a ladder shows: those of a call, those that may belong to it, and what the user joined or took out.
//!
//! Must not know: arrows, drawing, how legs are joined.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::calls::{Calls, Handle, LegIdx, LegRef, steps};
use crate::store::{CallIdx, MessageIdx, Snapshot};

use super::{Ladder, LegName};

/// Legs of a call that are drawn at most.
const MOST_LEGS: usize = 200;

/// What the user joined and took out by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    joined: Vec<(LegIdx, LegIdx)>,
    removed: Vec<LegIdx>,
    /// The legs that were joined, taken out or put back in this run.
    changed: BTreeSet<LegIdx>,
    /// How often anything was changed in this run.
    changes: usize,
}

/// What the user decided about a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is joined with this one.
    Joined(LegIdx),
    /// It is taken out of its call.
    TakenOut,
}

impl Links {
    /// Joins a leg with another one.
    pub fn join(&mut self, one: LegIdx, other: LegIdx) {
        self.apply(other, Decision::Joined(one));
        self.change(other);
    }

    /// Takes a leg out of its call.
    pub fn remove(&mut self, leg: LegIdx) {
        let with_it = self.joined.iter().filter(|(one, _)| *one == leg).map(|(_, other)| *other);
        self.changed.extend(with_it);
        self.apply(leg, Decision::TakenOut);
        self.change(leg);
    }

    fn change(&mut self, leg: LegIdx) {
        self.changed.insert(leg);
        self.changes += 1;
    }

    fn apply(&mut self, leg: LegIdx, decision: Decision) {
        self.removed.retain(|other| *other != leg);
        match decision {
            Decision::Joined(one) => self.joined.push((one, leg)),
            Decision::TakenOut => {
                self.joined.retain(|(one, other)| *one != leg && *other != leg);
                self.removed.push(leg);
            }
        }
    }

    /// Takes what was decided in an earlier run, unless the user has decided about the leg again.
    pub fn recall(&mut self, leg: LegIdx, decision: Decision) {
        let is_new = !self.changed.contains(&leg) && self.decision(leg) != Some(decision);
        // The other leg was taken out in this run.
        let is_possible = !matches!(decision, Decision::Joined(one) if self.removed.contains(&one));
        if is_new && is_possible {
            self.apply(leg, decision);
        }
    }

    /// What is decided about a leg now.
    pub fn decision(&self, leg: LegIdx) -> Option<Decision> {
        if self.removed.contains(&leg) {
            return Some(Decision::TakenOut);
        }
        self.joined.iter().rev().find(|(_, other)| *other == leg).map(|(one, _)| Decision::Joined(*one))
    }

    /// What was changed in this run: legs, and what is decided about each of them now.
    pub fn changed(&self) -> impl Iterator<Item = (LegIdx, Option<Decision>)> {
        self.changed.iter().map(|leg| (*leg, self.decision(*leg)))
    }

    /// How often anything was changed in this run.
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Whether the user joined and took out nothing.
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.removed.is_empty()
    }

    /// The legs that were taken out.
    pub fn removed(&self) -> &[LegIdx] {
        &self.removed
    }

    /// The pairs that were joined.
    pub fn joined(&self) -> &[(LegIdx, LegIdx)] {
        &self.joined
    }

    /// Whether a leg was taken out.
    pub fn has_removed(&self) -> bool {
        !self.removed.is_empty()
    }

    /// The same messages with calls that are as the user decided; `None` where no one built calls.
    pub fn applied_to(&self, snapshot: &Snapshot) -> Option<Snapshot> {
        let decided = Calls::of(snapshot)?.decided(&self.removed, &self.joined);
        let mut snapshot = snapshot.clone();
        snapshot.legs = Some(Arc::new(decided));
        Some(snapshot)
    }

    /// Puts back the leg that was taken out last.
    pub fn restore(&mut self) -> Option<LegIdx> {
        let leg = self.removed.pop()?;
        self.change(leg);
        Some(leg)
    }

    fn of(&self, leg: LegIdx) -> impl Iterator<Item = LegIdx> {
        let other = move |(one, other): &(LegIdx, LegIdx)| match leg {
            leg if leg == *one => Some(*other),
            leg if leg == *other => Some(*one),
            _ => None,
        };
        self.joined.iter().filter_map(other)
    }
}

/// Why a leg is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// Its Call-ID is the one whose ladder it is.
    Own,
    /// It is joined.
    Joined,
    /// It is joined by hand.
    ByHand,
    /// It may belong to the call, which is not certain enough.
    Offered,
}

/// A leg of a ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Which one.
    pub leg: LegIdx,
    /// Why it is shown.
    pub tie: Tie,
    /// The leg that it is paired with.
    pub with: Option<LegIdx>,
    /// How certain the pair is, 0 to 1.
    pub score: f32,
    /// Why they are a pair, in words.
    pub reasons: Vec<String>,
}

/// The legs of a Call-ID.
pub fn legs_of(calls: &Calls, call_id: CallIdx) -> Vec<LegIdx> {
    let leg = |handle| match handle {
        Handle::Leg(leg) => Some(leg),
        Handle::Dialog(_) => None,
    };
    calls.of_call_id(call_id).filter_map(leg).collect()
}

/// The legs of the call to which a Call-ID belongs, in the order of their first messages; empty without a leg.
pub fn members_of(calls: &Calls, call_id: CallIdx, links: &Links) -> Vec<Member> {
    let own = legs_of(calls, call_id).into_iter();
    let own = own.map(|leg| Member { leg, tie: Tie::Own, with: None, score: 1.0, reasons: Vec::new() });
    let mut members: Vec<Member> = own.collect();
    let mut at = 0;
    while at < members.len() && members.len() < MOST_LEGS {
        let leg = members[at].leg;
        at += 1;
        add_pairs(&mut members, (calls, links), leg, Tie::Joined);
        for other in links.of(leg).collect::<Vec<_>>() {
            if members.iter().all(|member| member.leg != other) {
                let with = Some(leg);
                members.push(Member { leg: other, tie: Tie::ByHand, with, score: 1.0, reasons: Vec::new() });
            }
        }
    }
    for at in 0..members.len() {
        let leg = members[at].leg;
        add_pairs(&mut members, (calls, links), leg, Tie::Offered);
    }
    members.sort_by_key(|member| member.leg);
    members
}

/// How many legs of the call are not among its members: `… 63 more legs are not drawn`. Empty if all are.
pub fn undrawn(calls: &Calls, members: &[Member]) -> String {
    let Some(first) = members.first().filter(|_| members.len() >= MOST_LEGS) else { return String::new() };
    let known = |leg: &LegIdx| members.binary_search_by_key(leg, |member| member.leg).is_ok();
    match calls.joins().legs_of(first.leg).iter().filter(|leg| !known(leg)).count() {
        0 => String::new(),
        1 => "… 1 more leg is not drawn".to_owned(),
        more => format!("… {more} more legs are not drawn"),
    }
}

fn add_pairs(members: &mut Vec<Member>, (calls, links): (&Calls, &Links), leg: LegIdx, tie: Tie) {
    let joins = calls.joins();
    if links.removed.contains(&leg) {
        return;
    }
    for pair in joins.pairs_of(leg).filter(|pair| pair.is_joined() == (tie == Tie::Joined)) {
        let other = pair.other(leg);
        if members.len() >= MOST_LEGS {
            return;
        }
        if links.removed.contains(&other) || members.iter().any(|member| member.leg == other) {
            continue;
        }
        let (tie, reasons) =
            if pair.is_by_hand() { (Tie::ByHand, Vec::new()) } else { (tie, joins.reasons(pair)) };
        members.push(Member { leg: other, tie, with: Some(leg), score: pair.score(), reasons });
    }
}

/// The letter of a leg by its position: `A`, `B`, … `Z`, `a`, … `z`, then `*`.
pub fn letter(position: usize) -> char {
    let number = u8::try_from(position).unwrap_or(u8::MAX);
    match number {
        0..26 => char::from(b'A' + number),
        26..52 => char::from(b'a' + number - 26),
        _ => '*',
    }
}

/// The name of a leg on the ladder: its letter, with a question mark where it is only offered.
pub fn name_of(members: &[Member], leg: LegIdx) -> Option<String> {
    let position = members.iter().position(|member| member.leg == leg)?;
    let mark = if members[position].tie == Tie::Offered { "?" } else { "" };
    Some(format!("{}{mark}", letter(position)))
}

/// The messages of all these legs, ascending.
pub fn rows_of(snapshot: &Snapshot, calls: &Calls, members: &[Member]) -> Vec<MessageIdx> {
    let legs = members.iter().filter_map(|member| calls.leg_ref(snapshot, member.leg));
    let mut rows: Vec<MessageIdx> = legs.flat_map(|leg: LegRef<'_>| leg.messages()).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

impl Ladder {
    /// Gives each arrow and each peer the names of their legs. A label begins with the name only where a peer has several legs.
    pub fn name_legs(&mut self, snapshot: &Snapshot, members: &[Member]) {
        let Some(calls) = Calls::of(snapshot) else { return };
        let mut ends = Vec::with_capacity(self.arrows.len());
        for arrow in &mut self.arrows {
            let from_us = self.columns.get(arrow.from).is_some_and(|column| column.ours);
            let peer = if from_us { arrow.to } else { arrow.from };
            let Some(name) = name_of_row(snapshot, calls, members, arrow.row) else { continue };
            arrow.leg = Some(name.number);
            if let Some(column) = self.columns.get_mut(peer)
                && !column.legs.contains(&name)
            {
                column.legs.push(name.clone());
            }
            ends.push((arrow.row, peer, name));
        }
        for (row, peer, name) in ends {
            let is_shared = self.columns.get(peer).is_some_and(|column| column.legs.len() > 1);
            let at = self.arrow_of(row).filter(|_| is_shared);
            if let Some(arrow) = at.and_then(|at| self.arrows.get_mut(at)) {
                arrow.label.insert_str(0, &format!("{} ", name.text));
                arrow.name_len = name.text.len();
            }
        }
        self.find_passed_on(snapshot, calls, members);
    }

    /// Finds the messages that FreeSWITCH passed on from one profile to another one.
    fn find_passed_on(&mut self, snapshot: &Snapshot, calls: &Calls, members: &[Member]) {
        let pairs = members.iter().filter_map(|member| Some((member.with?, member.leg)));
        let passed = pairs.flat_map(|(one, other)| steps(snapshot, calls, one, other));
        for (received, sent) in passed.filter_map(|step| Some((step.left.1?, step.right.1?))) {
            let (Some(from), Some(at)) = (self.arrow_of(received), self.arrow_of(sent)) else { continue };
            let (came_in, went_out) = (self.arrows[from].to, self.arrows[at].from);
            let is_ours = |column: usize| self.columns.get(column).is_some_and(|column| column.ours);
            if is_ours(came_in) && is_ours(went_out) && from < at && went_out != came_in {
                self.arrows[at].passed_from = Some(came_in);
            }
        }
    }
}

fn name_of_row(snapshot: &Snapshot, calls: &Calls, members: &[Member], row: MessageIdx) -> Option<LegName> {
    let Handle::Leg(leg) = calls.of_row(snapshot.row(row)?.row)? else { return None };
    let number = members.iter().position(|member| member.leg == leg)?;
    Some(LegName { number: u8::try_from(number).unwrap_or(u8::MAX), text: name_of(members, leg)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 25, 26, 51, 52, 9999].map(letter), ['A', 'Z', 'a', 'z', '*', '*']);
    }

    #[test]
    fn what_was_taken_out_can_be_put_back() {
        let mut links = Links::default();
        links.join(1, 2);
        assert_eq!(links.of(2).collect::<Vec<_>>(), [1]);
        links.remove(2);
        assert_eq!((links.of(1).count(), links.restore(), links.restore()), (0, Some(2), None));
        assert_eq!(links.changed().collect::<Vec<_>>(), [(2, None)]);
    }

    #[test]
    fn what_an_earlier_run_decided_counts_until_the_user_decides_again() {
        let mut links = Links::default();
        links.remove(5);
        for (leg, decision) in [
            (2, Decision::Joined(1)),
            (2, Decision::Joined(1)),
            (3, Decision::TakenOut),
            (5, Decision::Joined(1)),
            (6, Decision::Joined(5)),
        ] {
            links.recall(leg, decision);
        }
        assert_eq!((links.joined(), links.removed()), (&[(1, 2)][..], &[5, 3][..]));
        assert_eq!(links.changed().collect::<Vec<_>>(), [(5, Some(Decision::TakenOut))]);
        links.join(4, 3);
        let changed = [(3, Some(Decision::Joined(4))), (5, Some(Decision::TakenOut))];
        assert_eq!(links.changed().collect::<Vec<_>>(), changed);
    }
}
