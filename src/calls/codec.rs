//! Names of codecs in one byte each, so that a leg can keep its offer and its answer.
//!
//! Must not know: lines of a session description, legs.

use std::fmt;

use crate::sip::sdp::static_codec;

/// The codecs that have a number; one that has none is shown as `other`.
const NAMES: [&str; 40] = [
    "",
    "PCMU",
    "PCMA",
    "G722",
    "G729",
    "opus",
    "GSM",
    "iLBC",
    "AMR",
    "AMR-WB",
    "G723",
    "G726-32",
    "G726-16",
    "G726-24",
    "G726-40",
    "AAL2-G726-32",
    "G728",
    "G7221",
    "SPEEX",
    "SILK",
    "L16",
    "DVI4",
    "LPC",
    "QCELP",
    "CODEC2",
    "BV16",
    "BV32",
    "EVS",
    "isac",
    "MP4A-LATM",
    "G719",
    "CELT",
    "SIREN",
    "EVRC",
    "EVRC0",
    "EVRCB",
    "telephone-event",
    "CN",
    "red",
    "ulpfec",
];
const FIRST_HELPER: u8 = 36;
const OTHER: u8 = u8::MAX;

/// Up to six codecs in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Codecs([u8; 6]);

impl Codecs {
    /// Adds the encoding `name`; what only helps (DTMF, comfort noise, redundancy) and what comes too late is left out.
    pub fn add(&mut self, name: &[u8]) {
        // Nearly every description has it, and it is no codec.
        if name == b"telephone-event" {
            return;
        }
        let number = NAMES.iter().position(|known| known.as_bytes().eq_ignore_ascii_case(name));
        self.put(number.map_or(OTHER, |number| number as u8));
    }

    /// Adds a static payload type (RFC 3551 §6).
    pub fn add_static(&mut self, payload_type: u8) {
        match payload_type {
            0 => self.put(1),
            8 => self.put(2),
            9 => self.put(3),
            18 => self.put(4),
            other => match static_codec(other) {
                Some((name, ..)) => self.add(name.as_bytes()),
                None => self.put(OTHER),
            },
        }
    }

    fn put(&mut self, number: u8) {
        if number == 0 || (number >= FIRST_HELPER && number != OTHER) || self.0.contains(&number) {
            return;
        }
        if let Some(free) = self.0.iter_mut().find(|slot| **slot == 0) {
            *free = number;
        }
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0[0] == 0
    }

    /// The first one's name, for a column.
    pub fn first(self) -> &'static str {
        name(self.0[0])
    }

    /// Those of an answer that the offer has, too; all of the answer where there is none (RFC 3264 §6.1).
    #[must_use]
    pub fn agreed(self, offer: Self) -> Self {
        let mut agreed = Self::default();
        self.0.into_iter().filter(|number| offer.0.contains(number)).for_each(|number| agreed.put(number));
        if agreed.is_empty() { self } else { agreed }
    }

    /// Whether both lists have a codec, or cannot be compared since one of them has a codec without a number.
    pub fn share(self, other: Self) -> bool {
        let used = |list: Self| list.0.into_iter().filter(|&number| number != 0);
        used(self)
            .any(|number| number == OTHER || used(other).any(|theirs| theirs == number || theirs == OTHER))
    }
}

fn name(number: u8) -> &'static str {
    if number == OTHER { "other" } else { NAMES.get(usize::from(number)).copied().unwrap_or_default() }
}

impl fmt::Display for Codecs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for &number in self.0.iter().filter(|&&number| number != 0) {
            write!(f, "{separator}{}", name(number))?;
            separator = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_keep_their_order_and_leave_helpers_out() {
        let mut offer = Codecs::default();
        offer.add_static(8);
        offer.add(b"OPUS");
        offer.add(b"telephone-event");
        offer.add_static(8);
        offer.add(b"x-unheard-of");
        assert_eq!(offer.to_string(), "PCMA opus other");
        let mut answer = Codecs::default();
        answer.add_static(0);
        assert!(offer.share(answer), "one codec of the offer has no number");
        let mut both = answer;
        both.add_static(8);
        assert_eq!(both.agreed(offer).to_string(), "PCMA");
        assert_eq!(answer.agreed(both).to_string(), "PCMU");
        assert_eq!(answer.agreed(offer).to_string(), "PCMU", "a mismatch shows the answer");
        let mut plain = Codecs::default();
        plain.add_static(18);
        assert!(!plain.share(answer));
    }
}
