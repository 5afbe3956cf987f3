//! A file that grows: read as far as it goes, and on when there is more, through every kind of rotation.
//!
//! Nothing is lost and nothing comes twice, as far as the bytes are still anywhere:
//!
//! - *renamed* or *deleted*: the old file is read on until something is in the new one; FreeSWITCH writes on into a
//!   renamed file until it opens the new one. Where several profiles share the file, some write on into the old one then:
//!   both are read until the old one is idle for an hour or gone, and their frames come as if they were in one file;
//! - *copied and truncated*: what was not read before is read from the copy, where one stands beside the file;
//! - *collapsed* (`fallocate --collapse-range`): the text goes on behind the bytes that were read last;
//! - *not there yet*: it is opened when it comes.
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
use std::path::{Path, PathBuf};
use std::time::Instant;

use current::{Current, Look, id};
pub use handle::Follow;
use renamed::Shared;
use tail::Tail;

use crate::frame::{Gap, Idle};

use super::note::Note;
use crate::load::sets::provenance::Provenance;
use watch::folder;

/// Reads a file that may grow: `WouldBlock` where nothing more is there yet, the end only when following ends.
#[derive(Debug)]
pub(super) struct Follower {
    path: PathBuf,
    follow: Follow,
    provenance: Provenance,
    current: Option<Current>,
    /// The file to go on with when `current`, a copy of its beginning, is at its end.
    copied: Option<File>,
    /// Whether bytes are missing before the next ones.
    owes_gap: bool,
    /// Whether it was told, while nobody followed, that the file is no longer what it was.
    told_change: bool,
    /// When the last bytes came.
    grew: Instant,
    /// Files that were renamed, and may grow although the new one does.
    shared: Shared,
    /// Whether a frame's boundary was read.
    is_dump: bool,
}

impl Follower {
    /// Follows the file of this name, there or not; `file` where it was opened already.
    ///
    /// # Errors
    /// Where the system does not say which file that is.
    pub(super) fn new(
        path: &Path,
        file: Option<File>,
        follow: Follow,
        provenance: Provenance,
    ) -> io::Result<Self> {
        let current = file.map(Current::new).transpose()?;
        Ok(Self {
            path: path.to_owned(),
            follow,
            provenance,
            current,
            copied: None,
            owes_gap: false,
            told_change: false,
            grew: Instant::now(),
            shared: Shared::default(),
            is_dump: false,
        })
    }

    /// Reads on in the files that may be read now.
    fn look(&mut self, buffer: &mut [u8]) -> io::Result<Look> {
        if self.shared.is_open() {
            return self.shared.read(buffer, self.current.as_mut());
        }
        self.current.as_mut().map_or(Ok(Look::End), |current| current.look(buffer))
    }

    /// The file at hand is at its end: goes on with the next one. `false` where there is none yet.
    fn go_on(&mut self) -> io::Result<bool> {
        if let Some(file) = self.copied.take() {
            self.go_on_after_copy(file)?;
            return Ok(true);
        }
        // What cannot be looked at or opened now may be later: a rotation gives it its rights in a second step.
        let Ok(found) = fs::metadata(&self.path) else { return Ok(false) };
        let is_next = match &self.current {
            None => found.is_file(),
            // As long as nothing is written there, the old one may be written to.
            Some(current) => found.is_file() && found.len() > 0 && id(&found) != current.id,
        };
        if !is_next {
            return Ok(false);
        }
        if let Some(current) = &self.current
            && current.file.metadata()?.len() > current.position
        {
            // Its last bytes came between our look at it and the first ones of the new file.
            return Ok(true);
        }
        match File::open(&self.path) {
            Ok(file) => {
                let old = self.current.replace(Current::new(file)?);
                // Where one frame ends and another begins is known of dumps alone.
                self.shared.begin(old.filter(|_| self.is_dump), self.grew);
            }
            Err(_) => return Ok(false),
        }
        Ok(true)
    }

    /// The file was cut or moved up, or written anew: finds the place where it goes on.
    fn find_place(&mut self) -> io::Result<()> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        if let Some(position) = current.tail.find_end(&current.file)? {
            current.position = position;
        } else if let Some(copy) = self.find_copy(&mut current) {
            self.copied = Some(std::mem::replace(&mut current.file, copy));
        } else {
            if !std::mem::take(&mut self.told_change) {
                self.note_truncated(current.position);
            }
            self.owes_gap = true;
            (current.position, current.tail) = (0, Tail::default());
        }
        self.current = Some(current);
        Ok(())
    }

    /// Nobody follows, and the file is cut or written anew: what comes next in it is not read.
    fn tell_truncated(&self) {
        if let Some(current) = &self.current {
            self.note_truncated(current.position);
        }
    }

    fn note_truncated(&self, read: u64) {
        self.provenance.note(Note::Truncated { file: self.path.to_string_lossy().into_owned(), read });
    }

    /// The copy that a rotation made before it truncated the file: it stands beside it, and holds what was read last
    /// in the same place.
    fn find_copy(&self, current: &mut Current) -> Option<File> {
        let ours = self.path.file_name()?.as_encoded_bytes();
        if !current.tail.is_telling() {
            return None;
        }
        fs::read_dir(folder(&self.path)).ok()?.flatten().find_map(|entry| {
            let name = entry.file_name();
            let is_sibling = name.len() > ours.len() && name.as_encoded_bytes().starts_with(ours);
            let file = is_sibling.then(|| File::open(entry.path()).ok())??;
            current.tail.ends_at(&file, current.position).ok()?.then_some(file)
        })
    }

    /// A copy was read to its end: goes on in the file itself, behind what may be left in it of that.
    fn go_on_after_copy(&mut self, file: File) -> io::Result<()> {
        let mut tail = self.current.take().map(|copy| copy.tail).unwrap_or_default();
        let mut current = Current::new(file)?;
        if let Some(position) = tail.find_end(&current.file)? {
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
                Look::Bytes(read) => {
                    self.grew = Instant::now();
                    self.is_dump = self.is_dump || renamed::has_boundary(&buffer[..read]);
                    return Ok(read);
                }
                look if !self.follow.is_on() => {
                    if matches!(look, Look::Changed) && !std::mem::replace(&mut self.told_change, true) {
                        self.tell_truncated();
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
