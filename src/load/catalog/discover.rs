//! Finds the traces in directories: by their names; files with other names by their first bytes.
//!
//! Must not know: who asks, which files belong together.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::load::catalog::time_range;
use crate::load::error::{InputError, Problem};
use crate::load::sets::{self, FileSet};

/// How many levels of directories are searched: `sip_traces/internal/internal.dump` is at the second,
/// `messages/date=2026-11-23/profile=internal/host=fs1/x.parquet` at the fourth.
const DEPTH: usize = 5;

/// The files found in some directories.
#[derive(Debug, Default)]
pub(in crate::load) struct Found {
    /// Files that are traces by their names, or that the user named.
    pub(in crate::load) traces: Vec<PathBuf>,
    /// Files that may be traces.
    pub(in crate::load) others: Vec<PathBuf>,
    /// What could not be read.
    pub(in crate::load) errors: Vec<InputError>,
    /// Device and inode of the files so far: a link to one of them is not another file.
    seen: HashSet<(u64, u64)>,
}

/// Searches directories; a path that is a file is taken as it is.
pub(in crate::load) fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for place in paths {
        match fs::metadata(place) {
            Ok(meta) if meta.is_dir() => found.walk(place, DEPTH),
            Ok(meta) => found.take(place.clone(), &meta, Name::Trace),
            Err(error) => found.fail(place, error),
        }
    }
    found
}

/// The files of a directory in the order in which they are printed: profiles in the order of their names, the files of
/// each oldest first. Unreadable files are included and give an error when they are opened; the directory itself is
/// included if nothing is found in it.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = find(&[dir.to_owned()]);
    let others = std::mem::take(&mut found.others).into_iter().filter(|file| is_trace(file));
    let mut sets = sets::group(&found.traces);
    sets.extend(sets::group(&others.collect::<Vec<_>>()));
    sets.sort_by_key(|set| (set.profile(), set.newest().to_owned()));
    let mut files: Vec<PathBuf> = sets.iter().flat_map(FileSet::files).map(Path::to_owned).collect();
    files.extend(found.errors.into_iter().map(|error| PathBuf::from(error.file)));
    if files.is_empty() { vec![dir.to_owned()] } else { files }
}

/// What a file name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    /// It is the name of a trace.
    Trace,
    /// It can be any file.
    Other,
}

impl Found {
    fn walk(&mut self, dir: &Path, depth: usize) {
        let listed = match fs::read_dir(dir) {
            Ok(listed) => listed,
            Err(error) => return self.fail(dir, error),
        };
        let mut paths: Vec<(bool, PathBuf)> = Vec::new();
        for entry in listed {
            match entry {
                Ok(entry) => {
                    let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
                    paths.push((is_link, entry.path()));
                }
                Err(error) => self.fail(dir, error),
            }
        }
        // Files come before links that may lead to them.
        paths.sort();
        for (is_link, path) in paths {
            self.look(path, is_link, depth);
        }
    }

    fn look(&mut self, path: PathBuf, is_link: bool, depth: usize) {
        let Some(name) = name(&path) else { return };
        match fs::metadata(&path) {
            // A link to a directory may lead back to a parent.
            Ok(meta) if meta.is_dir() && !is_link && depth > 1 => self.walk(&path, depth - 1),
            Ok(meta) if meta.is_file() => self.take(path, &meta, name),
            Err(error) if name == Name::Trace => self.fail(&path, error),
            _ => {}
        }
    }

    fn take(&mut self, path: PathBuf, meta: &fs::Metadata, name: Name) {
        if self.seen.insert((meta.dev(), meta.ino())) {
            match name {
                Name::Trace => self.traces.push(path),
                Name::Other => self.others.push(path),
            }
        }
    }

    fn fail(&mut self, path: &Path, error: std::io::Error) {
        let file = path.to_string_lossy().into_owned();
        self.errors.push(InputError { file, problem: Problem::Io(error) });
    }
}

/// What the name of a file in a directory says; `None` for hidden files, such as temporary files of editors.
fn name(path: &Path) -> Option<Name> {
    let name = path.file_name()?.to_string_lossy();
    match &*name {
        name if name.starts_with('.') => None,
        name if name.contains(".dump") || name.starts_with("freeswitch.log") => Some(Name::Trace),
        _ => Some(Name::Other),
    }
}

/// Whether the beginning of a file contains a frame.
pub(in crate::load) fn is_trace(file: &Path) -> bool {
    time_range::first(file).is_some()
}
