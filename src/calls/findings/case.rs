//! A leg or dialog laid out for the rules: its messages with their strings, its notes, small questions about both.
//!
//! Must not know: rules.

use super::related::{Exchange, Part, Related};
use super::{Handle, MessageIdx, Noted, RowRef};
use crate::base::Direction;
use crate::calls::dialog::DialogKind;
use crate::calls::dialog_facts::DialogRef;
use crate::calls::facts::LegRef;
use crate::calls::note::Note;
use crate::store::{Flags, Row};

/// What a rule looks at.
pub(in crate::calls) struct Case<'a> {
    /// The leg; `None` for a dialog of another kind.
    pub(in crate::calls) leg: Option<LegRef<'a>>,
    /// The dialog; `None` for a leg.
    pub(in crate::calls) dialog: Option<DialogRef<'a>>,
    /// The messages in order, retransmissions included.
    pub(in crate::calls) rows: Vec<RowRef<'a>>,
    pub(in crate::calls) notes: Vec<Note>,
    /// The time of the newest message of the trace.
    pub(in crate::calls) now: i64,
    /// Until when more could have come of it: a restart of FreeSWITCH, else the newest message of the trace.
    pub(in crate::calls) until: i64,
    /// The messages by what they have in common.
    related: Related,
}

impl<'a> Case<'a> {
    pub(in crate::calls) fn of_leg(leg: LegRef<'a>) -> Self {
        let messages = leg.messages();
        let mut rows = Vec::with_capacity(messages.len());
        rows.extend(messages.into_iter().filter_map(|row| leg.snapshot.row(row)));
        Self {
            leg: Some(leg),
            dialog: None,
            rows,
            notes: leg.calls.notes(Handle::Leg(leg.index)),
            now: leg.now().unwrap_or_default(),
            until: leg.seen_until().unwrap_or_default(),
            related: Related::default(),
        }
    }

    pub(in crate::calls) fn of_dialog(dialog: DialogRef<'a>) -> Self {
        let newest =
            (dialog.snapshot.len() as MessageIdx).checked_sub(1).and_then(|row| dialog.snapshot.row(row));
        Self {
            leg: None,
            dialog: Some(dialog),
            rows: dialog.messages().into_iter().filter_map(|row| dialog.snapshot.row(row)).collect(),
            notes: dialog.calls.notes(Handle::Dialog(dialog.index)),
            now: newest.as_ref().map_or(0, |row| row.row.time),
            until: newest.map_or(0, |row| row.row.time),
            related: Related::default(),
        }
    }

    /// The first note of a kind.
    pub(in crate::calls) fn noted(&self, noted: Noted) -> Option<Note> {
        self.notes.iter().find(|note| note.noted == noted).copied()
    }

    /// The last success of a method: what failed before it no longer counts.
    pub(in crate::calls) fn last_success(&self, method: &[u8]) -> Option<MessageIdx> {
        let is_success = |row: &&RowRef<'_>| (200..300).contains(&row.row.status) && row.method() == method;
        self.rows.iter().rfind(is_success).map(|row| row.index)
    }

    /// Whether it is a registration.
    pub(super) fn is_registration(&self) -> bool {
        self.dialog.is_some_and(|dialog| dialog.dialog.kind() == DialogKind::Register)
    }

