//! A time of day as dumps and screens write it.
//!
//! Must not know: where it is shown, which day it belongs to.

#[cfg(feature = "cli")]
const SECOND: i64 = 1_000_000;
#[cfg(feature = "cli")]
const DAY: i64 = 86_400 * SECOND;

/// The time of day of `micros`, microseconds since any midnight: `06:00:00.019608`.
#[cfg(feature = "cli")]
pub fn time_of_day(micros: i64) -> String {
    let micros = micros.rem_euclid(DAY);
    let (seconds, rest) = (micros / SECOND, micros % SECOND);
    let mut text = *b"00:00:00.000000";
    for (at, number) in [(0, seconds / 3600), (3, seconds / 60 % 60), (6, seconds % 60)] {
        put_digits(&mut text[at..at + 2], number as u32);
    }
    put_digits(&mut text[9..], rest as u32);
    // Digits are always text.
    std::str::from_utf8(&text).unwrap_or_default().to_owned()
}

/// Appends the last `WIDTH` digits of a number, zeros first. Printing does this for every line.
pub(crate) fn push_padded<const WIDTH: usize>(text: &mut String, number: u32) {
    let mut digits = [b'0'; WIDTH];
    put_digits(&mut digits, number);
    // Digits are always text.
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

/// Puts the last digits of a number into places for all of them.
fn put_digits(places: &mut [u8], number: u32) {
    let mut rest = number;
    for place in places.iter_mut().rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn the_day_does_not_change_the_time_of_day() {
        for micros in [0, DAY, -DAY] {
            assert_eq!(time_of_day(micros + 21_600_019_608), "06:00:00.019608");
        }
        assert_eq!(time_of_day(-1), "23:59:59.999999");
    }
}
