//! A file that grows: read to its end, and on as it grows, through every kind of rotation.
//!
//! Nothing is lost and nothing is read twice, as long as the bytes exist anywhere:
//!
//! - *renamed* or *deleted*: the old file is read until the new one contains something; FreeSWITCH writes into a
//!   renamed file until it opens the new one. If several profiles share the file, some continue to write into the old
//!   one: both are read until the old one is idle for an hour or deleted, and their frames are merged as if they were
//!   in one file;
//!   After several rotations since the last read, the files between the old one and the new one are read, too;
//! - *copied and truncated*: what was not read before is read from the copy, if there is one beside the file;
//! - *collapsed* (`fallocate --collapse-range`): reading continues after the bytes that were read last;
//! - *not existing yet*: it is opened when it appears.
//!
//! Must not know: what is in the file, who waits for more and how.

mod current;
mod handle;
mod renamed;
mod successors;
mod tail;
#[cfg(test)]
mod tests;
pub(in crate::load) mod watch;

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use current::{Current, Look};
pub use handle::Follow;
use renamed::Shared;
use successors::{Found, Next, Packed, Successors};

use crate::frame::{Gap, Idle};

use super::note::Note;
use crate::load::sets::ReadFile;
use crate::load::sets::provenance::Provenance;
use crate::store::PooledFile;
use watch::folder;

/// Bytes at the end of a file that show whether it is a dump.
const EXAMINED: u64 = 64 << 10;

/// Reads a file that may grow: `WouldBlock` if no more bytes are available; the end only when following ends.
pub(super) struct Follower {
    path: PathBuf,
    follow: Follow,
    provenance: Provenance,
    current: Option<Current>,
    /// The compressed file that is read before all others.
    packed: Option<Packed>,
    successors: Successors,
    /// The files to continue with, oldest first.
    next: VecDeque<Next>,
    /// The file to continue with after `current`, which is a copy of its beginning.
    copied: Option<PooledFile>,
    /// Whether bytes are missing before the next ones.
    owes_gap: bool,
    /// Whether it was reported, while the file was not followed, that its content changed.
    change_reported: bool,
    /// When the last bytes were read.
    grew: Instant,
    /// Renamed files that may still grow beside the new one.
    shared: Shared,
    /// Whether a frame's boundary was read.
    is_dump: bool,
}

impl Follower {
    /// Follows the file with this name, which need not exist; `file` if it is already open.
    pub(super) fn new(path: &Path, file: Option<PooledFile>, follow: Follow, provenance: Provenance) -> Self {
        let current = file.map(Current::new);
        Self {
            path: path.to_owned(),
            follow,
            provenance,
            current,
            packed: None,
            successors: Successors::new(path),
            next: VecDeque::new(),
            copied: None,
            owes_gap: false,
            change_reported: false,
            grew: Instant::now(),
            shared: Shared::default(),
            is_dump: false,
        }
    }

    /// These files of the same set were read before, and may still grow.
    pub(super) fn beside(mut self, older: Vec<ReadFile>) -> Self {
        for ReadFile { file, position } in older {
            let modified = file.file().and_then(|file| file.metadata()?.modified());
            let idle = modified.map_or(renamed::TIMEOUT, |at| at.elapsed().unwrap_or_default());
            if idle < renamed::TIMEOUT
                && let Ok((file, end)) = Current::at(file, position, EXAMINED)
                && renamed::has_boundary(&end)
            {
                self.shared.add(file, idle);
            }
        }
        self
    }

    /// Whether the current file is read to its end, and the renamed files can be read beside it from now on: no frame
    /// of it is split.
    fn may_merge(&self) -> bool {
        let is_whole = |current: &Current| current.tail.ends_with(renamed::BOUNDARY);
        self.follow.is_on()
            && self.shared.is_open()
            && (self.current.as_ref().is_none_or(is_whole) || self.grew.elapsed() >= Idle::SHORT)
    }

    /// Reads from the files that may be read now.
    fn look(&mut self, buffer: &mut [u8]) -> io::Result<Look> {
        if let Some(read) = self.read_packed(buffer) {
            return Ok(Look::Bytes(read));
        }
        let is_begun = self.current.as_ref().is_some_and(|current| current.position > 0);
        if self.follow.is_on() && !is_begun && self.shared.is_in_frame() {
            self.shared.is_merging = true;
        }
        if !self.shared.is_merging {
            let look = self.current.as_mut().map_or(Ok(Look::End), |current| current.look(buffer))?;
            if !matches!(look, Look::End) || !self.may_merge() {
                return Ok(look);
            }
            self.shared.is_merging = true;
        }
        if self.shared.is_open() {
            return self.shared.read(buffer, self.current.as_mut());
        }
        self.current.as_mut().map_or(Ok(Look::End), |current| current.look(buffer))
    }

    /// The current file is at its end: continues with the next one. `false` if there is none yet.
    fn go_on(&mut self) -> io::Result<bool> {
        if let Some(file) = self.copied.take() {
            self.go_on_after_copy(file)?;
            return Ok(true);
        }
        if self.next.is_empty() {
            let current = self.current.as_ref().map(|current| &current.identity);
            let found = self.successors.find(current, self.follow.output());
            self.take_found(found);
        }
        if self.next.is_empty() {
            return Ok(false);
        }
        if let Some(current) = &self.current
            && current.has_more()
        {
            // Its last bytes were written between our read of it and the first write to the new file.
            return Ok(true);
        }
        if let Some(next) = self.next.pop_front() {
            self.begin(next);
        }
        Ok(true)
    }

