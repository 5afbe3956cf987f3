//! The values of the language that are not plain text: status codes, counts, sizes, times.
//!
//! Must not know: how an expression is split into tokens, rows, messages.

use crate::base::Timestamp;

use super::field::Op;

/// A status code, or all codes of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Code(u16),
    /// The first digit of the codes: 4 for `4xx`.
    Class(u8),
}

impl Status {
    /// Reads `486`, `4xx` or `4XX`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [class @ b'1'..=b'6', b'x' | b'X', b'x' | b'X'] => Some(Self::Class(class - b'0')),
            _ => number(text).and_then(|n| u16::try_from(n).ok()).map(Self::Code),
        }
    }

    /// The codes that have the relation `op` to this value. A class is ordered as a whole: below all its codes or above
    /// all its codes.
    pub(super) fn bounds(self, op: Op) -> Bounds<u64> {
        match self {
            Self::Code(code) => Bounds::new(op, code.into(), code.into()),
            Self::Class(class) => Bounds::new(op, u64::from(class) * 100, u64::from(class) * 100 + 99),
        }
    }
}

/// The values that a comparison holds for: those of a range, or all others. Computed once, so that a row costs two
/// comparisons for every operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds<T> {
    low: T,
    high: T,
    side: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Outside,
}

impl Bounds<u64> {
    /// The counts that have the relation `op` to the range from `low` to `high`, including both.
    pub(super) const fn new(op: Op, low: u64, high: u64) -> Self {
        let (low, high, side) = bounds(op, (low, high), (u64::MIN, u64::MAX));
        Self { low, high, side }
    }
}

impl Bounds<i64> {
    /// The times that have the relation `op` to the range from `low` to `high`, including both.
    const fn of_times(op: Op, low: i64, high: i64) -> Self {
        let (low, high, side) = bounds(op, (low, high), (i64::MIN, i64::MAX));
        Self { low, high, side }
    }
}

impl<T: Ord + Copy> Bounds<T> {
    /// Whether `value` is one of them.
    #[inline]
    pub(super) fn holds(&self, value: T) -> bool {
        (self.low <= value && value <= self.high) == (self.side == Side::Inside)
    }
}

/// The range in question, or everything outside it, among `all` possible values.
const fn bounds<T: Copy>(op: Op, (low, high): (T, T), all: (T, T)) -> (T, T, Side) {
    match op {
        Op::Has | Op::Equals | Op::Matches => (low, high, Side::Inside),
        Op::Differs => (low, high, Side::Outside),
        Op::Greater => (all.0, high, Side::Outside),
        Op::AtLeast => (low, all.1, Side::Inside),
        Op::Less => (low, all.1, Side::Outside),
        Op::AtMost => (all.0, high, Side::Inside),
    }
}

/// Parses decimal digits and nothing else.
pub(super) fn number(text: &str) -> Option<u64> {
    crate::base::bytes::decimal(text.as_bytes())
}

/// Parses a number of bytes: `1500`, `64k` (64,000), `2M` (2,000,000).
pub(super) fn size(text: &str) -> Option<u64> {
    let (digits, unit) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 1_000),
        b'm' | b'M' => (&text[..text.len() - 1], 1_000_000),
        _ => (text, 1),
    };
    number(digits)?.checked_mul(unit)
}

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A time of day, a date, or both, as precise as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moment {
    /// The text as written, with `T` between date and time.
    text: String,
    /// Days since 1970-01-01.
    date: Option<i64>,
    /// The first microsecond within its day.
    start: i64,
    /// How many microseconds the text covers: 60 million for `06:00`.
    width: i64,
}

