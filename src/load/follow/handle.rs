//! Whether inputs are followed: a handle that everyone who reads a growing input shares.
//!
//! Must not know: files, who reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether growing inputs are followed, known to all who read them. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Follow(Arc<State>);

#[derive(Debug, Default)]
struct State {
    on: AtomicBool,
    ended: AtomicBool,
}

impl Follow {
    /// Follows from the start.
    pub fn on() -> Self {
        let follow = Self::default();
        follow.begin();
        follow
    }

    /// Begins to follow.
    pub fn begin(&self) {
        self.0.on.store(true, Ordering::SeqCst);
    }

    /// Ceases to follow: what is there now is the end until it begins again.
    pub fn cease(&self) {
        self.0.on.store(false, Ordering::SeqCst);
    }

    /// Whether growth is wanted.
    pub fn is_on(&self) -> bool {
        self.0.on.load(Ordering::SeqCst)
    }

    /// Ends all inputs where they are.
    pub fn end(&self) {
        self.0.ended.store(true, Ordering::SeqCst);
    }

    /// Whether all inputs end here.
    pub fn is_ended(&self) -> bool {
        self.0.ended.load(Ordering::SeqCst)
    }
}