    fn take_found(&mut self, found: Found) {
        self.next = found.files;
        let name = |path: &Path| path.to_string_lossy().into_owned();
        for error in found.failed {
            self.provenance.note(Note::Failed(error));
        }
        if let Some(path) = found.lacks_before {
            self.provenance.note(Note::MayLack { file: name(&path) });
            self.owes_gap = true;
        }
        if found.is_output {
            self.provenance.note(Note::IsOutput { file: name(&self.path) });
        }
    }

    /// Continues with this file.
    fn begin(&mut self, next: Next) {
        let old = self.current.take();
        if let Some(old) = &old {
            self.successors.leave(old.identity.clone());
        }
        // Frame boundaries are known only in dumps.
        self.shared.begin(old.filter(|_| self.is_dump), self.grew);
        match next {
            Next::Plain(file) => self.current = Some(Current::new(file)),
            Next::Packed(packed) => self.packed = Some(packed),
        }
    }

    /// Reads from the compressed file. `None` if there is none any more.
    fn read_packed(&mut self, buffer: &mut [u8]) -> Option<usize> {
        let packed = self.packed.as_mut()?;
        match packed.read(buffer) {
            Ok(read @ 1..) => return Some(read),
            Ok(_) => {}
            Err(error) => {
                self.provenance.note(Note::Failed(packed.broken(&error)));
                self.owes_gap = true;
            }
        }
        self.successors.leave(self.packed.take()?.identity);
        None
    }

    /// The file was truncated, collapsed or overwritten: finds the position to continue at.
    fn find_place(&mut self) -> io::Result<()> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        if let Some(position) = current.tail.find_end(&*current.file.file()?)? {
            current.position = position;
        } else if let Some(copy) = self.find_copy(&mut current) {
            self.successors.know(current.identity.clone());
            self.copied = Some(std::mem::replace(&mut current.file, copy));
        } else {
            if !std::mem::take(&mut self.change_reported) {
                self.note_truncated(current.position);
            }
            self.owes_gap = true;
            self.successors.know(std::mem::take(&mut current.identity));
            current = Current::new(current.file);
        }
        self.current = Some(current);
        Ok(())
    }

    /// The file is gone, with any unread bytes: a new file of its name is read when it appears.
    fn lose_current(&mut self) {
        if let Some(current) = self.current.take() {
            self.note_truncated(current.position);
            self.successors.leave(current.identity);
            self.owes_gap = true;
        }
    }

    /// The file is not followed, and was truncated or overwritten: its next bytes are not read.
    fn report_truncated(&self) {
        if let Some(current) = &self.current {
            self.note_truncated(current.position);
        }
    }

    fn note_truncated(&self, read: u64) {
        self.provenance.note(Note::Truncated { file: self.path.to_string_lossy().into_owned(), read });
    }

    /// The copy that a rotation made before it truncated the file: it is in the same folder, and has the bytes that
    /// were read last at the same position. A renamed file that is still read is none, even if it begins with the same bytes.
    fn find_copy(&self, current: &mut Current) -> Option<PooledFile> {
        let ours = self.path.file_name()?.as_encoded_bytes();
        if !current.tail.is_telling() {
            return None;
        }
        fs::read_dir(folder(&self.path)).ok()?.flatten().find_map(|entry| {
            let name = entry.file_name();
            let is_sibling = name.len() > ours.len() && name.as_encoded_bytes().starts_with(ours);
            let file = is_sibling.then(|| File::open(entry.path()).ok())??;
            let is_copy = current.tail.ends_at(&file, current.position).ok()?;
            let copy = is_copy.then(|| PooledFile::new(&entry.path(), file).ok())??;
            (!self.shared.reads(copy.id())).then_some(copy)
        })
    }

    /// A copy was read to its end: continues in the file itself, after any of these bytes that are still in it.
    fn go_on_after_copy(&mut self, file: PooledFile) -> io::Result<()> {
        let mut tail = self.current.take().map(|copy| copy.tail).unwrap_or_default();
        let mut current = Current::new(file);
        if let Some(position) = tail.find_end(&*current.file.file()?)? {
            (current.position, current.tail) = (position, tail);
        }
        self.current = Some(current);
        Ok(())
    }
}

impl Read for Follower {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.follow.is_ended() {
                return Ok(self.shared.give_rest(buffer));
            }
            if std::mem::take(&mut self.owes_gap) {
                return Err(Gap::error());
            }
            match self.look(buffer)? {
                Look::Waits => {}
                Look::Gone => {
                    self.lose_current();
                    if !self.follow.is_on() && self.provenance.ends_here() {
                        return Ok(0);
                    }
                }
                Look::Bytes(read) => {
                    self.grew = Instant::now();
                    self.is_dump = self.is_dump || renamed::has_boundary(&buffer[..read]);
                    return Ok(read);
                }
                look if !self.follow.is_on() => {
                    if matches!(look, Look::Changed) && !std::mem::replace(&mut self.change_reported, true) {
                        self.report_truncated();
                    }
                    if self.provenance.ends_here() {
                        return Ok(0);
                    }
                }
                Look::End if !self.go_on()? => {}
                Look::End => continue,
                Look::Changed => {
                    self.find_place()?;
                    continue;
                }
            }
            return Err(Idle::pause(self.grew.elapsed()));
        }
    }
}
