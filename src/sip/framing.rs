//! Where a message's head ends and how long its body says it is, found in one pass that can go on when more bytes come
//! (RFC 3261 §7.5, §18.3, §20.14).
//!
//! Must not know: any other header field, frames, streams.

use super::index_fields::leading_line_ends;
use crate::base::bytes::{decimal, is_blank, line_feed, trim};

/// What the Content-Length fields of a head say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContentLength {
    /// There is none.
    #[default]
    Missing,
    /// One, or several that agree: length of the body in bytes.
    Bytes(u64),
    /// Several that differ; the first is the one that sofia-sip uses.
    Differing(u64),
    /// The first one is no number.
    Unreadable,
}

/// The head of a message: start line, header fields, and the blank line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Length in bytes, the blank line included: where the body begins.
    pub len: usize,
    /// What the head says of the body's length.
    pub content_length: ContentLength,
}

impl Head {
    /// Length of the whole message in bytes, where the head says how long the body is.
    pub fn message_len(&self) -> Option<usize> {
        match self.content_length {
            ContentLength::Bytes(n) | ContentLength::Differing(n) => {
                Some(self.len.saturating_add(usize::try_from(n).unwrap_or(usize::MAX)))
            }
            ContentLength::Missing | ContentLength::Unreadable => None,
        }
    }
}

/// A search for the end of a head that goes on where it stopped when more bytes have come.
///
/// Line ends are CRLF or LF, also mixed. No byte is searched twice, however small the pieces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeadScan {
    /// Where the line begins that is not complete yet.
    line: usize,
    /// Where the search for its end goes on.
    searched: usize,
    content_length: ContentLength,
    /// A Content-Length field had no value on its own line: it may follow, folded.
    folded: bool,
}

impl HeadScan {
    /// Searches `bytes`, which begin with the start line and hold at least what they held at the last call; `None` when
    /// the head does not end in them.
    #[inline]
    pub fn find(&mut self, bytes: &[u8]) -> Option<Head> {
        while let Some(found) = line_feed(bytes.get(self.searched..)?) {
            let end = self.searched + found;
            let line = &bytes[self.line..end];
            if matches!(line, [] | [b'\r']) {
                return Some(Head { len: end + 1, content_length: self.content_length });
            }
            self.field(line);
            self.line = end + 1;
            self.searched = end + 1;
        }
        self.searched = bytes.len();
        None
    }

    #[inline]
    fn field(&mut self, line: &[u8]) {
        match line[0] {
            b'c' | b'C' | b'l' | b'L' => {
                self.folded = false;
                if let Some(value) = content_length_value(line) {
                    self.value(trim(value));
                }
            }
            b' ' | b'\t' if self.folded => self.value(trim(line)),
            _ => self.folded = false,
        }
    }

    fn value(&mut self, value: &[u8]) {
        self.folded = value.is_empty();
        if self.folded {
            return;
        }
        self.content_length = match (self.content_length, decimal(value)) {
            (ContentLength::Missing, Some(n)) => ContentLength::Bytes(n),
            (ContentLength::Missing, None) => ContentLength::Unreadable,
            (ContentLength::Bytes(first), n) if n != Some(first) => ContentLength::Differing(first),
            (known, _) => known,
        };
    }
}

/// Whether `message`, a whole datagram, has fewer bytes of body than its Content-Length says (RFC 3261 §18.3).
pub fn is_short_datagram(message: &[u8]) -> bool {
    let message = &message[leading_line_ends(message)..];
    let head = HeadScan::default().find(message);
    head.and_then(|head| head.message_len()).is_some_and(|len| len > message.len())
}

/// The value in a line that holds the field `Content-Length` or `l`.
#[inline]
fn content_length_value(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"content-length";
    let name_len = if line.get(NAME.len() - 1).is_some_and(|b| b.eq_ignore_ascii_case(&b'h'))
        && line[..NAME.len()].eq_ignore_ascii_case(NAME)
    {
        NAME.len()
    } else if matches!(line, [b'l' | b'L', b':' | b' ' | b'\t', ..]) {
        1
    } else {
        return None;
    };
    let blanks = line[name_len..].iter().take_while(|&&b| is_blank(b)).count();
    line[name_len + blanks..].strip_prefix(b":")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(head: &str) -> Option<Head> {
        let whole = HeadScan::default().find(head.as_bytes());
        let mut scan = HeadScan::default();
        let piecewise = (0..=head.len()).find_map(|len| scan.find(&head.as_bytes()[..len]));
        assert_eq!(piecewise, whole, "byte by byte: {head:?}");
        whole
    }

    #[test]
    fn a_head_ends_at_the_blank_line_whatever_the_line_ends() {
        for head in ["A\r\nb: c\r\n\r\n", "A\nb: c\n\n", "A\r\nb: c\n\r\n", "A\nb: c\r\n\n", "A\r\n\r\n"] {
            for tail in ["", "\r\n\r\nbody"] {
                assert_eq!(scan(&[head, tail].concat()).map(|h| h.len), Some(head.len()), "{head:?}");
            }
        }
        for head in ["", "A", "A\r\n", "A\r\n\r", "A\r\nb: c\r\n \r\n", "A\r\n\rb\r\n"] {
            assert_eq!(scan(head), None, "{head:?}");
        }
    }

    #[test]
    fn content_length_is_read_in_every_form() {
        use ContentLength::{Bytes, Differing, Missing, Unreadable};
        for (fields, expected) in [
            ("", Missing),
            ("Content-Length: 5\r\n", Bytes(5)),
            ("CONTENT-LENGTH :  0005 \t\r\n", Bytes(5)),
            ("l:5\n", Bytes(5)),
            ("L : 5\r\n", Bytes(5)),
            ("Content-Length:\r\n 5\r\n", Bytes(5)),
            ("l:\r\n \r\n\t5\r\n", Bytes(5)),
            ("l:\r\nVia: x\r\n 5\r\n", Missing),
            ("l: 5\r\nContent-Length: 5\r\n", Bytes(5)),
            ("l: 5\r\nContent-Length: 6\r\n", Differing(5)),
            ("l: 5\r\nContent-Length: x\r\n", Differing(5)),
            ("Content-Length: -999\r\n", Unreadable),
            ("Content-Length: 5 bytes\r\nl: 5\r\n", Unreadable),
            ("Content-Length: 99999999999999999999999\r\n", Unreadable),
            ("Content-Lengths: 5\r\nX-Content-Length: 6\r\nLocation: 7\r\nContent-Type: 8\r\n", Missing),
        ] {
            let head = format!("INVITE sip:a SIP/2.0\r\n{fields}\r\n");
            assert_eq!(scan(&head).map(|h| h.content_length), Some(expected), "{fields:?}");
        }
    }
}
