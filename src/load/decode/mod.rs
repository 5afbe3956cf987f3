//! Opens a file as text; compression is detected from the first bytes, whatever the name says.
//!
//! Must not know: what is in the text, other files.

mod chunk_reader;
pub(in crate::load) mod count;
mod members;
#[cfg(feature = "parquet")]
mod parquet;
pub(in crate::load) mod prefetch;
pub(in crate::load) mod prefetch_blocks;
mod salvage;
pub(in crate::load) mod sniff;
mod workers;

use std::fs::{File, Metadata};
use std::io::{self, Cursor, Read};
use std::path::Path;

use crate::load::error::Problem;
use crate::load::siptrace::{self, SharedAccount};
use crate::store::{PooledFile, PooledReader, read_at_most};
use count::{Counter, Counting};
use members::{Bzip2, Gzip, Member, Members, Xz, Zstd};
use salvage::Salvage;
use sniff::Sniffed;

/// The number of bytes that identify a compression.
pub(in crate::load) const MAGIC: usize = 6;

/// The text of a file.
pub(in crate::load) struct Text {
    pub(in crate::load) reader: Box<dyn Read + Send>,
    /// The file, if its bytes are the text itself and can be read again.
    pub(in crate::load) plain: Option<PooledFile>,
    /// The metadata of the file.
    pub(in crate::load) meta: Metadata,
    /// Whether it is compressed.
    pub(in crate::load) is_compressed: bool,
    /// The counts of its bytes, if it may be a log.
    pub(in crate::load) account: Option<SharedAccount>,
}

/// Opens a file; the stored bytes that are read are counted.
pub(in crate::load) fn open(path: &Path, read: Counter) -> Result<Text, Problem> {
    let file = File::open(path).map_err(Problem::Io)?;
    let meta = file.metadata().map_err(Problem::Io)?;
    if meta.is_dir() {
        return Err(Problem::Directory);
    }
    if meta.is_file() && meta.len() == 0 {
        return Err(Problem::Empty);
    }
    // A file can be closed only if it can be opened again.
    let (again, decoded) = if meta.is_file() {
        let file = PooledFile::new(path, file).map_err(Problem::Io)?;
        (Some(file.clone()), decoded(PooledReader::new(file), read))
    } else {
        (None, decoded(file, read))
    };
    let (reader, is_compressed) = decoded.map_err(Problem::Io)?;
    let plain = again.filter(|file| !is_compressed && !is_plain_log(file));
    // A plain file can be read without counting each read.
    if plain.is_some() {
        return Ok(Text { reader, plain, meta, is_compressed, account: None });
    }
    let sniffed = Sniffed::new(reader);
    let account = Some(sniffed.account());
    Ok(Text { reader: Box::new(sniffed), plain, meta, is_compressed, account })
}

/// Whether an uncompressed file is a FreeSWITCH log.
pub(in crate::load) fn is_plain_log(file: &PooledFile) -> bool {
    let mut wanted = sniff::HEAD;
    loop {
        let mut head = Vec::new();
        let read = file.file().and_then(|file| read_at_most(&file, 0, wanted as u64, &mut head));
        let is_ended = read.is_err() || head.len() < wanted;
        match siptrace::text_of(&head) {
            siptrace::Text::Unknown if !is_ended && wanted < sniff::MAX_HEAD => wanted *= 4,
            text => return text.is_log(),
        }
    }
}

