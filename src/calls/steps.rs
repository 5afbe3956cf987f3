//! Which messages of two legs correspond: INVITE and INVITE, 18x and 18x, final response and final response, BYE and BYE.
//!
//! Must not know: texts of messages, drawing.

use super::facts::LegRef;
use super::leg::{LegIdx, NO_MESSAGE};
use super::list::Calls;
use crate::base::Direction;
use crate::store::{Flags, MessageIdx, Snapshot};

/// A stage of a call at which FreeSWITCH passes something on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// The INVITE that was accepted: with credentials, where they were wanted.
    Invite,
    /// The first 18x.
    Ringing,
    /// The final response to the INVITE.
    Final,
    /// The BYE, or the CANCEL.
    End,
}

/// Two messages that correspond, or one without the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The stage.
    pub kind: StepKind,
    /// What FreeSWITCH received; of two messages in one direction the first one. With its leg.
    pub left: (LegIdx, Option<MessageIdx>),
    /// What it sent.
    pub right: (LegIdx, Option<MessageIdx>),
}

impl Step {
    /// The messages, the left one first.
    pub fn messages(&self) -> impl Iterator<Item = MessageIdx> {
        self.left.1.into_iter().chain(self.right.1)
    }

    /// The received message is on the left.
    fn placed(
        snapshot: &Snapshot,
        kind: StepKind,
        one: (LegIdx, Option<MessageIdx>),
        other: (LegIdx, Option<MessageIdx>),
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
    let pairs = [
        (StepKind::Invite, invite(&one), invite(&other)),
        (StepKind::Ringing, some(one.leg.ringing), some(other.leg.ringing)),
        (StepKind::Final, some(one.leg.fin), some(other.leg.fin)),
        (StepKind::End, some(one.leg.end), some(other.leg.end)),
    ];
    let pairs = pairs.into_iter().filter(|(_, one, other)| one.is_some() || other.is_some());
    pairs.map(|(kind, one, other)| Step::placed(snapshot, kind, (a, one), (b, other))).collect()
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
