//! The legs that a ladder shows: those of a call, those that may belong to it, and what the user joined or took out.
//!
//! Must not know: arrows, drawing, how legs are joined.

use crate::calls::{Calls, Handle, LegIdx, LegRef};
use crate::store::{CallIdx, MessageIdx, Snapshot};

use super::Ladder;

/// Legs of a call that are shown at most.
const MOST_LEGS: usize = 200;

/// What the user joined and took out by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    joined: Vec<(LegIdx, LegIdx)>,
    removed: Vec<LegIdx>,
}

impl Links {
    /// Joins a leg with another one.
    pub fn join(&mut self, one: LegIdx, other: LegIdx) {
        self.removed.retain(|leg| *leg != other);
        self.joined.push((one, other));
    }

    /// Takes a leg out of its call.
    pub fn remove(&mut self, leg: LegIdx) {
        self.joined.retain(|(one, other)| *one != leg && *other != leg);
        self.removed.push(leg);
    }

    /// Puts back the leg that was taken out last.
    pub fn restore(&mut self) -> Option<LegIdx> {
        self.removed.pop()
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

/// The legs of the call to which a Call-ID belongs, in the order of their first messages; empty without a leg.
pub fn members_of(calls: &Calls, call_id: CallIdx, links: &Links) -> Vec<Member> {
    let own = calls.of_call_id(call_id).filter_map(|handle| match handle {
        Handle::Leg(leg) => Some(leg),
        Handle::Dialog(_) => None,
    });
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

fn add_pairs(members: &mut Vec<Member>, (calls, links): (&Calls, &Links), leg: LegIdx, tie: Tie) {
    let joins = calls.joins();
    for pair in joins.pairs_of(leg).filter(|pair| pair.is_joined() == (tie == Tie::Joined)) {
        let other = pair.other(leg);
        let is_known = members.iter().any(|member| member.leg == other);
        if is_known || links.removed.contains(&other) || members.len() >= MOST_LEGS {
            continue;
        }
        let reasons = joins.reasons(pair);
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
    /// Puts the names of the legs before the labels of their arrows, and before the titles of their peers.
    pub fn name_legs(&mut self, snapshot: &Snapshot, members: &[Member]) {
        let Some(calls) = Calls::of(snapshot) else { return };
        let mut titles: Vec<Vec<String>> = vec![Vec::new(); self.columns.len()];
        for arrow in &mut self.arrows {
            let handle = snapshot.row(arrow.row).and_then(|row| calls.of_row(row.row));
            let Some(Handle::Leg(leg)) = handle else { continue };
            let Some(name) = name_of(members, leg) else { continue };
            let from_us = self.columns.get(arrow.from).is_some_and(|column| column.ours);
            let peer = if from_us { arrow.to } else { arrow.from };
            arrow.label.insert_str(0, &format!("{name} "));
            if let Some(names) = titles.get_mut(peer)
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        for (column, names) in self.columns.iter_mut().zip(titles) {
            if !names.is_empty() && names.len() <= 4 {
                column.title.insert_str(0, &format!("{} ", names.concat()));
            }
        }
    }
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
    }
}
