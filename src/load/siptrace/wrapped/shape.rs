//! The prefix of every line as a sequence of items: constant text, and what changes from line to line.
//!
//! Must not know: which lines there are, entries.

use super::stamp;

/// The shape of a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    items: Vec<Item>,
    /// The length in characters of the prefix from which it was learned.
    column: usize,
}

/// An element of the prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    /// A timestamp of any format.
    Stamp,
    /// A number, such as a process identifier or the number of the line.
    Number,
    /// `stdout F `: the marker that Kubernetes writes before each line (the CRI format).
    Cri,
    /// A constant word, number in a name, or address.
    Word(Vec<u8>),
    /// Any word.
    AnyWord,
    /// Blanks; if they are the last item and what precedes them is constant, exactly this many.
    Blanks(usize),
    /// One constant byte.
    Byte(u8),
}

/// A line without its prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stripped<'a> {
    /// What follows the prefix.
    pub(super) text: &'a [u8],
    /// The next line continues this one.
    pub(super) is_partial: bool,
}

impl Shape {
    /// The shape of `prefix`: its timestamps and numbers may change, its words not. A number in a name, as in `fs-0`,
    /// is part of the name.
    pub(super) fn of(prefix: &[u8]) -> Self {
        let mut items = Vec::new();
        let mut at = 0;
        while at < prefix.len() {
            let (item, len) = item(prefix, at);
            items.push(item);
            at += len;
        }
        Self { items, column: characters(prefix) }
    }

    /// The shape of two prefixes: what differs may change. `None` if they have different items.
    pub(super) fn common(one: &[u8], other: &[u8]) -> Option<Self> {
        let (mut shape, other) = (Self::of(one), Self::of(other));
        if shape.items.len() != other.items.len() {
            return None;
        }
        for (item, other) in shape.items.iter_mut().zip(&other.items) {
            let both = match (&*item, other) {
                (Item::Word(one), Item::Word(other)) if one != other => Item::AnyWord,
                (Item::Word(_), Item::Number) | (Item::Number, Item::Word(_)) => Item::AnyWord,
                (Item::Blanks(_), Item::Blanks(_)) => continue,
                (one, other) if one == other => continue,
                _ => return None,
            };
            *item = both;
        }
        Some(shape)
    }

    /// The shape of `prefix` if its words may change, too.
    pub(super) fn loose(prefix: &[u8]) -> Self {
        let mut shape = Self::of(prefix);
        for item in &mut shape.items {
            if matches!(item, Item::Word(_)) {
                *item = Item::AnyWord;
            }
        }
        shape
    }

    /// Whether the prefix is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes the prefix from `line`, which has no line end; `None` if the line has another prefix or none.
    pub(super) fn strip<'a>(&self, line: &'a [u8]) -> Option<Stripped<'a>> {
        let mut out = Stripped { text: line, is_partial: false };
        for (nth, item) in self.items.iter().enumerate() {
            let text = out.text;
            let len = match item {
                Item::Stamp => stamp::len(text)?,
                Item::Number => Some(digits(text)).filter(|len| *len > 0)?,
                Item::Cri => cri(text)?.0,
                Item::Word(word) => text.starts_with(word).then_some(word.len())?,
                Item::AnyWord => Some(word(text)).filter(|len| *len > 0)?,
                Item::Blanks(count) => self.blanks(nth, *count, line.len() - text.len(), line)?,
                Item::Byte(byte) => (text.first() == Some(byte)).then_some(1)?,
            };
            if *item == Item::Cri {
                out.is_partial = cri(text).is_some_and(|(_, is_partial)| is_partial);
            }
            out.text = &text[len..];
        }
        Some(out)
    }

    /// How many blanks of `line` from `at` on belong to the prefix, as its item `nth`, which had `count` of them.
    fn blanks(&self, nth: usize, count: usize, at: usize, line: &[u8]) -> Option<usize> {
        let text = &line[at..];
        let found = text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let is_last = nth + 1 == self.items.len();
        let before = nth.checked_sub(1).map(|before| &self.items[before]);
        if !is_last {
            // Columns are padded; only what is a word on both sides needs a blank between.
            let is_needed = before.is_some_and(Item::is_word) && self.items[nth + 1].is_word();
            return (found > 0 || !is_needed).then_some(found);
        }
        // A line without text may lack the last blanks.
        if text[found..].trim_ascii().is_empty() {
            return Some(found.min(count));
        }
        let wanted = match before {
            Some(Item::Number | Item::AnyWord) => {
                self.column.saturating_sub(characters(&line[..at])).clamp(1, count.max(self.column))
            }
            _ => count,
        };
        (found >= wanted).then_some(wanted)
    }
}

impl Item {
    fn is_word(&self) -> bool {
        matches!(self, Self::Word(_) | Self::AnyWord | Self::Number | Self::Stamp)
    }
}

