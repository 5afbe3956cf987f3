//! The character set that a body declares, and its text in UTF-8 (RFC 2046 §4.1.2, RFC 7303 §3).
//!
//! Must not know: how bodies are shown or searched.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ContentType;

/// Bytes in which the XML declaration is looked for.
const DECLARATION_BYTES: usize = 256;

/// A body's character set.
#[cfg_attr(not(feature = "tui"), allow(dead_code, reason = "the browser shows the names"))]
#[derive(Debug, Clone)]
pub(crate) enum BodyCharset {
    /// UTF-8, ASCII, or nothing is declared.
    Utf8,
    /// Another one that can be read, with its declared name.
    Known(&'static Encoding, Vec<u8>),
    /// A declared name that is unknown.
    Unknown(Vec<u8>),
}

/// Whether `bytes` may contain text in another character set than ASCII: without these bytes it is read as it is.
pub(crate) fn may_be_encoded(bytes: &[u8]) -> bool {
    // UTF-16 has NULs, and ISO-2022-JP escapes. Without a branch for each byte, many are compared at once.
    let is_other = |byte: &u8| matches!(byte, 0 | 0x1b | 0x80..);
    bytes.chunks(512).any(|chunk| chunk.iter().fold(false, |found, byte| found | is_other(byte)))
}

/// The text of a body, or of a part, in UTF-8; `None` if it is no text, or needs no decoding.
pub(crate) fn decoded_text(bytes: &[u8], media_type: Option<&ContentType<'_>>) -> Option<Vec<u8>> {
    let is_text = |ct: &ContentType<'_>| {
        ct.is_xml() || ct.kind.eq_ignore_ascii_case(b"text") || ct.params.get("charset").is_some()
    };
    if !media_type.map_or_else(|| bytes.starts_with(b"<?xml"), is_text) {
        return None;
    }
    BodyCharset::of(bytes, media_type).decode(bytes).map(|(text, _)| text)
}

impl BodyCharset {
    /// Reads the byte order mark, then Content-Type, then for XML its declaration.
    pub(crate) fn of(bytes: &[u8], media_type: Option<&ContentType<'_>>) -> Self {
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

    fn known(encoding: &'static Encoding, name: &[u8]) -> Self {
        if encoding == UTF_8 { Self::Utf8 } else { Self::Known(encoding, name.to_vec()) }
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
            None => Self::Unknown(name.to_vec()),
        }
    }

    /// The bytes as UTF-8, and whether some of them are invalid; `None` if there is nothing to decode.
    pub(crate) fn decode(&self, bytes: &[u8]) -> Option<(Vec<u8>, bool)> {
        let Self::Known(encoding, _) = self else { return None };
        let (text, has_errors) = encoding.decode_with_bom_removal(bytes);
        Some((text.into_owned().into_bytes(), has_errors))
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
