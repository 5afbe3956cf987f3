//! One message: its start line, its header fields, and its body with the length that it now has.
//!
//! Must not know: frames, addresses of peers; how values are replaced.
//!
//! A message can be in a body: this file and body.rs call each other.

use super::Scrubber;
use super::fields::REDACTED;
use super::rules::Rule;
use crate::base::bytes::{decimal, is_blank, trim, trim_end};
use crate::sip::start_line::is_known_method;
use crate::sip::{Message, RawLine, StartLine};

/// Where a Content-Length is, and what it said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Length {
    at: usize,
    len: usize,
    said: u64,
}

impl Scrubber {
    /// Appends the message with everything replaced.
    pub(super) fn message_text(&mut self, out: &mut Vec<u8>, bytes: &[u8], depth: u8) {
        let mut lines = Vec::new();
        let message = Message::parse_each(bytes, |line| lines.push(line));
        if message.start_line().is_none() {
            return self.no_message(out, bytes);
        }
        let start = message.start_line_range();
        out.extend_from_slice(&bytes[..start.start]);
        self.names_before_reason(&message, &lines);
        self.start_line(out, &message);
        out.extend_from_slice(&bytes[start.start + message.start_line_bytes().len()..start.end]);
        let (mut length, mut content_type) = (None, None);
        for line in &lines {
            self.line(out, *line, bytes, (&mut length, &mut content_type));
        }
        let head = lines.last().map_or(start.end, |line| line.end);
        out.extend_from_slice(&bytes[head..message.body_range().start]);
        let body_at = out.len();
        self.body(out, message.body(), content_type.as_deref().unwrap_or_default(), depth);
        let lengths = (message.body().len(), out.len() - body_at);
        correct_length(out, length, lengths);
    }

    /// A reason phrase that is not a common one may have the names that the fields below it have: those come first.
    fn names_before_reason(&mut self, message: &Message<'_>, lines: &[RawLine<'_>]) {
        let Some(StartLine::Status { reason, .. }) = message.start_line() else { return };
        if is_common_phrase(reason) {
            return;
        }
        for field in lines.iter().filter_map(|line| line.field()) {
            if self.rules.of(field.name) == Rule::Addresses {
                self.value(&mut Vec::new(), Rule::Addresses, trim(&field.unfolded()));
            }
        }
    }

    /// What is no message: keep-alives stay, anything else is removed.
    fn no_message(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        if bytes.iter().all(|b| matches!(b, b'\r' | b'\n' | b' ' | 0)) {
            return out.extend_from_slice(bytes);
        }
        self.removals += 1;
        out.extend_from_slice(b"redacted: not SIP\r\n\r\n");
    }

    fn start_line(&mut self, out: &mut Vec<u8>, message: &Message<'_>) {
        let line = trim_end(message.start_line_bytes());
        match message.start_line() {
            Some(StartLine::Request { method, uri }) => {
                if is_known_method(method) {
                    out.extend_from_slice(method);
                } else {
                    self.constant(out, method);
                }
                out.push(b' ');
                let from = out.len();
                self.uri(out, uri);
                // A blank would end the URI: what was a damaged request stays a request.
                out[from..]
                    .iter_mut()
                    .filter(|byte| byte.is_ascii_whitespace())
                    .for_each(|byte| *byte = b'_');
                out.push(b' ');
                // Blanks may follow the version.
                let whole = line.trim_ascii_end();
                let version = whole.iter().rposition(|&b| b == b' ').map_or(0, |at| at + 1);
                self.version(out, &whole[version..]);
                out.extend_from_slice(&line[whole.len()..]);
            }
            Some(StartLine::Status { reason, .. }) => {
                let head = line.len() - reason.len();
                let head = if line.ends_with(reason) {
                    head
                } else {
                    line.iter().position(|&b| b == b' ').map_or(line.len(), |at| at + 4).min(line.len())
                };
                self.version(out, &line[..head]);
                if is_common_phrase(reason) {
                    out.extend_from_slice(reason);
                } else {
                    self.prose(out, reason);
                }
            }
            None => out.extend_from_slice(REDACTED),
        }
    }

    /// `SIP/2.0`, perhaps with a status code.
    fn version(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        if text.is_empty() || text == b"SIP/2.0" {
            out.extend_from_slice(text);
        } else {
            self.counter(out, text);
        }
    }

    /// Appends a line of a head, its line end included.
    fn line(
        &mut self,
        out: &mut Vec<u8>,
        line: RawLine<'_>,
        bytes: &[u8],
        (length, content_type): (&mut Option<Length>, &mut Option<Vec<u8>>),
    ) {
        let Some(field) = line.field() else {
            // It stays a line that is no header field.
            out.extend_from_slice(b"redacted line");
            return out.extend_from_slice(&bytes[line.start + line.text.len()..line.end]);
        };
        let rule = self.rules.of(field.name);
        if rule == Rule::Unknown {
            self.unknown_name(out, field.name);
        } else {
            out.extend_from_slice(field.name);
        }
        let gap = &bytes[field.start + field.name.len()..field.value_start];
        if line.folded {
            out.extend_from_slice(b": ");
        } else {
            out.extend(gap.iter().filter(|&&b| b == b':' || is_blank(b)));
        }
        let value = field.unfolded();
        let at = out.len();
        self.value(out, rule, trim(&value));
        match rule {
            Rule::ContentLength if length.is_none() => {
                *length = decimal(&value).map(|said| Length { at, len: out.len() - at, said });
            }
            Rule::MediaType if content_type.is_none() => *content_type = Some(value.into_owned()),
            _ => {}
        }
        out.extend_from_slice(&bytes[line.start + line.text.len()..line.end]);
    }

    /// Appends the head of a part: fields and the blank line.
    pub(super) fn head_lines(&mut self, out: &mut Vec<u8>, head: &[u8], length: &mut Option<Length>) {
        let mut rest = 0;
        for (start, end) in lines_of(head) {
            let text = crate::base::bytes::trim_end(&head[start..end]);
            let text = &head[start..start + text.len()];
            let folded = memchr::memchr(b'\n', text).is_some();
            let line = RawLine { text, start, end, folded };
            if text.is_empty() {
                out.extend_from_slice(&head[start..end]);
            } else {
                self.line(out, line, head, (length, &mut None));
            }
            rest = end;
        }
        out.extend_from_slice(&head[rest..]);
    }
}

