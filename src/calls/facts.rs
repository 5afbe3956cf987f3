//! A leg together with the snapshot that its numbers belong to: what lists, filters and sentences ask.
//!
//! Must not know: drawing, findings, verdicts.

use std::net::{IpAddr, SocketAddr};

use super::leg::{End, Leg, LegFlags, LegIdx, NO_MESSAGE, Progress, Side};
use super::list::{Calls, Handle};
use super::note::Noted;
use super::restart::{self, Restart};
use super::session::host_address;
use super::state::{State, state};
use crate::base::Direction;
use crate::store::{MessageIdx, Row, RowRef, Snapshot};

/// A leg with its snapshot.
#[derive(Debug, Clone, Copy)]
pub struct LegRef<'a> {
    /// The leg itself.
    pub leg: &'a Leg,
    /// Its number.
    pub index: LegIdx,
    /// All legs.
    pub calls: &'a Calls,
    /// The messages.
    pub snapshot: &'a Snapshot,
}

impl Calls {
    /// A leg with `snapshot`, with which these calls were published.
    pub fn leg_ref<'a>(&'a self, snapshot: &'a Snapshot, index: LegIdx) -> Option<LegRef<'a>> {
        Some(LegRef { leg: self.leg(index)?, index, calls: self, snapshot })
    }

    /// All legs in the order of their first messages.
    pub fn legs<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = LegRef<'a>> {
        self.legs.iter().enumerate().map(move |(index, leg)| LegRef {
            leg,
            index: index as LegIdx,
            calls: self,
            snapshot,
        })
    }
}

/// The messages of a leg or dialog among those of its Call-ID.
pub(super) fn messages(snapshot: &Snapshot, calls: &Calls, call_id: u32, handle: Handle) -> Vec<MessageIdx> {
    // Those beyond the highest ordinal have no messages of their own; they must not cost a look at all messages.
    let mut known = calls.of_call_id(call_id).take(usize::from(Row::MOST_LEGS) + 1);
    let Some(ordinal) = known.position(|known| known == handle) else { return Vec::new() };
    let mut rows = snapshot.rows_of_call(call_id);
    if calls.of_call_id(call_id).nth(1).is_some() {
        let is_own = |row: RowRef<'_>| usize::from(row.row.leg_ordinal()) == ordinal;
        rows.retain(|&row| snapshot.row(row).is_some_and(is_own));
    }
    rows
}

impl<'a> LegRef<'a> {
    /// The time of a message of it, in the microseconds of the rows.
    pub fn time(&self, message: MessageIdx) -> Option<i64> {
        self.snapshot.row(message).map(|row| row.row.time)
    }

