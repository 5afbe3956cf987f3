//! A text that is searched for as a word of a filter is: lower-case text ignores case.
//!
//! Must not know: messages, rows, where the text comes from.

use std::ops::Range;

use super::search::Search;

/// A text to search for, with smart case.
#[derive(Debug, Clone)]
pub struct PlainText {
    search: Search,
    len_bytes: usize,
}

impl PlainText {
    /// Prepares the search for `text`. Nothing contains the empty text.
    pub fn new(text: &str) -> Self {
        Self { search: Search::contains(text), len_bytes: text.len() }
    }

    /// The bytes of the text.
    pub fn len_bytes(&self) -> usize {
        self.len_bytes
    }

    /// Where `text` contains it, from left to right: 0-based bytes, none overlapping.
    pub fn matches<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + 'a {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = self.search.find_at(text, from)?;
            from = found.end.max(found.start + 1);
            Some(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_do_not_overlap_and_follow_smart_case() {
        for (text, within, want) in [
            ("a", "aAa", &[0..1, 1..2, 2..3][..]),
            ("A", "AaA", &[0..1, 2..3]),
            ("aa", "aaaaa", &[0..2, 2..4]),
            ("", "abc", &[]),
            ("z", "abc", &[]),
        ] {
            let found: Vec<_> = PlainText::new(text).matches(within.as_bytes()).collect();
            assert_eq!(found, want, "{text} in {within}");
        }
    }
}
