//! Opens the files of a set: each one when it is read; the next ones are decompressed ahead.
//!
//! Must not know: how their texts are joined.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use crate::store::{BlockWriter, PlainFile, PooledFile};

use super::{FileSet, Member, file_id};
use crate::load::decode::count::Counter;
use crate::load::decode::prefetch::Prefetch;
use crate::load::decode::prefetch_blocks::{PrefetchBlocks, Room};
use crate::load::decode::{self, Text};
use crate::load::error::{InputError, Problem};
use crate::load::follow::watch::folder;
use crate::load::note::Note;
use crate::load::sets::provenance::{Provenance, TextOrigin};

/// Upper limit of waiting blocks of 1 MiB if files are read once; compressed, they take a tenth of that.
const MOST_WAITING: usize = 1024;

/// What happens to text that cannot be read again from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Keep {
    /// It is dropped.
    Nothing,
    /// It is kept in blocks.
    Text,
}

/// A plain file that was read up to a position. It may still grow: processes write to renamed files, too.
pub(in crate::load) struct ReadFile {
    pub(in crate::load) file: PooledFile,
    pub(in crate::load) position: u64,
}

/// Opens a growing file, the last of the set, after these other files of the set were read; for plain text that need not be kept in blocks, it also returns the file
/// itself.
pub(in crate::load) type OpenGrowing = Box<dyn FnOnce(Vec<ReadFile>) -> Result<Growing, Problem> + Send>;

/// A growing file.
pub(in crate::load) struct Growing {
    pub(in crate::load) reader: Box<dyn Read + Send>,
    pub(in crate::load) plain: Option<PlainFile>,
}

/// An open file, which is read now or soon.
pub(super) struct Open {
    pub(super) name: String,
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) origin: TextOrigin,
    /// For a compressed file: alive while it is being decompressed.
    at_work: Option<Weak<()>>,
    pub(super) day: DayHint,
    /// Whether files before it are missing or could not be read.
    pub(super) after_missing: bool,
}

/// Where the day of a file's first timestamp can be found.
pub(super) enum DayHint {
    /// In its first bytes and its metadata.
    Of(Option<PooledFile>, fs::Metadata),
    None,
}

/// When a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Now,
    Later,
}

/// A reader that counts as working until the thread that reads from it drops it.
struct AtWork {
    reader: Box<dyn Read + Send>,
    _alive: Arc<()>,
}

impl Read for AtWork {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// The files that are not read yet.
pub(super) struct Files {
    waiting: VecDeque<Member>,
    /// The ones that are already open.
    ahead: VecDeque<Open>,
    /// How many files may be decompressed at the same time.
    cores: usize,
    /// Opens the last file, if that may grow.
    growing: Option<(Member, OpenGrowing)>,
    /// Whether a file after the open ones could not be opened.
    lacks_file: bool,
    /// How many were opened so far.
    opened: usize,
    keep: Keep,
    read: Counter,
    provenance: Provenance,
}

impl Files {
    /// The files of a set; `growing` opens the last one if it may grow.
    pub(super) fn new(
        set: &FileSet,
        growing: Option<OpenGrowing>,
        keep: Keep,
        read: Counter,
        provenance: Provenance,
    ) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut waiting: VecDeque<_> = set.members().iter().cloned().collect();
        let growing = growing.and_then(|open| Some((waiting.pop_back()?, open)));
        let (ahead, lacks_file, opened) = (VecDeque::new(), false, 0);
        Self { waiting, ahead, cores, growing, lacks_file, opened, keep, read, provenance }
    }

    /// Whether the last pause was only for progress. The call resets that.
    pub(super) fn take_has_more(&self) -> bool {
        self.read.take_has_more()
    }

    /// Opens the first file now, so that its error can be returned at once.
    pub(super) fn open_first(&mut self) -> Result<(), InputError> {
        let Some(member) = self.waiting.pop_front() else { return Ok(()) };
        match self.open(&member, Turn::Now) {
            Ok(open) => self.ahead.push_front(open),
            Err(problem) => return Err(InputError { file: member.name(), problem }),
        }
        Ok(())
    }

    /// The next file that can be read. `older` are the last ones that were read.
    pub(super) fn next(&mut self, older: &mut Vec<ReadFile>) -> Option<Open> {
        loop {
            if let Some(open) = self.ahead.pop_front() {
                return Some(open);
            }
            let opened = match self.waiting.pop_front() {
                Some(member) => self.opened(&member, Turn::Now),
                None if self.growing.is_none() => return None,
                None => self.open_growing(std::mem::take(older)),
            };
            if opened.is_some() {
                return opened;
            }
        }
    }

    /// Whether the last file may grow and was not opened yet.
    pub(super) fn may_grow(&self) -> bool {
        self.growing.is_some()
    }

    /// Whether no file follows the last returned one.
    pub(super) fn is_last(&self) -> bool {
        self.waiting.is_empty() && self.ahead.is_empty() && self.growing.is_none()
    }

