//! What can be opened in a directory: its profiles with their sizes and time ranges.
//!
//! Must not know: how directories are read, how times are found.

use super::{DAY, Dates};

/// What can be opened in a directory, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// The directory as it was named.
    pub place: String,
    /// The entries found. An entry keeps its index: later ones are appended.
    pub entries: Vec<Entry>,
    /// What could not be read, one line each.
    pub errors: Vec<String>,
    /// Whether the search is complete.
    pub done: bool,
}

/// The files of one profile: the current file and its rotated files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The profile's name; the newest file's name if a directory has several of one profile.
    pub profile: String,
    /// The directory of the files, relative to the searched one; empty if it is the same.
    pub folder: String,
    /// The number of files.
    pub files: usize,
    /// Their size in bytes, as stored.
    pub bytes: u64,
    /// When they were last written, in seconds since 1970 (UTC): decides which is newer if no message times are known.
    pub written: u64,
    /// The time range of their messages.
    pub range: EntryRange,
}

/// The time range of the messages of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntryRange {
    /// Not read yet.
    #[default]
    Unread,
    /// There is no message, or the files cannot be read.
    Nothing,
    /// The first and the last time, in microseconds since 1970 in the dump's local time; microseconds of the day if
    /// dates are unknown.
    Times {
        /// The first.
        first: i64,
        /// The last.
        last: i64,
        /// How their dates are known.
        dates: Dates,
    },
}

impl EntryRange {
    /// The range between two times; `Nothing` if there is no first one.
    pub fn between(first: Option<i64>, last: Option<i64>, dates: Dates) -> Self {
        let Some(first) = first else { return Self::Nothing };
        let last = match last {
            // If the day of the first one is not known, the day of the last one is meaningless.
            Some(last) if dates == Dates::Unknown => {
                let of_day = last.rem_euclid(DAY);
                if of_day < first { of_day + DAY } else { of_day }
            }
            last => last.unwrap_or(first),
        };
        Self::Times { first, last, dates }
    }

    /// The last time, if its date is known or inferred.
    pub fn newest(&self) -> Option<i64> {
        match *self {
            Self::Times { last, dates, .. } if dates != Dates::Unknown => Some(last),
            _ => None,
        }
    }
}

impl Catalog {
    /// The time range that some entries cover together, as far as their dates are known.
    pub fn times(&self, entries: &[usize]) -> Option<(i64, i64)> {
        let spans = entries.iter().filter_map(|number| Some(self.entries.get(*number)?.range));
        let dated = spans.filter_map(|range| match range {
            EntryRange::Times { first, last, dates } if dates != Dates::Unknown => Some((first, last)),
            _ => None,
        });
        dated.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
    }

    /// The indices of the entries, the newest first: by the times of their messages, or by when the files were written
    /// if a date is missing.
    pub fn newest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        let all_dated =
            self.entries.iter().all(|e| e.range == EntryRange::Nothing || e.range.newest().is_some());
        let key = |at: &usize| {
            let entry = &self.entries[*at];
            // The clocks of messages and of files may be in different time zones, so the two are never compared.
            let newest = if all_dated { entry.range.newest() } else { None };
            std::cmp::Reverse((newest, entry.written))
        };
        order.sort_by_key(key);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(written: u64, range: EntryRange) -> Entry {
        Entry { written, range, ..Entry::default() }
    }

    #[test]
    fn the_newest_comes_first_by_message_times_or_else_by_file_times() {
        let times = |last, dates| EntryRange::Times { first: 0, last, dates };
        for (entries, want) in [
            (vec![], vec![]),
            (vec![entry(5, EntryRange::Unread), entry(9, times(1, Dates::Stamped))], vec![1, 0]),
            (vec![entry(5, times(9, Dates::OfFile)), entry(9, times(1, Dates::Stamped))], vec![0, 1]),
            (vec![entry(5, times(9, Dates::Unknown)), entry(9, times(1, Dates::Stamped))], vec![1, 0]),
            (vec![entry(9, EntryRange::Nothing), entry(1, times(1, Dates::Stamped))], vec![1, 0]),
            (vec![entry(5, EntryRange::Unread), entry(5, EntryRange::Unread)], vec![0, 1]),
        ] {
            let catalog = Catalog { entries, ..Catalog::default() };
            assert_eq!(catalog.newest_first(), want, "{catalog:?}");
        }
    }

    #[test]
    fn a_time_range_needs_a_first_message_and_uses_days_if_both_are_known() {
        let day = 20_780 * DAY;
        let times = |first, last, dates| EntryRange::Times { first, last, dates };
        for (first, last, dates, want) in [
            (Some(1), Some(2), Dates::Stamped, times(1, 2, Dates::Stamped)),
            (Some(day), Some(day + DAY), Dates::Inferred, times(day, day + DAY, Dates::Inferred)),
            (Some(1), None, Dates::Stamped, times(1, 1, Dates::Stamped)),
            (Some(1), Some(day + 2), Dates::Unknown, times(1, 2, Dates::Unknown)),
            (Some(2), Some(day + 1), Dates::Unknown, times(2, DAY + 1, Dates::Unknown)),
            (None, Some(2), Dates::Stamped, EntryRange::Nothing),
        ] {
            assert_eq!(EntryRange::between(first, last, dates), want);
        }
    }
}
