//! The first line of a SIP message: request line and status line (RFC 3261 §7.1, §7.2).
//!
//! Must not know: header fields, bodies, frames, streams.

use crate::base::bytes::{is_blank, is_token, is_token_str};

/// The first line of a message, borrowed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartLine<'a> {
    /// `METHOD URI SIP/2.0`
    Request {
        /// The method as written.
        method: &'a [u8],
        /// The request URI as written, not checked.
        uri: &'a [u8],
    },
    /// `SIP/2.0 CODE REASON`
    Status {
        /// The status code; 65,535 where the digits say more.
        code: u16,
        /// The reason phrase; may be empty.
        reason: &'a [u8],
    },
}

/// Methods that have a meaning of their own, most frequent first (RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086).
const METHODS: [&[u8]; 14] = [
    b"OPTIONS",
    b"INVITE",
    b"ACK",
    b"BYE",
    b"REGISTER",
    b"NOTIFY",
    b"SUBSCRIBE",
    b"CANCEL",
    b"MESSAGE",
    b"INFO",
    b"PRACK",
    b"UPDATE",
    b"REFER",
    b"PUBLISH",
];

/// Reads a line, with or without its line end, as the start line of a SIP message.
///
/// Lenient: any version `SIP/n.n` in any case, several blanks, blanks at the end, a status code of any number of digits
/// and a missing reason phrase are read, since a trace shows what was really sent. Nothing is taken for SIP without the
/// version, a method that is a token, and something that is a URI by its looks (or a well-known method before it).
///
/// ```
/// use sofiatui::sip::start_line::{StartLine, parse};
/// assert_eq!(
///     parse(b"INVITE sip:1688@pbx.example SIP/2.0\r\n"),
///     Some(StartLine::Request { method: b"INVITE", uri: b"sip:1688@pbx.example" })
/// );
/// assert_eq!(parse(b"SIP/2.0 200 OK"), Some(StartLine::Status { code: 200, reason: b"OK" }));
/// assert_eq!(parse(b"GET / HTTP/1.1"), None);
/// ```
#[inline]
pub fn parse(line: &[u8]) -> Option<StartLine<'_>> {
    let line = trim_line_end(line);
    if let Some(start) = parse_usual(line) {
        return Some(start);
    }
    if let Some(rest) = strip_version(line) {
        return parse_status(rest);
    }
    parse_request(line)
}

/// Whether `method` is one of the well-known methods; methods are case-sensitive.
pub fn is_known_method(method: &[u8]) -> bool {
    METHODS.contains(&method)
}

/// Whether a line that begins with `part`, of which more is to come, can still become a start line.
pub fn may_begin(part: &[u8]) -> bool {
    if part.len() < 4 && b"SIP/".starts_with(part) {
        return true;
    }
    let word = part.iter().take_while(|&&b| is_token(b) || b == b'/').count();
    let Some((&b, rest)) = part[word..].split_first() else { return word <= MAX_WORD };
    // After the method or the version, anything printable may come; a carriage return only at the very end.
    let printable = rest.iter().position(|&b| b < 0x20 || b == 0x7f);
    b == b' ' && word > 0 && word <= MAX_WORD && printable.is_none_or(|at| rest[at..] == *b"\r")
}

/// The longest word that is taken for a method while its line is not complete, in bytes.
const MAX_WORD: usize = 64;

/// Like [`may_begin`], but only with a well-known method or the version: a line that no one would expect elsewhere.
pub fn may_begin_known(part: &[u8]) -> bool {
    let known = |word: &[u8]| word.starts_with(part) || (part.starts_with(word) && part[word.len()] == b' ');
    !part.is_empty()
        && may_begin(part)
        && (METHODS.iter().any(|m| known(m))
            || b"SIP/2.0 ".starts_with(part)
            || part.starts_with(b"SIP/2.0 "))
}

/// The usual forms at once: `METHOD scheme:… SIP/2.0` and `SIP/2.0 NNN …`.
#[inline]
fn parse_usual(line: &[u8]) -> Option<StartLine<'_>> {
    if let Some([a @ b'0'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', b' ', reason @ ..]) =
        line.strip_prefix(b"SIP/2.0 ")
    {
        let digit = |b: &u8| u16::from(b - b'0');
        return Some(StartLine::Status { code: digit(a) * 100 + digit(b) * 10 + digit(c), reason });
    }
    let before = line.strip_suffix(b" SIP/2.0")?;
    let mut method_len = 0;
    while method_len < before.len() && is_token(before[method_len]) {
        method_len += 1;
    }
    let (method, uri) = before.split_at(method_len);
    let uri = uri.strip_prefix(b" ")?;
    let is_usual = matches!(
        uri,
        [b's', b'i', b'p', b':', ..] | [b's', b'i', b'p', b's', b':', ..] | [b't', b'e', b'l', b':', ..]
    );
    (is_usual && method_len > 0 && uri.last() != Some(&b' ')).then_some(StartLine::Request { method, uri })
}

fn parse_status(rest: &[u8]) -> Option<StartLine<'_>> {
    let rest = skip_blanks(rest)?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let reason = match rest[digits..].split_first() {
        None => &[],
        Some((b' ' | b'\t', reason)) => reason,
        Some(_) => return None,
    };
    let code =
        rest[..digits].iter().fold(0_u16, |n, b| n.saturating_mul(10).saturating_add(u16::from(b - b'0')));
    (digits > 0).then_some(StartLine::Status { code, reason })
}

