//! What is decided about legs, as it is kept: by Call-IDs; and how legs are found again by them.
//!
//! Must not know: files, when something is kept.

use std::collections::HashMap;

use crate::base::escape::escape;
use crate::calls::{Calls, Handle, LegIdx};
use crate::state::{KeptLeg, KeptLink};
use crate::store::{CallIdx, MessageIdx, RowRef, Snapshot};

use super::{Decision, Links};

/// The Call-IDs of kept decisions that were seen among the messages.
#[derive(Debug, Default)]
pub struct KnownCallIds {
    by_text: HashMap<String, Option<CallIdx>>,
}

impl KnownCallIds {
    /// Looks for the Call-IDs of these decisions from now on.
    pub fn look_for(&mut self, links: &[(KeptLeg, KeptLink)]) {
        for (leg, link) in links {
            let with = if let KeptLink::With(with) = link { Some(with) } else { None };
            for leg in [Some(leg), with].into_iter().flatten() {
                self.by_text.entry(leg.call_id.clone()).or_default();
            }
        }
    }

    /// Looks at a message.
    pub fn see(&mut self, row: &RowRef<'_>) {
        if !self.by_text.is_empty()
            && let Some(known @ None) = self.by_text.get_mut(&*escape(row.call_id()))
        {
            *known = Some(row.row.call);
        }
    }

    /// A kept decision about legs that are there.
    pub fn find(&self, calls: &Calls, (leg, link): &(KeptLeg, KeptLink)) -> Option<(LegIdx, Decision)> {
        let decision = match link {
            KeptLink::With(with) => Decision::Joined(self.leg(calls, with)?),
            KeptLink::TakenOut => Decision::TakenOut,
        };
        Some((self.leg(calls, leg)?, decision))
    }

    fn leg(&self, calls: &Calls, leg: &KeptLeg) -> Option<LegIdx> {
        let call_id = (*self.by_text.get(&leg.call_id)?)?;
        match calls.of_call_id(call_id).nth(usize::try_from(leg.number).ok()?)? {
            Handle::Leg(leg) => Some(leg),
            Handle::Dialog(_) => None,
        }
    }
}

impl Links {
    /// What an earlier run decided about legs of these messages.
    pub fn of_kept(snapshot: &Snapshot, kept: &[(KeptLeg, KeptLink)]) -> Self {
        let mut links = Self::default();
        let Some(calls) = Calls::of(snapshot).filter(|_| !kept.is_empty()) else { return links };
        let mut call_ids = KnownCallIds::default();
        call_ids.look_for(kept);
        snapshot.rows_from(0).for_each(|row| call_ids.see(&row));
        for (leg, decision) in kept.iter().filter_map(|link| call_ids.find(calls, link)) {
            links.recall(leg, decision);
        }
        links
    }
}

/// A decision as it is kept, and the first message of the leg that it is about.
pub fn kept(
    snapshot: &Snapshot,
    (leg, decision): (LegIdx, Option<Decision>),
) -> Option<(MessageIdx, (KeptLeg, Option<KeptLink>))> {
    let calls = Calls::of(snapshot)?;
    let link = match decision {
        Some(Decision::Joined(with)) => Some(KeptLink::With(kept_leg(snapshot, calls, with)?)),
        Some(Decision::TakenOut) => Some(KeptLink::TakenOut),
        None => None,
    };
    Some((calls.leg(leg)?.first, (kept_leg(snapshot, calls, leg)?, link)))
}

fn kept_leg(snapshot: &Snapshot, calls: &Calls, leg: LegIdx) -> Option<KeptLeg> {
    let call_id = calls.leg(leg)?.call_id;
    let number = calls.of_call_id(call_id).position(|handle| handle == Handle::Leg(leg))?;
    Some(KeptLeg { call_id: escape(snapshot.call_id(call_id)).into_owned(), number: number as u64 })
}
