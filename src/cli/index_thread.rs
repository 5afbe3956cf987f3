//! An index that another thread fills: while this one reads messages, that one finds their calls.
//!
//! Must not know: which messages match, what is printed, what a draft contains.

use std::io;
use std::mem;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use crate::calls::LegRules;
use crate::store::{MessageIdx, Snapshot};

use super::facts::MessageFacts;
use super::indexer::{Draft, Indexer, Sources};

/// The number of messages that are passed to the other thread at once.
const BATCH: usize = 256;
/// Upper limit of the batches that wait for it.
const WAITING: usize = 4;

/// An index of messages and calls that grows on another thread.
#[derive(Debug)]
pub(super) struct IndexThread {
    rules: LegRules,
    sources: Sources,
    /// Messages that were not passed on yet: the first `filled` ones.
    batch: Vec<Draft>,
    filled: usize,
    count: usize,
    index: Place,
}

/// Where the index is.
#[derive(Debug)]
enum Place {
    /// Here: there was no full batch so far, and few messages need no thread.
    Here(Box<Indexer>),
    There(Filling),
}

/// The other thread. It takes full batches, and gives them back to be filled again.
#[derive(Debug)]
struct Filling {
    full: SyncSender<Vec<Draft>>,
    used: Receiver<Vec<Draft>>,
    thread: JoinHandle<Indexer>,
}

impl IndexThread {
    /// An index whose legs are also joined by `rules`.
    pub(super) fn new(rules: LegRules) -> Self {
        let index = Place::Here(Box::new(Indexer::with_calls(rules.clone())));
        Self { rules, sources: Sources::default(), batch: Vec::new(), filled: 0, count: 0, index }
    }

    /// Adds a message; returns the number that its row gets, and what was read.
    ///
    /// # Errors
    /// If the other thread broke down.
    pub(super) fn push(&mut self, facts: &MessageFacts<'_>) -> io::Result<(MessageIdx, &Draft)> {
        if self.filled == BATCH {
            self.pass_on()?;
        }
        if self.filled == self.batch.len() {
            self.batch.push(Draft::with_calls(self.rules.clone()));
        }
        let draft = &mut self.batch[self.filled];
        draft.read(facts, &mut self.sources);
        self.filled += 1;
        self.count += 1;
        Ok(((self.count - 1) as MessageIdx, draft))
    }

    /// All messages so far. The index is here from now on.
    ///
    /// # Errors
    /// If the other thread broke down.
    pub(super) fn snapshot(&mut self) -> io::Result<Snapshot> {
        let index = mem::replace(&mut self.index, Place::Here(Box::default()));
        let mut index = match index {
            Place::Here(index) => index,
            Place::There(filling) => Box::new(filling.end()?),
        };
        for draft in &mut self.batch[..mem::take(&mut self.filled)] {
            index.add(draft);
        }
        index.sources.clone_from(&self.sources);
        let snapshot = index.snapshot();
        self.index = Place::Here(index);
        Ok(snapshot)
    }

    /// Passes a full batch on, and makes room for the next one.
    fn pass_on(&mut self) -> io::Result<()> {
        let batch = mem::take(&mut self.batch);
        self.filled = 0;
        if let Place::Here(index) = &mut self.index {
            self.index = Place::There(Filling::start(mem::take(index)));
        }
        let Place::There(filling) = &mut self.index else { return Ok(()) };
        filling.full.send(batch).map_err(|_| broken())?;
        self.batch = filling.used.try_recv().unwrap_or_default();
        Ok(())
    }
}

impl Filling {
    fn start(index: Box<Indexer>) -> Self {
        let (full, batches) = sync_channel(WAITING);
        let (done, used) = channel();
        Self { full, used, thread: thread::spawn(move || fill(*index, &batches, &done)) }
    }

    fn end(self) -> io::Result<Indexer> {
        drop(self.full);
        self.thread.join().map_err(|_| broken())
    }
}

fn fill(mut index: Indexer, batches: &Receiver<Vec<Draft>>, done: &Sender<Vec<Draft>>) -> Indexer {
    for mut batch in batches {
        for draft in &mut batch {
            index.add(draft);
        }
        // At the end no one wants it back.
        let _ = done.send(batch);
    }
    index
}

fn broken() -> io::Error {
    io::Error::other("the messages cannot be indexed")
}
