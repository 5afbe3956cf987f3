//! Keeps filter history, marks, notes and positions, on a thread: reading and writing them may take long on a network.
//!
//! Must not know: the format of what is kept, when something is kept.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::app::Event;
use crate::app::kept::{Kept, Recall};
use crate::calls::{Calls, LegIdx};
use crate::ladder::{Decision, KnownCallIds, kept};
use crate::state::{FileState, Folder, Identity, MarkChange};
use crate::store::{MessageIdx, RowRef, Snapshot};

use super::loop_event::LoopEvent;

/// The program ends after this time, even if nothing was kept.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the thread does.
enum Job {
    Recall(Recall),
    Keep(Box<Kept>),
    CountRun,
}

/// The thread; none if nothing is to be kept.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    thread: Option<(Sender<Job>, Receiver<()>)>,
}

impl Keeping {
    /// Starts the thread for a folder.
    pub(super) fn start(folder: Folder, sender: Sender<LoopEvent>) -> Self {
        let (jobs, todo) = channel();
        let (ended, end) = channel();
        thread::spawn(move || {
            let call_ids = KnownCallIds::default();
            let mut keeper = Keeper { folder, sender, files: Vec::new(), call_ids, has_failed: false };
            for job in todo {
                match job {
                    Job::Recall(recall) => keeper.recall(&recall),
                    Job::Keep(kept) => keeper.keep(&kept),
                    Job::CountRun => keeper.tell(keeper.folder.count_run().err()),
                }
            }
            // The program may have ended already.
            let _ = ended.send(());
        });
        Self { thread: Some((jobs, end)) }
    }

    /// Counts this run.
    pub(super) fn count_run(&self) {
        self.give(Job::CountRun);
    }

    /// Looks for what is kept of the messages.
    pub(super) fn recall(&self, recall: Recall) {
        self.give(Job::Recall(recall));
    }

    /// Keeps the present state.
    pub(super) fn keep(&self, kept: Box<Kept>) {
        self.give(Job::Keep(kept));
    }

    fn give(&self, job: Job) {
        if let Some((jobs, _)) = &self.thread {
            // The thread ends only with this.
            let _ = jobs.send(job);
        }
    }

    /// Keeps the last state, and waits until that is done.
    pub(super) fn finish(&mut self, kept: Box<Kept>) {
        self.keep(kept);
        if let Some((jobs, end)) = self.thread.take() {
            drop(jobs);
            let _ = end.recv_timeout(PATIENCE);
        }
    }
}

/// A file whose state is kept.
struct KeptFile {
    path: PathBuf,
    /// `None` if it cannot be recognised again: a pipe.
    identity: Option<Identity>,
    state: FileState,
}

struct Keeper {
    folder: Folder,
    sender: Sender<LoopEvent>,
    files: Vec<KeptFile>,
    call_ids: KnownCallIds,
    /// An error is told once.
    has_failed: bool,
}

impl Keeper {
    fn recall(&mut self, recall: &Recall) {
        if recall.first == 0 {
            // Other inputs, or the same ones again: what was kept since is read again.
            (self.files, self.call_ids) = (Vec::new(), KnownCallIds::default());
        }
        self.meet(&recall.snapshot);
        let has_any = self.files.iter().any(|file| file.state != FileState::default());
        let (mut marks, mut notes) = (Vec::new(), Vec::new());
        let mut position = None;
        for row in recall.snapshot.rows_from(recall.first).take_while(|_| has_any) {
            self.call_ids.see(&row);
            let Some((file, at)) = self.place(&row) else { continue };
            let state = &self.files[file].state;
            if state.marks.contains(&at) {
                marks.push(row.index);
            }
            notes.extend(state.notes.get(&at).map(|text| (row.index, text.clone())));
            if state.position == Some(at) {
                position = Some(row.index);
            }
        }
        let scanned = recall.snapshot.len() as MessageIdx;
        let links = self.links(&recall.snapshot);
        let event = Event::Recalled {
            generation: recall.generation,
            marks,
            notes,
            links,
            position,
            scanned,
            has_any,
        };
        // The loop may have ended already.
        let _ = self.sender.send(LoopEvent::Event(event));
    }

    /// What is kept of legs that are there.
    fn links(&self, snapshot: &Snapshot) -> Vec<(LegIdx, Decision)> {
        let links = self.files.iter().flat_map(|file| &file.state.links);
        let found = |link| self.call_ids.find(Calls::of(snapshot)?, link);
        links.filter_map(found).collect()
    }

    fn keep(&mut self, state: &Kept) {
        self.meet(&state.snapshot);
        let mut changes: Vec<MarkChange> = self.files.iter().map(|_| MarkChange::default()).collect();
        let place = |message: MessageIdx| state.snapshot.row(message).and_then(|row| self.place(&row));
        for (file, at) in state.marks.iter().filter_map(|mark| place(*mark)) {
            changes[file].added.insert(at);
        }
        for (file, at) in state.unmarked.iter().filter_map(|mark| place(*mark)) {
            changes[file].removed.insert(at);
        }
        for (message, text) in state.notes.written() {
            if let Some((file, at)) = place(message) {
                changes[file].notes.insert(at, text.map(str::to_owned));
            }
        }
        for (first, link) in state.links.changed().filter_map(|link| kept(&state.snapshot, link)) {
            if let Some((file, _)) = place(first) {
                changes[file].links.push(link);
            }
        }
        if let Some((file, at)) = state.position.and_then(place) {
            changes[file].position = Some(at);
        }
        let of_files = self.files.iter().zip(changes).filter(|(_, change)| *change != MarkChange::default());
        let of_files: Vec<(Identity, MarkChange)> =
            of_files.filter_map(|(file, change)| Some((file.identity.clone()?, change))).collect();
        let result =
            self.folder.add_history(&state.history).and_then(|()| self.folder.change_files(&of_files));
        self.tell(result.err());
    }

    /// Reads what is kept of files that were not seen before.
    fn meet(&mut self, snapshot: &Snapshot) {
        for path in snapshot.sources.iter().flat_map(|source| source.paths.iter()) {
            if self.files.iter().any(|file| file.path == *path) {
                continue;
            }
            let identity = Identity::of(path).ok();
            let state = identity.as_ref().map(|identity| self.folder.file(identity)).transpose();
            let state = state.unwrap_or_else(|error| {
                self.tell(Some(error));
                None
            });
            let state = state.unwrap_or_default();
            self.call_ids.look_for(&state.links);
            self.files.push(KeptFile { path: path.clone(), identity, state });
        }
    }

    /// The file of a message, and where in its text the message begins.
    fn place(&self, row: &RowRef<'_>) -> Option<(usize, u64)> {
        let source = row.source()?;
        let (name, at) = row.snapshot.backings.get(usize::from(row.row.source))?.locate(row.row.offset);
        let path = match name {
            Some(name) => source.paths.iter().find(|path| path.to_string_lossy().ends_with(&**name))?,
            None => source.paths.first()?,
        };
        Some((self.files.iter().position(|file| file.path == *path)?, at))
    }

    fn tell(&mut self, error: Option<String>) {
        let Some(error) = error.filter(|_| !self.has_failed) else { return };
        self.has_failed = true;
        let what = format!("history and marks are not kept: {error}");
        // The loop may have ended already.
        let _ = self.sender.send(LoopEvent::Event(Event::Copied(Err(what))));
    }
}
