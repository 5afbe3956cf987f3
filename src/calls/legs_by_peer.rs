//! The legs of a Call-ID that has many, by their peers, so that a message finds its leg without a look at all of them.
//!
//! Must not know: what makes a message fit a leg.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::list::Handle;
use crate::store::CallIdx;

/// The newest legs with one peer, or with any other peer, and the newest dialogs that a message is compared with. A client that
/// never changes its Call-ID has thousands of them, one after another.
pub(super) const MOST: usize = 64;

/// What shares its Call-ID with many others: a Call-ID that is sent to thousands of peers.
#[derive(Debug, Default)]
pub(super) struct LegsByPeer {
    all: HashMap<CallIdx, All, RandomState>,
    by_peer: HashMap<(CallIdx, u32), Vec<Handle>, RandomState>,
}

/// All legs and dialogs of a Call-ID, in the order of their first messages.
#[derive(Debug, Default)]
struct All {
    legs: Vec<Handle>,
    dialogs: Vec<Handle>,
    last: Option<Handle>,
}

impl LegsByPeer {
    /// The newest leg or dialog of a Call-ID with many.
    pub(super) fn last(&self, call_id: CallIdx) -> Option<Handle> {
        self.all.get(&call_id)?.last
    }

    /// Adds the newest leg or dialog of a Call-ID; a leg with the number of its peer.
    pub(super) fn add(&mut self, call_id: CallIdx, handle: Handle, peer: Option<u32>) {
        let all = self.all.entry(call_id).or_default();
        all.last = Some(handle);
        if let Some(peer) = peer {
            all.legs.push(handle);
            self.by_peer.entry((call_id, peer)).or_default().push(handle);
        } else {
            all.dialogs.push(handle);
        }
    }

    /// The newest legs of a Call-ID with this peer, in the order of their first messages; `None` if the Call-ID has not many.
    pub(super) fn of_peer(&self, call_id: CallIdx, peer: u32) -> Option<&[Handle]> {
        let is_known = self.all.contains_key(&call_id);
        is_known.then(|| self.by_peer.get(&(call_id, peer)).map_or(&[][..], |legs| newest(legs)))
    }

    /// The newest dialogs and the newest legs of a Call-ID with any peer; `None` if the Call-ID has not many.
    pub(super) fn of_any_peer(&self, call_id: CallIdx) -> Option<impl Iterator<Item = Handle>> {
        let all = self.all.get(&call_id)?;
        Some(newest(&all.dialogs).iter().chain(newest(&all.legs)).copied())
    }
}

fn newest(handles: &[Handle]) -> &[Handle] {
    &handles[handles.len().saturating_sub(MOST)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_looks_at_the_legs_of_its_peer_alone() {
        let mut by_peer = LegsByPeer::default();
        assert_eq!(by_peer.of_peer(1, 0), None);
        for leg in 0..4000 {
            by_peer.add(1, Handle::Leg(leg), Some(leg / 2));
        }
        by_peer.add(1, Handle::Dialog(0), None);
        assert_eq!(by_peer.last(1), Some(Handle::Dialog(0)));
        for peer in 0..2000 {
            let legs = [Handle::Leg(peer * 2), Handle::Leg(peer * 2 + 1)];
            assert_eq!(by_peer.of_peer(1, peer), Some(&legs[..]));
        }
        assert_eq!((by_peer.of_peer(1, 2000), by_peer.of_peer(2, 0)), (Some(&[][..]), None));
    }
}
