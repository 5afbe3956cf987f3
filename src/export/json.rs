//! Messages as JSON, one object per line.
//!
//! Must not know: filters, files.

use std::borrow::Cow;

use serde_json::Value;

use crate::base::Timestamp;
use crate::base::escape::is_safe;
use crate::sip::{IndexFields, Message, Part, StartLine, unfold};

use super::{Entry, styled_write};

/// Appends the object of a message and a line end.
///
/// Bytes that are not UTF-8 become `\u00XX`, and `"lossy":true` marks such an object.
pub fn message(out: &mut Vec<u8>, entry: &Entry<'_>, head: &IndexFields<'_>) {
    noted(out, entry, head, None);
}

/// The same with the user's note, if there is one.
pub fn noted(out: &mut Vec<u8>, entry: &Entry<'_>, head: &IndexFields<'_>, note: Option<&str>) {
    let parsed = Message::parse(entry.content);
    let mut object = Object::new(out);
    object.text("file", entry.file.as_bytes());
    object.number("offset", entry.offset);
    object.with("time", |out| {
        out.push(b'"');
        styled_write::stamp(out, entry.stamp);
        out.push(b'"');
    });
    if let Some(dated) = entry.date.and_then(|day| entry.stamp.on_day(day)) {
        object.text("date", &dated.to_string().as_bytes()[..10]);
        object.with("date_inferred", |out| out.extend_from_slice(b"true"));
    }
    object.text("direction", entry.direction.as_str().as_bytes());
    object.text("transport", entry.transport.as_str().as_bytes());
    object.text("address", entry.address);
    object.number("frames", entry.frames);
    object.number("bytes", entry.content.len() as u64);
    start_line(&mut object, head.start_line);
    object.text_or_null("call_id", head.call_id);
    object.text_or_null("cseq", &parsed.header("CSeq").map_or(Cow::Borrowed(&b""[..]), |cseq| cseq.value));
    object.text_or_null("from", &unfold(head.from));
    object.text_or_null("to", &unfold(head.to));
    object.list("headers", parsed.headers(), |out, header| {
        out.push(b'[');
        let name = string(out, header.name);
        out.push(b',');
        let value = string(out, &header.value);
        out.push(b']');
        name.and(value)
    });
    object.text("body", if parsed.is_sip() { parsed.body() } else { entry.content });
    object.parts(&parsed.parts());
    if let Some(note) = note {
        object.text("note", note.as_bytes());
    }
    object.close();
    out.push(b'\n');
}

fn start_line(object: &mut Object<'_>, line: Option<StartLine<'_>>) {
    match line {
        Some(StartLine::Request { method, uri }) => object.object("request", |inner| {
            inner.text("method", method);
            inner.text("uri", uri);
        }),
        Some(StartLine::Status { code, reason }) => object.object("response", |inner| {
            inner.number("status", u64::from(code));
            inner.text("reason", reason);
        }),
        None => {}
    }
}

/// Whether a text was converted without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fidelity {
    Exact,
    /// Some bytes are not UTF-8.
    Lossy,
}

impl Fidelity {
    fn and(self, other: Self) -> Self {
        if self == Self::Exact { other } else { Self::Lossy }
    }
}

/// An object that is being written.
pub struct Object<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
    fidelity: Fidelity,
}

