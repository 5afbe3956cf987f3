//! The Headers tab: start line, header fields aligned and expanded, what is wrong with them, the body in a sentence.
//!
//! Recursive: a body may hold messages and bodies, so the files that lay them out call each other.
//!
//! Must not know: what bodies say, frames.

use crate::base::number::grouped;
use crate::calls::Finding as CallFinding;
use crate::sip::{Finding, FindingKind, HeadLine, Header, Message};
use crate::style::styled_text::{Line, Role};

use super::content::Content;
use super::format::{self, blanks, bytes};
use super::hex;
use super::passport;
use super::remarks;
use super::text::{self, LineEnds};
use super::values;

/// Longer names than this do not push the values of the others to the right.
const NAME_MOST: usize = 20;

/// This many parts of a body are named in its sentence.
const NAMED_PARTS: usize = 8;

/// All lines of the tab. `of_call` is what was found about the message's call.
pub fn lines(message: &Message<'_>, of_call: &[CallFinding]) -> Vec<Line> {
    if !reads_as_sip(message) {
        return no_sip(message.as_bytes());
    }
    let findings = message.findings();
    let column = value_column(message);
    let mut out = head(message, &findings);
    if let Some(why) = ended_early(message) {
        out.insert(1.min(out.len()), Line::of(Role::Error, why));
    }
    out.push(Line::default());
    out.push(body_summary(message, column));
    let start = message.body_range().start;
    let of_body = findings.iter().filter(|finding| !belongs_to_head(finding, start));
    out.extend(of_body.map(|finding| remarks::of_message(finding, column)));
    remarks::add_to_headers(&mut out, message, of_call, column);
    out
}

/// Start line and header fields, each with the findings inside it.
pub(super) fn head(message: &Message<'_>, findings: &[Finding]) -> Vec<Line> {
    let column = value_column(message);
    let body = message.body_range().start;
    let mut marks = findings.iter().filter(|finding| belongs_to_head(finding, body)).peekable();
    let mut out: Vec<Line> = start_line(message).into_iter().collect();
    let mut end = message.start_line_range().end;
    for line in message.head_lines() {
        while let Some(finding) = marks.next_if(|finding| finding.range.start < end) {
            out.push(remarks::of_message(finding, column));
        }
        end = match &line {
            HeadLine::Field(header) => header.range.end,
            HeadLine::Malformed { range, .. } => range.end,
        };
        match line {
            HeadLine::Field(header) => {
                out.push(field(&header, column));
                if header.canonical.eq_ignore_ascii_case(b"Identity") {
                    out.extend(passport::lines(&header.value, column));
                }
            }
            HeadLine::Malformed { text, range } => {
                let mut line = Line::of(Role::Error, format::shown(text));
                line.source = Some(range);
                out.push(line);
            }
        }
    }
    out.extend(marks.map(|finding| remarks::of_message(finding, column)));
    out
}

fn start_line(message: &Message<'_>) -> Option<Line> {
    let range = message.start_line_range();
    let spans = values::start_line(message.start_line_bytes(), message.start_line());
    (!range.is_empty()).then_some(Line { spans, source: Some(range) })
}

/// How much is missing, where the message ended before its own length says.
fn ended_early(message: &Message<'_>) -> Option<String> {
    if !message.is_sip() {
        return None;
    }
    if !message.has_blank_line() {
        return Some("▲ this message ended early: within its header fields".to_owned());
    }
    let length = message.header("Content-Length")?;
    let declared = crate::base::bytes::decimal(&length.value)?;
    let actual = message.body().len();
    ((actual as u64) < declared).then(|| {
        let declared = grouped(declared);
        format!("▲ this message ended early: {} of {declared} body bytes are there", grouped(actual as u64))
    })
}

/// Whether a finding is shown within the head; the others are shown at the body.
fn belongs_to_head(finding: &Finding, body: usize) -> bool {
    finding.range.start < body
        || matches!(finding.kind, FindingKind::MissingField(_) | FindingKind::NoBlankLine)
}

/// Where values begin: after the longest name that is not too long.
fn value_column(message: &Message<'_>) -> usize {
    let names = message.headers().map(|header| name_width(&header));
    names.filter(|&width| width <= NAME_MOST).max().unwrap_or(4).max(4) + 2
}

/// The full name, followed by `(f)` if it was written in that form.
fn name_width(header: &Header<'_>) -> usize {
    header.canonical.len() + if header.name == header.canonical { 0 } else { 3 + header.name.len() }
}

fn field(header: &Header<'_>, column: usize) -> Line {
    // Names are tokens, and so ASCII.
    let mut line = Line::of(Role::Label, format::shown(header.canonical));
    if header.name != header.canonical {
        line = line.and(Role::Dim, format!(" ({})", format::shown(header.name)));
    }
    let gap = column.saturating_sub(name_width(header)).max(2);
    line = line.and(Role::Plain, blanks(gap));
    line.spans.extend(values::spans(header.canonical, &header.value));
    line.source = Some(header.range.clone());
    line
}

