//! Bodies in the character set that they declare, as UTF-8 (RFC 2046 §4.1.2, RFC 7303 §3).
//!
//! Must not know: how bodies are laid out.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::sip::ContentType;

use super::format::shown;

/// Bytes in which the XML declaration is looked for.
const DECLARATION_BYTES: usize = 256;

/// A body's character set, where it is another one than UTF-8.
#[derive(Debug, Clone)]
pub(super) enum Charset {
    /// UTF-8, ASCII, or nothing is declared.
    Utf8,
    /// One that can be read, with its declared name.
    Known(&'static Encoding, String),
    /// A declared name that is unknown.
    Unknown(String),
}

/// The text of a body, and a sentence about its character set.
pub(super) struct Decoded<'a> {
    /// The text; the bytes themselves where nothing had to be decoded.
    pub(super) text: Cow<'a, [u8]>,
    /// What was decoded, and whether all of it could be.
    pub(super) note: Option<String>,
}

impl Charset {
    /// Reads the byte order mark, then Content-Type, then for XML its declaration.
    pub(super) fn of(bytes: &[u8], media_type: Option<&ContentType<'_>>) -> Self {
        if let Some((encoding, _)) = Encoding::for_bom(bytes) {
            return Self::known(encoding, encoding.name().as_bytes());
        }
        let declared = media_type.and_then(|ct| ct.params.get("charset"));
        if let Some(name) = declared.filter(|name| !name.trim_ascii().is_empty()) {
            return Self::named(&name, bytes);
        }
        if !media_type.is_none_or(ContentType::is_xml) {
            return Self::Utf8;
        }
        match bytes {
            [b'<', 0, ..] => Self::known(UTF_16LE, b"UTF-16"),
            [0, b'<', ..] => Self::known(UTF_16BE, b"UTF-16"),
            _ => declared_by_xml(bytes).map_or(Self::Utf8, |name| Self::named(name, bytes)),
        }
    }

    /// Whether the bytes are to be decoded.
    pub(super) fn is_known(&self) -> bool {
        matches!(self, Self::Known(..))
    }

    fn known(encoding: &'static Encoding, name: &[u8]) -> Self {
        if encoding == UTF_8 { Self::Utf8 } else { Self::Known(encoding, shown(name).into_owned()) }
    }

    fn named(name: &[u8], bytes: &[u8]) -> Self {
        let name = name.trim_ascii();
        if ["us-ascii", "ascii"].iter().any(|ascii| name.eq_ignore_ascii_case(ascii.as_bytes())) {
            // Bytes above ASCII are faults here, and shown as such.
            return Self::Utf8;
        }
        if name.eq_ignore_ascii_case(b"utf-16") {
            return Self::known(byte_order(bytes), name);
        }
        match Encoding::for_label_no_replacement(name) {
            Some(encoding) => Self::known(encoding, name),
            None => Self::Unknown(shown(name).into_owned()),
        }
    }

    /// The bytes as UTF-8.
    pub(super) fn decode<'a>(&self, bytes: &'a [u8]) -> Decoded<'a> {
        let (encoding, name) = match self {
            Self::Utf8 => return Decoded { text: Cow::Borrowed(bytes), note: None },
            Self::Unknown(name) => {
                let note = format!("charset {name} is not known: shown as it was sent");
                return Decoded { text: Cow::Borrowed(bytes), note: Some(note) };
            }
            Self::Known(encoding, name) => (encoding, name),
        };
        let (text, has_errors) = encoding.decode_with_bom_removal(bytes);
        let errors = if has_errors { ", with bytes that are invalid in it" } else { "" };
        let note = format!("decoded from {name}{errors} (p shows the exact bytes)");
        Decoded { text: Cow::Owned(text.into_owned().into_bytes()), note: Some(note) }
    }
}

/// UTF-16 without a byte order mark is big-endian (RFC 2781 §4.3), unless its zero bytes show that it is not.
fn byte_order(bytes: &[u8]) -> &'static Encoding {
    let pairs = bytes.chunks_exact(2).take(DECLARATION_BYTES);
    let (high, low) = pairs.fold((0, 0), |(high, low), pair| {
        (high + usize::from(pair[0] == 0), low + usize::from(pair[1] == 0))
    });
    if low > high { UTF_16LE } else { UTF_16BE }
}

/// The name in `<?xml version="1.0" encoding="GB2312"?>`.
fn declared_by_xml(bytes: &[u8]) -> Option<&[u8]> {
    let declaration = &bytes[..bytes.len().min(DECLARATION_BYTES)];
    let declaration = declaration.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memmem::find(declaration, b"?>")?];
    let value = &declaration[memchr::memmem::find(declaration, b"encoding")? + "encoding".len()..];
    let value = value.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
    value.split(|b| b == quote).next().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, bytes: &[u8]) -> (String, Option<String>) {
        let media_type = ContentType::parse(content_type.as_bytes());
        let decoded = Charset::of(bytes, media_type.as_ref()).decode(bytes);
        (String::from_utf8_lossy(&decoded.text).into_owned(), decoded.note)
    }

    fn decoded_from(name: &str) -> String {
        format!("decoded from {name} (p shows the exact bytes)")
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
            Some("decoded from gb2312, with bytes that are invalid in it (p shows the exact bytes)")
        );
    }
}
