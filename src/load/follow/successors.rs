//! Finds the files to read after one that was rotated: several rotations may have happened since it was read, so that
//! its successors may be rotated, too.
//!
//! Must not know: how files are read and joined.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::watch::folder;
use crate::load::decode::count::Counter;
use crate::load::decode::{self, MAGIC};
use crate::load::error::{InputError, Problem};
use crate::load::sets::{self, FileId, Member, file_id};
use crate::store::{PooledFile, PooledReader, read_at_most};

/// Bytes of a file's beginning that are kept to recognise it.
pub(super) const HEAD: usize = 512;
/// Fewer bytes than this could be at the beginning of another file, too.
const TELLING: usize = 200;
/// Upper limit of files that are remembered as read.
const MOST_KNOWN: usize = 64;
/// Upper limit of attempts to list a directory in which files are being renamed.
const TRIES: usize = 50;
/// A directory that changed less than this ago may have changed since without a new modification time.
const CLOCK_STEP: Duration = Duration::from_secs(1);

/// A file that was read, or is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) id: FileId,
    /// When it was modified last before it was read, by the clock of its file system: successors are not older.
    pub(super) since: (i64, i64),
    /// The beginning of its text.
    pub(super) head: Vec<u8>,
}

impl Identity {
    pub(super) fn of(file: &PooledFile) -> Self {
        let since = file.file().and_then(|file| file.metadata()).map_or((0, 0), |meta| modified(&meta));
        Self { id: file.id(), since, head: Vec::new() }
    }

    /// Adds bytes of the text that were read at `position`.
    pub(super) fn push(&mut self, read: &[u8], position: u64) {
        if position == self.head.len() as u64 && self.head.len() < HEAD {
            self.head.extend_from_slice(&read[..read.len().min(HEAD - self.head.len())]);
        }
    }

    /// Whether a text with this beginning is that of the file.
    fn begins(&self, head: &[u8]) -> bool {
        self.head.len() >= TELLING && head.starts_with(&self.head)
    }
}

/// A file to read next.
pub(super) enum Next {
    /// It may still grow.
    Plain(PooledFile),
    /// It was compressed after its rotation.
    Packed(Packed),
}

/// A compressed file, which is read once.
pub(super) struct Packed {
    pub(super) path: PathBuf,
    pub(super) identity: Identity,
    pub(super) position: u64,
    pub(super) reader: Box<dyn Read + Send>,
}

/// The successors that were found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: VecDeque<Next>,
    /// Name of the first file if others before it may be missing.
    pub(super) lacks_before: Option<PathBuf>,
    /// Files that cannot be read.
    pub(super) failed: Vec<InputError>,
    /// Whether it was found for the first time that the followed name is that of the output.
    pub(super) is_output: bool,
}

/// Finds the successors of the files that were read.
#[derive(Debug)]
pub(super) struct Successors {
    path: PathBuf,
    /// The file that was read last, after it was lost or if it was compressed.
    last: Option<Identity>,
    /// The files that were read before.
    known: VecDeque<Identity>,
    /// Modification time of the directory in which nothing was found.
    searched: Option<SystemTime>,
    /// Whether the followed name was found to be that of the output.
    was_output: bool,
}

