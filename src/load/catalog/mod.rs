//! Builds the catalogue of some directories on a thread: names and sizes at once, then the times, newest files first.
//!
//! Must not know: who uses it, how times are found.

mod dates;
pub(in crate::load) mod discover;
pub(in crate::load) mod newcomers;
pub(in crate::load) mod time_range;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::store::catalog::{Catalog, Entry, EntryRange};

use crate::load::sets::{self, FileSet};
use discover::Found;

/// Time between two publications: each is a copy of all entries, and there may be thousands.
const INTERVAL: Duration = Duration::from_millis(100);

/// The running cataloguer. Dropping it ends the thread at its next file set.
#[derive(Debug)]
pub struct Cataloguer {
    _wanted: Arc<()>,
}

impl Cataloguer {
    /// Starts to catalogue directories, and files that were named with them. `publish` is called with the files of each
    /// entry: first when names and sizes are known, last with `done`.
    pub fn start(
        paths: Vec<PathBuf>,
        publish: impl FnMut(Arc<Catalog>, Vec<FileSet>) + Send + 'static,
    ) -> Self {
        let wanted = Arc::new(());
        let still = Arc::downgrade(&wanted);
        thread::spawn(move || Work::new(paths, still, publish).run());
        Self { _wanted: wanted }
    }
}

/// The work of the thread.
struct Work<P> {
    paths: Vec<PathBuf>,
    /// Dropped when the catalogue is no longer needed.
    wanted: Weak<()>,
    publish: P,
    catalog: Catalog,
    sets: Vec<FileSet>,
    published: Instant,
}

impl<P: FnMut(Arc<Catalog>, Vec<FileSet>)> Work<P> {
    fn new(paths: Vec<PathBuf>, wanted: Weak<()>, publish: P) -> Self {
        let catalog = Catalog { place: place(&paths), ..Catalog::default() };
        Self { paths, wanted, publish, catalog, sets: Vec::new(), published: Instant::now() }
    }

    /// All files that are traces by name are catalogued before any other file is opened: the others may be many and
    /// large.
    fn run(mut self) {
        let Found { traces, others, errors, .. } = discover::find(&self.paths);
        self.catalog.errors = errors.iter().map(ToString::to_string).collect();
        self.add(sets::group(&traces));
        self.publish();
        self.read_times();
        // The user may have left already.
        let wanted = others.into_iter().take_while(|_| self.is_wanted());
        let others: Vec<PathBuf> = wanted.filter(|file| discover::is_trace(file)).collect();
        if !others.is_empty() {
            self.add(sets::group(&others));
            self.publish();
            self.read_times();
        }
        if self.is_wanted() {
            self.catalog.done = true;
            self.publish();
        }
    }

    /// Finds the times of the entries that have none yet.
    fn read_times(&mut self) {
        let mut order = self.catalog.newest_first();
        order.retain(|at| self.catalog.entries[*at].range == EntryRange::Unread);
        for at in order {
            if !self.is_wanted() {
                return;
            }
            let found = time_range::of(self.sets[at].files());
            self.catalog.entries[at].range = EntryRange::between(found.first, found.last, found.dates);
            if self.published.elapsed() >= INTERVAL {
                self.publish();
            }
        }
    }

    fn is_wanted(&self) -> bool {
        self.wanted.strong_count() > 0
    }

    fn add(&mut self, sets: Vec<FileSet>) {
        for set in sets {
            self.catalog.entries.push(entry(&set, &self.paths));
            self.sets.push(set);
        }
        self.name_twins();
    }

    /// If several entries are of one profile in one folder (a dump, and FreeSWITCH's log beside it), names them after
    /// their files.
    fn name_twins(&mut self) {
        let mut count = HashMap::new();
        for (set, entry) in self.sets.iter().zip(&self.catalog.entries) {
            *count.entry((set.profile(), entry.folder.clone())).or_insert(0) += 1;
        }
        for (set, entry) in self.sets.iter().zip(&mut self.catalog.entries) {
            if count[&(set.profile(), entry.folder.clone())] > 1 {
                entry.profile = set.newest().file_name().unwrap_or_default().to_string_lossy().into_owned();
            }
        }
    }

    fn publish(&mut self) {
        self.published = Instant::now();
        (self.publish)(Arc::new(self.catalog.clone()), self.sets.clone());
    }
}

