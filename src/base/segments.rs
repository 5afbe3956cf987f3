//! A growing list with cheap copies: one writer appends to it while readers hold snapshots.
//!
//! Must not know: what the items are, threads.

use std::sync::Arc;

/// Items in one segment.
const SEGMENT: usize = 4096;

/// An append-mostly list in segments shared by `Arc`.
///
/// A clone shares all segments; writing to a shared segment copies only that segment. A snapshot of ten million items
/// therefore costs a few thousand reference counts, and publishing one while the writer continues costs at most one
/// copied segment per list.
#[derive(Debug)]
pub struct Segments<T> {
    segments: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Clone for Segments<T> {
    fn clone(&self) -> Self {
        Self { segments: self.segments.clone(), len: self.len }
    }
}

impl<T> Default for Segments<T> {
    fn default() -> Self {
        Self { segments: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Segments<T> {
    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at the 0-based `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.segments.get(index / SEGMENT)?.get(index % SEGMENT)
    }

    /// The last item.
    pub fn last(&self) -> Option<&T> {
        self.segments.last()?.last()
    }

    /// Appends an item.
    #[inline]
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(SEGMENT) {
            // The first segment grows as needed, so that most lists of a small trace stay small.
            let room = if self.len == 0 { 0 } else { SEGMENT };
            self.segments.push(Arc::new(Vec::with_capacity(room)));
        }
        if let Some(segment) = self.segments.last_mut() {
            own(segment).push(item);
            self.len += 1;
        }
    }

    /// Mutable access to the item at `index`.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        own(self.segments.get_mut(index / SEGMENT)?).get_mut(index % SEGMENT)
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.segments.iter().flat_map(|s| s.iter())
    }

    /// The items from the 0-based `index` on.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> {
        let first = index / SEGMENT;
        self.segments.iter().skip(first).flat_map(|s| s.iter()).skip(index - first * SEGMENT)
    }
}

/// A segment that is not shared, with room to grow.
fn own<T: Clone>(segment: &mut Arc<Vec<T>>) -> &mut Vec<T> {
    // Nothing holds a weak reference, and no one else can clone this one: the count alone tells.
    if Arc::strong_count(segment) > 1 {
        let mut copy = Vec::with_capacity(SEGMENT);
        copy.extend_from_slice(segment);
        *segment = Arc::new(copy);
    }
    Arc::make_mut(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_does_not_see_later_writes() {
        let mut list = Segments::default();
        (0..10_000_u32).for_each(|n| list.push(n));
        let before = list.clone();
        (10_000..10_010).for_each(|n| list.push(n));
        *list.get_mut(5).unwrap() = 99;
        assert_eq!((before.len(), before.get(5), before.get(10_000)), (10_000, Some(&5), None));
        assert_eq!((list.len(), list.get(5), list.last()), (10_010, Some(&99), Some(&10_009)));
        assert!(list.iter_from(9_999).copied().eq(9_999..10_010));
    }
}
