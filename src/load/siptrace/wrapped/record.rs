//! Records in which a log's lines are escaped: JSON objects, and rsyslog's octal numbers.
//!
//! Must not know: the meaning of the lines.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The keys under which collectors store the text: Docker, journald, and common other ones.
const TEXTS: [&str; 6] = ["log", "MESSAGE", "message", "msg", "line", "text"];
/// The keys under which they store the time.
const TIMES: [&str; 5] = ["time", "@timestamp", "timestamp", "ts", "date"];

/// A JSON record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The log's text; without a final line end if the next record continues the line.
    pub(super) text: Vec<u8>,
    /// The time of collection, as written.
    pub(super) time: Option<String>,
}

/// Parses a line of JSON; `None` if it is not JSON or has no text.
pub(super) fn json(line: &[u8]) -> Option<Record> {
    let line = line.trim_ascii();
    if !line.starts_with(b"{") {
        return None;
    }
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

/// Decodes rsyslog's `#012` and the other control characters that it writes as octal numbers.
pub(super) fn unescape(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'#', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'#', rest) {
        out.extend_from_slice(&rest[..at]);
        let (byte, len) = match rest[at..] {
            [_, b'0', b @ b'0'..=b'3', c @ b'0'..=b'7', ..] => ((b - b'0') << 3 | (c - b'0'), 4),
            _ => (b'#', 1),
        };
        out.push(byte);
        rest = &rest[at + len..];
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
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
    fn octal_numbers_are_control_characters() {
        for (text, expected) in [
            ("a#012b#015#012#011c", "a\nb\r\n\tc"),
            ("#", "#"),
            ("a#1 #0 #01 #099 #400 #123", "a#1 #0 #01 #099 #400 #123"),
            ("plain", "plain"),
        ] {
            assert_eq!(&*unescape(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
