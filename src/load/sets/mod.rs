//! Rotation sets: the files with one base name in one folder are one stream, read oldest first.
//!
//! Must not know: how the text is used.

mod files;
mod names;
pub(in crate::load) mod provenance;
pub mod prune;
mod reader;
mod seam;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::ops::RangeInclusive;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub(super) use names::is_compressed;
use names::{Mark, Name};

pub(super) use files::{Growing, Keep, OpenGrowing, ReadFile};
pub(super) use reader::SetReader;

use crate::load::catalog::time_range;

/// Device and inode of a file: they do not change when it is renamed.
pub(super) type FileId = (u64, u64);

/// Whether two names are those of different files of one rotation set, whose order the names show.
pub fn is_rotated(one: &Path, other: &Path) -> bool {
    let (one, other) = (Name::of(one), Name::of(other));
    // `x.dump.pcap` and the like are other files.
    let is_known = |name: &Name| name.is_sure && name.mark != Mark::Other;
    one.base == other.base && one.mark != other.mark && is_known(&one) && is_known(&other)
}

/// The files with one base name, oldest first; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSet {
    members: Vec<Member>,
    left_out: usize,
}

/// A file of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) path: PathBuf,
    /// The identity of the file when the set was formed; a rotation may rename it before it is read.
    pub(super) id: Option<FileId>,
    /// Whether the names show that files before it are missing.
    pub(super) after_missing: bool,
}

impl FileSet {
    /// A set of one file.
    pub fn single(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let id = file_id(&path);
        Self { members: vec![Member { path, id, after_missing: false }], left_out: 0 }
    }

    /// The files, oldest first.
    pub fn files(&self) -> impl DoubleEndedIterator<Item = &Path> + ExactSizeIterator + Clone {
        self.members.iter().map(|member| &*member.path)
    }

    /// The time of the first message, from the first bytes; `None` if it is not known without reading more.
    pub fn first_time(&self) -> Option<i64> {
        time_range::first(self.files().next()?).map(|(time, _)| time)
    }

    /// The newest file, which is the one that grows.
    pub fn newest(&self) -> &Path {
        self.members.last().map_or(Path::new(""), |member| &member.path)
    }

    /// The present path of the newest file: a rotation may have renamed it since the set was formed.
    pub(super) fn newest_now(&self) -> PathBuf {
        self.members.last().map(Member::find).unwrap_or_default()
    }

    /// The profile after which the set is named: the file's name up to `.dump`, else up to the first dot. A file of columns is
    /// in a folder `profile=…`.
    pub fn profile(&self) -> String {
        let folders = self.newest().parent().into_iter().flat_map(Path::iter);
        if let Some(profile) = folders.rev().find_map(|name| name.to_str()?.strip_prefix("profile=")) {
            return profile.to_owned();
        }
        let base = Name::of(self.newest()).base;
        let name = base.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let end = name.find(".dump").or_else(|| name.find('.')).filter(|at| *at > 0);
        name[..end.unwrap_or(name.len())].to_owned()
    }

