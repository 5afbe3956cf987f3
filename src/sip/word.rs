//! Eight bytes at a time: where a byte is, and which bytes may be a field's name.
//!
//! Must not know: messages, what fields mean.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Eight bytes of text in a number, the first one lowest.
#[derive(Clone, Copy)]
pub(super) struct Word(u64);

/// A mark in the highest bit of each byte for which something holds.
#[derive(Clone, Copy)]
pub(super) struct Marks(u64);

impl Word {
    /// The first sixteen bytes of `text`; `None` where there are fewer.
    #[inline]
    pub(super) fn first_two_of(text: &[u8]) -> Option<[Self; 2]> {
        let both = u128::from_le_bytes(*text.first_chunk()?);
        Some([Self(both as u64), Self((both >> 64) as u64)])
    }

    /// Marks the bytes that are `byte`.
    #[inline]
    pub(super) fn equal(self, byte: u8) -> Marks {
        let differing = self.0 ^ (ONES * u64::from(byte));
        // Adding 0x7f carries into the highest bit of every byte that is not 0, and never beyond it.
        Marks(!(((differing & !HIGHS) + !HIGHS) | differing) & HIGHS)
    }

    /// Marks the bytes that are neither ASCII letters nor hyphens.
    #[inline]
    pub(super) fn not_of_names(self) -> Marks {
        let text = self.0 & !HIGHS;
        let lower = text | (ONES * 0x20);
        let from_a_on = lower + ONES * (0x80 - 0x61);
        let beyond_z = lower + ONES * (0x80 - 0x7b);
        let no_hyphen = (text ^ (ONES * 0x2d)) + !HIGHS;
        Marks(((no_hyphen & !from_a_on) | beyond_z | self.0) & HIGHS)
    }

    /// The bytes with letters in lower case; hyphens stay, other bytes change.
    #[inline]
    pub(super) fn lower(self) -> u64 {
        self.0 | (ONES * 0x20)
    }
}

impl Marks {
    /// Whether any byte is marked.
    #[inline]
    pub(super) fn is_any(self) -> bool {
        self.0 != 0
    }

    /// The number of bytes before the first marked one; 8 where none is.
    #[inline]
    pub(super) fn index(self) -> usize {
        self.0.trailing_zeros() as usize / 8
    }

    /// All bits of the bytes before the first marked one; of all bytes where none is.
    #[inline]
    pub(super) fn before(self) -> u64 {
        let first = self.0 & self.0.wrapping_neg();
        // The mark is the highest bit of its byte.
        (first >> 7).wrapping_sub(1)
    }

    /// The bytes that are marked here as well as in `bytes`, a number with all bits of the bytes that count.
    #[inline]
    pub(super) fn within(self, bytes: u64) -> Self {
        Self(self.0 & bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_judged_alone() {
        for byte in 0..=255_u8 {
            let mut text = *b"Via: x\n-{`@[z\0\xff ";
            text[usize::from(byte) % 16] = byte;
            let words = Word::first_two_of(&text).unwrap();
            for (at, b) in text.into_iter().enumerate() {
                let (word, bit) = (words[at / 8], at % 8);
                assert_eq!(word.equal(byte).0 >> (8 * bit + 7) & 1 == 1, b == byte, "{byte}");
                let name = b.is_ascii_alphabetic() || b == b'-';
                assert_eq!(word.not_of_names().0 >> (8 * bit + 7) & 1 == 0, name, "{byte}");
            }
        }
    }

    #[test]
    fn the_text_before_the_first_mark() {
        let [word, other] = Word::first_two_of(b"abc:de:fghijklmn").unwrap();
        let colons = word.equal(b':');
        assert_eq!((colons.index(), colons.before()), (3, 0xff_ffff));
        assert!(word.equal(b'c').within(colons.before()).is_any());
        assert!(!word.equal(b'd').within(colons.before()).is_any());
        assert_eq!((other.equal(b':').index(), other.equal(b':').before()), (8, u64::MAX));
    }
}
