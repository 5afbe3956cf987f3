//! One input on its way into the store: its next message waits until its turn comes.
//!
//! Must not know: other inputs, snapshots.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::mpsc::Receiver;

use crate::base::escape::escape;
use crate::message::MessageReader;
use crate::store::{Backing, BlockWriter, Blocks, DayClock, Draft, Progress};

use super::count::Counter;
use super::follow::Note;
use super::input::{Input, InputError, Problem};

/// A reader that keeps what goes through it, where it cannot be read again.
struct Keeping {
    inner: Box<dyn Read + Send>,
    kept: Option<Rc<RefCell<BlockWriter>>>,
}

impl Read for Keeping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(kept) = &self.kept {
            kept.borrow_mut().write(&buffer[..read])?;
        }
        Ok(read)
    }
}

/// One input on its way: its next message waits in `draft`.
pub(super) struct Lane {
    number: u16,
    file: String,
    reader: MessageReader<Keeping>,
    kept: Option<Rc<RefCell<BlockWriter>>>,
    plain: Option<Backing>,
    read: Counter,
    notes: Option<Receiver<Note>>,
    clock: DayClock,
    pub(super) draft: Draft,
    /// Whether `draft` holds a message that is not in the store yet.
    pub(super) waiting: bool,
    at_end: bool,
}

impl Lane {
    pub(super) fn new(number: u16, input: Input) -> Self {
        let kept = input.plain.is_none().then(|| Rc::new(RefCell::new(BlockWriter::default())));
        let reader = MessageReader::new(Keeping { inner: input.reader, kept: kept.clone() });
        Self {
            number,
            file: input.source.file,
            reader,
            kept,
            plain: input.plain.map(Backing::File),
            read: input.read,
            notes: input.notes,
            clock: DayClock::default(),
            draft: Draft::default(),
            waiting: false,
            at_end: false,
        }
    }

    /// Where the text is.
    pub(super) fn backing(&self) -> Backing {
        match (&self.plain, &self.kept) {
            (Some(plain), _) => plain.clone(),
            (None, Some(kept)) => Backing::Blocks(kept.borrow().blocks()),
            (None, None) => Backing::Blocks(Blocks::default()),
        }
    }

    /// Whether nothing more will come.
    pub(super) fn is_at_end(&self) -> bool {
        self.at_end
    }

    /// Whether this is a file that may be followed.
    pub(super) fn is_file(&self) -> bool {
        self.notes.is_some()
    }

    /// What happened to the file since this was asked last, a line each.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let notes = self.notes.iter().flat_map(|notes| notes.try_iter());
        notes.map(|note| format!("{}: {note}", escape(self.file.as_bytes())))
    }

    /// Adds the accounts of this input.
    pub(super) fn add_to(&self, progress: &mut Progress) {
        let stats = self.reader.parse_stats();
        progress.bytes_read += self.read.bytes();
        progress.bytes_skipped += stats.bytes_skipped();
        progress.frames += stats.frames();
        progress.keepalives += stats.keepalives();
    }

    /// Reads the next message into the draft, where one is there. What is wrong with the input is said at its end.
    pub(super) fn advance(&mut self) -> Result<(), InputError> {
        self.waiting = false;
        if self.at_end {
            return Ok(());
        }
        let problem = match self.reader.next_message() {
            Ok(Some(message)) => {
                self.draft.fill(&message, self.number, &mut self.clock);
                self.waiting = true;
                return Ok(());
            }
            Err(error) if error.is_pause() => return Ok(()),
            Ok(None) => match self.reader.parse_stats() {
                stats if stats.frames() > 0 => None,
                stats if stats.bytes_read() == 0 => Some(Problem::Empty),
                stats => Some(Problem::NoDump { bytes: stats.bytes_read() }),
            },
            Err(error) => {
                let offset = self.reader.parse_stats().bytes_read();
                Some(Problem::BrokenOff { offset, why: error.to_string() })
            }
        };
        self.at_end = true;
        problem.map_or(Ok(()), |problem| Err(InputError { file: self.file.clone(), problem }))
    }
}
