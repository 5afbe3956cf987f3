//! What a reader of files leaves behind: which file stands where in the text, where that text can be read again, and what
//! went wrong on the way.
//!
//! Written by the reader, read by whoever makes snapshots or prints: on the same thread, so that no lock is waited for.
//!
//! Must not know: how files are read, what is in them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::{Backing, BlockWriter, Blocks, DayClock, FilePart, Part, Place, PlainFile};

use super::note::Note;
use super::pack::SharedBlocks;

/// A file that was begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Which file, and where it stands.
    pub file: FilePart,
    /// The day of its first stamp, as the file's own time tells it.
    pub day: Option<i64>,
    /// Whether bytes are missing before it.
    pub after_gap: bool,
}

/// Where the text of a file is kept.
#[derive(Debug)]
pub(super) enum Kept {
    /// Nowhere: it is read once.
    Nowhere,
    /// In the file itself.
    File(Arc<PlainFile>),
    /// In blocks that come compressed.
    Sealed(SharedBlocks),
    /// In blocks that are written as bytes come.
    Written(BlockWriter),
}

#[derive(Debug, Default)]
struct State {
    files: Vec<(Begun, Kept)>,
    /// Notes that were not taken yet.
    notes: Vec<Note>,
    has_failed: bool,
    /// Whether there are several files, or will be.
    is_set: bool,
}

/// The trail. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Trail(Arc<(AtomicUsize, Mutex<State>)>);

impl Trail {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.1.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The trail of a rotation set.
    pub(super) fn of_set() -> Self {
        let trail = Self::default();
        trail.state().is_set = true;
        trail
    }

    pub(super) fn begin(&self, file: Begun, kept: Kept) {
        let mut state = self.state();
        state.files.push((file, kept));
        self.0.0.store(state.files.len(), Ordering::Release);
    }

    /// Keeps bytes of the file that was begun last, where they are to be written.
    pub(super) fn keep(&self, bytes: &[u8]) -> std::io::Result<()> {
        match self.state().files.last_mut() {
            Some((_, Kept::Written(writer))) => writer.write(bytes),
            _ => Ok(()),
        }
    }

    /// Whether the text of the file that was begun last can be had again.
    pub(super) fn can_read_back(&self) -> bool {
        matches!(self.state().files.last(), Some((_, Kept::File(_) | Kept::Sealed(_))))
    }

    /// The end of the file that was begun last, where it can be had again: at least `len` bytes, where there are so many,
    /// before the byte at `end` of the input's text.
    pub(super) fn tail(&self, len: usize, end: u64) -> Option<Vec<u8>> {
        match self.state().files.last()? {
            (begun, Kept::File(file)) => file.before(begun.file.place(end), len).ok(),
            (_, Kept::Sealed(blocks)) => blocks.lock().unwrap_or_else(PoisonError::into_inner).tail(len).ok(),
            _ => None,
        }
    }

    pub(super) fn note(&self, note: Note) {
        let mut state = self.state();
        state.has_failed |= note.is_complaint();
        state.notes.push(note);
    }

    /// How many files were begun so far. Cheap: it may be asked for each message.
    fn files_begun(&self) -> usize {
        self.0.0.load(Ordering::Acquire)
    }

    /// The files from this number on.
    fn files_from(&self, number: usize) -> Vec<Begun> {
        self.state().files.iter().skip(number).map(|(begun, _)| begun.clone()).collect()
    }

    /// Takes the notes that came since this was called last.
    pub fn take_notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.state().notes)
    }

    /// Whether something was complained of.
    pub fn has_failed(&self) -> bool {
        self.state().has_failed
    }

    /// Where the text is that was read so far.
    pub(super) fn backing(&self) -> Backing {
        let part = |(begun, kept): &(Begun, Kept)| {
            let place = match kept {
                Kept::Nowhere => Place::Blocks(Blocks::default()),
                Kept::File(file) => Place::File(Arc::clone(file)),
                Kept::Sealed(blocks) => {
                    Place::Blocks(blocks.lock().unwrap_or_else(PoisonError::into_inner).clone())
                }
                Kept::Written(writer) => Place::Blocks(writer.blocks()),
            };
            Part { file: begun.file.clone(), place }
        };
        let state = self.state();
        let mut parts = state.files.iter().map(part);
        if state.is_set { Backing::of_set(parts.collect()) } else { Backing::single(parts.next()) }
    }
}

/// Goes along a trail with the messages of its input.
#[derive(Debug)]
pub struct Walk {
    trail: Trail,
    files: Vec<Begun>,
    /// How many of them were entered.
    entered: usize,
}

impl Walk {
    /// Begins before the first file.
    pub fn new(trail: Trail) -> Self {
        Self { trail, files: Vec::new(), entered: 0 }
    }

    /// The next message begins at `offset`: tells `clock` of the files that begin up to there. Whether bytes are missing
    /// before that message.
    #[inline]
    pub fn go_to(&mut self, offset: u64, clock: &mut DayClock) -> bool {
        if self.trail.files_begun() != self.files.len() {
            self.files.extend(self.trail.files_from(self.files.len()));
        }
        let mut after_gap = false;
        while let Some(next) = self.files.get(self.entered).filter(|next| next.file.start <= offset) {
            clock.file_begins(next.day, next.after_gap);
            after_gap |= next.after_gap;
            self.entered += 1;
        }
        after_gap
    }

    /// The file in which the byte at `offset` stands: its number among those of the input, and itself.
    pub fn file_at(&self, offset: u64) -> Option<(usize, &FilePart)> {
        let number = self.files.partition_point(|begun| begun.file.start <= offset).checked_sub(1)?;
        self.files.get(number).map(|begun| (number, &begun.file))
    }

    /// The file with this number, where it was begun.
    pub fn file(&self, number: usize) -> Option<&FilePart> {
        self.files.get(number).map(|begun| &begun.file)
    }

    /// All files so far.
    pub fn files(&self) -> Vec<FilePart> {
        self.files.iter().map(|begun| begun.file.clone()).collect()
    }
}