    /// The requests of a method.
    pub(in crate::calls) fn requests(&self, method: &'static [u8]) -> impl Iterator<Item = &RowRef<'a>> {
        self.rows.iter().filter(move |row| row.row.is_request() && row.method() == method)
    }

    /// The responses to requests of a method.
    pub(in crate::calls) fn responses(&self, method: &'static [u8]) -> impl Iterator<Item = &RowRef<'a>> {
        self.rows.iter().filter(move |row| row.row.status > 0 && row.method() == method)
    }

    /// The first final response to a request.
    pub(in crate::calls) fn final_of(&self, request: &RowRef<'_>) -> Option<&RowRef<'a>> {
        self.related.first(&self.rows, other_way(request.row), Part::Final)
    }

    /// Whether a request has any response.
    pub(in crate::calls) fn has_response(&self, request: &RowRef<'_>) -> bool {
        self.related.first_from(&self.rows, other_way(request.row), Part::Provisional).is_some()
    }

    /// Whether the request that a response answers is there.
    pub(in crate::calls) fn has_request(&self, response: &RowRef<'_>) -> bool {
        self.related.first(&self.rows, other_way(response.row), Part::Request).is_some()
    }

    /// The number by which rows name a method; `None` if no message has it.
    pub(in crate::calls) fn number_of(&self, method: &[u8]) -> Option<u32> {
        self.rows.iter().find(|row| row.method() == method).map(|row| row.row.method)
    }

    /// The first request of a method with this `CSeq` number that went in this direction.
    pub(in crate::calls) fn first_request(
        &self,
        cseq: u32,
        method: u32,
        way: Direction,
    ) -> Option<&RowRef<'a>> {
        self.related.first(&self.rows, (cseq, method, way), Part::Request)
    }

    /// The first final response to a method with this `CSeq` number that went in this direction.
    pub(in crate::calls) fn first_final(
        &self,
        cseq: u32,
        method: u32,
        way: Direction,
    ) -> Option<&RowRef<'a>> {
        self.related.first(&self.rows, (cseq, method, way), Part::Final)
    }

    /// How often a message was sent, itself included.
    pub(in crate::calls) fn copies(&self, message: &RowRef<'_>) -> usize {
        self.related.transmissions(&self.rows, message.row).len()
    }

    /// How often a message was sent until it had its effect: a provisional response that is repeated each minute, so that
    /// proxies do not give up (RFC 3261 §13.3.1.1), does not count.
    pub(in crate::calls) fn transmissions(&self, message: &RowRef<'_>) -> usize {
        let all = self.related.transmissions(&self.rows, message.row);
        let is_again = |at: &&u32| self.rows[**at as usize].row.flags.has(Flags::RETRANSMISSION);
        1 + all.iter().filter(is_again).count()
    }

    /// Whether such a message came before.
    pub(in crate::calls) fn is_repeat(&self, message: &RowRef<'_>) -> bool {
        let first = self.related.transmissions(&self.rows, message.row).first();
        first.is_some_and(|&first| self.rows[first as usize].index < message.index)
    }

    /// Who the peer is, for a sentence.
    pub(in crate::calls) fn peer(&self) -> String {
        let row = self.rows.first();
        row.map_or_else(String::new, |row| host(row))
    }

    /// Whether the trace begins in the middle of it.
    pub(in crate::calls) fn is_begun_before(&self) -> bool {
        match self.leg {
            Some(leg) => leg.leg.is(crate::calls::LegFlags::BEGUN_BEFORE),
            None => self.rows.first().is_some_and(|row| !row.row.is_request()),
        }
    }
}

/// What has the same `CSeq` and goes the other way: of a request its responses, of a response its request.
fn other_way(row: &Row) -> Exchange {
    (row.cseq, row.method, row.direction().opposite())
}

/// Whether `response` answers `request`.
pub(super) fn answers(response: &Row, request: &Row) -> bool {
    other_way(request) == (response.cseq, response.method, response.direction())
}

/// The address of a message's peer without its port.
pub(in crate::calls) fn host(row: &RowRef<'_>) -> String {
    crate::calls::session::host_address(row.peer())
        .map_or_else(|| String::from_utf8_lossy(row.peer()).into_owned(), |address| address.to_string())
}

/// Who sent a message, for a sentence: the peer's address, or FreeSWITCH.
pub(in crate::calls) fn sender(row: &RowRef<'_>) -> String {
    if row.row.direction() == Direction::Sent { "FreeSWITCH".to_owned() } else { host(row) }
}

/// `486`; a number that is no status code (RFC 3261 §21) is not repeated.
pub(in crate::calls) fn code(status: u16) -> String {
    if status > 699 { "an invalid status".to_owned() } else { status.to_string() }
}

/// `486 Busy Here`.
pub(in crate::calls) fn status(row: &RowRef<'_>) -> String {
    let mut text = format!("{} {}", code(row.row.status), String::from_utf8_lossy(row.what()));
    text.truncate(text.trim_end().len());
    text
}

/// Method or status, for a sentence: `INVITE`, `200 to INVITE`.
pub(in crate::calls) fn name(row: &RowRef<'_>) -> String {
    let method = String::from_utf8_lossy(row.method());
    if row.row.is_request() { method.into_owned() } else { format!("{} to {method}", code(row.row.status)) }
}

/// Seconds with one decimal, rounded: `12.4 s`. Lists and sentences round alike.
pub fn seconds(micros: i64) -> String {
    let tenths = (micros + 50_000) / 100_000;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// `0.4 ms`, `21 ms`, `1.2 s`, `12.4 s`, `4 min 12 s`, `1 h 3 min`.
pub fn span(micros: i64) -> String {
    // The clock may step back.
    let micros = micros.max(0);
    // What rounds to a minute is one.
    let seconds = if micros < 60_000_000 { (micros + 50_000) / 1_000_000 } else { micros / 1_000_000 };
    match seconds {
        ..1 if (1..1000).contains(&micros) => format!("0.{} ms", (micros / 100).max(1)),
        ..1 if micros < 100_000 => format!("{} ms", micros / 1000),
        ..60 => self::seconds(micros),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
