//! A time of day as dumps and screens write it.
//!
//! Must not know: where it is shown, which day it belongs to.

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The time of day of `micros`, microseconds since any midnight: `06:00:00.019608`.
pub fn time_of_day(micros: i64) -> String {
    let micros = micros.rem_euclid(DAY);
    let (seconds, rest) = (micros / SECOND, micros % SECOND);
    format!("{:02}:{:02}:{:02}.{rest:06}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
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
