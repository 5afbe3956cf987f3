//! JSON bodies: escapes read, fields looked up, pretty-printed (RFC 8259).
//!
//! Must not know: messages, content types.

use std::borrow::Cow;

use memchr::memchr;

/// `text` with its string escapes read (RFC 8259 §7), surrogate pairs joined; a lone surrogate becomes U+FFFD.
///
/// The whole text is read, not one string of it: outside of strings valid JSON has no backslash. What is no
/// escape stays as it is.
///
/// ```
/// use sofiatui::sip::json::unescape;
/// assert_eq!(unescape(r"INVITE sip:a@b\r\n\ud83d\ude00 \q \ud83d."), "INVITE sip:a@b\r\n😀 \\q \u{fffd}.");
/// ```
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, len) = escape_sequence(rest).unwrap_or(('\\', 1));
        out.push(c);
        rest = &rest[len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that the escape at the start of `text` means, and the escape's length.
fn escape_sequence(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return code_unit_escape(text),
        _ => return None,
    };
    Some((c, 2))
}

fn code_unit_escape(text: &str) -> Option<(char, usize)> {
    let unit = code_unit(text)?;
    if let Some(c) = char::from_u32(unit) {
        return Some((c, 6));
    }
    let low = text.get(6..).and_then(code_unit).filter(|low| (0xDC00..0xE000).contains(low));
    match low {
        Some(low) if unit < 0xDC00 => {
            let c = char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            Some((c.unwrap_or(char::REPLACEMENT_CHARACTER), 12))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

/// The number in `\uXXXX`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// The value of a top-level key of an object.
///
/// `None` where `body` is no valid JSON object or has no such key. Of a key that is there twice the last counts.
pub fn field(body: &[u8], key: &str) -> Option<serde_json::Value> {
    match serde_json::from_slice(body).ok()? {
        serde_json::Value::Object(mut object) => object.swap_remove(key),
        _ => None,
    }
}

/// The text of the string under a top-level key; `None` where there is none or it is no string.
pub fn string_field(body: &[u8], key: &str) -> Option<String> {
    match field(body, key)? {
        serde_json::Value::String(text) => Some(text),
        _ => None,
    }
}

/// `body` with a line for each member and element, two blanks deeper at each level.
///
/// Only the white space between tokens changes: order, repeated keys, numbers and escapes stay as they are
/// written. `None` where `body` is no valid JSON.
///
/// ```
/// use sofiatui::sip::json::pretty;
/// assert_eq!(pretty(br#"{"b":1.50,"a":[],"b":[2]}"#).unwrap(),
///     "{\n  \"b\": 1.50,\n  \"a\": [],\n  \"b\": [\n    2\n  ]\n}");
/// assert_eq!(pretty(b"{,}"), None);
/// ```
pub fn pretty(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<serde_json::Value>(body).ok()?;
    let text = std::str::from_utf8(body).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    let mut rest = text.trim_ascii_start();
    while let Some(first) = rest.bytes().next() {
        let len = match first {
            b'"' => super::params::quoted_end(rest.as_bytes()).unwrap_or(rest.len()),
            b'{' | b'[' | b'}' | b']' | b',' | b':' => 1,
            _ => rest.find([',', '}', ']', ' ', '\t', '\r', '\n']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(len);
        rest = after.trim_ascii_start();
        match first {
            b'{' | b'[' => {
                out.push_str(token);
                if !rest.starts_with(['}', ']']) {
                    depth += 1;
                    line_break(&mut out, depth);
                }
            }
            b'}' | b']' => {
                if !out.ends_with(['{', '[']) {
                    depth = depth.saturating_sub(1);
                    line_break(&mut out, depth);
                }
                out.push_str(token);
            }
            b',' => {
                out.push(',');
                line_break(&mut out, depth);
            }
            b':' => out.push_str(": "),
            _ => out.push_str(token),
        }
    }
    Some(out)
}

fn line_break(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}
