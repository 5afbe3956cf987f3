//! Reads the files of a set as one text: each is opened when its turn comes, and the seams between them are looked at.
//!
//! Must not know: what becomes of the text.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::frame::Gap;
use crate::store::{BlockWriter, FilePart, PlainFile};

use super::seam::{Seam, seam};
use super::{FileSet, Member, file_id};
use crate::load::ahead::Ahead;
use crate::load::count::Counter;
use crate::load::decode::{self, Text};
use crate::load::input::{InputError, Problem};
use crate::load::note::Note;
use crate::load::pack::{AtWork, Packed};
use crate::load::span::Head;
use crate::load::trail::{Begun, Kept, Trail};
use crate::load::watch::folder;

/// So much of the end of each file is remembered.
const TAIL: usize = 1 << 20;
/// So much of the beginning of the next one is looked at, at first and at most: no frame is longer.
const HEAD: usize = 256 << 10;
const MOST_HEAD: usize = 9 << 20;

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

/// The text of a set.
pub(in crate::load) struct SetReader {
    waiting: VecDeque<Member>,
    /// Those of them that are decompressed already.
    ahead: VecDeque<Open>,
    /// How many files may be decompressed at the same time.
    most_at_work: usize,
    /// Opens the last file, where that may grow.
    growing: Option<(Member, OpenGrowing)>,
    current: Option<Open>,
    /// Bytes of the current file that were looked at already and not given out.
    head: Vec<u8>,
    head_given: usize,
    /// The end of the file before, and of what was given out of this one, where it cannot be had otherwise.
    tail: Vec<u8>,
    /// The last file that was read to its end, and whether it broke off.
    before: Option<(String, bool)>,
    /// Whether the seam before the current file was looked at.
    is_joined: bool,
    /// Bytes given out, and those of the current file.
    given: u64,
    given_of_file: u64,
    owes_gap: bool,
    /// Whether a file could not be opened behind those that are open.
    lacks_file: bool,
    keep: Keep,
    read: Counter,
    trail: Trail,
}

/// A file whose turn has come, or is near.
struct Open {
    name: String,
    reader: Box<dyn Read + Send>,
    kept: Kept,
    at_work: Option<AtWork>,
    day: DayHint,
    after_missing: bool,
}

/// Where the day of a file's first stamp is found.
enum DayHint {
    /// Its beginning and the system's time tell it.
    Of(Option<File>, fs::Metadata),
    None,
}

