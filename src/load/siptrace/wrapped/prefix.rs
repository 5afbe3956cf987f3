//! The prefix of every line: a text that is the same everywhere, except for its timestamps and numbers.
//!
//! Must not know: which lines there are.

use super::stamp;

/// The prefix of a log's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Prefix {
    items: Vec<Item>,
    /// How many of the last items are blanks: a line without text may lack them.
    trailing_blanks: usize,
}

/// An element of the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    /// A timestamp of any format.
    Stamp,
    /// A number, such as a process identifier.
    Digits,
    /// `stdout F `: the marker that Kubernetes writes before each line (the CRI format).
    Cri,
    /// One constant byte.
    Byte(u8),
}

/// A line without its prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stripped<'a> {
    /// What follows the prefix.
    pub(super) text: &'a [u8],
    /// The timestamp with its date in the format of FreeSWITCH's log.
    pub(super) stamp: Option<Vec<u8>>,
    /// The next line continues this one.
    pub(super) is_partial: bool,
}

impl Prefix {
    /// The prefix as found in `text`.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut items = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let is_start = at == 0 || !text[at - 1].is_ascii_alphanumeric();
            let (item, len) = Self::item(&text[at..], is_start);
            items.push(item);
            at += len;
        }
        let trailing_blanks =
            items.iter().rev().take_while(|item| matches!(item, Item::Byte(b' ' | b'\t'))).count();
        Self { items, trailing_blanks }
    }

    fn item(text: &[u8], is_start: bool) -> (Item, usize) {
        if is_start && let Some(len) = stamp::len(text) {
            return (Item::Stamp, len);
        }
        if is_start && let Some((len, _)) = cri(text) {
            return (Item::Cri, len);
        }
        match digits(text) {
            0 => (Item::Byte(text[0]), 1),
            len => (Item::Digits, len),
        }
    }

    /// Whether the prefix is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Removes the prefix from `line`, which has no line end; `None` if the line has another prefix or none.
    pub(super) fn strip<'a>(&self, line: &'a [u8]) -> Option<Stripped<'a>> {
        let mut out = Stripped { text: line, stamp: None, is_partial: false };
        for (nth, item) in self.items.iter().enumerate() {
            let text = out.text;
            let len = match item {
                Item::Stamp => stamp::len(text)?,
                Item::Digits => Some(digits(text)).filter(|len| *len > 0)?,
                Item::Cri => cri(text)?.0,
                Item::Byte(_) if text.is_empty() && nth >= self.items.len() - self.trailing_blanks => break,
                Item::Byte(byte) => usize::from(text.first() == Some(byte)).checked_sub(1).map(|_| 1)?,
            };
            match item {
                Item::Stamp => out.stamp = stamp::dated(text).or(out.stamp),
                Item::Cri => out.is_partial = cri(text).is_some_and(|(_, is_partial)| is_partial),
                _ => {}
            }
            out.text = &text[len..];
        }
        Some(out)
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_digit()).count()
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

    #[test]
    fn a_prefix_matches_with_other_timestamps_and_numbers() {
        for (prefix, line, expected) in [
            ("freeswitch_1  | ", "freeswitch_1  | Via: x", Some("Via: x")),
            ("freeswitch_1  | ", "freeswitch_1  |", Some("")),
            ("freeswitch_1  | ", "db_1          | x", None),
            ("> ", "> Via", Some("Via")),
            ("> ", ">", Some("")),
            ("> ", "Via", None),
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
            let found = Prefix::of(prefix.as_bytes()).strip(line.as_bytes()).map(|found| found.text);
            assert_eq!(found, expected.map(str::as_bytes), "{prefix} {line}");
        }
        let cri = Prefix::of(b"2026-02-01T14:37:05.1Z stdout F ");
        let partial = cri.strip(b"2026-02-01T14:37:05.2Z stdout P Via").unwrap();
        assert_eq!((partial.text, partial.is_partial), (&b"Via"[..], true));
        assert_eq!(partial.stamp.as_deref(), Some(&b"2026-02-01 14:37:05.200000"[..]));
    }
}
