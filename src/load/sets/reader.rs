//! Reads the files of a set as one text, and examines the seams between them.
//!
//! Must not know: how files are opened, how the text is used.

use std::io::{self, Read};
use std::sync::Arc;

use crate::frame::Gap;
use crate::store::FilePart;

use super::FileSet;
use super::files::{DayHint, Files, Keep, Open, OpenGrowing};
use super::seam::{Seam, seam};
use crate::load::catalog::time_range::Head;
use crate::load::decode::count::Counter;
use crate::load::error::{InputError, Problem};
use crate::load::note::Note;
use crate::load::sets::provenance::{FileStart, Provenance, TextOrigin};
use crate::load::siptrace::{NoEntries, is_incomplete};

/// Bytes of the end of each file that are kept.
const TAIL: usize = 1 << 20;
/// Bytes of the beginning of the next file that are examined; the first and the largest amount (no frame is longer).
const HEAD: usize = 256 << 10;
/// Bytes of the first file that are examined, if they contain the day.
const FIRST_HEAD: usize = 12 << 10;
const MOST_HEAD: usize = 9 << 20;

/// The text of a set.
pub(in crate::load) struct SetReader {
    files: Files,
    current: Option<Open>,
    /// Bytes of the current file that were examined and not returned yet.
    head: Vec<u8>,
    head_given: usize,
    /// The end of the preceding file, and of the returned part of this one, if it cannot be read again.
    tail: Vec<u8>,
    /// The last file that was read to its end, and whether it broke off.
    before: Option<(String, bool)>,
    /// Whether the seam before the current file was examined.
    is_joined: bool,
    /// Bytes returned; and those of the current file.
    given: u64,
    given_of_file: u64,
    owes_gap: bool,
    /// Lines of those files that are logs without entries.
    lines_without_entries: u64,
    keep: Keep,
    provenance: Provenance,
}

impl SetReader {
    /// The text of `set`. `growing` opens its last file if it may grow.
    pub(in crate::load) fn new(
        set: &FileSet,
        growing: Option<OpenGrowing>,
        keep: Keep,
        read: Counter,
        provenance: Provenance,
    ) -> Self {
        Self {
            files: Files::new(set, growing, keep, read, provenance.clone()),
            current: None,
            head: Vec::new(),
            head_given: 0,
            tail: Vec::new(),
            before: None,
            is_joined: false,
            given: 0,
            given_of_file: 0,
            owes_gap: false,
            lines_without_entries: 0,
            keep,
            provenance,
        }
    }

    /// Opens the first file now, so that its error can be returned at once.
    pub(in crate::load) fn open_first(&mut self) -> Result<(), InputError> {
        self.files.open_first()
    }

    /// Opens the next file. `false` if there is none.
    fn next_file(&mut self) -> bool {
        self.current = self.files.next();
        self.is_joined = false;
        self.given_of_file = 0;
        self.prefetch();
        self.current.is_some()
    }

    fn prefetch(&mut self) {
        if let Some(current) = &self.current {
            self.files.prefetch(current);
        }
    }

    /// Examines the seam before the current file. `WouldBlock` if more bytes are needed that are not available yet.
    fn join(&mut self) -> io::Result<()> {
        if self.before.is_none()
            && self.current.as_ref().is_some_and(|open| matches!(open.day, DayHint::None))
        {
            // A pipe: its bytes are returned as they are.
            self.begin(Seam::Continues, false);
            return Ok(());
        }
        let (mut is_whole, mut pause) = (false, false);
        if self.before.is_none() {
            (is_whole, pause) = self.fill_head(FIRST_HEAD);
        }
        if !is_whole && !pause && (self.before.is_some() || !Head::of(&self.head).tells_day()) {
            (is_whole, pause) = self.fill_head(HEAD);
        }
        self.head.shrink_to_fit();
        if pause && self.head.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let after_missing = self.current.as_ref().is_some_and(|open| open.after_missing);
        let seam = match &self.before {
            None => Seam::Continues,
            // A file that was just created by a rotation.
            Some(_) if self.head.is_empty() => Seam::Continues,
            Some((_, broke_off)) if *broke_off || after_missing => Seam::Gap,
            Some(_) => self.look_at_seam(is_whole || pause),
        };
        self.begin(seam, after_missing);
        Ok(())
    }

