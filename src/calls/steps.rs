//! Which messages of two legs correspond: INVITE and INVITE, 18x and 18x, final response and final response, BYE and BYE.
//!
//! Must not know: texts of messages, drawing.

use super::facts::LegRef;
use super::leg::{LegIdx, NO_MESSAGE};
use super::list::Calls;
use crate::base::Direction;
use crate::store::{Flags, MessageIdx, Snapshot};

/// Provisional responses of a leg that are compared.
const MOST_PROVISIONAL: usize = 20;

/// A stage of a call at which FreeSWITCH passes something on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// The INVITE that was accepted: with credentials, where they were wanted.
    Invite,
    /// A provisional response that says more than 100.
    Ringing,
    /// The final response to the INVITE.
    Final,
    /// The BYE, or the CANCEL.
    End,
    /// Messages that the user marked.
    Marked,
}

/// Two messages that correspond, or one without the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The stage.
    pub kind: StepKind,
    /// What FreeSWITCH received; of two messages in one direction the first one. With its leg, unless the user marked the messages.
    pub left: (Option<LegIdx>, Option<MessageIdx>),
    /// What it sent.
    pub right: (Option<LegIdx>, Option<MessageIdx>),
}

impl Step {
    /// The messages, the left one first.
    pub fn messages(&self) -> impl Iterator<Item = MessageIdx> {
        self.left.1.into_iter().chain(self.right.1)
    }

    /// Two messages that the user marked.
    pub fn of_marked(snapshot: &Snapshot, one: MessageIdx, other: MessageIdx) -> Self {
        Self::placed(snapshot, StepKind::Marked, (None, Some(one.min(other))), (None, Some(one.max(other))))
    }

    /// The received message is on the left.
    fn placed(
        snapshot: &Snapshot,
        kind: StepKind,
        one: (Option<LegIdx>, Option<MessageIdx>),
        other: (Option<LegIdx>, Option<MessageIdx>),
    ) -> Self {
        let is_sent = |message: Option<MessageIdx>| {
            message.and_then(|m| snapshot.row(m)).map(|row| row.row.direction() == Direction::Sent)
        };
        let turned = match (is_sent(one.1), is_sent(other.1)) {
            (Some(one), Some(other)) => one && !other,
            (Some(one), None) => one,
            (None, Some(other)) => !other,
            (None, None) => false,
        };
        let (left, right) = if turned { (other, one) } else { (one, other) };
        Self { kind, left, right }
    }
}

/// The steps of two legs; a step is left out if neither leg has it.
pub fn steps(snapshot: &Snapshot, calls: &Calls, a: LegIdx, b: LegIdx) -> Vec<Step> {
    let (Some(one), Some(other)) = (calls.leg_ref(snapshot, a), calls.leg_ref(snapshot, b)) else {
        return Vec::new();
    };
    let some = |message: MessageIdx| (message != NO_MESSAGE).then_some(message);
    let mut pairs = vec![(StepKind::Invite, invite(&one), invite(&other))];
    let ringing = in_order(&provisional(&one), &provisional(&other));
    pairs.extend(ringing.into_iter().map(|(one, other)| (StepKind::Ringing, one, other)));
    pairs.push((StepKind::Final, some(one.leg.fin), some(other.leg.fin)));
    pairs.push((StepKind::End, some(one.leg.end), some(other.leg.end)));
    let pairs = pairs.into_iter().filter(|(_, one, other)| one.is_some() || other.is_some());
    pairs.map(|(kind, one, other)| Step::placed(snapshot, kind, (Some(a), one), (Some(b), other))).collect()
}

/// A provisional response: its message and its status code.
type Provisional = (MessageIdx, u16);

