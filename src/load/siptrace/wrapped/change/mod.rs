//! Entries within which the prefix of the lines begins, ends or changes: the lines before and after it show how.
//!
//! Must not know: how an entry is put together, readers.

use super::line::{Line, Lines};
use super::reading::{Reading, Way, may_open};
use crate::load::siptrace::head::is_head_line;
use crate::load::siptrace::lines::{self, HeaderAt};

/// Upper limit of the lines in which the other prefix is looked for.
const MAX_AHEAD: usize = 1024;
/// Upper limit of the prefixes that are tried, and for each of the lines with which it may begin.
const MAX_PREFIXES: usize = 6;
const MAX_STARTS: usize = 8;
/// Header fields that nearly every message has: what is before their names is a prefix.
const FIELDS: [&[u8]; 8] = [
    b"Via: ",
    b"From: ",
    b"To: ",
    b"Call-ID: ",
    b"CSeq: ",
    b"Contact: ",
    b"Content-Type: ",
    b"Content-Length: ",
];

/// The readings of the entry whose header is in the first of `lines`, for each prefix that its later lines may have;
/// `None` if more lines are needed.
pub(super) fn readings(header: HeaderAt, lines: &Lines, has_more: bool) -> Option<Vec<Reading>> {
    let Some(first) = Reading::of(Way::Changing, header, lines) else { return Some(Vec::new()) };
    let next = lines.following(1).find(|(_, line)| is_of_log(line));
    if next.is_none() && has_more && lines.len() < MAX_AHEAD {
        return None;
    }
    let end = next.map_or(lines.len(), |(at, _)| at);
    let loose = lines.get(0).map(|line| first.clone().loose(&line.text[..header.at]));
    let firsts = [first.clone()].into_iter().chain(loose.filter(|loose| !loose.is_like(&first)));
    let mut found = Vec::new();
    for first in firsts {
        for other in others(&first, lines, end) {
            let starts = starts(&first, &other, lines, end);
            found.extend(starts.map(|from| first.clone().changing(from, other.clone())));
        }
    }
    Some(found)
}

/// Whether the next header after the first line has something before it.
pub(super) fn is_wrapped_later(lines: &Lines) -> bool {
    let next = lines.following(1).find_map(|(_, line)| Some((line, header_in(line)?)));
    next.is_some_and(|(line, header)| header.at > line.text.len() - lines::text_of(&line.text).0.len())
}

/// Whether the line is a header or one of FreeSWITCH's own, whatever is before it.
fn is_of_log(line: &Line) -> bool {
    header_in(line).is_some() || lines::prefix_stamp_at(&line.text).is_some()
}

fn header_in(line: &Line) -> Option<HeaderAt> {
    lines::header_at(&line.text).filter(|header| may_open(&line.text, *header))
}

/// What the lines up to the one at `end` may have instead of the first one's prefix.
fn others(first: &Reading, lines: &Lines, end: usize) -> Vec<Reading> {
    let of_next = lines.get(end).into_iter().filter_map(of_log_line).flat_map(|(reading, prefix)| {
        let loose = reading.clone().loose(prefix);
        [reading, loose]
    });
    let of_entry = || lines.following(0).take_while(|(at, _)| *at < end);
    let of_fields = of_entry().skip(1).filter_map(|(_, line)| of_field(&line.text));
    let none = Reading::of_prefix(Way::Changing, b"");
    let is_mixed = first.is_like(&none) && has_both_kinds(of_entry().map(|(_, line)| line.is_record));
    let mut others: Vec<Reading> = is_mixed.then(|| none.clone()).into_iter().collect();
    let of_last = lines
        .get(end)
        .is_none()
        .then(|| of_entry().skip(1).last().and_then(|(_, line)| of_blank(&line.text)));
    for other in of_next.chain([none]).chain(of_fields).chain(of_last.flatten()) {
        if others.len() < MAX_PREFIXES && !others.iter().chain([first]).any(|known| known.is_like(&other)) {
            others.push(other);
        }
    }
    others
}

fn has_both_kinds(kinds: impl Iterator<Item = bool>) -> bool {
    let (records, others): (Vec<bool>, Vec<bool>) = kinds.partition(|is_record| *is_record);
    !records.is_empty() && !others.is_empty()
}

/// What is before and after a header, or before a line of FreeSWITCH's log, and the prefix.
fn of_log_line(line: &Line) -> Option<(Reading, &[u8])> {
    let header = header_in(line);
    let at = header.map_or_else(|| lines::prefix_stamp_at(&line.text), |header| Some(header.at))?;
    let prefix = &line.text[..at];
    let reading = match header {
        Some(header) => Reading::of_line(Way::Changing, header, &line.text)?,
        None => Reading::of_prefix(Way::Changing, prefix),
    };
    Some((reading, prefix))
}

/// What is before the name of a header field, or before a line of SDP.
fn of_field(line: &[u8]) -> Option<Reading> {
    let is_start = |at: &usize| *at > 0 && !line[at - 1].is_ascii_alphanumeric();
    let field = FIELDS.iter().find_map(|name| memchr::memmem::find(line, name).filter(is_start));
    let sdp = || {
        let equals = memchr::memchr(b'=', line)?;
        equals.checked_sub(1).filter(|at| line[*at].is_ascii_lowercase()).filter(is_start)
    };
    field.or_else(sdp).map(|at| Reading::of_prefix(Way::Changing, &line[..at]))
}

/// What is before a blank line, if the last line of the input is one.
fn of_blank(line: &[u8]) -> Option<Reading> {
    let line = lines::without_crs(line);
    let is_text = line.is_empty() || line.get(1) == Some(&b'=') || (line[0] > b' ' && is_head_line(line));
    (!is_text).then(|| Reading::of_prefix(Way::Changing, line))
}

/// The positions of the lines up to the one at `end` with which the other reading may begin: those that only it can
/// read, after one that it cannot read or that both can.
fn starts<'a>(
    first: &'a Reading,
    other: &'a Reading,
    lines: &'a Lines,
    end: usize,
) -> impl Iterator<Item = usize> + 'a {
    let mut is_other = false;
    let of_entry = lines.following(1).take_while(move |(at, _)| *at < end);
    let kinds = of_entry.filter(|(_, line)| !lines::without_crs(&line.text).is_empty());
    kinds
        .filter_map(move |(at, line)| {
            let is_foreign = lines.get(0).is_some_and(|first| first.is_record != line.is_record);
            let is_readable = is_foreign || first.is_plain() || !first.matches(&line.text);
            let was_other = std::mem::replace(&mut is_other, is_readable && other.matches(&line.text));
            (is_other && !was_other).then_some(at)
        })
        .take(MAX_STARTS)
}

#[cfg(test)]
mod tests;
