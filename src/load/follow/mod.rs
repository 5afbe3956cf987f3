//! A file that grows: read to its end, and on as it grows, through every kind of rotation.
//!
//! Nothing is lost and nothing is read twice, as long as the bytes exist anywhere:
//!
//! - *renamed* or *deleted*: the old file is read until the new one contains something; FreeSWITCH writes into a
//!   renamed file until it opens the new one. If several profiles share the file, some continue to write into the old
//!   one: both are read until the old one is idle for an hour or deleted, and their frames are merged as if they were
//!   in one file;
//! - *copied and truncated*: what was not read before is read from the copy, if there is one beside the file;
//! - *collapsed* (`fallocate --collapse-range`): reading continues after the bytes that were read last;
//! - *not existing yet*: it is opened when it appears.
//!
//! Must not know: what is in the file, who waits for more and how.

mod current;
mod handle;
mod renamed;
mod tail;
#[cfg(test)]
mod tests;
pub(in crate::load) mod watch;

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use current::{Current, Look};
pub use handle::Follow;
use renamed::Shared;
use tail::Tail;

use crate::frame::{Gap, Idle};

use super::note::Note;
use crate::load::sets::provenance::Provenance;
use crate::store::PooledFile;
use watch::folder;

/// Reads a file that may grow: `WouldBlock` if no more bytes are available; the end only when following ends.
#[derive(Debug)]
pub(super) struct Follower {
    path: PathBuf,
    follow: Follow,
    provenance: Provenance,
    current: Option<Current>,
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
            copied: None,
            owes_gap: false,
            change_reported: false,
            grew: Instant::now(),
            shared: Shared::default(),
            is_dump: false,
        }
    }

    /// Reads from the files that may be read now.
    fn look(&mut self, buffer: &mut [u8]) -> io::Result<Look> {
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
        // A file that cannot be opened now may be readable later: a rotation may set its permissions in a second step.
        let Ok(found) = fs::metadata(&self.path) else { return Ok(false) };
        let is_next = match &self.current {
            None => found.is_file(),
            // While the new file is empty, the old one may still be written to.
            Some(current) => {
                found.is_file() && found.len() > 0 && (found.dev(), found.ino()) != current.file.id()
            }
        };
        if !is_next {
            return Ok(false);
        }
        if let Some(current) = &self.current
            && current.has_more()
        {
            // Its last bytes were written between our read of it and the first write to the new file.
            return Ok(true);
        }
        match PooledFile::open(&self.path) {
            Ok(file) => {
                let old = self.current.replace(Current::new(file));
                // Frame boundaries are known only in dumps.
                self.shared.begin(old.filter(|_| self.is_dump), self.grew);
            }
            Err(_) => return Ok(false),
        }
        Ok(true)
    }

    /// The file was truncated, collapsed or overwritten: finds the position to continue at.
    fn find_place(&mut self) -> io::Result<()> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        if let Some(position) = current.tail.find_end(&*current.file.file()?)? {
            current.position = position;
        } else if let Some(copy) = self.find_copy(&mut current) {
            self.copied = Some(std::mem::replace(&mut current.file, copy));
        } else {
            if !std::mem::take(&mut self.change_reported) {
                self.note_truncated(current.position);
            }
            self.owes_gap = true;
            (current.position, current.tail) = (0, Tail::default());
        }
        self.current = Some(current);
        Ok(())
    }

    /// The file is gone, with any unread bytes: a new file of its name is read when it appears.
    fn lose_current(&mut self) {
        if let Some(current) = self.current.take() {
            self.note_truncated(current.position);
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
