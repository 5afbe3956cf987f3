//! Finds the files of a set that may contain messages of a time range: the others need not be read.
//!
//! Must not know: who selects the time range.

use crate::filter::time_range::TimeRange;
use crate::store::Dates;

use crate::load::catalog::time_range;
use crate::load::input::InputSpec;
use crate::load::sets::FileSet;

/// How far, in microseconds, the first timestamps of a file and the last ones of the preceding file may be out of
/// order: profiles that share a file write a few milliseconds out of order, and clocks are set.
const SLACK: i64 = 60 * 1_000_000;
/// The step of a zone's daylight saving time.
const HOUR: i64 = 60 * SLACK;

/// The resolved time range, and the inputs that may contain something of it. Files are read only if a time range is
/// set.
pub fn within(time_range: TimeRange, inputs: Vec<InputSpec>) -> (TimeRange, Vec<InputSpec>) {
    if time_range.is_all() {
        return (time_range, inputs);
    }
    let spans = inputs.iter().filter_map(InputSpec::files).map(|set| time_range::of(set.files()));
    let spans: Vec<_> = spans.filter(|span| span.dates != Dates::Unknown).collect();
    let first = spans.iter().filter_map(|span| span.first).min();
    let last = spans.iter().filter_map(|span| span.last).max();
    let time_range = match first.zip(last) {
        Some((first, last)) => time_range.resolved(first, last),
        None => time_range,
    };
    let inputs = inputs.into_iter().map(|input| match input {
        InputSpec::Files(set) => InputSpec::Files(files_within(&time_range, set)),
        other => other,
    });
    let inputs = inputs.collect();
    (time_range, inputs)
}

/// The part of a set from the first to the last file that may contain something; at least one file.
fn files_within(time_range: &TimeRange, set: FileSet) -> FileSet {
    let count = set.files().len();
    if count == 1 {
        return set;
    }
    let begins = begins(&set);
    let may_hold = |nth: &usize| {
        let from = begins[*nth].map_or(i64::MIN, |begin| begin - SLACK);
        let next = begins.get(nth + 1).copied().flatten();
        let to = next.map_or(i64::MAX, |next| next + SLACK);
        // If a file begins later than the next one, a clock was set.
        from == i64::MIN || to < from || time_range.may_hold(from, to)
    };
    let first = (0..count).find(may_hold).unwrap_or(count - 1);
    let last = (0..count).rev().find(may_hold).unwrap_or(count - 1);
    set.retain(first..=last.max(first))
}

/// The beginning of each file of a set, if it is known reliably: a file with an unknown beginning may contain anything.
/// A modification time is used only if the files were written one after the other; it is meaningless for files that
/// were copied later.
fn begins(set: &FileSet) -> Vec<Option<i64>> {
    let files: Vec<_> =
        set.files().map(|file| (time_range::first(file), time_range::last_write(file))).collect();
    let begin = |nth: usize| files.get(nth).and_then(|(first, _)| first.map(|(time, _)| time));
    let in_turn = |nth: usize| {
        let written = files[nth].1;
        begin(nth + 1).zip(written).is_none_or(|(next, written)| written <= next + HOUR)
    };
    let in_turn = (0..files.len()).all(in_turn);
    let known = |(first, _): &(Option<(i64, Dates)>, _)| {
        let (time, dates) = (*first)?;
        (dates > Dates::OfFile || (dates == Dates::OfFile && in_turn)).then_some(time)
    };
    files.iter().map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::options::moment;

    #[test]
    fn a_clock_that_was_set_back_excludes_no_file() {
        let dir = tempfile::tempdir().unwrap();
        let write = |number: usize, stamps: &[&str]| {
            let path = dir.path().join(format!("x.dump.{number}"));
            let frame = |stamp: &&str| {
                format!("recv 1 bytes from udp/[192.0.2.7]:5060 at 2026-11-{stamp}.000000:\nx\x0b\n")
            };
            std::fs::write(&path, stamps.iter().map(frame).collect::<String>()).unwrap();
            path
        };
        let paths = [
            write(3, &["20 06:00:00"]),
            write(2, &["25 06:00:00", "27 06:00:00", "21 06:00:00"]),
            write(1, &["22 06:00:00"]),
        ];
        let time_range = TimeRange::new(Some(moment("2026-11-27").unwrap()), None);
        let (_, inputs) = within(time_range, InputSpec::of_names(&paths));
        let files: Vec<_> = inputs[0].files().unwrap().files().map(|f| f.extension().unwrap()).collect();
        assert_eq!(files, ["2", "1"]);
    }

    #[test]
    fn files_outside_the_time_range_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..5)
            .map(|nth| {
                let path = dir.path().join(format!("x.dump-2026112{nth}"));
                let day = nth + 19;
                let frame = |hour| {
                    format!("recv 1 bytes from udp/[192.0.2.7]:5060 at 2026-11-{day} {hour}:00:00.000000:\nx\x0b\n")
                };
                std::fs::write(&path, frame("06") + &frame("22")).unwrap();
                path
            })
            .collect();
        let read = |since: &str, until: &str| {
            let time = |text: &str| (!text.is_empty()).then(|| moment(text).unwrap());
            let time_range = TimeRange::new(time(since), time(until));
            let (time_range, inputs) = within(time_range, InputSpec::of_names(&paths));
            let files = inputs[0].files().unwrap().files();
            let numbers: Vec<_> = files.map(|f| f.to_str().unwrap().chars().last().unwrap()).collect();
            (numbers.into_iter().collect::<String>(), time_range.filter().text().to_owned())
        };
        for (since, until, files, filter) in [
            ("", "", "01234", ""),
            ("2026-11-21 23:00", "", "234", "time>=2026-11-21T23:00"),
            ("", "2026-11-21 05:00", "01", "time<=2026-11-21T05:00"),
            ("2026-11-20 07:00", "2026-11-21 07:00", "12", "time>=2026-11-20T07:00 time<=2026-11-21T07:00"),
            ("2026-12-01", "", "4", "time>=2026-12-01"),
            ("2026-01-01", "2026-01-02", "4", "time>=2026-01-01 time<=2026-01-02"),
            ("07:00", "", "01234", "time>=2026-11-19T07:00"),
            ("10:00", "11:00", "01234", "time>=10:00 time<=11:00"),
        ] {
            assert_eq!(read(since, until), (files.to_owned(), filter.to_owned()), "{since} {until}");
        }
    }
}
