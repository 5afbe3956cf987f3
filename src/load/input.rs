//! Opens what was named: files, the standard input, the built-in sample; decompresses by the first
//! bytes, whatever the name says.
//!
//! Must not know: what is in the text.

use std::fmt;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use crate::frame::GrepFilter;
use crate::store::{Source, read_at_most};

use super::ahead::Ahead;
use super::count::{Counter, Counting};
use super::follow::{Follow, Follower, Note};
use super::watch::Bell;

/// Bytes that tell a compression.
const MAGIC: usize = 6;

/// The built-in sample: three profiles of one FreeSWITCH, 66 seconds, 16 calls.
const DEMO: [(&str, &[u8]); 3] = [
    ("internal", include_bytes!("../../assets/demo/internal.dump.xz")),
    ("external", include_bytes!("../../assets/demo/external.dump.xz")),
    ("esinet", include_bytes!("../../assets/demo/esinet.dump.xz")),
];

/// What was named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputSpec {
    /// A file.
    Path(PathBuf),
    /// The standard input.
    Stdin,
    /// The built-in sample, which is three inputs.
    Demo,
}

impl InputSpec {
    /// Opens what is meant, one or several inputs.
    pub fn open(&self) -> Vec<Result<Input, InputError>> {
        match self {
            Self::Path(path) => vec![open(path)],
            Self::Stdin => vec![stdin()],
            Self::Demo => demo(),
        }
    }

    /// The same for inputs that may grow: their readers say `WouldBlock` where nothing more is there yet.
    pub fn open_growing(&self, follow: &Follow, bell: &Bell) -> Vec<Result<Input, InputError>> {
        match self {
            Self::Path(path) => vec![open_growing(path, follow, bell)],
            Self::Stdin => vec![live_stdin(follow, bell)],
            Self::Demo => demo(),
        }
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        if let Self::Path(path) = self { Some(path) } else { None }
    }
}

/// An open input.
pub struct Input {
    /// How it is named to people.
    pub source: Source,
    /// The text, decompressed.
    pub reader: Box<dyn Read + Send>,
    /// The file, where its bytes are the text itself and can be read again.
    pub plain: Option<Arc<File>>,
    /// Bytes as they are stored, where that is known.
    pub size: Option<u64>,
    /// Stored bytes read so far.
    pub read: Counter,
    /// What happens to the file while it is followed.
    pub notes: Option<Receiver<Note>>,
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("source", &self.source)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Why an input cannot be read: prints as one line that names it.
#[derive(Debug)]
#[non_exhaustive]
pub struct InputError {
    /// The name that was given.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with an input.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The system says no: no such file, no permission, a broken disk; or the archive is broken.
    Io(io::Error),
    /// A directory in which no trace was found.
    Directory,
    /// Nothing is in it.
    Empty,
    /// It was read to its end, and there is no frame in its bytes.
    NoDump {
        /// Bytes of text, decompressed.
        bytes: u64,
    },
    /// Reading broke off inside.
    BrokenOff {
        /// Bytes of text read before.
        offset: u64,
        /// What was said then.
        why: String,
    },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", crate::base::escape::escape(self.file.as_bytes()))?;
        match &self.problem {
            Problem::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("no such file"),
            Problem::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                f.write_str("may not be read: permission denied")
            }
            Problem::Io(error) => error.fmt(f),
            Problem::Directory => f.write_str("there is no trace in this directory"),
            Problem::Empty => f.write_str("is empty"),
            Problem::NoDump { bytes } => write!(f, "is no mod_sofia dump: no frame in its {bytes} bytes"),
            Problem::BrokenOff { offset, why } => write!(f, "breaks off after {offset} bytes of text: {why}"),
        }
    }
}

impl std::error::Error for InputError {}

