//! Opens the inputs of the command line: sets of files, the standard input, the built-in sample.
//!
//! Must not know: what is in the text.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Cursor, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::frame::GrepFilter;
use crate::store::{BlockWriter, FilePart, PlainFile, PooledFile, Source, read_at_most};

use super::decode::count::{Counter, Counting, Paced};
use super::decode::prefetch::Prefetch;
use super::decode::sniff::Sniffed;
use super::decode::{self, MAGIC, decoded};
use super::error::{InputError, Problem};
use super::follow::watch::Bell;
use super::follow::{Follow, Follower};
use super::sets::provenance::{FileStart, Provenance, TextOrigin};
use super::sets::{FileSet, Growing, Keep, OpenGrowing, SetReader, group};

/// The built-in sample: three profiles of one FreeSWITCH, 66 seconds, 16 calls.
const DEMO: [(&str, &[u8]); 3] = [
    ("internal", include_bytes!("../../assets/demo/internal.dump.xz")),
    ("external", include_bytes!("../../assets/demo/external.dump.xz")),
    ("esinet", include_bytes!("../../assets/demo/esinet.dump.xz")),
];

/// An input as named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputSpec {
    /// The files of a rotation set, or one file.
    Files(FileSet),
    /// The standard input.
    Stdin,
    /// The built-in sample, which is three inputs.
    Demo,
    /// A file with what was made of an input, which has another name.
    Made(MadeInput),
}

/// A file with what was made of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeInput {
    /// The file.
    pub path: PathBuf,
    /// The name of the input.
    pub name: String,
    /// Its profile.
    pub profile: String,
}

impl MadeInput {
    fn open(&self, purpose: &Purpose) -> Result<Input, InputError> {
        let keep = if let Purpose::Grow(_, _, keep) = purpose { *keep } else { Keep::Nothing };
        let input = open(&FileSet::single(&self.path), keep)?;
        let (file, profile) = (self.name.clone(), self.profile.clone());
        Ok(Input { source: Source { profile, file, ..input.source }, ..input })
    }
}

/// Whether so many inputs are read at the same time that each must use little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputCount {
    /// Few inputs.
    Few,
    /// Many inputs.
    Many,
}

impl InputCount {
    /// The category for this number of inputs.
    pub fn of(inputs: usize) -> Self {
        if inputs > 64 { Self::Many } else { Self::Few }
    }
}

/// Who opens an input, and for what.
#[derive(Debug, Clone)]
pub(super) enum Purpose {
    /// It is read once.
    Print,
    /// It is read as it grows: its reader returns `WouldBlock` if no more bytes are available.
    Grow(Follow, Bell, Keep),
}

impl InputSpec {
    /// The inputs for these names: `-` is the standard input; the files of one rotation set are one input.
    pub fn of_names(names: &[PathBuf]) -> Vec<Self> {
        let stdin = Path::new("-");
        let files: Vec<PathBuf> = names.iter().filter(|name| *name != stdin).cloned().collect();
        let mut sets: Vec<(usize, Self)> = group(&files)
            .into_iter()
            .map(|set| {
                let first = names.iter().position(|name| set.files().any(|file| file == name));
                (first.unwrap_or(0), Self::Files(set))
            })
            .collect();
        sets.extend(names.iter().position(|name| name == stdin).map(|at| (at, Self::Stdin)));
        sets.sort_by_key(|(at, _)| *at);
        sets.into_iter().map(|(_, input)| input).collect()
    }

    /// A single file, whatever its name is.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::Files(FileSet::single(path))
    }

    /// Opens the one or several inputs to be read once.
    pub fn open(&self) -> Vec<Result<Input, InputError>> {
        self.open_for(&Purpose::Print)
    }

    /// Opens inputs that may grow.
    pub fn open_growing(&self, follow: &Follow, bell: &Bell) -> Vec<Result<Input, InputError>> {
        self.open_for(&Purpose::Grow(follow.clone(), bell.clone(), Keep::Nothing))
    }

    pub(super) fn open_for(&self, purpose: &Purpose) -> Vec<Result<Input, InputError>> {
        match (self, purpose) {
            (Self::Files(set), Purpose::Print) => vec![open(set, Keep::Nothing)],
            (Self::Files(set), Purpose::Grow(follow, bell, keep)) => vec![growing(set, follow, bell, *keep)],
            (Self::Stdin, Purpose::Grow(follow, bell, keep)) => vec![live_stdin(follow, bell, *keep)],
            (Self::Stdin, Purpose::Print) => vec![stdin()],
            (Self::Demo, _) => demo(),
            (Self::Made(made), purpose) => vec![made.open(purpose)],
        }
    }

    /// The files, if the input consists of files.
    pub fn files(&self) -> Option<&FileSet> {
        if let Self::Files(set) = self { Some(set) } else { None }
    }
}

