//! Hashes by which texts of one run are compared.
//!
//! Must not know: what the texts mean.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::FixedState;

static STATE: FixedState = FixedState::with_seed(0);

/// 64 well-mixed bits of texts, their lengths included. The same in every run, so that no output differs between runs.
#[inline]
pub fn hash64(texts: &[&[u8]]) -> u64 {
    let mut hasher = STATE.build_hasher();
    for text in texts {
        hasher.write(text);
        hasher.write_usize(text.len());
    }
    hasher.finish()
}

/// The same in 16 bits, if only a few texts are compared.
pub fn hash16(texts: &[&[u8]]) -> u16 {
    hash64(texts) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_and_the_length_of_a_text_count() {
        let base = vec![0_u8; 40];
        let mut seen: Vec<u64> = (0..=40).map(|len| hash64(&[&base[..len]])).collect();
        for at in 0..40 {
            for bit in 0..8 {
                let mut other = base.clone();
                other[at] ^= 1 << bit;
                seen.push(hash64(&[&other]));
            }
            seen.push(hash64(&[&base[..at], &base[at..]]));
        }
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}
