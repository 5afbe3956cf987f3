//! What can be written at the cursor: fields, their fixed values, words of `is:`, header names.
//!
//! Must not know: the content of a trace (the caller adds it by [`place`]), keys, screens.

use std::ops::Range;

use crate::base::{Direction, Transport};

use super::Names;
use super::closed_words::closed_words;
use super::expr::Is;
use super::field::{FIELDS, Field, Op};
use super::known_names::{HEADER_NAMES, METHODS, STATUSES, TYPES};
use super::scan::Scanner;
use super::spell::spell_value;

/// A text that can be inserted at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the expression that it replaces: what is already typed of it.
    pub replaces: Range<usize>,
    /// The replacement, quoted if necessary; for a field it ends with the operator.
    pub text: String,
    /// What it means, in a few words; may be empty.
    pub help: &'static str,
}

/// What is being typed at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Context {
    /// The beginning of a term: a word, or the name of a field.
    Term {
        /// What is typed of it.
        prefix: String,
        /// Its bytes in the expression.
        range: Range<usize>,
    },
    /// The value that a field is compared with.
    Value {
        /// The field.
        field: Field,
        /// The name after `header.` or the key after `json.`; empty for other fields.
        key: String,
        /// What is typed of the value, without an opening quote.
        prefix: String,
        /// The bytes of the value up to the cursor, including the opening quote.
        range: Range<usize>,
    },
    /// The word after `is:`.
    Is {
        /// What is typed of it.
        prefix: String,
        /// Its bytes in the expression.
        range: Range<usize>,
    },
    /// Text that cannot be completed: a string, a regex, or the value of an unknown field.
    Other,
}

/// What is being typed at the cursor, a 0-based byte of `text` (moved back to the start of its character).
///
/// A browser that knows which values a field has in a trace completes [`Context::Value`] from them,
/// by [`Context::values`].
///
/// ```
/// use sofiatui::filter::{Field, Context, context};
/// let at = context("bye -from:15", 12);
/// let value = Context::Value { field: Field::From, key: String::new(), prefix: "15".into(), range: 10..12 };
/// assert_eq!(at, value);
/// ```
pub fn context(text: &str, cursor: usize) -> Context {
    let cursor = (0..=cursor.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let text = &text[..cursor];
    let mut scan = Scanner::new(text);
    loop {
        scan.skip_blanks();
        let _ = scan.keyword(&["not", "NOT"]) && !scan.rest().is_empty();
        scan.skip_blanks();
        while matches!(scan.peek(), Some('(' | ')' | '-' | '!')) {
            scan.bump();
        }
        let start = scan.at;
        let context = token(&mut scan, text);
        if scan.rest().is_empty() {
            return context;
        }
        if scan.at == start {
            // A blank follows; any other character must advance, or the loop would not end.
            scan.bump();
        }
    }
}

/// Skips a token, and returns what it is if the cursor is directly after it.
fn token(scan: &mut Scanner<'_>, text: &str) -> Context {
    let start = scan.at;
    match scan.peek() {
        Some('"') => {
            let _ = scan.quoted();
            return Context::Other;
        }
        Some('/') => {
            let _ = scan.regex();
            return Context::Other;
        }
        _ => {}
    }
    let Some((name, op)) = scan.comparison() else {
        let prefix = scan.bare().text;
        return Context::Term { prefix, range: start..scan.at };
    };
    scan.at += name.len() + op.as_str().len();
    let start = scan.at;
    let quoted = scan.peek() == Some('"');
    let regex = op == Op::Matches;
    let prefix = match scan.peek() {
        Some('"') => scan.quoted().map_or_else(|_| text[start + 1..].to_owned(), |piece| piece.text),
        Some('/') if regex => scan.regex().map_or_else(|_| String::new(), |(piece, _)| piece.text),
        _ => scan.bare().text,
    };
    let closed = quoted && scan.at > start + 1 && text[..scan.at].ends_with('"');
    let range = start..scan.at;
    match Field::named(name) {
        _ if regex || closed => Context::Other,
        Some((field, key)) => Context::Value { field, key: key.to_owned(), prefix, range },
        None if name.eq_ignore_ascii_case("is") => Context::Is { prefix, range },
        None => Context::Other,
    }
}

impl Context {
    /// The completions from `known`, the values that the field is known to have: those that contain what is typed so
    /// far, ignoring case; values that begin with it come first.
    pub fn values<'k>(&self, known: impl Iterator<Item = &'k str>) -> Vec<Completion> {
        let Self::Value { prefix, range, .. } = self else { return Vec::new() };
        let prefix = prefix.to_lowercase();
        let mut found: Vec<(usize, &str)> =
            known.filter_map(|value| Some((value.to_lowercase().find(&prefix)?, value))).collect();
        found.sort_by_key(|&(at, _)| at.min(1));
        found.into_iter().map(|(_, value)| completion(range, spell_value(value), "")).collect()
    }
}

/// The fields, words and fixed values of the language that match at the cursor, a 0-based byte.
///
/// ```
/// use sofiatui::filter::complete;
/// let texts: Vec<String> = complete("-meth", 5).into_iter().map(|c| c.text).collect();
/// assert_eq!(texts, ["method:"]);
/// ```
pub fn complete(text: &str, cursor: usize) -> Vec<Completion> {
    complete_with(text, cursor, &Names::default())
}

