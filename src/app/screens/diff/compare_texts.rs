//! The job of comparing two messages, which is done outside the drawing thread.
//!
//! Must not know: screens, events, how messages are compared.

use std::sync::Arc;

use crate::app::generation::Generation;
use crate::diff::Comparison;
use crate::store::MessageText;

/// Two messages that are to be compared.
#[derive(Debug, Clone)]
pub struct CompareTexts {
    /// The number of the request.
    pub generation: Generation,
    /// Their texts, the left one first.
    pub texts: [Arc<MessageText>; 2],
}

impl CompareTexts {
    /// Compares them.
    pub fn compare(&self) -> Arc<Comparison> {
        let [left, right] = &self.texts;
        Arc::new(Comparison::of(&left.bytes, &right.bytes))
    }
}