    /// Examines the seam before the current file, with as many bytes as are needed.
    fn look_at_seam(&mut self, mut is_whole: bool) -> Seam {
        let mut wanted = HEAD;
        loop {
            match seam(&self.tail, &self.head, is_whole) {
                Seam::Unknown if wanted < MOST_HEAD => {
                    wanted *= 4;
                    let (ended, pause) = self.fill_head(wanted);
                    is_whole = ended || pause;
                }
                // No frame is longer than that.
                Seam::Unknown => return Seam::Gap,
                found => return found,
            }
        }
    }

    /// Reads until `head` has this many bytes. Returns whether the file ended, and whether no more bytes are available
    /// now.
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
                // A pause that is only for progress must not decide what is examined.
                Err(error) if is_passing(&error) && from > 0 && self.files.take_has_more() => {}
                Err(error) if is_passing(&error) => return (false, true),
                // The error is reported when this file is read on.
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
        // This closes the file that was opened to find the day: there may be thousands.
        let day = match std::mem::replace(&mut open.day, DayHint::None) {
            DayHint::Of(plain, meta) => Head::of(&self.head).day(plain.as_ref(), &meta),
            DayHint::None => None,
        };
        let origin = std::mem::replace(&mut open.origin, TextOrigin::None);
        let file = FilePart { name: Arc::from(&*open.name), start: self.given, skip: skip as u64 };
        let after_gap = seam == Seam::Gap;
        self.provenance.begin(FileStart { file, day, after_gap }, origin);
        if skip > 0 {
            self.provenance.note(Note::Replayed { file: open.name.clone(), bytes: skip as u64 });
        }
        if after_gap {
            let before = self.before.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
            let file = open.name.clone();
            self.provenance.note(Note::Gap { before, file, files_are_missing: after_missing });
            self.owes_gap = true;
        }
        // Offsets in the file count from its first byte, so repeated bytes are kept, too.
        self.provenance.keep_replayed(&self.head[..skip]);
    }

    /// Returns the examined bytes first, then reads from the file.
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
            self.provenance.keep(bytes)?;
        }
        self.prefetch();
        if self.files.is_last() || self.provenance.can_read_back() {
            return Ok(());
        }
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
        self.tail.extend_from_slice(bytes);
        Ok(())
    }

    /// Keeps the end of the file that was just read. A frame that began before a short file may end after it.
    fn keep_tail(&mut self, tail: &[u8]) {
        let of_file = tail.len().min(self.given_of_file as usize);
        if of_file >= TAIL {
            self.tail.clear();
        }
        self.tail.extend_from_slice(&tail[tail.len() - of_file..]);
        let surplus = self.tail.len().saturating_sub(2 * TAIL);
        self.tail.drain(..surplus);
    }

    fn end_file(&mut self, broke_off: bool) {
        if !self.files.is_last()
            && let Some(tail) = self.provenance.tail(TAIL, self.given)
        {
            self.keep_tail(&tail);
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
                // It is normal that some files of a set have no entries.
                let lines = std::mem::take(&mut self.lines_without_entries);
                return if lines > 0 && self.given == 0 { Err(NoEntries::error(lines)) } else { Ok(0) };
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
                Err(error) if NoEntries::of(&error).is_some() => {
                    self.lines_without_entries += NoEntries::of(&error).unwrap_or_default();
                    self.end_file(false);
                }
                Err(error) => {
                    let file = self.current.as_ref().map(|open| open.name.clone()).unwrap_or_default();
                    let offset = if is_incomplete(&error) { 0 } else { self.given_of_file };
                    let problem = Problem::BrokenOff { offset, why: error.to_string() };
                    self.provenance.note(Note::Failed(InputError { file, problem }));
                    self.end_file(true);
                }
            }
        }
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) || Gap::is(error)
}

/// A reader that returns only an error.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
