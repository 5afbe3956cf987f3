//! What can be opened in a directory: its profiles with their sizes and the span of their times.
//!
//! Must not know: how directories are read, how times are found.

use super::{DAY, Dates};

/// What can be opened in some place, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// The place as it was named.
    pub place: String,
    /// What is there. An entry keeps its number: what is found later comes behind.
    pub entries: Vec<Entry>,
    /// What could not be read, a line each.
    pub errors: Vec<String>,
    /// Whether all is known.
    pub done: bool,
}

/// The files of one profile: one and its rotated ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The profile's name; the newest file's name where a folder has several of one profile.
    pub profile: String,
    /// Where the files are, seen from the place; empty for the place itself.
    pub folder: String,
    /// How many files.
    pub files: usize,
    /// Their bytes, as they are stored.
    pub bytes: u64,
    /// When they were written last, in seconds since 1970 (UTC): what is newer where no times are known.
    pub written: u64,
    /// The times of their messages.
    pub range: EntryRange,
}

/// From when to when the messages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntryRange {
    /// Not looked at yet.
    #[default]
    Unread,
    /// There is no message, or it cannot be read.
    Nothing,
    /// The first and the last time, in microseconds since 1970 in the dump's local time; of the day where dates are
    /// unknown.
    Times {
        /// The first.
        first: i64,
        /// The last.
        last: i64,
        /// What is known of their dates.
        dates: Dates,
    },
}

impl EntryRange {
    /// The span between two ends; nothing where there is no first one.
    pub fn between(first: Option<i64>, last: Option<i64>, dates: Dates) -> Self {
        let Some(first) = first else { return Self::Nothing };
        let last = match last {
            // Where the day of the first one is not known, that of the last one tells nothing.
            Some(last) if dates == Dates::Unknown => {
                let of_day = last.rem_euclid(DAY);
                if of_day < first { of_day + DAY } else { of_day }
            }
            last => last.unwrap_or(first),
        };
        Self::Times { first, last, dates }
    }

    /// The last time, where its date is known or was worked out.
    pub fn newest(&self) -> Option<i64> {
        match *self {
            Self::Times { last, dates, .. } if dates != Dates::Unknown => Some(last),
            _ => None,
        }
    }
}

impl Catalog {
    /// From when to when some entries go, as far as their dates are known.
    pub fn times(&self, entries: &[usize]) -> Option<(i64, i64)> {
        let spans = entries.iter().filter_map(|number| Some(self.entries.get(*number)?.range));
        let dated = spans.filter_map(|range| match range {
            EntryRange::Times { first, last, dates } if dates != Dates::Unknown => Some((first, last)),
            _ => None,
        });
        dated.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
    }

    /// The numbers of the entries, the newest first: by the times of their messages, and where a date is missing by when
    /// the files were written.
    pub fn newest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.entries.len()).collect();
        let all_dated =
            self.entries.iter().all(|e| e.range == EntryRange::Nothing || e.range.newest().is_some());
        let key = |at: &usize| {
            let entry = &self.entries[*at];
            // Clocks of messages and of files may differ by their time zones: the two are never compared.
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
    fn the_newest_comes_first_by_messages_or_else_by_files() {
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
    fn a_span_begins_with_a_message_and_days_count_where_both_are_known() {
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
