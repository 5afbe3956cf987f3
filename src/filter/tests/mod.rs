//! What expressions match, as tables over hand-made rows and messages.

mod errors;
mod matching;
mod options;
mod spelling;

use super::{Facts, RowFlags, Text};
use crate::base::{Direction, Transport};
use crate::sip::{self, StartLine};

/// A row that is read from its message, as a stream without an index would do.
pub(super) struct Row {
    pub(super) message: Vec<u8>,
    pub(super) direction: Direction,
    pub(super) transport: Transport,
    pub(super) addr: &'static str,
    pub(super) frames: u32,
    pub(super) time: i64,
    pub(super) number: u64,
    pub(super) flags: RowFlags,
    /// The interner that numbers `from` and `to`.
    pub(super) numbers: Option<(u32, u32)>,
}

impl Row {
    pub(super) fn new(message: &[u8]) -> Self {
        Self {
            message: message.to_vec(),
            direction: Direction::Recv,
            transport: Transport::Udp,
            addr: "[192.0.2.7]:5060",
            frames: 1,
            time: 6 * 3_600_000_000 + 19_608,
            number: 1,
            flags: RowFlags::UNKNOWN,
            numbers: None,
        }
    }

    fn index_fields(&self) -> sip::IndexFields<'_> {
        sip::index_fields(&self.message)
    }
}

impl Facts for Row {
    fn is_request(&self) -> bool {
        matches!(self.index_fields().start_line, Some(StartLine::Request { .. }))
    }

    fn method(&self) -> Text<'_> {
        Text::new(match self.index_fields().start_line {
            Some(StartLine::Request { method, .. }) => method,
            _ => self.index_fields().cseq_method,
        })
    }

    fn status(&self) -> Option<u16> {
        match self.index_fields().start_line {
            Some(StartLine::Status { code, .. }) => Some(code),
            _ => None,
        }
    }

    fn reason(&self) -> Text<'_> {
        Text::new(match self.index_fields().start_line {
            Some(StartLine::Status { reason, .. }) => reason,
            _ => b"",
        })
    }

    fn direction(&self) -> Direction {
        self.direction
    }

    fn transport(&self) -> Transport {
        self.transport
    }

    fn addr(&self) -> Text<'_> {
        Text::new(self.addr.as_bytes())
    }

    fn call_id(&self) -> Text<'_> {
        Text::new(self.index_fields().call_id)
    }

    fn from(&self) -> Text<'_> {
        Text { number: self.numbers.map(|n| n.0), bytes: sip::without_params(self.index_fields().from) }
    }

    fn to(&self) -> Text<'_> {
        Text { number: self.numbers.map(|n| n.1), bytes: sip::without_params(self.index_fields().to) }
    }

    fn cseq_number(&self) -> u32 {
        self.index_fields().cseq_number
    }

    fn size(&self) -> u64 {
        self.message.len() as u64
    }

    fn frames(&self) -> u32 {
        self.frames
    }

    fn time(&self) -> i64 {
        self.time
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn profile(&self) -> Text<'_> {
        Text::new(b"internal")
    }

    fn file(&self) -> Text<'_> {
        Text::new(b"internal.dump.1")
    }

    fn flags(&self) -> RowFlags {
        self.flags
    }
}