/// The text in `raw`, and whether it was compressed.
pub(in crate::load) fn decoded(
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

/// The decoder for a text with these first bytes; `None` for plain text. All decoders read several streams in one file,
/// and return all decodable data before they fail.
pub(in crate::load) fn decoder(magic: &[u8]) -> Option<Decoder> {
    match magic {
        [0xfd, b'7', b'z', b'X', b'Z', 0] => Some(|r| Ok(salvaged(Members::<Xz>::new(r)))),
        [0x1f, 0x8b, ..] => Some(|r| Ok(salvaged(Members::<Gzip>::new(r)))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(|r| Ok(salvaged(Members::<Zstd>::new(r)))),
        [b'P', b'A', b'R', b'1', ..] => Some(columns),
        [b'B', b'Z', b'h', ..] => Some(|r| Ok(salvaged(Members::<Bzip2>::new(r)))),
        _ => None,
    }
}

/// The decoder of Parquet files.
#[cfg(feature = "parquet")]
fn columns(raw: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    parquet::open(raw)
}

/// Parquet files need a feature.
#[cfg(not(feature = "parquet"))]
fn columns(_: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let why = "this program was built without Parquet (cargo feature `parquet`)";
    Err(io::Error::new(io::ErrorKind::Unsupported, why))
}

fn salvaged<M: Member + Send + 'static>(members: Members<M>) -> Box<dyn Read + Send> {
    Box::new(Salvage::new(members, Members::written))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Text that does not compress to almost nothing.
    fn text() -> Vec<u8> {
        let mut state = 7_u32;
        let mut word = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("{:x} ", state >> 12)
        };
        (0..40_000).flat_map(|_| word().into_bytes()).collect()
    }

    fn compressed(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text).unwrap();
        let mut bz = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bz.write_all(text).unwrap();
        // Without a checksum zstd does not detect every damage.
        let mut zst = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
        zst.include_checksum(true).unwrap();
        zst.write_all(text).unwrap();
        let mut xz = xz2::write::XzEncoder::new(Vec::new(), 0);
        xz.write_all(text).unwrap();
        vec![
            ("gz", gz.finish().unwrap()),
            ("bz2", bz.finish().unwrap()),
            ("xz", xz.finish().unwrap()),
            ("zst", zst.finish().unwrap()),
        ]
    }

    fn read(compressed: Vec<u8>) -> (Vec<u8>, io::Result<usize>) {
        let (mut reader, _) = decoded(Cursor::new(compressed), Counter::default()).unwrap();
        let mut out = Vec::new();
        let result = reader.read_to_end(&mut out);
        (out, result)
    }

    #[test]
    fn a_cut_archive_is_decoded_up_to_the_cut_and_then_fails() {
        let text = text();
        for (kind, compressed) in compressed(&text) {
            let cut = compressed[..compressed.len() * 3 / 4].to_vec();
            let (out, result) = read(cut);
            assert!(result.is_err() && text.starts_with(&out), "{kind}");
            // Blocks of bzip2 and zstd are decoded completely or not at all.
            let least = if kind == "bz2" || kind == "zst" { text.len() / 4 } else { text.len() * 7 / 10 };
            assert!(out.len() > least, "{kind}: {} of {}", out.len(), text.len());
        }
    }

    #[test]
    fn zero_bytes_after_an_archive_are_ignored() {
        let text = text();
        for (kind, compressed) in compressed(&text) {
            for zeros in [4, 512, 300_000] {
                for members in [1, 2] {
                    let (out, result) = read([compressed.repeat(members), vec![0; zeros]].concat());
                    assert!(result.is_ok() && out == text.repeat(members), "{kind} {zeros}: {result:?}");
                }
            }
            let (out, result) = read([compressed.clone(), vec![0; 40_000], compressed.clone()].concat());
            assert!(result.is_ok() && out == text.repeat(2), "{kind}: {result:?}");
        }
    }

    #[test]
    fn what_follows_an_archive_and_is_none_is_an_error_with_its_position_after_the_text() {
        let text = text();
        for (kind, compressed) in compressed(&text) {
            for zeros in [0, 4, 512, 100_000] {
                for garbage in [&b"x"[..], b"and more", &[0xff; 9000], b"BZ"] {
                    let (out, result) = read([&compressed[..], &vec![0; zeros], garbage].concat());
                    let said = result.unwrap_err().to_string();
                    assert!(out == text, "{kind} {zeros}");
                    // What may be the beginning of another stream is cut.
                    let is_begun = kind == "bz2" && garbage == b"BZ";
                    let at = format!("something else at byte {} of the input", compressed.len() + zeros);
                    assert!(is_begun || said.contains(&at), "{kind} {zeros}: {said}");
                }
            }
            let (out, result) = read([&compressed[..], &compressed, b"and more"].concat());
            let at = format!("at byte {} of the input", compressed.len() * 2);
            assert!(out == text.repeat(2) && result.unwrap_err().to_string().contains(&at), "{kind}");
        }
    }

    #[test]
    fn a_damaged_archive_is_decoded_up_to_the_damage() {
        let text = text();
        for (kind, mut compressed) in compressed(&text) {
            let at = compressed.len() * 3 / 4;
            compressed[at..at + 16].fill(0xff);
            let (out, result) = read(compressed);
            let same = out.iter().zip(&text).take_while(|(a, b)| a == b).count();
            let least = if kind == "bz2" || kind == "zst" { text.len() / 4 } else { text.len() * 7 / 10 };
            assert!(result.is_err() && same > least, "{kind}: {same} of {}", text.len());
        }
    }
}
