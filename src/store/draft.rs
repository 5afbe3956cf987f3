//! A message on its way into the store: what its row needs, taken out of the reader's buffer.
//!
//! Must not know: interned numbers, other messages.

use memchr::memmem;

use crate::base::{Extent, Timestamp};
use crate::message::{Completeness, MessageRef};
use crate::sip::start_line::StartLine;
use crate::sip::{Headline, headline, user_of};

use super::row::{Flags, Row};

/// Microseconds of a day, signed.
const DAY: i64 = 86_400_000_000;

/// Counts days over midnight for stamps that have no date.
///
/// A step back by more than half a day is midnight; a step forward by more than half a day belongs
/// to the day before, as a message does that began before midnight and ended after it. Smaller
/// steps back are what they are: several profiles in one file, or a clock that was set.
#[derive(Debug, Clone, Copy, Default)]
pub struct DayClock {
    day: i64,
    last: Option<i64>,
}

impl DayClock {
    /// Microseconds since 1970 for a stamp with a date, else since the first stamp's midnight.
    pub fn micros(&mut self, stamp: Timestamp) -> i64 {
        let of_day = stamp.micros_of_day() as i64;
        if let Some(days) = stamp.days() {
            return days * DAY + of_day;
        }
        let mut time = self.day * DAY + of_day;
        if let Some(last) = self.last {
            if time < last - DAY / 2 {
                time += DAY;
            } else if time > last + DAY / 2 && self.day > 0 {
                time -= DAY;
            }
        }
        self.day = time.div_euclid(DAY);
        self.last = Some(time);
        time
    }
}

/// What the store takes of one message. Kept and filled again, so that its buffers are reused.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row, but for its interned numbers and its neighbours.
    pub(super) row: Row,
    pub(super) address: Vec<u8>,
    pub(super) call_id: Vec<u8>,
    pub(super) from: Vec<u8>,
    pub(super) to: Vec<u8>,
    pub(super) what: Vec<u8>,
    pub(super) method: Vec<u8>,
    pub(super) extents: Vec<Extent>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            row: Row::blank(0),
            address: Vec::new(),
            call_id: Vec::new(),
            from: Vec::new(),
            to: Vec::new(),
            what: Vec::new(),
            method: Vec::new(),
            extents: Vec::new(),
        }
    }
}

impl Draft {
    /// When the message began, as `clock` reads it.
    pub fn time(&self) -> i64 {
        self.row.time
    }

    /// Takes down `message`, which comes from the source with the number `source`.
    pub fn fill(&mut self, message: &MessageRef<'_>, source: u16, clock: &mut DayClock) {
        let head = headline(message.content);
        self.row = Row::blank(Row::pack_way(message.direction, message.transport));
        self.row.source = source;
        self.row.time = clock.micros(message.timestamp);
        self.row.len = u32::try_from(message.content.len()).unwrap_or(u32::MAX);
        self.row.frames = u8::try_from(message.frame_count).unwrap_or(u8::MAX);
        self.row.cseq = head.cseq_number;
        self.row.branch = hash(head.branch);
        self.row.offset = message.extents.first().map_or(message.offset, |e| e.offset);
        replace(&mut self.address, message.address.as_bytes());
        replace(&mut self.call_id, head.call_id);
        replace(&mut self.from, user_of(head.from));
        replace(&mut self.to, user_of(head.to));
        self.start_line(&head);
        self.extents.clear();
        if message.extents.len() > 1 {
            self.extents.extend_from_slice(message.extents);
        }
        self.row.flags =
            body_flags(message.content.get(head.body_offset..).unwrap_or_default(), head.content_type)
                .with(Flags::SIP, head.start_line.is_some())
                .with(Flags::MALFORMED, head.malformed && head.start_line.is_some())
                .with(Flags::INCOMPLETE, message.completeness != Completeness::Complete)
                .with(Flags::SCATTERED, message.extents.len() > 1);
    }

    fn start_line(&mut self, head: &Headline<'_>) {
        match head.start_line {
            Some(StartLine::Request { method, .. }) => {
                replace(&mut self.what, method);
                replace(&mut self.method, method);
            }
            Some(StartLine::Status { code, reason }) => {
                self.row.status = code;
                replace(&mut self.what, reason);
                replace(&mut self.method, head.cseq_method);
            }
            None => {
                self.what.clear();
                self.method.clear();
            }
        }
    }
}

fn replace(buffer: &mut Vec<u8>, with: &[u8]) {
    buffer.clear();
    buffer.extend_from_slice(with);
}

/// What kind of body it is, by its Content-Type alone; a multipart body is searched for SDP.
fn body_flags(body: &[u8], content_type: &[u8]) -> Flags {
    let flags = Flags::default();
    if body.is_empty() {
        return flags;
    }
    let is = |prefix: &str| {
        content_type.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    if is("application/sdp") {
        flags.with(Flags::SDP, true)
    } else if is("multipart/") {
        let sdp = memmem::find(body, b"application/sdp").is_some();
        flags.with(Flags::MULTIPART, true).with(Flags::SDP, sdp)
    } else {
        flags.with(Flags::BODY, true)
    }
}

/// FNV-1a: short inputs, compared only within one call.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |h, b| (h ^ u32::from(*b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_midnight_and_late_messages_stay_on_their_day() {
        let mut clock = DayClock::default();
        let mut at = |text: &str| clock.micros(Timestamp::parse(text.as_bytes()).unwrap()) / 1_000_000;
        assert_eq!(at("23:59:59.000000"), 86_399);
        assert_eq!(at("00:00:01.000000"), 86_401, "midnight");
        assert_eq!(at("23:59:58.000000"), 86_398, "began before midnight, ended after it");
        assert_eq!(at("00:00:02.000000"), 86_402);
        assert_eq!(at("00:00:01.990000"), 86_401, "a small step back is not a day");
    }

    #[test]
    fn a_stamp_with_a_date_needs_no_counting() {
        let mut clock = DayClock::default();
        let stamp = Timestamp::parse(b"1970-01-02 00:00:01.000000").unwrap();
        assert_eq!(clock.micros(stamp), 86_401_000_000);
    }
}
