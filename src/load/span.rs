//! From when to when the messages of some files are.
//!
//! Must not know: who asks.

use crate::frame::FrameReader;
use crate::store::Dates;

use super::sets::FileSet;

/// First and last time.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first.
    pub first: Option<i64>,
    /// The last.
    pub last: Option<i64>,
    /// What is known of the dates.
    pub dates: Dates,
}

/// When the first frame of a file is, and how its date is known.
pub(super) fn first(path: &std::path::Path) -> Option<(i64, Dates)> {
    use std::io::Read;
    let input = super::input::open(path).ok()?;
    let mut reader = FrameReader::new(input.reader.take(256 << 10));
    let stamp = reader.next_frame().ok()??.timestamp;
    Some((stamp.micros_of_day() as i64, Dates::Unknown))
}

/// The span of a set.
pub fn of(set: &FileSet) -> Span {
    let mut span = Span { first: None, last: None, dates: Dates::Unknown };
    for file in set.files() {
        let Ok(input) = super::input::open(file) else { continue };
        let mut reader = FrameReader::new(input.reader);
        while let Ok(Some(frame)) = reader.next_frame() {
            let days = frame.timestamp.days();
            let time = days.unwrap_or(0) * 86_400_000_000 + frame.timestamp.micros_of_day() as i64;
            span.first.get_or_insert(time);
            span.last = Some(time);
            span.dates = if days.is_some() { Dates::Stamped } else { Dates::Unknown };
        }
    }
    span
}
