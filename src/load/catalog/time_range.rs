//! Finds the time range of files without reading them whole: when each begins, and when a set ends.
//!
//! Must not know: who asks.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use crate::base::Timestamp;
use crate::frame::{FrameReader, Marker, stamps};
use crate::store::{DAY, Dates, DayClock, PooledFile, STEP, read_at_most};

use crate::load::catalog::dates;
use crate::load::decode::count::Counter;
use crate::load::decode::{self, Text};
use crate::load::siptrace::Siptrace;

/// Bytes of a text that are searched for its first frame.
const HEAD: u64 = 256 * 1024;

/// The longest assumed duration of a rotated file: eight days, in microseconds.
const LONGEST: i64 = 8 * DAY;

/// The time range of the messages of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::load) struct SetRange {
    /// The time of the first message, in microseconds since 1970 if its date is known, else since midnight.
    pub(in crate::load) first: Option<i64>,
    /// The time of the last message; for a compressed file, its modification time.
    pub(in crate::load) last: Option<i64>,
    /// How the date of the first message is known.
    pub(in crate::load) dates: Dates,
}

/// Reads the oldest and the newest file of a set; the files are given oldest first.
pub(in crate::load) fn of<'a>(mut files: impl DoubleEndedIterator<Item = &'a Path> + Clone) -> SetRange {
    let first = files.clone().find_map(first);
    let last = files.next_back().and_then(last);
    let (first, dates) = first.map_or((None, Dates::Unknown), |(first, dates)| (Some(first), dates));
    // The newest file's time may be too early: it was written before the first message, or by another clock.
    let last = last.zip(first).map(|(last, first)| if last < first { next_after(first, last) } else { last });
    SetRange { first, last: last.or(first), dates }
}

/// The first time after `first` at the same time of day as `time`.
fn next_after(first: i64, time: i64) -> i64 {
    let same_day = first.div_euclid(DAY) * DAY + time.rem_euclid(DAY);
    if same_day < first { same_day + DAY } else { same_day }
}

/// The last timestamp with a date near the end of a log.
fn last_of_log(path: &Path, len: u64) -> Option<i64> {
    const TAIL: u64 = 1 << 20;
    let mut tail = Vec::new();
    read_at_most(&File::open(path).ok()?, len.saturating_sub(TAIL), TAIL, &mut tail).ok()?;
    let mut frames = FrameReader::new(Siptrace::new(&tail[..]));
    let mut last = None;
    while let Ok(Some(frame)) = frames.next_frame() {
        last =
            frame.timestamp.days().map(|days| days * DAY + frame.timestamp.micros_of_day() as i64).or(last);
    }
    last
}

/// When a file begins, as a sort key; the modification time if the file has no timestamp.
pub(in crate::load) fn begins(path: &Path) -> i64 {
    let known = first(path).filter(|(_, dates)| *dates != Dates::Unknown).map(|(time, _)| time);
    known.or_else(|| last_write(path)).unwrap_or(i64::MAX)
}

/// The modification time of a file, in local time.
pub(in crate::load) fn last_write(path: &Path) -> Option<i64> {
    fs::metadata(path).ok().map(|meta| dates::last_write(&meta))
}

/// The time of a file's first frame, and how its date is known.
pub(in crate::load) fn first(path: &Path) -> Option<(i64, Dates)> {
    let (head, text) = beginning(path)?;
    Head::of(&head).time(&text)
}

/// Whether two files begin with the same text, and it is long enough to be no coincidence.
pub(in crate::load) fn begin_alike(one: &Path, other: &Path) -> bool {
    const TELLING: usize = 200;
    let [Some((one, _)), Some((other, _))] = [one, other].map(beginning) else { return false };
    let len = one.len().min(other.len());
    len >= TELLING && one[..len] == other[..len]
}

/// The beginning of a file's text.
fn beginning(path: &Path) -> Option<(Vec<u8>, Text)> {
    let mut text = decode::open(path, Counter::default()).ok()?;
    if !text.meta.is_file() {
        // Reading from a pipe would lose its bytes.
        return None;
    }
    let mut head = Vec::new();
    // The readable beginning of a damaged archive is enough.
    let _ = text.reader.by_ref().take(HEAD).read_to_end(&mut head);
    Some((head, text))
}

/// The facts about time in the first bytes of a text.
#[derive(Debug, Default)]
pub(in crate::load) struct Head {
    first: Option<Timestamp>,
    marker: Marker,
    /// The first timestamp with a date, if the first one has none: the first date in a log also dates the timestamps
    /// before it.
    dated: Option<Timestamp>,
    /// All times of day, if the text is short and has no date.
    times: Vec<i64>,
}

