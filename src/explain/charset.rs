//! Bodies in the character set that they declare, with a sentence that says so.
//!
//! Must not know: how bodies are laid out.

use std::borrow::Cow;

use crate::sip::{BodyCharset, ContentType};

use super::format::shown;

/// The text of a body, and a sentence about its character set.
pub(super) struct Decoded<'a> {
    /// The text; the bytes themselves where nothing had to be decoded.
    pub(super) text: Cow<'a, [u8]>,
    /// What was decoded, and whether all of it could be.
    pub(super) note: Option<String>,
}

/// Whether the bytes are in another character set than UTF-8, which can be read.
pub(super) fn is_encoded(bytes: &[u8], media_type: Option<&ContentType<'_>>) -> bool {
    matches!(BodyCharset::of(bytes, media_type), BodyCharset::Known(..))
}

/// The bytes as UTF-8.
pub(super) fn decode<'a>(bytes: &'a [u8], media_type: Option<&ContentType<'_>>) -> Decoded<'a> {
    let charset = BodyCharset::of(bytes, media_type);
    let note = |note| Decoded { text: Cow::Borrowed(bytes), note };
    match (charset.decode(bytes), &charset) {
        (Some((text, has_errors)), BodyCharset::Known(_, name)) => {
            let errors = if has_errors { ", with bytes that are invalid in it" } else { "" };
            let note = format!("decoded from {}{errors} (Raw shows the exact bytes)", shown(name));
            Decoded { text: Cow::Owned(text), note: Some(note) }
        }
        (_, BodyCharset::Unknown(name)) => {
            note(Some(format!("charset {} is not known: shown as it was sent", shown(name))))
        }
        _ => note(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, bytes: &[u8]) -> (String, Option<String>) {
        let media_type = ContentType::parse(content_type.as_bytes());
        let decoded = decode(bytes, media_type.as_ref());
        (String::from_utf8_lossy(&decoded.text).into_owned(), decoded.note)
    }

    fn decoded_from(name: &str) -> String {
        format!("decoded from {name} (Raw shows the exact bytes)")
    }

    #[test]
    fn bodies_are_read_in_the_character_set_that_they_declare() {
        let gb = b"<?xml version='1.0' encoding = 'GB2312'?><a>\xc9\xe3</a>";
        let utf16 =
            |order: fn(u16) -> [u8; 2], text: &str| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let little = utf16(u16::to_le_bytes, "<a>é</a>");
        let big = utf16(u16::to_be_bytes, "<a>é</a>");
        let marked = utf16(u16::to_le_bytes, "\u{feff}<a>é</a>");
        for (content_type, bytes, text, note) in [
            ("text/plain;charset=ISO-8859-1", &b"Jos\xe9"[..], "José", Some(decoded_from("ISO-8859-1"))),
            ("text/plain; Charset=\"iso-8859-15\"", b"1 \xa4", "1 €", Some(decoded_from("iso-8859-15"))),
            (
                "text/xml",
                gb,
                "<?xml version='1.0' encoding = 'GB2312'?><a>摄</a>",
                Some(decoded_from("GB2312")),
            ),
            // RFC 7303 §3.2: Content-Type is stronger than the declaration, and the mark stronger than both.
            (
                "text/xml;charset=utf-8",
                "<?xml encoding='GB2312'?>é".as_bytes(),
                "<?xml encoding='GB2312'?>é",
                None,
            ),
            ("text/xml;charset=latin1", &marked, "<a>é</a>", Some(decoded_from("UTF-16LE"))),
            ("application/x+xml", &little, "<a>é</a>", Some(decoded_from("UTF-16"))),
            ("application/x+xml", &big, "<a>é</a>", Some(decoded_from("UTF-16"))),
            ("text/plain;charset=utf-16", &little, "<a>é</a>", Some(decoded_from("utf-16"))),
            ("text/plain;charset=utf-16", &big, "<a>é</a>", Some(decoded_from("utf-16"))),
            ("text/plain", b"Jos\xe9", "Jos\u{fffd}", None),
            ("text/plain;charset=us-ascii", b"Jos\xe9", "Jos\u{fffd}", None),
            ("text/plain;charset=", b"x", "x", None),
            (
                "text/plain;charset=x-none",
                b"x",
                "x",
                Some("charset x-none is not known: shown as it was sent".into()),
            ),
        ] {
            assert_eq!(read(content_type, bytes), (text.to_owned(), note), "{content_type}");
        }
        let (text, note) = read("text/plain;charset=gb2312", b"a\xffb");
        assert_eq!(text, "a\u{fffd}b");
        assert_eq!(
            note.as_deref(),
            Some("decoded from gb2312, with bytes that are invalid in it (Raw shows the exact bytes)")
        );
    }
}
