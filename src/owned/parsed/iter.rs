//! The iterator over parsed messages.
//!
//! Must not know: how a message is parsed.

use std::io::Read;

use super::message::ParsedSipMessage;
use crate::frame::{ParseError, ParseStats, SkipTracking};
use crate::message::MessageReader;

/// Level 3: every message of a dump, parsed.
///
/// Parsing never fails on content: damaged content and content that is not SIP are messages, too. An error means that
/// the input could not be read; the iterator ends after it.
///
/// ```
/// use sofiatui::ParsedMessageIterator;
/// let dump = b"recv 82 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n\
///     OPTIONS sip:1688@pbx.example SIP/2.0\r\ni: a84b4c76e66710\r\nl: 4\r\nc: text/plain\r\n\r\nhey!\x0b\n";
/// let mut messages = ParsedMessageIterator::new(&dump[..]);
/// let message = messages.next().unwrap().unwrap();
/// assert_eq!(message.message_type.to_string(), "OPTIONS sip:1688@pbx.example");
/// assert_eq!(message.call_id(), Some("a84b4c76e66710"));
/// assert_eq!(message.body_text(), "hey!");
/// assert!(messages.next().is_none());
/// assert_eq!(messages.parse_stats().bytes_skipped(), 0);
/// ```
#[derive(Debug)]
pub struct ParsedMessageIterator<R> {
    reader: MessageReader<R>,
}

impl<R: Read> ParsedMessageIterator<R> {
    /// Reads a dump from `input`, which needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self { reader: MessageReader::new(input) }
    }

    /// Sets how much to keep of skipped bytes; only the counters by default.
    #[must_use]
    pub fn skip_tracking(mut self, tracking: SkipTracking) -> Self {
        self.reader = self.reader.skip_tracking(tracking);
        self
    }

    /// The statistics so far, mutable, for draining the regions.
    pub fn parse_stats_mut(&mut self) -> &mut ParseStats {
        self.reader.parse_stats_mut()
    }

    /// The statistics so far, including those of levels 1 and 2.
    pub fn parse_stats(&self) -> &ParseStats {
        self.reader.parse_stats()
    }
}

impl<R: Read> Iterator for ParsedMessageIterator<R> {
    type Item = Result<ParsedSipMessage, ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next_message().map(|found| found.map(ParsedSipMessage::from)).transpose()
    }
}

impl<R: Read> std::iter::FusedIterator for ParsedMessageIterator<R> {}
