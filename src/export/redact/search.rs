//! Finds any of many texts in a text, at every offset, at the speed at which memory is read: the last bytes of each text are looked
//! up in a table of bits, and only what is found there is compared.
//!
//! Must not know: what the texts are.

use hashbrown::HashMap;

/// Bits of the table: 2 MiB.
const TABLE_BITS: u32 = 24;
/// Bytes that are looked up.
const WINDOW: usize = 8;
/// Texts that are shorter are not searched.
pub(super) const SHORTEST: usize = 6;
/// Makes letters small, so that case does not count.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// Many texts.
#[derive(Debug)]
pub(super) struct Search {
    texts: Vec<Box<[u8]>>,
    long: Table,
    /// Texts of 6 and 7 bytes.
    short: Table,
}

/// The ends of texts.
#[derive(Debug)]
struct Table {
    bits: Vec<u64>,
    texts: HashMap<u64, Vec<u32>>,
}

impl Table {
    fn new() -> Self {
        Self { bits: Vec::new(), texts: HashMap::new() }
    }

    fn place(window: u64) -> (usize, u64) {
        let hash = window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - TABLE_BITS);
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn add(&mut self, window: u64, text: u32) {
        if self.bits.is_empty() {
            self.bits = vec![0; 1 << (TABLE_BITS - 6)];
        }
        let (word, bit) = Self::place(window);
        self.bits[word] |= bit;
        self.texts.entry(window).or_default().push(text);
    }

    #[inline]
    fn may_have(&self, window: u64) -> bool {
        let (word, bit) = Self::place(window);
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

/// The last bytes of a text, small.
fn last_bytes(text: &[u8], count: usize) -> u64 {
    let mut bytes = [0; WINDOW];
    bytes[WINDOW - count..].copy_from_slice(&text[text.len() - count..]);
    (u64::from_le_bytes(bytes) | SMALL) >> (8 * (WINDOW - count))
}

impl Search {
    /// A search for these texts; shorter ones than six bytes are left out.
    pub(super) fn new(texts: impl Iterator<Item = Box<[u8]>>) -> Self {
        let mut search = Self { texts: Vec::new(), long: Table::new(), short: Table::new() };
        for text in texts.filter(|text| text.len() >= SHORTEST) {
            let number = search.texts.len() as u32;
            if text.len() >= WINDOW {
                search.long.add(search.window_of(&text), number);
            } else {
                search.short.add(last_bytes(&text, SHORTEST), number);
            }
            search.texts.push(text);
        }
        search
    }

    /// The bytes by which a text is found: its last ones, or its first ones where the last ones are those of many texts, or of
    /// pseudonyms.
    fn window_of(&self, text: &[u8]) -> u64 {
        const MOST: usize = 32;
        let last = last_bytes(text, WINDOW);
        let is_common = self.long.texts.get(&last).is_some_and(|texts| texts.len() >= MOST);
        let is_pseudonym = text.ends_with(b".invalid");
        if is_common || is_pseudonym { last_bytes(&text[..WINDOW], WINDOW) } else { last }
    }

    /// The offset of the first text that is found, and its number.
    pub(super) fn find(&self, text: &[u8]) -> Option<(usize, &[u8])> {
        let has_short = !self.short.bits.is_empty();
        for (at, window) in text.windows(WINDOW).enumerate() {
            let Ok(bytes) = window.try_into() else { continue };
            let window = u64::from_le_bytes(bytes) | SMALL;
            if self.long.may_have(window)
                && let Some(found) = self.ending_at(&self.long, window, text, at + WINDOW)
            {
                return Some(found);
            }
            let last = window >> (8 * (WINDOW - SHORTEST));
            if has_short
                && self.short.may_have(last)
                && let Some(found) = self.ending_at(&self.short, last, text, at + WINDOW)
            {
                return Some(found);
            }
        }
        self.at_start(text)
    }

    /// A short text that ends before the first window does.
    fn at_start(&self, text: &[u8]) -> Option<(usize, &[u8])> {
        let ends = SHORTEST..WINDOW.min(text.len() + 1);
        ends.into_iter().find_map(|end| {
            let last = last_bytes(&text[..end], SHORTEST);
            self.ending_at(&self.short, last, text, end)
        })
    }

    #[cold]
    fn ending_at(&self, table: &Table, window: u64, text: &[u8], end: usize) -> Option<(usize, &[u8])> {
        table.texts.get(&window)?.iter().find_map(|number| {
            let wanted = &self.texts[*number as usize];
            // The window is at its end or at its start.
            let starts = [end.checked_sub(wanted.len()), end.checked_sub(WINDOW)];
            starts.into_iter().flatten().find_map(|start| {
                let place = start..start + wanted.len();
                let found = text.get(place.clone())?;
                let is_it = found.eq_ignore_ascii_case(wanted)
                    && is_whole(wanted, text, place.clone())
                    && !is_numeric(wanted, text, place);
                is_it.then_some((start, &**wanted))
            })
        })
    }
}

/// Whether a short number is where the protocol has numbers: sequence and session numbers are so many that some are those of
/// others by chance.
fn is_numeric(wanted: &[u8], text: &[u8], place: std::ops::Range<usize>) -> bool {
    const FIELDS: [&[u8]; 7] = [b"o=", b"a=ssrc", b"a=candidate", b"CSeq", b"RAck", b"RSeq", b"Timestamp"];
    let start = memchr::memrchr(b'\n', &text[..place.start]).map_or(0, |lf| lf + 1);
    let line = &text[start..];
    let begins = |name: &[u8]| line.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name));
    FIELDS.into_iter().any(begins) && wanted.len() < 13 && wanted.iter().all(u8::is_ascii_digit)
}

/// Whether it is more than a part of another word. A long text is, wherever it is; a number is with any prefix.
fn is_whole(wanted: &[u8], text: &[u8], place: std::ops::Range<usize>) -> bool {
    const ANYWHERE: usize = 12;
    let is_word = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let is_number = wanted.len() >= 10 && wanted.iter().all(u8::is_ascii_digit);
    let before = is_word(place.start.checked_sub(1)) && !is_number;
    wanted.len() >= ANYWHERE && !is_number || !before && !is_word(Some(place.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str], text: &str) -> Option<usize> {
        let search = Search::new(texts.iter().map(|text| text.as_bytes().into()));
        search.find(text.as_bytes()).map(|(at, _)| at)
    }

    #[test]
    fn texts_are_found_everywhere_and_in_every_case() {
        for (texts, text, at) in [
            (&["alice@home.example"][..], "x<sip:ALICE@home.example>", Some(6)),
            (&["carol1"], "carol1", Some(0)),
            (&["carol1"], "carol1 x", Some(0)),
            (&["carol12"], "to carol12", Some(3)),
            (&["carol1"], "carol12", None),
            (&["2025550185"], "+12025550185@", Some(2)),
            (&["2025550185"], "20255501859", None),
            (&["averylongtoken"], "xaverylongtokenx", Some(1)),
            (&["short"], "short", None),
            (&["other", "secretword"], "no secretwords", None),
            (&["104906255"], "o=- 104906255 1 IN", None),
            (&["104906255"], "CSeq: 104906255 BYE", None),
            (&["104906255"], "x\nX: 104906255", Some(5)),
            (&["a1b2c3d4e5.invalid"], "x A1B2C3D4E5.invalid.", Some(2)),
            (&["a1b2c3d4e5.invalid"], "x b1b2c3d4e5.invalid.", None),
        ] {
            assert_eq!(found(texts, text), at, "{texts:?} {text}");
        }
    }
}
