//! The folder: where it is, its lock, how a file in it is read and replaced.
//!
//! Must not know: what is in the files.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use rustix::fs::{FlockOperation, flock};

/// A file that is longer was not written by this program.
const MOST_BYTES: u64 = 8 << 20;

/// The folder with what is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// `$XDG_STATE_HOME/sofiatui`; `None` if there is no home.
    pub fn usual() -> Option<Self> {
        let strategy = etcetera::choose_base_strategy().ok()?;
        Some(Self::at(strategy.state_dir()?.join("sofiatui")))
    }

    /// This folder. It is made when something is kept.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// The text of a file; empty if there is none.
    pub(super) fn read(&self, name: &str) -> Result<String, String> {
        let path = self.path.join(name);
        let read = || {
            let mut text = String::new();
            let file = File::open(&path)?;
            if file.metadata()?.len() > MOST_BYTES {
                return Err(io::Error::other("too long"));
            }
            file.take(MOST_BYTES).read_to_string(&mut text)?;
            Ok(text)
        };
        match read() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            other => other.map_err(|error| said(&path, &error)),
        }
    }

    /// Replaces a file by what `change` makes of its text, while no other program does.
    pub(super) fn change(
        &self,
        name: &str,
        change: impl FnOnce(String) -> Result<String, String>,
    ) -> Result<(), String> {
        let failed = |error: io::Error| said(&self.path, &error);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path).map_err(failed)?;
        let _lock = self.lock();
        let before = self.read(name)?;
        let after = change(before.clone())?;
        if after == before {
            return Ok(());
        }
        self.replace(&self.path.join(name), after.as_bytes())
            .map_err(|error| said(&self.path.join(name), &error))
    }

    /// Without a lock (a file system that has none), the other program's change may be lost, but no file is damaged.
    fn lock(&self) -> Option<File> {
        let mut options = fs::OpenOptions::new();
        let file =
            options.create(true).truncate(false).write(true).mode(0o600).open(self.path.join("lock")).ok()?;
        flock(&file, FlockOperation::LockExclusive).ok()?;
        Some(file)
    }

    fn replace(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        // Only the owner may read it: temporary files are made so.
        let mut file = tempfile::NamedTempFile::new_in(&self.path)?;
        file.write_all(text)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }
}

fn said(path: &Path, error: &io::Error) -> String {
    let why = match error.kind() {
        ErrorKind::InvalidData => "not UTF-8".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    format!("{}: {why}", path.display())
}