impl Moment {
    /// Parses `[YYYY-MM-DD]`, `HH:MM[:SS[.frac]]`, or both with a blank or `T` between.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, clock) = match text.split_once([' ', 'T']) {
            Some((date, clock)) => (Some(date), Some(clock.trim_start())),
            None if text.contains(':') => (None, Some(text)),
            None => (Some(text), None),
        };
        let date = match date {
            None => None,
            Some(d) => Some(Timestamp::parse(format!("{d} 00:00:00.000000").as_bytes())?.days()?),
        };
        let (start, width) = clock.map_or(Some((0, DAY)), clock_of)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join("T");
        Some(Self { text, date, start, width })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it has a date.
    pub(super) const fn has_date(&self) -> bool {
        self.date.is_some()
    }

    /// The first microsecond within its day.
    pub(super) const fn start_of_day(&self) -> i64 {
        self.start
    }

    /// The first and the last microsecond that is not after it: for a date alone that is the whole day.
    pub(super) const fn bounds(&self) -> (i64, i64) {
        let low = match self.date {
            Some(date) => date * DAY + self.start,
            None => self.start,
        };
        (low, if self.width == DAY { low + DAY - 1 } else { low })
    }

    /// The same time on a given day, in days since 1970.
    pub(super) fn on_day(&self, day: i64) -> Self {
        let midnight = Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 };
        let Some(date) = midnight.on_day(day) else { return self.clone() };
        let text = format!("{}T{}", &date.to_string()[.."2026-11-23".len()], self.text);
        Self { text, date: Some(day), ..*self }
    }

    /// The moment this many microseconds after its first one; `None` if it has no date and this is a day or more.
    pub(super) fn after(&self, micros: i64) -> Option<Self> {
        if self.date.is_none() && micros >= DAY {
            return None;
        }
        let (days, start) = ((self.start + micros).div_euclid(DAY), (self.start + micros).rem_euclid(DAY));
        let [hour, min, sec] = [start / 3_600_000_000, start / 60_000_000 % 60, start / 1_000_000 % 60];
        let usec = (start % 1_000_000) as u32;
        let clock =
            Timestamp::TimeOnly { hour: hour as u8, min: min as u8, sec: sec as u8, usec }.to_string();
        let text = clock.trim_end_matches('0').trim_end_matches('.');
        let text = if text.len() < "06:00:00".len() { &clock[.."06:00:00".len()] } else { text };
        let time = Self::parse(text)?;
        Some(match self.date {
            Some(date) => time.on_day(date + days),
            None => time,
        })
    }

    /// The times that have the relation `op` to this moment.
    ///
    /// Without a date the time of day is compared. Equal means everything that begins as written: `06:00` is a whole
    /// minute. Order compares the instant: `<=06:00` ends with the first microsecond of that minute, `>06:00` begins
    /// after it. Only for a date alone, order compares days.
    pub(super) fn times(&self, op: Op) -> Times {
        let low = self.date.unwrap_or(0) * DAY + self.start;
        let whole = matches!(op, Op::Has | Op::Equals | Op::Differs) || self.width == DAY;
        let bounds = Bounds::of_times(op, low, if whole { low + self.width - 1 } else { low });
        Times { bounds, clock: if self.date.is_some() { Clock::Absolute } else { Clock::OfDay } }
    }
}

/// The times that a comparison holds for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    bounds: Bounds<i64>,
    clock: Clock,
}

/// The origin of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    Absolute,
    OfDay,
}

impl Times {
    /// Whether `time`, in microseconds since 1970 or since the first day, is one of them.
    #[inline]
    pub(super) fn holds(&self, time: i64) -> bool {
        self.bounds.holds(if self.clock == Clock::OfDay { time.rem_euclid(DAY) } else { time })
    }
}

/// The microseconds of `2` (seconds), `10s`, `1.5s`, `250ms`, `5m`, `3min`, `1h30m` or `2d`.
pub(super) fn duration(text: &str) -> Option<i64> {
    const UNITS: [(&str, f64); 7] =
        [("", 1e6), ("ms", 1e3), ("s", 1e6), ("m", 60e6), ("min", 60e6), ("h", 3600e6), ("d", DAY as f64)];
    /// A century: a longer duration is an error, and no sum with a time overflows.
    const LONGEST: f64 = 36_525.0 * DAY as f64;
    let (mut rest, mut micros) = (text, 0.0);
    while !rest.is_empty() {
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let (number, after) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
        let unit = &after[..after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len())];
        let (_, size) = UNITS.into_iter().find(|(name, _)| *name == unit)?;
        micros += number.parse::<f64>().ok()? * size;
        rest = &after[unit.len()..];
    }
    (!text.is_empty() && micros <= LONGEST).then_some(micros.round() as i64)
}

