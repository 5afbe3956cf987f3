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

use crate::base::Aliases;
use crate::calls::{Builder, LegRules, SignalBatch, Signals};
use crate::store::{Backing, Coverage, Progress, RowBatch, RowBuilder, Snapshot, Source, Store};

use super::follow::Follow;

/// Messages in a batch. Small batches wake the other thread so often that this takes longer than keeping them.
const BATCH: usize = 512;
/// Batches that may wait. The loader waits when it is ahead by more.
const WAITING: usize = 2;

/// Receives the snapshots.
pub trait Publish: FnMut(Arc<Snapshot>) + Send + 'static {}
impl<T: FnMut(Arc<Snapshot>) + Send + 'static> Publish for T {}

/// A message that waits for its turn. Its body is to be read when it is kept.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub(super) builder: RowBuilder,
    /// The parts of its text that calls need.
    pub(super) signals: Signals,
}

impl Message {
    /// An empty one, whose legs are also joined by `rules`.
    pub(super) fn with_rules(rules: LegRules) -> Self {
        Self { builder: RowBuilder::default(), signals: Signals::with_rules(rules) }
    }
}

/// Messages in order. They are copied into few large buffers: many small ones would each have to be fetched from the other
/// core.
#[derive(Debug, Default)]
struct Batch {
    rows: RowBatch,
    signals: SignalBatch,
}

/// Messages, and what is to be published after them.
#[derive(Debug)]
struct Work {
    batch: Batch,
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
    /// Empty batches to fill again.
    spare: Receiver<Batch>,
    /// The messages that were not handed over so far.
    filling: Batch,
}

impl Keeper {
    /// Starts the thread; it publishes nothing any more when `follow` has ended.
    pub(super) fn start(rules: &LegRules, follow: Follow, publish: impl Publish) -> Self {
        let (work, todo) = sync_channel(WAITING);
        let (give_back, spare) = channel();
        let aliases = rules.aliases().clone();
        thread::spawn(move || keep(&todo, &give_back, (&follow, &aliases), publish));
        Self { work, spare, filling: Batch::default() }
    }

    /// Takes a message; its buffers can be filled again.
    pub(super) fn take(&mut self, message: &mut Message) {
        let Batch { rows, signals } = &mut self.filling;
        rows.push(message.builder.parts());
        signals.push(&mut message.signals);
        if rows.len() == BATCH {
            self.hand_over(None);
        }
    }

    /// Publishes what was taken so far.
    pub(super) fn publish(&mut self, state: State) {
        self.hand_over(Some(state));
    }

    fn hand_over(&mut self, publish: Option<State>) {
        let next = self.spare.try_recv().unwrap_or_default();
        let batch = std::mem::replace(&mut self.filling, next);
        // The thread ends only with this, unless it panicked.
        let _ = self.work.send(Work { batch, publish });
    }
}

fn keep(
    todo: &Receiver<Work>,
    spare: &Sender<Batch>,
    (follow, aliases): (&Follow, &Aliases),
    mut publish: impl Publish,
) {
    let (mut store, mut calls, mut signals) = (Store::default(), Builder::default(), Signals::default());
    for Work { mut batch, publish: state } in todo {
        if follow.is_ended() {
            return;
        }
        for parts in batch.rows.iter() {
            batch.signals.read_next(&mut signals);
            store.push_parts(parts);
            if let Some((row, index)) = store.last() {
                let ordinal = calls.take(row, index, parts.address(), &signals);
                store.set_leg(ordinal);
            }
        }
        batch.rows.clear();
        batch.signals.clear();
        // The loader may have ended.
        let _ = spare.send(batch);
        if let Some(State { sources, backings, coverage, progress }) = state {
            let mut snapshot = store.snapshot();
            (snapshot.sources, snapshot.backings, snapshot.progress) = (sources, backings, progress);
            snapshot.coverage = coverage;
            snapshot.aliases = aliases.clone();
            let is_growing = !snapshot.progress.caught_up;
            let legs = if is_growing { calls.snapshot_while_growing() } else { calls.snapshot() };
            snapshot.legs = Some(Arc::new(legs));
            publish(Arc::new(snapshot));
        }
    }
}