    /// The set without the files for which `is_output` holds (`None` if no file remains), and these files.
    pub fn without(mut self, is_output: impl Fn(&Path) -> bool) -> (Option<Self>, Vec<PathBuf>) {
        let (out, kept) = self.members.into_iter().partition(|member| is_output(&member.path));
        self.members = kept;
        let out: Vec<Member> = out;
        let out = out.into_iter().map(|member| member.path).collect();
        (Some(self).filter(|set| !set.members.is_empty()), out)
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// How many files of the set were left out.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The set with only these files, by number.
    #[must_use]
    pub(super) fn retain(mut self, numbers: RangeInclusive<usize>) -> Self {
        let all = self.members.len();
        self.members.truncate(numbers.end() + 1);
        self.members.drain(..*numbers.start());
        self.left_out += all - self.members.len();
        self
    }
}

/// The file that a path means now.
pub(super) fn file_id(path: &Path) -> Option<FileId> {
    fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// Groups files by base name, oldest first, in whatever order they are given. The sets are in the order of their first
/// files in `paths`. A file that is given twice is taken once.
pub fn group(paths: &[PathBuf]) -> Vec<FileSet> {
    let mut sets: Vec<Vec<(Mark, Member)>> = Vec::new();
    let (mut known, mut seen) = (HashMap::new(), HashSet::new());
    for path in paths {
        let (base, mark) = base_and_mark(path);
        let id = file_id(path);
        if id.is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let number = *known.entry(base).or_insert_with(|| {
            sets.push(Vec::new());
            sets.len() - 1
        });
        sets[number].push((mark, Member { path: path.clone(), id, after_missing: false }));
    }
    sets.into_iter().map(order).collect()
}

/// The name before the rotation, or the file's own name.
pub(super) fn base(path: &Path) -> PathBuf {
    base_and_mark(path).0
}

fn base_and_mark(path: &Path) -> (PathBuf, Mark) {
    let Name { base, mark, is_sure } = Name::of(path);
    // A name without an ending is that of a rotated file only if the file with the base name exists.
    if is_sure || base.exists() { (base, mark) } else { (path.to_owned(), Mark::Current) }
}

/// Removes duplicates that exist while a rotation compresses a file: `x.dump.1.xz` beside `x.dump.1`.
fn without_twins(files: Vec<(Mark, Member)>) -> Vec<(Mark, Member)> {
    let mut kept: Vec<(Mark, Member)> = Vec::new();
    for (mark, member) in files {
        let is_twin = |(other, known): &&mut (Mark, Member)| {
            *other == mark && mark != Mark::Other && time_range::begin_alike(&known.path, &member.path)
        };
        match kept.iter_mut().find(is_twin) {
            // The compressed one may be incomplete.
            Some((_, known)) if names::is_compressed(&known.path) => *known = member,
            Some(_) => {}
            None => kept.push((mark, member)),
        }
    }
    kept
}

/// Sorts the files of a set: by their names if these are sufficient, else by the timestamps in them.
fn order(files: Vec<(Mark, Member)>) -> FileSet {
    let mut files = without_twins(files);
    if names_tell(&files) {
        files.sort_by_key(|(mark, _)| age(*mark));
        let mut before = None;
        for (mark, member) in &mut files {
            member.after_missing = is_missing_between(before, *mark);
            before = Some(*mark);
        }
    } else {
        files.sort_by_cached_key(|(mark, member)| (time_range::begins(&member.path), age(*mark)));
    }
    FileSet { members: files.into_iter().map(|(_, member)| member).collect(), left_out: 0 }
}

/// Whether each file has its own number, or each has its own time.
fn names_tell(files: &[(Mark, Member)]) -> bool {
    let distinct: HashSet<_> = files.iter().map(|(mark, _)| age(*mark)).collect();
    let is = |wanted: fn(&Mark) -> bool| files.iter().any(|(mark, _)| wanted(mark));
    let (numbers, dates) = (is(|m| matches!(m, Mark::Number(_))), is(|m| matches!(m, Mark::Date(..))));
    files.len() == 1 || (distinct.len() == files.len() && !is(|m| *m == Mark::Other) && !(numbers && dates))
}

/// A sort key for "oldest first".
fn age(mark: Mark) -> (u8, i64, u32) {
    match mark {
        Mark::Other => (0, 0, 0),
        Mark::Date(time, nth) => (1, time, nth),
        Mark::Number(number) => (2, -i64::from(number), 0),
        Mark::Current => (3, 0, 0),
    }
}

/// Whether numbers are missing between two neighbours. The first rotated file has the number 1 or 0.
fn is_missing_between(older: Option<Mark>, newer: Mark) -> bool {
    match (older, newer) {
        (Some(Mark::Number(older)), Mark::Number(newer)) => older > newer + 1,
        (Some(Mark::Number(older)), Mark::Current) => older > 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the files of each set, with `!` before those that follow missing files.
    fn grouped(names: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        let name = |member: &Member| {
            let gap = if member.after_missing { "!" } else { "" };
            format!("{gap}{}", member.path.display())
        };
        group(&paths).iter().map(|set| set.members.iter().map(name).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn sets_are_read_oldest_first_whatever_the_order_given() {
        for (names, want) in [
            (
                &["x.dump", "x.dump.1", "x.dump.10.xz", "x.dump.2", "y.dump"][..],
                &["x.dump.10.xz !x.dump.2 x.dump.1 x.dump", "y.dump"][..],
            ),
            (&["y.dump", "x.dump.1", "y.dump.1", "x.dump"], &["y.dump.1 y.dump", "x.dump.1 x.dump"]),
            (
                &["x.dump", "x.dump-20260203", "x.dump-20260201.gz", "x-20260202.dump"],
                &["x.dump-20260201.gz x-20260202.dump x.dump-20260203 x.dump"],
            ),
            (&["x.dump.3", "x.dump.2", "x.dump"], &["x.dump.3 x.dump.2 !x.dump"]),
            (&["x.dump.0", "x.dump"], &["x.dump.0 x.dump"]),
            (&["a/x.dump.1", "b/x.dump"], &["a/x.dump.1", "b/x.dump"]),
            (&["x.dump.1"], &["x.dump.1"]),
        ] {
            assert_eq!(grouped(names), want, "{names:?}");
        }
    }

    #[test]
    fn files_are_sorted_by_timestamps_if_names_are_not_sufficient_and_duplicates_are_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, stamp: &str| {
            let path = dir.path().join(name);
            let frame = format!("recv 1 bytes from udp/[192.0.2.7]:5060 at {stamp}.000000:\nx\x0b\n");
            fs::write(&path, frame).unwrap();
            path
        };
        let paths = [
            write("x.dump", "2026-11-23 04:00:00"),
            write("x.dump.old", "2026-11-23 02:00:00"),
            write("x.dump.1", "2026-11-23 03:00:00"),
            write("x.dump-20260101", "2026-11-23 01:00:00"),
            dir.path().join("./x.dump"),
        ];
        let sets = group(&paths);
        let names: Vec<_> = sets[0].files().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!((sets.len(), names), (1, vec!["x.dump-20260101", "x.dump.old", "x.dump.1", "x.dump"]));
    }

    #[test]
    fn names_that_only_end_in_numbers_are_a_set_if_the_base_file_exists() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let names = ["trace-192.0.2.1", "trace-192.0.2.2", "capture.1", "capture.2", "capture"];
        for name in names {
            fs::write(path(name), name).unwrap();
        }
        let sets = group(&names.map(path));
        let files =
            |set: &FileSet| set.files().map(|f| f.file_name().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(
            (sets.len(), files(&sets[2])),
            (3, vec!["capture.2".into(), "capture.1".into(), "capture".into()])
        );
    }

    #[test]
    fn the_profile_is_named_by_the_file() {
        for (path, want) in [
            ("/var/log/internal/internal.dump", "internal"),
            ("internal.dump.1.xz", "internal"),
            ("internal-20260201.dump", "internal"),
            ("my.profile.dump", "my.profile"),
            ("trace.txt", "trace"),
            ("trace", "trace"),
            (".hidden", ".hidden"),
        ] {
            assert_eq!(FileSet::single(path).profile(), want, "{path}");
        }
    }
}
