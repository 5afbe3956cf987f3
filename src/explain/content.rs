//! What a body or a body part holds, and its lines as people want to read them.
//!
//! One path for the Body tab, for a selected part, for parts under their headings, and for messages within messages.
//!
//! Recursive: a body may hold messages and bodies, so the files that lay them out call each other.
//!
//! Must not know: frames, which tab asks.

use std::borrow::Cow;
use std::ops::Range;

use crate::sip::sdp::SdpRole;
use crate::sip::{ContentType, Message, Part, sipfrag};
use crate::style::styled_text::{Line, Role};

use super::charset::{self, Decoded};
use super::format::{self, bytes, heading, shift};
use super::look::Look;
use super::text::{self, LineEnds};
use super::{fields, headers, hex, json, location, sdp};

/// Bodies in messages in bodies are opened down to here: each level reads, and may copy, the bytes once more.
pub(super) const MAX_DEPTH: usize = 6;

/// The bytes of a body or of a part, with what is said about them.
#[derive(Debug, Clone)]
pub(super) struct Content<'a> {
    /// The bytes.
    pub(super) bytes: &'a [u8],
    /// Where they begin in the message that they are of.
    pub(super) at: usize,
    /// Their type.
    pub(super) media_type: Option<ContentType<'a>>,
    /// The value of Content-Encoding, where something is encoded.
    pub(super) encoding: Option<Cow<'a, [u8]>>,
    /// The parts of a multipart.
    pub(super) parts: Cow<'a, [Part<'a>]>,
    /// What the message makes of a session description in it.
    pub(super) sdp_role: Option<SdpRole>,
}

/// How content is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Nothing there.
    Empty,
    /// Compressed, or encoded otherwise.
    Encoded,
    /// Parts.
    Multipart,
    /// A session description.
    Sdp,
    /// JSON, valid or not.
    Json,
    /// XML, well-formed or not.
    Xml,
    /// A SIP message or a part of one.
    Sip,
    /// `name: value` or `name=value` lines.
    Fields,
    /// Any other text.
    Text,
    /// What is no text.
    Binary,
}

impl<'a> Content<'a> {
    /// The body of a message. What is no SIP has none: all of it is shown in one place.
    pub(super) fn of_message(message: &Message<'a>) -> Self {
        Self {
            bytes: if headers::reads_as_sip(message) { message.body() } else { &[] },
            at: message.body_range().start,
            media_type: message.content_type(),
            encoding: message.header("Content-Encoding").map(|field| field.value),
            parts: Cow::Owned(message.parts()),
            sdp_role: SdpRole::of(message),
        }
        .with_encoding_checked()
    }

    /// The body of a part of a message in which a session description has this role.
    pub(super) fn of_part(part: &'a Part<'a>, sdp_role: Option<SdpRole>) -> Self {
        Self {
            bytes: part.body,
            at: part.body_range.start,
            media_type: part.content_type(),
            encoding: part.header("Content-Encoding").map(|field| field.value),
            parts: Cow::Borrowed(&part.children),
            sdp_role,
        }
        .with_encoding_checked()
    }

    fn with_encoding_checked(mut self) -> Self {
        // RFC 2616 §3.5: `identity` says that nothing was done.
        self.encoding = self.encoding.filter(|e| !e.is_empty() && !e.eq_ignore_ascii_case(b"identity"));
        self
    }

    /// `application/sdp`, or what replaces it.
    pub(super) fn type_name(&self) -> String {
        let name = self.media_type.map_or_else(
            || "no Content-Type".to_owned(),
            |ct| format!("{}/{}", format::shown(ct.kind), format::shown(ct.subtype)),
        );
        match &self.encoding {
            Some(encoding) => format!("{name} ({})", format::shown(encoding)),
            None => name,
        }
    }

