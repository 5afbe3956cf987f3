//! What is kept for each file: marks, notes, links between legs, the last position.
//!
//! Must not know: where messages are, who marks them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::folder::Folder;

const NAME: &str = "files.jsonl";
/// Files that are kept.
const MOST_FILES: usize = 300;
/// Marks that are kept of one file.
const MOST_MARKS: usize = 5000;
/// Notes that are kept of one file.
const MOST_NOTES: usize = 2000;
/// Decisions about legs that are kept of one file.
const MOST_LINKS: usize = 2000;
/// The first bytes that a file is recognised by.
const HEAD: u64 = 4096;

/// How a file is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    path: String,
    size: u64,
    /// Its first bytes, at most [`HEAD`].
    head: Vec<u8>,
}

impl Identity {
    /// Reads the first bytes of a file.
    ///
    /// # Errors
    /// If it cannot be read; a pipe is not read.
    pub fn of(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        let meta = path.metadata()?;
        if !meta.is_file() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut head = Vec::new();
        File::open(&path)?.take(HEAD).read_to_end(&mut head)?;
        Ok(Self { path: path.to_string_lossy().into_owned(), size: meta.len(), head })
    }

    /// Whether a kept object is about this file.
    fn is(&self, object: &Map<String, Value>) -> bool {
        let number = |key: &str| object.get(key).and_then(Value::as_u64);
        let (Some(len), Some(size)) = (number("head_len"), number("size")) else { return false };
        let head = usize::try_from(len).ok().and_then(|len| self.head.get(..len));
        self.is_path_of(object)
            && size <= self.size
            && head.is_some_and(|head| object.get("head").and_then(Value::as_str) == Some(&*hash(head)))
    }

    fn is_path_of(&self, object: &Map<String, Value>) -> bool {
        object.get("path").and_then(Value::as_str) == Some(&*self.path)
    }
}

/// What is kept of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileState {
    /// Where marked messages begin, as bytes of the file's text.
    pub marks: BTreeSet<u64>,
    /// Notes, by where their messages begin.
    pub notes: BTreeMap<u64, String>,
    /// Where the message begins that was selected last.
    pub position: Option<u64>,
    /// What the user decided about legs of this file.
    pub links: Vec<(KeptLeg, KeptLink)>,
}

/// How a leg is recognised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptLeg {
    /// Its Call-ID, escaped.
    pub call_id: String,
    /// Its 0-based number among the legs of this Call-ID.
    pub number: u64,
}

/// What the user decided about a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptLink {
    /// It is joined with this one.
    With(KeptLeg),
    /// It is taken out of its call.
    TakenOut,
}

impl KeptLeg {
    fn of(value: &Value) -> Option<Self> {
        let call_id = value.get(0)?.as_str()?.to_owned();
        Some(Self { call_id, number: value.get(1)?.as_u64()? })
    }

    fn value(&self) -> Value {
        json!([self.call_id, self.number])
    }
}

/// A decision as it is written: `{"leg":["x@host",0],"with":["y@host",0]}`; without `with`, the leg is taken out.
fn link(value: &Value) -> Option<(KeptLeg, KeptLink)> {
    let with = match value.get("with") {
        Some(with) => KeptLink::With(KeptLeg::of(with)?),
        None => KeptLink::TakenOut,
    };
    Some((KeptLeg::of(value.get("leg")?)?, with))
}

/// A note as it is written: `[4711,"ask Bob"]`.
fn note(value: &Value) -> Option<(u64, String)> {
    Some((value.get(0)?.as_u64()?, value.get(1)?.as_str()?.to_owned()))
}

fn link_value((leg, link): &(KeptLeg, KeptLink)) -> Value {
    match link {
        KeptLink::With(with) => json!({ "leg": leg.value(), "with": with.value() }),
        KeptLink::TakenOut => json!({ "leg": leg.value() }),
    }
}

impl FileState {
    fn of(object: &Map<String, Value>) -> Self {
        let list = |key: &str| object.get(key).and_then(Value::as_array);
        Self {
            links: list("links").into_iter().flatten().filter_map(link).collect(),
            notes: list("notes").into_iter().flatten().filter_map(note).collect(),
            marks: list("marks").into_iter().flatten().filter_map(Value::as_u64).collect(),
            position: object.get("position").and_then(Value::as_u64),
        }
    }
}

/// What a program changed of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarkChange {
    /// New marks.
    pub added: BTreeSet<u64>,
    /// Marks that are gone.
    pub removed: BTreeSet<u64>,
    /// Where messages begin whose note is a new one, or none any more.
    pub notes: BTreeMap<u64, Option<String>>,
    /// Legs, and what is decided about each of them now, if anything is.
    pub links: Vec<(KeptLeg, Option<KeptLink>)>,
    /// The message that is selected now, if one of this file is.
    pub position: Option<u64>,
}

