//! Hashes and numbers by which texts of different messages are compared.
//!
//! Must not know: messages.

use crate::base::bytes::trim;
use crate::base::hash64;

/// Folds texts into 32 bits; never 0, which means "none".
pub fn hash(texts: &[&[u8]]) -> u32 {
    (hash64(texts) as u32).max(1)
}

/// Folds texts into 64 bits; never 0.
pub fn wide_hash(texts: &[&[u8]]) -> u64 {
    hash64(texts).max(1)
}

/// The hash by which a Call-ID is compared with a header field that names it.
pub fn call_id_hash(call_id: &[u8]) -> u64 {
    wide_hash(&[trim(call_id)])
}

/// A telephone number or a user name, so that two can be compared by their ends.
///
/// Digits are kept as they are, the last fifteen of them; anything else is a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Number(u64);

const DIGITS: u32 = 15;
const IS_HASH: u64 = 1 << 63;

impl Number {
    /// Reads a user part. `+`, `%2B` and the separators of RFC 3966 do not count, nor do parameters behind `;`.
    pub fn read(user: &[u8]) -> Self {
        let user = user.split(|&b| b == b';').next().unwrap_or_default();
        let digits = user.strip_prefix(b"%2B").or_else(|| user.strip_prefix(b"%2b")).unwrap_or(user);
        let digits = digits.strip_prefix(b"+").unwrap_or(digits);
        let (mut packed, mut count) = (0_u64, 0_u64);
        for &b in digits {
            match b {
                b'0'..=b'9' => {
                    packed = (packed << 4 | u64::from(b - b'0')) & ((1 << (4 * DIGITS)) - 1);
                    count += 1;
                }
                b'-' | b'.' | b'(' | b')' => {}
                _ => return Self(wide_hash(&[user]) | IS_HASH),
            }
        }
        // The count distinguishes `007` from `7`, and keeps the bit of a hash clear.
        if count == 0 { Self(0) } else { Self(packed | count.min(7) << 60) }
    }

    /// Whether there is none.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether it is made of digits.
    pub const fn is_digits(self) -> bool {
        self.0 & IS_HASH == 0 && self.0 != 0
    }

    /// The last digits, four bits each.
    pub const fn digits(self) -> u64 {
        self.0 & ((1 << (4 * DIGITS)) - 1)
    }

    /// How many digits are kept; leading zeros of more than seven are not counted.
    pub const fn digit_count(self) -> u32 {
        let written = (self.0 >> 60 & 7) as u32;
        let significant = (64 - self.digits().leading_zeros()).div_ceil(4);
        if significant > written { significant } else { written }
    }

    /// How many last digits are equal, at most fifteen; 15 for equal names, 0 for others.
    pub fn common_end(self, other: Self) -> u32 {
        if self.is_none() || other.is_none() {
            return 0;
        }
        if !self.is_digits() || !other.is_digits() {
            return if self == other { DIGITS } else { 0 };
        }
        (((self.0 ^ other.0) & ((1 << (4 * DIGITS)) - 1)).trailing_zeros() / 4).min(DIGITS)
    }

    /// The packed form, equal for equal numbers.
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// The number of a packed form.
    pub const fn from_packed(packed: u64) -> Self {
        Self(packed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_their_ends() {
        let end = |a: &str, b: &str| Number::read(a.as_bytes()).common_end(Number::read(b.as_bytes()));
        assert_eq!(end("+12025550185", "%2B12025550185"), 15);
        assert_eq!(end("12025550185", "2025550185"), 10);
        assert_eq!(end("93035550126", "3035550126"), 10);
        assert_eq!(end("1013", "1012"), 0);
        assert_eq!(end("alice", "alice"), 15);
        assert_eq!(end("alice", "1013"), 0);
        assert_ne!(Number::read(b"007"), Number::read(b"7"));
    }
}
