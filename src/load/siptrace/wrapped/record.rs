//! Records in which a log's lines are escaped: JSON objects, rsyslog's octal numbers, backslashes, CSV, HTML.
//!
//! Must not know: the meaning of the lines.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::stamp;

/// The keys under which collectors store the text: Docker, journald, and common other ones.
const TEXTS: [&str; 6] = ["log", "MESSAGE", "message", "msg", "line", "text"];
/// The keys under which they store the time.
const TIMES: [&str; 5] = ["time", "@timestamp", "timestamp", "ts", "date"];

/// Upper limit of the bytes before the object.
const MAX_BEFORE: usize = 320;

/// A JSON record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The log's text; without a final line end if the next record continues the line.
    pub(super) text: Vec<u8>,
    /// The time of collection, as written.
    pub(super) time: Option<String>,
}

impl Record {
    /// The date and time in the format of FreeSWITCH's log.
    pub(super) fn stamp(&self) -> Option<Vec<u8>> {
        stamp::dated(self.time.as_ref()?.as_bytes())
    }
}

/// Parses a line of JSON; `None` if it is not JSON or has no text.
pub(super) fn json(line: &[u8]) -> Option<Record> {
    let line = line.trim_ascii();
    // Something may be before the object.
    let start = memchr::memchr(b'{', &line[..line.len().min(MAX_BEFORE)])?;
    let line = line[start..].strip_suffix(b"}").map(|_| &line[start..])?;
    let object: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let (name, text) = TEXTS.iter().find_map(|name| Some((*name, text_of(object.get(*name)?)?)))?;
    let mut text = text;
    // Docker keeps the line ends, and splits long lines into several records.
    if name != "log" && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    let time = TIMES.iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned));
    Some(Record { text, time })
}

/// A string, or the bytes that journald writes as numbers.
fn text_of(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => Some(text.as_bytes().to_vec()),
        Value::Array(bytes) => bytes.iter().map(|b| u8::try_from(b.as_u64()?).ok()).collect(),
        _ => None,
    }
}

/// How control characters are written in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// `#012`, as rsyslog writes them.
    Octal,
    /// `\n`, `\012` and `\x0a`, as in a string of a programming language.
    Backslash,
    /// `""` for a quote, as in a field of CSV.
    Quotes,
    /// `&lt;`, `&amp;` and others, as in the source of a web page.
    Html,
}

/// The characters that web pages write by name.
const ENTITIES: [(&[u8], u8); 6] = [
    (b"&lt;", b'<'),
    (b"&gt;", b'>'),
    (b"&amp;", b'&'),
    (b"&quot;", b'"'),
    (b"&apos;", b'\''),
    (b"&nbsp;", b' '),
];

impl Escape {
    /// The escape of the line feed at the start of `tail`, which follows a header.
    pub(super) fn of_line_feed(tail: &[u8]) -> Option<Self> {
        [Self::Octal, Self::Backslash].into_iter().find(|escape| {
            let text = escape.decode(&tail[..tail.len().min(16)]);
            text.starts_with(b"\n") || text.starts_with(b"\r\n")
        })
    }

    /// Decodes `text`.
    pub(super) fn decode(self, text: &[u8]) -> Cow<'_, [u8]> {
        let sign = match self {
            Self::Octal => b'#',
            Self::Backslash => b'\\',
            Self::Quotes => b'"',
            Self::Html => b'&',
        };
        if memchr::memchr(sign, text).is_none() {
            return Cow::Borrowed(text);
        }
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr::memchr(sign, rest) {
            out.extend_from_slice(&rest[..at]);
            let (byte, len) = self.character(&rest[at..]);
            out.push(byte);
            rest = &rest[at + len..];
        }
        out.extend_from_slice(rest);
        Cow::Owned(out)
    }

    /// The byte that is written at the start of `text`, and how many characters it takes.
    fn character(self, text: &[u8]) -> (u8, usize) {
        let escaped = match self {
            Self::Octal => match *text {
                [_, b'0', b @ b'0'..=b'3', c @ b'0'..=b'7', ..] => Some(((b - b'0') << 3 | (c - b'0'), 4)),
                _ => None,
            },
            Self::Backslash => backslash(&text[1..]).map(|(byte, len)| (byte, len + 1)),
            Self::Quotes => text.starts_with(b"\"\"").then_some((b'"', 2)),
            Self::Html => entity(text),
        };
        escaped.unwrap_or((text[0], 1))
    }
}

