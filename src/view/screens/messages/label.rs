//! The values of the message list's columns as text.
//!
//! Must not know: columns, where rows are.

use std::borrow::Cow;

use crate::base::escape::escape;
use crate::store::{Flags, Row, RowRef};
use crate::style::Role;
use crate::view::parts::cell_writer::{fit, fit_middle, width};
use crate::view::parts::format;
use crate::view::parts::time_range::INFERRED;

/// Cells of a date with its year: `≈2026-11-23`.
pub(in crate::view) const LONG_DATE: usize = 11;

/// The number of bytes of a value that a column shows: hostile values have megabytes.
const MOST_BYTES: usize = 400;

/// A value of a trace as text for a column.
pub(in crate::view) fn text(value: &[u8]) -> Cow<'_, str> {
    escape(&value[..value.len().min(MOST_BYTES)])
}

/// A peer's address as people write it: brackets only where the address has colons itself.
pub(in crate::view) fn peer(address: &[u8]) -> Cow<'_, str> {
    let plain = address.strip_prefix(b"[").and_then(|rest| {
        let close = rest.iter().position(|b| *b == b']')?;
        (!rest[..close].contains(&b':')).then(|| (&rest[..close], &rest[close + 1..]))
    });
    match plain {
        Some((host, port)) => Cow::Owned(format!("{}{}", text(host), text(port))),
        None => text(address),
    }
}

/// A user in at most `cells` cells. Of a number both ends are kept: numbers differ in either.
pub(in crate::view) fn user_in(user: &[u8], cells: usize) -> Cow<'_, str> {
    let text = text(user);
    if width(&text) <= cells {
        return text;
    }
    let number = text.chars().all(|c| c.is_ascii_digit() || "+-.*#".contains(c));
    Cow::Owned(if number { fit_middle(&text, cells) } else { fit(&text, cells) }.into_owned())
}

/// What a message is, in the pieces that a column shows.
pub(in crate::view) struct Label<'a> {
    /// A sign for what is wrong or special about it.
    pub(in crate::view) mark: Option<(&'static str, Role)>,
    /// The method, or status code and reason.
    pub(in crate::view) what: Cow<'a, str>,
    /// What that is.
    pub(in crate::view) role: Role,
    /// What body it has.
    pub(in crate::view) body: Cow<'a, str>,
    /// The same where that has no room.
    pub(in crate::view) short_body: &'static str,
    /// For a response: the method that it answers.
    pub(in crate::view) answers: Cow<'a, str>,
}

/// The signs in the list, and what they mean.
pub(in crate::view) const SIGNS: [(&str, &str); 8] = [
    (MALFORMED, "malformed header"),
    (INCOMPLETE, "incomplete: bytes missing from the dump"),
    (AGAIN, "retransmission"),
    (GAP, "bytes of the input are missing before it"),
    (INFERRED, "the date is inferred: the dump has none"),
    (SAME_CALL, "same Call-ID as the selected message"),
    (MARKED, "marked"),
    (NOTED, "a note: N changes it"),
];
const MALFORMED: &str = "!";
const INCOMPLETE: &str = "~";
const AGAIN: &str = "↻";
pub(in crate::view) const GAP: &str = "gap";
pub(in crate::view) const MARKED: &str = "●";
pub(in crate::view) const NOTED: &str = "✎";
pub(in crate::view) const SAME_CALL: &str = "▎";

