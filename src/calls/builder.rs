//! Builds legs and dialogs from one message after another: which leg a message belongs to, and what it changes there.
//!
//! Must not know: texts of messages, what follows from the facts.

use std::net::IpAddr;

use hashbrown::HashMap;

use super::bindings::Bindings;
use super::challenge::Challenges;
use super::dialog::{Dialog, DialogKind};
use super::evidence::Evidence;
use super::join::{Joiner, Joins};
use super::leg::{Leg, LegFlags, LegIdx, NO_MESSAGE, Progress, Side};
use super::legs_by_peer::LegsByPeer;
use super::list::{Calls, Handle, NOTHING, next_moment};
use super::method::Method;
use super::note::{Note, Noted};
use super::restart::Markers;
use super::signals::{Signals, Values};
use super::working::Bench;
use crate::base::Direction;
use crate::base::interner::Interner;
use crate::store::{Flags, MessageIdx, Row};

/// The highest ordinal that a row can hold; legs and dialogs of one Call-ID beyond it share this ordinal.
const LAST_ORDINAL: u8 = Row::MOST_LEGS;

/// While much is still to be read, legs are joined for a snapshot only after this many messages for each leg that is compared: that
/// takes a small part of the time of building them, however many go on at once.
const MESSAGES_PER_LEG: usize = 32;

/// The growing legs and dialogs.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) calls: Calls,
    pub(super) texts: Interner,
    pub(super) bench: Bench,
    joiner: Joiner,
    legs_by_peer: LegsByPeer,
    markers: Markers,
    numbers: HashMap<IpAddr, u32>,
    pub(super) challenges: Challenges,
    pub(super) bindings: Bindings,
    /// Refused registrations by user.
    pub(super) refused: HashMap<u32, u32>,
    /// What the last snapshot of growing calls had.
    shown: Joins,
    /// Messages since those legs were joined; `None` before.
    pub(super) since_shown: Option<usize>,
    /// How often a message was compared with a leg or dialog.
    #[cfg(test)]
    pub(super) compared: std::cell::Cell<usize>,
}

/// One message on its way into its leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) row: &'a Row,
    pub(super) index: MessageIdx,
    pub(super) signals: &'a Signals,
    /// The peer's address, where it can be read.
    pub(super) host: &'a [u8],
}

impl Arrival<'_> {
    pub(super) fn sent(&self) -> bool {
        self.row.direction() == Direction::Sent
    }

    /// Whether it is a request of the peer, or a response to one.
    fn is_of_peers_request(&self) -> bool {
        self.row.is_request() != self.sent()
    }

    /// Who started a leg in which the one who started it sent this request, or got this response.
    pub(super) fn side_of_initiator(&self) -> Side {
        if self.is_of_peers_request() { Side::A } else { Side::B }
    }

    fn side_of_other(&self) -> Side {
        if self.is_of_peers_request() { Side::B } else { Side::A }
    }

    /// An INVITE outside of a dialog.
    pub(super) fn is_initial_invite(&self) -> bool {
        self.row.is_request() && self.signals.method == Method::Invite && self.signals.to_tag == 0
    }
}

impl Builder {
    /// Takes the next message: its row as the store keeps it, the address of its peer, and the signals of its text. Gives the
    /// ordinal of its leg or dialog among those of its Call-ID, which the row is to keep.
    pub fn take(&mut self, row: &Row, index: MessageIdx, host: &[u8], signals: &Signals) -> u8 {
        if let Some(restart) = self.markers.take(row, index, &signals.marker) {
            self.calls.restarts.push(restart);
        }
        if row.call == 0 || !row.flags.has(Flags::SIP) {
            return 0;
        }
        if let Some(messages) = &mut self.since_shown {
            *messages += 1;
        }
        self.settle(row.time);
        while self.calls.heads.len() <= row.call as usize {
            self.calls.heads.push(NOTHING);
        }
        let arrival = Arrival { row, index, signals, host };
        match self.find(&arrival) {
            Some(Handle::Leg(leg)) => self.leg_message(leg, &arrival),
            Some(Handle::Dialog(dialog)) => self.dialog_message(dialog, &arrival),
            None => self.begin(&arrival),
        }
    }

    /// What is there now, to be read while more is taken.
    pub fn snapshot(&self) -> Calls {
        self.with(self.join())
    }

    /// A snapshot while many more messages wait: the newest legs may not be joined yet.
    pub fn snapshot_while_growing(&mut self) -> Calls {
        let enough = MESSAGES_PER_LEG * self.bench.len();
        if self.since_shown.is_none_or(|messages| messages >= enough) {
            self.shown = self.join();
            self.since_shown = Some(0);
        }
        self.with(self.shown.clone())
    }

    fn join(&self) -> Joins {
        self.joiner.joins(&self.calls, |leg| self.evidence(leg))
    }

    fn with(&self, joins: Joins) -> Calls {
        Calls { texts: self.texts.strings().clone(), joins, moment: next_moment(), ..self.calls.clone() }
    }

