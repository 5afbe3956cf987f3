//! Tables for spreadsheets: records of cells (RFC 4180), after a record with the headings.
//!
//! Must not know: who asks for a table, files.

mod calls;
mod messages;

pub use calls::{calls, dialogs};
pub use messages::{Column, Messages, USUAL};

use std::borrow::Cow;

use ::csv::WriterBuilder;

use crate::base::escape::escape;

/// Room for a record of usual length.
const RECORD: usize = 512;

/// Appends a record.
pub(super) fn record<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = Cow<'a, str>>) {
    let mut writer = WriterBuilder::new().buffer_capacity(RECORD).from_writer(out);
    for cell in cells {
        // Writing to memory does not fail.
        let _ = writer.write_field(harmless(&cell).as_bytes());
    }
    let _ = writer.write_record(None::<&[u8]>);
    let _ = writer.flush();
}

/// Bytes of a trace as a cell: what a terminal or a spreadsheet would obey is escaped, as in the lists.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    escape(bytes)
}

/// A cell that no spreadsheet takes for a formula: whoever sends a message chooses its display name, and `=HYPERLINK(…)` is one.
///
/// Spreadsheets calculate what begins with `=`, `+`, `-` or `@`, also in full width. A quote before it makes it text, as OWASP
/// recommends ("CSV Injection"). A sign with digits alone is left as it is: `+12025550123` and `+0.021819` are numbers for a
/// spreadsheet, which can do no harm, and programs that read the file find the exact phone number.
fn harmless(cell: &str) -> Cow<'_, str> {
    let starts_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if !starts_formula || is_number(cell) {
        return Cow::Borrowed(cell);
    }
    Cow::Owned(format!("'{cell}"))
}

/// A sign, digits, and at most one point.
fn is_number(cell: &str) -> bool {
    let Some(digits) = cell.strip_prefix(['+', '-']) else { return false };
    let points = digits.bytes().filter(|b| *b == b'.').count();
    digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') && points <= 1 && digits.len() > points
}

/// A duration in seconds, exact.
pub(super) fn seconds(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        record(&mut out, cells.iter().map(|cell| Cow::Borrowed(*cell)));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula_and_numbers_keep_their_signs() {
        for (cell, want) in [
            ("1013", "1013"),
            ("+12025550123", "+12025550123"),
            ("+0.021819", "+0.021819"),
            ("-3", "-3"),
            ("+1-202-555", "'+1-202-555"),
            ("-", "'-"),
            ("+.", "'+."),
            ("=1+1", "'=1+1"),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+cmd|' /C calc'!A0", "'-2+cmd|' /C calc'!A0"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\t=1", "'\t=1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(written(&[cell]), format!("{want}\n"), "{cell}");
        }
    }

    #[test]
    fn records_are_quoted_where_it_is_needed() {
        assert_eq!(
            written(&["a,b", "say \"x\"", "", "two\nlines"]),
            "\"a,b\",\"say \"\"x\"\"\",,\"two\nlines\"\n"
        );
        assert_eq!(text(b"a\x1b[2J\xff\r\n"), r"a\x1b[2J\xff\r\n");
    }

    #[test]
    fn durations_are_exact_seconds() {
        for (micros, want) in
            [(0, "0.000000"), (972_000, "0.972000"), (61_000_001, "61.000001"), (-5, "-0.000005")]
        {
            assert_eq!(seconds(micros), want);
        }
    }
}
