//! What is before the lines of a text, or of an entry.
//!
//! Must not know: readers, entries.

use super::line::Line;
use super::reading::may_open;
use super::record;
use crate::load::siptrace::entry::INDENT;
use crate::load::siptrace::lines::{self, BOM};

/// The kind of lines of a wrapped log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Wrapping {
    /// Each line is an object of JSON.
    Json,
    /// Lines have a prefix.
    Lines,
}

/// The result for the beginning of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load::siptrace) enum Found {
    Wrapping(Wrapping),
    /// A wrapped log, found by a line of FreeSWITCH's log only.
    Likely(Wrapping),
    Nothing,
}

/// Searches a log that begins with `head` for a wrapped entry, or a wrapped line of FreeSWITCH's log.
pub(in crate::load::siptrace) fn find(head: &[u8]) -> Found {
    let mut found = Found::Nothing;
    let mut rest = head.strip_prefix(BOM).unwrap_or(head);
    while let Some((line, len)) = lines::split_line(rest) {
        rest = &rest[len..];
        match of_line(line) {
            Found::Wrapping(wrapping) => return Found::Wrapping(wrapping),
            likely @ Found::Likely(_) if found == Found::Nothing => found = likely,
            Found::Nothing | Found::Likely(_) => {}
        }
    }
    found
}

/// The evidence in `line`.
fn of_line(line: &[u8]) -> Found {
    if let Some(record) = record::json(line) {
        let is_of_log = |line: &[u8]| lines::header_at(line).is_some() || lines::prefix_stamp(line).is_some();
        let is_of_log = record.text.split(|&b| b == b'\n').any(is_of_log);
        return if is_of_log { Found::Wrapping(Wrapping::Json) } else { Found::Nothing };
    }
    match lines::header_at(line) {
        Some(header) if header.at == 0 && header.end == line.len() => Found::Nothing,
        Some(header) if may_open(line, header) => Found::Wrapping(Wrapping::Lines),
        _ => match lines::prefix_stamp_at(line).filter(|at| *at > 0) {
            Some(_) => Found::Likely(Wrapping::Lines),
            None => Found::Nothing,
        },
    }
}

/// What is before the lines of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Wrapping(Wrapping),
    /// Nothing: they are those of a plain log.
    Plain,
    /// The next line decides.
    Unknown,
}

/// The kind of the entry whose header is in the line `first`. `next` is the line after it.
pub(super) fn of_entry(first: &Line, next: Option<&Line>) -> Kind {
    if first.is_record {
        return Kind::Wrapping(Wrapping::Json);
    }
    let text = lines::without_crs(lines::text_of(&first.text).0);
    if lines::header_at(text).is_some_and(|header| header.at == 0 && header.end == text.len()) {
        let is_dashes = |line: &Line| {
            let text = lines::without_crs(&line.text);
            lines::is_dashes(text.strip_prefix(INDENT).unwrap_or(text))
        };
        match next {
            None => return Kind::Unknown,
            Some(next) if is_dashes(next) => return Kind::Plain,
            Some(_) => {}
        }
    }
    let has_header = |record: record::Record| {
        record.text.split(|&b| b == b'\n').any(|line| lines::header_at(line).is_some())
    };
    let is_json = record::json(&first.text).is_some_and(has_header);
    Kind::Wrapping(if is_json { Wrapping::Json } else { Wrapping::Lines })
}
