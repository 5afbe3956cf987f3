//! The text that every matching message contains, so that whole blocks can be skipped; and the positions to highlight
//! in a matching message.
//!
//! Must not know: rows, how a match is decided.

use std::ops::Range;

use memchr::memchr2;

use super::expr::{Expr, FieldTerm, Sign, Term, Value};
use super::field::{Field, Op};
use super::party;
use super::pattern::Case;
use super::search::{Search, smart_case};
use crate::sip::may_be_encoded;

/// A text that is in the bytes of every message that a filter accepts.
///
/// If bodies are searched decoded, the bytes may contain the text as escapes or in another character set; call
/// [`may_stand_in`](Self::may_stand_in) rather than searching for [`text`](Self::text).
#[derive(Debug, Clone)]
pub struct RequiredLiteral {
    text: String,
    case: Case,
    search: Search,
    escapes: Escapes,
}

/// Whether the text may be written with escapes, by default those of JSON, or in another character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Possible,
    /// Those of URIs and quoted strings (RFC 3261 §25.1).
    OfParty,
    Impossible,
}

impl RequiredLiteral {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether case matters.
    pub fn case(&self) -> Case {
        self.case
    }

    /// Whether a message within `bytes` can match; `false` is certain, `true` is not.
    ///
    /// `bytes` may contain any number of whole messages. A message that is spread over several frames of a dump is not
    /// contiguous there: join it first.
    pub fn may_stand_in(&self, bytes: &[u8]) -> bool {
        self.search.passes(bytes)
            || match self.escapes {
                Escapes::Possible => {
                    // A body in another character set has other bytes; ASCII only in UTF-16, which has NULs.
                    memchr2(b'\\', 0, bytes).is_some() || (!self.text.is_ascii() && may_be_encoded(bytes))
                }
                Escapes::OfParty => memchr2(b'\\', b'%', bytes).is_some(),
                Escapes::Impossible => false,
            }
    }

    fn new(text: String, case: Case, escapes: Escapes) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let search = Search::literal(&text, case);
        Some(Self { text, case, search, escapes })
    }
}

/// The longest text that everything that `expr` accepts must contain.
pub(super) fn required(expr: &Expr) -> Option<RequiredLiteral> {
    match expr {
        Expr::And(all) => all.iter().filter_map(required).max_by_key(|l| l.text.len()),
        Expr::Term(term) => of_term(term),
        Expr::Named { expr, .. } => required(expr),
        Expr::All | Expr::Or(_) | Expr::Not(_) => None,
    }
}

fn of_term(term: &Term) -> Option<RequiredLiteral> {
    match term {
        Term::Word(word) => RequiredLiteral::new(word.clone(), smart_case(word), Escapes::Possible),
        Term::Regex(pattern) => RequiredLiteral::new(pattern.literal()?, pattern.case(), Escapes::Possible),
        Term::Field(term) => required_by_field(term),
        Term::Is(_) => None,
    }
}

/// The text that a message must contain if a comparison of one of its fields holds.
pub(super) fn required_by_field(term: &FieldTerm) -> Option<RequiredLiteral> {
    // A value can be compared only if there is one, and the content type shows that.
    match (term.field, text_of(term)) {
        (Field::Json, _) => RequiredLiteral::new("json".to_owned(), Case::Any, Escapes::Impossible),
        (Field::Sdp, None) => RequiredLiteral::new("sdp".to_owned(), Case::Any, Escapes::Impossible),
        (Field::Sdp, Some((text, case))) => RequiredLiteral::new(text, case, Escapes::Impossible),
        (Field::Body, Some((text, case))) => RequiredLiteral::new(text, case, Escapes::Possible),
        (Field::From | Field::To, Some((text, _))) => {
            let text = party::plain(&text);
            let run = text.split_whitespace().max_by_key(|run| run.len()).filter(|run| run.is_ascii())?;
            let case = match (&term.value, term.op) {
                (Value::Pattern(pattern), _) => pattern.case(),
                (_, Op::Has) => smart_case(&text),
                _ => Case::Exact,
            };
            RequiredLiteral::new(run.to_owned(), case, Escapes::OfParty)
        }
        // A header field may be folded at any of its blanks (RFC 3261 §7.3.1).
        (field, Some((text, case))) if is_in_message(field) => {
            let run = text.split_whitespace().max_by_key(|run| run.len())?;
            RequiredLiteral::new(run.to_owned(), case, Escapes::Impossible)
        }
        _ => None,
    }
}

/// The text that a value of the field must contain or equal.
fn text_of(term: &FieldTerm) -> Option<(String, Case)> {
    match (&term.value, term.op) {
        (Value::Text(text), Op::Has) => Some((text.clone(), smart_case(text))),
        (Value::Text(text), Op::Equals) => {
            let case = if term.field == Field::Type { Case::Any } else { Case::Exact };
            Some((text.clone(), case))
        }
        (Value::Pattern(pattern), _) => Some((pattern.literal()?, pattern.case())),
        _ => None,
    }
}

