//! Makes bytes of a trace safe to show: they cannot control the terminal or reverse the direction of text.
//!
//! Must not know: colours, widths, where the text is shown.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether this character may be written to a terminal unchanged.
///
/// False for C0, DEL, C1, and for the characters that change the direction or the shape of the text
/// around them (bidi controls, zero-width joiners, line and paragraph separators, tags), nor for what is never a character.
pub const fn is_safe(c: char) -> bool {
    !matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// `bytes` as one line of text that is safe for a terminal.
///
/// Bytes that are not UTF-8 become `\xNN`, control characters `\t`, `\r`, `\n` or `\xNN`, and the
/// other unsafe characters `\u{NNNN}`. A backslash stays unchanged: the text is for people and cannot
/// be converted back. Borrows if nothing had to change.
///
/// ```
/// use sofiatui::escape::escape;
/// assert_eq!(escape(b"sip:1688@pbx.example"), "sip:1688@pbx.example");
/// assert_eq!(escape(b"a\x1b[2Jb\xff\r\n"), r"a\x1b[2Jb\xff\r\n");
/// assert_eq!(escape("a\u{202e}b".as_bytes()), r"a\u{202e}b");
/// ```
pub fn escape(bytes: &[u8]) -> Cow<'_, str> {
    if let Some(text) = safe(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() + 16);
    escape_into(bytes, &mut out);
    Cow::Owned(out)
}

/// The text, if it is safe as it is.
#[inline]
fn safe(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_printable = text.bytes().all(|b| matches!(b, 0x20..=0x7e));
    (is_printable || text.chars().all(is_safe)).then_some(text)
}

/// Appends the result of [`escape`] to `out`.
pub fn escape_into(bytes: &[u8], out: &mut String) {
    if let Some(text) = safe(bytes) {
        out.push_str(text);
        return;
    }
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_char(c, out);
        }
        for b in chunk.invalid() {
            push_byte(*b, out);
        }
    }
}

fn push_char(c: char, out: &mut String) {
    match c {
        _ if is_safe(c) => out.push(c),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        '\0'..='\u{7f}' => push_byte(c as u8, out),
        _ => {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

fn push_byte(b: u8, out: &mut String) {
    let _ = write!(out, "\\x{b:02x}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_contains_no_unsafe_character() {
        let mut all: Vec<u8> = (0..=255).collect();
        all.extend("\u{85}\u{9b}\u{202e}\u{2066}\u{feff}é😀".as_bytes());
        let shown = escape(&all);
        assert!(shown.chars().all(is_safe), "{shown}");
        assert!(shown.ends_with("é😀"));
    }

    #[test]
    fn clean_text_is_borrowed() {
        assert!(matches!(escape("Ünïcode is fine".as_bytes()), Cow::Borrowed(_)));
    }
}
