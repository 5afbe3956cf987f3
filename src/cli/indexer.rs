//! Adds messages to an index of rows, for the output modes that need one: ladders, and filters on facts that depend on
//! other messages.
//!
//! Must not know: which messages match, what is printed.

use std::path::Path;
use std::sync::Arc;

use crate::store::{MessageIdx, Moment, RowBuilder, Source, Store};

use super::facts::MessageFacts;

/// An index that grows. It stores no text.
#[derive(Debug, Default)]
pub(super) struct Indexer {
    pub(super) store: Store,
    draft: RowBuilder,
    pub(super) sources: Vec<Arc<Source>>,
}

impl Indexer {
    /// Adds a message, and returns the number of its row.
    pub(super) fn push(&mut self, facts: &MessageFacts<'_>) -> MessageIdx {
        let number = self.source(facts.position().source);
        // The locator has already counted the days in the order of the input; here the messages can arrive in another
        // order.
        let when = Moment { time: facts.position().time, dates: facts.position().dates };
        self.draft.fill_at(&facts.message_ref(), number as u16, when);
        self.store.push(&self.draft);
        (self.store.len() - 1) as MessageIdx
    }

    fn source(&mut self, source: &Arc<Source>) -> usize {
        // The files of a rotation set are one profile.
        let folder = |source: &Source| Path::new(&source.file).parent().map(Path::to_owned);
        let is_same = |known: &Arc<Source>| {
            Arc::ptr_eq(known, source) || (known.profile == source.profile && folder(known) == folder(source))
        };
        let known = self.sources.iter().position(is_same);
        known.unwrap_or_else(|| {
            self.sources.push(Arc::clone(source));
            self.sources.len() - 1
        })
    }
}
