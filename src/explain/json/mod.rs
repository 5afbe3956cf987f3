//! JSON with a line for each member; strings that hold text of several lines, a SIP message or XML are expanded.
//!
//! Recursive: a body may hold messages and bodies, so the files that lay them out call each other.
//!
//! Must not know: messages around it.

mod tokens;

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use crate::base::escape::escape;
use crate::sip::{Message, json};
use crate::style::styled_text::{Line, Role, Span};

use self::tokens::{Kind, Tokens};
use super::content::{self, MAX_DEPTH};
use super::format::{blanks, bytes, shown};
use super::location;
use super::text::{self, LineEnds};
use super::xml;

/// One line for each member and element; `None` where `body` is no valid JSON. Sources count from its start.
///
/// Nothing but white space between tokens changes: order, repeated keys and numbers stay as they are written.
pub(super) fn lines(body: &[u8], depth: usize) -> Option<Vec<Line>> {
    let tokens = Tokens::new(body)?;
    let mut page = Page { tokens, out: Vec::with_capacity(body.len() / 64), depth, level: 0 };
    while page.row() {}
    Some(page.out)
}

/// The lines so far.
struct Page<'a> {
    tokens: Tokens<'a>,
    out: Vec<Line>,
    /// How deep in messages within messages this is.
    depth: usize,
    /// How many brackets are open.
    level: usize,
}

impl Page<'_> {
    /// One row: a member, an element, or a bracket. Whether there was one.
    fn row(&mut self) -> bool {
        let Some((mut kind, mut range)) = self.tokens.next() else { return false };
        let start = range.start;
        self.level -= usize::from(kind == Kind::Close);
        let indent = 2 * self.level;
        let mut line =
            Line { spans: Vec::with_capacity(if kind == Kind::Key { 5 } else { 3 }), source: None };
        if indent > 0 {
            line = line.and(Role::Plain, blanks(indent));
        }
        if kind == Kind::Key {
            line = line.and(Role::Label, readable(self.tokens.text(range))).and(Role::Dim, ": ");
            let (Some(_colon), Some(value)) = (self.tokens.next(), self.tokens.next()) else { return false };
            (kind, range) = value;
        }
        let mut last = range.clone();
        let mut brackets = self.tokens.text(range.clone());
        if kind == Kind::Open {
            match self.tokens.peek() {
                Some(b'}' | b']') => {
                    let Some((_, close)) = self.tokens.next() else { return false };
                    brackets = if brackets == "{" { "{}" } else { "[]" };
                    (kind, last) = (Kind::Close, close);
                }
                _ => self.level += 1,
            }
        }
        let comma = if kind == Kind::Open { None } else { self.comma() };
        let source = start..comma.clone().map_or(last.end, |comma| comma.end);
        let first = self.out.len();
        let tail = if comma.is_some() { "," } else { "" };
        match kind {
            Kind::String => {
                push_string(
                    line,
                    self.tokens.text(range),
                    tail,
                    Place { indent, depth: self.depth },
                    &mut self.out,
                );
            }
            Kind::Scalar => self.out.push(with_tail(line.and(Role::Plain, brackets.to_owned()), tail)),
            _ => self.out.push(with_tail(line.and(Role::Dim, brackets.to_owned()), tail)),
        }
        self.out[first..].iter_mut().for_each(|line| line.source = Some(source.clone()));
        true
    }

    fn comma(&mut self) -> Option<Range<usize>> {
        (self.tokens.peek() == Some(b',')).then(|| self.tokens.next()).flatten().map(|(_, range)| range)
    }
}

fn with_tail(line: Line, tail: &'static str) -> Line {
    if tail.is_empty() { line } else { line.and(Role::Dim, tail) }
}

/// Where a string is: how far to the right, and how deep in messages within messages.
#[derive(Clone, Copy)]
struct Place {
    indent: usize,
    depth: usize,
}