/// Whether the field's text is part of the message.
const fn is_in_message(field: Field) -> bool {
    !matches!(
        field,
        Field::Method
            | Field::Status
            | Field::Dir
            | Field::Transport
            | Field::Addr
            | Field::Size
            | Field::Frames
            | Field::Time
            | Field::N
            | Field::Profile
            | Field::File
            | Field::Kind
            | Field::State
            | Field::Side
            | Field::Pdd
            | Field::Setup
            | Field::Talk
            | Field::Messages
            | Field::Leg
            | Field::Legs
            | Field::Pair
            | Field::Hangup
            | Field::Cause
            | Field::Finding
            | Field::Verdict
            | Field::Emergency
            | Field::User
            | Field::Incident
    )
}

/// What the terms of `expr` that are not negated search for.
pub(super) fn searches(expr: &Expr) -> Vec<Search> {
    let mut searches = Vec::new();
    expr.each_term(Sign::Positive, &mut |term, sign| {
        if sign == Sign::Positive {
            searches.extend(search_of(term));
        }
    });
    searches
}

fn search_of(term: &Term) -> Option<Search> {
    match term {
        Term::Word(word) => Some(Search::contains(word)),
        Term::Regex(pattern) => Some(Search::matches(pattern)),
        Term::Field(term) if is_in_message(term.field) => match (&term.value, text_of(term)) {
            (Value::Pattern(pattern), _) => Some(Search::matches(pattern)),
            (_, Some((text, case))) => Some(Search::literal(&text, case)),
            _ => None,
        },
        Term::Field(_) | Term::Is(_) => None,
    }
}

/// The ranges of `text` that `searches` find: in order, none empty, none adjacent.
pub(super) fn ranges(searches: &[Search], text: &[u8]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for search in searches {
        let mut from = 0;
        while let Some(range) = search.find_at(text, from) {
            from = range.end.max(range.start + 1);
            if !range.is_empty() {
                found.push(range);
            }
        }
    }
    found.sort_unstable_by_key(|r| r.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Filter};

    #[test]
    fn the_longest_certain_text_is_required() {
        for (text, literal) in [
            ("yealink", Some(("yealink", Case::Any))),
            ("a method:invite Yealink", Some(("Yealink", Case::Exact))),
            ("/192\\.0\\.2\\.7/", Some(("192.0.2.7", Case::Exact))),
            ("/a.c/ -long-word", None),
            ("a or b", None),
            ("header.x:\"one twotwo\"", Some(("twotwo", Case::Any))),
            ("call-id~/abc@host/i", Some(("abc@host", Case::Any))),
            ("addr:192.0.2.7", None),
            ("json.key!=value", Some(("json", Case::Any))),
            ("sdp~a.c", Some(("sdp", Case::Any))),
            ("ua!=value", None),
            ("is:request", None),
            ("", None),
        ] {
            let filter = Filter::parse(text).unwrap();
            let found = filter.required_literal().map(|l| (l.text(), l.case()));
            assert_eq!(found, literal, "{text}");
        }
    }

    #[test]
    fn json_escapes_may_hide_the_text_of_a_word_but_not_of_a_header_field() {
        let word = Filter::parse("abc").unwrap();
        let field = Filter::parse("ua:abc").unwrap();
        for (bytes, in_word, in_field) in
            [(&b"xABCx"[..], true, true), (b"x\\u0041bc", true, false), (b"xyz", false, false)]
        {
            assert_eq!(word.required_literal().unwrap().may_stand_in(bytes), in_word);
            assert_eq!(field.required_literal().unwrap().may_stand_in(bytes), in_field);
        }
    }

    #[test]
    fn another_character_set_may_hide_a_text() {
        let ascii = Filter::parse("abc").unwrap();
        let other = Filter::parse("摄").unwrap();
        for (bytes, in_ascii, in_other) in [
            (&b"xyz"[..], false, false),
            (b"\xc9\xe3", false, true),
            // UTF-16, ISO-2022-JP.
            (b"a\0b\0", true, true),
            (b"\x1b$B@]", false, true),
        ] {
            assert_eq!(ascii.required_literal().unwrap().may_stand_in(bytes), in_ascii);
            assert_eq!(other.required_literal().unwrap().may_stand_in(bytes), in_other);
        }
    }

    #[test]
    fn matches_of_terms_without_negation_are_highlighted() {
        for (expression, marked) in [
            ("ab", "[ab] [AB] x[ab]"),
            ("AB", "ab [AB]"),
            ("aa", "[aa]a"),
            ("ab bc", "[abc]"),
            ("-ab c", "ab[c]"),
            ("-(-ab)", "[ab]c"),
            ("/b*/", "a[bb]a"),
            ("/^b/", "a\n[b]b"),
            ("from:15 addr:192 n:1", "[15] 192 1"),
            ("header.x=AB or ua~b+", "a[b] [AB] [bb]"),
            ("", "abc"),
        ] {
            let text = marked.replace(['[', ']'], "");
            let mut found = text.clone();
            for range in Filter::parse(expression).unwrap().highlights(text.as_bytes()).into_iter().rev() {
                found.insert(range.end, ']');
                found.insert(range.start, '[');
            }
            assert_eq!(found, marked, "{expression}");
        }
    }
}
