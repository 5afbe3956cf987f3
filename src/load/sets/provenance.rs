//! Records while files are read: where each file begins in the text, where its text can be read again, and errors.
//!
//! Written by the reader and read when snapshots are made or messages are printed: on the same thread, so no lock
//! blocks.
//!
//! Must not know: how files are read, what is in them.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::store::{Backing, BlockWriter, Blocks, DayClock, FilePart, LogAccount, Part, PlainFile, Storage};

use crate::load::decode::prefetch_blocks::SharedBlocks;
use crate::load::follow::Follow;
use crate::load::note::Note;
use crate::load::siptrace::SharedAccount;

/// Up to this many bytes are copied without a delay that users notice.
const QUICKLY_COPIED: u64 = 8 << 20;

/// Where a file begins in the text, once its reading has begun.
#[derive(Debug, Clone)]
pub struct FileStart {
    /// The file, and its offset.
    pub file: FilePart,
    /// The day of its first timestamp, according to the file's modification time.
    pub day: Option<i64>,
    /// Whether bytes are missing before it.
    pub after_gap: bool,
}

/// How the text of a file can be read again.
#[derive(Debug)]
pub(in crate::load) enum TextOrigin {
    /// Not at all: it is read once.
    None,
    /// From the file itself.
    File(Arc<PlainFile>),
    /// From compressed blocks that the decompressing thread supplies.
    Blocks(SharedBlocks),
    /// From blocks that are written while the text is read, from this position of the file's text on.
    Written { writer: BlockWriter, from: u64 },
}

#[derive(Debug, Default)]
struct State {
    files: Vec<(FileStart, TextOrigin)>,
    /// For each file that may be a log, the counts of its bytes.
    accounts: Vec<(String, SharedAccount)>,
    /// Notes that were not taken yet.
    notes: Vec<Note>,
    has_failed: bool,
    /// The name of the newest file if it is compressed, until it is reported that it is not followed.
    packed: Option<String>,
    /// Whether there are several files, or will be.
    is_set: bool,
    /// Bytes of the text that were returned to the reader's user.
    given: u64,
}

/// The record. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Provenance(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    files_begun: AtomicUsize,
    /// Whether the present end of a growing file is its end.
    ends_here: AtomicBool,
    state: Mutex<State>,
}

impl Provenance {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets that the present end is the end.
    pub(in crate::load) fn end_here(&self) {
        self.0.ends_here.store(true, Ordering::SeqCst);
    }

    /// Whether the present end is the end.
    pub(in crate::load) fn ends_here(&self) -> bool {
        self.0.ends_here.load(Ordering::SeqCst)
    }

    /// The record of a rotation set.
    pub(in crate::load) fn of_set() -> Self {
        let provenance = Self::default();
        provenance.state().is_set = true;
        provenance
    }

    pub(in crate::load) fn begin(&self, file: FileStart, origin: TextOrigin) {
        let mut state = self.state();
        state.files.push((file, origin));
        self.0.files_begun.store(state.files.len(), Ordering::Release);
    }

    /// The bytes of a file that may be a log are counted in `account`.
    pub(in crate::load) fn add_account(&self, file: String, account: SharedAccount) {
        self.state().accounts.push((file, account));
    }

    /// For each file that is a log, what became of its bytes so far.
    pub fn logs(&self) -> Vec<LogAccount> {
        self.state().accounts.iter().filter_map(|(file, account)| account.of_file(file)).collect()
    }

