//! What a reader of files leaves behind: which file stands where in the text, where that text can be read again, and what
//! went wrong on the way.
//!
//! Written by the reader, read by whoever makes snapshots or prints: on the same thread, so that no lock is waited for.
//!
//! Must not know: how files are read, what is in them.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::store::{Backing, BlockWriter, Blocks, DayClock, FilePart, Part, PlainFile, Storage};

use crate::load::decode::prefetch_blocks::SharedBlocks;
use crate::load::follow::Follow;
use crate::load::note::Note;

/// So many bytes are copied within a blink.
const QUICKLY_COPIED: u64 = 8 << 20;

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
pub(in crate::load) enum Kept {
    /// Nowhere: it is read once.
    Nowhere,
    /// In the file itself.
    File(Arc<PlainFile>),
    /// In blocks that come compressed.
    Sealed(SharedBlocks),
    /// In blocks that are written as bytes come, from this place of the file's text on.
    Written { writer: BlockWriter, from: u64 },
}

#[derive(Debug, Default)]
struct State {
    files: Vec<(Begun, Kept)>,
    /// Notes that were not taken yet.
    notes: Vec<Note>,
    has_failed: bool,
    /// The newest file where it is compressed, until somebody is told that it is not followed.
    packed: Option<String>,
    /// Whether there are several files, or will be.
    is_set: bool,
    /// Bytes of the text that were given out.
    given: u64,
}

/// The trail. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Provenance(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    files_begun: AtomicUsize,
    /// Whether what is there now is the end of a file that may grow.
    ends_here: AtomicBool,
    state: Mutex<State>,
}

impl Provenance {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that what is there now is the end.
    pub(in crate::load) fn end_here(&self) {
        self.0.ends_here.store(true, Ordering::SeqCst);
    }

    /// Whether what is there now is the end.
    pub(in crate::load) fn ends_here(&self) -> bool {
        self.0.ends_here.load(Ordering::SeqCst)
    }

    /// The trail of a rotation set.
    pub(in crate::load) fn of_set() -> Self {
        let provenance = Self::default();
        provenance.state().is_set = true;
        provenance
    }

    pub(in crate::load) fn begin(&self, file: Begun, kept: Kept) {
        let mut state = self.state();
        state.files.push((file, kept));
        self.0.files_begun.store(state.files.len(), Ordering::Release);
    }

    /// Takes note of the next bytes of the text, and keeps them where they are to be written.
    pub(in crate::load) fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.given += bytes.len() as u64;
        match state.files.last_mut() {
            Some((_, Kept::Written { writer, .. })) => writer.write(bytes),
            _ => Ok(()),
        }
    }

    /// Keeps bytes of the file that was begun last that are no part of the text.
    pub(in crate::load) fn keep_replayed(&self, bytes: &[u8]) {
        if let Some((_, Kept::Written { writer, .. })) = self.state().files.last_mut() {
            // It fails only without memory.
            let _ = writer.write(bytes);
        }
    }

    /// From now on the text of the file that is read is kept as it comes, for the file may be truncated any time; what was
    /// read of it before is copied meanwhile.
    pub(in crate::load) fn keep_from_now(&self) {
        let mut state = self.state();
        let Some((begun, Kept::File(file))) = state.files.last() else { return };
        let (file, number) = (Arc::clone(file), state.files.len() - 1);
        let (from, to) = (begun.file.position(begun.file.start), begun.file.position(state.given));
        let rest = FilePart { name: Arc::clone(&begun.file.name), start: state.given, skip: to };
        let kept = Kept::Written { writer: BlockWriter::default(), from: to };
        let begun = Begun { file: rest, day: None, after_gap: false };
        state.files.push((begun, kept));
        self.0.files_begun.store(state.files.len(), Ordering::Release);
        drop(state);
        let provenance = self.clone();
        let copy = move || {
            // Where it cannot be copied, it stays where it is.
            if let Ok(Some(writer)) = file.copy(from, to) {
                provenance.state().files[number].1 = Kept::Written { writer, from };
            }
        };
        if to - from <= QUICKLY_COPIED {
            copy();
        } else {
            thread::spawn(copy);
        }
    }

    /// Whether the text of the file that was begun last can be had again.
    pub(in crate::load) fn can_read_back(&self) -> bool {
        matches!(self.state().files.last(), Some((_, Kept::File(_) | Kept::Sealed(_))))
    }

    /// The end of the file that was begun last, where it can be had again: at least `len` bytes, where there are so many,
    /// before the byte at `end` of the input's text.
    pub(in crate::load) fn tail(&self, len: usize, end: u64) -> Option<Vec<u8>> {
        match self.state().files.last()? {
            (begun, Kept::File(file)) => file.before(begun.file.position(end), len).ok(),
            (_, Kept::Sealed(blocks)) => blocks.lock().unwrap_or_else(PoisonError::into_inner).tail(len).ok(),
            _ => None,
        }
    }

    /// The newest file is compressed: whoever follows, now or later, is told that this one is not.
    pub(in crate::load) fn is_never_followed(&self, file: String, follow: &Follow) {
        self.state().packed = Some(file);
        if follow.is_on() {
            self.following_begins();
        }
    }

    /// Following begins.
    pub(in crate::load) fn following_begins(&self) {
        let packed = self.state().packed.take();
        if let Some(file) = packed {
            self.note(Note::NotFollowed { file });
        }
    }

    pub(in crate::load) fn note(&self, note: Note) {
        let mut state = self.state();
        state.has_failed |= note.is_complaint();
        state.notes.push(note);
    }

    /// How many files were begun so far. Cheap: it may be asked for each message.
    fn files_begun(&self) -> usize {
        self.0.files_begun.load(Ordering::Acquire)
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
    pub(in crate::load) fn backing(&self) -> Backing {
        let part = |(begun, kept): &(Begun, Kept)| {
            let storage = match kept {
                Kept::Nowhere => Storage::Blocks(Blocks::default(), 0),
                Kept::File(file) => Storage::File(Arc::clone(file)),
                Kept::Sealed(blocks) => {
                    Storage::Blocks(blocks.lock().unwrap_or_else(PoisonError::into_inner).clone(), 0)
                }
                Kept::Written { writer, from } => Storage::Blocks(writer.blocks(), *from),
            };
            Part { file: begun.file.clone(), storage }
        };
        let state = self.state();
        let parts = state.files.iter().map(part).collect();
        if state.is_set { Backing::of_set(parts) } else { Backing::of_file_parts(parts) }
    }
}

/// Goes along a trail with the messages of its input.
#[derive(Debug)]
pub struct Walk {
    provenance: Provenance,
    files: Vec<Begun>,
    /// How many of them were entered.
    entered: usize,
}

impl Walk {
    /// Begins before the first file.
    pub fn new(provenance: Provenance) -> Self {
        Self { provenance, files: Vec::new(), entered: 0 }
    }

    /// The next message begins at `offset`: tells `clock` of the files that begin up to there. Whether bytes are missing
    /// before that message.
    #[inline]
    pub fn go_to(&mut self, offset: u64, clock: &mut DayClock) -> bool {
        if self.provenance.files_begun() != self.files.len() {
            self.files.extend(self.provenance.files_from(self.files.len()));
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
