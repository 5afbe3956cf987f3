//! What the list says of a message in a few words, and the values of its columns.
//!
//! Must not know: columns, where rows stand.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::base::escape::escape;
use crate::store::{Flags, Row, RowRef};

use super::{Theme, figures, pen};

pub(super) const LONG_DATE: usize = 11;

/// No column shows more bytes than this of a value; hostile ones have megabytes.
const MOST_BYTES: usize = 400;

/// A value of a trace as text for a column.
pub(super) fn text(value: &[u8]) -> Cow<'_, str> {
    escape(&value[..value.len().min(MOST_BYTES)])
}

/// A peer's address as people write it: brackets only where the address has colons itself.
pub(super) fn peer(address: &[u8]) -> Cow<'_, str> {
    let plain = address.strip_prefix(b"[").and_then(|rest| {
        let close = rest.iter().position(|b| *b == b']')?;
        (!rest[..close].contains(&b':')).then(|| (&rest[..close], &rest[close + 1..]))
    });
    match plain {
        Some((host, port)) => Cow::Owned(format!("{}{}", text(host), text(port))),
        None => text(address),
    }
}

/// A user in at most `cells` cells. Of a number the end is kept: it tells more than the prefix.
pub(super) fn user_in(user: &[u8], cells: usize) -> Cow<'_, str> {
    let text = text(user);
    if pen::width(&text) <= cells {
        return text;
    }
    let number = text.chars().all(|c| c.is_ascii_digit() || "+-.*#".contains(c));
    Cow::Owned(if number { pen::fit_tail(&text, cells) } else { pen::fit(&text, cells) }.into_owned())
}

/// What a message is, in the pieces that a column shows.
pub(super) struct Label<'a> {
    /// What is wrong or special about it: a sign, and how it looks.
    pub(super) mark: Option<(&'static str, Style)>,
    /// The method, or status code and reason.
    pub(super) what: Cow<'a, str>,
    /// How that looks.
    pub(super) style: Style,
    /// What body it has, in a word and shorter.
    pub(super) body: (&'static str, &'static str),
    /// For a response: the method that it answers.
    pub(super) answers: Cow<'a, str>,
}

/// The signs before a message's name, with what they mean.
pub(super) const MARKS: [(&str, &str); 6] = [
    (MALFORMED, "a line of its head cannot be read"),
    (INCOMPLETE, "cut: a part of it is not in the dump"),
    (AGAIN, "sent before: a retransmission"),
    (GAP, "bytes of the input are missing before it"),
    (ABOUT, "before a date: inferred, the stamp has none"),
    (SAME_CALL, "belongs to the selected message's call"),
];
const MALFORMED: &str = "!";
const INCOMPLETE: &str = "~";
const AGAIN: &str = "↻";
pub(super) const GAP: &str = "gap";
pub(super) const ABOUT: &str = "≈";
pub(super) const SAME_CALL: &str = "▎";

impl<'a> Label<'a> {
    /// The label of a row.
    pub(super) fn of(row: &RowRef<'a>, theme: &Theme) -> Self {
        let flags = row.row.flags;
        let mut label = Self {
            mark: mark(flags, theme),
            what: Cow::Borrowed(""),
            style: theme.dim(),
            body: body(flags),
            answers: Cow::Borrowed(""),
        };
        if !flags.has(Flags::SIP) {
            label.what = format!("(no SIP) {}", figures::bytes(u64::from(row.row.len))).into();
            label.body = ("", "");
        } else if row.row.status == 0 {
            label.what = text(row.what());
            label.style = theme.method(row.what());
        } else {
            label.what = format!("{} {}", row.row.status, text(row.what())).into();
            label.style = theme.status(row.row.status);
            label.answers = text(row.method());
        }
        if flags.has(Flags::RETRANSMISSION) {
            label.style = label.style.patch(theme.dim());
        }
        label
    }
}

fn mark(flags: Flags, theme: &Theme) -> Option<(&'static str, Style)> {
    // What is no SIP says so itself, and what is cut explains by that why it cannot be read.
    if flags.has(Flags::AFTER_GAP) {
        Some((GAP, theme.warning()))
    } else if !flags.has(Flags::SIP) {
        None
    } else if flags.has(Flags::INCOMPLETE) {
        Some((INCOMPLETE, theme.error()))
    } else if flags.has(Flags::MALFORMED) {
        Some((MALFORMED, theme.error()))
    } else if flags.has(Flags::RETRANSMISSION) {
        Some((AGAIN, theme.dim()))
    } else {
        None
    }
}

const fn body(flags: Flags) -> (&'static str, &'static str) {
    match (flags.has(Flags::MULTIPART), flags.has(Flags::SDP), flags.has(Flags::BODY)) {
        (true, true, _) => ("(SDP, parts)", "(SDP+)"),
        (true, false, _) => ("(parts)", "(+)"),
        (_, true, _) => ("(SDP)", "(SDP)"),
        (_, _, true) => ("(body)", "(b)"),
        _ => ("", ""),
    }
}

/// A date in `cells` cells: the year only where there is room, with a sign where it is inferred. Nothing where it is not
/// known.
pub(super) fn date(row: &Row, cells: usize) -> String {
    if !row.flags.has(Flags::DATED) {
        return String::new();
    }
    let sign = if row.flags.has(Flags::INFERRED) { ABOUT } else { " " };
    let date = figures::date(row.time);
    let skip = if cells < LONG_DATE { "2026-".len() } else { 0 };
    format!("{sign}{}", date.get(skip..).unwrap_or_default())
}

/// The time between two rows; nothing where there is no earlier one.
pub(super) fn between(earlier: Option<&Row>, later: &Row) -> Option<i64> {
    earlier.map(|e| later.time.saturating_sub(e.time))
}

/// A span in at most `cells` cells, with as many digits as have room.
pub(super) fn span_in(micros: i64, cells: usize) -> String {
    let fits = |decimals: &usize| figures::span(micros, *decimals).len() <= cells;
    figures::span(micros, [6, 3, 1].into_iter().find(fits).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_with_colons_keep_their_brackets() {
        for (address, shown) in [
            ("[192.0.2.7]:5060", "192.0.2.7:5060"),
            ("192.0.2.7:5060", "192.0.2.7:5060"),
            ("[2001:db8::1]:40312", "[2001:db8::1]:40312"),
            ("[\u{1b}]:1", r"\x1b:1"),
            ("[", "["),
            ("", ""),
        ] {
            assert_eq!(peer(address.as_bytes()), shown);
        }
    }

    #[test]
    fn a_number_keeps_its_end_and_a_name_its_beginning() {
        for (user, cells, shown) in [
            ("+14085550164", 12, "+14085550164"),
            ("+14085550164", 7, "…550164"),
            ("mod_sofia", 7, "mod_so…"),
        ] {
            assert_eq!(user_in(user.as_bytes(), cells), shown);
        }
    }

    #[test]
    fn a_span_has_as_many_digits_as_have_room() {
        for (micros, cells, want) in [
            (3_095, 11, "+0.003095"),
            (3_095, 8, "+0.003"),
            (62_500_000, 8, "+1:02.5"),
            (3_600_000_000, 8, "+1:00:00"),
        ] {
            assert_eq!(span_in(micros, cells), want);
        }
    }

    #[test]
    fn a_hostile_value_is_cut_before_it_costs_time() {
        assert_eq!(text(&vec![b'a'; 1 << 20]).len(), MOST_BYTES);
    }
}
