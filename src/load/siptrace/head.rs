//! Judges whether a text is the head of a message: a start line and header fields.
//!
//! Must not know: entries, what is before their lines.

use super::lines;
use crate::sip::start_line;

/// Whether `text` begins with a start line.
pub(super) fn begins_message(text: &[u8]) -> bool {
    text.split(|&b| b == b'\n')
        .next()
        .is_some_and(|line| start_line::parse(lines::without_crs(line)).is_some())
}

/// How many lines of the head of a message are not header fields, and how many are; `None` if it is none: a start line
/// and header fields.
pub(super) fn bad_fields(text: &[u8]) -> Option<(usize, usize)> {
    let mut all = text.split(|&b| b == b'\n').map(lines::without_crs);
    start_line::parse(all.next()?)?;
    let mut fields = all.take_while(|line| !line.is_empty()).peekable();
    if fields.peek().is_some_and(|field| field.starts_with(b" ") || field.starts_with(b"\t")) {
        return None;
    }
    let (good, bad): (Vec<&[u8]>, Vec<&[u8]>) = fields.partition(|field| is_head_line(field));
    Some((bad.len(), good.len()))
}

/// Whether a head has the fields that each message has (RFC 3261 §8.1.1), under their own names.
pub(super) fn has_usual_fields(text: &[u8]) -> bool {
    let names: Vec<&[u8]> = text
        .split(|&b| b == b'\n')
        .skip(1)
        .take_while(|line| !lines::without_crs(line).is_empty())
        .filter_map(|line| memchr::memchr(b':', line).map(|colon| line[..colon].trim_ascii_end()))
        .collect();
    let has = |wanted: &[&str]| {
        names.iter().any(|name| wanted.iter().any(|wanted| name.eq_ignore_ascii_case(wanted.as_bytes())))
    };
    has(&["via", "v"]) && has(&["call-id", "i"]) && has(&["cseq"])
}

/// Whether a line may be a header field, or the continuation of one.
pub(super) fn is_head_line(line: &[u8]) -> bool {
    if line.starts_with(b" ") || line.starts_with(b"\t") {
        return true;
    }
    let Some(colon) = memchr::memchr(b':', line) else { return false };
    let name = line[..colon].trim_ascii_end();
    let is_token = |b: &u8| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(b);
    !name.is_empty() && name.iter().all(is_token)
}
