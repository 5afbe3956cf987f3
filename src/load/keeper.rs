//! The thread that keeps what was read: it adds messages to the store and to their calls, and publishes snapshots, while the
//! loader reads on.
//!
//! Messages come in batches and in order, so that the result is the same as of one thread. The buffers of a batch go back to
//! the loader and are filled again.
//!
//! Must not know: inputs, when a snapshot is due, who uses it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use crate::calls::{Builder, LegRules, Signals};
use crate::store::{Backing, Coverage, Progress, RowBuilder, Snapshot, Source, Store};

use super::follow::Follow;

/// Messages in a batch. All that wait should fit into the cache that the two threads share.
const BATCH: usize = 64;
/// Batches that may wait. The loader waits when it is ahead by more.
const WAITING: usize = 8;

/// Receives the snapshots.
pub trait Publish: FnMut(Arc<Snapshot>) + Send + 'static {}
impl<T: FnMut(Arc<Snapshot>) + Send + 'static> Publish for T {}

/// What is kept of a message.
#[derive(Debug, Default)]
struct Message {
    builder: RowBuilder,
    signals: Signals,
}

/// Messages, and what is to be published after them.
#[derive(Debug)]
struct Work {
    messages: Vec<Message>,
    /// How many of them are new.
    count: usize,
    publish: Option<State>,
}

/// What a snapshot contains besides the messages.
#[derive(Debug)]
pub(super) struct State {
    pub(super) sources: Arc<[Source]>,
    pub(super) backings: Vec<Backing>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) progress: Progress,
}

/// Feeds the thread. Dropping it ends the thread after everything was kept.
pub(super) struct Keeper {
    work: SyncSender<Work>,
    /// Batches to fill again.
    spare: Receiver<Vec<Message>>,
    /// The messages that were not handed over so far are the first ones.
    filling: Vec<Message>,
    count: usize,
    rules: LegRules,
}

impl Keeper {
    /// Starts the thread; it publishes nothing any more when `follow` has ended.
    pub(super) fn start(rules: LegRules, follow: Follow, publish: impl Publish) -> Self {
        let (work, todo) = sync_channel(WAITING);
        let (give_back, spare) = channel();
        thread::spawn(move || keep(&todo, &give_back, &follow, publish));
        Self { work, spare, filling: Vec::new(), count: 0, rules }
    }

    /// Takes a message, and gives buffers for another one in exchange.
    pub(super) fn take(&mut self, builder: &mut RowBuilder, signals: &mut Signals) {
        if self.count == self.filling.len() {
            let signals = Signals::with_rules(self.rules.clone());
            self.filling.push(Message { builder: RowBuilder::default(), signals });
        }
        let message = &mut self.filling[self.count];
        std::mem::swap(&mut message.builder, builder);
        std::mem::swap(&mut message.signals, signals);
        self.count += 1;
        if self.count == BATCH {
            self.hand_over(None);
        }
    }

    /// Publishes what was taken so far.
    pub(super) fn publish(&mut self, state: State) {
        self.hand_over(Some(state));
    }

    fn hand_over(&mut self, publish: Option<State>) {
        let next = self.spare.try_recv().unwrap_or_default();
        let messages = std::mem::replace(&mut self.filling, next);
        let count = std::mem::take(&mut self.count);
        // The thread ends only with this, unless it panicked.
        let _ = self.work.send(Work { messages, count, publish });
    }
}

fn keep(todo: &Receiver<Work>, spare: &Sender<Vec<Message>>, follow: &Follow, mut publish: impl Publish) {
    let (mut store, mut calls) = (Store::default(), Builder::default());
    for Work { mut messages, count, publish: state } in todo {
        if follow.is_ended() {
            return;
        }
        for Message { builder, signals } in messages.iter_mut().take(count) {
            signals.read_body();
            store.push(builder);
            if let Some((row, index)) = store.last() {
                let ordinal = calls.take(row, index, builder.address(), signals);
                store.set_leg(ordinal);
            }
        }
        // The loader may have ended.
        let _ = spare.send(messages);
        if let Some(State { sources, backings, coverage, progress }) = state {
            let mut snapshot = store.snapshot();
            (snapshot.sources, snapshot.backings, snapshot.progress) = (sources, backings, progress);
            snapshot.coverage = coverage;
            snapshot.legs = Some(Arc::new(calls.snapshot()));
            publish(Arc::new(snapshot));
        }
    }
}