impl Folder {
    /// What is kept of a file.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn file(&self, identity: &Identity) -> Result<FileState, String> {
        let text = self.read(NAME)?;
        Ok(objects(&text)
            .find(|object| identity.is(object))
            .map(|object| FileState::of(&object))
            .unwrap_or_default())
    }

    /// Keeps changes of files.
    ///
    /// # Errors
    /// If the file of states cannot be read or replaced.
    pub fn change_files(&self, changes: &[(Identity, MarkChange)]) -> Result<(), String> {
        if changes.is_empty() {
            return Ok(());
        }
        self.change(NAME, |text| {
            let mut all: Vec<Map<String, Value>> = objects(&text).collect();
            for (identity, change) in changes {
                let kept = all.iter().position(|object| identity.is(object)).map(|at| all.remove(at));
                // A new file has the name of an old one.
                all.retain(|object| !identity.is_path_of(object));
                all.extend(changed(kept, identity, change));
            }
            all.drain(..all.len().saturating_sub(MOST_FILES));
            let lines: Vec<String> =
                all.into_iter().map(|object| Value::Object(object).to_string()).collect();
            Ok(lines.join("\n") + "\n")
        })
    }
}

/// The objects of the file. A line that is not an object is left out: it is the only one that is lost.
fn objects(text: &str) -> impl Iterator<Item = Map<String, Value>> {
    text.lines().filter_map(|line| match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    })
}

/// The object after a change; `None` if nothing is left to keep.
fn changed(
    kept: Option<Map<String, Value>>,
    identity: &Identity,
    change: &MarkChange,
) -> Option<Map<String, Value>> {
    let mut object = kept.unwrap_or_default();
    let before = FileState::of(&object);
    let marks = before.marks.union(&change.added).filter(|mark| !change.removed.contains(mark));
    let marks: Vec<u64> = marks.copied().take(MOST_MARKS).collect();
    let position = change.position.or(before.position);
    let is_changed = |leg: &KeptLeg| change.links.iter().any(|(changed, _)| changed == leg);
    let earlier = before.links.into_iter().filter(|(leg, _)| !is_changed(leg));
    let decided = change.links.iter().filter_map(|(leg, link)| Some((leg.clone(), link.clone()?)));
    let mut links: Vec<Value> = earlier.chain(decided).map(|link| link_value(&link)).collect();
    links.drain(..links.len().saturating_sub(MOST_LINKS));
    if links.is_empty() {
        object.remove("links");
    } else {
        object.insert("links".to_owned(), json!(links));
    }
    let has_notes = keep_notes(&mut object, before.notes, &change.notes);
    object.insert("path".to_owned(), json!(identity.path));
    object.insert("head".to_owned(), json!(hash(&identity.head)));
    object.insert("head_len".to_owned(), json!(identity.head.len()));
    object.insert("size".to_owned(), json!(identity.size));
    object.insert("marks".to_owned(), json!(marks));
    object.insert("position".to_owned(), json!(position));
    let has_others = object.len() > 6;
    (has_others || has_notes || !marks.is_empty() || position.is_some_and(|position| position > 0))
        .then_some(object)
}

/// Puts the notes after a change into the object; whether there are any.
fn keep_notes(
    object: &mut Map<String, Value>,
    mut notes: BTreeMap<u64, String>,
    changes: &BTreeMap<u64, Option<String>>,
) -> bool {
    for (at, text) in changes {
        match text {
            Some(text) => notes.insert(*at, text.clone()),
            None => notes.remove(at),
        };
    }
    let values: Vec<Value> = notes.iter().take(MOST_NOTES).map(|(at, text)| json!([at, text])).collect();
    let has_any = !values.is_empty();
    if has_any {
        object.insert("notes".to_owned(), json!(values));
    } else {
        object.remove("notes");
    }
    has_any
}

