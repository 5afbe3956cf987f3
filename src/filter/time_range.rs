//! A time range, as set by `--since` and `--until`.
//!
//! Must not know: files, where times come from.

use super::Filter;
use super::error::{FilterError, FilterErrorKind};
use super::expr::{Expr, FieldTerm, Term, Value};
use super::field::{Field, Op};
use super::value::{Moment, duration};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A time range, including both ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TimeRange {
    since: Option<Time>,
    until: Option<Time>,
}

impl TimeRange {
    /// The range from `since` to `until`; either may be missing.
    pub fn new(since: Option<Time>, until: Option<Time>) -> Self {
        Self { since, until }
    }

    /// Whether it contains every time.
    pub fn is_all(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Gives times without dates their day, for messages from `first` to `last` (microseconds since 1970) that are not
    /// all on one day.
    ///
    /// If only one end is given, without a date, it is on one particular day: `--since 23:50` is the first such time
    /// after `first` and continues across midnight; `--until` is the last such time before `last`. If both ends are
    /// given without dates, they select that range on every day.
    #[must_use]
    pub fn resolved(self, first: i64, last: i64) -> Self {
        if first.div_euclid(DAY) == last.div_euclid(DAY) || (self.since.is_some() && self.until.is_some()) {
            return self;
        }
        let (from, to) = (first.div_euclid(DAY), last.div_euclid(DAY));
        let inside = |time: &Time, day: &i64| (first..=last).contains(&(day * DAY + time.start_of_day()));
        let dated = |time: Time, day: i64| if time.has_date() { time } else { time.on_day(day) };
        // A time between the end of the last day and the beginning of the first one excludes nothing.
        let since = self.since.map(|time| {
            let day = (from..=to).find(|day| inside(&time, day)).unwrap_or(from);
            dated(time, day)
        });
        let until = self.until.map(|time| {
            let day = (from..=to).rev().find(|day| inside(&time, day)).unwrap_or(to);
            dated(time, day)
        });
        Self { since, until }
    }

    /// The filter that accepts the times in the range.
    pub fn filter(&self) -> Filter {
        between(self.since.clone(), self.until.clone())
    }

    /// Whether the range may contain a time from `from` to `to`, in microseconds since 1970.
    pub fn may_hold(&self, from: i64, to: i64) -> bool {
        let [since, until] = [&self.since, &self.until];
        let is_dated = |time: &Option<Time>| time.as_ref().is_none_or(Time::has_date);
        if is_dated(since) && is_dated(until) {
            return since.as_ref().is_none_or(|since| since.first() <= to)
                && until.as_ref().is_none_or(|until| until.last() >= from);
        }
        let (Some(since), Some(until)) = (since, until) else { return true };
        if since.has_date() || until.has_date() || to.saturating_sub(from) >= DAY {
            return true;
        }
        let over_midnight = i64::from(since.start_of_day() > until.start_of_day()) * DAY;
        let mut days = from.div_euclid(DAY) - 1..=to.div_euclid(DAY);
        days.any(|day| {
            let (low, high) = (day * DAY + since.start_of_day(), day * DAY + until.start_of_day());
            low <= to && high + over_midnight >= from
        })
    }
}

/// A time as `--since` and `--until` take it: `HH:MM[:SS[.frac]]`, a date in front or alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time(Moment);

impl Time {
    /// Whether it has a date.
    pub fn has_date(&self) -> bool {
        self.0.has_date()
    }

    /// Its first microsecond of the day.
    pub(super) fn start_of_day(&self) -> i64 {
        self.0.start_of_day()
    }

    /// Its first microsecond since 1970; on the first day if it has no date.
    pub fn first(&self) -> i64 {
        self.0.bounds().0
    }

    /// The last microsecond that `--until` lets through.
    pub(super) fn last(&self) -> i64 {
        self.0.bounds().1
    }