fn parse_request(line: &[u8]) -> Option<StartLine<'_>> {
    // The version is at the end, which the trailing blanks of a torture message do not hide.
    let line = trim_blanks_end(line);
    let version_len = line.iter().rev().take(16).position(|&b| is_blank(b))?;
    let (before, version) = line.split_at(line.len() - version_len);
    if strip_version(version) != Some(b"") {
        return None;
    }
    let method_len = before.iter().position(|&b| is_blank(b))?;
    let (method, uri) = before.split_at(method_len);
    let uri = trim_blanks_end(skip_blanks(uri)?);
    let looks_like_uri = has_scheme(uri) || (is_known_method(method) && !uri.iter().any(|&b| is_blank(b)));
    (is_token_str(method) && !uri.is_empty() && looks_like_uri).then_some(StartLine::Request { method, uri })
}

/// Whether `uri` begins with a scheme, in angle brackets or not.
fn has_scheme(uri: &[u8]) -> bool {
    let uri = uri.strip_prefix(b"<").unwrap_or(uri);
    let scheme =
        uri.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')).count();
    scheme > 0 && uri.get(scheme) == Some(&b':')
}

/// What follows `SIP/n.n`.
fn strip_version(text: &[u8]) -> Option<&[u8]> {
    let (name, rest) = text.split_at_checked(4)?;
    if !name.eq_ignore_ascii_case(b"SIP/") {
        return None;
    }
    let major = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = rest[major..].strip_prefix(b".")?;
    let minor = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    (major > 0 && minor > 0).then_some(&rest[minor..])
}

fn trim_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn trim_blanks_end(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// `text` after one or more blanks; `None` where there is none.
fn skip_blanks(text: &[u8]) -> Option<&[u8]> {
    let blanks = text.iter().take_while(|&&b| is_blank(b)).count();
    (blanks > 0).then_some(&text[blanks..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_torture_forms_of_them_are_read() {
        for (line, method, uri) in [
            ("INVITE sip:a@b SIP/2.0", "INVITE", "sip:a@b"),
            ("OPTIONS sip:t.watson@example.org SIP/7.0", "OPTIONS", "sip:t.watson@example.org"),
            ("INVITE  sip:user@example.com  SIP/2.0\r\n", "INVITE", "sip:user@example.com"),
            (
                "OPTIONS sip:remote-target@example.com SIP/2.0  \r\n",
                "OPTIONS",
                "sip:remote-target@example.com",
            ),
            ("INVITE <sip:user@example.com> SIP/2.0", "INVITE", "<sip:user@example.com>"),
            ("INVITE sip:user@example.com; lr SIP/2.0", "INVITE", "sip:user@example.com; lr"),
            (
                "!interesting-Method0123456789_*+`.%indeed'~ tel:1 SIP/2.0\n",
                "!interesting-Method0123456789_*+`.%indeed'~",
                "tel:1",
            ),
            ("OPTIONS * sip/2.0", "OPTIONS", "*"),
        ] {
            let expected = StartLine::Request { method: method.as_bytes(), uri: uri.as_bytes() };
            assert_eq!(parse(line.as_bytes()), Some(expected), "{line}");
        }
    }

    #[test]
    fn statuses_are_read_without_reason_and_with_any_bytes_in_it() {
        for (line, code, reason) in [
            (&b"SIP/2.0 200 OK\r\n"[..], 200, &b"OK"[..]),
            (b"SIP/2.0 100 ", 100, b""),
            (b"SIP/2.0 180", 180, b""),
            (b"SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xff", 200, b"= 2**3 * 5**2 \xd0\xbd\xff"),
            (b"SIP/2.0 4294967301 better not break the receiver", u16::MAX, b"better not break the receiver"),
        ] {
            assert_eq!(parse(line), Some(StartLine::Status { code, reason }));
        }
    }

    #[test]
    fn garbage_is_no_start_line() {
        for line in [
            "",
            " ",
            "SIP/2.0",
            "SIP/2.0 OK",
            "SIP/2.0 200OK",
            "INVITE",
            "INVITE sip:a@b",
            "INVITE sip:a@b HTTP/1.1",
            "GET / SIP/2.0",
            "Via: SIP/2.0/UDP 192.0.2.7",
            "This is about SIP/2.0",
            "v: SIP/2.0/TCP h SIP/2.0",
            "INVITE sip:a@b SIP/2",
            "INVITE SIP/2.0",
            "\0INVITE sip:a@b SIP/2.0",
            " INVITE sip:a@b SIP/2.0",
        ] {
            assert_eq!(parse(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn every_prefix_of_a_start_line_may_begin_one() {
        for line in [&b"INVITE sip:a@b SIP/2.0\r"[..], b"SIP/2.0 200 OK\r", b"NEWMETHOD sip:a@b SIP/2.0\r"] {
            for len in 0..line.len() {
                assert!(may_begin(&line[..len]), "{len}");
                let known = len > 0 && !line.starts_with(b"NEW");
                assert_eq!(may_begin_known(&line[..len]), known || (len == 1 && line[0] == b'N'), "{len}");
            }
        }
        for part in [&b"\x16\x03\x01"[..], b"{\"a\"", b"Via: x", b"INVITE \x00", b"a\rb", b" x"] {
            assert!(!may_begin(part), "{part:?}");
        }
    }
}