/// FNV-1a, 64 bits, in hex: the same on every machine and in every version.
fn hash(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(marks: &[u64], position: Option<u64>) -> MarkChange {
        MarkChange { added: marks.iter().copied().collect(), position, ..MarkChange::default() }
    }

    #[test]
    fn a_file_is_recognised_while_it_grows_and_not_when_it_is_another_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        let path = dir.path().join("x.dump");
        std::fs::write(&path, "recv 1").unwrap();
        folder.change_files(&[(Identity::of(&path).unwrap(), added(&[0, 7], Some(7)))]).unwrap();
        std::fs::write(&path, "recv 1 and more").unwrap();
        let grown = folder.file(&Identity::of(&path).unwrap()).unwrap();
        assert_eq!((grown.marks.len(), grown.position), (2, Some(7)));
        std::fs::write(&path, "sent 1 and more").unwrap();
        assert_eq!(folder.file(&Identity::of(&path).unwrap()), Ok(FileState::default()));
        folder.change_files(&[(Identity::of(&path).unwrap(), added(&[3], None))]).unwrap();
        std::fs::write(&path, "recv 1 and more").unwrap();
        assert_eq!(folder.file(&Identity::of(&path).unwrap()), Ok(FileState::default()));
        std::fs::write(&path, "se").unwrap();
        assert_eq!(folder.file(&Identity::of(&path).unwrap()), Ok(FileState::default()));
    }

    #[test]
    fn two_programs_keep_the_marks_of_both_and_what_they_do_not_know() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().to_owned());
        let path = dir.path().join("x.dump");
        std::fs::write(&path, "recv 1").unwrap();
        let identity = Identity::of(&path).unwrap();
        folder.change_files(&[(identity.clone(), added(&[1, 2], None))]).unwrap();
        let text = std::fs::read_to_string(dir.path().join(NAME)).unwrap();
        let text = text.replace("\"marks\"", "\"later\":[\"why?\"],\"marks\"");
        std::fs::write(dir.path().join(NAME), format!("{text}damaged\n")).unwrap();
        let removed = MarkChange { removed: [1].into(), ..added(&[3], Some(2)) };
        folder.change_files(&[(identity.clone(), removed)]).unwrap();
        let kept = folder.file(&identity).unwrap();
        assert_eq!((kept.marks, kept.position), ([2, 3].into(), Some(2)));
        let text = std::fs::read_to_string(dir.path().join(NAME)).unwrap();
        assert!(text.contains("\"later\":[\"why?\"]"), "{text}");
    }

    #[test]
    fn what_is_decided_about_a_leg_replaces_what_was_decided_before() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().to_owned());
        let identity = Identity { path: "/x".to_owned(), size: 9, head: b"recv".to_vec() };
        let leg = |call_id: &str| KeptLeg { call_id: call_id.to_owned(), number: 1 };
        let with = |call_id: &str| Some(KeptLink::With(leg(call_id)));
        let links = |links: Vec<(KeptLeg, Option<KeptLink>)>| {
            let change = MarkChange { links, ..MarkChange::default() };
            folder.change_files(&[(identity.clone(), change)]).unwrap();
            folder.file(&identity).unwrap().links
        };
        let both = vec![(leg("a"), KeptLink::TakenOut), (leg("b"), KeptLink::With(leg("c")))];
        assert_eq!(links(vec![(leg("a"), Some(KeptLink::TakenOut)), (leg("b"), with("c"))]), both);
        assert_eq!(links(vec![(leg("b"), None)]), both[..1]);
        assert_eq!(links(vec![(leg("a"), with("b"))]), [(leg("a"), KeptLink::With(leg("b")))]);
        assert_eq!(links(vec![(leg("a"), None)]), []);
        assert!(!std::fs::read_to_string(dir.path().join(NAME)).unwrap().contains("/x"));
    }

    #[test]
    fn notes_are_replaced_and_removed_one_by_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().to_owned());
        let identity = Identity { path: "/x".to_owned(), size: 9, head: b"recv".to_vec() };
        let notes = |changes: &[(u64, Option<&str>)]| {
            let notes = changes.iter().map(|(at, text)| (*at, text.map(str::to_owned))).collect();
            folder
                .change_files(&[(identity.clone(), MarkChange { notes, ..MarkChange::default() })])
                .unwrap();
            let notes = folder.file(&identity).unwrap().notes;
            notes.into_iter().map(|(at, text)| format!("{at} {text}")).collect::<Vec<_>>()
        };
        assert_eq!(notes(&[(7, Some("ask \"Bob\"")), (9, Some("é"))]), ["7 ask \"Bob\"", "9 é"]);
        assert_eq!(notes(&[(7, None)]), ["9 é"]);
        assert_eq!(notes(&[(9, Some("other"))]), ["9 other"]);
        assert!(notes(&[(9, None)]).is_empty());
        assert!(!std::fs::read_to_string(dir.path().join(NAME)).unwrap().contains("/x"));
    }

    #[test]
    fn the_number_of_files_is_limited() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        let identity = |n: usize| Identity { path: format!("/{n}"), size: 9, head: b"recv".to_vec() };
        let all: Vec<_> = (0..MOST_FILES + 5).map(|n| (identity(n), added(&[1], None))).collect();
        folder.change_files(&all).unwrap();
        assert!(folder.file(&identity(4)).unwrap().marks.is_empty());
        assert_eq!(folder.file(&identity(5)).unwrap().marks.len(), 1);
    }

    #[test]
    fn programs_at_once_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        let identity = |n: u64| Identity { path: format!("/{n}"), size: 9, head: b"recv".to_vec() };
        std::thread::scope(|scope| {
            for n in 0..8 {
                let folder = &folder;
                scope.spawn(move || {
                    for mark in 0..10 {
                        folder.change_files(&[(identity(n % 2), added(&[n * 100 + mark], None))]).unwrap();
                    }
                });
            }
        });
        let marks = |n: u64| folder.file(&identity(n)).unwrap().marks.len();
        assert_eq!([marks(0), marks(1)], [40, 40]);
    }
}