/// Opens a file.
///
/// # Errors
/// Where it cannot be opened, is a directory, or is empty.
pub fn open(path: &Path) -> Result<Input, InputError> {
    let name = path.to_string_lossy().into_owned();
    let fail = |problem| InputError { file: name.clone(), problem };
    let file = File::open(path).map_err(|e| fail(Problem::Io(e)))?;
    let meta = file.metadata().map_err(|e| fail(Problem::Io(e)))?;
    if meta.is_dir() {
        return Err(fail(Problem::Directory));
    }
    if meta.is_file() && meta.len() == 0 {
        return Err(fail(Problem::Empty));
    }
    let size = meta.is_file().then_some(meta.len());
    let again = file.try_clone().ok().filter(|_| meta.is_file());
    let source = Source { profile: profile(path), file: name.clone() };
    decode(file, source, size, again).map_err(|e| fail(Problem::Io(e)))
}

/// Opens a file that may grow, be rotated, or not be there yet. A compressed file does not grow, and a pipe does by itself.
///
/// # Errors
/// Where it is there and cannot be opened, or is a directory.
pub fn open_growing(path: &Path, follow: &Follow, bell: &Bell) -> Result<Input, InputError> {
    let name = path.to_string_lossy().into_owned();
    let source = Source { profile: profile(path), file: name.clone() };
    growing(path, source, follow, bell).map_err(|problem| InputError { file: name, problem })
}