    /// What is known of a leg that may still be joined; `None` where it is settled.
    pub fn evidence(&self, leg: LegIdx) -> Option<&Evidence> {
        self.bench.get(leg).map(|working| &working.evidence)
    }

    /// Whether a leg is joined for good: its evidence was dropped.
    pub fn is_settled(&self, leg: LegIdx) -> bool {
        self.bench.get(leg).is_none()
    }

    /// The legs and dialogs so far.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    fn settle(&mut self, now: i64) {
        if self.joiner.is_due(now) {
            let bench = &self.bench;
            let dropped =
                self.joiner.round(now, &self.calls, |leg| bench.get(leg).map(|working| &working.evidence));
            for leg in dropped {
                self.bench.drop(leg);
            }
        }
    }

    /// The leg or dialog that a message belongs to.
    fn find(&self, arrival: &Arrival<'_>) -> Option<Handle> {
        let Row { call, peer, .. } = *arrival.row;
        // A leg with the same peer fits better than any other.
        if let Some(legs) = self.legs_by_peer.of_peer(call, peer) {
            let best = self.best(legs.iter().copied(), arrival);
            if best.is_some() || arrival.is_initial_invite() {
                return best;
            }
        }
        match self.legs_by_peer.of_any_peer(call) {
            Some(newest) => self.best(newest, arrival),
            None => self.best(self.calls.of_call_id(call), arrival),
        }
    }

    /// What a message fits best.
    fn best(&self, handles: impl Iterator<Item = Handle>, arrival: &Arrival<'_>) -> Option<Handle> {
        let mut best: Option<(u8, Handle)> = None;
        for handle in handles {
            #[cfg(test)]
            self.compared.update(|count| count + 1);
            let fit = match handle {
                Handle::Leg(leg) => self.calls.leg(leg).map_or(0, |leg| fit(leg, arrival)),
                Handle::Dialog(dialog) => {
                    self.calls.dialog(dialog).map_or(0, |dialog| fit_dialog(dialog, arrival))
                }
            };
            // Of equals the newest: an older one is more likely over.
            if fit > 0 && best.is_none_or(|(most, _)| fit >= most) {
                best = Some((fit, handle));
            }
        }
        best.map(|(_, handle)| handle)
    }

    fn begin(&mut self, arrival: &Arrival<'_>) -> u8 {
        if is_of_leg(arrival) {
            let leg = self.begin_leg(arrival);
            return self.leg_message(leg, arrival);
        }
        let index = self.calls.dialogs.len() as u32;
        let kind = DialogKind::beginning_with(arrival.signals, arrival.row.is_request());
        let mut dialog = Dialog::new(arrival.row.call, arrival.index, kind);
        dialog.source = arrival.row.source;
        dialog.ordinal = self.chain(arrival.row.call, Handle::Dialog(index));
        self.calls.dialogs.push(dialog);
        self.remember_peer(arrival.row.call, Handle::Dialog(index), dialog.ordinal);
        self.dialog_message(index, arrival)
    }

    fn begin_leg(&mut self, arrival: &Arrival<'_>) -> LegIdx {
        let index = self.calls.legs.len() as LegIdx;
        let mut leg = Leg::new(arrival.row.call, arrival.index);
        leg.source = arrival.row.source;
        leg.peer = arrival.row.peer;
        leg.from_tag = arrival.signals.from_tag;
        leg.flags.set(LegFlags::BEGUN_BEFORE, !arrival.is_initial_invite());
        let is_initiators = match arrival.signals.method {
            Method::Invite => arrival.is_initial_invite() || (100..200).contains(&arrival.row.status),
            Method::Cancel | Method::Prack => true,
            _ => false,
        };
        if is_initiators {
            leg.side = arrival.side_of_initiator();
        }
        leg.ordinal = self.chain(arrival.row.call, Handle::Leg(index));
        self.calls.legs.push(leg);
        self.remember_peer(arrival.row.call, Handle::Leg(index), leg.ordinal);
        self.bench.begin(index);
        index
    }

    /// Puts something new at the end of what shares its Call-ID.
    fn chain(&mut self, call_id: u32, new: Handle) -> u8 {
        let (mut last, mut count) = (self.legs_by_peer.last(call_id), LAST_ORDINAL);
        if last.is_none() {
            count = 0;
            for handle in self.calls.of_call_id(call_id) {
                last = Some(handle);
                count = count.saturating_add(1);
            }
        }
        match last {
            None => set(self.calls.heads.get_mut(call_id as usize), new.pack()),
            Some(Handle::Leg(leg)) => {
                set(self.calls.legs.get_mut(leg as usize).map(|leg| &mut leg.next), new.pack());
            }
            Some(Handle::Dialog(dialog)) => {
                set(self.calls.dialogs.get_mut(dialog as usize).map(|dialog| &mut dialog.next), new.pack());
            }
        }
        count.min(LAST_ORDINAL)
    }

    /// Remembers the newest leg or dialog of a Call-ID that has many; when it gets many, also those before.
    fn remember_peer(&mut self, call_id: u32, new: Handle, ordinal: u8) {
        if ordinal < LAST_ORDINAL {
            return;
        }
        let is_first = self.legs_by_peer.last(call_id).is_none();
        let before = self.calls.of_call_id(call_id).take(usize::from(LAST_ORDINAL)).filter(|_| is_first);
        for handle in before.chain([new]) {
            let peer = match handle {
                Handle::Leg(leg) => self.calls.leg(leg).map(|leg| leg.peer),
                Handle::Dialog(_) => None,
            };
            self.legs_by_peer.add(call_id, handle, peer);
        }
    }

    /// Notes something about a leg or a dialog.
    pub(super) fn note(&mut self, handle: Handle, noted: Noted, message: MessageIdx, value: u32) {
        let number = self.calls.notes.len() as u32;
        let head = match handle {
            Handle::Leg(leg) => self.calls.legs.get_mut(leg as usize).map(|leg| &mut leg.note),
            Handle::Dialog(dialog) => {
                self.calls.dialogs.get_mut(dialog as usize).map(|dialog| &mut dialog.note)
            }
        };
        let Some(head) = head else { return };
        let next = std::mem::replace(head, number);
        self.calls.notes.push(Note { message, next, value, noted });
    }

    /// Notes what an emergency call carries, each once.
    pub(super) fn note_carried(&mut self, handle: Handle, arrival: &Arrival<'_>) {
        if arrival.signals.carried.is_empty() {
            return;
        }
        let known = self.calls.notes(handle);
        let is_invite = arrival.is_initial_invite();
        let incomplete = arrival.row.flags.has(Flags::INCOMPLETE);
        for (noted, text) in &arrival.signals.carried {
            let is_wanted = match noted {
                Noted::Identifier => true,
                Noted::MissingPart => !incomplete,
                _ => is_invite && !incomplete,
            };
            let value = if is_wanted { self.texts.intern(text) } else { continue };
            if !known.iter().any(|note| (note.noted, note.value) == (*noted, value)) {
                self.note(handle, *noted, arrival.index, value);
            }
        }
    }

    /// The number of a media address.
    pub(super) fn address(&mut self, address: IpAddr) -> u32 {
        let calls = &mut self.calls;
        *self.numbers.entry(address).or_insert_with(|| {
            calls.addresses.push(address);
            calls.addresses.len() as u32
        })
    }
}

