//! The files of a set on their way to be read: each is opened when its turn comes, and the next ones are decompressed ahead.
//!
//! Must not know: how their texts are joined.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use crate::store::{BlockWriter, PlainFile};

use super::{FileSet, Member, file_id};
use crate::load::decode::count::Counter;
use crate::load::decode::prefetch::Prefetch;
use crate::load::decode::prefetch_blocks::{PrefetchBlocks, Room};
use crate::load::decode::{self, Text};
use crate::load::error::{InputError, Problem};
use crate::load::follow::watch::folder;
use crate::load::note::Note;
use crate::load::sets::provenance::{Kept, Provenance};

/// So many blocks of 1 MiB may wait where files are read once: compressed, they take a tenth of that.
const MOST_WAITING: usize = 1024;

/// What becomes of text that cannot be read again where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::load) enum Keep {
    /// It is gone.
    Nothing,
    /// It is kept for the trail's backing.
    Text,
}

/// Opens a growing file, the last of the set; where it is plain text that need not be kept, the file itself comes with it.
pub(in crate::load) type OpenGrowing = Box<dyn FnOnce() -> Result<Growing, Problem> + Send>;

/// A growing file.
pub(in crate::load) struct Growing {
    pub(in crate::load) reader: Box<dyn Read + Send>,
    pub(in crate::load) plain: Option<PlainFile>,
}

/// A file whose turn has come, or is near.
pub(super) struct Open {
    pub(super) name: String,
    pub(super) reader: Box<dyn Read + Send>,
    pub(super) kept: Kept,
    /// Whether it is being decompressed, where it is compressed.
    at_work: Option<Weak<()>>,
    pub(super) day: DayHint,
    /// Whether files are missing before it, or could not be read.
    pub(super) after_missing: bool,
}

/// Where the day of a file's first stamp is found.
pub(super) enum DayHint {
    /// Its beginning and the system's time tell it.
    Of(Option<File>, fs::Metadata),
    None,
}

/// When a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Now,
    Later,
}

/// A reader that is at work as long as it is there: the thread that reads from it drops it in the end.
struct AtWork {
    reader: Box<dyn Read + Send>,
    _alive: Arc<()>,
}

impl Read for AtWork {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// The files that were not read yet.
pub(super) struct Files {
    waiting: VecDeque<Member>,
    /// Those of them that are open already.
    ahead: VecDeque<Open>,
    /// How many files may be decompressed at the same time.
    cores: usize,
    /// Opens the last file, where that may grow.
    growing: Option<(Member, OpenGrowing)>,
    /// Whether a file could not be opened behind those that are open.
    lacks_file: bool,
    /// How many were opened so far.
    opened: usize,
    keep: Keep,
    read: Counter,
    provenance: Provenance,
}

impl Files {
    /// Of a set, the last one opened by `growing` where it may grow.
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

    /// Opens the first file now, so that what is wrong with it can be said at once.
    pub(super) fn open_first(&mut self) -> Result<(), InputError> {
        let Some(member) = self.waiting.pop_front() else { return Ok(()) };
        match self.open(&member, Turn::Now) {
            Ok(open) => self.ahead.push_front(open),
            Err(problem) => return Err(InputError { file: member.name(), problem }),
        }
        Ok(())
    }

    /// The next file that can be read.
    pub(super) fn next(&mut self) -> Option<Open> {
        loop {
            if let Some(open) = self.ahead.pop_front() {
                return Some(open);
            }
            let opened = match self.waiting.pop_front() {
                Some(member) => self.opened(&member, Turn::Now),
                None if self.growing.is_none() => return None,
                None => self.open_growing(),
            };
            if opened.is_some() {
                return opened;
            }
        }
    }

    /// Whether none comes after the one that was asked for last.
    pub(super) fn is_last(&self) -> bool {
        self.waiting.is_empty() && self.ahead.is_empty() && self.growing.is_none()
    }

    /// Begins to decompress the files after `current`. A plain file is opened when its turn comes, or just before.
    pub(super) fn prefetch(&mut self, current: &Open) {
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
        let Text { reader, plain, meta, is_compressed } = text;
        let mut at_work = None;
        let mut working = |reader| {
            let alive = Arc::new(());
            at_work = Some(Arc::downgrade(&alive));
            AtWork { reader, _alive: alive }
        };
        let (reader, kept): (Box<dyn Read + Send>, _) = match (&plain, self.keep) {
            (Some(file), _) => {
                let file = file.try_clone().and_then(PlainFile::new).map_err(Problem::Io)?;
                (reader, Kept::File(Arc::new(file)))
            }
            (None, Keep::Text) if meta.is_file() => {
                let (packed, blocks) = PrefetchBlocks::new(working(reader), Room::ForAll);
                (Box::new(packed), Kept::Sealed(blocks))
            }
            (None, Keep::Nothing) if !is_compressed => (reader, Kept::Nowhere),
            (None, Keep::Nothing) => (self.printed(working(reader), turn), Kept::Nowhere),
            // A pipe comes as it comes: what is there is shown before a block is full.
            (None, Keep::Text) => (reader, Kept::Written { writer: BlockWriter::default(), from: 0 }),
        };
        let day = if meta.is_file() { DayHint::Of(plain, meta) } else { DayHint::None };
        let (name, after_missing) = (member.name(), member.after_missing);
        Ok(Open { name, reader, kept, at_work, day, after_missing })
    }

    /// Decompresses a file that is read once, on a thread of its own: little ahead where it is read now, as far as memory
    /// allows where it is read later.
    fn printed(&self, reader: AtWork, turn: Turn) -> Box<dyn Read + Send> {
        match turn {
            Turn::Now => Box::new(Prefetch::new(reader)),
            Turn::Later => Box::new(PrefetchBlocks::new(reader, Room::For(MOST_WAITING / self.cores)).0),
        }
    }

    fn opened(&mut self, member: &Member, turn: Turn) -> Option<Open> {
        match self.open(member, turn) {
            Ok(mut open) => {
                open.after_missing |= std::mem::take(&mut self.lacks_file);
                self.opened += 1;
                Some(open)
            }
            // A file that was just rotated is empty.
            Err(Problem::Empty) if self.opened > 0 || !self.is_last() => None,
            Err(problem) => {
                self.failed(member.name(), problem);
                None
            }
        }
    }

    fn open_growing(&mut self) -> Option<Open> {
        let (member, open) = self.growing.take()?;
        let name = member.name();
        match open() {
            Ok(Growing { reader, plain }) => {
                let kept = match (self.keep, plain) {
                    (Keep::Nothing, _) => Kept::Nowhere,
                    (Keep::Text, Some(plain)) => Kept::File(Arc::new(plain)),
                    (Keep::Text, None) => Kept::Written { writer: BlockWriter::default(), from: 0 },
                };
                // A pipe that is opened twice gives its bytes to either.
                let meta = fs::metadata(&name).ok().filter(fs::Metadata::is_file);
                let day = meta.map_or(DayHint::None, |meta| DayHint::Of(File::open(&name).ok(), meta));
                let after_missing = std::mem::take(&mut self.lacks_file) || member.after_missing;
                Some(Open { name, reader, kept, at_work: None, day, after_missing })
            }
            Err(problem) => {
                self.failed(name, problem);
                None
            }
        }
    }

    /// A file cannot be read: what comes after it does not go on where the one before it ended.
    fn failed(&mut self, file: String, problem: Problem) {
        self.lacks_file = true;
        self.provenance.note(Note::Failed(InputError { file, problem }));
    }
}

impl Member {
    fn name(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Where the file is by now: a rotation may have renamed it since the set was put together.
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