impl SetReader {
    pub(in crate::load) fn new(set: &FileSet, keep: Keep, read: Counter, trail: Trail) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            waiting: set.members().iter().cloned().collect(),
            ahead: VecDeque::new(),
            // What is kept anyway may wait; else memory is dear, and decompression runs beside the reading as it is.
            most_at_work: if keep == Keep::Text { cores.max(2) } else { 0 },
            growing: None,
            current: None,
            head: Vec::new(),
            head_given: 0,
            tail: Vec::new(),
            before: None,
            is_joined: false,
            given: 0,
            given_of_file: 0,
            owes_gap: false,
            lacks_file: false,
            keep,
            read,
            trail,
        }
    }

    /// The same for a set whose last file may grow: `open` gives its reader when its turn comes.
    pub(in crate::load) fn growing(
        set: &FileSet,
        open: OpenGrowing,
        keep: Keep,
        read: Counter,
        trail: Trail,
    ) -> Self {
        let mut reader = Self::new(set, keep, read, trail);
        reader.growing = reader.waiting.pop_back().map(|last| (last, open));
        reader
    }

    /// Opens the first file now, so that what is wrong with it can be said at once.
    pub(in crate::load) fn open_first(&mut self) -> Result<(), InputError> {
        let Some(member) = self.waiting.pop_front() else { return Ok(()) };
        match self.open(&member) {
            Ok(open) => self.ahead.push_front(open),
            Err(problem) => return Err(InputError { file: member.name(), problem }),
        }
        Ok(())
    }

    fn open(&self, member: &Member) -> Result<Open, Problem> {
        let path = member.find();
        let text = decode::open(&path, self.read.clone())?;
        let Text { reader, plain, meta, is_packed } = text;
        let mut at_work = None;
        let (reader, kept): (Box<dyn Read + Send>, _) = match (&plain, self.keep) {
            (Some(file), _) => {
                let file = file.try_clone().and_then(PlainFile::new).map_err(Problem::Io)?;
                (reader, Kept::File(Arc::new(file)))
            }
            (None, Keep::Nothing) if is_packed => (Box::new(Ahead::new(reader)), Kept::Nowhere),
            (None, Keep::Nothing) => (reader, Kept::Nowhere),
            (None, Keep::Text) if meta.is_file() => {
                let (packed, blocks, working) = Packed::new(reader);
                at_work = Some(working);
                (Box::new(packed), Kept::Sealed(blocks))
            }
            // A pipe comes as it comes: what is there is shown before a block is full.
            (None, Keep::Text) => (reader, Kept::Written { writer: BlockWriter::default(), from: 0 }),
        };
        let day = if meta.is_file() { DayHint::Of(plain, meta) } else { DayHint::None };
        let (name, after_missing) = (member.name(), member.after_missing);
        Ok(Open { name, reader, kept, at_work, day, after_missing })
    }

    /// Makes the next file the current one. `false` where there is none.
    fn next_file(&mut self) -> bool {
        loop {
            self.current = if let Some(open) = self.ahead.pop_front() {
                Some(open)
            } else if let Some(member) = self.waiting.pop_front() {
                self.opened(&member)
            } else {
                self.open_growing()
            };
            if self.current.is_some() {
                self.look_ahead();
                self.is_joined = false;
                self.given_of_file = 0;
                return true;
            }
            if self.waiting.is_empty() && self.growing.is_none() {
                return false;
            }
        }
    }

    fn opened(&mut self, member: &Member) -> Option<Open> {
        match self.open(member) {
            Ok(mut open) => {
                open.after_missing |= std::mem::take(&mut self.lacks_file);
                Some(open)
            }
            // A file that was just rotated is empty.
            Err(Problem::Empty) if self.before.is_some() || !self.waiting.is_empty() => None,
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
                let meta = fs::metadata(&name).ok();
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

    /// How many files are being decompressed.
    fn at_work(&self) -> usize {
        let open = self.current.iter().chain(&self.ahead);
        open.filter(|open| open.at_work.as_ref().is_some_and(AtWork::is)).count()
    }

    /// Begins to decompress the next files. A plain file is opened when its turn comes, or just before.
    fn look_ahead(&mut self) {
        while self.at_work() < self.most_at_work
            && self.ahead.back().is_none_or(|open| open.at_work.is_some())
            && let Some(member) = self.waiting.pop_front()
        {
            let opened = self.opened(&member);
            self.ahead.extend(opened);
        }
    }

    /// A file cannot be read: what comes after it does not go on where the one before it ended.
    fn failed(&mut self, file: String, problem: Problem) {
        self.lacks_file = true;
        self.trail.note(Note::Failed(InputError { file, problem }));
    }

    /// Looks how the current file follows the one before it. `WouldBlock` where that cannot be told yet.
    fn join(&mut self) -> io::Result<()> {
        if self.before.is_none()
            && self.current.as_ref().is_some_and(|open| matches!(open.day, DayHint::None))
        {
            // A pipe: what comes is given out when it comes.
            self.begin(Seam::Continues, false);
            return Ok(());
        }
        let mut wanted = HEAD;
        let (is_whole, pause) = self.fill_head(wanted);
        if pause && self.head.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let after_missing = self.current.as_ref().is_some_and(|open| open.after_missing);
        let mut whole = is_whole;
        let found = loop {
            match &self.before {
                None => break Seam::Continues,
                Some((_, broke_off)) if *broke_off || after_missing => break Seam::Gap,
                Some(_) => {}
            }
            match seam(&self.tail, &self.head, whole || pause) {
                Seam::Unknown if wanted < MOST_HEAD => {
                    wanted *= 4;
                    whole = self.fill_head(wanted).0;
                }
                Seam::Unknown => break Seam::Gap,
                found => break found,
            }
        };
        self.begin(found, after_missing);
        Ok(())
    }

    /// Reads on until so many bytes of the file are there. Whether it ended, and whether nothing more is there for now.
    fn fill_head(&mut self, wanted: usize) -> (bool, bool) {
        let Some(open) = &mut self.current else { return (true, false) };
        while self.head.len() < wanted {
            let from = self.head.len();
            self.head.resize(wanted, 0);
            let read = open.reader.read(&mut self.head[from..]);
            self.head.truncate(from + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => return (true, false),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_passing(&error) => return (false, true),
                // It is said when this file is read on, if the reader says it again, and if not, it is the end.
                Err(error) => {
                    open.reader = Box::new(Broken(Some(error)));
                    return (true, false);
                }
            }
        }
        (false, false)
    }

    fn begin(&mut self, seam: Seam, after_missing: bool) {
        let Some(open) = &mut self.current else { return };
        self.is_joined = true;
        let skip = if let Seam::Replays(bytes) = seam { bytes } else { 0 };
        self.head_given = skip;
        let day = match &open.day {
            DayHint::Of(plain, meta) => Head::of(&self.head).day(plain.as_ref(), meta),
            DayHint::None => None,
        };
        let kept = std::mem::replace(&mut open.kept, Kept::Nowhere);
        let file = FilePart { name: Arc::from(&*open.name), start: self.given, skip: skip as u64 };
        let after_gap = seam == Seam::Gap;
        self.trail.begin(Begun { file, day, after_gap }, kept);
        if skip > 0 {
            self.trail.note(Note::Replayed { file: open.name.clone(), bytes: skip as u64 });
        }
        if after_gap {
            let before = self.before.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
            let file = open.name.clone();
            self.trail.note(Note::Gap { before, file, files_are_missing: after_missing });
            self.owes_gap = true;
        }
        // Places in the file count from its first byte: what was replayed is kept, too.
        self.trail.keep_replayed(&self.head[..skip]);
    }

    /// Gives out what was looked at already, then what the file has.
    fn give(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let waiting = &self.head[self.head_given..];
        if !waiting.is_empty() {
            let len = waiting.len().min(buffer.len());
            buffer[..len].copy_from_slice(&waiting[..len]);
            self.head_given += len;
            return Ok(len);
        }
        if !self.head.is_empty() {
            (self.head, self.head_given) = (Vec::new(), 0);
        }
        match &mut self.current {
            Some(open) => open.reader.read(buffer),
            None => Ok(0),
        }
    }

    fn remember(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.given += bytes.len() as u64;
        self.given_of_file += bytes.len() as u64;
        if self.keep == Keep::Text {
            self.trail.keep(bytes)?;
            self.look_ahead();
        }
        let is_last = self.waiting.is_empty() && self.ahead.is_empty() && self.growing.is_none();
        if is_last || self.trail.can_read_back() {
            return Ok(());
        }
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        self.tail.extend_from_slice(bytes);
        Ok(())
    }

    fn end_file(&mut self, broke_off: bool) {
        let is_last = self.waiting.is_empty() && self.ahead.is_empty() && self.growing.is_none();
        if !is_last && let Some(tail) = self.trail.tail(TAIL, self.given) {
            self.tail = tail;
        }
        if let Some(open) = self.current.take() {
            self.before = Some((open.name, broke_off));
        }
        (self.head, self.head_given) = (Vec::new(), 0);
    }
}

impl Read for SetReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.current.is_none() && !self.next_file() {
                return Ok(0);
            }
            if !self.is_joined {
                self.join()?;
            }
            if std::mem::take(&mut self.owes_gap) {
                return Err(Gap::error());
            }
            match self.give(buffer) {
                Ok(0) => self.end_file(false),
                Ok(len) => {
                    self.remember(&buffer[..len])?;
                    return Ok(len);
                }
                Err(error) if is_passing(&error) => return Err(error),
                Err(error) => {
                    let file = self.current.as_ref().map(|open| open.name.clone()).unwrap_or_default();
                    let problem = Problem::BrokenOff { offset: self.given_of_file, why: error.to_string() };
                    self.trail.note(Note::Failed(InputError { file, problem }));
                    self.end_file(true);
                }
            }
        }
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) || Gap::is(error)
}

/// A reader that has nothing but an error.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
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
