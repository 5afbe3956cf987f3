//! Adds messages to an index of rows, for the output modes that need one: ladders, and filters on facts that depend on
//! other messages or on the call.
//!
//! Must not know: which messages match, what is printed.

use std::path::Path;
use std::sync::Arc;

use crate::base::Aliases;
use crate::calls::{Builder, LegRules, Signals};
use crate::ladder::wants_note;
use crate::store::{MessageIdx, Moment, RowBuilder, Snapshot, Source, Store};

use super::facts::MessageFacts;

/// What the index takes from one message. It is filled again for each message, so that its buffers are reused.
#[derive(Debug, Default)]
pub(super) struct Draft {
    row: RowBuilder,
    /// What calls need, if they are built.
    signals: Option<Signals>,
}

impl Draft {
    /// A draft for an index that builds calls, too.
    pub(super) fn with_calls(rules: LegRules) -> Self {
        Self { row: RowBuilder::default(), signals: Some(Signals::with_rules(rules)) }
    }

    /// Takes what the index needs from a message; a body is read when it is added.
    pub(super) fn read(&mut self, facts: &MessageFacts<'_>, sources: &mut Sources) {
        let number = sources.number(facts.position().source);
        // The locator has already counted the days in the order of the input; here the messages can arrive in another
        // order.
        let when = Moment { time: facts.position().time, dates: facts.position().dates };
        let message = facts.message_ref();
        let head = self.row.fill_at(&message, number as u16, when);
        if let Some(signals) = &mut self.signals {
            signals.read_head(&message, &head, self.row.fields());
        }
    }

    /// Whether the message may have a note for its label on a ladder.
    pub(super) fn wants_note(&self) -> bool {
        wants_note(self.row.row(), self.row.method())
    }
}

/// The inputs of the messages, by the numbers that rows have for them.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    list: Vec<Arc<Source>>,
}

impl Sources {
    fn number(&mut self, source: &Arc<Source>) -> usize {
        // The files of a rotation set are one profile.
        let folder = |source: &Source| Path::new(&source.file).parent().map(Path::to_owned);
        let is_same = |known: &Arc<Source>| {
            Arc::ptr_eq(known, source) || (known.profile == source.profile && folder(known) == folder(source))
        };
        let known = self.list.iter().position(is_same);
        known.unwrap_or_else(|| {
            self.list.push(Arc::clone(source));
            self.list.len() - 1
        })
    }
}

/// An index that grows. It stores no text.
#[derive(Debug, Default)]
pub(super) struct Indexer {
    pub(super) store: Store,
    pub(super) sources: Sources,
    draft: Draft,
    calls: Option<Builder>,
    aliases: Aliases,
}

impl Indexer {
    /// An index that builds calls, too.
    pub(super) fn with_calls(rules: LegRules) -> Self {
        let aliases = rules.aliases().clone();
        Self { draft: Draft::with_calls(rules), calls: Some(Builder::default()), aliases, ..Self::default() }
    }

    /// The calls, if they are built.
    pub(super) fn calls(&self) -> Option<&Builder> {
        self.calls.as_ref()
    }

    /// The present state of the index.
    pub(super) fn snapshot(&self) -> Snapshot {
        let mut snapshot = self.store.snapshot();
        snapshot.sources = self.sources.list.iter().map(|source| Source::clone(source)).collect();
        snapshot.aliases = self.aliases.clone();
        snapshot.legs = self.calls().map(|calls| Arc::new(calls.snapshot()) as _);
        snapshot
    }

    /// Adds a message, and returns the number of its row.
    pub(super) fn push(&mut self, facts: &MessageFacts<'_>) -> MessageIdx {
        let Self { store, sources, draft, calls, .. } = self;
        draft.read(facts, sources);
        append(store, calls.as_mut(), draft);
        (self.store.len() - 1) as MessageIdx
    }

    /// Adds a message that was read elsewhere.
    pub(super) fn add(&mut self, draft: &mut Draft) {
        append(&mut self.store, self.calls.as_mut(), draft);
    }
}

fn append(store: &mut Store, calls: Option<&mut Builder>, draft: &mut Draft) {
    store.push(&draft.row);
    if let (Some(builder), Some(signals)) = (calls, &mut draft.signals)
        && let Some((row, index)) = store.last()
    {
        signals.read_body();
        let ordinal = builder.take(row, index, draft.row.address(), signals);
        store.set_leg(ordinal);
    }
}