/// The provisional responses to the INVITE of a leg, without 100 and without what was sent again.
fn provisional(leg: &LegRef<'_>) -> Vec<Provisional> {
    if leg.leg.ringing == NO_MESSAGE {
        return Vec::new();
    }
    let Some(way) = leg.first().map(|first| first.row.direction()) else { return Vec::new() };
    let of = |message: MessageIdx| {
        let row = leg.snapshot.row(message)?;
        let is_new = row.row.direction() != way && !row.row.flags.has(Flags::RETRANSMISSION);
        let is_it = is_new && matches!(row.row.status, 101..=199) && row.method() == b"INVITE";
        is_it.then_some((message, row.row.status))
    };
    leg.messages().into_iter().filter_map(of).take(MOST_PROVISIONAL).collect()
}

/// Pairs provisional responses in their order. Where one side has more of them, those without an equal status code on the
/// other side are alone.
fn in_order(
    mut one: &[Provisional],
    mut other: &[Provisional],
) -> Vec<(Option<MessageIdx>, Option<MessageIdx>)> {
    let mut pairs = Vec::new();
    loop {
        let (first, second) = (one.first(), other.first());
        let is_later = |list: &[Provisional], head: Option<&Provisional>| {
            head.is_some_and(|(_, status)| list.iter().skip(1).any(|(_, later)| later == status))
        };
        let differ = first.map(|(_, status)| status) != second.map(|(_, status)| status);
        let waits = |list: &[Provisional], rest: &[Provisional], head| {
            differ && list.len() > rest.len() && (rest.is_empty() || is_later(list, head))
        };
        let (take_one, take_other) = match (first, second) {
            (None, None) => return pairs,
            _ if waits(one, other, second) => (true, false),
            _ if waits(other, one, first) => (false, true),
            _ => (true, true),
        };
        pairs.push((
            first.filter(|_| take_one).map(|(message, _)| *message),
            second.filter(|_| take_other).map(|(message, _)| *message),
        ));
        one = one.get(usize::from(take_one)..).unwrap_or_default();
        other = other.get(usize::from(take_other)..).unwrap_or_default();
    }
}

/// The last INVITE before the final response, from whoever sent the first: an earlier one had no credentials, and a later one
/// changes the session.
fn invite(leg: &LegRef<'_>) -> Option<MessageIdx> {
    let way = leg.first()?.row.direction();
    let messages = leg.messages();
    let before = messages.into_iter().filter(|message| leg.leg.fin == NO_MESSAGE || *message < leg.leg.fin);
    let mut invites = before.filter(|&message| {
        leg.snapshot.row(message).is_some_and(|row| {
            let is_new = row.row.direction() == way && !row.row.flags.has(Flags::RETRANSMISSION);
            is_new && row.row.is_request() && row.method() == b"INVITE"
        })
    });
    invites.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisional_responses_are_paired_in_order_and_by_status_where_one_side_has_more() {
        for (one, other, expected) in [
            (vec![180, 183], vec![180, 183], "180/180 183/183"),
            (vec![180, 183], vec![183, 183], "180/183 183/183"),
            (vec![180, 183], vec![183], "180/- 183/183"),
            (vec![183], vec![180, 180, 183], "-/180 -/180 183/183"),
            (vec![180, 180], vec![183], "180/183 180/-"),
            (vec![], vec![180], "-/180"),
            (vec![], vec![], ""),
        ] {
            let list = |statuses: &[u16], first: MessageIdx| -> Vec<Provisional> {
                (first..).zip(statuses.iter().copied()).collect()
            };
            let (left, right) = (list(&one, 0), list(&other, 50));
            let named = |side: &[Provisional], message: Option<MessageIdx>| {
                let known = side.iter().find(|(known, _)| Some(*known) == message);
                known.map_or("-".to_owned(), |(_, status)| status.to_string())
            };
            let pairs = in_order(&left, &right);
            let pairs = pairs.iter().map(|(l, r)| format!("{}/{}", named(&left, *l), named(&right, *r)));
            assert_eq!(pairs.collect::<Vec<_>>().join(" "), expected, "{one:?} {other:?}");
        }
    }
}