impl Successors {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), last: None, known: VecDeque::new(), searched: None, was_output: false }
    }

    /// The file was read, and will not be the current one any more.
    pub(super) fn leave(&mut self, identity: Identity) {
        self.know(identity.clone());
        self.last = Some(identity);
    }

    /// The text was read, but its file contains another text now.
    pub(super) fn know(&mut self, identity: Identity) {
        self.known.push_back(identity);
        if self.known.len() > MOST_KNOWN {
            self.known.pop_front();
        }
    }

    /// The files to read after `current`, or after the one that was read last, oldest first.
    pub(super) fn find(&mut self, current: Option<&Identity>, output: Option<FileId>) -> Found {
        let last = current.cloned().or_else(|| self.last.clone());
        let named = fs::metadata(&self.path).ok().filter(fs::Metadata::is_file);
        let is_same =
            |meta: &fs::Metadata| last.as_ref().is_some_and(|last| last.id == (meta.dev(), meta.ino()));
        if named.as_ref().is_some_and(is_same) {
            return Found::default();
        }
        let is_empty = named.is_none_or(|meta| meta.len() == 0);
        let changed = fs::metadata(folder(&self.path)).and_then(|meta| meta.modified()).ok();
        if is_empty && (last.is_none() || (changed.is_some() && self.searched == changed)) {
            return Found::default();
        }
        let mut found = self.search(last.as_ref(), output);
        found.is_output = found.is_output && !std::mem::replace(&mut self.was_output, found.is_output);
        let is_settled = |at: &SystemTime| at.elapsed().is_ok_and(|since| since > CLOCK_STEP);
        self.searched = changed.filter(is_settled).filter(|_| found.files.is_empty());
        found
    }

    fn search(&self, last: Option<&Identity>, output: Option<FileId>) -> Found {
        for _ in 0..TRIES {
            let members = siblings(&self.path);
            let place = last.and_then(|last| members.iter().position(|member| is_file_of(member, last)));
            let is_next = |member: &&Member| last.is_some_and(|last| self.is_successor(member, last));
            let newer: Vec<&Member> = members
                .iter()
                .skip(place.map_or(0, |at| at + 1))
                .filter(|member| member.path != self.path && (output.is_none() || member.id != output))
                .filter(is_next)
                .collect();
            let mut found = self.open(&newer, output);
            // Else a rotation came in between.
            if list(&self.path) == members {
                let first = newer.first().filter(|_| place.is_none());
                found.lacks_before = first.map(|member| member.path.clone());
                return found;
            }
        }
        Found::default()
    }

    /// Whether a rotated file is newer than `last` and was not read.
    fn is_successor(&self, member: &Member, last: &Identity) -> bool {
        if fs::metadata(&member.path).is_ok_and(|meta| modified(&meta) < last.since) {
            return false;
        }
        let head = head_of(&member.path);
        !last.begins(&head) && !self.known.iter().any(|known| known.begins(&head))
    }

    /// Opens the rotated files and the one with the followed name.
    fn open(&self, newer: &[&Member], output: Option<FileId>) -> Found {
        let mut found = Found::default();
        for member in newer {
            match PooledFile::open(&member.path).and_then(|file| next(&member.path, file)) {
                Ok(next) => found.files.push_back(next),
                Err(error) => {
                    let file = member.path.to_string_lossy().into_owned();
                    found.failed.push(InputError { file, problem: Problem::Io(error) });
                }
            }
        }
        // It may become readable later: a rotation may set its permissions in a second step.
        let named = fs::metadata(&self.path).is_ok_and(|meta| meta.is_file() && meta.len() > 0);
        let named = if named { PooledFile::open(&self.path).ok() } else { None };
        match named {
            Some(file) if output == Some(file.id()) => found.is_output = true,
            Some(file) => found.files.push_back(Next::Plain(file)),
            None => {}
        }
        // While the newest files are empty, the one before them may still be written to.
        while found.files.back().is_some_and(Next::is_empty) {
            found.files.pop_back();
        }
        found
    }
}

impl Packed {
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.identity.push(&buffer[..read], self.position);
        self.position += read as u64;
        Ok(read)
    }

    /// The error of a read.
    pub(super) fn broken(&self, error: &io::Error) -> InputError {
        let problem = Problem::BrokenOff { offset: self.position, why: error.to_string() };
        InputError { file: self.path.to_string_lossy().into_owned(), problem }
    }
}

impl Next {
    fn is_empty(&self) -> bool {
        let Self::Plain(file) = self else { return false };
        file.file().and_then(|file| file.metadata()).is_ok_and(|meta| meta.len() == 0)
    }
}

fn modified(meta: &fs::Metadata) -> (i64, i64) {
    (meta.mtime(), meta.mtime_nsec())
}

/// Whether a file of the set is the one that was read last, perhaps compressed.
fn is_file_of(member: &Member, last: &Identity) -> bool {
    member.id == Some(last.id) || (sets::is_compressed(&member.path) && last.begins(&head_of(&member.path)))
}

/// The beginning of a file's text.
fn head_of(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(text) = decode::open(path, Counter::default()) {
        // The readable beginning of a damaged archive is enough.
        let _ = text.reader.take(HEAD as u64).read_to_end(&mut head);
    }
    head
}

fn next(path: &Path, file: PooledFile) -> io::Result<Next> {
    let mut magic = Vec::with_capacity(MAGIC);
    read_at_most(&*file.file()?, 0, MAGIC as u64, &mut magic)?;
    if decode::decoder(&magic).is_none() {
        return Ok(Next::Plain(file));
    }
    let identity = Identity::of(&file);
    let (reader, _) = decode::decoded(PooledReader::new(file), Counter::default())?;
    Ok(Next::Packed(Packed { path: path.to_owned(), identity, position: 0, reader }))
}

/// The files of the set to which `path` belongs, oldest first. Two equal lists show that no rename came in between.
fn siblings(path: &Path) -> Vec<Member> {
    let mut before = list(path);
    for _ in 0..TRIES {
        let now = list(path);
        if now == before {
            break;
        }
        before = now;
    }
    before
}

fn list(path: &Path) -> Vec<Member> {
    let Ok(entries) = fs::read_dir(folder(path)) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| path.with_file_name(entry.file_name()));
    let is_ours = |file: &PathBuf| sets::base(file) == path && file.is_file();
    let files: Vec<PathBuf> = paths.filter(is_ours).filter(|file| file_id(file).is_some()).collect();
    sets::group(&files).first().map(|set| set.members().to_vec()).unwrap_or_default()
}
