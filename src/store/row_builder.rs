//! A message that is being added to the store: the values of its row, copied from the reader's buffer.
//!
//! Must not know: interned numbers, other messages.

use memchr::memmem;

use crate::base::bytes::decimal;
use crate::base::{Extent, hash16};
use crate::message::{Completeness, MessageRef};
use crate::sip::start_line::StartLine;
use crate::sip::{IndexFields, OtherField, index_fields_each, tag_of, without_params};

use super::day_clock::{Dates, DayClock};
use super::row::{Flags, Row};
use super::row_batch::{Ends, RowParts, STRINGS};

/// The time of a message, and how its date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Microseconds since 1970, or since the midnight before the first message.
    pub(crate) time: i64,
    pub(crate) dates: Dates,
}

/// The values that the store takes from one message. It is filled again for each message, so that its buffers are
/// reused.
#[derive(Debug, Clone)]
pub struct RowBuilder {
    /// The row, without interned numbers and without links to other rows.
    pub(super) row: Row,
    /// The strings of the row, one after another.
    pub(super) text: Vec<u8>,
    pub(super) ends: Ends,
    pub(super) extents: Vec<Extent>,
    /// The header fields that the row does not store.
    fields: Vec<OtherField>,
    after_gap: bool,
    /// Whether it is a reliable provisional response (RFC 3262 §3).
    pub(super) is_reliable: bool,
}

impl Default for RowBuilder {
    fn default() -> Self {
        Self {
            row: Row::blank(0),
            text: Vec::new(),
            ends: Ends::default(),
            extents: Vec::new(),
            fields: Vec::new(),
            after_gap: false,
            is_reliable: false,
        }
    }
}

impl RowBuilder {
    /// The time at which the message began, according to the clock.
    pub fn time(&self) -> i64 {
        self.row.time
    }

    /// The row, without interned numbers and without links to other rows.
    pub(crate) fn row(&self) -> &Row {
        &self.row
    }

    /// Sets whether bytes of the input are missing before the next message.
    pub fn after_gap(&mut self, yes: bool) {
        self.after_gap = yes;
    }

    /// The peer's address as written.
    pub fn address(&self) -> &[u8] {
        self.parts().address()
    }

    /// A request's method, or the method of a response's `CSeq`.
    pub(crate) fn method(&self) -> &[u8] {
        self.parts().method()
    }

