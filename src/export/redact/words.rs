//! Words that may stay: names and values of protocols, products, and what reason phrases say. Every other word is replaced.
//!
//! Must not know: where a word is written.

use hashbrown::HashSet;

/// Words of SIP, SDP, MIME and their extensions, in lower case.
const PROTOCOL: &str = include_str!("words/protocol.txt");
/// Words of reason phrases and causes.
const REASONS: &str = include_str!("words/reasons.txt");
/// Names of products.
const PRODUCTS: &str = include_str!("words/products.txt");

/// The words that may stay.
#[derive(Debug)]
pub(super) struct Words {
    known: HashSet<&'static [u8]>,
    products: HashSet<&'static [u8]>,
}

/// The longest word that is looked up.
const LONGEST: usize = 40;

impl Words {
    pub(super) fn new() -> Self {
        let words = |text: &'static str| text.split_ascii_whitespace().map(str::as_bytes);
        let products: HashSet<_> = words(PRODUCTS).collect();
        Self { known: words(PROTOCOL).chain(words(REASONS)).collect(), products }
    }

    /// Whether a word belongs to the protocols; case does not count.
    pub(super) fn is_known(&self, word: &[u8]) -> bool {
        Self::lower(word, |lower| self.known.contains(lower))
    }

    /// Whether a word is the name of a product; digits at its end do not count.
    pub(super) fn is_product(&self, word: &[u8]) -> bool {
        Self::lower(word, |lower| {
            self.products.contains(lower) || self.products.contains(without_digits(lower))
        })
    }

    /// Whether a text is made of such words, of short numbers and of marks.
    pub(super) fn is_common(&self, text: &[u8]) -> bool {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
        text.split(|b| !is_word(b)).all(|word| {
            let is_short = word.len() <= 5 && word.iter().all(u8::is_ascii_digit);
            is_short || self.is_known(word) || self.is_product(word)
        })
    }

    fn lower(word: &[u8], is: impl Fn(&[u8]) -> bool) -> bool {
        let mut lower = [0; LONGEST];
        let Some(lower) = lower.get_mut(..word.len()) else { return false };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        is(lower)
    }
}

fn without_digits(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    &word[..word.len() - digits]
}
