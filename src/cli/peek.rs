//! Reads the parts of a message that most runs need, without the rest: start line, Call-ID, `CSeq`.
//!
//! Must not know: filters, what is printed.

use crate::base::bytes::{is_blank, trim};
use crate::sip::{CSeq, StartLine, start_line};

/// The Call-ID and the `CSeq` method of a message; equal to what `IndexFields` of the same message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Peek<'a> {
    /// The Call-ID; empty if there is none.
    pub(super) call_id: &'a [u8],
    /// The method of `CSeq`; empty if there is none.
    pub(super) cseq_method: &'a [u8],
}

/// The start line, and the offset after it.
#[inline]
pub(super) fn first_line(message: &[u8]) -> (Option<StartLine<'_>>, usize) {
    // Line ends before the start line are ignored (RFC 3261 §7.5).
    let from = message.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let end = line_end(message, from);
    let line = &message[from..end];
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    (start_line::parse(line.strip_suffix(b"\r").unwrap_or(line)), end)
}

/// Reads the header fields from `at` on until both are found or the head ends.
#[inline]
pub(super) fn peek(message: &[u8], mut at: usize) -> Peek<'_> {
    let mut found = (None, None);
    while at < message.len() && (found.0.is_none() || found.1.is_none()) {
        let line = &message[at..];
        let end = field_end(message, at);
        match line[0] {
            b'\n' => break,
            b'\r' if line.get(1) == Some(&b'\n') => break,
            b'C' | b'c' => {
                let line = &message[at..end];
                if found.0.is_none()
                    && let Some(value) = value_of(line, b"call-id")
                {
                    found.0 = Some(trim(value));
                } else if found.1.is_none()
                    && let Some(value) = value_of(line, b"cseq")
                {
                    found.1 = Some(CSeq::parse(value).map_or(&b""[..], |cseq| cseq.method));
                }
            }
            b'I' | b'i' if found.0.is_none() => {
                found.0 = value_of(&message[at..end], b"i").map(trim);
            }
            _ => {}
        }
        at = end;
    }
    Peek { call_id: found.0.unwrap_or_default(), cseq_method: found.1.unwrap_or_default() }
}

/// The value of the field with this name, which is in lower case; `None` if the line is another field.
#[inline]
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (written, mut rest) = line.split_at_checked(name.len())?;
    if !written.eq_ignore_ascii_case(name) {
        return None;
    }
    // Blanks may precede the colon (RFC 3261 §25.1, HCOLON).
    while rest.first().copied().is_some_and(is_blank) {
        rest = &rest[1..];
    }
    rest.strip_prefix(b":")
}

#[inline]
fn line_end(message: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &message[at..]).map_or(message.len(), |lf| at + lf + 1)
}

/// The offset after the line at `at` and its continuation lines (RFC 3261 §7.3.1).
#[inline]
fn field_end(message: &[u8], at: usize) -> usize {
    let mut end = line_end(message, at);
    // A blank line is not a field, whatever follows it.
    if matches!(&message[at..end], b"\n" | b"\r\n") {
        return end;
    }
    while message.get(end).copied().is_some_and(is_blank) {
        end = line_end(message, end);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sip::index_fields;

    #[test]
    fn a_peek_equals_the_index_fields() {
        for message in [
            "INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
            "\r\n\r\nINVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n",
            "SIP/2.0 200 OK\r\ni: x\r\nCSEQ : 1 BYE\r\n\r\n",
            "SIP/2.0 200 OK\nCSeq:\r\n 1\r\n\tBYE\ncall-id :\n  x@y \nCall-ID: z\n\n",
            "SIP/2.0 200 OK\r\nCSeq: none\r\nCSeq: 2 BYE\r\n\r\n",
            "SIP/2.0 200 OK\r\nContact: <sip:a@b>\r\nContent-Length: 5\r\n\r\nCall-ID: in the body\r\nCSeq: 1 BYE\r\n",
            "SIP/2.0 200 OK\r\n\r\n Call-ID: x\r\nCSeq: 1 BYE\r\n",
            "BYE sip:a@b SIP/2.0\r\nIn-Reply-To: x\r\nI: y\r\n",
            "no SIP at all",
            "no SIP\r\nCall-ID: but a field\r\n",
            "SIP/2.0 200 OK\r\nCSeq",
            "SIP/2.0 200 OK\r\nCall-ID:",
            "\r\n",
            "",
        ] {
            let (start_line, at) = first_line(message.as_bytes());
            let seen = peek(message.as_bytes(), at);
            let head = index_fields(message.as_bytes());
            assert_eq!(start_line, head.start_line, "{message:?}");
            let want = Peek { call_id: head.call_id, cseq_method: head.cseq_method };
            assert_eq!(seen, want, "{message:?}");
        }
    }
}
