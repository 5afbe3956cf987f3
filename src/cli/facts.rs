//! What a filter may ask about a message of a stream; each fact is computed when it is asked for.
//!
//! A filter on the method alone must not cost the parsing of the other header fields: the start line and the other
//! fields are parsed separately, each at most once.
//!
//! One message has four forms on its way to an output, each for a reason:
//!
//! - [`MessageRef`]: the reader's own buffers, without a copy; gone with the next message;
//! - [`Entry`]: what an output format needs. Messages of a store have it too, so that formats know neither readers nor stores;
//! - [`MessageFacts`]: an entry, with what filters ask computed at most once. It is never stored;
//! - [`Held`](super::held::Held): an owned copy, only for messages that must wait for later ones.
//!
//! The store's [`RowBuilder`](crate::store::RowBuilder) is not a fifth one: it keeps 64 bytes of a message, and no text.
//!
//! Must not know: which filter asks, what happens to the message.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use crate::base::{Direction, Extent, Transport};
use crate::export::stored::inferred_date;
use crate::export::{Entry, dump};
use crate::filter::{Facts, Field, Flag, RowFlags, Text};
use crate::message::{Completeness, Marker, MessageRef};
use crate::sip::framing::is_short_datagram;
use crate::sip::{IndexFields, StartLine, index_fields, without_params};
use crate::store::{Dates, MessageIdx, RowRef, Snapshot, Source};

use super::frames::{Carriers, keep};
use super::peek::{self, Peek};

/// The position of a message in the inputs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position<'a> {
    /// The input; for a rotation set, the file.
    pub(super) source: &'a Arc<Source>,
    /// Offset in the file of the header of the frame in which the message begins.
    pub(super) offset: u64,
    /// Microseconds since 1970, or since the midnight before the first message.
    pub(super) time: i64,
    /// How its date is known.
    pub(super) dates: Dates,
    /// The 1-based number of the message, counted over all inputs.
    pub(super) number: u64,
    /// The last marker before it.
    pub(super) marker: &'a Marker,
}

/// What is known about the frames that contain a message.
#[derive(Clone, Copy)]
pub(super) enum Carried<'a> {
    /// The frames are not needed.
    NotNeeded,
    /// Who knows the frames, and the extents of the message.
    InHistory(&'a dyn Carriers, &'a [Extent]),
    /// Copies of the frames.
    Copied(&'a [u8]),
}

/// Facts that depend on other messages, as far as they are known. In a stream they are unknown until an index provides
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Related {
    /// Whether the same message was sent before.
    pub(super) retransmission: Option<bool>,
    /// Whether it is a request without a final response.
    pub(super) unanswered: Option<bool>,
}

/// What is known about the call of a message. In a stream it is unknown until an index provides it.
#[derive(Debug, Clone, Default)]
pub(super) enum OfCall {
    /// No calls are built.
    #[default]
    Unknown,
    /// The call continues; its kind is already known.
    Open(&'static str),
    /// The row with this number in the index.
    Known(Arc<Snapshot>, MessageIdx),
}

impl OfCall {
    fn row(&self) -> Option<RowRef<'_>> {
        match self {
            Self::Known(snapshot, row) => snapshot.row(*row),
            Self::Unknown | Self::Open(_) => None,
        }
    }
}

/// A message and the facts that are known about it so far.
pub(super) struct MessageFacts<'a> {
    /// The message itself.
    pub(super) entry: Entry<'a>,
    position: Position<'a>,
    completeness: Completeness,
    carried: Carried<'a>,
    related: Cell<Related>,
    of_call: RefCell<OfCall>,
    first_line: OnceCell<(Option<StartLine<'a>>, usize)>,
    peek: OnceCell<Peek<'a>>,
    head: OnceCell<IndexFields<'a>>,
}

impl<'a> MessageFacts<'a> {
    /// The message that a reader lends. It is not parsed yet.
    #[inline]
    pub(super) fn new(message: &MessageRef<'a>, position: Position<'a>) -> Self {
        let date = inferred_date(message.timestamp, position.time, position.dates);
        let entry = Entry { offset: position.offset, date, ..Entry::new(&position.source.file, message) };
        Self::of_entry(entry, position, message.completeness)
    }

    /// A message that was held.
    #[inline]
    pub(super) fn of_entry(entry: Entry<'a>, position: Position<'a>, completeness: Completeness) -> Self {
        Self {
            entry,
            position,
            completeness,
            carried: Carried::NotNeeded,
            related: Cell::default(),
            of_call: RefCell::default(),
            first_line: OnceCell::new(),
            peek: OnceCell::new(),
            head: OnceCell::new(),
        }
    }

