//! Whether inputs are followed: a handle that all readers of growing inputs share.
//!
//! Must not know: files, who reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether growing inputs are followed. Clones share the state.
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

    /// Starts to follow. Before that, the present end of each file is its end.
    pub fn begin(&self) {
        self.0.on.store(true, Ordering::SeqCst);
    }

    /// Whether inputs are followed.
    pub fn is_on(&self) -> bool {
        self.0.on.load(Ordering::SeqCst)
    }

    /// Ends all inputs at their present positions.
    pub fn end(&self) {
        self.0.ended.store(true, Ordering::SeqCst);
    }

    /// Whether all inputs have ended.
    pub fn is_ended(&self) -> bool {
        self.0.ended.load(Ordering::SeqCst)
    }
}