/// The character that is written at the start of `text` as an entity of HTML, by name or number, and the entity's length.
fn entity(text: &[u8]) -> Option<(u8, usize)> {
    if let Some((name, byte)) = ENTITIES.iter().find(|(name, _)| text.starts_with(name)) {
        return Some((*byte, name.len()));
    }
    let number = text.strip_prefix(b"&#")?;
    let (number, radix, start) = match number.first()? {
        b'x' | b'X' => (&number[1..], 16, 3),
        _ => (number, 10, 2),
    };
    let len = number.iter().take(4).position(|b| *b == b';')?;
    let byte = u8::from_str_radix(std::str::from_utf8(&number[..len]).ok()?, radix).ok()?;
    byte.is_ascii().then_some((byte, start + len + 1))
}

/// The byte that is written after a backslash, and how many characters it takes.
fn backslash(text: &[u8]) -> Option<(u8, usize)> {
    let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    Some(match *text {
        [b'n', ..] => (b'\n', 1),
        [b'r', ..] => (b'\r', 1),
        [b't', ..] => (b'\t', 1),
        [sign @ (b'"' | b'\\' | b'/' | b'\''), ..] => (sign, 1),
        [b'x', b, c, ..] => (hex(&[b, c])?, 3),
        [b'u', b'0', b'0', b, c, ..] => (hex(&[b, c])?, 5),
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), 3)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_json_have_text_and_time() {
        for (line, text, time) in [
            (
                r#"{"log":"a\tb\n","stream":"stdout","time":"2026-02-01T14:37:05Z"}"#,
                "a\tb\n",
                Some("2026-02-01T14:37:05Z"),
            ),
            (r#"{"log":"half"}"#, "half", None),
            (r#"{"MESSAGE":"a","_PID":"1"}"#, "a\n", None),
            (r#"{"MESSAGE":[97,10]}"#, "a\n", None),
            (r#" {"@timestamp":"x","message":"a"} "#, "a\n", Some("x")),
        ] {
            let record = json(line.as_bytes()).unwrap();
            assert_eq!((record.text, record.time.as_deref()), (text.into(), time), "{line}");
        }
        for line in ["", "{", "{}", r#"{"log":1}"#, "[]", "text"] {
            assert_eq!(json(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn escaped_characters_are_decoded() {
        for (escape, text, expected) in [
            (Escape::Octal, "a#012b#015#012#011c", "a\nb\r\n\tc"),
            (Escape::Octal, "#", "#"),
            (Escape::Octal, "a#1 #0 #01 #099 #400 #123", "a#1 #0 #01 #099 #400 #123"),
            (Escape::Octal, "plain", "plain"),
            (Escape::Backslash, r#"a\nb\r\n\"c\" \\ \012\x0a\u000a \q \"#, "a\nb\r\n\"c\" \\ \n\n\n \\q \\"),
            (Escape::Quotes, r#"""a"" "b"#, r#""a" "b"#),
            (Escape::Html, "&lt;sip:a&gt; &quot;b&#34; &#39;&#x27;&apos;", r#"<sip:a> "b" '''"#),
            (Escape::Html, "&amp;lt; & &x; &#; &#300; &#xe9; a&b", "&lt; & &x; &#; &#300; &#xe9; a&b"),
        ] {
            assert_eq!(&*escape.decode(text.as_bytes()), expected.as_bytes(), "{text}");
        }
        for (tail, expected) in [
            ("#012", Some(Escape::Octal)),
            ("#015#012-", Some(Escape::Octal)),
            (r"\n--", Some(Escape::Backslash)),
            (r"\r\n", Some(Escape::Backslash)),
            (r"\x0a", Some(Escape::Backslash)),
            ("", None),
            (" x", None),
        ] {
            assert_eq!(Escape::of_line_feed(tail.as_bytes()), expected, "{tail}");
        }
    }
}