    /// Starts to decompress the files after `current`. A plain file is opened when it is read, or just before.
    pub(super) fn prefetch(&mut self, current: &Open) {
        if Prefetch::is_crowded() {
            return;
        }
        let is_at_work =
            |open: &Open| open.at_work.as_ref().is_some_and(|at_work| at_work.strong_count() > 0);
        let mut at_work =
            usize::from(is_at_work(current)) + self.ahead.iter().filter(|o| is_at_work(o)).count();
        while at_work < self.cores
            && self.ahead.back().is_none_or(|open| open.at_work.is_some())
            && let Some(member) = self.waiting.pop_front()
        {
            let opened = self.opened(&member, Turn::Later);
            at_work += usize::from(opened.as_ref().is_some_and(is_at_work));
            self.ahead.extend(opened);
        }
    }

    fn open(&self, member: &Member, turn: Turn) -> Result<Open, Problem> {
        let path = member.find();
        let text = decode::open(&path, self.read.clone())?;
        let Text { reader, plain, meta, is_compressed, account } = text;
        if let Some(account) = account {
            self.provenance.add_account(member.name(), account);
        }
        let mut at_work = None;
        let mut working = |reader| {
            let alive = Arc::new(());
            at_work = Some(Arc::downgrade(&alive));
            AtWork { reader, _alive: alive }
        };
        let (reader, origin): (Box<dyn Read + Send>, _) = match (&plain, self.keep) {
            (Some(file), _) => {
                let file = PlainFile::new(file.clone()).map_err(Problem::Io)?;
                (reader, TextOrigin::File(Arc::new(file)))
            }
            (None, Keep::Text) if meta.is_file() => {
                let (packed, blocks) = PrefetchBlocks::new(working(reader), Room::ForAll, self.read.clone());
                (Box::new(packed), TextOrigin::Blocks(blocks))
            }
            (None, Keep::Nothing) if !is_compressed => (reader, TextOrigin::None),
            (None, Keep::Nothing) => (self.printed(working(reader), turn), TextOrigin::None),
            // A pipe is read as it is: its text is shown before a block is full.
            (None, Keep::Text) => (reader, TextOrigin::Written { writer: BlockWriter::default(), from: 0 }),
        };
        let day = if meta.is_file() { DayHint::Of(plain, meta) } else { DayHint::None };
        let (name, after_missing) = (member.name(), member.after_missing);
        Ok(Open { name, reader, origin, at_work, day, after_missing })
    }

    /// Decompresses a file that is read once, on a thread: a little ahead if it is read now, as far as memory allows if
    /// it is read later.
    fn printed(&self, reader: AtWork, turn: Turn) -> Box<dyn Read + Send> {
        match turn {
            Turn::Now if Prefetch::is_crowded() => Box::new(reader),
            Turn::Now => Box::new(Prefetch::new(reader)),
            Turn::Later => {
                let room = Room::For(MOST_WAITING / self.cores);
                Box::new(PrefetchBlocks::new(reader, room, self.read.clone()).0)
            }
        }
    }

    fn opened(&mut self, member: &Member, turn: Turn) -> Option<Open> {
        match self.open(member, turn) {
            Ok(mut open) => {
                open.after_missing |= std::mem::take(&mut self.lacks_file);
                self.opened += 1;
                Some(open)
            }
            // A file that was just created by a rotation is empty.
            Err(Problem::Empty) if self.opened > 0 || !self.is_last() => None,
            Err(problem) => {
                self.failed(member.name(), problem);
                None
            }
        }
    }

    fn open_growing(&mut self, older: Vec<ReadFile>) -> Option<Open> {
        let (member, open) = self.growing.take()?;
        let name = member.name();
        match open(older) {
            Ok(Growing { reader, plain }) => {
                let origin = match (self.keep, plain) {
                    (Keep::Nothing, _) => TextOrigin::None,
                    (Keep::Text, Some(plain)) => TextOrigin::File(Arc::new(plain)),
                    (Keep::Text, None) => TextOrigin::Written { writer: BlockWriter::default(), from: 0 },
                };
                // If a pipe were opened twice, its bytes would be divided between the two readers.
                let meta = fs::metadata(&name).ok().filter(fs::Metadata::is_file);
                let day =
                    meta.map_or(DayHint::None, |meta| DayHint::Of(PooledFile::open(&member.path).ok(), meta));
                let after_missing = std::mem::take(&mut self.lacks_file) || member.after_missing;
                Some(Open { name, reader, origin, at_work: None, day, after_missing })
            }
            Err(problem) => {
                self.failed(name, problem);
                None
            }
        }
    }

    /// A file cannot be read: the next file does not continue where the one before it ended.
    fn failed(&mut self, file: String, problem: Problem) {
        self.lacks_file = true;
        self.provenance.note(Note::Failed(InputError { file, problem }));
    }
}

impl Member {
    fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// The present path of the file: a rotation may have renamed it since the set was formed.
    pub(super) fn find(&self) -> PathBuf {
        if self.id.is_none() || file_id(&self.path) == self.id {
            return self.path.clone();
        }
        let renamed = fs::read_dir(folder(&self.path))
            .ok()
            .and_then(|entries| entries.flatten().map(|entry| entry.path()).find(|path| self.is_now(path)));
        renamed.unwrap_or_else(|| self.path.clone())
    }

    fn is_now(&self, path: &Path) -> bool {
        file_id(path) == self.id
    }
}
