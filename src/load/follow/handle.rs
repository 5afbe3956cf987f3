//! Whether inputs are followed: a handle that all readers of growing inputs share.
//!
//! Must not know: files, who reads them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::load::sets::FileId;

/// Whether growing inputs are followed. Clones share the state.
#[derive(Debug, Clone, Default)]
pub struct Follow(Arc<State>);

#[derive(Debug, Default)]
struct State {
    on: AtomicBool,
    ended: AtomicBool,
    output: OnceLock<FileId>,
}

impl Follow {
    /// Follows from the start.
    pub fn on() -> Self {
        let follow = Self::default();
        follow.begin();
        follow
    }

    /// The same, where this file (device and inode) is the output: it is not read when it gets a followed name.
    #[must_use]
    pub fn with_output(self, output: Option<(u64, u64)>) -> Self {
        if let Some(output) = output {
            // Each handle is made for one output.
            let _ = self.0.output.set(output);
        }
        self
    }

    /// The output, if it is a file.
    pub(super) fn output(&self) -> Option<FileId> {
        self.0.output.get().copied()
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