impl<'o> Object<'o> {
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true, fidelity: Fidelity::Exact }
    }

    pub(super) fn with(&mut self, key: &str, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        write(self.out);
    }

    pub fn scalar(&mut self, key: &str, value: &Scalar<'_>) {
        self.with(key, |out| value.write(out));
    }

    fn number(&mut self, key: &str, number: u64) {
        self.with(key, |out| styled_write::decimal(out, number));
    }

    fn text(&mut self, key: &str, bytes: &[u8]) {
        let mut fidelity = Fidelity::Exact;
        self.with(key, |out| fidelity = string(out, bytes));
        self.fidelity = self.fidelity.and(fidelity);
    }

    fn text_or_null(&mut self, key: &str, bytes: &[u8]) {
        if bytes.is_empty() {
            self.with(key, |out| out.extend_from_slice(b"null"));
        } else {
            self.text(key, bytes);
        }
    }

    fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        let mut fidelity = Fidelity::Exact;
        self.with(key, |out| {
            let mut inner = Object::new(out);
            fill(&mut inner);
            fidelity = inner.fidelity;
            inner.out.push(b'}');
        });
        self.fidelity = self.fidelity.and(fidelity);
    }

    fn list<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Vec<u8>, T) -> Fidelity,
    ) {
        let mut fidelity = Fidelity::Exact;
        self.with(key, |out| array(out, items, |out, item| fidelity = fidelity.and(write(out, item))));
        self.fidelity = self.fidelity.and(fidelity);
    }

    fn parts(&mut self, parts: &[Part<'_>]) {
        if parts.is_empty() {
            return;
        }
        self.list("parts", parts, |out, part| {
            let mut object = Object::new(out);
            let content_type = part.header("Content-Type");
            object.text_or_null("content_type", content_type.as_ref().map_or(&b""[..], |h| &h.value));
            object.number("bytes", part.body.len() as u64);
            object.text("body", part.body);
            object.parts(&part.children);
            let fidelity = object.fidelity;
            object.out.push(b'}');
            fidelity
        });
    }

    pub fn close(mut self) {
        if self.fidelity == Fidelity::Lossy {
            self.with("lossy", |out| out.extend_from_slice(b"true"));
        }
        self.out.push(b'}');
    }
}

/// A value without parts, written without a tree of values: a trace has a million legs with 40 of them each.
pub enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(u64),
    /// Microseconds, written as milliseconds with a point: `12.345`, `12.0`.
    Millis(i64),
    Text(Cow<'a, str>),
    Stamp(Timestamp),
}

impl<'a> Scalar<'a> {
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        Self::Text(String::from_utf8_lossy(bytes))
    }

    /// The value, or null without one.
    pub(super) fn some<T>(value: Option<T>, scalar: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, scalar)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Self::Number(number) => styled_write::decimal(out, *number),
            Self::Millis(micros) => millis(out, *micros),
            // What is not UTF-8 was replaced before.
            Self::Text(text) => drop(string(out, text.as_bytes())),
            Self::Stamp(stamp) => {
                out.push(b'"');
                styled_write::stamp(out, *stamp);
                out.push(b'"');
            }
        }
    }
}

fn millis(out: &mut Vec<u8>, micros: i64) {
    if micros < 0 {
        out.push(b'-');
    }
    let micros = micros.unsigned_abs();
    styled_write::decimal(out, micros / 1000);
    let digits = [micros / 100 % 10, micros / 10 % 10, micros % 10].map(|digit| b'0' + digit as u8);
    let len = digits.iter().rposition(|digit| *digit != b'0').map_or(1, |last| last + 1);
    out.push(b'.');
    out.extend_from_slice(&digits[..len]);
}

/// Appends items in brackets.
pub(super) fn array<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Appends a value and a line end. serde does not escape non-ASCII control characters and those that change the text
/// direction.
pub(super) fn value(out: &mut Vec<u8>, value: &Value) {
    let text = value.to_string();
    let mut rest = text.as_bytes();
    // Outside of strings all characters are ASCII.
    while let Some(at) = rest.iter().position(|b| !(0x20..0x7f).contains(b)) {
        let (plain, other) = rest.split_at(at);
        out.extend_from_slice(plain);
        let len = if other[0].is_ascii() {
            ascii(out, other[0]);
            1
        } else {
            beyond_ascii(out, other).0
        };
        rest = &other[len..];
    }
    out.extend_from_slice(rest);
    out.push(b'\n');
}

/// Appends a JSON string (RFC 8259 §7).
fn string(out: &mut Vec<u8>, bytes: &[u8]) -> Fidelity {
    let mut fidelity = Fidelity::Exact;
    let mut rest = bytes;
    out.push(b'"');
    loop {
        let (plain, other) = rest.split_at(plain_len(rest));
        out.extend_from_slice(plain);
        let Some(&first) = other.first() else { break };
        let len = if first.is_ascii() {
            ascii(out, first);
            1
        } else {
            let (len, is_char) = beyond_ascii(out, other);
            if !is_char {
                fidelity = Fidelity::Lossy;
            }
            len
        };
        rest = &other[len..];
    }
    out.push(b'"');
    fidelity
}

