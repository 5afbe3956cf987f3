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

/// Every codec of a stream, however many there are, and the helpers beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodecSet(u64);

/// The bit of a codec that has no number.
const OTHER_BIT: u32 = 63;

impl CodecSet {
    fn insert(&mut self, number: u8) {
        if number != 0 {
            self.0 |= 1 << if number == OTHER { OTHER_BIT } else { u32::from(number) };
        }
    }

    /// Adds a format that the description does not name.
    pub fn insert_unknown(&mut self) {
        self.insert(OTHER);
    }

    /// The codecs without what only helps.
    const fn codecs(self) -> u64 {
        self.0 & ((1 << OTHER_BIT) | ((1 << FIRST_HELPER) - 1))
    }

    /// Whether there are helpers, and no codec.
    pub const fn only_helps(self) -> bool {
        self.0 != 0 && self.codecs() == 0
    }

    /// Whether an answer accepts a codec of the offer; also where they cannot be compared since a codec has no number, or since
    /// the offer names none.
    pub const fn is_answered_by(self, answer: Self) -> bool {
        let is_unknown = (self.0 | answer.0) >> OTHER_BIT != 0;
        let has_none = self.codecs() == 0 || answer.0 == 0;
        is_unknown || has_none || self.codecs() & answer.codecs() != 0
    }
}

/// Up to six codecs in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Codecs([u8; 6]);

impl Codecs {
    /// Adds the encoding `name`; what only helps (DTMF, comfort noise, redundancy) and what comes too late is left out, but not
    /// of `set`.
    pub fn add(&mut self, name: &[u8], set: &mut CodecSet) {
        self.add_number(number_of(name), set);
    }

    /// Adds a static payload type (RFC 3551 §6).
    pub fn add_static(&mut self, payload_type: u8, set: &mut CodecSet) {
        let number = match payload_type {
            0 => 1,
            8 => 2,
            9 => 3,
            18 => 4,
            other => static_codec(other).map_or(OTHER, |(name, ..)| number_of(name.as_bytes())),
        };
        self.add_number(number, set);
    }

    fn add_number(&mut self, number: u8, set: &mut CodecSet) {
        set.insert(number);
        self.put(number);
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
}

/// The number of an encoding.
fn number_of(name: &[u8]) -> u8 {
    // Nearly every description has it.
    if name == b"telephone-event" {
        return FIRST_HELPER;
    }
    let number = NAMES.iter().position(|known| known.as_bytes().eq_ignore_ascii_case(name));
    number.map_or(OTHER, |number| number as u8)
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

    fn of(names: &[&str]) -> (Codecs, CodecSet) {
        let (mut codecs, mut set) = (Codecs::default(), CodecSet::default());
        for name in names {
            codecs.add(name.as_bytes(), &mut set);
        }
        (codecs, set)
    }

    #[test]
    fn codecs_keep_their_order_and_leave_helpers_out() {
        let (mut offer, mut set) = (Codecs::default(), CodecSet::default());
        offer.add_static(8, &mut set);
        offer.add(b"OPUS", &mut set);
        offer.add(b"telephone-event", &mut set);
        offer.add_static(8, &mut set);
        offer.add(b"x-unheard-of", &mut set);
        assert_eq!(offer.to_string(), "PCMA opus other");
        let (answer, both) = (of(&["PCMU"]).0, of(&["PCMU", "PCMA"]).0);
        assert_eq!(both.agreed(offer).to_string(), "PCMA");
        assert_eq!(answer.agreed(both).to_string(), "PCMU");
        assert_eq!(answer.agreed(offer).to_string(), "PCMU", "a mismatch shows the answer");
    }

    #[test]
    fn an_answer_is_compared_with_all_codecs_of_the_offer() {
        let many = ["opus", "SPEEX", "PCMU", "PCMA", "GSM", "G722", "iLBC", "telephone-event"];
        for (offer, answer, is_answered) in [
            (&many[..], &["iLBC"][..], true),
            (&many, &["G729"], false),
            (&many, &["telephone-event"], false),
            (&many, &["telephone-event", "GSM"], true),
            (&["PCMA", "x-unheard-of"], &["PCMU"], true),
            (&["PCMA"], &["x-unheard-of"], true),
            (&["PCMA"], &[], true),
            (&[], &["PCMA"], true),
            (&["telephone-event"], &["PCMA"], true),
        ] {
            assert_eq!(of(offer).1.is_answered_by(of(answer).1), is_answered, "{offer:?} {answer:?}");
        }
        assert!(of(&["telephone-event", "CN"]).1.only_helps());
        assert!(!of(&many).1.only_helps() && !of(&[]).1.only_helps());
    }
}
