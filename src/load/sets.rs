//! Files that belong together: one and its rotated ones.
//!
//! Must not know: what is in the files.

use std::path::{Path, PathBuf};

/// The files of one rotation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSet(Vec<PathBuf>);

impl FileSet {
    /// Oldest first.
    pub fn files(&self) -> impl DoubleEndedIterator<Item = &Path> + ExactSizeIterator {
        self.0.iter().map(PathBuf::as_path)
    }

    /// The profile.
    pub fn profile(&self) -> String {
        super::input::profile(self.newest())
    }

    /// The newest file.
    pub fn newest(&self) -> &Path {
        self.0.last().map_or(Path::new(""), PathBuf::as_path)
    }
}

/// Groups.
pub fn group(paths: &[PathBuf]) -> Vec<FileSet> {
    type Files = Vec<(u32, PathBuf)>;
    let mut sets: Vec<((PathBuf, String), Files)> = Vec::new();
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let number = name.split('.').find_map(|part| part.parse().ok()).unwrap_or(0);
        let key = (path.parent().unwrap_or(Path::new("")).to_owned(), super::input::profile(path));
        match sets.iter_mut().find(|(k, _)| *k == key) {
            Some((_, files)) => files.push((number, path.clone())),
            None => sets.push((key, vec![(number, path.clone())])),
        }
    }
    let ordered = |mut files: Vec<(u32, PathBuf)>| {
        files.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        FileSet(files.into_iter().map(|(_, path)| path).collect())
    };
    sets.into_iter().map(|(_, files)| ordered(files)).collect()
}