/// How many bytes at the start need no escape: printable ASCII without quote and backslash.
#[inline]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "branches would prevent the compiler from vectorising the loop"
)]
fn plain_len(bytes: &[u8]) -> usize {
    const STEP: usize = 32;
    // DEL needs no escape in JSON, but a terminal would interpret it.
    let is_plain = |b: u8| (0x20..0x7f).contains(&b) & (b != b'"') & (b != b'\\');
    // Without an early exit within a step, all its bytes are checked together.
    let steps =
        bytes.chunks_exact(STEP).take_while(|step| step.iter().fold(true, |all, b| all & is_plain(*b)));
    let len = steps.count() * STEP;
    len + bytes[len..].iter().take_while(|b| is_plain(**b)).count()
}

fn ascii(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => unicode(out, byte),
    }
}

/// Appends the character at the start of `bytes`, or the invalid bytes there; returns how many bytes these are, and
/// whether they are a character.
fn beyond_ascii(out: &mut Vec<u8>, bytes: &[u8]) -> (usize, bool) {
    // No character has more than four bytes.
    let Some(chunk) = bytes[..bytes.len().min(4)].utf8_chunks().next() else { return (1, false) };
    let Some(c) = chunk.valid().chars().next() else {
        chunk.invalid().iter().for_each(|byte| unicode(out, *byte));
        return (chunk.invalid().len().max(1), false);
    };
    if is_safe(c) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let [high, low] = unit.to_be_bytes();
            out.extend_from_slice(b"\\u");
            hex(out, high);
            hex(out, low);
        }
    }
    (c.len_utf8(), true)
}

fn unicode(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(b"\\u00");
    hex(out, byte);
}

fn hex(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(HEX[usize::from(byte >> 4)]);
    out.push(HEX[usize::from(byte & 15)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_contains_terminal_control_characters() {
        let wanted = serde_json::json!({"a\u{9b}b": ["\u{7f}\u{202e}\u{1b}", "Ünï", 1.5, null]});
        let mut out = Vec::new();
        value(&mut out, &wanted);
        let text = String::from_utf8(out).unwrap();
        assert!(text.trim_end_matches('\n').chars().all(is_safe), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), wanted);
    }

    #[test]
    fn milliseconds_are_written_as_serde_writes_them() {
        for micros in [0, 1, 20, 300, 1000, 1010, 12_345, 999_999_999_999, -1, -1500] {
            let mut out = Vec::new();
            Scalar::Millis(micros).write(&mut out);
            assert_eq!(
                String::from_utf8(out).unwrap(),
                serde_json::json!(micros as f64 / 1000.0).to_string()
            );
        }
    }

    #[test]
    fn every_byte_string_becomes_json_that_reads_back() {
        for (bytes, want, fidelity) in [
            (&b"plain"[..], "plain", Fidelity::Exact),
            (b"\"\\/\r\n\t\x00\x1b\x7f", "\"\\/\r\n\t\0\u{1b}\u{7f}", Fidelity::Exact),
            (
                "caf\u{e9} \u{1f692} \u{85}\u{202e}x\u{e0041}\"".as_bytes(),
                "caf\u{e9} \u{1f692} \u{85}\u{202e}x\u{e0041}\"",
                Fidelity::Exact,
            ),
            (
                &[&[b'x'; 40][..], "\u{e9}".as_bytes(), &[b'y'; 31], b"\n"].concat(),
                &format!("{}\u{e9}{}\n", "x".repeat(40), "y".repeat(31)),
                Fidelity::Exact,
            ),
            (b"a\xff\xc3", "a\u{ff}\u{c3}", Fidelity::Lossy),
            (b"", "", Fidelity::Exact),
        ] {
            let mut out = Vec::new();
            assert_eq!(string(&mut out, bytes), fidelity, "{bytes:?}");
            let text = String::from_utf8(out).unwrap();
            assert!(text.chars().all(is_safe), "{text:?}");
            assert_eq!(serde_json::from_str::<String>(&text).unwrap(), want);
        }
    }
}