fn push_string(line: Line, token: &str, tail: &'static str, place: Place, out: &mut Vec<Line>) {
    let text = content_of(token);
    let held = if place.depth < MAX_DEPTH && may_hold(token) { HeldKind::of(text.as_bytes()) } else { None };
    // A string that only ends with a line end is no text of several lines.
    if held.is_none() && !text.trim_end_matches(['\r', '\n']).contains('\n') {
        out.push(with_tail(line.and(Role::Plain, readable(token)), tail));
        return;
    }
    let what = match held {
        Some(HeldKind::Sip) => "a SIP message",
        Some(HeldKind::Xml) => "XML",
        None => "text",
    };
    let line = line.and(Role::Note, format!("{what}, {}", bytes(text.len())));
    out.push(with_tail(line, tail));
    let lines = || text::lines(text.as_bytes(), 0, LineEnds::Hidden);
    let inner = match held {
        Some(HeldKind::Sip) => content::sip(text.as_bytes(), place.depth + 1),
        Some(HeldKind::Xml) => location::explained(text.as_bytes()).unwrap_or_else(lines),
        None => lines(),
    };
    let margin = blanks(place.indent + 2);
    out.extend(inner.into_iter().map(|mut line| {
        let bar = [
            Span { role: Role::Plain, text: margin.clone() },
            Span { role: Role::Dim, text: Cow::Borrowed("│ ") },
        ];
        line.spans.splice(0..0, bar);
        line
    }));
}

/// A string token with its escapes of visible characters read: `"Ren\u00e9e"` as `"Renée"`. What controls a terminal
/// stays escaped, and so do quotes and backslashes.
fn readable(token: &str) -> Cow<'static, str> {
    if !token.contains('\\') {
        return shown(token.as_bytes());
    }
    let text = content_of(token);
    if text.contains('\u{fffd}') {
        // Half of a surrogate pair means nothing that could be shown.
        return shown(token.as_bytes());
    }
    let text = text.replace('\\', r"\\").replace('"', r#"\""#);
    Cow::Owned(format!("\"{}\"", escape(text.as_bytes())))
}

/// What a string token says.
fn content_of(token: &str) -> Cow<'_, str> {
    let inner = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    json::unescape(inner.unwrap_or(token))
}

/// The length of the string token with which `text` begins; `None` where it begins with none.
fn string_end(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    if text.first() != Some(&b'"') {
        return None;
    }
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn is_sip(text: &[u8]) -> bool {
    let message = Message::parse(text);
    message.is_sip() && message.headers().next().is_some()
}

/// What a string of JSON holds, if it is more than a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeldKind {
    /// A SIP message.
    Sip,
    /// An XML document.
    Xml,
}

impl HeldKind {
    /// Looks into a string whose escapes are read.
    fn of(text: &[u8]) -> Option<Self> {
        if is_sip(text) {
            Some(Self::Sip)
        } else if text.trim_ascii_start().starts_with(b"<") && xml::is_well_formed(text) {
            Some(Self::Xml)
        } else {
            None
        }
    }
}

/// A SIP message or an XML document in a string of JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    /// What it is.
    pub(super) kind: HeldKind,
    /// The key whose value it is; empty for an element of an array without one.
    pub(super) key: String,
    /// Its bytes, escapes read.
    pub(super) bytes: Vec<u8>,
}