    /// The same time of a certain day, in days since 1970.
    #[must_use]
    pub fn on_day(&self, day: i64) -> Self {
        Self(self.0.on_day(day))
    }
}

/// Reads a [`Time`].
///
/// # Errors
/// If the text is not a time.
pub fn moment(text: &str) -> Result<Time, FilterError> {
    let wanted = "a time such as 06:00, 06:00:05.5 or 2026-02-01 06:00";
    Moment::parse(text.trim()).map(Time).ok_or_else(|| FilterError::new(1, FilterErrorKind::Expected(wanted)))
}

/// Reads the later end of a range: a [`Time`], or how long after `since` it is, such as `+10s`.
///
/// # Errors
/// If the text is neither, or if a duration has no time to count from.
pub fn until(text: &str, since: Option<&Time>) -> Result<Time, FilterError> {
    let expected = |wanted| FilterError::new(1, FilterErrorKind::Expected(wanted));
    let Some(length) = text.trim().strip_prefix('+') else { return moment(text) };
    // A number without a unit would be ambiguous.
    let has_unit = length.ends_with(|c: char| c.is_ascii_alphabetic());
    let micros = duration(length)
        .filter(|_| has_unit)
        .ok_or_else(|| expected("a duration such as +10s, +500ms, +5m or +1h30m"))?;
    let since = since.ok_or_else(|| expected("--since for this to count from"))?;
    let time = since.0.after(micros).map(Time);
    time.ok_or_else(|| expected("less than a day if --since has no date"))
}

/// `--since` and `--until`, both ends included.
///
/// Two times without dates select that range on every day; if the first is later than the second, the range crosses
/// midnight.
pub fn between(since: Option<Time>, until: Option<Time>) -> Filter {
    let over_midnight = match (&since, &until) {
        (Some(Time(s)), Some(Time(u))) => {
            !s.has_date() && !u.has_date() && s.start_of_day() > u.start_of_day()
        }
        _ => false,
    };
    let ends = [(Op::AtLeast, since), (Op::AtMost, until)];
    let terms: Vec<Filter> = ends.into_iter().filter_map(|(op, time)| Some(at_time(op, time?))).collect();
    if over_midnight {
        return Filter::from_expr(Expr::Or(terms.iter().map(|t| t.expr().clone()).collect()));
    }
    terms.into_iter().fold(Filter::all(), Filter::and)
}

fn at_time(op: Op, time: Time) -> Filter {
    let (field, key, value) = (Field::Time, String::new(), Value::Moment(time.0));
    Filter::from_expr(Expr::Term(Term::Field(FieldTerm { field, key, op, value })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Timestamp;

    fn at(text: &str) -> i64 {
        let stamp = Timestamp::parse(format!("{text}.000000").as_bytes()).unwrap();
        stamp.days().unwrap() * DAY + stamp.micros_of_day() as i64
    }

    fn time_range(since: &str, until: &str) -> TimeRange {
        let time = |text: &str| (!text.is_empty()).then(|| moment(text).unwrap());
        TimeRange::new(time(since), time(until))
    }

    #[test]
    fn one_end_alone_gets_a_day_if_the_messages_are_on_several_days() {
        let (first, last) = (at("2026-11-22 20:00:00"), at("2026-11-24 03:00:00"));
        for (since, until, want) in [
            ("23:50", "", "time>=2026-11-22T23:50"),
            ("01:00", "", "time>=2026-11-23T01:00"),
            ("", "02:00", "time<=2026-11-24T02:00"),
            ("", "23:00", "time<=2026-11-23T23:00"),
            ("22:00", "06:00", "time>=22:00 or time<=06:00"),
            ("2026-11-23", "", "time>=2026-11-23"),
        ] {
            let got = time_range(since, until).resolved(first, last).filter();
            assert_eq!(got.text(), want, "{since} {until}");
        }
        // Twelve o'clock is neither in the evening nor in the night.
        let (first, last) = (at("2026-11-22 20:00:00"), at("2026-11-23 03:00:00"));
        for (since, until, want) in
            [("12:00", "", "time>=2026-11-22T12:00"), ("", "12:00", "time<=2026-11-23T12:00")]
        {
            assert_eq!(time_range(since, until).resolved(first, last).filter().text(), want);
        }
        let (first, last) = (at("2026-11-22 08:00:00"), at("2026-11-22 18:00:00"));
        assert_eq!(time_range("19:00", "").resolved(first, last).filter().text(), "time>=19:00");
    }

    #[test]
    fn ranges_that_cannot_contain_a_message_are_recognised() {
        let (from, to) = (at("2026-11-22 20:00:00"), at("2026-11-23 03:00:00"));
        for (since, until, want) in [
            ("2026-11-23 02:00", "", true),
            ("2026-11-23 04:00", "", false),
            ("", "2026-11-22 20:00", true),
            ("", "2026-11-22 19:59", false),
            ("", "2026-11-22", true),
            ("04:00", "19:00", false),
            ("04:00", "21:00", true),
            ("02:00", "04:00", true),
            ("03:30", "04:00", false),
            ("23:00", "01:00", true),
            ("23:00", "", true),
            ("", "", true),
        ] {
            assert_eq!(time_range(since, until).may_hold(from, to), want, "{since} {until}");
        }
    }
}