    /// How it is shown: as its type says, else as it looks.
    pub(super) fn format(&self) -> Format {
        if self.bytes.is_empty() {
            return Format::Empty;
        }
        if self.encoding.is_some() {
            return Format::Encoded;
        }
        if !self.parts.is_empty() {
            return Format::Multipart;
        }
        match &self.media_type {
            Some(ct) if ct.is_sdp() => Format::Sdp,
            Some(ct) if ct.is_json() => Format::Json,
            Some(ct) if ct.is_xml() => Format::Xml,
            Some(ct) if ct.is_sip() && sipfrag::parse(self.bytes).is_some() => Format::Sip,
            Some(ct) if fields::knows(ct) => Format::Fields,
            None if self.bytes.starts_with(b"v=0\r\n") || self.bytes.starts_with(b"v=0\n") => Format::Sdp,
            None if self.bytes.starts_with(b"<?xml") => Format::Xml,
            Some(ct)
                if ct.kind.eq_ignore_ascii_case(b"text") && charset::is_encoded(self.bytes, Some(ct)) =>
            {
                Format::Text
            }
            _ if text::is_text(self.bytes) => Format::Text,
            _ => Format::Binary,
        }
    }

    /// Its lines. Sources are places in the message that this is of.
    pub(super) fn lines(&self, look: Look, depth: usize) -> Vec<Line> {
        let format = self.format();
        if format == Format::Multipart && depth < MAX_DEPTH {
            return self.multipart(look, depth);
        }
        let mut out = if look.pretty { self.pretty(format, depth) } else { exact(self.bytes) };
        if self.is_written(format) {
            out.iter_mut().for_each(mark_written);
        }
        shift(&mut out, self.at);
        out
    }

    /// Whether it is what someone wrote or dialled: text without a structure that says what is private in it.
    fn is_written(&self, format: Format) -> bool {
        let is_dialled = || self.media_type.is_some_and(|ct| ct.is("application", "dtmf-relay"));
        format == Format::Text || (format == Format::Fields && is_dialled())
    }

    /// Where it is what someone wrote or dialled, and where its parts are.
    fn written(&self, out: &mut Vec<Range<usize>>) {
        let format = self.format();
        if format == Format::Multipart {
            self.parts.iter().for_each(|part| Content::of_part(part, None).written(out));
        } else if self.is_written(format) {
            out.push(self.at..self.at + self.bytes.len());
        }
    }

