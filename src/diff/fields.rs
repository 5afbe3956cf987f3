//! The start line and the header fields of two messages.
//!
//! Must not know: bodies.

use std::borrow::Cow;

use super::Section;
use super::align::{Named, align};
use crate::base::escape::escape;
use crate::sip::{HeadLine, Message, StartLine};

/// Fields that each leg has for itself (RFC 3261 §8.1.1, §12): they differ on any two legs, which means nothing.
const OWN: [&str; 9] =
    ["Via", "Call-ID", "CSeq", "Contact", "Max-Forwards", "Route", "Record-Route", "Content-Length", "Date"];

/// The start lines, the header fields, and below them those that differ on any two legs.
pub(super) fn sections(left: &Message<'_>, right: &Message<'_>) -> Vec<Section> {
    let (left_fields, left_own) = fields(left);
    let (right_fields, right_own) = fields(right);
    let own = align(&left_own, &right_own);
    let own = Section { is_own: true, ..Section::new("Header fields that each message has for itself", own) };
    vec![
        Section::new("Start line", align(&start_line(left), &start_line(right))),
        Section::new("Header fields", align(&left_fields, &right_fields)),
        own,
    ]
}

fn start_line<'a>(message: &Message<'a>) -> Vec<Named<'a>> {
    let named = |key: &str, label: &str, value: &'a [u8]| Named {
        key: key.to_owned(),
        label: label.to_owned(),
        value: Cow::Borrowed(value),
    };
    match message.start_line() {
        Some(StartLine::Request { uri, .. }) => {
            let line = message.start_line_bytes();
            let method = message.method().unwrap_or(line);
            vec![named("method", "Method", method), named("uri", "Request URI", uri)]
        }
        Some(StartLine::Status { .. }) => {
            // The version goes without saying.
            let line = message.start_line_bytes();
            let status = memchr::memchr(b' ', line).map_or(line, |blank| &line[blank + 1..]);
            vec![named("status", "Status", status)]
        }
        None => vec![named("line", "First line", message.start_line_bytes())],
    }
}

/// The header fields, and those that each leg has for itself: these include the tags of From and To.
fn fields<'a>(message: &Message<'a>) -> (Vec<Named<'a>>, Vec<Named<'a>>) {
    let (mut fields, mut own) = (Vec::new(), Vec::new());
    for line in message.head_lines() {
        match line {
            HeadLine::Malformed { text, .. } => {
                let value = Cow::Borrowed(text);
                fields.push(Named { key: String::new(), label: "(malformed)".to_owned(), value });
            }
            HeadLine::Field(header) => {
                let label = escape(header.canonical).into_owned();
                let key = label.to_ascii_lowercase();
                if key == "from" || key == "to" {
                    let (value, tag) = without_tag(header.value);
                    own.extend(tag.map(|tag| Named {
                        key: format!("{key} tag"),
                        label: format!("{label} tag"),
                        value: tag.into(),
                    }));
                    fields.push(Named { key, label, value });
                    continue;
                }
                let is_own = OWN.iter().any(|name| name.eq_ignore_ascii_case(&key));
                let list = if is_own { &mut own } else { &mut fields };
                list.push(Named { key, label, value: header.value });
            }
        }
    }
    (fields, own)
}

/// A value of From or To without its tag, and the tag.
fn without_tag(value: Cow<'_, [u8]>) -> (Cow<'_, [u8]>, Option<Vec<u8>>) {
    // A tag is behind the address, which may have parameters with that name only within `<>`.
    let after = memchr::memrchr(b'>', &value).map_or(0, |close| close + 1);
    let find = |text: &[u8]| text.windows(5).position(|part| part.eq_ignore_ascii_case(b";tag="));
    let Some(start) = find(&value[after..]).map(|at| after + at) else { return (value, None) };
    let rest = &value[start + 5..];
    let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
    let tag = rest[..end].to_vec();
    let mut without = value[..start].to_vec();
    without.extend_from_slice(&rest[end..]);
    (Cow::Owned(without), Some(tag))
}
