//! The key of a redaction, and what is derived from it: pseudorandom bytes, texts and digits, by HMAC-SHA-256 (RFC 2104).
//!
//! Must not know: what the texts are that are replaced.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a new key.
const KEY_BYTES: usize = 32;

/// Letters and digits that cannot be mistaken for each other: 5 bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A key. Who has it can try out which original a pseudonym belongs to; nobody else can.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A new key from the system's random numbers.
    ///
    /// # Errors
    /// If the system has none.
    pub fn random() -> std::io::Result<Self> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self::new(&bytes))
    }

    /// The key with these bytes, of any number.
    pub fn new(bytes: &[u8]) -> Self {
        // HMAC takes keys of every length; the error of the interface is for other functions.
        let mac = Hmac::<Sha256>::new_from_slice(bytes);
        Self(mac.unwrap_or_else(|_| Hmac::<Sha256>::new(&hmac::digest::Key::<Hmac<Sha256>>::default())))
    }

    /// Pseudorandom bytes for a text. The domain separates texts that are replaced in different ways.
    pub(super) fn bytes(&self, domain: u8, text: &[u8]) -> Stream {
        let mut mac = self.0.clone();
        mac.update(&[domain]);
        mac.update(text);
        Stream(mac.finalize().into_bytes().into())
    }
}

/// 32 pseudorandom bytes in several forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stream(pub(super) [u8; 32]);

impl Stream {
    /// The first 16 bytes as a number.
    pub(super) fn number(&self) -> u128 {
        self.0[..16].iter().fold(0, |number, &b| number << 8 | u128::from(b))
    }

    /// Up to 32 letters and digits.
    pub(super) fn letters(&self, len: usize) -> impl Iterator<Item = u8> + use<> {
        let Self(bytes) = *self;
        bytes.into_iter().take(len).map(|b| ALPHABET[usize::from(b & 31)])
    }

    /// Digits, up to 32; the first one is not 0.
    pub(super) fn digits(&self, len: usize) -> impl Iterator<Item = u8> + use<> {
        let Self(bytes) = *self;
        bytes
            .into_iter()
            .take(len)
            .enumerate()
            .map(|(at, b)| if at == 0 { b'1' + b % 9 } else { b'0' + b % 10 })
    }

    /// A UUID (RFC 9562, version 8: made by the program).
    pub(super) fn uuid(&self) -> [u8; 36] {
        let mut out = [b'-'; 36];
        let places = (0..36).filter(|at| !matches!(at, 8 | 13 | 18 | 23));
        let nibbles = self.0.iter().flat_map(|b| [b >> 4, b & 15]);
        for (at, nibble) in places.zip(nibbles) {
            out[at] = match at {
                14 => b'8',
                19 => b"89ab"[usize::from(nibble & 3)],
                _ => b"0123456789abcdef"[usize::from(nibble)],
            };
        }
        out
    }
}
