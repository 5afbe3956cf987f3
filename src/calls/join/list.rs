//! A handful of values in place, without an allocation.
//!
//! Must not know: what the values are.

/// Up to `N` different values; more are left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Few<T, const N: usize> {
    items: [T; N],
    len: u8,
}

impl<T: Copy + Default, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self { items: [T::default(); N], len: 0 }
    }
}

impl<T: Copy + PartialEq, const N: usize> Few<T, N> {
    /// Adds a value that is not there yet.
    pub(super) fn add(&mut self, item: T) {
        if usize::from(self.len) < N && !self.as_slice().contains(&item) {
            self.items[usize::from(self.len)] = item;
            self.len += 1;
        }
    }

    /// The values in the order in which they came.
    pub(super) fn as_slice(&self) -> &[T] {
        &self.items[..usize::from(self.len)]
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The values that both lists have.
    pub(super) fn shared<'a, const M: usize>(&'a self, other: &'a Few<T, M>) -> impl Iterator<Item = T> {
        self.as_slice().iter().copied().filter(|item| other.as_slice().contains(item))
    }
}
