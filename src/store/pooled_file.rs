//! Files that can be read at any position. Only a limited number is open at once: the least recently read one is
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

/// Upper limit of open files, without those that are being read: `ulimit -n` may be 256, and is often 1024.
const MOST_OPEN: usize = 40;

/// The open files, the least recently read first.
static OPEN: Mutex<VecDeque<(u64, Arc<File>)>> = Mutex::new(VecDeque::new());

/// The number of the next file.
static NEXT: AtomicU64 = AtomicU64::new(0);

fn open_files() -> MutexGuard<'static, VecDeque<(u64, Arc<File>)>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A regular file that may be closed between reads. Clones are the same file.
#[derive(Debug, Clone)]
pub struct PooledFile(Arc<Place>);

/// The location of the file.
#[derive(Debug)]
struct Place {
    number: u64,
    path: PathBuf,
    /// Device and inode: the name may belong to another file later.
    id: (u64, u64),
}

impl Drop for Place {
    fn drop(&mut self) {
        let closed = {
            let mut open = open_files();
            let at = open.iter().position(|(number, _)| *number == self.number);
            at.and_then(|at| open.remove(at))
        };
        // Closing may take long on a network file system: not while the lock is held.
        drop(closed);
    }
}

impl PooledFile {
    /// Opens the file with this name.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(path, open(path)?)
    }

    /// Takes a file that was opened under this name.
    ///
    /// # Errors
    /// If its metadata cannot be read.
    pub fn new(path: &Path, file: File) -> io::Result<Self> {
        let id = id(&file.metadata()?);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        put(number, Arc::new(file));
        Ok(Self(Arc::new(Place { number, path: path.to_owned(), id })))
    }

    /// The open file.
    ///
    /// # Errors
    /// `NotFound` if it was closed and is neither under its name nor under a name derived from it.
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

/// Keeps a file open as the most recently read one.
fn put(number: u64, file: Arc<File>) -> Arc<File> {
    let closed = {
        let mut open = open_files();
        open.push_back((number, Arc::clone(&file)));
        if open.len() > MOST_OPEN { open.pop_front() } else { None }
    };
    drop(closed);
    file
}

/// Opens a file; if too many files are open, closes those first.
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

/// How many of the last bytes are compared again, to check whether the file is still the same.
const TELLING: usize = 64;

/// Reads a pooled file from its beginning. It is an error if the file is truncated or rewritten meanwhile.
#[derive(Debug)]
pub(crate) struct PooledReader {
    file: PooledFile,
    /// The length of the file at first.
    len: u64,
    position: u64,
    /// The bytes that were read last.
    last: Vec<u8>,
}

impl PooledReader {
    pub(crate) fn new(file: PooledFile) -> Self {
        let len = file.file().and_then(|file| file.metadata()).map_or(0, |meta| meta.len());
        Self { file, len, position: 0, last: Vec::new() }
    }

    /// Whether the bytes that were read last are still at their position.
    fn is_same(&self, file: &File) -> bool {
        let mut now = [0; TELLING];
        let now = &mut now[..self.last.len()];
        let read = file.read_exact_at(now, self.position - now.len() as u64);
        read.is_ok() && *now == *self.last
    }
}

impl Read for PooledReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = self.file.file()?;
        let read = file.read_at(buffer, self.position)?;
        // Checked after the read, so that a change before the read is detected.
        if !self.is_same(&file) || (read == 0 && self.position < self.len && !buffer.is_empty()) {
            return match self.len.saturating_sub(self.position) {
                // Everything that existed at first was read.
                0 => Ok(0),
                lost => Err(io::Error::other(format!(
                    "the file was truncated or rewritten; {lost} bytes could not be read"
                ))),
            };
        }
        let kept = &buffer[read.saturating_sub(TELLING)..read];
        self.last.drain(..(self.last.len() + kept.len()).saturating_sub(TELLING));
        self.last.extend_from_slice(kept);
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_file_is_found_again_even_if_it_was_renamed() {
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

    #[test]
    fn a_file_truncated_or_rewritten_while_it_is_read_reports_the_lost_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        let text = |byte: u8| (0..5000_u16).map(|n| byte ^ n.to_le_bytes()[0]).collect::<Vec<u8>>();
        for (new, lost) in [(Vec::new(), 3000), (text(7), 3000), (text(7).repeat(2), 3000)] {
            fs::write(&path, text(0)).unwrap();
            let mut file = PooledReader::new(PooledFile::open(&path).unwrap());
            file.read_exact(&mut [0; 2000]).unwrap();
            fs::write(&path, new).unwrap();
            let error = file.read(&mut [0; 100]).unwrap_err().to_string();
            assert!(error.contains(&format!(" {lost} bytes could not be read")), "{error}");
        }
        // Appended bytes are read, too; and if everything was read, nothing is lost.
        fs::write(&path, text(0)).unwrap();
        let mut file = PooledReader::new(PooledFile::open(&path).unwrap());
        file.read_exact(&mut [0; 5000]).unwrap();
        fs::write(&path, text(0).repeat(2)).unwrap();
        file.read_exact(&mut [0; 5000]).unwrap();
        fs::write(&path, b"").unwrap();
        assert_eq!(file.read(&mut [0; 100]).unwrap(), 0);
    }
}
