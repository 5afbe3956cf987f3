//! One parsed message as owned values.
//!
//! Must not know: where messages come from.

use std::borrow::Cow;

use super::headers::{HeaderIter, Headers};
use super::kind::SipMessageType;
use super::part::{Content, MimePart};
use crate::base::bytes::decimal;
use crate::base::{Direction, Timestamp, Transport};
use crate::frame::ParseError;
use crate::message::{Completeness, Marker, MessageRef};
use crate::owned::SipMessage;
use crate::sip::Message;

/// A parsed message.
///
/// Text is UTF-8, with U+FFFD for invalid bytes; [`body`](Self::body) has the exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedSipMessage {
    /// Whether FreeSWITCH received or sent it.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address as in the dump: `[192.0.2.7]:5060`.
    pub address: String,
    /// The timestamp of the frame that contains the first byte.
    pub timestamp: Timestamp,
    /// The contents of the first line.
    pub message_type: SipMessageType,
    /// The header fields.
    pub headers: Headers,
    /// The exact bytes after the blank line. All bytes, if there is neither a start line nor a header field.
    pub body: Vec<u8>,
    /// The number of frames that contain bytes of the message, at least 1.
    pub frame_count: usize,
    /// 0-based offset in the input of the header of the frame that contains the first byte.
    pub offset: u64,
    /// Whether the message is complete.
    pub completeness: Completeness,
}

impl ParsedSipMessage {
    /// Whether the first line is a SIP start line.
    pub fn is_sip(&self) -> bool {
        !matches!(&self.message_type, SipMessageType::Request { method, .. } if method.is_empty())
    }

    /// The Call-ID.
    pub fn call_id(&self) -> Option<&str> {
        self.header("Call-ID")
    }

    /// The value of Content-Type.
    pub fn content_type(&self) -> Option<&str> {
        self.header("Content-Type")
    }

    /// The number of bytes that Content-Length declares; `None` if it is missing or invalid, or if several fields
    /// differ.
    pub fn content_length(&self) -> Option<usize> {
        let mut lengths = self.headers.values("Content-Length").map(|value| decimal(value.as_bytes()));
        let first = lengths.next()??;
        if lengths.all(|length| length == Some(first)) { usize::try_from(first).ok() } else { None }
    }

    /// The value of `CSeq`: `1 INVITE`.
    pub fn cseq(&self) -> Option<&str> {
        self.header("CSeq")
    }

    /// The method of a request, or the method in a response's `CSeq`.
    pub fn method(&self) -> Option<&str> {
        match &self.message_type {
            SipMessageType::Request { method, .. } => {
                Some(method.as_str()).filter(|method| !method.is_empty())
            }
            SipMessageType::Response { .. } => self.cseq()?.split_ascii_whitespace().nth(1),
        }
    }

    /// The value of the first field with this name; the name ignores case and matches compact forms.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// Name and value of every header field, in the order of the message.
    pub fn headers(&self) -> HeaderIter<'_> {
        self.headers.iter()
    }

    /// The body as text, whatever its type.
    pub fn body_data(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as text for reading: JSON string escapes (`application/json`, `application/*+json`) are decoded (RFC
    /// 8259 §7); all other text is unchanged.
    pub fn body_text(&self) -> Cow<'_, str> {
        Content::new(self.content_type(), &self.body).text()
    }

    /// The text of the string under a top-level key of a JSON body; `None` for any other body or value.
    pub fn json_field(&self, key: &str) -> Option<String> {
        Content::new(self.content_type(), &self.body).json_field(key)
    }

    /// The parts of a multipart body, one level deep; `None` if it is not multipart or its boundary never occurs.
    pub fn body_parts(&self) -> Option<Vec<MimePart>> {
        Content::new(self.content_type(), &self.body).parts()
    }
}

impl From<MessageRef<'_>> for ParsedSipMessage {
    /// Parses a message. This never fails: a message that is not SIP is a request without a method.
    fn from(found: MessageRef<'_>) -> Self {
        let mut lines = Vec::with_capacity(24);
        let message = Message::parse_each(found.content, |line| lines.push(line));
        let headers = Headers::of_lines(message.head(), &lines);
        // A message that is not SIP has no header section that could be separated from a body.
        let body = if message.is_sip() || !headers.is_empty() { message.body() } else { found.content };
        Self {
            direction: found.direction,
            transport: found.transport,
            address: found.address.to_owned(),
            timestamp: found.timestamp,
            message_type: SipMessageType::new(message.start_line(), message.start_line_bytes()),
            body: body.to_vec(),
            headers,
            frame_count: found.frame_count,
            offset: found.offset,
            completeness: found.completeness,
        }
    }
}

impl SipMessage {
    /// Parses the message.
    ///
    /// ```
    /// # use sofiatui::MessageIterator;
    /// # let dump = b"recv 40 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n\
    /// #     OPTIONS sip:a@b SIP/2.0\r\nCall-ID: 1\r\n\r\n\x0b\n";
    /// for message in MessageIterator::new(&dump[..]) {
    ///     let parsed = message?.parse()?;
    ///     assert_eq!((parsed.method(), parsed.call_id()), (Some("OPTIONS"), Some("1")));
    /// }
    /// # Ok::<(), sofiatui::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// None at present: damaged content and content that is not SIP is parsed as far as possible.
    pub fn parse(&self) -> Result<ParsedSipMessage, ParseError> {
        let borrowed = MessageRef {
            marker: &Marker::NONE,
            direction: self.direction,
            transport: self.transport,
            address: &self.address,
            timestamp: self.timestamp,
            content: &self.content,
            frame_count: self.frame_count,
            offset: self.offset,
            extents: &[],
            completeness: self.completeness,
        };
        Ok(borrowed.into())
    }
}
