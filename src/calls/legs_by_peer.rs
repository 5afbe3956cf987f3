//! The legs of a Call-ID that has many, by their peers, so that a message finds its leg without a look at all of them.
//!
//! Must not know: what makes a message fit a leg.

use foldhash::fast::RandomState;
use hashbrown::HashMap;

use super::list::Handle;
use crate::store::CallIdx;

/// What shares its Call-ID with many others: a Call-ID that is sent to thousands of peers.
#[derive(Debug, Default)]
pub(super) struct LegsByPeer {
    last: HashMap<CallIdx, Handle, RandomState>,
    by_peer: HashMap<(CallIdx, u32), Vec<Handle>, RandomState>,
}

impl LegsByPeer {
    /// The newest leg or dialog of a Call-ID with many.
    pub(super) fn last(&self, call_id: CallIdx) -> Option<Handle> {
        self.last.get(&call_id).copied()
    }

    /// Adds the newest leg or dialog of a Call-ID; a leg with the number of its peer.
    pub(super) fn add(&mut self, call_id: CallIdx, handle: Handle, peer: Option<u32>) {
        self.last.insert(call_id, handle);
        if let Some(peer) = peer {
            self.by_peer.entry((call_id, peer)).or_default().push(handle);
        }
    }

    /// The legs of a Call-ID with this peer, in the order of their first messages; `None` if the Call-ID has not many.
    pub(super) fn of_peer(&self, call_id: CallIdx, peer: u32) -> Option<&[Handle]> {
        self.last
            .contains_key(&call_id)
            .then(|| self.by_peer.get(&(call_id, peer)).map_or(&[][..], Vec::as_slice))
    }
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
