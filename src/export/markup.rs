//! Text in HTML and XML: nothing of a trace is markup, and nothing of it is a character that these forbid.
//!
//! Must not know: elements, what the text is.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::base::escape::is_safe;

/// Appends a text, for the content of an element or for an attribute in double quotes.
///
/// `& < > "` become references. Control characters, and those that change the direction or the shape of the text
/// around them, are shown as `\u{202e}`: XML 1.0 §2.2 forbids some of them, and none of them may act.
pub(super) fn push(out: &mut String, text: &str) {
    push_unless(out, text, is_plain);
}

/// Appends a text for the content of an HTML element, where fewer characters mean something.
pub(super) fn push_content(out: &mut String, text: &str) {
    push_unless(out, text, |c| matches!(c, '>' | '"') || is_plain(c));
}

fn push_unless(out: &mut String, text: &str, is_plain: impl Fn(char) -> bool) {
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| !is_plain(*c)) {
        out.push_str(&rest[..at]);
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Writing to a String cannot fail.
            c => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}

fn is_plain(c: char) -> bool {
    !matches!(c, '&' | '<' | '>' | '"') && is_safe(c)
}

/// The same as a text of its own.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    push(&mut out, text);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_markup_or_a_forbidden_character() {
        for (text, expected) in [
            ("Ünïcode 😀 'a'", "Ünïcode 😀 'a'"),
            ("</script><b a=\"1\">&amp;", "&lt;/script&gt;&lt;b a=&quot;1&quot;&gt;&amp;amp;"),
            ("a\0b\u{1b}[2J\u{85}", r"a\u{0}b\u{1b}[2J\u{85}"),
            ("a\u{202e}b\u{feff}\u{fffe}\u{ffff}", r"a\u{202e}b\u{feff}\u{fffe}\u{ffff}"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