fn body_summary(message: &Message<'_>, column: usize) -> Line {
    let mut line = Line::of(Role::Label, "Body").and(Role::Plain, blanks(column.saturating_sub(4).max(2)));
    let body = message.body();
    if body.is_empty() {
        return line.and(Role::Dim, "none");
    }
    let content = Content::of_message(message);
    line = line.and(Role::Plain, format!("{}, {}", content.type_name(), bytes(body.len())));
    if !content.parts.is_empty() {
        let first = content.parts.iter().take(NAMED_PARTS);
        let mut names: Vec<String> = first.map(|part| Content::of_part(part, None).type_name()).collect();
        if content.parts.len() > NAMED_PARTS {
            names.push(format!("{} more", content.parts.len() - NAMED_PARTS));
        }
        line = line.and(Role::Dim, format!(": {}", names.join(", ")));
    }
    line.source = Some(message.body_range());
    line
}

/// Whether it helps to show these bytes as a head: with a start line, or with more header fields than other lines.
pub(super) fn reads_as_sip(message: &Message<'_>) -> bool {
    if message.is_sip() {
        return true;
    }
    let (mut fields, mut others) = (0_usize, 0_usize);
    for line in message.head_lines() {
        match line {
            HeadLine::Field(_) => fields += 1,
            HeadLine::Malformed { .. } => others += 1,
        }
    }
    fields > others
}

/// Other protocols on a SIP port.
fn looks_like(all: &[u8]) -> &'static str {
    match all {
        // RFC 8489 §5: two zero bits, and the cookie.
        [0..=0x3f, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..] => "STUN",
        // RFC 6347 §4.1, RFC 8446 §5.1: a content type, and a version.
        [0x14..=0x17, 0xfe, 0xfd..=0xff, ..] => "DTLS",
        [0x14..=0x17, 0x03, 0..=0x04, ..] => "TLS",
        _ if all.starts_with(b"GET ") || all.starts_with(b"POST ") || all.starts_with(b"HTTP/") => "HTTP",
        _ if text::is_text(all) => "text",
        _ => "something else",
    }
}

/// Bytes that are no SIP: said so, and shown.
fn no_sip(all: &[u8]) -> Vec<Line> {
    let size = bytes(all.len());
    let mut out = vec![
        Line::of(Role::Error, format!("This is no SIP message, but {size} of {}.", looks_like(all))),
        Line::default(),
    ];
    if text::is_text(all) {
        out.extend(text::lines(all, 0, LineEnds::Shown));
    } else {
        out.extend(hex::lines(all, 0));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(message: &str) -> Vec<String> {
        lines(&Message::parse(message.as_bytes()), &[]).iter().map(Line::text).collect()
    }

    #[test]
    fn fields_are_aligned_expanded_and_joined_and_faults_are_below_their_lines() {
        let message = "OPTIONS sip:a SIP/2.0\r\nf: <sip:x@y>;tag=1\r\nSubject: one\r\n\t two\r\nno field\r\n\
            To: <sip:x@y>\r\nCall-ID: 7\r\nCSeq: x OPTIONS\r\n\r\n";
        assert_eq!(
            page(message),
            [
                "OPTIONS sip:a SIP/2.0",
                "From (f)  <sip:x@y>;tag=1",
                "Subject   one two",
                "no field",
                "          ▲ this line is no header field  RFC 3261 §7.3.1",
                "To        <sip:x@y>",
                "Call-ID   7",
                "CSeq      x OPTIONS",
                "          ▲ the value of CSeq cannot be read  RFC 3261 §25.1",
                "          ▲ Via is missing  RFC 3261 §8.1.1",
                "",
                "Body      none",
            ]
        );
    }

    #[test]
    fn a_message_that_ended_early_says_so_below_its_first_line() {
        let head = "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\nCall-ID: 7\r\nCSeq: 1 BYE\r\n";
        for (rest, expected) in [
            ("", Some("▲ this message ended early: within its header fields")),
            (
                "Content-Length: 9\r\n\r\nbody",
                Some("▲ this message ended early: 4 of 9 body bytes are there"),
            ),
            ("Content-Length: 4\r\n\r\nbody", None),
            ("\r\n", None),
        ] {
            let line = page(&format!("{head}{rest}")).swap_remove(1);
            assert_eq!(line.starts_with('▲').then_some(line.as_str()), expected, "{rest}");
        }
    }

    #[test]
    fn what_is_no_sip_is_named_and_shown() {
        for (bytes, expected) in [
            (
                "hello\r\nworld",
                &["This is no SIP message, but 12 bytes of text.", "", r"hello\r\n", "world"][..],
            ),
            (
                "GET / HTTP/1.1\r\n\r\n",
                &["This is no SIP message, but 18 bytes of HTTP.", "", r"GET / HTTP/1.1\r\n", r"\r\n"],
            ),
            ("\0\0\0\0", &["This is no SIP message, but 4 bytes of something else.", ""]),
        ] {
            let page = page(bytes);
            assert_eq!(page[..expected.len()], *expected, "{bytes:?}");
        }
    }
}