/// Reason phrases that stay, also if someone's display name has one of their words.
pub(super) fn is_common_phrase(reason: &[u8]) -> bool {
    const PHRASES: [&[u8]; 33] = [
        b"Busy",
        b"Call completed elsewhere",
        b"Normal call clearing",
        b"",
        b"Trying",
        b"Ringing",
        b"Call is being forwarded",
        b"Queued",
        b"Session Progress",
        b"OK",
        b"Accepted",
        b"Moved Temporarily",
        b"Bad Request",
        b"Unauthorized",
        b"Forbidden",
        b"Not Found",
        b"Method Not Allowed",
        b"Not Acceptable",
        b"Proxy Authentication Required",
        b"Request Timeout",
        b"Gone",
        b"Unsupported Media Type",
        b"Temporarily Unavailable",
        b"Call/Transaction Does Not Exist",
        b"Busy Here",
        b"Request Terminated",
        b"Not Acceptable Here",
        b"Request Pending",
        b"Server Internal Error",
        b"Service Unavailable",
        b"Busy Everywhere",
        b"Decline",
        b"Does Not Exist Anywhere",
    ];
    PHRASES.contains(&reason)
}

/// Gives a Content-Length the length that the body now has; what it was wrong by stays.
pub(super) fn correct_length(out: &mut Vec<u8>, length: Option<Length>, (before, after): (usize, usize)) {
    let Some(Length { at, len, said }) = length else { return };
    let now = if said == 0 && before > 0 {
        0
    } else {
        (after as u64).saturating_add(said).saturating_sub(before as u64)
    };
    if now != said {
        out.splice(at..at + len, now.to_string().into_bytes());
    }
}

/// The lines of a head with their continuation lines.
fn lines_of(head: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= head.len() {
            return None;
        }
        let start = at;
        loop {
            at += memchr::memchr(b'\n', &head[at..]).map_or(head.len() - at, |lf| lf + 1);
            if at >= head.len()
                || !matches!(head[at], b' ' | b'\t')
                || matches!(&head[start..at], b"\r\n" | b"\n")
            {
                return Some((start, at));
            }
        }
    })
}
