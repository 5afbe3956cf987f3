//! A file that is written next to its final name and renamed when it is complete: a failed run never destroys the old
//! file, and no one reads an incomplete new file.
//!
//! Must not know: what is written.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// What happens to an existing file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It is kept, and writing the new one is an error.
    #[default]
    Keep,
    /// It is replaced once the new one is complete. Whoever could read the old one cannot read the new one.
    Replace,
}

/// A file that is being written.
#[derive(Debug)]
pub struct OutputFile {
    target: PathBuf,
    existing: Existing,
    state: State,
}

#[derive(Debug)]
enum State {
    /// It has its final name, or is not a regular file: a pipe, a device.
    Open(File),
    /// It has a temporary name, and is removed unless it is published. Only its owner can read a new file, because
    /// traces contain phone numbers and addresses.
    Hidden(NamedTempFile),
    /// It was dropped before it was published.
    Gone,
}

impl OutputFile {
    /// Starts to write the file with this name. The name does not exist before [`publish`](Self::publish).
    ///
    /// # Errors
    /// `AlreadyExists` if it exists and must be kept; `IsADirectory`; errors of the system.
    pub fn create(path: &Path, existing: Existing) -> io::Result<Self> {
        let target = final_target(path)?;
        let found = fs::metadata(&target).ok();
        if found.as_ref().is_some_and(Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if found.as_ref().is_some_and(|found| !found.is_file()) {
            let file = OpenOptions::new().write(true).open(&target)?;
            return Ok(Self { target, existing, state: State::Open(file) });
        }
        if found.is_some() && existing == Existing::Keep {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let hidden =
            tempfile::Builder::new().prefix(".sofiatui-").suffix(".part").tempfile_in(folder(&target))?;
        Ok(Self { target, existing, state: State::Hidden(hidden) })
    }

    /// The temporary name until it is published.
    pub fn hidden_name(&self) -> Option<&Path> {
        if let State::Hidden(file) = &self.state { Some(file.path()) } else { None }
    }

    /// Gives it its final name, once its bytes are on the disk. Writing can continue afterwards.
    ///
    /// # Errors
    /// `AlreadyExists` if such a file has appeared and must be kept; errors of the system.
    pub fn publish(&mut self) -> io::Result<()> {
        if let State::Hidden(hidden) = &self.state {
            hidden.as_file().sync_all()?;
        }
        let file = match std::mem::replace(&mut self.state, State::Gone) {
            State::Hidden(hidden) if self.existing == Existing::Replace => hidden.persist(&self.target)?,
            State::Hidden(hidden) => hidden.persist_noclobber(&self.target)?,
            State::Open(file) => file,
            State::Gone => return Err(io::ErrorKind::NotFound.into()),
        };
        self.state = State::Open(file);
        Ok(())
    }

    fn file(&mut self) -> io::Result<&mut File> {
        match &mut self.state {
            State::Open(file) => Ok(file),
            State::Hidden(file) => Ok(file.as_file_mut()),
            State::Gone => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

/// The directory that contains the file with this name.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The target of a chain of symbolic links, whether or not it exists: the links are kept.
fn final_target(path: &Path) -> io::Result<PathBuf> {
    /// The limit of Linux.
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder(&target).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::ErrorKind::InvalidInput.into())
}

/// Why a file cannot be written, in words.
pub fn why_not(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "the folder does not exist".to_owned(),
        io::ErrorKind::AlreadyExists => "already exists".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        io::ErrorKind::StorageFull => "no space left on the disk".to_owned(),
        _ => error.to_string(),
    }
}

/// The one of these files that is the same as `output`, under whatever name. A file that does not exist yet is the same if its
/// full name is.
pub fn same_among<'a>(output: &Path, mut files: impl Iterator<Item = &'a Path>) -> Option<&'a Path> {
    let (id, name) = (identity_of(output), full_name(output));
    files.find(|path| match id {
        Some(id) => identity_of(path) == Some(id),
        // Neither exists yet: a followed file may appear.
        None => name.is_some() && full_name(path) == name,
    })
}

/// The identity of the file with this name, if it exists.
pub fn identity_of(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().as_ref().and_then(identity)
}

/// The full name of a file that need not exist, with the links of its directory resolved.
pub fn full_name(path: &Path) -> Option<PathBuf> {
    Some(folder(path).canonicalize().ok()?.join(path.file_name()?))
}

/// Identifies a file: two names, or a name and an open file, are the same file if these are equal.
///
/// `None` for terminals and other devices, which several programs may read and write at the same time.
pub fn identity(meta: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    (kind.is_file() || kind.is_fifo() || kind.is_block_device()).then(|| (meta.dev(), meta.ino()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(name).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_published_and_leaves_no_temporary_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.pcap");
        let mut file = OutputFile::create(&path, Existing::Keep).unwrap();
        file.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(file);
        assert_eq!(names(dir.path()), [""; 0]);
        let mut file = OutputFile::create(&path, Existing::Keep).unwrap();
        file.write_all(b"first").unwrap();
        file.publish().unwrap();
        file.write_all(b" second").unwrap();
        file.publish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first second");
        assert_eq!(names(dir.path()), ["x.pcap"]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn an_existing_file_is_kept_or_replaced_by_one_that_only_its_owner_can_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.pcap");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = OutputFile::create(&path, Existing::Keep).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        drop(OutputFile::create(&path, Existing::Replace).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        let mut file = OutputFile::create(&path, Existing::Replace).unwrap();
        file.write_all(b"new").unwrap();
        file.publish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(dir.path()), ["x.pcap"]);
    }

    #[test]
    fn a_file_that_appears_during_writing_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.pcap");
        let mut file = OutputFile::create(&path, Existing::Keep).unwrap();
        fs::write(&path, "other").unwrap();
        assert_eq!(file.publish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(
            (fs::read(&path).unwrap(), names(dir.path())),
            (b"other".to_vec(), vec!["x.pcap".to_owned()])
        );
    }

    #[test]
    fn links_are_kept_and_directories_and_devices_are_not_files() {
        let dir = tempfile::tempdir().unwrap();
        let (link, path) = (dir.path().join("link"), dir.path().join("x.pcap"));
        symlink("x.pcap", &link).unwrap();
        let mut file = OutputFile::create(&link, Existing::Keep).unwrap();
        file.write_all(b"new").unwrap();
        file.publish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let refused = OutputFile::create(dir.path(), Existing::Replace).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::IsADirectory);
        let mut null = OutputFile::create(Path::new("/dev/null"), Existing::Keep).unwrap();
        assert!(null.hidden_name().is_none());
        null.write_all(b"x").and_then(|()| null.publish()).unwrap();
        let ring = dir.path().join("ring");
        symlink("ring", &ring).unwrap();
        assert!(OutputFile::create(&ring, Existing::Keep).is_err());
    }
}
