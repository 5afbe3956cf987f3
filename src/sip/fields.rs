//! The lines of a head: header fields with their continuation lines, and other lines.
//!
//! Must not know: what a field means, start lines, bodies.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::names;
use crate::base::bytes::{is_blank, is_token, trim_end, trim_start};

/// One header field: a name and a value, which may span lines (RFC 3261 §7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'a> {
    /// The name as it is written, without the blanks before the colon.
    pub name: &'a [u8],
    /// The full name: a compact one expanded, any other as it is written.
    pub canonical: &'a [u8],
    /// The value without the white space around it; continuation lines are joined by one space.
    pub value: Cow<'a, [u8]>,
    /// Where the whole field is in the message, its line end included.
    pub range: Range<usize>,
    /// Where the value is in the message, continuation lines as they are.
    pub value_range: Range<usize>,
}

impl Header<'_> {
    /// Whether this field has that name; case and compact forms do not count.
    pub fn is(&self, name: &str) -> bool {
        names::same(self.name, name.as_bytes())
    }
}

/// One line of a head, continuation lines included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadLine<'a> {
    /// A header field.
    Field(Header<'a>),
    /// A line that is no header field: no colon, or no token before it.
    Malformed {
        /// The line without its line end.
        text: &'a [u8],
        /// Where it is in the message, its line end included.
        range: Range<usize>,
    },
}

/// A line of a head before anything is copied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawLine<'a> {
    /// The line and its continuation lines, without the last line end.
    pub(crate) text: &'a [u8],
    /// Offset of the line.
    pub(crate) start: usize,
    /// Offset of what follows the line.
    pub(crate) end: usize,
    /// Whether there are continuation lines.
    pub(crate) folded: bool,
}

/// A header field before its value is unfolded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RawField<'a> {
    pub(crate) name: &'a [u8],
    /// Without white space at its ends; line ends of continuation lines are still in it.
    pub(crate) value: &'a [u8],
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Offset of `value`.
    pub(crate) value_start: usize,
    /// Whether there are continuation lines.
    pub(crate) folded: bool,
}

impl<'a> RawLine<'a> {
    /// The line as a header field, if it is one: a token, blanks, a colon (RFC 3261 §25.1, HCOLON).
    pub(crate) fn field(self) -> Option<RawField<'a>> {
        let name_len = self.text.iter().position(|&b| !is_token(b))?;
        let blanks = self.text[name_len..].iter().position(|&b| !is_blank(b))?;
        let colon = name_len + blanks;
        if name_len == 0 || self.text[colon] != b':' {
            return None;
        }
        let rest = trim_end(&self.text[colon + 1..]);
        let value = trim_start(rest);
        Some(RawField {
            name: &self.text[..name_len],
            value,
            start: self.start,
            end: self.end,
            value_start: self.start + colon + 1 + (rest.len() - value.len()),
            folded: self.folded,
        })
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl<'a> RawField<'a> {
    pub(crate) fn header(self) -> Header<'a> {
        Header {
            name: self.name,
            canonical: names::canonical(self.name),
            value: self.unfolded(),
            range: self.start..self.end,
            value_range: self.value_range(),
        }
    }

    pub(crate) fn unfolded(self) -> Cow<'a, [u8]> {
        if self.folded { unfold(self.value) } else { Cow::Borrowed(self.value) }
    }

    pub(crate) fn is(self, name: &str) -> bool {
        names::same(self.name, name.as_bytes())
    }

    pub(crate) fn value_range(self) -> Range<usize> {
        self.value_start..self.value_start + self.value.len()
    }
}

/// Walks the lines of a head from `at` on and stops after the blank line, at `end`, or at the end of `bytes`.
#[derive(Debug, Clone)]
pub(crate) struct RawLines<'a> {
    bytes: &'a [u8],
    at: usize,
    blank: bool,
}

impl<'a> RawLines<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, blank: false }
    }

    /// The current offset; after the end, the offset of the body.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes past the current line and its continuation lines; whether there are any.
    fn pass_line(&mut self) -> bool {
        let mut folded = false;
        while let Some(lf) = memchr(b'\n', &self.bytes[self.at..]) {
            self.at += lf + 1;
            if !matches!(self.bytes.get(self.at), Some(b' ' | b'\t')) {
                return folded;
            }
            folded = true;
        }
        self.at = self.bytes.len();
        folded
    }

    /// Whether the walk ended at a blank line.
    pub(crate) fn ended_with_blank_line(&self) -> bool {
        self.blank
    }
}

impl<'a> Iterator for RawLines<'a> {
    type Item = RawLine<'a>;

    fn next(&mut self) -> Option<RawLine<'a>> {
        if self.blank || self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        if let Some(len) = blank_line(&self.bytes[start..]) {
            self.blank = true;
            self.at = start + len;
            return None;
        }
        let folded = self.pass_line();
        let text = trim_line_end(&self.bytes[start..self.at]);
        Some(RawLine { text, start, end: self.at, folded })
    }
}

/// The length of the blank line with which `rest` begins, if it does: `\r\n` or `\n`.
///
/// A CR at the very end is a blank line that was cut.
#[inline]
pub(crate) fn blank_line(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\n', ..] | [b'\r'] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// `line` without the one line end that closes it.
pub(crate) fn trim_line_end(line: &[u8]) -> &[u8] {
    match line {
        // A CR alone: the message was cut between CR and LF.
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n' | b'\r'] => text,
        _ => line,
    }
}

/// Joins continuation lines: a line end and the blanks around it become one space (RFC 3261 §7.3.1).
pub fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', value).is_none() {
        return Cow::Borrowed(value);
    }
    let mut out = Vec::with_capacity(value.len());
    for (index, line) in value.split(|&b| b == b'\n').enumerate() {
        let line = if index == 0 { line } else { trim_blanks_start(line) };
        if index > 0 && !line.is_empty() && line != b"\r" {
            out.push(b' ');
        }
        out.extend_from_slice(trim_end(line));
    }
    Cow::Owned(out)
}

fn trim_blanks_start(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

/// The header fields of a head, in the order of the message.
#[derive(Debug, Clone)]
pub struct Headers<'a>(pub(crate) RawLines<'a>);

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        self.0.find_map(RawLine::field).map(RawField::header)
    }
}
