//! What must be remembered of a leg only while it goes on.
//!
//! Must not know: other legs.

use super::evidence::Evidence;
use super::leg::LegIdx;
use super::media::Media;
use crate::store::MessageIdx;

/// The working memory of one leg.
#[derive(Debug, Default)]
pub(super) struct Working {
    pub(super) evidence: Evidence,
    /// `CSeq` of the latest initial INVITE.
    pub(super) invite: u32,
    /// Tags with which that INVITE was answered.
    pub(super) tags: Vec<u32>,
    /// The other answers to that INVITE whose dialogs are still there: a fork may be answered more than once.
    pub(super) answers: Vec<Answer>,
    /// The session description of the peer and of FreeSWITCH on which both agreed last.
    pub(super) media: [Option<Media>; 2],
    /// The offer that was not answered so far: who made it, and in which transaction.
    pub(super) offer: Option<Offer>,
    /// Whether the newest answer about audio left the call without any.
    pub(super) lacks_media: bool,
    /// `CSeq` of the latest INVITE, if it has no session description and nothing was agreed since.
    pub(super) asked: Option<u32>,
    /// The latest reliable provisional response, if no PRACK followed.
    pub(super) reliable: Option<MessageIdx>,
    /// Whether the peer, and FreeSWITCH, holds.
    pub(super) holds: [bool; 2],
    /// Whether it was transferred before the newest REFER.
    pub(super) was_transferred: bool,
}

impl Working {
    /// Forgets everything, and keeps the room for the next leg.
    fn clear(&mut self) {
        let Self { mut evidence, mut tags, .. } = std::mem::take(self);
        evidence.marks.clear();
        evidence.events.clear();
        tags.clear();
        *self = Self { evidence, tags, ..Self::default() };
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub(super) sent: bool,
    pub(super) cseq: u32,
    /// The status of the message that has it; 0 of a request.
    pub(super) status: u16,
    pub(super) media: Media,
    pub(super) message: MessageIdx,
    pub(super) is_first: bool,
    /// Whether it is in the 2xx to an INVITE without a description: the ACK must have the answer.
    pub(super) is_delayed: bool,
}

/// A 2xx to the initial INVITE, other than the one that the leg follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    /// Hash of its To tag.
    pub(super) tag: u32,
    pub(super) message: MessageIdx,
    pub(super) ack: MessageIdx,
}

const NO_SLOT: u32 = u32::MAX;

/// The memories of the legs that go on.
#[derive(Debug, Default)]
pub(super) struct Bench {
    slots: Vec<u32>,
    used: Vec<Working>,
    free: Vec<u32>,
}

impl Bench {
    /// Begins to remember a leg; they come in the order of their numbers.
    pub(super) fn begin(&mut self, leg: LegIdx) {
        self.slots.resize(leg as usize + 1, NO_SLOT);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.used.push(Working::default());
            (self.used.len() - 1) as u32
        });
        self.slots[leg as usize] = slot;
    }

    /// The legs that are remembered.
    pub(super) fn len(&self) -> usize {
        self.used.len() - self.free.len()
    }

    pub(super) fn get(&self, leg: LegIdx) -> Option<&Working> {
        self.used.get(*self.slots.get(leg as usize)? as usize)
    }

    pub(super) fn get_mut(&mut self, leg: LegIdx) -> Option<&mut Working> {
        self.used.get_mut(*self.slots.get(leg as usize)? as usize)
    }

    /// Forgets a leg.
    pub(super) fn drop(&mut self, leg: LegIdx) {
        let Some(slot) = self.slots.get_mut(leg as usize) else { return };
        let slot = std::mem::replace(slot, NO_SLOT);
        if let Some(used) = self.used.get_mut(slot as usize) {
            used.clear();
            self.free.push(slot);
        }
    }
}
