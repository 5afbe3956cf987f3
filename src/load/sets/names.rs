//! Parses the name of a file: its position in a rotation set.
//!
//! `internal.dump` is the newest; `internal.dump.2` is older than `internal.dump.1`; `internal.dump-20260201` and
//! `internal-20260201.dump` contain the day of their rotation. Endings of compressors are ignored here.
//!
//! Must not know: what is in a file.

use std::path::{Path, PathBuf};

use crate::base::Timestamp;

/// Endings of compressors. Compression is detected from the first bytes; here the endings are only removed.
const COMPRESSED: [&str; 6] = ["xz", "gz", "zst", "bz2", "zstd", "lzma"];
/// Endings of the names of files that are rotated.
const ENDINGS: [&str; 2] = [".dump", ".log"];

/// A parsed file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The common base name of the set, with its folder.
    pub(super) base: PathBuf,
    pub(super) mark: Mark,
    /// Whether the name has such an ending: `trace-192.0.2.1` may not be a rotated file.
    pub(super) is_sure: bool,
}

/// What the rotation added to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    /// Nothing: the file that is being written.
    Current,
    /// How many times it was rotated.
    Number(u32),
    /// The time of the rotation, in seconds since 1970 by its own clock, and a number among those of that time.
    Date(i64, u32),
    /// Something that does not show the order.
    Other,
}

impl Name {
    pub(super) fn of(path: &Path) -> Self {
        let folder = path.parent().unwrap_or(Path::new(""));
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = without_compression(&name);
        let is_sure = ENDINGS.iter().any(|ending| name.contains(ending));
        let (base, mark) = split(name);
        Self { base: folder.join(base), mark, is_sure }
    }
}

/// A name without a compressor's ending.
pub(super) fn without_compression(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((rest, ending)) if !rest.is_empty() && COMPRESSED.contains(&ending) => rest,
        _ => name,
    }
}

/// Whether a name has a compressor's ending.
pub(in crate::load) fn is_compressed(path: &Path) -> bool {
    path.file_name().map(|name| name.to_string_lossy()).is_some_and(|name| without_compression(&name) != name)
}

fn split(name: &str) -> (String, Mark) {
    let end = ENDINGS.iter().filter_map(|ending| Some(name.find(ending)? + ending.len())).min();
    let Some(end) = end else {
        return match suffix(name) {
            Some((base, mark)) => (base.to_owned(), mark),
            None => (name.to_owned(), Mark::Current),
        };
    };
    let (stem, rest) = name.split_at(end);
    if rest.is_empty() {
        return dated_stem(stem).unwrap_or_else(|| (stem.to_owned(), Mark::Current));
    }
    if !rest.starts_with(['.', '-', '_', '~']) {
        return (name.to_owned(), Mark::Current);
    }
    (
        stem.to_owned(),
        suffix(rest).filter(|(before, _)| before.is_empty()).map_or(Mark::Other, |(_, mark)| mark),
    )
}

/// `internal-20260201.dump`: the day precedes the ending.
fn dated_stem(stem: &str) -> Option<(String, Mark)> {
    let (name, ending) = stem.rsplit_once('.')?;
    let (before, mark) = suffix(name).filter(|(_, mark)| matches!(mark, Mark::Date(..)))?;
    (!before.is_empty()).then(|| (format!("{before}.{ending}"), mark))
}

/// Splits off the longest ending that is a number or a time: `.3`, `-20260201`, `.2026-02-01-13-00-00.1`.
fn suffix(name: &str) -> Option<(&str, Mark)> {
    let places = name.char_indices().filter(|(_, c)| matches!(c, '.' | '-' | '_')).map(|(at, _)| at);
    let mut found = None;
    for at in places {
        let tail = &name[at + 1..];
        if let Some((time, nth)) = dated(tail) {
            return Some((&name[..at], Mark::Date(time, nth)));
        }
        if (1..=5).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit()) {
            found = tail.parse().ok().map(|number| (&name[..at], Mark::Number(number)));
        }
    }
    found
}

/// A time in the formats of rotations, and the number after it, if any.
fn dated(text: &str) -> Option<(i64, u32)> {
    let (time, nth) = match text.rsplit_once('.') {
        Some((time, nth)) if nth.len() <= 5 => (time, nth.parse().ok()?),
        _ => (text, 0),
    };
    if !time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'T' | b':')) {
        return None;
    }
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 10 && digits.starts_with('1') && time.len() == 10 {
        // logrotate's `dateformat -%s`.
        return digits.parse().ok().map(|seconds| (seconds, nth));
    }
    if !(8..=14).contains(&digits.len()) || !digits.starts_with("20") {
        return None;
    }
    let full = format!("{digits:0<14}");
    let part = |from: usize, to: usize| full.get(from..to).unwrap_or("00");
    let stamp = format!(
        "{}-{}-{} {}:{}:{}.000000",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    let stamp = Timestamp::parse(stamp.as_bytes())?;
    Some((stamp.days()? * 86_400 + (stamp.micros_of_day() / 1_000_000) as i64, nth))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> i64 {
        let stamp = Timestamp::parse(format!("{text}.000000").as_bytes()).unwrap();
        stamp.days().unwrap() * 86_400 + (stamp.micros_of_day() / 1_000_000) as i64
    }

    #[test]
    fn names_are_parsed() {
        let day = Mark::Date(seconds("2026-02-01 00:00:00"), 0);
        for (name, base, mark) in [
            ("a/internal.dump", "a/internal.dump", Mark::Current),
            ("internal.dump.xz", "internal.dump", Mark::Current),
            ("internal.dump.2", "internal.dump", Mark::Number(2)),
            ("internal.dump.10.xz", "internal.dump", Mark::Number(10)),
            ("internal.dump-20260201", "internal.dump", day),
            ("internal.dump-20260201.gz", "internal.dump", day),
            ("internal.dump.2026-02-01.zst", "internal.dump", day),
            ("internal-20260201.dump.bz2", "internal.dump", day),
            ("internal.dump-2026020113", "internal.dump", Mark::Date(seconds("2026-02-01 13:00:00"), 0)),
            ("internal.dump-1769950800", "internal.dump", Mark::Date(seconds("2026-02-01 13:00:00"), 0)),
            (
                "freeswitch.log.2026-02-01-13-00-00.1",
                "freeswitch.log",
                Mark::Date(seconds("2026-02-01 13:00:00"), 1),
            ),
            ("internal.dump.old", "internal.dump", Mark::Other),
            ("internal.dump~", "internal.dump", Mark::Other),
            ("internal.dumper", "internal.dumper", Mark::Current),
            ("gw.1.dump", "gw.1.dump", Mark::Current),
            ("internal.dump.20269901", "internal.dump", Mark::Other),
            ("trace.3.gz", "trace", Mark::Number(3)),
            ("trace", "trace", Mark::Current),
            (".xz", ".xz", Mark::Current),
        ] {
            let got = Name::of(Path::new(name));
            assert_eq!((got.base, got.mark), (PathBuf::from(base), mark), "{name}");
        }
    }
}
