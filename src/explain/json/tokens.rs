//! Cuts valid JSON into tokens, without keeping or changing anything.
//!
//! `serde_json` says whether the text is valid (RFC 8259) and lends it as it is written (`RawValue`). It gives out whole values,
//! not tokens, and would read each level of nesting once more: so the valid text is cut up here, in one pass.
//!
//! Must not know: lines, what strings say.

use std::ops::Range;

use serde_json::value::RawValue;

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

/// The tokens, one by one.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// `None` where `body` is no valid JSON.
    pub(super) fn new(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice::<&RawValue>(body).ok()?;
        Some(Self { text: std::str::from_utf8(body).ok()?, at: 0 })
    }

    /// What a token's bytes say.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The first byte of the next token.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied()
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Kind, Range<usize>);

    fn next(&mut self) -> Option<(Kind, Range<usize>)> {
        let first = self.peek()?;
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let (kind, len) = match first {
            b'{' | b'[' => (Kind::Open, 1),
            b'}' | b']' => (Kind::Close, 1),
            b':' => (Kind::Colon, 1),
            b',' => (Kind::Comma, 1),
            b'"' => (Kind::String, super::string_end(rest)?),
            _ => (Kind::Scalar, rest.iter().position(|b| b" \t\r\n,]}".contains(b)).unwrap_or(rest.len())),
        };
        self.at += len;
        // In valid JSON only the name of a member is followed by a colon.
        let is_key = kind == Kind::String && self.peek() == Some(b':');
        Some((if is_key { Kind::Key } else { kind }, start..start + len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_is_found_and_nothing_else() {
        use Kind::{Close, Colon, Comma, Key, Open, Scalar, String};
        let text = "\t{ \"a:\\\"\" : [1,\r\n-2.5e+1 ,true],\"b\":\"x\"}\n";
        let tokens: Vec<(Kind, &str)> =
            Tokens::new(text.as_bytes()).unwrap().map(|(kind, range)| (kind, &text[range])).collect();
        let expected = [
            (Open, "{"),
            (Key, r#""a:\"""#),
            (Colon, ":"),
            (Open, "["),
            (Scalar, "1"),
            (Comma, ","),
            (Scalar, "-2.5e+1"),
            (Comma, ","),
            (Scalar, "true"),
            (Close, "]"),
            (Comma, ","),
            (Key, "\"b\""),
            (Colon, ":"),
            (String, "\"x\""),
            (Close, "}"),
        ];
        assert_eq!(tokens, expected);
    }

    #[test]
    fn only_valid_json_is_cut() {
        let valid = r#"{} [] [[]] "" 0 -0 -1.5e+10 1E-2 1e999 12 true false null {"a":1} {"a":{"b":[1,2,{}]},"a":""} "\u00e9\ud83d\"\\\/\b\f\n\r\t" [1,"x",null]"#;
        for text in valid.split(' ') {
            for text in [text.to_owned(), format!(" [\r\n{text} ,\t{text} ] ")] {
                assert!(Tokens::new(text.as_bytes()).is_some(), "{text}");
            }
        }
        let invalid = r#"{ } ] [} {] [1,] {"a":1,} {"a"} {"a",1} {1:2} {a:1} 01 1. .5 +1 -  1e 1e+ "x "\x" "\u12" 'x' tru nul [1 [1,2 1,2 1:2 {},{} "a":1 , : NaN"#;
        for text in invalid.split(' ') {
            assert!(Tokens::new(text.as_bytes()).is_none(), "{text}");
        }
        assert!(["\"a\nb\"", "[1 2]", ""].iter().all(|text| Tokens::new(text.as_bytes()).is_none()));
    }

    #[test]
    fn any_depth_can_be_read() {
        let depth = 100_000;
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(Tokens::new(deep.as_bytes()).unwrap().count(), 2 * depth);
    }
}
