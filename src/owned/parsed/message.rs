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

/// A message, taken apart.
///
/// Text is UTF-8 with U+FFFD for what is none; [`body`](Self::body) has the exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedSipMessage {
    /// Whether FreeSWITCH received or sent it.
    pub direction: Direction,
    /// The transport.
    pub transport: Transport,
    /// The peer's address as in the dump: `[192.0.2.7]:5060`.
    pub address: String,
    /// The time of the frame in which its first byte stands.
    pub timestamp: Timestamp,
    /// What the first line says.
    pub message_type: SipMessageType,
    /// The header fields.
    pub headers: Headers,
    /// What follows the blank line, exact bytes. Of bytes that have neither start line nor header field: all.
    pub body: Vec<u8>,
    /// In how many frames the message came, at least 1.
    pub frame_count: usize,
    /// Offset in the input of the frame in which its first byte stands.
    pub offset: u64,
    /// Whether it is whole.
    pub completeness: Completeness,
}

impl ParsedSipMessage {
    /// Whether the first line is a start line of SIP.
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

    /// The number of bytes that Content-Length declares; `None` where it is missing or unreadable, or where several
    /// fields differ.
    pub fn content_length(&self) -> Option<usize> {
        let mut lengths = self.headers.values("Content-Length").map(|value| decimal(value.as_bytes()));
        let first = lengths.next()??;
        if lengths.all(|length| length == Some(first)) { usize::try_from(first).ok() } else { None }
    }

    /// The value of `CSeq`: `1 INVITE`.
    pub fn cseq(&self) -> Option<&str> {
        self.header("CSeq")
    }

    /// The method of a request, or that of a response's `CSeq`.
    pub fn method(&self) -> Option<&str> {
        match &self.message_type {
            SipMessageType::Request { method, .. } => {
                Some(method.as_str()).filter(|method| !method.is_empty())
            }
            SipMessageType::Response { .. } => self.cseq()?.split_ascii_whitespace().nth(1),
        }
    }

    /// The value of the first field of that name; case does not count, nor do compact forms on either side.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// Name and value of every header field in the order of the message.
    pub fn headers(&self) -> HeaderIter<'_> {
        self.headers.iter()
    }

    /// The body as text, whatever its type.
    pub fn body_data(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as text for reading: string escapes of JSON (`application/json`, `application/*+json`) read (RFC
    /// 8259 §7), everything else as it is.
    pub fn body_text(&self) -> Cow<'_, str> {
        Content::new(self.content_type(), &self.body).text()
    }

    /// The text of the string under a top-level key of a JSON body; `None` for any other body or value.
    pub fn json_field(&self, key: &str) -> Option<String> {
        Content::new(self.content_type(), &self.body).json_field(key)
    }

    /// The parts of a multipart body, one level down; `None` where it is no multipart, or its boundary is never used.
    pub fn body_parts(&self) -> Option<Vec<MimePart>> {
        Content::new(self.content_type(), &self.body).parts()
    }
}

impl From<MessageRef<'_>> for ParsedSipMessage {
    /// Takes a message apart. This never fails: what is no SIP is a request without a method.
    fn from(found: MessageRef<'_>) -> Self {
        let mut lines = Vec::with_capacity(24);
        let message = Message::parse_each(found.content, |line| lines.push(line));
        let headers = Headers::of_lines(message.head(), &lines);
        // What is no SIP at all has no head that could be told from a body.
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
    /// Takes the message apart.
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
    /// None at present: content that is damaged or no SIP is taken apart as far as it goes.
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
