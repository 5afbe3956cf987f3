//! Cuts JSON into tokens by the book (RFC 8259), without keeping or changing anything.
//!
//! Must not know: lines, what strings say.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{` or `[`
    Open,
    /// `}` or `]`
    Close,
    /// The name of a member.
    Key,
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// A string that is a value.
    String,
    /// A number, `true`, `false`, `null`.
    Scalar,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Value,
    ValueOrClose,
    Key,
    KeyOrClose,
    Colon,
    CommaOrClose,
    End,
}

/// Reads tokens one by one, and stops at the first that does not belong where it is.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The brackets that are open.
    open: Vec<u8>,
    expected: Expected,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, open: Vec::new(), expected: Expected::Value }
    }

    /// Whether all was read and nothing was wrong.
    pub(super) fn is_complete(&mut self) -> bool {
        self.skip_blanks();
        self.expected == Expected::End && self.at == self.bytes.len()
    }

    /// The first byte of the next token.
    pub(super) fn peek(&mut self) -> Option<u8> {
        self.skip_blanks();
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    }

    /// What the token at the present place is, and what may follow it.
    fn read(&mut self) -> Option<(Kind, usize)> {
        use Expected::{Colon, CommaOrClose, Key, KeyOrClose, Value, ValueOrClose};
        let first = self.peek()?;
        let rest = &self.bytes[self.at..];
        match (first, self.expected) {
            (b'{' | b'[', Value | ValueOrClose) => {
                self.open.push(first);
                self.expected = if first == b'{' { KeyOrClose } else { ValueOrClose };
                Some((Kind::Open, 1))
            }
            (b'}', KeyOrClose | CommaOrClose) | (b']', ValueOrClose | CommaOrClose) => {
                // `[` and `]`, `{` and `}` are two apart in ASCII.
                self.open.pop().filter(|open| open + 2 == first)?;
                self.end_of_value();
                Some((Kind::Close, 1))
            }
            (b'"', Key | KeyOrClose) => {
                self.expected = Colon;
                Some((Kind::Key, string(rest)?))
            }
            (b':', Colon) => {
                self.expected = Value;
                Some((Kind::Colon, 1))
            }
            (b',', CommaOrClose) => {
                self.expected = if self.open.last() == Some(&b'{') { Key } else { Value };
                Some((Kind::Comma, 1))
            }
            (b'"', Value | ValueOrClose) => {
                self.end_of_value();
                Some((Kind::String, string(rest)?))
            }
            (_, Value | ValueOrClose) => {
                self.end_of_value();
                Some((Kind::Scalar, scalar(rest)?))
            }
            _ => None,
        }
    }

    fn end_of_value(&mut self) {
        self.expected = if self.open.is_empty() { Expected::End } else { Expected::CommaOrClose };
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Kind, Range<usize>);

    fn next(&mut self) -> Option<(Kind, Range<usize>)> {
        let (kind, len) = self.read()?;
        let start = self.at;
        self.at += len;
        Some((kind, start..self.at))
    }
}

/// The length of the string with which `text` begins; `None` where it breaks the grammar.
fn string(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20)?;
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += escape(&text[at + 1..])?,
            _ => return None,
        }
    }
}

/// The length of an escape, given what follows its backslash.
fn escape(rest: &[u8]) -> Option<usize> {
    match rest.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => rest.get(1..5)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

/// The length of the number or the word with which `text` begins.
fn scalar(text: &[u8]) -> Option<usize> {
    let word = [&b"true"[..], b"false", b"null"].into_iter().find(|word| text.starts_with(word));
    if let Some(word) = word {
        return Some(word.len());
    }
    let mut at = usize::from(text.first() == Some(&b'-'));
    let digits = |from: usize| text[from.min(text.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    // No leading zeros: RFC 8259 §6.
    at += if text.get(at) == Some(&b'0') { 1 } else { Some(digits(at)).filter(|&count| count > 0)? };
    if text.get(at) == Some(&b'.') {
        at += 1 + Some(digits(at + 1)).filter(|&count| count > 0)?;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        at += Some(digits(at)).filter(|&count| count > 0)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(text: &str) -> bool {
        let mut tokens = Tokens::new(text.as_bytes());
        tokens.by_ref().for_each(drop);
        tokens.is_complete()
    }

    #[test]
    fn the_grammar_is_kept_by_the_book() {
        let valid = r#"{} [] [[]] "" 0 -0 -1.5e+10 1E-2 12 true false null {"a":1} {"a":{"b":[1,2,{}]},"a":""} "\u00e9\ud83d\"\\\/\b\f\n\r\t" [1,"x",null]"#;
        for text in valid.split(' ') {
            assert!(is_valid(text), "{text}");
            assert!(is_valid(&format!(" [\r\n{text} ,\t{text} ] ")), "{text}");
        }
        let invalid = r#"{ } ] [} {] [1,] {"a":1,} {"a"} {"a",1} {1:2} {a:1} 01 1. .5 +1 -  1e 1e+ "x "\x" "\u12" 'x' tru nul [1 [1,2 1,2 1:2 {} {},{} "a":1 , : NaN"#;
        for text in invalid.split(' ').filter(|text| !matches!(*text, "{}")) {
            assert!(!is_valid(text), "{text}");
        }
        assert!(!is_valid("\"a\nb\"") && !is_valid("[1 2]") && !is_valid(""));
    }

    #[test]
    fn what_the_grammar_allows_is_what_serde_json_allows() {
        for text in [
            "{\"a\":[1.0,-2e5,\"\\u0041\",{}],\"b\":null}",
            "[1,,2]",
            "\"\\u00zz\"",
            "--1",
            "[]]",
            "{\"a\":tru}",
        ] {
            assert_eq!(is_valid(text), serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }
}