    /// The text in UTF-8; of what is no text the bytes.
    pub(super) fn decoded(&self, format: Format) -> Decoded<'a> {
        match format {
            Format::Json | Format::Xml | Format::Fields | Format::Text => {
                charset::decode(self.bytes, self.media_type.as_ref())
            }
            _ => Decoded { text: Cow::Borrowed(self.bytes), note: None },
        }
    }

    fn pretty(&self, format: Format, depth: usize) -> Vec<Line> {
        let Decoded { text, note } = self.decoded(format);
        let Cow::Owned(text) = text else {
            let mut out: Vec<Line> = note.map(|note| Line::of(Role::Note, note)).into_iter().collect();
            out.extend(self.explained(self.bytes, format, depth));
            return out;
        };
        let mut out: Vec<Line> = note.map(|note| Line::of(Role::Note, note)).into_iter().collect();
        // Places in the decoded text are no places in the message.
        let unplaced = |line| Line { source: None, ..line };
        out.extend(self.explained(&text, format, depth).into_iter().map(unplaced));
        out
    }

    fn explained(&self, text: &[u8], format: Format, depth: usize) -> Vec<Line> {
        match format {
            Format::Empty => Vec::new(),
            Format::Encoded => self.encoded(),
            Format::Sdp => sdp::lines(text, self.sdp_role),
            Format::Json => json::lines(text, depth)
                .unwrap_or_else(|| said("this is no valid JSON: shown as it is", text)),
            Format::Xml => location::explained(text)
                .unwrap_or_else(|| said("this is no well-formed XML: shown as it is", text)),
            Format::Sip if depth < MAX_DEPTH => sip(text, depth),
            Format::Fields => fields::lines(text),
            Format::Binary => hex::lines(text, 0),
            Format::Text | Format::Sip | Format::Multipart => text::lines(text, 0, LineEnds::Hidden),
        }
    }

    fn encoded(&self) -> Vec<Line> {
        let name = self.encoding.as_deref().unwrap_or_default();
        let note = format!("Content-Encoding: {}: shown as it was sent", format::shown(name));
        let mut out = vec![Line::of(Role::Note, note)];
        out.extend(hex::lines(self.bytes, 0));
        out
    }

    /// Each part under a heading; with what precedes and follows the parts.
    fn multipart(&self, look: Look, depth: usize) -> Vec<Line> {
        let whole = self.at..self.at + self.bytes.len();
        let mut out = Vec::new();
        if let Some(first) = self.parts.first() {
            self.outside("before the parts", whole.start..last_line_start(self, first.range.start), &mut out);
        }
        for (index, part) in self.parts.iter().enumerate() {
            let content = Content::of_part(part, self.sdp_role);
            let (number, count) = (index + 1, self.parts.len());
            let size = bytes(content.bytes.len());
            if !out.is_empty() {
                out.push(Line::default());
            }
            out.push(heading(&format!("part {number} of {count}: {}, {size}", content.type_name())));
            let head = part_fields(self.head_of(part), part.range.start);
            if !head.is_empty() {
                out.extend(head);
                out.push(Line::default());
            }
            out.extend(content.lines(look, depth + 1));
        }
        if let Some(last) = self.parts.last() {
            self.outside("behind the parts", self.after_delimiter(last.range.end)..whole.end, &mut out);
        }
        out
    }

    /// The header fields of one of the parts, with their blank line.
    fn head_of(&self, part: &Part<'_>) -> &'a [u8] {
        let (start, end) =
            (part.range.start.saturating_sub(self.at), part.body_range.start.saturating_sub(self.at));
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Text outside of all parts, which RFC 2046 §5.1.1 lets software ignore: shown where there is any.
    fn outside(&self, name: &str, range: Range<usize>, out: &mut Vec<Line>) {
        let local = range.start.saturating_sub(self.at)..range.end.saturating_sub(self.at);
        let text = self.bytes.get(local).unwrap_or_default();
        if !text.trim_ascii().is_empty() {
            out.push(heading(&format!("{name}: {}", bytes(text.len()))));
            out.extend(text::lines(text, range.start, LineEnds::Hidden));
        }
    }

    /// The offset after the delimiter line that follows at `end`, where a part ended.
    fn after_delimiter(&self, end: usize) -> usize {
        let rest = self.bytes.get(end - self.at..).unwrap_or_default();
        let line_end = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
        let line = memchr::memchr(b'\n', &rest[line_end..]).map_or(rest.len(), |lf| line_end + lf + 1);
        end + line
    }
}

/// Where the delimiter line begins that ends at `end`, where a part begins.
fn last_line_start(content: &Content<'_>, end: usize) -> usize {
    let before = content.bytes.get(..end - content.at).unwrap_or_default();
    let before = before.strip_suffix(b"\n").unwrap_or(before);
    content.at + memchr::memrchr(b'\n', before).map_or(0, |lf| lf + 1)
}

/// The header fields of a part in `bytes`, which begin at `first`, as those of a message are shown.
pub(super) fn part_fields(bytes: &[u8], first: usize) -> Vec<Line> {
    let bytes = crate::base::bytes::trim_end(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    let mut out = match sipfrag::parse(bytes) {
        Some(fragment) => headers::head(&fragment, &[]),
        None => text::lines(bytes, 0, LineEnds::Hidden),
    };
    shift(&mut out, first);
    out
}

/// A message within: its head as on the Headers tab, then its body.
pub(super) fn sip(bytes: &[u8], depth: usize) -> Vec<Line> {
    let Some(message) = sipfrag::parse(bytes) else {
        return text::lines(bytes, 0, LineEnds::Hidden);
    };
    let mut out = headers::head(&message, &[]);
    if !message.body().is_empty() {
        out.push(Line::default());
        out.extend(Content::of_message(&message).lines(Look::default(), depth + 1));
    }
    out
}

/// Gives those of `lines` that show exact text of what someone wrote its role.
pub(super) fn mark_written_in(lines: &mut [Line], message: &Message<'_>) {
    let mut written = Vec::new();
    Content::of_message(message).written(&mut written);
    if written.is_empty() {
        return;
    }
    let is_written =
        |source: &Range<usize>| written.iter().any(|text| text.start < source.end && source.start < text.end);
    lines.iter_mut().filter(|line| line.source.as_ref().is_some_and(is_written)).for_each(mark_written);
}

fn mark_written(line: &mut Line) {
    for span in line.spans.iter_mut().filter(|span| span.role == Role::Plain) {
        span.role = Role::Written;
    }
}

fn exact(bytes: &[u8]) -> Vec<Line> {
    text::lines(bytes, 0, LineEnds::Shown)
}

/// Exact text under a sentence that says why.
fn said(why: &'static str, bytes: &[u8]) -> Vec<Line> {
    let mut out = vec![Line::of(Role::Error, why)];
    out.extend(exact(bytes));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(head: &str, body: &str, look: Look) -> Vec<String> {
        let text = format!("MESSAGE sip:a SIP/2.0\r\n{head}\r\n\r\n{body}");
        let message = Message::parse(text.as_bytes());
        Content::of_message(&message).lines(look, 0).iter().map(Line::text).collect()
    }

    #[test]
    fn each_kind_of_body_has_its_own_look() {
        for (head, body, expected) in [
            ("Content-Type: text/plain", "a\r\n\tb\u{1b}", &["a", r"\tb\x1b"][..]),
            ("Content-Type: application/json", "{\"a\":1}", &["{", "  \"a\": 1", "}"]),
            (
                "Content-Type: application/json",
                "{\"a\"",
                &["this is no valid JSON: shown as it is", "{\"a\""],
            ),
            ("Content-Type: application/x+xml", "<a><b/></a>", &["<a>", "  <b/>", "</a>"]),
            ("Content-Type: text/xml", "<a>", &["this is no well-formed XML: shown as it is", "<a>"]),
            ("Content-Type: message/sipfrag", "SIP/2.0 200 OK\r\n", &["SIP/2.0 200 OK"]),
            ("Content-Type: message/sipfrag", "no fragment", &["no fragment"]),
            ("Content-Type: application/dtmf-relay", "Signal=5", &["Signal=5   DTMF 5"]),
            ("Subject: untyped", "v=0\r\n", &["v=0"]),
            ("Content-Type: multipart/mixed", "--x\r\n", &["--x"]),
        ] {
            assert_eq!(page(head, body, Look::default()), expected, "{head}: {body}");
        }
        let encoded = page("Content-Type: text/plain\r\ne: gzip", "\u{1f}x", Look::default());
        assert_eq!(encoded[0], "Content-Encoding: gzip: shown as it was sent");
        assert!(encoded[1].starts_with("00000000  1f 78 "));
    }

    #[test]
    fn nothing_of_a_multipart_is_left_out() {
        let body = "before\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: application/json\r\n\r\n[]\r\n--b--\r\nbehind\r\n";
        let expected = [
            "── before the parts: 8 bytes ──",
            "before",
            "",
            "── part 1 of 2: no Content-Type, 3 bytes ──",
            "one",
            "",
            "── part 2 of 2: application/json, 2 bytes ──",
            "Content-Type  application/json",
            "",
            "[]",
            "── behind the parts: 8 bytes ──",
            "behind",
        ];
        assert_eq!(page("Content-Type: multipart/mixed;boundary=b", body, Look::default()), expected);
        let exact = page("Content-Type: text/plain", "a\r\n\nb", Look { pretty: false, hex: false });
        assert_eq!(exact, [r"a\r\n", r"\n", "b"]);
    }
}
