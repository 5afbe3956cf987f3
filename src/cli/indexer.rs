//! Adds messages to an index of rows, for the output modes that need one: ladders, and filters on facts that depend on
//! other messages or on the call.
//!
//! Must not know: which messages match, what is printed.

use std::path::Path;
use std::sync::Arc;

use crate::calls::{Builder, LegRules, Signals};
use crate::store::{MessageIdx, Moment, RowBuilder, Snapshot, Source, Store};

use super::facts::MessageFacts;

/// An index that grows. It stores no text.
#[derive(Debug, Default)]
pub(super) struct Indexer {
    pub(super) store: Store,
    pub(super) draft: RowBuilder,
    pub(super) sources: Vec<Arc<Source>>,
    calls: Option<Growing>,
}

/// The calls of the messages, and what was read of the latest one for them.
#[derive(Debug, Default)]
struct Growing {
    builder: Builder,
    signals: Signals,
}

impl Indexer {
    /// An index that builds calls, too.
    pub(super) fn with_calls(rules: LegRules) -> Self {
        let calls = Growing { builder: Builder::default(), signals: Signals::with_rules(rules) };
        Self { calls: Some(calls), ..Self::default() }
    }

    /// The calls, if they are built.
    pub(super) fn calls(&self) -> Option<&Builder> {
        self.calls.as_ref().map(|calls| &calls.builder)
    }

    /// The present state of the index.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.store.snapshot();
        snapshot.sources = self.sources.iter().map(|source| Source::clone(source)).collect();
        snapshot.legs = self.calls().map(|calls| Arc::new(calls.snapshot()) as _);
        snapshot
    }

    /// Adds a message, and returns the number of its row.
    pub(super) fn push(&mut self, facts: &MessageFacts<'_>) -> MessageIdx {
        let number = self.source(facts.position().source);
        // The locator has already counted the days in the order of the input; here the messages can arrive in another
        // order.
        let when = Moment { time: facts.position().time, dates: facts.position().dates };
        let message = facts.message_ref();
        let head = self.draft.fill_at(&message, number as u16, when);
        self.store.push(&self.draft);
        if let Some(Growing { builder, signals }) = &mut self.calls
            && let Some((row, index)) = self.store.last()
        {
            signals.read(&message, &head, self.draft.fields());
            let ordinal = builder.take(row, index, self.draft.address(), signals);
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
