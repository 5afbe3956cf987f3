//! The full view of one message: start line, header fields, body, parts.
//!
//! Must not know: frames, transports, what is wrong with the message.

use std::ops::Range;

use super::content_type::ContentType;
use super::cseq::CSeq;
use super::fields::{HeadLine, Header, Headers, RawField, RawLine, RawLines, trim_line_end};
use super::index_fields::leading_line_ends;
use super::multipart::{self, Part};
use super::sdp::{self, Session};
use super::start_line::{self, StartLine};

/// One message, borrowed. Parsing never fails and copies nothing; each question walks the head again.
///
/// ```
/// use sofiatui::sip::Message;
/// let message = Message::parse(b"MESSAGE sip:a@b SIP/2.0\r\nc: text/plain\r\nSubject: on\r\n two lines\r\n\r\nhi");
/// assert_eq!(message.header("subject").unwrap().value.as_ref(), b"on two lines");
/// assert_eq!(message.header("Content-Type").unwrap().name, b"c");
/// assert_eq!(message.body(), b"hi");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    bytes: &'a [u8],
    start_line: Option<StartLine<'a>>,
    /// Offset of the first line, after leading line ends.
    start: usize,
    /// Offset of the first header field.
    head: usize,
    /// Offset after the blank line.
    body: usize,
    /// Whether there is a blank line.
    blank: bool,
}

impl<'a> Message<'a> {
    /// Reads one message as it was framed.
    pub fn parse(bytes: &'a [u8]) -> Self {
        Self::parse_each(bytes, |_| ())
    }

    /// Reads one message, and gives each line of its head to `each` on the way.
    pub(crate) fn parse_each(bytes: &'a [u8], each: impl FnMut(RawLine<'a>)) -> Self {
        let start = leading_line_ends(bytes);
        let head = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |lf| start + lf + 1);
        let start_line = start_line::parse(&bytes[start..head]);
        Self::with_start_line(bytes, start_line, start..head, each)
    }

    /// Reads a head that need not begin with a start line (RFC 3420): header fields may begin at once.
    pub(crate) fn fragment(bytes: &'a [u8]) -> Self {
        let whole = Self::parse(bytes);
        if whole.start_line.is_some() {
            return whole;
        }
        Self::with_start_line(bytes, None, whole.start..whole.start, |_| ())
    }

    fn with_start_line(
        bytes: &'a [u8],
        start_line: Option<StartLine<'a>>,
        first_line: Range<usize>,
        each: impl FnMut(RawLine<'a>),
    ) -> Self {
        let mut lines = RawLines::new(bytes, first_line.end);
        lines.by_ref().for_each(each);
        let blank = lines.ended_with_blank_line();
        Self {
            bytes,
            start_line,
            start: first_line.start,
            head: first_line.end,
            body: lines.position(),
            blank,
        }
    }

    /// All bytes of the message.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The start line; `None` where the first line is none.
    pub fn start_line(&self) -> Option<StartLine<'a>> {
        self.start_line
    }

    /// The first line as it is written, without its line end.
    pub fn start_line_bytes(&self) -> &'a [u8] {
        trim_line_end(&self.bytes[self.start..self.head])
    }

    /// Where the first line is, its line end included.
    pub fn start_line_range(&self) -> Range<usize> {
        self.start..self.head
    }

    /// Whether the first line is a start line.
    pub fn is_sip(&self) -> bool {
        self.start_line.is_some()
    }

    /// Start line, header fields and the blank line.
    pub fn head(&self) -> &'a [u8] {
        &self.bytes[..self.body]
    }

    /// Whether a blank line ends the head.
    pub fn has_blank_line(&self) -> bool {
        self.blank
    }

    /// The header fields in the order of the message.
    pub fn headers(&self) -> Headers<'a> {
        Headers(self.raw_lines())
    }

    /// Every line of the head after the start line: header fields and other lines.
    pub fn head_lines(&self) -> impl Iterator<Item = HeadLine<'a>> + use<'a> {
        self.raw_lines().map(|line| match line.field() {
            Some(field) => HeadLine::Field(field.header()),
            None => HeadLine::Malformed { text: line.text, range: line.range() },
        })
    }

    /// The first field of that name; case does not count, nor do compact forms on either side.
    pub fn header(&self, name: &str) -> Option<Header<'a>> {
        self.raw(name).map(RawField::header)
    }

    /// All fields of that name. Comma-separated lists are not taken apart.
    pub fn header_values<'n>(&self, name: &'n str) -> impl Iterator<Item = Header<'a>> + use<'a, 'n> {
        self.fields().filter(move |field| field.is(name)).map(RawField::header)
    }

    /// What follows the blank line.
    pub fn body(&self) -> &'a [u8] {
        &self.bytes[self.body..]
    }

    /// Where the body is in the message.
    pub fn body_range(&self) -> Range<usize> {
        self.body..self.bytes.len()
    }

    /// The media type of the body; `None` where there is none or it cannot be read.
    pub fn content_type(&self) -> Option<ContentType<'a>> {
        ContentType::parse(self.raw("Content-Type")?.value)
    }

    /// The `CSeq`; `None` where there is none or it cannot be read.
    pub fn cseq(&self) -> Option<CSeq<'a>> {
        CSeq::parse(self.raw("CSeq")?.value)
    }

    /// The Call-ID.
    pub fn call_id(&self) -> Option<&'a [u8]> {
        self.raw("Call-ID").map(|field| field.value)
    }

    /// The method of a request, or that of a response's `CSeq`.
    pub fn method(&self) -> Option<&'a [u8]> {
        match self.start_line? {
            StartLine::Request { method, .. } => Some(method),
            StartLine::Status { .. } => Some(self.cseq()?.method),
        }
    }

    /// The parts of a multipart body (RFC 2046 §5.1), nested parts below them; empty for any other body.
    pub fn parts(&self) -> Vec<Part<'a>> {
        self.content_type().map_or_else(Vec::new, |ct| multipart::split(self.bytes, self.body_range(), &ct))
    }

    /// The session description: of the body, or of the first part that is one.
    pub fn sdp(&self) -> Option<Session<'a>> {
        sdp::find(self).map(Session::parse)
    }

    pub(crate) fn raw_lines(&self) -> RawLines<'a> {
        RawLines::new(self.bytes, self.head)
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = RawField<'a>> + use<'a> {
        self.raw_lines().filter_map(RawLine::field)
    }

    pub(crate) fn raw(&self, name: &str) -> Option<RawField<'a>> {
        self.fields().find(|field| field.is(name))
    }
}