    /// What the store takes.
    pub(crate) fn parts(&self) -> RowParts<'_> {
        let Self { row, text, ends, extents, is_reliable, .. } = self;
        RowParts { row, text, ends, extents, is_reliable: *is_reliable }
    }

    /// The positions of the header fields that the row does not store.
    pub(crate) fn fields(&self) -> &[OtherField] {
        &self.fields
    }

    /// Fills in `message`, which comes from the source with the number `source`; `clock` determines its time. Returns
    /// the parsed index fields.
    pub fn fill<'m>(
        &mut self,
        message: &MessageRef<'m>,
        source: u16,
        clock: &mut DayClock,
    ) -> IndexFields<'m> {
        clock.marker(message.marker);
        let (time, dates) = clock.read(message.timestamp);
        self.fill_at(message, source, Moment { time, dates })
    }

    /// Does the same for a message whose time is already known.
    pub(crate) fn fill_at<'m>(
        &mut self,
        message: &MessageRef<'m>,
        source: u16,
        when: Moment,
    ) -> IndexFields<'m> {
        self.fields.clear();
        let fields = &mut self.fields;
        let head = index_fields_each(message.content, |field| fields.push(field));
        self.row = Row::blank(Row::pack_direction(message.direction, message.transport));
        self.row.source = source;
        self.row.time = when.time;
        self.row.len = u32::try_from(message.content.len()).unwrap_or(u32::MAX);
        self.row.frames = u8::try_from(message.frame_count).unwrap_or(u8::MAX);
        self.row.cseq = head.cseq_number;
        self.row.branch = hash16(&[head.branch]);
        self.row.offset = message.extents.first().map_or(message.offset, |e| e.offset);
        let (what, method) = self.start_line(&head);
        let (from, to) = (without_params(head.from), without_params(head.to));
        self.strings([message.address.as_bytes(), head.call_id, from, to, what, method]);
        self.dialog(&head, message.content, method);
        self.extents.clear();
        if message.extents.len() > 1 {
            self.extents.extend_from_slice(message.extents);
        }
        self.row.flags =
            body_flags(message.content.get(head.body_offset..).unwrap_or_default(), head.content_type)
                .with(Flags::SIP, head.start_line.is_some())
                .with(Flags::MALFORMED, head.malformed && head.start_line.is_some())
                .with(Flags::INCOMPLETE, is_incomplete(message, &head))
                .with(Flags::SCATTERED, message.extents.len() > 1)
                .with(Flags::DATED, when.dates != Dates::Unknown)
                .with(Flags::INFERRED, when.dates.is_inferred())
                .with(Flags::AFTER_GAP, self.after_gap);
        head
    }

    /// Copies the strings of the row, in the order of [`Ends`].
    fn strings(&mut self, strings: [&[u8]; STRINGS]) {
        self.text.clear();
        for (end, string) in self.ends.iter_mut().zip(strings) {
            self.text.extend_from_slice(string);
            *end = self.text.len() as u32;
        }
    }

    /// Fills in the status; gives the method or reason phrase of the start line, and the method of the transaction.
    fn start_line<'m>(&mut self, head: &IndexFields<'m>) -> (&'m [u8], &'m [u8]) {
        match head.start_line {
            Some(StartLine::Request { method, .. }) => (method, method),
            Some(StartLine::Status { code, reason }) => {
                self.row.status = code;
                (reason, head.cseq_method)
            }
            None => (b"", b""),
        }
    }

    /// Fills in the hashes that distinguish responses, and the ACKs to them, that differ only in their dialog.
    fn dialog(&mut self, head: &IndexFields<'_>, content: &[u8], method: &[u8]) {
        self.is_reliable = false;
        let status = self.row.status;
        if status == 0 && method != b"ACK" {
            return;
        }
        let tag = tag_of(head.to);
        let rseq = if matches!(status, 101..=199) { rseq(content, &self.fields) } else { b"" };
        self.is_reliable = !rseq.is_empty();
        if !tag.is_empty() || self.is_reliable {
            // 0 means that there is none.
            self.row.to_tag = hash16(&[tag, rseq]).max(1);
        }
    }
}

/// Whether bytes of the message are missing: it was cut, or the datagram is shorter than its Content-Length.
fn is_incomplete(message: &MessageRef<'_>, head: &IndexFields<'_>) -> bool {
    match message.completeness {
        Completeness::Cut(_) => true,
        Completeness::NotSip => false,
        Completeness::Complete if message.transport.is_stream() => false,
        Completeness::Complete => {
            let body_len = message.content.len().saturating_sub(head.body_offset);
            decimal(head.content_length).is_some_and(|declared| declared > body_len as u64)
        }
    }
}

/// What kind of body it is, according to its Content-Type; a multipart body is searched for SDP.
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

/// The value of `RSeq` (RFC 3262 §7.1) among these fields of a message; empty if there is none.
fn rseq<'m>(message: &'m [u8], fields: &[OtherField]) -> &'m [u8] {
    let text = |from: u32, to: u32| message.get(from as usize..to as usize).unwrap_or_default();
    let is_rseq = |field: &&OtherField| {
        let name = text(field.name, field.value);
        matches!(name, [b'R' | b'r', b'S' | b's', b'E' | b'e', b'Q' | b'q', b':' | b' ' | b'\t', ..])
    };
    fields.iter().find(is_rseq).map_or(b"", |field| text(field.value, field.end).trim_ascii())
}