impl Head {
    pub(in crate::load) fn of(head: &[u8]) -> Self {
        let mut frames = FrameReader::new(head);
        let first = frames.next_frame().ok().flatten().map(|frame| frame.timestamp);
        let marker = *frames.marker();
        let mut dated = None;
        while first.is_some_and(|first| first.days().is_none())
            && let Ok(Some(frame)) = frames.next_frame()
        {
            if frame.timestamp.days().is_some() {
                dated = Some(frame.timestamp);
                break;
            }
        }
        let mut head_of = Self { first, marker, dated, times: Vec::new() };
        if !head_of.tells_day() && (head.len() as u64) < HEAD {
            head_of.times = stamps(head).map(|stamp| stamp.micros_of_day() as i64).collect();
        }
        head_of
    }

    /// Whether the text itself has the day of the first timestamp.
    pub(in crate::load) fn tells_day(&self) -> bool {
        self.first.is_some_and(|first| first.days().is_some() || self.marker.time.is_some())
    }

    /// The day of the first timestamp from the file's modification time; `None` if the text itself has it.
    pub(in crate::load) fn day(&self, plain: Option<&PooledFile>, meta: &Metadata) -> Option<i64> {
        let first = self.first.filter(|_| !self.tells_day())?;
        if let Some((dated, day)) = self.dated.and_then(|dated| Some((dated, dated.days()?))) {
            // A small step back is not a midnight.
            let is_before = first.micros_of_day() as i64 > dated.micros_of_day() as i64 + STEP;
            return Some(day - i64::from(is_before));
        }
        match plain {
            Some(file) => dates::first_day(&*file.file().ok()?, meta),
            // As for a plain file, so that equal times in both stay equal.
            None if !self.times.is_empty() => dates::first_day_of_text(&self.times, meta),
            None => Some(dates::first_day_of_short(first, dates::last_write(meta))),
        }
    }

    fn time(&self, text: &Text) -> Option<(i64, Dates)> {
        let mut clock = DayClock::default();
        clock.marker(&self.marker);
        clock.file_begins(self.day(text.plain.as_ref(), &text.meta), false);
        self.first.map(|first| clock.read(first))
    }
}

/// The time of a file's last frame. For a compressed file only its beginning and its modification time are known; the
/// latter is meaningless if the file was copied later.
fn last(path: &Path) -> Option<i64> {
    let (first, _) = first(path)?;
    let text = decode::open(path, Counter::default()).ok()?;
    let meta = &text.meta;
    if let Some(plain) = &text.plain {
        return dates::last_after(&*plain.file().ok()?, meta.len(), first);
    }
    if !text.is_compressed
        && let Some(last) = last_of_log(path, meta.len())
    {
        return Some(last);
    }
    let written = dates::last_write(meta);
    Some(if (first..first + LONGEST).contains(&written) { written } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DAY;

    #[test]
    fn the_end_of_a_log_is_read_from_its_text() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("freeswitch.log");
        let entry = |stamp: &str| {
            let dashes = "-".repeat(72);
            format!("recv 11 bytes from udp/[192.0.2.7]:5060 at {stamp}.000000:\n{dashes}\nBYE sip:a\n\n")
        };
        let line = |stamp: &str| format!("{stamp}.000000 99.00% [DEBUG] switch_core.c:1 text\n");
        let text = [
            line("2026-11-22 23:00:00"),
            entry("23:00:01"),
            line("2026-11-23 01:00:00"),
            entry("01:00:01"),
            line("2026-11-23 02:00:00"),
        ];
        std::fs::write(&path, text.concat()).unwrap();
        let span = of(std::iter::once(&*path));
        let time = |text: &str| {
            let stamp = Timestamp::parse(format!("{text}.000000").as_bytes()).unwrap();
            stamp.days().unwrap() * DAY + stamp.micros_of_day() as i64
        };
        assert_eq!(span.first, Some(time("2026-11-22 23:00:01")));
        assert_eq!((span.last, span.dates), (Some(time("2026-11-23 01:00:01")), Dates::Stamped));
    }

    #[test]
    fn the_first_day_is_read_from_the_text_if_possible() {
        let frame =
            |stamp: &str| format!("recv 1 bytes from udp/[192.0.2.7]:5060 at {stamp}.000000:\nx\x0b\n");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
        for (what, text, want) in [
            ("a marker", marker.to_owned() + &frame("05:00:00"), Some("2026-11-23")),
            ("a date", frame("2026-11-24 05:00:00"), Some("2026-11-24")),
            ("a date behind it", frame("05:00:00") + &frame("2026-11-24 05:00:01"), Some("2026-11-24")),
            ("behind midnight", frame("23:59:59") + &frame("2026-11-24 00:00:01"), Some("2026-11-23")),
            ("nothing", frame("05:00:00"), None),
        ] {
            std::fs::write(&path, text).unwrap();
            let (time, dates) = first(&path).unwrap();
            let day =
                |date: &str| Timestamp::parse(format!("{date} 00:00:00.000000").as_bytes()).unwrap().days();
            match want {
                Some(date) => assert_eq!(Some(time.div_euclid(DAY)), day(date), "{what}"),
                None => assert_eq!(dates, Dates::OfFile, "{what}"),
            }
        }
    }
}