/// The same with the filters that have names: `@fa` is completed to `@failed`.
pub fn complete_with(text: &str, cursor: usize, names: &Names) -> Vec<Completion> {
    let at = context(text, cursor);
    if let Context::Term { prefix, range } = &at
        && let Some(begun) = prefix.strip_prefix('@')
    {
        let begins =
            |name: &str| name.get(..begun.len()).is_some_and(|head| head.eq_ignore_ascii_case(begun));
        let matching = names.filters().filter(|(name, _)| begins(name));
        return matching.map(|(name, _)| completion(range, format!("@{name}"), "")).collect();
    }
    match &at {
        Context::Term { prefix, range } => fields(prefix, range),
        Context::Is { prefix, range } => beginning(prefix, Is::all().map(Is::as_str))
            .map(|w| completion(range, w.to_owned(), ""))
            .collect(),
        Context::Value { field: Field::Status, prefix, range, .. } => STATUSES
            .iter()
            .filter(|(code, _)| code.starts_with(&prefix.to_lowercase()))
            .map(|&(code, phrase)| completion(range, code.to_owned(), phrase))
            .collect(),
        Context::Value { field, prefix, range, .. } => {
            beginning(prefix, values_of(*field)).map(|v| completion(range, v.to_owned(), "")).collect()
        }
        Context::Other => Vec::new(),
    }
}

fn completion(replaces: &Range<usize>, text: String, help: &'static str) -> Completion {
    Completion { replaces: replaces.clone(), text, help }
}

/// The words that begin with `prefix`, ignoring case.
fn beginning<'p>(
    prefix: &'p str,
    words: impl Iterator<Item = &'static str> + 'p,
) -> impl Iterator<Item = &'static str> + 'p {
    words.filter(move |w| w.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)))
}

fn fields(prefix: &str, range: &Range<usize>) -> Vec<Completion> {
    if let Some((head, name)) = prefix.split_at_checked("header.".len())
        && head.eq_ignore_ascii_case("header.")
    {
        return beginning(name, HEADER_NAMES.into_iter())
            .map(|n| completion(range, format!("header.{n}:"), ""))
            .collect();
    }
    let own = FIELDS.iter().map(|info| (info.name, info.help)).chain([("is", "what the message is")]);
    own.filter(|(name, _)| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)))
        .map(|(name, help)| {
            let operator = if name.ends_with('.') { "" } else { ":" };
            completion(range, format!("{name}{operator}"), help)
        })
        .collect()
}

/// The values that a field has in every trace.
fn values_of(field: Field) -> Box<dyn Iterator<Item = &'static str>> {
    match field {
        Field::Method => Box::new(METHODS.into_iter()),
        Field::Dir => Box::new([Direction::Recv, Direction::Sent].into_iter().map(Direction::as_str)),
        Field::Transport => Box::new(Transport::ALL.into_iter().map(Transport::as_str)),
        Field::Type => Box::new(TYPES.into_iter()),
        _ => Box::new(closed_words(field).unwrap_or_default().iter().copied()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        complete(text, text.len()).into_iter().map(|c| c.text).collect()
    }

    #[test]
    fn matching_completions_are_offered() {
        for (text, expected) in [
            ("me", &["method:", "messages:"][..]),
            ("x (-ST", &["status:", "state:"]),
            ("not ca", &["call-id:", "cause:"]),
            ("is:re", &["request", "response", "retransmission"]),
            ("-is:mal", &["malformed"]),
            ("method:s", &["SUBSCRIBE"]),
            ("a or dir:", &["recv", "sent"]),
            ("transport=w", &["ws", "wss"]),
            ("status:48", &["480", "481", "482", "483", "484", "486", "487", "488", "489"]),
            ("header.w", &["header.Warning:", "header.WWW-Authenticate:"]),
            ("he", &["header."]),
            ("type:mess", &["message/sipfrag"]),
            ("from:15", &[]),
            ("\"me", &[]),
            ("/me", &[]),
            ("body~me", &[]),
            ("tag=me", &[]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
        assert_eq!(texts("").len(), FIELDS.len() + 1);
        assert_eq!(texts("bye ").len(), FIELDS.len() + 1);
    }

    #[test]
    fn only_text_before_the_cursor_is_used_and_replaced() {
        let found = complete("é -meth or bye", 8);
        assert_eq!(found[0].replaces, 4..8);
        assert!(complete("é", 1).len() > 1, "the cursor is before the character");
    }

    #[test]
    fn known_values_are_quoted_if_needed() {
        let known = ["Zoiper 5", "Yealink", "My Zoiper"];
        for text in ["ua:zo", "ua:\"zo", "ua:\"Zo"] {
            let found = context(text, text.len()).values(known.into_iter());
            let texts: Vec<&str> = found.iter().map(|c| &*c.text).collect();
            assert_eq!(texts, ["\"Zoiper 5\"", "\"My Zoiper\""], "{text}");
            assert_eq!(found[0].replaces, 3..text.len());
        }
        assert_eq!(context("ua:\"zo\"", 7).values(known.into_iter()), []);
    }

    #[test]
    fn every_text_and_every_cursor_position_is_accepted() {
        for text in ["", "((", "-\"", "\"a\"b", "/a/b/c", "a:é\"", "from:\"\\", "x/", "not", "not not", "))x"]
        {
            for cursor in 0..text.len() + 2 {
                complete(text, cursor);
            }
        }
    }
}