fn set(slot: Option<&mut u32>, value: u32) {
    if let Some(slot) = slot {
        *slot = value;
    }
}

/// Whether a message that nothing is known of belongs to a call.
fn is_of_leg(arrival: &Arrival<'_>) -> bool {
    let in_dialog = arrival.signals.to_tag != 0;
    match arrival.signals.method {
        Method::Invite | Method::Ack | Method::Bye | Method::Cancel | Method::Prack | Method::Update => true,
        Method::Info => in_dialog,
        _ => false,
    }
}

/// How well a message fits a leg; 0 where it does not.
fn fit(leg: &Leg, arrival: &Arrival<'_>) -> u8 {
    let Values { from_tag, to_tag, .. } = arrival.signals.values;
    if leg.source != arrival.row.source {
        return 0;
    }
    let same_peer = u8::from(leg.peer == arrival.row.peer);
    let is_side = |side: Side| leg.side == Side::Unknown || leg.side == side;
    let by_initiator = from_tag == leg.from_tag && is_side(arrival.side_of_initiator());
    if arrival.is_initial_invite() {
        // Another peer is another leg. After a challenge some clients begin again with another tag.
        let again = leg.progress == Progress::Challenged && leg.side == arrival.side_of_initiator();
        let same_tag = by_initiator && !leg.is(LegFlags::BEGUN_BEFORE);
        return if (same_tag || again) && same_peer == 1 { 8 } else { 0 };
    }
    if by_initiator {
        let same_dialog = leg.to_tag == to_tag;
        return 2 + same_peer * 4 + u8::from(same_dialog);
    }
    let by_other = (from_tag == leg.to_tag || leg.to_tag == 0)
        && (to_tag == leg.from_tag || leg.from_tag == 0)
        && is_side(arrival.side_of_other());
    if by_other {
        return 2 + same_peer * 4;
    }
    // A tag that is wrong does not make another call of it, where nothing fits better.
    let has_tag = |tag: u32| tag != 0 && (tag == leg.from_tag || tag == leg.to_tag);
    u8::from(same_peer == 1 && (has_tag(from_tag) || has_tag(to_tag)))
}

fn fit_dialog(dialog: &Dialog, arrival: &Arrival<'_>) -> u8 {
    let kind = DialogKind::of(arrival.signals.method);
    let fits = match dialog.kind() {
        DialogKind::Refer => true,
        DialogKind::Other => kind == DialogKind::Other || arrival.signals.method == Method::Notify,
        own => own == kind,
    };
    u8::from(!is_of_leg(arrival) && dialog.source == arrival.row.source && fits)
}

/// Whether there is none so far.
pub(super) const fn is_unset(message: MessageIdx) -> bool {
    message == NO_MESSAGE
}
