//! Results of a worker that are freed by the worker, and not by the thread that draws.
//!
//! Must not know: what is in them.

use std::sync::Arc;

/// The newest results of a worker: what replaced results have allocated is freed here, and not while a key waits.
pub(super) struct Kept<T>(Option<Arc<T>>, Option<Arc<T>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(None, None)
    }
}

impl<T> Kept<T> {
    /// Keeps a result, and frees the one before the previous one: the drawing thread has dropped it.
    pub(super) fn keep(&mut self, result: &Arc<T>) {
        self.1 = self.0.replace(Arc::clone(result));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_two_results_are_kept() {
        let mut kept = Kept::default();
        let results: Vec<Arc<u8>> = (0..4).map(Arc::new).collect();
        for result in &results {
            kept.keep(result);
        }
        let owners: Vec<usize> = results.iter().map(Arc::strong_count).collect();
        assert_eq!(owners, [1, 1, 2, 2]);
    }
}