fn growing(path: &Path, source: Source, follow: &Follow, bell: &Bell) -> Result<Input, Problem> {
    let file = match File::open(path) {
        Ok(file) => Some(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound && follow.is_on() => None,
        Err(error) => return Err(Problem::Io(error)),
    };
    let meta = file.as_ref().map(File::metadata).transpose().map_err(Problem::Io)?;
    if let (Some(file), Some(meta)) = (&file, &meta) {
        if meta.is_dir() {
            return Err(Problem::Directory);
        }
        if meta.is_file() && meta.len() == 0 && !follow.is_on() {
            return Err(Problem::Empty);
        }
        if !meta.is_file() {
            let pipe = file.try_clone().map_err(Problem::Io)?;
            return live(pipe, source, follow, bell).map_err(Problem::Io);
        }
        let mut magic = Vec::with_capacity(MAGIC);
        read_at_most(file, 0, MAGIC as u64, &mut magic).map_err(Problem::Io)?;
        if decoder(&magic).is_some() {
            let file = file.try_clone().map_err(Problem::Io)?;
            return decode(file, source, Some(meta.len()), None).map_err(Problem::Io);
        }
    }
    let plain = file.as_ref().and_then(|file| file.try_clone().ok()).map(Arc::new);
    let (sender, notes) = channel();
    let read = Counter::default();
    let follower = Follower::new(path, file, follow.clone(), sender).map_err(Problem::Io)?;
    let reader = Box::new(Counting::new(follower, read.clone()));
    let size = meta.map(|meta| meta.len());
    Ok(Input { source, reader, plain, size, read, notes: Some(notes) })
}

/// Opens a pipe whose reader does not wait for what is not there yet.
fn live(pipe: File, source: Source, follow: &Follow, bell: &Bell) -> io::Result<Input> {
    let input = decode(pipe, source, None, None)?;
    Ok(Input { reader: Box::new(Ahead::live(input.reader, follow.clone(), bell.clone())), ..input })
}

/// The standard input as a file: its reads give what is there, and are not gathered.
fn live_stdin(follow: &Follow, bell: &Bell) -> Result<Input, InputError> {
    let source = Source { profile: "stdin".to_owned(), file: "-".to_owned() };
    let pipe = io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let input = pipe
        .and_then(|pipe| live(pipe, source, follow, bell))
        .map_err(|e| InputError { file: "standard input".to_owned(), problem: Problem::Io(e) })?;
    Ok(Input { reader: Box::new(GrepFilter::new(input.reader)), ..input })
}

/// Opens the standard input.
///
/// # Errors
/// Where its first bytes cannot be read.
pub fn stdin() -> Result<Input, InputError> {
    let source = Source { profile: "stdin".to_owned(), file: "-".to_owned() };
    let input = decode(io::stdin(), source, None, None)
        .map_err(|e| InputError { file: "standard input".to_owned(), problem: Problem::Io(e) })?;
    // What comes through a pipe may come from `grep -C`.
    Ok(Input { reader: Box::new(GrepFilter::new(input.reader)), ..input })
}

/// Opens the built-in sample: a profile each.
pub fn demo() -> Vec<Result<Input, InputError>> {
    DEMO.iter()
        .map(|(profile, bytes)| {
            let file = format!("{profile}.dump");
            let source = Source { profile: (*profile).to_owned(), file: file.clone() };
            decode(Cursor::new(*bytes), source, Some(bytes.len() as u64), None)
                .map_err(|e| InputError { file, problem: Problem::Io(e) })
        })
        .collect()
}

/// The profile that a file is named after: its name up to `.dump`, else up to the first dot.
pub(super) fn profile(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let end = name.find(".dump").or_else(|| name.find('.')).filter(|at| *at > 0);
    name[..end.unwrap_or(name.len())].to_owned()
}

fn decode(
    mut raw: impl Read + Send + 'static,
    source: Source,
    size: Option<u64>,
    again: Option<File>,
) -> io::Result<Input> {
    let mut magic = Vec::with_capacity(MAGIC);
    raw.by_ref().take(MAGIC as u64).read_to_end(&mut magic)?;
    let read = Counter::default();
    let decoder = decoder(&magic);
    let whole = Counting::new(Cursor::new(magic).chain(raw), read.clone());
    let (reader, plain) = match decoder {
        None => (Box::new(whole) as Box<dyn Read + Send>, again.map(Arc::new)),
        Some(decoder) => (Box::new(Ahead::new(decoder(Box::new(whole))?)) as Box<dyn Read + Send>, None),
    };
    Ok(Input { source, reader, plain, size, read, notes: None })
}

type Decoder = fn(Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>>;

/// The decoder for what begins with these bytes; none for plain text. All of them read several
/// streams in one file.
fn decoder(magic: &[u8]) -> Option<Decoder> {
    match magic {
        [0xfd, b'7', b'z', b'X', b'Z', 0] => {
            Some(|r| Ok(Box::new(xz2::read::XzDecoder::new_multi_decoder(r))))
        }
        [0x1f, 0x8b, ..] => Some(|r| Ok(Box::new(flate2::read::MultiGzDecoder::new(r)))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(|r| Ok(Box::new(zstd::stream::read::Decoder::new(r)?))),
        [b'B', b'Z', b'h', ..] => Some(|r| Ok(Box::new(bzip2::read::MultiBzDecoder::new(r)))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn the_profile_is_named_by_the_file() {
        for (path, want) in [
            ("/var/log/internal/internal.dump", "internal"),
            ("internal.dump.1.xz", "internal"),
            ("my.profile.dump", "my.profile"),
            ("trace.txt", "trace"),
            ("trace", "trace"),
            (".hidden", ".hidden"),
        ] {
            assert_eq!(profile(Path::new(path)), want, "{path}");
        }
    }

    fn packed(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
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
    fn compression_is_told_by_the_first_bytes_and_streams_follow_each_other() {
        let dir = tempfile::tempdir().unwrap();
        for (kind, bytes) in packed(b"the text\n") {
            let path = dir.path().join("no-ending-that-tells");
            std::fs::write(&path, [&bytes[..], &bytes[..]].concat()).unwrap();
            let mut input = open(&path).unwrap();
            let mut text = String::new();
            input.reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "the text\nthe text\n", "{kind}");
            assert_eq!(input.plain.is_some(), kind == "plain");
            assert_eq!(Some(input.read.bytes()), input.size, "{kind}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_with_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        let empty = dir.path().join("empty.dump");
        File::create(&empty).unwrap();
        let said = |path: &Path| {
            let text = open(path).unwrap_err().to_string();
            text.rsplit_once('/').unwrap().1.to_owned()
        };
        assert_eq!(said(&empty), "empty.dump: is empty");
        assert_eq!(said(&dir.path().join("gone.dump")), "gone.dump: no such file");
        assert!(open(dir.path()).unwrap_err().to_string().ends_with(": there is no trace in this directory"));
    }
}