/// The directories as the user named them.
fn place(paths: &[PathBuf]) -> String {
    let dirs: Vec<_> = paths.iter().filter(|p| p.is_dir()).map(|p| p.to_string_lossy()).collect();
    dirs.join(", ")
}

fn entry(set: &FileSet, paths: &[PathBuf]) -> Entry {
    let metas: Vec<fs::Metadata> = set.files().filter_map(|file| fs::metadata(file).ok()).collect();
    let written = metas.iter().filter_map(|meta| meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()).max();
    Entry {
        profile: set.profile(),
        folder: folder(set.newest(), paths),
        files: set.files().len(),
        bytes: metas.iter().map(fs::Metadata::len).sum(),
        written: written.map_or(0, |time| time.as_secs()),
        range: EntryRange::Unread,
    }
}

/// The folder of a file: relative to the directory if only one was named.
fn folder(file: &Path, paths: &[PathBuf]) -> String {
    let parent = file.parent().unwrap_or(Path::new(""));
    let seen = match paths {
        [place] => parent.strip_prefix(place).unwrap_or(parent),
        _ => parent,
    };
    seen.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::sync::mpsc::channel;

    const FRAME: &str = "recv 4 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n\r\n\r\n\x0b\n";

    /// Writes files, and creates their folders.
    fn lay_out(dir: &Path, files: &[(&str, &[u8])]) {
        for (name, bytes) in files {
            let path = dir.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    fn catalogue(paths: &[PathBuf]) -> (Catalog, Vec<FileSet>) {
        let (sender, published) = channel();
        let _running =
            Cataloguer::start(paths.to_vec(), move |catalog, sets| sender.send((catalog, sets)).unwrap());
        let (catalog, sets) = published.iter().find(|(catalog, _)| catalog.done).unwrap();
        (Arc::unwrap_or_clone(catalog), sets)
    }

    /// Profile, folder, files, bytes, and whether times were found; in the order of the names.
    fn summary(catalog: &Catalog) -> Vec<(&str, &str, usize, u64, bool)> {
        let is_timed = |e: &Entry| matches!(e.range, EntryRange::Times { .. });
        let entries = catalog.entries.iter();
        let mut candidates: Vec<_> =
            entries.map(|e| (&*e.profile, &*e.folder, e.files, e.bytes, is_timed(e))).collect();
        candidates.sort_unstable();
        candidates
    }

    #[test]
    fn traces_are_found_by_name_or_content_and_a_damaged_file_does_not_hide_others() {
        let dir = tempfile::tempdir().unwrap();
        let frame = FRAME.as_bytes();
        lay_out(
            dir.path(),
            &[
                ("internal/internal.dump", frame),
                ("internal/internal.dump.1", frame),
                ("internal/.internal.dump.swp", frame),
                ("internal/deeper/esinet.dump", frame),
                ("internal/deeper/and/deeper/too/deep.dump", frame),
                ("external.dump", frame),
                ("broken.dump.xz", b"\xfd7zXZ\0 and no more"),
                ("capture", frame),
                ("notes.txt", b"no trace at all\n"),
            ],
        );
        symlink("external.dump", dir.path().join("latest.dump")).unwrap();
        symlink("loop.dump", dir.path().join("loop.dump")).unwrap();
        symlink("..", dir.path().join("internal/up")).unwrap();
        let (catalog, sets) = catalogue(&[dir.path().to_owned()]);
        let len = FRAME.len() as u64;
        assert_eq!(
            summary(&catalog),
            [
                ("broken", "", 1, 18, false),
                ("capture", "", 1, len, true),
                ("esinet", "internal/deeper", 1, len, true),
                ("external", "", 1, len, true),
                ("internal", "internal", 2, 2 * len, true),
            ]
        );
        assert_eq!(catalog.place, dir.path().to_string_lossy());
        assert_eq!(catalog.errors.len(), 1, "{:?}", catalog.errors);
        assert!(catalog.errors[0].contains("loop.dump: "), "{:?}", catalog.errors);
        for (set, entry) in sets.iter().zip(&catalog.entries) {
            assert_eq!((set.profile(), set.files().len()), (entry.profile.clone(), entry.files));
        }
    }

    #[test]
    fn names_and_sizes_are_published_before_times() {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &[("a.dump", FRAME.as_bytes()), ("b.dump", FRAME.as_bytes())]);
        let (sender, published) = channel();
        let running =
            Cataloguer::start(vec![dir.path().to_owned()], move |catalog, _| sender.send(catalog).unwrap());
        let first = published.recv().unwrap();
        assert_eq!((first.entries.len(), first.done), (2, false));
        assert!(first.entries.iter().all(|e| e.range == EntryRange::Unread && e.bytes == FRAME.len() as u64));
        let last = published.iter().last().unwrap();
        assert!(last.done && last.entries.iter().all(|e| e.range != EntryRange::Unread));
        drop(running);
    }

    #[test]
    fn thousands_of_entries_are_published_a_few_times() {
        let dir = tempfile::tempdir().unwrap();
        for nth in 0..2_000 {
            fs::write(dir.path().join(format!("p{nth}.dump")), FRAME).unwrap();
        }
        let began = Instant::now();
        let (sender, published) = channel();
        let publish = move |catalog: Arc<Catalog>, _| sender.send(catalog.entries.len()).unwrap();
        let _running = Cataloguer::start(vec![dir.path().to_owned()], publish);
        let count = published.iter().inspect(|entries| assert_eq!(*entries, 2_000)).count();
        let most = 3 + began.elapsed().as_millis() / INTERVAL.as_millis();
        assert!(count as u128 <= most, "{count} times, at most {most}");
    }

    #[test]
    fn times_of_files_named_as_traces_are_read_before_other_files() {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path(), &[("a.dump", FRAME.as_bytes()), ("capture", FRAME.as_bytes())]);
        let (sender, published) = channel();
        let _running =
            Cataloguer::start(vec![dir.path().to_owned()], move |catalog, _| sender.send(catalog).unwrap());
        let both = published.iter().find(|catalog| catalog.entries.len() == 2).unwrap();
        let times = |profile| both.entries.iter().find(|e| e.profile == profile).unwrap().range;
        assert!(matches!(times("a"), EntryRange::Times { .. }));
        assert_eq!(times("capture"), EntryRange::Unread);
    }

    #[test]
    fn entries_with_one_name_in_one_folder_are_named_after_their_files() {
        let dir = tempfile::tempdir().unwrap();
        let files = ["a.log", "a.dump.1", "a.dump", "b.dump", "deeper/a.dump"];
        lay_out(dir.path(), &files.map(|file| (file, FRAME.as_bytes())));
        let (catalog, _) = catalogue(&[dir.path().to_owned()]);
        let named: Vec<_> = summary(&catalog).into_iter().map(|entry| (entry.0, entry.1, entry.2)).collect();
        assert_eq!(named, [("a", "deeper", 1), ("a.dump", "", 2), ("a.log", "", 1), ("b", "", 1)]);
    }

    #[test]
    fn files_beside_directories_are_entries_and_folders_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        let frame = FRAME.as_bytes();
        lay_out(
            dir.path(),
            &[("a/internal.dump", frame), ("b/internal.dump", frame), ("own.txt", b"?"), ("c/x", b"?")],
        );
        let path = |name: &str| dir.path().join(name);
        let (catalog, _) = catalogue(&[path("a"), path("b"), path("own.txt"), path("gone.dump"), path("c")]);
        let folder = |name: &str| path(name).to_string_lossy().into_owned();
        let (a, b, here) = (folder("a"), folder("b"), folder(""));
        let len = FRAME.len() as u64;
        assert_eq!(
            summary(&catalog),
            [
                ("internal", a.as_str(), 1, len, true),
                ("internal", b.as_str(), 1, len, true),
                ("own", here.trim_end_matches('/'), 1, 1, false),
            ]
        );
        assert!(catalog.errors[0].ends_with("gone.dump: no such file"), "{:?}", catalog.errors);
    }

    #[test]
    fn a_directory_is_printed_profile_by_profile_oldest_first() {
        let dir = tempfile::tempdir().unwrap();
        let frame = FRAME.as_bytes();
        lay_out(
            dir.path(),
            &[
                ("z/internal.dump", frame),
                ("z/internal.dump.1", frame),
                ("external.dump", frame),
                ("a-trace", frame),
                ("no-trace", b"?"),
            ],
        );
        symlink("loop.dump", dir.path().join("loop.dump")).unwrap();
        let names: Vec<String> = discover::files(dir.path())
            .iter()
            .map(|file| file.strip_prefix(dir.path()).unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["a-trace", "external.dump", "z/internal.dump.1", "z/internal.dump", "loop.dump"]);
        let empty = dir.path().join("empty");
        fs::create_dir(&empty).unwrap();
        assert_eq!(discover::files(&empty), std::slice::from_ref(&empty));
    }
}