    /// The fields that lists show.
    pub(super) fn head(&self) -> &IndexFields<'a> {
        self.head.get_or_init(|| index_fields(self.entry.content))
    }

    /// The same message with its frames.
    pub(super) fn carried(mut self, carried: Carried<'a>) -> Self {
        self.carried = carried;
        self
    }

    /// Appends the frames that contain the message, for [`each_kept`](super::frames::each_kept). If they are no longer
    /// known, a new frame is made for the message.
    pub(super) fn frames(&self, out: &mut Vec<u8>) {
        let known = match self.carried {
            Carried::InHistory(source, extents) => source.carriers(extents, out),
            Carried::Copied(frames) => {
                out.extend_from_slice(frames);
                true
            }
            Carried::NotNeeded => false,
        };
        if !known {
            let mut frame = Vec::new();
            dump::frame(&mut frame, &self.entry);
            keep(out, None, &frame);
        }
    }

    /// Sets the facts that depend on other messages.
    pub(super) fn relate(&self, related: Related) {
        self.related.set(related);
    }

    /// Takes note of what became of its call.
    pub(super) fn of_call(&self, of_call: OfCall) {
        self.of_call.replace(of_call);
    }

    /// The message as the reader lent it, without its extents.
    pub(super) fn message_ref(&self) -> MessageRef<'a> {
        let entry = &self.entry;
        MessageRef {
            direction: entry.direction,
            transport: entry.transport,
            // The grammar of frame headers lets only ASCII through.
            address: std::str::from_utf8(entry.address).unwrap_or_default(),
            timestamp: entry.stamp,
            content: entry.content,
            frame_count: entry.frames as usize,
            offset: entry.offset,
            extents: &[],
            completeness: self.completeness,
            marker: self.position.marker,
        }
    }

    /// Whether the frames that contain the message are printed.
    pub(super) fn is_carried(&self) -> bool {
        !matches!(self.carried, Carried::NotNeeded)
    }

    /// The position in the inputs.
    pub(super) fn position(&self) -> &Position<'a> {
        &self.position
    }

    /// Whether the message is complete.
    pub(super) fn completeness(&self) -> Completeness {
        self.completeness
    }

    /// Microseconds since 1970, or since the midnight before the first message.
    pub(super) fn at(&self) -> i64 {
        self.position.time
    }

    /// The request's method, or the method in a response's `CSeq`.
    pub(super) fn method_bytes(&self) -> &'a [u8] {
        match self.start_line() {
            Some(StartLine::Request { method, .. }) => method,
            Some(StartLine::Status { .. }) => self.peek().cseq_method,
            None => b"",
        }
    }

    /// The start line.
    #[inline]
    pub(super) fn start_line(&self) -> Option<StartLine<'a>> {
        self.first_line().0
    }

    #[inline]
    fn first_line(&self) -> (Option<StartLine<'a>>, usize) {
        *self.first_line.get_or_init(|| peek::first_line(self.entry.content))
    }

    /// Call-ID and `CSeq`.
    #[inline]
    pub(super) fn peek(&self) -> &Peek<'a> {
        self.peek.get_or_init(|| peek::peek(self.entry.content, self.first_line().1))
    }
}

impl Facts for MessageFacts<'_> {
    fn is_request(&self) -> bool {
        matches!(self.start_line(), Some(StartLine::Request { .. }))
    }

    fn method(&self) -> Text<'_> {
        Text::new(self.method_bytes())
    }

    fn status(&self) -> Option<u16> {
        match self.start_line() {
            Some(StartLine::Status { code, .. }) => Some(code),
            _ => None,
        }
    }

    fn reason(&self) -> Text<'_> {
        match self.start_line() {
            Some(StartLine::Status { reason, .. }) => Text::new(reason),
            _ => Text::new(b""),
        }
    }

    fn direction(&self) -> Direction {
        self.entry.direction
    }

    fn transport(&self) -> Transport {
        self.entry.transport
    }

    fn addr(&self) -> Text<'_> {
        Text::new(self.entry.address)
    }

    fn call_id(&self) -> Text<'_> {
        Text::new(self.peek().call_id)
    }

    fn from(&self) -> Text<'_> {
        Text::new(without_params(self.head().from))
    }

    fn to(&self) -> Text<'_> {
        Text::new(without_params(self.head().to))
    }

    fn cseq_number(&self) -> u32 {
        self.head().cseq_number
    }

    fn size(&self) -> u64 {
        self.entry.content.len() as u64
    }

    fn frames(&self) -> u32 {
        u32::try_from(self.entry.frames).unwrap_or(u32::MAX)
    }

    fn time(&self) -> i64 {
        self.position.time
    }

    fn number(&self) -> u64 {
        self.position.number
    }

    fn profile(&self) -> Text<'_> {
        Text::new(self.position.source.profile.as_bytes())
    }

    fn file(&self) -> Text<'_> {
        Text::new(self.position.source.file.as_bytes())
    }

    fn flags(&self) -> RowFlags {
        let is_datagram = !self.entry.transport.is_stream();
        let cut = match self.completeness {
            Completeness::Cut(_) => true,
            Completeness::Complete => is_datagram && is_short_datagram(self.entry.content),
            Completeness::NotSip => false,
        };
        let Related { retransmission, unanswered } = self.related.get();
        let known = [
            (Flag::Incomplete, Some(cut)),
            (Flag::Retransmission, retransmission),
            (Flag::Unanswered, unanswered),
        ];
        let flags = known.into_iter().fold(RowFlags::UNKNOWN, |flags, (flag, is)| match is {
            Some(true) => flags.with(flag),
            Some(false) => flags.without(flag),
            None => flags.open(flag),
        });
        match *self.of_call.borrow() {
            OfCall::Open(_) => Flag::OF_CALL.into_iter().fold(flags, RowFlags::open),
            OfCall::Unknown | OfCall::Known(..) => flags,
        }
    }

    fn call_flag(&self, flag: Flag) -> Option<bool> {
        self.of_call.borrow().row()?.call_flag(flag)
    }

    fn call_number(&self, field: Field) -> Option<u64> {
        self.of_call.borrow().row()?.call_number(field)
    }

    fn is_call_field_open(&self, field: Field) -> bool {
        field != Field::Kind && matches!(*self.of_call.borrow(), OfCall::Open(_))
    }

    fn call_key(&self) -> Option<(u64, u32)> {
        self.of_call.borrow().row()?.call_key()
    }
    fn call_text(&self, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        match &*self.of_call.borrow() {
            OfCall::Open(kind) => field == Field::Kind && each(kind.as_bytes()),
            of_call => of_call.row().is_some_and(|row| row.call_text(field, each)),
        }
    }
}
