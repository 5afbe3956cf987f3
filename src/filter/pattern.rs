//! A regex of the language: its source, its case rule, and the engine made from them.
//!
//! Must not know: what it is matched against.

use regex::bytes::{Regex, RegexBuilder};

use super::error::FilterErrorKind;

/// Whether case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Case {
    /// It matters.
    #[default]
    Exact,
    /// It is ignored.
    Any,
}

/// A compiled regex. Two are equal if their sources and cases are equal.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    source: String,
    case: Case,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, self.case) == (&other.source, other.case)
    }
}

impl Eq for Pattern {}

/// Why a regex is invalid.
pub(super) struct BadPattern {
    /// 0-based character of the source, if the engine names one.
    pub(super) at: Option<usize>,
    pub(super) kind: FilterErrorKind,
}

impl Pattern {
    /// Compiles `source`; an escaped slash in it is a slash.
    ///
    /// `^` and `$` match at each line, whether it ends in CRLF or LF, and `.` does not match line ends. Classes match
    /// bytes if the source allows it, because a trace may contain any bytes.
    pub(super) fn new(source: &str, case: Case) -> Result<Self, BadPattern> {
        // If the source cannot be matched bytewise (`\p{…}`, `[é]`), it is matched as UTF-8.
        let bytewise = source.is_ascii().then(|| build(source, case, Classes::Bytes));
        let built = match bytewise {
            Some(Ok(regex)) => Ok(regex),
            _ => build(source, case, Classes::Unicode),
        };
        match built {
            Ok(regex) => Ok(Self { source: plain_slashes(source), case, regex }),
            Err(error) => Err(describe(&error)),
        }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    pub(super) const fn case(&self) -> Case {
        self.case
    }

    pub(super) const fn regex(&self) -> &Regex {
        &self.regex
    }

    /// The text that the regex matches, if it contains no operator.
    pub(super) fn literal(&self) -> Option<String> {
        let mut literal = String::with_capacity(self.source.len());
        let mut chars = self.source.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => literal.push(chars.next().filter(char::is_ascii_punctuation)?),
                '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => return None,
                _ => literal.push(c),
            }
        }
        // The engine rejects these two escapes or gives them a meaning.
        (!self.source.contains("\\<") && !self.source.contains("\\>")).then_some(literal)
    }
}

/// What a class such as `\w` or `.` matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Classes {
    Bytes,
    Unicode,
}

fn build(source: &str, case: Case, classes: Classes) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source)
        .case_insensitive(case == Case::Any)
        .unicode(classes == Classes::Unicode)
        .multi_line(true)
        .crlf(true)
        .build()
}

/// The source with `\/` replaced by `/`.
fn plain_slashes(source: &str) -> String {
    let mut plain = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('/') => plain.push('/'),
                next => plain.extend([Some('\\'), next].into_iter().flatten()),
            },
            _ => plain.push(c),
        }
    }
    plain
}

/// The engine's message as one line, and its caret as a position.
fn describe(error: &regex::Error) -> BadPattern {
    let regex::Error::Syntax(text) = error else {
        return BadPattern { at: None, kind: FilterErrorKind::Regex("too large a repetition".to_owned()) };
    };
    let caret = text.lines().find(|l| l.trim_start().starts_with('^'));
    // The engine indents the pattern and its caret by four blanks. If the pattern has line ends, it writes line numbers
    // instead, and the position is unknown.
    let one_line = text.lines().nth(1).is_some_and(|l| l.starts_with("    "));
    let at = caret.filter(|_| one_line).and_then(|l| l.find('^')).and_then(|at| at.checked_sub(4));
    let message = text.lines().rev().find_map(|l| l.strip_prefix("error: ")).unwrap_or("wrong syntax");
    BadPattern { at, kind: FilterErrorKind::Regex(message.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(source: &str, text: &[u8]) -> bool {
        Pattern::new(source, Case::Exact).unwrap_or_else(|_| panic!("{source}")).regex.is_match(text)
    }

    #[test]
    fn lines_bytes_and_unicode_match_as_sip_users_expect() {
        for (source, text, expected) in [
            ("^Via: x$", &b"INVITE\r\nVia: x\r\n\r\n"[..], true),
            ("^a=b$", b"v=0\na=b\nc", true),
            ("a.c", b"a\xffc", true),
            ("a.c", b"a\r\nc", false),
            ("(?s)a.*c", b"a\r\nc", true),
            ("[äö]", "ö".as_bytes(), true),
            (r"\p{Greek}", "λ".as_bytes(), true),
            (r"a\/b", b"a/b", true),
        ] {
            assert_eq!(matches(source, text), expected, "{source}");
        }
    }

    #[test]
    fn a_regex_without_operators_is_a_text() {
        for (source, literal) in [
            ("m=audio 0", Some("m=audio 0")),
            (r"192\.0\.2\.7", Some("192.0.2.7")),
            (r"a\\b", Some(r"a\b")),
            (r"\d", None),
            ("a.b", None),
            ("^a", None),
        ] {
            let pattern = Pattern::new(source, Case::Exact).ok().unwrap();
            assert_eq!(pattern.literal().as_deref(), literal, "{source}");
        }
    }

    #[test]
    fn the_position_of_an_engine_error_is_kept() {
        for (source, at, message) in [
            ("foo(bar", Some(3), "unclosed group"),
            ("a**)", Some(3), "unopened group"),
            ("x{9999}{9999}", None, "too large a repetition"),
        ] {
            let bad = Pattern::new(source, Case::Exact).err().unwrap();
            assert_eq!((bad.at, bad.kind), (at, FilterErrorKind::Regex(message.to_owned())), "{source}");
        }
    }
}
