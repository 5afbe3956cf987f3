//! Messages on their way into an index of rows, where printing needs one: for ladders, and for what other messages make of one.
//!
//! Must not know: which messages match, what is printed.

use std::path::Path;
use std::sync::Arc;

use crate::calls::{Builder, Signals};
use crate::store::{MessageIdx, Moment, RowBuilder, Source, Store};

use super::facts::MessageFacts;

/// An index that grows. It keeps no text.
#[derive(Debug, Default)]
pub(super) struct Indexer {
    pub(super) store: Store,
    draft: RowBuilder,
    pub(super) sources: Vec<Arc<Source>>,
    signals: Signals,
}

impl Indexer {
    /// Takes a message, and gives the number of its row.
    pub(super) fn push(&mut self, facts: &MessageFacts<'_>) -> MessageIdx {
        let number = self.source(facts.position().source);
        // The locator counted the days already, in the order of the input; here messages may come in another one.
        let when = Moment { time: facts.position().time, dates: facts.position().dates };
        self.draft.fill_at(&facts.message_ref(), number as u16, when);
        self.store.push(&self.draft);
        (self.store.len() - 1) as MessageIdx
    }

    /// The same, and lets `legs` take it.
    pub(super) fn push_into(&mut self, legs: &mut Builder, facts: &MessageFacts<'_>) -> MessageIdx {
        let number = self.source(facts.position().source);
        let when = Moment { time: facts.position().time, dates: facts.position().dates };
        let message = facts.message_ref();
        let head = self.draft.fill_at(&message, number as u16, when);
        self.signals.read(&message, &head, self.draft.fields());
        self.store.push(&self.draft);
        if let Some((row, index)) = self.store.last() {
            let ordinal = legs.take(row, index, self.draft.address(), &self.signals);
            self.store.set_leg(ordinal);
        }
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
