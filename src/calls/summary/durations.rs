//! Durations and what is said of many: how many, mean, median, 95th percentile.
//!
//! Must not know: what was measured.

/// Durations in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Durations(Vec<i64>);

impl Durations {
    pub(super) fn extend(&mut self, micros: Option<i64>) {
        self.0.extend(micros);
    }

    pub(super) fn sort(&mut self) {
        self.0.sort_unstable();
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their mean; `None` without any.
    pub fn mean(&self) -> Option<i64> {
        let sum: i128 = self.0.iter().map(|&micros| i128::from(micros)).sum();
        (!self.0.is_empty()).then(|| (sum / self.0.len() as i128) as i64)
    }

    /// The shortest one that at least `percent` per cent of them do not exceed: 50 gives the median.
    pub fn percentile(&self, percent: usize) -> Option<i64> {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Durations;

    #[test]
    fn a_percentile_is_one_of_the_durations() {
        let of = |list: &[i64]| Durations(list.to_vec());
        for (list, mean, median, most) in [
            (&[][..], None, None, None),
            (&[7], Some(7), Some(7), Some(7)),
            (&[1, 2], Some(1), Some(1), Some(2)),
            (&[1, 2, 9], Some(4), Some(2), Some(9)),
            (&[1, 2, 3, 4], Some(2), Some(2), Some(4)),
        ] {
            let durations = of(list);
            let got = (durations.mean(), durations.percentile(50), durations.percentile(95));
            assert_eq!(got, (mean, median, most), "{list:?}");
        }
        assert_eq!(of(&(1..=100).collect::<Vec<_>>()).percentile(95), Some(95));
    }
}
