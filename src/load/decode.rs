//! Opens a file as text: decompressed by its first bytes, whatever its name says.
//!
//! Must not know: what is in the text, other files.

use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read};
use std::path::Path;

use super::count::{Counter, Counting};
use super::input::Problem;
use super::siptrace::is_log;
use super::sniff::{self, Sniffed};
use crate::store::read_at_most;

/// Bytes that tell a compression.
pub(super) const MAGIC: usize = 6;

/// The text of a file.
pub(super) struct Text {
    pub(super) reader: Box<dyn Read + Send>,
    /// The file, where its bytes are the text itself and can be read again.
    pub(super) plain: Option<File>,
    /// What the system knows of the file.
    pub(super) meta: Metadata,
    /// Whether it is compressed.
    pub(super) is_packed: bool,
}

/// Opens a file; what is read of it as it is stored is counted.
pub(super) fn open(path: &Path, read: Counter) -> Result<Text, Problem> {
    text_of(File::open(path).map_err(Problem::Io)?, read)
}

/// The text of an open file.
pub(super) fn text_of(file: File, read: Counter) -> Result<Text, Problem> {
    let meta = file.metadata().map_err(Problem::Io)?;
    if meta.is_dir() {
        return Err(Problem::Directory);
    }
    if meta.is_file() && meta.len() == 0 {
        return Err(Problem::Empty);
    }
    let again = file.try_clone().ok().filter(|_| meta.is_file());
    let (reader, is_packed) = decoded(file, read).map_err(Problem::Io)?;
    let plain = again.filter(|file| !is_packed && !is_plain_log(file));
    // What is plain needs no look at what goes through.
    let reader = if plain.is_some() { reader } else { Box::new(Sniffed::new(reader)) };
    Ok(Text { reader, plain, meta, is_packed })
}

/// Whether a file that is not compressed is FreeSWITCH's log.
fn is_plain_log(file: &File) -> bool {
    let mut head = Vec::new();
    read_at_most(file, 0, sniff::HEAD as u64, &mut head).is_ok() && is_log(&head)
}

/// What is in `raw`, and whether it was compressed.
pub(super) fn decoded(
    mut raw: impl Read + Send + 'static,
    read: Counter,
) -> io::Result<(Box<dyn Read + Send>, bool)> {
    let mut magic = Vec::with_capacity(MAGIC);
    raw.by_ref().take(MAGIC as u64).read_to_end(&mut magic)?;
    let decoder = decoder(&magic);
    let whole = Box::new(Counting::new(Cursor::new(magic).chain(raw), read));
    Ok(match decoder {
        None => (whole, false),
        Some(decoder) => (decoder(whole)?, true),
    })
}

type Decoder = fn(Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>>;

/// The decoder for what begins with these bytes; none for plain text. All of them read several
/// streams in one file.
pub(super) fn decoder(magic: &[u8]) -> Option<Decoder> {
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
