//! What a row of a list needs of a message, read in one pass over its head without allocating.
//!
//! Must not know: bodies, the full view of a message, where rows are kept.

use std::hint::select_unpredictable;

use super::cseq::CSeq;
use super::fields::blank_line;
use super::start_line::{self, StartLine};
use super::via::top_branch;
use super::word::Word;
use crate::base::bytes::{is_blank, is_token, line_feed, trim};

/// The fields of a message that an index keeps. Every slice borrows from the message and is empty where the
/// field is missing; values have no white space around them, but may hold the line ends of continuation lines.
///
/// ```
/// let head = sofiatui::sip::index_fields(b"BYE sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9\r\nf: <sip:c@d>\r\n\
///     t: <sip:a@b>\r\ni: x1\r\nCSeq: 7 BYE\r\n\r\nbody");
/// assert_eq!((head.call_id, head.cseq_number, head.branch), (&b"x1"[..], 7, &b"z9"[..]));
/// assert!(!head.malformed);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IndexFields<'a> {
    /// The start line; `None` where the first line is none.
    pub start_line: Option<StartLine<'a>>,
    /// The Call-ID.
    pub call_id: &'a [u8],
    /// The sequence number of `CSeq`; 0 where it cannot be read.
    pub cseq_number: u32,
    /// The method of `CSeq`.
    pub cseq_method: &'a [u8],
    /// The value of From.
    pub from: &'a [u8],
    /// The value of To.
    pub to: &'a [u8],
    /// The branch of the topmost Via.
    pub branch: &'a [u8],
    /// The value of Content-Type.
    pub content_type: &'a [u8],
    /// The value of Content-Length.
    pub content_length: &'a [u8],
    /// Offset in the message of the first byte after the blank line.
    pub body_offset: usize,
    /// Whether the head breaks the grammar: no start line, a line that is no header field, a mandatory field
    /// missing or unreadable, or a `CSeq` method that is not the request's.
    pub malformed: bool,
}

/// The fields that the pass keeps, as places in its table of values.
mod slot {
    /// Every other field.
    pub(super) const OTHER: usize = 0;
    pub(super) const VIA: usize = 1;
    pub(super) const FROM: usize = 2;
    pub(super) const TO: usize = 3;
    pub(super) const CALL_ID: usize = 4;
    pub(super) const CSEQ: usize = 5;
    /// The last of those that every message must have (RFC 3261 §8.1.1; Max-Forwards came later and may miss).
    pub(super) const LAST_MANDATORY: usize = CSEQ;
    pub(super) const CONTENT_TYPE: usize = 6;
    pub(super) const CONTENT_LENGTH: usize = 7;
    pub(super) const COUNT: usize = 8;
}

/// Reads the head of `message`, which is one message as it was framed.
///
/// Of a field that is there more than once the first one counts.
pub fn index_fields(message: &[u8]) -> IndexFields<'_> {
    index_fields_each(message, |_| ())
}

/// A header field that the pass does not keep: offsets in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OtherField {
    /// Where its name begins.
    pub(crate) name: u32,
    /// Where the name's colon ends.
    pub(crate) value: u32,
    /// Where its last line ends.
    pub(crate) end: u32,
}

/// Reads the head of `message` as [`index_fields`] does, and gives each other field to `other` on the way.
#[inline]
pub(crate) fn index_fields_each(message: &[u8], mut other: impl FnMut(OtherField)) -> IndexFields<'_> {
    let start = leading_line_ends(message);
    let mut at = line_end(message, start);
    let start_line = start_line::parse(&message[start..at]);
    let mut broken = start_line.is_none();
    // Where each value begins and ends; 0 where the field was not met.
    let mut values = [(0_usize, 0_usize); slot::COUNT];
    let body_offset = loop {
        let rest = &message[at..];
        let Some(&first) = rest.first() else { break at };
        if matches!(first, b'\r' | b'\n')
            && let Some(len) = blank_line(rest)
        {
            break at + len;
        }
        let field = Name::read(rest);
        let value_at = at + field.map_or(0, |name| name.value_at);
        let slot = field.map_or(slot::OTHER, |name| name.slot);
        broken |= field.is_none();
        let name_at = at;
        at = line_end(message, value_at);
        while matches!(message.get(at), Some(b' ' | b'\t')) {
            at = line_end(message, at);
        }
        if slot == slot::OTHER {
            other(OtherField { name: name_at as u32, value: value_at as u32, end: at as u32 });
        }
        // The first of its kind counts. Which field comes next is hard to predict, so there is no branch on it.
        let old = values[slot];
        let is_first = old.1 == 0;
        values[slot] =
            (select_unpredictable(is_first, value_at, old.0), select_unpredictable(is_first, at, old.1));
    };
    let missing = values[1..=slot::LAST_MANDATORY].iter().any(|value| value.1 == 0);
    let raw = |slot: usize| &message[values[slot].0..values[slot].1];
    let cseq = CSeq::parse(raw(slot::CSEQ));
    let mut out = IndexFields {
        start_line,
        call_id: trim(raw(slot::CALL_ID)),
        cseq_number: cseq.map_or(0, |cseq| cseq.number),
        cseq_method: cseq.map_or(b"", |cseq| cseq.method),
        from: trim(raw(slot::FROM)),
        to: trim(raw(slot::TO)),
        branch: top_branch(raw(slot::VIA)),
        content_type: trim(raw(slot::CONTENT_TYPE)),
        content_length: trim(raw(slot::CONTENT_LENGTH)),
        body_offset,
        malformed: false,
    };
    out.malformed = broken || missing || cseq.is_none() || cseq_differs(&out);
    out
}