    /// The row of its first message.
    pub fn first(&self) -> Option<RowRef<'a>> {
        self.snapshot.row(self.leg.first)
    }

    /// Its messages in order.
    pub fn messages(&self) -> Vec<MessageIdx> {
        messages(self.snapshot, self.calls, self.leg.call_id, Handle::Leg(self.index))
    }

    /// When its first message came or went.
    pub fn start(&self) -> i64 {
        self.time(self.leg.first).unwrap_or_default()
    }

    /// When it was answered.
    pub fn answered(&self) -> Option<i64> {
        self.leg.is_answered().then(|| self.time(self.leg.fin)).flatten()
    }

    /// When it ended: BYE or CANCEL, else the final response that refused it; `None` while it goes on.
    pub fn ended(&self) -> Option<i64> {
        if self.leg.end != NO_MESSAGE {
            return self.time(self.leg.end);
        }
        if self.leg.is_answered() || self.leg.fin == NO_MESSAGE || self.state().is_open() {
            return None;
        }
        self.time(self.leg.fin)
    }

    /// The message that ended it.
    pub fn ended_message(&self) -> Option<MessageIdx> {
        self.ended()?;
        Some(if self.leg.end == NO_MESSAGE { self.leg.fin } else { self.leg.end })
    }

    /// Who ended it: who hung up or gave up; of a call that was refused, who refused it.
    pub fn ending_end(&self) -> Option<End> {
        let is_refused = self.leg.fin != NO_MESSAGE && !self.leg.is_answered() && !self.state().is_open();
        self.leg.ended_by().or_else(|| is_refused.then(|| self.refused_by()))
    }

    /// Who sends the final responses to its INVITE.
    fn refused_by(&self) -> End {
        let is_sent =
            || self.snapshot.row(self.leg.fin).is_some_and(|row| row.row.direction() == Direction::Sent);
        match self.leg.side {
            Side::A => End::Us,
            Side::Unknown if is_sent() => End::Us,
            Side::B | Side::Unknown => End::Peer,
        }
    }

    /// Who ended it, for people: `caller`, `callee`, `FreeSWITCH`; empty while it goes on.
    pub fn ended_by(&self) -> &'static str {
        match (self.ending_end(), self.leg.side) {
            (None, _) => "",
            (Some(End::Us), _) => "FreeSWITCH",
            (Some(End::Peer), Side::A) => "caller",
            (Some(End::Peer), Side::B) => "callee",
            (Some(End::Peer), Side::Unknown) => "peer",
        }
    }

    /// Whether its beginning or its end is not in the trace.
    pub fn is_cut(&self) -> bool {
        let is_open = self.leg.is_answered() || self.state().is_open();
        self.leg.is(LegFlags::BEGUN_BEFORE)
            || is_open && self.ended().is_none() && !self.leg.is(LegFlags::GONE)
    }

    /// Microseconds from the INVITE to the first 18x, else to the final response that follows without one; a challenge is none.
    pub fn post_dial_delay(&self) -> Option<i64> {
        if self.leg.is(LegFlags::BEGUN_BEFORE) || matches!(self.leg.status, 401 | 407) {
            return None;
        }
        let rings = if self.leg.ringing == NO_MESSAGE { self.leg.fin } else { self.leg.ringing };
        self.time(rings).map(|time| (time - self.start()).max(0))
    }

    /// Microseconds from the INVITE to the answer.
    pub fn setup(&self) -> Option<i64> {
        (!self.leg.is(LegFlags::BEGUN_BEFORE)).then_some(())?;
        self.answered().map(|time| (time - self.start()).max(0))
    }

    /// Microseconds that it rang: from the first 18x to the answer or the end.
    pub fn rang(&self) -> Option<i64> {
        let until = self.answered().or_else(|| self.ended()).or_else(|| self.seen_until())?;
        self.time(self.leg.ringing).map(|time| (until - time).max(0))
    }

    /// Microseconds from the answer to the BYE; of a call that is still up to the end of the trace.
    pub fn talk(&self) -> Option<i64> {
        let from = self.answered()?;
        // The clock may step back.
        self.ended().or_else(|| self.seen_until()).map(|until| (until - from).max(0))
    }

    /// Microseconds on hold by one side or both, to the end of the call or of the trace; `None` if it never was.
    pub fn held(&self) -> Option<i64> {
        let until = self.ended().or_else(|| self.seen_until()).filter(|_| self.leg.is(LegFlags::HELD))?;
        // An INVITE may already hold.
        let from = self.answered().unwrap_or_else(|| self.start());
        let (mut holds, mut since, mut held) = ([false; 2], None, 0);
        for note in self.calls.notes(Handle::Leg(self.index)) {
            match note.noted {
                Noted::PeerHolds => holds[0] = true,
                Noted::WeHold => holds[1] = true,
                Noted::Released => holds[usize::from(note.value != 0)] = false,
                _ => continue,
            }
            let time = self.time(note.message)?.max(from);
            if holds.contains(&true) {
                since = since.or(Some(time));
            } else if let Some(since) = since.take() {
                held += (time - since).max(0);
            }
        }
        Some(held + since.map_or(0, |since: i64| (until - since).max(0)))
    }

    /// The message that says that the other side no longer knows the call, and when it came.
    pub fn gone(&self) -> Option<MessageIdx> {
        (self.leg.is(LegFlags::GONE) && self.leg.end == NO_MESSAGE).then_some(())?;
        let notes = self.calls.notes(Handle::Leg(self.index));
        notes.iter().rfind(|note| note.noted == Noted::Gone).map(|note| note.message)
    }

    /// The restart of FreeSWITCH, or of the profile, that probably ended it: nothing of it came after.
    pub fn restart(&self) -> Option<Restart> {
        let is_over = self.leg.end != NO_MESSAGE || matches!(self.leg.status, 300..);
        (!is_over).then_some(())?;
        let last = self.time(self.leg.last)?;
        restart::after(&self.calls.restarts, self.leg.source, self.leg.last, last)
    }

    /// Until when a leg that did not end may have gone on: a restart, else the end of the trace.
    pub(super) fn seen_until(&self) -> Option<i64> {
        let restart = self.restart().map(|restart| restart.time);
        restart.or_else(|| self.gone().and_then(|gone| self.time(gone))).or_else(|| self.now())
    }

    /// The time of the newest message of the trace.
    pub fn now(&self) -> Option<i64> {
        let last = (self.snapshot.len() as MessageIdx).checked_sub(1)?;
        self.time(last)
    }

    /// How it went so far.
    pub fn state(&self) -> State {
        let depends_on_time = matches!(self.leg.progress, Progress::Trying | Progress::Challenged);
        state(self.leg, if depends_on_time { self.waited() } else { 0 })
    }

    /// Microseconds from its INVITE, or the response to it, to the end of what may have come of it.
    fn waited(&self) -> i64 {
        let since = if self.leg.fin == NO_MESSAGE {
            self.start()
        } else {
            self.time(self.leg.fin).unwrap_or_default()
        };
        self.seen_until().map_or(0, |until| until - since)
    }

    /// State and status code: `rejected 404`, `answered`.
    pub fn outcome(&self) -> String {
        let state = self.state();
        match state {
            State::Rejected | State::Failed | State::Redirected if (1..700).contains(&self.leg.status) => {
                format!("{} {}", state.as_str(), self.leg.status)
            }
            _ => state.as_str().to_owned(),
        }
    }

    /// The profile.
    pub fn profile(&self) -> &'a str {
        self.snapshot.sources.get(usize::from(self.leg.source)).map_or("", |source| &source.profile)
    }

    /// The peer's address and port as the dump writes it: `[192.0.2.7]:5060`.
    pub fn peer(&self) -> &'a [u8] {
        self.first().map_or(b"", |row| row.peer())
    }

    /// The peer's address alone, after its name if it has one: `carrier2 (192.0.2.21)`.
    pub fn host(&self) -> String {
        let host = self.bare_host();
        match self.first().and_then(|row| row.peer_alias()) {
            Some(name) => format!("{name} ({host})"),
            None => host,
        }
    }

    fn bare_host(&self) -> String {
        host_address(self.peer())
            .map_or_else(|| String::from_utf8_lossy(self.peer()).into_owned(), |address| address.to_string())
    }

    /// The Call-ID.
    pub fn call_id(&self) -> &'a [u8] {
        self.snapshot.call_id(self.leg.call_id)
    }

    /// The user of From.
    pub fn from(&self) -> &'a [u8] {
        self.first().map_or(b"", |row| row.from())
    }

    /// The user of To.
    pub fn to(&self) -> &'a [u8] {
        self.first().map_or(b"", |row| row.to())
    }

    /// Who is behind the peer: the caller of an A leg, the callee of a B leg.
    pub fn party(&self) -> &'a [u8] {
        if self.leg.side == Side::B { self.to() } else { self.from() }
    }

    /// The text of the Reason field that ended it.
    pub fn reason(&self) -> &'a [u8] {
        self.calls.text(self.leg.reason)
    }

    /// Where the peer wants its audio.
    pub fn peer_media(&self) -> Option<SocketAddr> {
        self.media(self.leg.peer_media, self.leg.media_ports[0])
    }

    /// Where FreeSWITCH wants its audio.
    pub fn our_media(&self) -> Option<SocketAddr> {
        self.media(self.leg.our_media, self.leg.media_ports[1])
    }

    fn media(&self, number: u32, port: u16) -> Option<SocketAddr> {
        let address: IpAddr = self.calls.address(number)?;
        Some(SocketAddr::new(address, port))
    }

    /// Whether the call it is failed: not a fork that lost, not one that someone gave up.
    pub fn is_failed(&self) -> bool {
        self.state().is_failure()
    }
}