/// The SIP messages and XML documents that strings of `body` hold, at any depth, in their order.
pub(super) fn held_values(body: &[u8]) -> Vec<Held> {
    // Most JSON holds none, and need not be read.
    let has = |text: &[u8]| memmem::find(body, text).is_some();
    if ![&b"SIP/2.0"[..], br"SIP\/2.0", b"<", br"\u003"].into_iter().any(has) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let (mut at, mut key) = (0, "");
    while let Some(quote) = memchr::memchr(b'"', &body[at..]) {
        let start = at + quote;
        let Some(len) = string_end(&body[start..]) else { break };
        at = start + len;
        let Ok(token) = std::str::from_utf8(&body[start..at]) else { continue };
        let is_key = body[at..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
        if is_key {
            key = token;
        } else if may_hold(token) {
            let text = content_of(token);
            let key = || content_of(key).into_owned();
            out.extend(HeldKind::of(text.as_bytes()).map(|kind| Held {
                kind,
                key: key(),
                bytes: text.as_bytes().to_vec(),
            }));
        }
    }
    out
}

/// Whether a string token needs to be looked into.
fn may_hold(token: &str) -> bool {
    let begins = token.get(1..).unwrap_or_default();
    let begins = begins.trim_start_matches([' ', '\\', 'r', 'n', 't']);
    let is_tag = begins.starts_with('<') || begins.get(..5).is_some_and(|c| c.eq_ignore_ascii_case("u003c"));
    is_tag || (token.contains(r"\n") && token.contains("2.0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(body: &str) -> Vec<String> {
        lines(body.as_bytes(), 0).unwrap().iter().map(Line::text).collect()
    }

    #[test]
    fn members_get_lines_and_values_stay_as_they_are_written() {
        let table: [(&str, &[&str]); 4] = [
            (
                r#"{"b":1.50,"a":{"c":[]}}"#,
                &["{", "  \"b\": 1.50,", "  \"a\": {", "    \"c\": []", "  }", "}"],
            ),
            (
                r#"{"n":12345678901234567890123,"n":null}"#,
                &["{", "  \"n\": 12345678901234567890123,", "  \"n\": null", "}"],
            ),
            (r#""Ren\u00e9e \"x\" \\ \u001b[2J\t""#, &[r#""Renée \"x\" \\ \x1b[2J\t""#]),
            (r#"{"a": "one line\r\n"}"#, &["{", r#"  "a": "one line\r\n""#, "}"]),
        ];
        for (body, expected) in table {
            assert_eq!(text_of(body), expected, "{body}");
        }
        assert!(lines(b"{,}", 0).is_none());
    }

    #[test]
    fn text_of_several_lines_and_sip_are_expanded() {
        assert_eq!(
            text_of(r#"{"note":"one\r\ntwo \"q\"","x":1}"#),
            ["{", "  \"note\": text, 12 bytes,", "    │ one", "    │ two \"q\"", "  \"x\": 1", "}"]
        );
        assert_eq!(
            text_of(r#"["BYE sip:a@b SIP/2.0\r\ni: 7\r\n\r\n"]"#),
            ["[", "  a SIP message, 29 bytes", "    │ BYE sip:a@b SIP/2.0", "    │ Call-ID (i)  7", "]"]
        );
    }

    #[test]
    fn each_line_names_the_bytes_of_the_original() {
        let body = b"{ \"a\" : [1,\n\n2],\t\"b\":\"x  y\" }";
        let lines = lines(body, 0).unwrap();
        let sources = lines.iter().filter_map(|line| line.source.clone());
        let texts: Vec<&str> = sources.map(|range| std::str::from_utf8(&body[range]).unwrap()).collect();
        assert_eq!(texts, ["{", "\"a\" : [", "1,", "2", "],", "\"b\":\"x  y\"", "}"]);
    }

    #[test]
    fn messages_and_documents_in_strings_are_found_with_their_keys() {
        let body = br#"{"a":"BYE sip:a SIP\/2.0\nTo: x\n\n","b":{"c":["no SIP/2.0\n","<no xml"]},"d":["SIP/2.0 200 OK\r\nTo: y\r\n"],
            "e":"<?xml version=\"1.0\"?>\r\n<a>1<\/a>","f":" \r\n\u003Cb\u003e\u003c/b\u003e","g":"a <b/>"}"#;
        let held: Vec<(HeldKind, String, usize)> =
            held_values(body).into_iter().map(|h| (h.kind, h.key, h.bytes.len())).collect();
        let expected = [
            (HeldKind::Sip, "a", 25),
            (HeldKind::Sip, "d", 23),
            (HeldKind::Xml, "e", 31),
            (HeldKind::Xml, "f", 10),
        ];
        assert_eq!(held, expected.map(|(kind, key, len)| (kind, key.to_owned(), len)));
    }

    #[test]
    fn xml_in_a_string_is_laid_out() {
        assert_eq!(
            text_of(r#"{"locationByValue":"<a><b>1</b></a>","x":"<no"}"#),
            [
                "{",
                "  \"locationByValue\": XML, 15 bytes,",
                "    │ <a>",
                "    │   <b>1</b>",
                "    │ </a>",
                "  \"x\": \"<no\"",
                "}"
            ]
        );
    }
}
