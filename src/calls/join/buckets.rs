//! Counts by time: a table over the time range in which nearly everything happens, and a map for what is far from it.
//!
//! Must not know: what is counted.

use hashbrown::HashMap;

/// A value for each bucket of time.
#[derive(Debug, Default)]
pub(super) struct Buckets<T> {
    /// The bucket of the first value of `near`.
    first: i64,
    near: Vec<T>,
    far: HashMap<i64, T>,
}

impl<T: Copy + Default> Buckets<T> {
    /// Room for the buckets from `first` to `last`; if these are more than `most`, for the last ones.
    pub(super) fn between(first: i64, last: i64, most: usize) -> Self {
        let count = usize::try_from(last.saturating_sub(first)).unwrap_or(0).saturating_add(1).min(most);
        Self { first: last - count as i64 + 1, near: vec![T::default(); count], far: HashMap::new() }
    }

    fn position(&self, bucket: i64) -> usize {
        usize::try_from(bucket.wrapping_sub(self.first)).unwrap_or(usize::MAX)
    }

    /// The value of a bucket, if it is in the table or was asked for to be changed.
    pub(super) fn get(&self, bucket: i64) -> Option<&T> {
        self.near.get(self.position(bucket)).or_else(|| self.far.get(&bucket))
    }

    /// The value of a bucket, to be changed.
    pub(super) fn at(&mut self, bucket: i64) -> &mut T {
        let position = self.position(bucket);
        match self.near.get_mut(position) {
            Some(value) => value,
            None => self.far.entry(bucket).or_default(),
        }
    }

    /// The same buckets with what `make` gives for each.
    pub(super) fn map<U>(&self, make: impl Fn(i64) -> U) -> Buckets<U> {
        let near = (0..self.near.len() as i64).map(|offset| make(self.first + offset)).collect();
        let around = self.far.keys().flat_map(|&bucket| bucket - 1..=bucket + 1);
        Buckets { first: self.first, near, far: around.map(|bucket| (bucket, make(bucket))).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_away_is_counted_too() {
        let mut counts = Buckets::<u32>::between(10, 1_000_000, 100);
        for bucket in [10, 10, 999_990, 1_000_000, 1_000_001, i64::MIN, i64::MAX] {
            *counts.at(bucket) += 1;
        }
        let count = |bucket| counts.get(bucket).copied();
        assert_eq!([10, 999_990, 1_000_000, 1_000_001].map(count), [Some(2), Some(1), Some(1), Some(1)]);
        assert_eq!((count(11), count(999_991), counts.near.len()), (None, Some(0), 100));
        assert_eq!((count(i64::MIN), count(i64::MAX)), (Some(1), Some(1)));
    }
}
