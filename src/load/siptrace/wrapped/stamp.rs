//! The timestamps that collectors write before lines: ISO 8601, syslog's format, a time of day, TAI64N.
//!
//! Must not know: the rest of the prefix, the log's own timestamps.

use crate::base::Timestamp;

/// Length of a TAI64N label.
const TAI64N: usize = 25;
/// Seconds of a day.
const DAY: u64 = 86_400;
/// Abbreviated names of months, as syslog writes them.
const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// The length of the timestamp at the start of `text`, with its zone; `None` if there is none.
pub(super) fn len(text: &[u8]) -> Option<usize> {
    if let Some(seconds) = tai64_len(text) {
        return Some(seconds);
    }
    match date_len(text) {
        Some(date) => {
            let time = time_len(text.get(date + 1..)?)?;
            matches!(text[date], b'T' | b't' | b' ' | b'_').then_some(())?;
            let end = date + 1 + time;
            Some(end + zone_len(&text[end..]))
        }
        None => match syslog_date_len(text) {
            Some(date) => Some(date + time_len(&text[date..])?),
            None => time_len(text),
        },
    }
}

/// The timestamp at the start of `text` in the format of FreeSWITCH's log, `YYYY-MM-DD HH:MM:SS.uuuuuu`; `None` if it
/// has no year.
pub(super) fn dated(text: &[u8]) -> Option<Vec<u8>> {
    if tai64_len(text).is_some() {
        return dated_tai64(&text[..TAI64N]);
    }
    let date = date_len(text)?;
    let time = text.get(date + 1..)?;
    let time = &time[..time_len(time)?];
    let mut out = text[..date].to_vec();
    out.iter_mut().filter(|b| **b == b'/').for_each(|b| *b = b'-');
    out.push(b' ');
    out.extend_from_slice(&time[..8]);
    out.push(b'.');
    let fraction = time.get(9..).unwrap_or_default();
    out.extend((0..6).map(|nth| fraction.get(nth).copied().unwrap_or(b'0')));
    Some(out)
}

/// The last timestamp with a date in a prefix, in that format.
pub(super) fn dated_in(prefix: &[u8]) -> Option<Vec<u8>> {
    let is_start = |at: &usize| *at == 0 || !prefix[at - 1].is_ascii_alphanumeric();
    (0..prefix.len()).rev().filter(is_start).find_map(|at| dated(&prefix[at..]))
}

/// `@` and the seconds and nanoseconds of a TAI64N label, as `multilog` writes them.
fn tai64_len(text: &[u8]) -> Option<usize> {
    let label = text.strip_prefix(b"@4000")?.get(..TAI64N - 5)?;
    label.iter().all(u8::is_ascii_hexdigit).then_some(TAI64N)
}

/// The date and time of a TAI64N label: `multilog` counts from 1970 on and adds ten seconds.
fn dated_tai64(text: &[u8]) -> Option<Vec<u8>> {
    tai64_len(text)?;
    let number = |hex: &[u8]| u64::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok();
    let seconds = number(&text[2..17])?.checked_sub(10)?;
    let micros = seconds % DAY * 1_000_000 + number(&text[17..])? / 1000 % 1_000_000;
    let stamp = Timestamp::of_day_micros(micros).on_day(i64::try_from(seconds / DAY).ok()?)?;
    Some(stamp.to_string().into_bytes())
}

/// `YYYY-MM-DD` or `YYYY/MM/DD`.
fn date_len(text: &[u8]) -> Option<usize> {
    let date = text.get(..10)?;
    let is_right = |(at, b): (usize, &u8)| match at {
        4 | 7 => matches!(b, b'-' | b'/'),
        _ => b.is_ascii_digit(),
    };
    date.iter().enumerate().all(is_right).then_some(10)
}

/// `Nov  3 ` or `Nov 23 `, and the year after it if there is one.
fn syslog_date_len(text: &[u8]) -> Option<usize> {
    let month = text.get(..3)?;
    MONTHS.contains(&month).then_some(())?;
    let day = text.get(3..7)?;
    let is_day = day[0] == b' ' && (day[1] == b' ' || day[1].is_ascii_digit()) && day[2].is_ascii_digit();
    (is_day && day[3] == b' ').then_some(7)
}

/// `HH:MM:SS`, and a fraction of any length.
fn time_len(text: &[u8]) -> Option<usize> {
    let time = text.get(..8)?;
    let is_right = |(at, b): (usize, &u8)| if matches!(at, 2 | 5) { *b == b':' } else { b.is_ascii_digit() };
    time.iter().enumerate().all(is_right).then_some(())?;
    let rest = &text[8..];
    let fraction = match rest {
        [b'.' | b',', digits @ ..] => digits.iter().take_while(|b| b.is_ascii_digit()).count(),
        _ => 0,
    };
    Some(if fraction > 0 { 9 + fraction } else { 8 })
}

/// `Z`, `+01:00`, `+0100`, ` UTC`.
fn zone_len(text: &[u8]) -> usize {
    match text {
        [b'Z' | b'z', ..] => 1,
        [b'+' | b'-', rest @ ..] => {
            let len = rest.iter().take(5).take_while(|b| b.is_ascii_digit() || **b == b':').count();
            if len >= 2 { 1 + len } else { 0 }
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_collectors_are_read() {
        for (text, expected, date) in [
            ("2026-02-01T14:37:05.523603123Z x", 30, Some("2026-02-01 14:37:05.523603")),
            ("2026-02-01T14:37:05Z", 20, Some("2026-02-01 14:37:05.000000")),
            ("2026-02-01T14:37:05.5+01:00 x", 27, Some("2026-02-01 14:37:05.500000")),
            ("2026-02-01T14:37:05+0000 x", 24, Some("2026-02-01 14:37:05.000000")),
            ("2026/02/01 14:37:05 x", 19, Some("2026-02-01 14:37:05.000000")),
            ("2026-02-01 14:37:05,523 x", 23, Some("2026-02-01 14:37:05.523000")),
            ("Feb  1 14:37:05 host", 15, None),
            ("Feb 11 14:37:05.523603 host", 22, None),
            ("14:37:05.5 x", 10, None),
            ("@40000000697f63fb1f35fa00 x", 25, Some("2026-02-01 14:32:17.523631")),
        ] {
            assert_eq!(len(text.as_bytes()), Some(expected), "{text}");
            let found = dated(text.as_bytes()).map(|found| String::from_utf8(found).unwrap());
            assert_eq!(found.as_deref(), date, "{text}");
        }
        for text in ["", "2026-02-01", "2026-02-01x14:37:05", "Fob  1 14:37:05", "14:3x:05", "host"] {
            assert_eq!(len(text.as_bytes()), None, "{text}");
        }
    }
}