/// An open input.
pub struct Input {
    /// The name for messages and lists.
    pub source: Source,
    /// The text, decompressed.
    pub reader: Box<dyn Read + Send>,
    /// The files in the text, and errors.
    pub provenance: Provenance,
    /// Size of the stored bytes, if known.
    pub size: Option<u64>,
    /// Stored bytes read so far.
    pub read: Counter,
    /// Whether it is a file that can be followed.
    pub may_grow: bool,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("source", &self.source)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// The name and profile of a set.
fn source_of(set: &FileSet) -> Source {
    let file = set.newest().to_string_lossy().into_owned();
    let mut rotated: Vec<_> = set.files().map(|file| file.to_string_lossy().into_owned()).collect();
    rotated.pop();
    let paths = set.files().map(Path::to_owned).collect();
    Source {
        profile: set.profile(),
        file,
        rotated: rotated.into(),
        left_out: set.left_out(),
        paths,
        option: None,
    }
}

fn provenance_of(set: &FileSet) -> Provenance {
    if set.files().len() > 1 { Provenance::of_set() } else { Provenance::default() }
}

/// Size of all files of a set, as stored.
fn stored_size(set: &FileSet) -> Option<u64> {
    let size = |file| fs::metadata(file).ok().filter(Metadata::is_file).map(|meta| meta.len());
    set.files().map(size).sum()
}

/// The counter of an input. The browser, which keeps texts, displays it.
fn counter(keep: Keep) -> Counter {
    if keep == Keep::Text { Counter::default().shown() } else { Counter::default() }
}

/// Opens a set.
///
/// # Errors
/// If the set is one file that cannot be opened, is a directory, or is empty. For several files, the errors are noted
/// in the provenance.
fn open(set: &FileSet, keep: Keep) -> Result<Input, InputError> {
    let (read, provenance) = (counter(keep), provenance_of(set));
    let mut reader = SetReader::new(set, None, keep, read.clone(), provenance.clone());
    if set.files().len() == 1 {
        reader.open_first()?;
    }
    let (source, size) = (source_of(set), stored_size(set));
    Ok(Input { source, reader: Box::new(reader), provenance, size, read, may_grow: false })
}

/// The kind of the newest file of a set.
enum Newest {
    /// A file that may grow; `None` if it does not exist yet.
    MayGrow(Option<PooledFile>),
    /// A pipe, which grows by itself.
    Pipe,
    /// Compressed: it does not grow.
    Compressed,
}

impl Newest {
    /// Examines the newest file, and keeps it open, so that a rotation before it is read loses nothing.
    fn of(set: &FileSet, follow: &Follow) -> Result<Self, Problem> {
        let path = set.newest_now();
        // Opening a named pipe waits for a writer, and closing it loses its bytes.
        if fs::metadata(&path).is_ok_and(|meta| meta.file_type().is_fifo()) {
            return Ok(Self::Pipe);
        }
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && follow.is_on() => {
                return Ok(Self::MayGrow(None));
            }
            file => file.map_err(Problem::Io)?,
        };
        let meta = file.metadata().map_err(Problem::Io)?;
        if meta.is_dir() {
            return Err(Problem::Directory);
        }
        if !meta.is_file() {
            return Ok(Self::Pipe);
        }
        if meta.len() == 0 && set.files().len() == 1 && !follow.is_on() {
            return Err(Problem::Empty);
        }
        if is_compressed(&file).map_err(Problem::Io)? {
            return Ok(Self::Compressed);
        }
        Ok(Self::MayGrow(Some(PooledFile::new(&path, file).map_err(Problem::Io)?)))
    }
}

/// Opens a set whose newest file may grow, be rotated, or not exist yet.
fn growing(set: &FileSet, follow: &Follow, bell: &Bell, keep: Keep) -> Result<Input, InputError> {
    let path = set.newest().to_owned();
    let (file, is_pipe) = match Newest::of(set, follow) {
        Ok(Newest::MayGrow(file)) => (file, false),
        Ok(Newest::Pipe) => (None, true),
        Ok(Newest::Compressed) => {
            let input = open(set, keep)?;
            input.provenance.is_never_followed(path.to_string_lossy().into_owned(), follow);
            return Ok(input);
        }
        // The other files are still read; the error is noted in the provenance.
        Err(_) if set.files().len() > 1 => return open(set, keep),
        Err(problem) => return Err(InputError { file: path.to_string_lossy().into_owned(), problem }),
    };
    let read = counter(keep);
    let provenance = provenance_of(set);
    let open = opener(path, file, is_pipe, (follow, bell), &read, &provenance);
    let reader = Box::new(SetReader::new(set, Some(open), keep, read.clone(), provenance.clone()));
    let size = stored_size(set).filter(|_| !is_pipe);
    Ok(Input { source: source_of(set), reader, provenance, size, read, may_grow: !is_pipe })
}