    /// Counts the next bytes of the text, and keeps them if they are written to blocks.
    pub(in crate::load) fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.given += bytes.len() as u64;
        match state.files.last_mut() {
            Some((_, TextOrigin::Written { writer, .. })) => writer.write(bytes),
            _ => Ok(()),
        }
    }

    /// Keeps bytes of the current file that are not part of the text.
    pub(in crate::load) fn keep_replayed(&self, bytes: &[u8]) {
        if let Some((_, TextOrigin::Written { writer, .. })) = self.state().files.last_mut() {
            // This fails only without memory.
            let _ = writer.write(bytes);
        }
    }

    /// From now on the text of the current file is kept as it is read, because the file may be truncated at any time;
    /// the text that was read before is copied.
    pub(in crate::load) fn keep_from_now(&self) {
        let mut state = self.state();
        let Some((file_start, TextOrigin::File(file))) = state.files.last() else { return };
        let (file, number) = (Arc::clone(file), state.files.len() - 1);
        let (from, to) =
            (file_start.file.position(file_start.file.start), file_start.file.position(state.given));
        let rest = FilePart { name: Arc::clone(&file_start.file.name), start: state.given, skip: to };
        let origin = TextOrigin::Written { writer: BlockWriter::default(), from: to };
        let file_start = FileStart { file: rest, day: None, after_gap: false };
        state.files.push((file_start, origin));
        self.0.files_begun.store(state.files.len(), Ordering::Release);
        drop(state);
        let provenance = self.clone();
        let copy = move || {
            // If it cannot be copied, it stays in the file.
            if let Ok(Some(writer)) = file.copy(from, to) {
                provenance.state().files[number].1 = TextOrigin::Written { writer, from };
            }
        };
        if to - from <= QUICKLY_COPIED {
            copy();
        } else {
            thread::spawn(copy);
        }
    }

    /// Whether the text of the current file can be read again.
    pub(in crate::load) fn can_read_back(&self) -> bool {
        matches!(self.state().files.last(), Some((_, TextOrigin::File(_) | TextOrigin::Blocks(_))))
    }

    /// The end of the current file, if it can be read again: at least `len` bytes, if there are that many, before the
    /// byte at `end` of the input's text.
    pub(in crate::load) fn tail(&self, len: usize, end: u64) -> Option<Vec<u8>> {
        match self.state().files.last()? {
            (file_start, TextOrigin::File(file)) => file.before(file_start.file.position(end), len).ok(),
            (_, TextOrigin::Blocks(blocks)) => {
                blocks.lock().unwrap_or_else(PoisonError::into_inner).tail(len).ok()
            }
            _ => None,
        }
    }

    /// The newest file is compressed: when inputs are followed, now or later, it is reported that this one is not.
    pub(in crate::load) fn is_never_followed(&self, file: String, follow: &Follow) {
        self.state().packed = Some(file);
        if follow.is_on() {
            self.following_begins();
        }
    }

    /// Following starts.
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

    /// The number of files begun so far. Cheap: it is read for each message.
    fn files_begun(&self) -> usize {
        self.0.files_begun.load(Ordering::Acquire)
    }

    /// The files with this number and later.
    fn files_from(&self, number: usize) -> Vec<FileStart> {
        self.state().files.iter().skip(number).map(|(file_start, _)| file_start.clone()).collect()
    }

    /// Takes the notes since the last call.
    pub fn take_notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.state().notes)
    }

    /// Whether an error was noted.
    pub fn has_failed(&self) -> bool {
        self.state().has_failed
    }

    /// Where the text that was read so far can be read again.
    pub(in crate::load) fn backing(&self) -> Backing {
        let part = |(file_start, origin): &(FileStart, TextOrigin)| {
            let storage = match origin {
                TextOrigin::None => Storage::Blocks(Blocks::default(), 0),
                TextOrigin::File(file) => Storage::File(Arc::clone(file)),
                TextOrigin::Blocks(blocks) => {
                    Storage::Blocks(blocks.lock().unwrap_or_else(PoisonError::into_inner).clone(), 0)
                }
                TextOrigin::Written { writer, from } => Storage::Blocks(writer.blocks(), *from),
            };
            Part { file: file_start.file.clone(), storage }
        };
        let state = self.state();
        let parts = state.files.iter().map(part).collect();
        if state.is_set { Backing::of_set(parts) } else { Backing::of_file_parts(parts) }
    }
}

/// Follows the record with the messages of an input.
#[derive(Debug)]
pub struct FileCursor {
    provenance: Provenance,
    files: Vec<FileStart>,
    /// How many of the files were entered.
    entered: usize,
}

impl FileCursor {
    /// Starts before the first file.
    pub fn new(provenance: Provenance) -> Self {
        Self { provenance, files: Vec::new(), entered: 0 }
    }

    /// Advances to the next message, which begins at `offset`: passes `clock` the files that begin up to there.
    /// Returns whether bytes are missing before that message.
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

    /// The file that contains the byte at `offset`, and its number among those of the input.
    pub fn file_at(&self, offset: u64) -> Option<(usize, &FilePart)> {
        let number =
            self.files.partition_point(|file_start| file_start.file.start <= offset).checked_sub(1)?;
        self.files.get(number).map(|file_start| (number, &file_start.file))
    }

    /// The file with this number, if it was begun.
    pub fn file(&self, number: usize) -> Option<&FilePart> {
        self.files.get(number).map(|file_start| &file_start.file)
    }

    /// All files so far.
    pub fn files(&self) -> Vec<FilePart> {
        self.files.iter().map(|file_start| file_start.file.clone()).collect()
    }
}