/// First microsecond and width of `HH:MM[:SS[.frac]]`.
fn clock_of(text: &str) -> Option<(i64, i64)> {
    let (hm, rest) = text.split_once(':')?;
    let (min, rest) = rest.split_once(':').map_or((rest, None), |(m, r)| (m, Some(r)));
    let (sec, frac) = match rest {
        None => (None, None),
        Some(r) => r.split_once('.').map_or((Some(r), None), |(s, f)| (Some(s), Some(f))),
    };
    let minutes = part(hm, 1..=2, 23)? * 60 + part(min, 2..=2, 59)?;
    let seconds = minutes * 60 + sec.map_or(Some(0), |s| part(s, 2..=2, 60))?;
    let digits = frac.map_or(0, str::len) as u32;
    let micros = match frac {
        None => 0,
        Some(f) => part(f, 1..=6, 999_999)? * 10_i64.pow(6 - digits),
    };
    let width = match (sec, frac) {
        (None, _) => 60_000_000,
        (Some(_), None) => 1_000_000,
        (Some(_), Some(_)) => 10_i64.pow(6 - digits),
    };
    Some((seconds * 1_000_000 + micros, width))
}

/// A number with this many digits, at most `max`.
fn part(text: &str, digits: std::ops::RangeInclusive<usize>, max: i64) -> Option<i64> {
    let value = number(text).filter(|_| digits.contains(&text.len()))? as i64;
    (value <= max).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_compared_as_precisely_as_they_are_written() {
        const SIX: i64 = 6 * 3600 * 1_000_000;
        let day = 20_780 * DAY;
        for (text, op, time, expected) in [
            ("06:00", Op::Has, SIX + 59_999_999, true),
            ("06:00", Op::Has, SIX + 60_000_000, false),
            ("6:00", Op::Equals, SIX, true),
            ("06:00:00", Op::Equals, SIX + 999_999, true),
            ("06:00:00.5", Op::Equals, SIX + 599_999, true),
            ("06:00:00.5", Op::Equals, SIX + 600_000, false),
            ("06:00", Op::AtMost, SIX, true),
            ("06:00", Op::AtMost, SIX + 1, false),
            ("06:00", Op::Greater, SIX, false),
            ("06:00", Op::Greater, SIX + 1, true),
            ("06:00", Op::AtLeast, day + SIX, true),
            ("06:00", Op::Less, day + SIX - 1, true),
            ("2026-11-23 06:00", Op::AtLeast, day + SIX, true),
            ("2026-11-23T06:00", Op::AtLeast, SIX, false),
            ("2026-11-23", Op::Has, day + DAY - 1, true),
            ("2026-11-23", Op::AtMost, day + DAY - 1, true),
            ("2026-11-23", Op::Greater, day + DAY, true),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!(moment.times(op).holds(time), expected, "{text} {} {time}", op.as_str());
        }
    }

    #[test]
    fn text_that_is_not_a_time_is_rejected() {
        for bad in
            ["", "6", "24:00", "06:60", "06:00:61", "06:00:00.", "06:00:00.1234567", "2026-02-30", "x T06:00"]
        {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn sizes_and_statuses() {
        assert_eq!(
            [size("64k"), size("2M"), size("1500"), size("k"), size("1G")],
            [Some(64_000), Some(2_000_000), Some(1500), None, None]
        );
        assert_eq!(
            [duration("2"), duration("1.5"), duration("500ms"), duration("3min"), duration("x")],
            [Some(2_000_000), Some(1_500_000), Some(500_000), Some(180_000_000), None]
        );
        assert_eq!(Status::parse("4xx"), Some(Status::Class(4)));
        assert_eq!([Status::parse("4x"), Status::parse("9xx"), Status::parse("0xx")], [None; 3]);
        for (op, code, expected) in
            [(Op::Has, 486, true), (Op::Greater, 486, false), (Op::AtLeast, 400, true), (Op::Less, 399, true)]
        {
            assert_eq!(Status::Class(4).bounds(op).holds(code), expected, "{} {code}", op.as_str());
        }
    }
}
