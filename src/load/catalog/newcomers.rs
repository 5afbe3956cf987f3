//! Finds traces that appear in followed directories.
//!
//! Must not know: who reads them, how files grow.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::discover::{self, find};
use crate::load::input::InputSpec;
use crate::load::sets::{self, FileSet};

/// Time between two searches: each takes as long as the directories are large.
const INTERVAL: Duration = Duration::from_millis(500);

/// Searches for traces that did not exist before.
#[derive(Debug)]
pub struct Newcomers {
    dirs: Vec<PathBuf>,
    /// The base names of the files that are already read.
    known: HashSet<PathBuf>,
    /// Files that were not traces at the last search, and their lengths.
    others: HashMap<PathBuf, u64>,
    looked: Instant,
}

impl Newcomers {
    /// Searches these directories, which need not exist yet; `inputs` are already known.
    pub fn new(dirs: &[PathBuf], inputs: &[InputSpec]) -> Self {
        let files = inputs.iter().filter_map(InputSpec::files).flat_map(FileSet::files);
        let known = files.map(sets::base).collect();
        Self { dirs: dirs.to_vec(), known, others: HashMap::new(), looked: Instant::now() }
    }

    /// Whether there is no directory.
    pub fn is_none(&self) -> bool {
        self.dirs.is_empty()
    }

    /// The traces that appeared, without those for which `is_output` holds. Empty if the last search was just now.
    pub fn look(&mut self, is_output: impl Fn(&Path) -> bool) -> Vec<InputSpec> {
        if self.is_none() || self.looked.elapsed() < INTERVAL {
            return Vec::new();
        }
        let dirs: Vec<PathBuf> = self.dirs.iter().filter(|dir| dir.is_dir()).cloned().collect();
        let found = find(&dirs);
        let is_new = |path: &PathBuf| !self.known.contains(&sets::base(path)) && !is_output(path);
        let mut traces: Vec<PathBuf> = found.traces.into_iter().filter(is_new).collect();
        let others: Vec<PathBuf> = found.others.into_iter().filter(is_new).collect();
        traces.extend(others.into_iter().filter(|path| self.became_trace(path)));
        self.known.extend(traces.iter().map(|path| sets::base(path)));
        self.looked = Instant::now();
        sets::group(&traces).into_iter().map(InputSpec::Files).collect()
    }

    /// Whether a file is a trace by its content. It is checked again when it is longer.
    fn became_trace(&mut self, path: &Path) -> bool {
        let Ok(len) = fs::metadata(path).map(|meta| meta.len()) else { return false };
        self.others.insert(path.to_owned(), len) != Some(len) && discover::is_trace(path)
    }
}
