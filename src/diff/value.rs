//! Where two values differ: words that one of them does not have.
//!
//! Must not know: whose values they are.

use std::collections::HashSet;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::Piece;
use crate::base::escape::escape;

/// With more words than this in one of them, the values are only compared as a whole.
const MOST_WORDS: usize = 1000;
/// Digits that two numbers share at their ends, so that only the rest is marked as changed.
const SHARED_DIGITS: usize = 4;

/// The value in one piece.
pub(super) fn whole(value: &[u8]) -> Vec<Piece> {
    vec![Piece { text: escape(value).into_owned(), changed: false }]
}

/// The pieces of two values that differ.
pub(super) fn pieces(left: &[u8], right: &[u8]) -> (Vec<Piece>, Vec<Piece>) {
    let (left, right) = (escape(left), escape(right));
    let (a, b) = (words(&left), words(&right));
    let mut out = (Pieces::default(), Pieces::default());
    if a.len().max(b.len()) > MOST_WORDS {
        out.0.push(&left, true);
        out.1.push(&right, true);
        return (out.0.list, out.1.list);
    }
    if is_list(&left) && is_list(&right) {
        return (missing_in(&a, &b), missing_in(&b, &a));
    }
    let ops = capture_diff_slices(Algorithm::Myers, &a, &b);
    for (number, op) in ops.iter().enumerate() {
        let (tag, from, to) = op.as_tag_tuple();
        let (old, new) = (a[from].concat(), b[to].concat());
        // A blank between two changes is read as a part of them.
        let is_gap = old == " " && number > 0 && number + 1 < ops.len();
        if tag == DiffTag::Equal && !is_gap {
            out.0.push(&old, false);
            out.1.push(&new, false);
        } else {
            replaced(&old, &new, &mut out);
        }
    }
    (out.0.list, out.1.list)
}

/// Whether it is a list of names, in which the order means nothing: `INVITE, ACK, BYE`.
fn is_list(text: &str) -> bool {
    text.contains(',') && text.chars().all(|c| is_word(c) || matches!(c, ',' | ' '))
}

/// The words of one list; those that the other one does not have are changed.
fn missing_in(words: &[&str], other: &[&str]) -> Vec<Piece> {
    let other: HashSet<&str> = other.iter().copied().collect();
    let mut pieces = Pieces::default();
    for word in words {
        pieces.push(word, !other.contains(word));
    }
    pieces.list
}

/// Of two numbers with the same end, only what comes before it was changed: `912025550185` and `+12025550185`.
fn replaced(old: &str, new: &str, out: &mut (Pieces, Pieces)) {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'+');
    let pairs = old.bytes().rev().zip(new.bytes().rev());
    let shared = pairs.take_while(|(a, b)| a == b && a.is_ascii_digit()).count();
    let shared = if is_number(old) && is_number(new) && shared >= SHARED_DIGITS { shared } else { 0 };
    for (text, pieces) in [(old, &mut out.0), (new, &mut out.1)] {
        let (before, end) = text.split_at(text.len() - shared);
        pieces.push(before, true);
        pieces.push(end, false);
    }
}

/// Words and the single characters between them. Hosts, numbers and tokens are one word each.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(len);
        words.push(word);
        rest = after;
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '%' | '~' | '*')
}

/// Pieces while they are collected: neighbours of one kind are one piece.
#[derive(Default)]
struct Pieces {
    list: Vec<Piece>,
}

impl Pieces {
    fn push(&mut self, text: &str, changed: bool) {
        if text.is_empty() {
            return;
        }
        match self.list.last_mut().filter(|last| last.changed == changed) {
            Some(last) => last.text.push_str(text),
            None => self.list.push(Piece { text: text.to_owned(), changed }),
        }
    }
}