fn is_compressed(file: &File) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(MAGIC);
    read_at_most(file, 0, MAGIC as u64, &mut magic)?;
    Ok(decode::decoder(&magic).is_some())
}

/// Opens the growing file of a set when it is read.
fn opener(
    path: PathBuf,
    file: Option<PooledFile>,
    is_pipe: bool,
    (follow, bell): (&Follow, &Bell),
    read: &Counter,
    provenance: &Provenance,
) -> OpenGrowing {
    let (follow, bell, read, provenance) = (follow.clone(), bell.clone(), read.clone(), provenance.clone());
    let name = path.to_string_lossy().into_owned();
    Box::new(move |older| {
        if is_pipe {
            let following = follow.clone();
            let pipe = live(move || open_pipe(&path, &following), read, &follow, &bell);
            let sniffed = Sniffed::new(pipe);
            provenance.add_account(name, sniffed.account());
            return Ok(Growing { reader: Box::new(sniffed), plain: None });
        }
        // Until the file is followed, its text can be read from it.
        let plain = file.as_ref().filter(|file| !follow.is_on() && !decode::is_plain_log(file));
        let plain = plain.cloned().map(PlainFile::new).transpose();
        let plain = plain.map_err(Problem::Io)?;
        let follower = Follower::new(&path, file, follow, provenance.clone()).beside(older);
        // A log without entries is read to its end: this reader, too, pauses so that the progress can be shown.
        let counting = Paced::new(Counting::new(follower, read.clone()), read);
        let sniffed = Sniffed::new(counting);
        provenance.add_account(name, sniffed.account());
        Ok(Growing { reader: Box::new(sniffed), plain })
    })
}

/// Opens a pipe that has a name. While it is followed, it does not end with its writer: as long as this process could
/// write to it, too, it waits for the next one.
fn open_pipe(path: &Path, follow: &Follow) -> io::Result<File> {
    // The pipe of a process substitution, `<(command)`, can have no other writer: it has no place in a file system.
    let is_named = || {
        let path = path.canonicalize()?;
        fs::metadata(path).map(|meta| meta.file_type().is_fifo())
    };
    if follow.is_on()
        && is_named().unwrap_or(false)
        && let Ok(pipe) = File::options().read(true).write(true).open(path)
    {
        return Ok(pipe);
    }
    File::open(path)
}

/// Opens a pipe whose reader waits neither for a writer nor for the first bytes.
fn live(
    open: impl FnOnce() -> io::Result<File> + Send + 'static,
    read: Counter,
    follow: &Follow,
    bell: &Bell,
) -> Box<dyn Read + Send> {
    let open = move || decoded(open()?, read).map(|(reader, _)| reader);
    Box::new(Prefetch::live(Later::Unopened(Some(Box::new(open))), follow.clone(), bell.clone()))
}

/// A reader that is opened by the first read.
enum Later {
    Unopened(Option<OpenLater>),
    Open(Box<dyn Read + Send>),
}

type OpenLater = Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>;

impl Read for Later {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Unopened(open) = self {
            let Some(open) = open.take() else { return Ok(0) };
            *self = Self::Open(open()?);
        }
        if let Self::Open(reader) = self { reader.read(buffer) } else { Ok(0) }
    }
}

/// The standard input as a file: each read returns what is available, without buffering.
fn live_stdin(follow: &Follow, bell: &Bell, keep: Keep) -> Result<Input, InputError> {
    let read = Counter::default();
    let open = || io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let reader = live(open, read.clone(), follow, bell);
    stdin_input(Ok(reader), read, keep)
}

/// Opens the standard input.
fn stdin() -> Result<Input, InputError> {
    let read = Counter::default();
    let reader = decoded(io::stdin(), read.clone()).map(|(reader, is_compressed)| {
        if is_compressed { Box::new(Prefetch::new(reader)) as Box<dyn Read + Send> } else { reader }
    });
    stdin_input(reader, read, Keep::Nothing)
}