impl<'a> Label<'a> {
    /// The label of a row, with what is known of its body beyond the index.
    pub(in crate::view) fn of(row: &RowRef<'a>, known: Option<&'a str>) -> Self {
        let flags = row.row.flags;
        let mut label = Self {
            mark: mark(flags),
            what: Cow::Borrowed(""),
            role: Role::Dim,
            body: known.map_or(Cow::Borrowed(body(flags)), |known| text(known.as_bytes())),
            short_body: match (flags.has(Flags::MULTIPART), flags.has(Flags::SDP)) {
                (true, true) => "SDP…",
                (false, true) => "SDP",
                (true, false) => "parts",
                (false, false) if flags.has(Flags::BODY) => "body",
                (false, false) => "",
            },
            answers: Cow::Borrowed(""),
        };
        if !flags.has(Flags::SIP) {
            label.what = format!("not SIP, {}", format::bytes(u64::from(row.row.len))).into();
            (label.body, label.short_body) = (Cow::Borrowed(""), "");
        } else if row.row.status == 0 {
            label.what = text(row.what());
            label.role = Role::of_method(row.what());
        } else {
            label.what = format!("{} {}", row.row.status, text(row.what())).into();
            label.role = Role::of_status(row.row.status);
            label.answers = text(row.method());
        }
        if flags.has(Flags::RETRANSMISSION) {
            label.role = Role::Dim;
        }
        label
    }
}

fn mark(flags: Flags) -> Option<(&'static str, Role)> {
    if flags.has(Flags::AFTER_GAP) {
        Some((GAP, Role::Warning))
    } else if !flags.has(Flags::SIP) {
        None
    } else if flags.has(Flags::INCOMPLETE) {
        Some((INCOMPLETE, Role::Error))
    } else if flags.has(Flags::MALFORMED) {
        Some((MALFORMED, Role::Error))
    } else if flags.has(Flags::RETRANSMISSION) {
        Some((AGAIN, Role::Dim))
    } else {
        None
    }
}

const fn body(flags: Flags) -> &'static str {
    match (flags.has(Flags::MULTIPART), flags.has(Flags::SDP), flags.has(Flags::BODY)) {
        (true, true, _) => "SDP +parts",
        (true, false, _) => "parts",
        (_, true, _) => "SDP",
        (_, _, true) => "body",
        _ => "",
    }
}

/// A date in `cells` cells: the year only where there is room, with a sign where it is inferred. Nothing where it is not
/// known.
pub(in crate::view) fn date(row: &Row, cells: usize) -> String {
    if !row.flags.has(Flags::DATED) {
        return String::new();
    }
    let sign = if row.flags.has(Flags::INFERRED) { INFERRED } else { " " };
    let date = format::date(row.time);
    let skip = if cells < LONG_DATE { "2026-".len() } else { 0 };
    format!("{sign}{}", date.get(skip..).unwrap_or_default())
}

/// The time between two rows; nothing where there is no earlier one.
pub(in crate::view) fn between(earlier: Option<&Row>, later: &Row) -> Option<i64> {
    earlier.map(|e| later.time.saturating_sub(e.time))
}

/// A duration in at most `cells` cells, with as many digits as have room.
pub(in crate::view) fn duration_in(micros: i64, cells: usize) -> String {
    let fits = |decimals: &usize| format::duration(micros, *decimals).len() <= cells;
    format::duration(micros, [6, 3, 1].into_iter().find(fits).unwrap_or(0))
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
    fn a_number_keeps_both_ends_and_a_name_its_beginning() {
        for (user, cells, shown) in [
            ("+14085550164", 12, "+14085550164"),
            ("+14085550164", 7, "+14…164"),
            ("+12025550127", 9, "+120…0127"),
            ("93035550127", 9, "9303…0127"),
            ("+12025550127", 6, "+1…127"),
            ("93035550127", 6, "93…127"),
            ("mod_sofia", 7, "mod_so…"),
        ] {
            assert_eq!(user_in(user.as_bytes(), cells), shown);
        }
    }

    #[test]
    fn a_duration_has_as_many_digits_as_have_room() {
        for (micros, cells, want) in [
            (3_095, 11, "+0.003095"),
            (3_095, 8, "+0.003"),
            (62_500_000, 8, "+1:02.5"),
            (3_600_000_000, 8, "+1:00:00"),
        ] {
            assert_eq!(duration_in(micros, cells), want);
        }
    }

    #[test]
    fn a_hostile_value_is_cut_before_it_costs_time() {
        assert_eq!(text(&vec![b'a'; 1 << 20]).len(), MOST_BYTES);
    }
}
