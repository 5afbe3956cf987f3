//! Messages with their bodies in UTF-8, as a terminal shows them.
//!
//! Must not know: files, how lines are escaped.

use std::borrow::Cow;
use std::ops::Range;

use super::styled_write::{Safety, Style};
use crate::sip::{Message, Part, decoded_text, may_be_encoded};

/// The message with its body in UTF-8, if a terminal shows it: a program gets the exact bytes.
pub(super) fn readable(style: Style, content: &[u8]) -> Cow<'_, [u8]> {
    let decoded = (style.safety == Safety::Escaped).then(|| decoded_message(content)).flatten();
    decoded.map_or(Cow::Borrowed(content), Cow::Owned)
}

/// The message with its body, or its parts, in UTF-8; `None` if nothing needs decoding.
fn decoded_message(bytes: &[u8]) -> Option<Vec<u8>> {
    if !may_be_encoded(bytes) {
        return None;
    }
    let message = Message::parse(bytes);
    let mut found = Vec::new();
    let parts = message.parts();
    if parts.is_empty() {
        let text = decoded_text(message.body(), message.content_type().as_ref());
        found.extend(text.map(|text| (message.body_range(), text)));
    }
    decode_parts(&parts, &mut found);
    if found.is_empty() {
        return None;
    }
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for (range, text) in found {
        out.extend_from_slice(bytes.get(at..range.start)?);
        out.extend_from_slice(&text);
        at = range.end;
    }
    out.extend_from_slice(bytes.get(at..)?);
    Some(out)
}

fn decode_parts(parts: &[Part<'_>], found: &mut Vec<(Range<usize>, Vec<u8>)>) {
    for part in parts {
        if part.children.is_empty() {
            let text = decoded_text(part.body, part.content_type().as_ref());
            found.extend(text.map(|text| (part.body_range.clone(), text)));
        }
        decode_parts(&part.children, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "application/x+xml";

    fn message(content_type: &str, body: &[u8]) -> Vec<u8> {
        let head = format!("MESSAGE sip:a SIP/2.0\r\nContent-Type: {content_type}\r\n\r\n");
        [head.as_bytes(), body].concat()
    }

    #[test]
    fn only_declared_texts_are_decoded() {
        let utf16: Vec<u8> = "<a>\u{6444}</a>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (content_type, body, expected) in [
            ("text/plain;charset=gb2312", &b"\xc9\xe3"[..], Some("\u{6444}")),
            ("x/y;charset=latin1", b"Jos\xe9", Some("José")),
            (
                XML,
                b"<?xml version='1.0' encoding='GB2312'?>\xc9\xe3",
                Some("<?xml version='1.0' encoding='GB2312'?>\u{6444}"),
            ),
            (XML, &utf16, Some("<a>\u{6444}</a>")),
            ("text/plain;charset=iso-2022-jp", b"\x1b$B4A\x1b(B", Some("漢")),
            ("text/plain;charset=utf-8", b"Jos\xe9", None),
            ("text/plain;charset=x-none", b"Jos\xe9", None),
            ("text/plain", b"Jos\xe9", None),
            ("application/isup", b"\xff\xfe\x01\x00", None),
            ("text/plain;charset=gb2312", b"plain", None),
        ] {
            let bytes = message(content_type, body);
            let expected = expected.map(|text| message(content_type, text.as_bytes()));
            assert_eq!(decoded_message(&bytes), expected, "{content_type}");
        }
    }

    #[test]
    fn each_part_is_decoded_in_its_own_character_set() {
        let part = |charset: &str, text: &[u8]| {
            [b"--b\r\nContent-Type: text/plain;charset=", charset.as_bytes(), b"\r\n\r\n", text, b"\r\n"]
                .concat()
        };
        let body = |one: &[u8], two: &[u8]| {
            [part("latin1", one), part("gb2312", two), part("utf-8", "é".as_bytes()), b"--b--\r\n".to_vec()]
                .concat()
        };
        let content_type = "multipart/mixed;boundary=b";
        assert_eq!(
            decoded_message(&message(content_type, &body(b"\xe9", b"\xc9\xe3"))),
            Some(message(content_type, &body("é".as_bytes(), "\u{6444}".as_bytes())))
        );
    }
}
