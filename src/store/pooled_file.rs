//! Files that are read at any place, of which a bounded number is open at once: the one that was read least recently is
//! closed, and opened again when it is read.
//!
//! Must not know: what is in the files.

use std::collections::VecDeque;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many files are open at most, those aside that are read right now: `ulimit -n` may be 256, and is often 1024.
const MOST_OPEN: usize = 40;

/// The files that are open, the one that was read least recently first.
static OPEN: Mutex<VecDeque<(u64, Arc<File>)>> = Mutex::new(VecDeque::new());

/// The number of the next file.
static NEXT: AtomicU64 = AtomicU64::new(0);

fn open_files() -> MutexGuard<'static, VecDeque<(u64, Arc<File>)>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A regular file that may be closed meanwhile. Clones are the same file.
#[derive(Debug, Clone)]
pub struct PooledFile(Arc<Place>);

/// Where the file is.
#[derive(Debug)]
struct Place {
    number: u64,
    path: PathBuf,
    /// Device and inode: the name may mean another file by now.
    id: (u64, u64),
}

impl Drop for Place {
    fn drop(&mut self) {
        let closed = {
            let mut open = open_files();
            let at = open.iter().position(|(number, _)| *number == self.number);
            at.and_then(|at| open.remove(at))
        };
        // Closing may take long on a network: not while others wait.
        drop(closed);
    }
}

impl PooledFile {
    /// Opens the file of this name.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(path, open(path)?)
    }

    /// Takes a file that was opened under this name.
    ///
    /// # Errors
    /// Where the system does not say which file it is.
    pub fn new(path: &Path, file: File) -> io::Result<Self> {
        let id = id(&file.metadata()?);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        put(number, Arc::new(file));
        Ok(Self(Arc::new(Place { number, path: path.to_owned(), id })))
    }

    /// The open file.
    ///
    /// # Errors
    /// `NotFound` where it was closed, and is neither under its name nor beside it any more.
    pub(crate) fn file(&self) -> io::Result<Arc<File>> {
        let Place { number, path, id: wanted } = &*self.0;
        if let Some(file) = take(*number) {
            return Ok(put(*number, file));
        }
        let is_it = |file: &File| file.metadata().is_ok_and(|meta| id(&meta) == *wanted);
        let found = match open(path) {
            Ok(file) if is_it(&file) => file,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => open(&renamed(path, *wanted).ok_or_else(gone)?)?,
        };
        if is_it(&found) { Ok(put(*number, Arc::new(found))) } else { Err(gone()) }
    }

    /// Device and inode.
    pub(crate) fn id(&self) -> (u64, u64) {
        self.0.id
    }
}

fn take(number: u64) -> Option<Arc<File>> {
    let mut open = open_files();
    let at = open.iter().rposition(|(other, _)| *other == number)?;
    open.remove(at).map(|(_, file)| file)
}

/// Keeps a file open as the one that was read last.
fn put(number: u64, file: Arc<File>) -> Arc<File> {
    let closed = {
        let mut open = open_files();
        open.push_back((number, Arc::clone(&file)));
        if open.len() > MOST_OPEN { open.pop_front() } else { None }
    };
    drop(closed);
    file
}

/// Opens a file; where too many are open, those are closed first.
fn open(path: &Path) -> io::Result<File> {
    const TOO_MANY: i32 = 24;
    match File::open(path) {
        Err(error) if error.raw_os_error() == Some(TOO_MANY) => {
            let closed = std::mem::take(&mut *open_files());
            drop(closed);
            File::open(path)
        }
        opened => opened,
    }
}

/// The file beside `path` that a rotation renamed it to.
fn renamed(path: &Path, wanted: (u64, u64)) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    entries.into_iter().find(|path| fs::metadata(path).is_ok_and(|meta| id(&meta) == wanted))
}

fn id(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the file is gone")
}

/// Reads a pooled file from its beginning.
#[derive(Debug)]
pub(crate) struct PooledReader {
    file: PooledFile,
    position: u64,
}

impl PooledReader {
    pub(crate) fn new(file: PooledFile) -> Self {
        Self { file, position: 0 }
    }
}

impl Read for PooledReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.file()?.read_at(buffer, self.position)?;
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_closed_is_found_again_also_when_it_was_renamed() {
        let dir = tempfile::tempdir().unwrap();
        let path = |n: usize| dir.path().join(format!("{n}.dump"));
        let files: Vec<_> = (0..3 * MOST_OPEN)
            .map(|n| {
                fs::write(path(n), n.to_string()).unwrap();
                PooledReader::new(PooledFile::open(&path(n)).unwrap())
            })
            .collect();
        assert!(open_files().len() <= MOST_OPEN);
        fs::rename(path(0), dir.path().join("0.dump.1")).unwrap();
        fs::remove_file(path(1)).unwrap();
        fs::rename(path(2), path(3)).unwrap();
        for (n, mut file) in files.into_iter().enumerate() {
            let mut text = String::new();
            let read = file.read_to_string(&mut text);
            match n {
                1 | 3 => assert_eq!(read.unwrap_err().kind(), io::ErrorKind::NotFound),
                n => assert_eq!((read.unwrap(), text), (n.to_string().len(), n.to_string())),
            }
        }
    }
}
