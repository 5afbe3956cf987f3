//! The characters of an expression: blanks, words, quoted strings, regexes, names, operators.
//!
//! Must not know: fields, what a token is used for.

use super::error::{FilterError, FilterErrorKind};
use super::field::Op;

/// A token of an expression, with its escapes decoded.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    /// The byte position in the expression of each character of `text`.
    places: Vec<usize>,
    /// The position after the last byte of the token's text.
    end: usize,
}

impl Piece {
    /// The byte position in the expression of the 0-based character of `text`.
    pub(super) fn place(&self, character: usize) -> usize {
        self.places.get(character).copied().unwrap_or(self.end)
    }

    fn push(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.places.push(at);
    }
}

/// Scans an expression from left to right. Positions are bytes, always between characters.
pub(super) struct Scanner<'a> {
    text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The remaining text.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Skips `wanted` if it is next.
    pub(super) fn eat(&mut self, wanted: char) -> Result<(), ()> {
        if self.peek() == Some(wanted) {
            self.bump();
            Ok(())
        } else {
            Err(())
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// An error at a byte of the expression.
    pub(super) fn error(&self, at: usize, kind: FilterErrorKind) -> FilterError {
        let before = self.text.get(..at).unwrap_or(self.text);
        FilterError::new(before.chars().count() + 1, kind)
    }

    /// An error at this position: something else is expected.
    pub(super) fn expected(&self, what: &'static str) -> FilterError {
        self.error(self.at, FilterErrorKind::Expected(what))
    }

    /// Whether a term can end here: at the end, a blank or a parenthesis.
    pub(super) fn at_boundary(&self) -> bool {
        self.peek().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'))
    }

    fn piece(&self) -> Piece {
        Piece { text: String::new(), places: Vec::new(), end: self.at }
    }

    /// Skips one of the words if it is next as a separate word.
    pub(super) fn keyword(&mut self, words: &[&str]) -> bool {
        let rest = self.rest();
        let found = words.iter().find(|w| {
            rest.strip_prefix(**w).is_some_and(|after| {
                after.is_empty()
                    || after.starts_with(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
            })
        });
        self.at += found.map_or(0, |w| w.len());
        found.is_some()
    }

    /// Reads up to a blank or a closing parenthesis without an opening one.
    pub(super) fn bare(&mut self) -> Piece {
        let mut piece = self.piece();
        let mut open = 0_usize;
        while let Some(c) = self.peek() {
            match c {
                _ if c.is_whitespace() => break,
                '(' => open += 1,
                ')' if open == 0 => break,
                ')' => open -= 1,
                _ => {}
            }
            piece.push(c, self.at);
            self.bump();
        }
        piece.end = self.at;
        piece
    }

    /// Reads a quoted string that begins here. `\"` and `\\` are a quote and a backslash; before any other character a
    /// backslash is a backslash.
    ///
    /// # Errors
    /// If the closing quote, or a boundary after it, is missing.
    pub(super) fn quoted(&mut self) -> Result<Piece, FilterError> {
        let mut piece = self.piece();
        self.bump();
        loop {
            let at = self.at;
            match self.bump() {
                None => return Err(self.expected("a closing '\"'")),
                Some('"') => {
                    piece.end = at;
                    break;
                }
                Some('\\') if matches!(self.peek(), Some('"' | '\\')) => {
                    let c = self.bump().unwrap_or_default();
                    piece.push(c, at);
                }
                Some(c) => piece.push(c, at),
            }
        }
        if self.at_boundary() { Ok(piece) } else { Err(self.expected("a blank after the closing '\"'")) }
    }

    /// Reads a regex between slashes that begins here, and whether `i` follows.
    ///
    /// # Errors
    /// If the closing slash is missing, or something other than `i` follows it.
    pub(super) fn regex(&mut self) -> Result<(Piece, super::Case), FilterError> {
        let mut piece = self.piece();
        self.bump();
        loop {
            let at = self.at;
            match self.bump() {
                None => return Err(self.expected("a closing '/'")),
                Some('/') => {
                    piece.end = at;
                    break;
                }
                Some('\\') if self.peek() == Some('/') => {
                    self.bump();
                    piece.push('/', at);
                }
                Some('\\') => {
                    piece.push('\\', at);
                    let at = self.at;
                    if let Some(c) = self.bump() {
                        piece.push(c, at);
                    }
                }
                Some(c) => piece.push(c, at),
            }
        }
        let case = if self.eat('i').is_ok() { super::Case::Any } else { super::Case::Exact };
        if self.at_boundary() {
            Ok((piece, case))
        } else {
            Err(self.expected("'i' or a blank after the '/'"))
        }
    }

    /// The name and the operator that begin here, if they look like a field and a comparison; skips nothing.
    ///
    /// A URI (`sip:…`), a line of SDP (`a=…`) and anything that does not start with a letter followed by letters,
    /// digits, `-`, `_` and `.` is a word to search for.
    pub(super) fn comparison(&self) -> Option<(&'a str, Op)> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || "\"():=~<>!/".contains(c))?;
        let (name, after) = rest.split_at(end);
        let op = Op::ALL.into_iter().find(|op| after.starts_with(op.as_str()))?;
        let mut chars = name.chars();
        let plain = chars.next()?.is_ascii_alphabetic()
            && name.ends_with(|c: char| c.is_alphanumeric() || c == '.')
            || name.get(..5).is_some_and(|p| p.eq_ignore_ascii_case("json."))
            || name.get(..7).is_some_and(|p| p.eq_ignore_ascii_case("header."));
        let uri = op == Op::Has && SCHEMES.iter().any(|s| s.eq_ignore_ascii_case(name));
        let sdp_line = op == Op::Equals && name.len() == 1 && !name.eq_ignore_ascii_case("n");
        (plain && !uri && !sdp_line).then_some((name, op))
    }
}

/// Words before a colon that begin a URI and not a comparison.
const SCHEMES: [&str; 9] = ["sip", "sips", "tel", "urn", "http", "https", "mailto", "cid", "im"];