/// The name at the start of a line, as far as the pass has to know it.
#[derive(Clone, Copy)]
struct Name {
    slot: usize,
    /// Offset in the line of what follows the colon.
    value_at: usize,
}

impl Name {
    /// Reads the name of the field that `line` begins with; `None` where it begins with none.
    #[inline]
    fn read(line: &[u8]) -> Option<Self> {
        // Nearly every name is of letters and hyphens, and its colon is among the first 16 bytes.
        if let Some([low, high]) = Word::first_two_of(line) {
            let colon = low.equal(b':');
            if colon.is_any() {
                let len = colon.index();
                if !low.not_of_names().within(colon.before()).is_any() && len > 0 {
                    return Some(Self {
                        slot: slot_of_word(low.lower() & colon.before()),
                        value_at: len + 1,
                    });
                }
            } else if !low.not_of_names().is_any() {
                let colon = high.equal(b':');
                if colon.is_any() && !high.not_of_names().within(colon.before()).is_any() {
                    let slot = match (low.lower(), high.lower() & colon.before()) {
                        (CONTENT, TYPE) => slot::CONTENT_TYPE,
                        (CONTENT, LENGTH) => slot::CONTENT_LENGTH,
                        _ => slot::OTHER,
                    };
                    return Some(Self { slot, value_at: 8 + colon.index() + 1 });
                }
            }
        }
        Self::read_any(line)
    }

    /// Reads any name, however long, and with blanks before the colon (RFC 3261 §25.1, HCOLON).
    #[cold]
    fn read_any(line: &[u8]) -> Option<Self> {
        let len = line.iter().take_while(|&&b| is_token(b)).count();
        let blanks = line[len..].iter().take_while(|&&b| is_blank(b)).count();
        let colon = len + blanks;
        (len > 0 && line.get(colon) == Some(&b':'))
            .then(|| Self { slot: slot_of(&line[..len]), value_at: colon + 1 })
    }
}

/// The names of at most seven bytes that are kept, full and compact.
const SHORT_NAMES: [(&[u8], usize); 11] = [
    (b"via", slot::VIA),
    (b"v", slot::VIA),
    (b"from", slot::FROM),
    (b"f", slot::FROM),
    (b"to", slot::TO),
    (b"t", slot::TO),
    (b"call-id", slot::CALL_ID),
    (b"i", slot::CALL_ID),
    (b"cseq", slot::CSEQ),
    (b"c", slot::CONTENT_TYPE),
    (b"l", slot::CONTENT_LENGTH),
];

/// The two longer names that are kept, in two words.
const CONTENT: u64 = word(b"content-");
const TYPE: u64 = word(b"type");
const LENGTH: u64 = word(b"length");

/// The short names as words, by their hash.
const BY_HASH: [(u64, usize); 16] = {
    let mut table = [(0, slot::OTHER); 16];
    let mut at = 0;
    while at < SHORT_NAMES.len() {
        let (name, slot) = SHORT_NAMES[at];
        let word = word(name);
        assert!(table[hash(word)].1 == slot::OTHER, "two names have the same hash");
        table[hash(word)] = (word, slot);
        at += 1;
    }
    table
};

/// The slot of a name of at most seven bytes in lower case.
#[inline]
fn slot_of_word(word: u64) -> usize {
    let (known, slot) = BY_HASH[hash(word)];
    select_unpredictable(known == word, slot, slot::OTHER)
}

/// The place of a name in the table; the factor was found by trying.
const fn hash(low: u64) -> usize {
    (low.wrapping_mul(0xbe3e_dc0a_1ef2_a4f1) >> 60) as usize
}

/// At most eight bytes as a number, the first one lowest.
const fn word(name: &[u8]) -> u64 {
    let mut word = 0;
    let mut at = name.len();
    while at > 0 {
        at -= 1;
        word = word << 8 | name[at] as u64;
    }
    word
}

fn slot_of(name: &[u8]) -> usize {
    let long = [(&b"content-type"[..], slot::CONTENT_TYPE), (b"content-length", slot::CONTENT_LENGTH)];
    let mut names = SHORT_NAMES.into_iter().chain(long);
    names.find(|(known, _)| name.eq_ignore_ascii_case(known)).map_or(slot::OTHER, |(_, slot)| slot)
}

/// The number of line ends before the start line (RFC 3261 §7.5: they are to be ignored).
#[inline]
pub(crate) fn leading_line_ends(message: &[u8]) -> usize {
    message.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// Whether a request's method is not that of its `CSeq` (RFC 3261 §8.1.1.5).
#[inline]
fn cseq_differs(head: &IndexFields<'_>) -> bool {
    matches!(head.start_line, Some(StartLine::Request { method, .. }) if method != head.cseq_method)
}

/// The offset after the line that contains `at`.
#[inline]
fn line_end(message: &[u8], at: usize) -> usize {
    line_feed(&message[at..]).map_or(message.len(), |lf| at + lf + 1)
}
