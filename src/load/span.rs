//! A glance at the times in files: where each begins, and how far a set goes, without reading it.
//!
//! Must not know: who asks.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use crate::base::Timestamp;
use crate::frame::{FrameReader, Marker};
use crate::store::{DAY, Dates, DayClock};

use super::count::Counter;
use super::dates;
use super::decode::{self, Text};
use super::sets::FileSet;

/// So much of a text is looked at for its first frame.
const HEAD: u64 = 256 * 1024;

/// No rotated file is taken to hold more than so many microseconds: a week and a day.
const LONGEST: i64 = 8 * DAY;

/// From when to when the messages of a set are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// When the first message is, in microseconds since 1970 where its date is known, else of the day.
    pub first: Option<i64>,
    /// When the last one is, or for a compressed file when it was written to last.
    pub last: Option<i64>,
    /// How the date of the first one is known.
    pub dates: Dates,
}

/// Looks at the oldest and at the newest file of a set.
pub fn of(set: &FileSet) -> Span {
    let first = set.files().find_map(first);
    let last = set.files().next_back().and_then(last);
    let (first, dates) = first.map_or((None, Dates::Unknown), |(first, dates)| (Some(first), dates));
    Span { first, last: last.max(first), dates }
}

/// When a file begins, as a key to sort files by: where there is no stamp in it, when it was written to.
pub(super) fn begins(path: &Path) -> i64 {
    let known = first(path).filter(|(_, dates)| *dates != Dates::Unknown).map(|(time, _)| time);
    known.or_else(|| fs::metadata(path).ok().map(|meta| dates::last_write(&meta))).unwrap_or(i64::MAX)
}

/// When the first frame of a file is, and how its date is known.
pub(super) fn first(path: &Path) -> Option<(i64, Dates)> {
    let mut text = decode::open(path, Counter::default()).ok()?;
    if !text.meta.is_file() {
        // What is read of a pipe is gone.
        return None;
    }
    let mut head = Vec::new();
    // What a broken archive gives is as good as any.
    let _ = text.reader.by_ref().take(HEAD).read_to_end(&mut head);
    Head::of(&head).time(&text)
}

/// What the first bytes of a text say of its time.
#[derive(Debug, Default)]
pub(super) struct Head {
    first: Option<Timestamp>,
    marker: Marker,
}

impl Head {
    pub(super) fn of(head: &[u8]) -> Self {
        let mut frames = FrameReader::new(head);
        let first = frames.next_frame().ok().flatten().map(|frame| frame.timestamp);
        Self { first, marker: *frames.marker() }
    }

    /// The day of the first stamp as the file's own time tells it; `None` where the text itself does.
    pub(super) fn day(&self, plain: Option<&File>, meta: &Metadata) -> Option<i64> {
        let first = self.first.filter(|first| first.days().is_none() && self.marker.time.is_none())?;
        match plain {
            Some(file) => dates::first_day(file, meta),
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

/// When the last frame of a file is. Of a compressed file only its beginning is known, and when it was written to last: that
/// is no time of its text where it was copied since.
fn last(path: &Path) -> Option<i64> {
    let (first, _) = first(path)?;
    let file = File::open(path).ok()?;
    let meta = file.metadata().ok()?;
    let text = decode::text_of(file, Counter::default()).ok()?;
    if let Some(plain) = &text.plain {
        return dates::last_after(plain, meta.len(), first);
    }
    let written = dates::last_write(&meta);
    Some(if (first..first + LONGEST).contains(&written) { written } else { first })
}
