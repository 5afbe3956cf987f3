//! Tests of one text: contains, equals, matches, each with or without case.
//!
//! Must not know: fields, messages, where the text comes from.

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

use super::pattern::{Case, Pattern};

/// A test that a text passes or fails.
#[derive(Debug, Clone)]
pub(super) enum Search {
    /// Every text passes.
    Always,
    Contains(Box<Finder<'static>>),
    /// Contains a text, ignoring case.
    AnyCase(Regex),
    Pattern(Regex),
    Equals(Box<[u8]>),
    EqualsAnyCase(Box<[u8]>),
}

/// The rule for words: lower-case text ignores case; text with a capital letter matches exactly.
pub(super) fn smart_case(text: &str) -> Case {
    if text.chars().any(char::is_uppercase) { Case::Exact } else { Case::Any }
}

impl Search {
    /// Contains `text`, with smart case.
    pub(super) fn contains(text: &str) -> Self {
        Self::literal(text, smart_case(text))
    }

    /// Contains `text`.
    pub(super) fn literal(text: &str, case: Case) -> Self {
        if text.is_empty() {
            return Self::Always;
        }
        let caseless = text.bytes().all(|b| b.is_ascii() && !b.is_ascii_alphabetic());
        if case == Case::Exact || caseless {
            return Self::Contains(Box::new(Finder::new(text).into_owned()));
        }
        match any_case(text) {
            Some(regex) => Self::AnyCase(regex),
            None => Self::Contains(Box::new(Finder::new(text).into_owned())),
        }
    }

    /// Is `text`.
    pub(super) fn equals(text: &str, case: Case) -> Self {
        match case {
            Case::Exact => Self::Equals(text.as_bytes().into()),
            Case::Any => Self::EqualsAnyCase(text.as_bytes().into()),
        }
    }

    /// Matches a regex; a regex without operators is searched as text.
    pub(super) fn matches(pattern: &Pattern) -> Self {
        match pattern.literal() {
            Some(text) => Self::literal(&text, pattern.case()),
            None => Self::Pattern(pattern.regex().clone()),
        }
    }

    /// Whether `text` passes.
    #[inline]
    pub(super) fn passes(&self, text: &[u8]) -> bool {
        match self {
            Self::Always => true,
            Self::Contains(finder) => finder.find(text).is_some(),
            Self::AnyCase(regex) | Self::Pattern(regex) => regex.is_match(text),
            Self::Equals(wanted) => **wanted == *text,
            Self::EqualsAnyCase(wanted) => wanted.eq_ignore_ascii_case(text),
        }
    }

    /// Whether only a text that contains certain ASCII characters in sequence passes.
    pub(super) fn is_ascii(&self) -> bool {
        match self {
            Self::Contains(finder) => finder.needle().is_ascii(),
            Self::AnyCase(regex) => regex.as_str().is_ascii(),
            Self::Equals(text) | Self::EqualsAnyCase(text) => text.is_ascii(),
            Self::Always | Self::Pattern(_) => false,
        }
    }

    /// The first match in `text` at or after `from`.
    pub(super) fn find_at(&self, text: &[u8], from: usize) -> Option<std::ops::Range<usize>> {
        match self {
            Self::Contains(finder) => {
                let at = from + finder.find(text.get(from..)?)?;
                Some(at..at + finder.needle().len())
            }
            Self::AnyCase(regex) | Self::Pattern(regex) => {
                (from <= text.len()).then(|| regex.find_at(text, from))?.map(|m| m.range())
            }
            Self::Always | Self::Equals(_) | Self::EqualsAnyCase(_) => None,
        }
    }
}

/// A regex that finds `text` in any case. Letters beyond ASCII are folded only if there are any: in SIP the Kelvin sign
/// is not a `k`.
fn any_case(text: &str) -> Option<Regex> {
    RegexBuilder::new(&regex::escape(text))
        .case_insensitive(true)
        .unicode(!text.is_ascii())
        .size_limit(1 << 26)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_case_ignores_case_and_capitals_match_exactly() {
        for (text, found_in, not_in) in [
            ("invite", "INVITE sip:", "INVIT"),
            ("INVITE", "INVITE sip:", "invite sip:"),
            ("müller", "Herr MÜLLER", "MULLER"),
            ("1583", "tel:1583;x", "158"),
            ("k", "K", "\u{212a}"),
            ("a.b", "xA.B", "aXb"),
        ] {
            let search = Search::contains(text);
            assert!(search.passes(found_in.as_bytes()), "{text}");
            assert!(!search.passes(not_in.as_bytes()), "{text}");
        }
        assert!(Search::contains("").passes(b""));
    }
}
