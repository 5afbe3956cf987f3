//! All that is shown of a call except for the texts of its messages: its legs, how it went, its ladder with labels.
//!
//! Must not know: how it is drawn or written, which calls are wanted.

use std::collections::{HashMap, HashSet};

use crate::calls::{Calls, Handle, LegIdx};
use crate::ladder::{Folding, Head, Ladder, Links, Member, Tie, members_of, rows_of};
use crate::sip::{Message, brief};
use crate::store::{CallIdx, MessageIdx, Snapshot, WindowReader};

/// A call, or what else has a Call-ID.
#[derive(Debug)]
pub struct Sheet {
    /// The Call-ID by which it was asked for.
    pub call_id: CallIdx,
    /// Its legs; empty if it is no call.
    pub members: Vec<Member>,
    /// Its messages, ascending.
    pub rows: Vec<MessageIdx>,
    /// How it went.
    pub head: Head,
    /// Its ladder, with the names of legs where it has several.
    pub ladder: Ladder,
    /// What the texts of messages add to the labels of their arrows.
    pub labels: HashMap<MessageIdx, String>,
}

impl Sheet {
    /// The sheet of these legs; without legs, that of the Call-ID.
    pub fn of(
        (snapshot, calls): (&Snapshot, &Calls),
        (call_id, members): (CallIdx, Vec<Member>),
        reader: &mut WindowReader,
    ) -> Self {
        let (rows, head) = rows_and_head((snapshot, calls), (call_id, &members));
        let mut ladder = Ladder::for_text(snapshot, &rows, Folding::Folded);
        if members.len() > 1 {
            ladder.name_legs(snapshot, &members);
        }
        ladder.add_findings(&head.findings);
        ladder.explain_longest(snapshot, calls, || members.iter().map(|member| member.leg).collect());
        let labels = labels(snapshot, &ladder, reader);
        Self { call_id, members, rows, head, ladder, labels }
    }

    /// The sheets of the calls of these Call-IDs, one for each call, with those of the joined legs that are wanted.
    pub fn of_calls(
        (snapshot, calls): (&Snapshot, &Calls),
        links: &Links,
        is_wanted: impl Fn(LegIdx) -> bool,
        ids: impl IntoIterator<Item = CallIdx>,
    ) -> impl Iterator<Item = Self> {
        let (mut done, mut reader) = (HashSet::new(), WindowReader::default());
        ids.into_iter().filter_map(move |call| {
            let mut members = joined_members(calls, call, links);
            let ids = members.iter().filter_map(|member| calls.leg(member.leg)).map(|leg| leg.call_id);
            let is_done = !done.insert(call);
            done.extend(ids);
            members.retain(|member| is_wanted(member.leg));
            (!is_done).then(|| Self::of((snapshot, calls), (call, members), &mut reader))
        })
    }
}

/// The legs of the call of a Call-ID, without those that are only offered.
pub fn joined_members(calls: &Calls, call: CallIdx, links: &Links) -> Vec<Member> {
    let mut members = members_of(calls, call, links);
    members.retain(|member| member.tie != Tie::Offered);
    members
}

/// The messages of a call, and what is above its ladder; without legs, those of the Call-ID.
pub fn rows_and_head(
    (snapshot, calls): (&Snapshot, &Calls),
    (call, members): (CallIdx, &[Member]),
) -> (Vec<MessageIdx>, Head) {
    if members.is_empty() {
        return (snapshot.rows_of_call(call), Head::of_call_id(snapshot, call));
    }
    let handles: Vec<Handle> = members.iter().map(|member| Handle::Leg(member.leg)).collect();
    (rows_of(snapshot, calls, members), Head::of(snapshot, calls, &handles))
}

fn labels(snapshot: &Snapshot, ladder: &Ladder, reader: &mut WindowReader) -> HashMap<MessageIdx, String> {
    let mut labels = HashMap::new();
    for row in ladder.arrows.iter().filter(|arrow| arrow.wants_note()).map(|arrow| arrow.row) {
        let label = reader.message(snapshot, row).map(|bytes| brief(&Message::parse(bytes)));
        labels.extend(label.ok().map(|label| (row, label)));
    }
    labels
}