fn stdin_input(
    reader: io::Result<Box<dyn Read + Send>>,
    read: Counter,
    keep: Keep,
) -> Result<Input, InputError> {
    let fail = |e| InputError { file: "standard input".to_owned(), problem: Problem::Io(e) };
    // A pipe may contain the output of `grep -C`.
    let sniffed = Sniffed::new(reader.map_err(fail)?);
    let account = sniffed.account();
    let input = kept(Source::new("stdin", "-"), GrepFilter::new(sniffed), read, None, keep);
    input.provenance.add_account("-".to_owned(), account);
    Ok(input)
}

/// Opens the built-in sample: one input per profile.
pub fn demo() -> Vec<Result<Input, InputError>> {
    DEMO.iter()
        .map(|(profile, bytes)| {
            let file = format!("{profile}.dump");
            let read = Counter::default();
            let (reader, _) = decoded(Cursor::new(*bytes), read.clone())
                .map_err(|e| InputError { file: file.clone(), problem: Problem::Io(e) })?;
            let size = Some(bytes.len() as u64);
            let source = Source { option: Some("--demo"), ..Source::new(*profile, file) };
            Ok(kept(source, reader, read, size, Keep::Text))
        })
        .collect()
}

/// An input that is not a file: its text is kept as it is read, if at all.
fn kept(
    source: Source,
    inner: impl Read + Send + 'static,
    read: Counter,
    size: Option<u64>,
    keep: Keep,
) -> Input {
    let provenance = Provenance::default();
    let file = FilePart { name: Arc::from(&*source.file), start: 0, skip: 0 };
    let start = FileStart { file, day: None, after_gap: false };
    let reader: Box<dyn Read + Send> = match keep {
        Keep::Nothing => {
            provenance.begin(start, TextOrigin::None);
            Box::new(inner)
        }
        Keep::Text => {
            provenance.begin(start, TextOrigin::Written { writer: BlockWriter::default(), from: 0 });
            Box::new(Keeping { inner, provenance: provenance.clone() })
        }
    };
    Input { source, reader, provenance, size, read, may_grow: false }
}

/// A reader that keeps all bytes that it reads.
struct Keeping<R> {
    inner: R,
    provenance: Provenance,
}

impl<R: Read> Read for Keeping<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.provenance.keep(&buffer[..read])?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Watch;
    use std::io::Write;

    fn compressed(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text).unwrap();
        let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bz.write_all(text).unwrap();
        let mut xz = xz2::write::XzEncoder::new(Vec::new(), 0);
        xz.write_all(text).unwrap();
        vec![
            ("plain", text.to_vec()),
            ("gz", gz.finish().unwrap()),
            ("bz2", bz.finish().unwrap()),
            ("xz", xz.finish().unwrap()),
            ("zst", zstd::encode_all(text, 1).unwrap()),
        ]
    }

    #[test]
    fn compression_is_detected_from_the_first_bytes_in_several_streams() {
        let dir = tempfile::tempdir().unwrap();
        for (kind, bytes) in compressed(b"the text\n") {
            let path = dir.path().join("no-known-ending");
            std::fs::write(&path, [&bytes[..], &bytes[..]].concat()).unwrap();
            let browse = Purpose::Grow(Follow::default(), Watch::default().bell(), Keep::Text);
            for purpose in [Purpose::Print, browse] {
                let mut input = InputSpec::file(&path).open_for(&purpose).remove(0).unwrap();
                input.provenance.end_here();
                let mut text = String::new();
                input.reader.read_to_string(&mut text).unwrap();
                assert_eq!(text, "the text\nthe text\n", "{kind}");
                assert_eq!(Some(input.read.bytes()), input.size, "{kind}");
            }
        }
    }

    #[test]
    fn errors_name_the_input_and_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        let empty = dir.path().join("empty.dump");
        File::create(&empty).unwrap();
        let open = |path: &Path| InputSpec::file(path).open().remove(0).unwrap_err().to_string();
        let said = |path: &Path| open(path).rsplit_once('/').unwrap().1.to_owned();
        assert_eq!(said(&empty), "empty.dump: is empty");
        assert_eq!(said(&dir.path().join("gone.dump")), "gone.dump: no such file");
        assert!(open(dir.path()).ends_with(": no trace found in this directory"));
    }

    #[test]
    fn names_are_grouped_to_sets_in_the_given_order() {
        let names = ["b.dump.1", "-", "a.dump", "b.dump"].map(PathBuf::from);
        let inputs = InputSpec::of_names(&names);
        let files = |nth: usize| inputs[nth].files().map(|set| set.files().collect::<Vec<_>>());
        assert_eq!(files(0), Some(vec![Path::new("b.dump.1"), Path::new("b.dump")]));
        assert_eq!((files(1), files(2)), (None, Some(vec![Path::new("a.dump")])));
    }
}