/// The item at `at` in `prefix`, and its length.
fn item(prefix: &[u8], at: usize) -> (Item, usize) {
    let text = &prefix[at..];
    let is_start = at == 0 || !prefix[at - 1].is_ascii_alphanumeric();
    if is_start && let Some(len) = stamp::len(text) {
        return (Item::Stamp, len);
    }
    if is_start && let Some((len, _)) = cri(text) {
        return (Item::Cri, len);
    }
    let address = address(text);
    if is_start && address > 0 {
        return (Item::Word(text[..address].to_vec()), address);
    }
    let blanks = text.iter().take_while(|b| **b == b' ').count();
    if blanks > 0 {
        return (Item::Blanks(blanks), blanks);
    }
    match (word(text), digits(text)) {
        (0, _) => (Item::Byte(text[0]), 1),
        (len, digits) if len == digits && !is_in_name(prefix, at, len) => (Item::Number, len),
        (len, _) => (Item::Word(text[..len].to_vec()), len),
    }
}

/// Whether the number at `at` is part of a name, as in `fs-0` and `0-fs`.
fn is_in_name(prefix: &[u8], at: usize, len: usize) -> bool {
    let follows = at >= 2 && prefix[at - 1] == b'-' && prefix[at - 2].is_ascii_alphanumeric();
    let precedes = matches!(prefix[at + len..], [b'-', b, ..] if b.is_ascii_alphanumeric());
    follows || precedes
}

/// The length of the IPv4 address at the start of `text`, or 0.
fn address(text: &[u8]) -> usize {
    let mut at = 0;
    for group in 0..4 {
        if group > 0 {
            if text.get(at) != Some(&b'.') {
                return 0;
            }
            at += 1;
        }
        let len = digits(&text[at..]);
        if !(1..=3).contains(&len) {
            return 0;
        }
        at += len;
    }
    at
}

/// How many characters `text` has, if it is UTF-8.
pub(super) fn characters(text: &[u8]) -> usize {
    text.iter().filter(|b| **b & 0xc0 != 0x80).count()
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
}

fn word(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || !b.is_ascii()).count()
}

/// The length of `stdout F ` at the start of `text`, and whether the line is a partial one.
fn cri(text: &[u8]) -> Option<(usize, bool)> {
    let rest = text.strip_prefix(b"stdout ").or_else(|| text.strip_prefix(b"stderr "))?;
    let (tag, after) = rest.split_first()?;
    let is_known = matches!(tag, b'P' | b'F') && matches!(after.first(), None | Some(b' '));
    is_known.then_some((8 + usize::from(!after.is_empty()), *tag == b'P'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(shape: &Shape, line: &'a str) -> Option<&'a str> {
        shape.strip(line.as_bytes()).map(|found| std::str::from_utf8(found.text).unwrap())
    }

    #[test]
    fn a_prefix_matches_with_other_timestamps_and_numbers() {
        for (prefix, line, expected) in [
            ("freeswitch_1  | ", "freeswitch_1  | Via: x", Some("Via: x")),
            ("freeswitch_1  | ", "freeswitch_1  |", Some("")),
            ("freeswitch_1  | ", "freeswitch_1 | Via: x", Some("Via: x")),
            ("freeswitch_1  | ", "db_1          | x", None),
            ("fs-0  | ", "fs-1  | x", None),
            ("fs-0  | ", "fs-0 |  x", Some(" x")),
            ("10.0.0.1 ", "10.0.0.2 x", None),
            ("> ", "> Via", Some("Via")),
            ("> ", ">", Some("")),
            ("> ", "Via", None),
            ("     9\t", "    10\tVia", Some("Via")),
            ("9  ", "10 Via", Some("Via")),
            ("9  ", "1000 Via", Some("Via")),
            ("9 ", "9  Via", Some(" Via")),
            ("[   12.345678] ", "[    1.000001]  Via", Some(" Via")),
            ("Feb  1 14:37:05 h fs[9]: ", "Feb 11 00:00:00 h fs[1234]: x", Some("x")),
            ("2026-02-01T14:37:05.1Z ", "2026-02-01T14:37:06Z  x", Some(" x")),
            ("2026-02-01T14:37:05.1Z stdout F ", "2026-02-01T14:37:05.1Z stderr F x", Some("x")),
            (
                "<14>1 2026-02-01T14:37:05.1Z h fs 9 - - ",
                "<15>1 2026-02-01T14:37:05Z h fs 9 - - x",
                Some("x"),
            ),
            ("   ", "   x", Some("x")),
            ("", "x", Some("x")),
        ] {
            assert_eq!(text(&Shape::of(prefix.as_bytes()), line), expected, "{prefix} {line}");
        }
        let cri = Shape::of(b"2026-02-01T14:37:05.1Z stdout F ");
        let partial = cri.strip(b"2026-02-01T14:37:05.2Z stdout P Via").unwrap();
        assert_eq!((partial.text, partial.is_partial), (&b"Via"[..], true));
    }

    #[test]
    fn words_that_differ_may_change() {
        let shape = Shape::common(b"[INFO]  1 fs: ", b"[DEBUG] 2 fs: ").unwrap();
        assert_eq!(text(&shape, "[WARN] 3 fs: x"), Some("x"));
        assert_eq!(text(&shape, "[WARN] 3 db: x"), None);
        let shape = Shape::common(b"a.log-9-", b"a.log-10-").unwrap();
        assert_eq!(text(&shape, "a.log-111-x"), Some("x"));
        assert_eq!(Shape::common(b"a ", b"a: "), None);
        assert_eq!(text(&Shape::loose(b"[INFO] fs: "), "[DEBUG] db: x"), Some("x"));
    }
}
