//! What the tests of levels 1 and 2 share: inputs in pieces, and parsed dumps as text.
//!
//! Must not know: which property a test is about.

use std::fmt::Write as _;
use std::io::{self, Read};

use sofiatui::frame::FrameReader;
use sofiatui::message::MessageReader;
use sofiatui::{Extent, ParseStats, SkipTracking, escape::escape};

/// A small generator of numbers that look random, the same on every machine.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Gives an input in pieces of at most so many bytes, with an interruption now and then.
pub(crate) struct Pieces<'a> {
    rest: &'a [u8],
    most: usize,
    numbers: Numbers,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(input: &'a [u8], most: usize, seed: u64) -> Self {
        Self { rest: input, most, numbers: Numbers(seed) }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.numbers.below(16) == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = (1 + self.numbers.below(self.most)).min(out.len());
        self.rest.read(&mut out[..len])
    }
}

/// CRC-32 as in `frames.tsv` and zip.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xedb8_8320 } else { c >> 1 })
    })
}

fn extents(list: &[Extent]) -> String {
    list.iter().fold(String::new(), |text, e| text + &format!(" {}+{}", e.offset, e.len))
}

/// The first bytes of a content, as far as they help a reader.
fn beginning(content: &[u8]) -> String {
    escape(&content[..content.len().min(48)]).into_owned()
}

/// The accounts as text, after checking that they balance.
fn accounts(stats: &ParseStats, input: &[u8]) -> String {
    assert_eq!(stats.bytes_read(), input.len() as u64);
    assert_eq!(stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped(), stats.bytes_read());
    let mut out = format!(
        "read {} = parsed {} + between {} + skipped {}\n",
        stats.bytes_read(),
        stats.bytes_parsed(),
        stats.bytes_between(),
        stats.bytes_skipped()
    );
    let mut skipped = 0;
    for region in stats.unparsed_regions() {
        let (from, length) = (region.offset as usize, region.length as usize);
        if let Some(data) = &region.data {
            assert_eq!(data[..], input[from..from + length]);
            skipped += region.length;
        }
        let data = region.data.as_deref().map(beginning).unwrap_or_default();
        writeln!(out, "skipped {}+{} {}: {data}", region.offset, region.length, region.reason).unwrap();
    }
    assert_eq!(skipped, stats.bytes_skipped());
    out
}

/// All frames of a dump as text, and the accounts of level 1.
pub(crate) fn frames_as_text(source: impl Read, input: &[u8]) -> String {
    let mut frames = FrameReader::new(source).skip_tracking(SkipTracking::CaptureData);
    let mut out = String::new();
    while let Some(frame) = frames.next_frame().unwrap() {
        let placed: Vec<u8> =
            frame.extents.iter().flat_map(|e| &input[e.offset as usize..e.end() as usize]).copied().collect();
        assert_eq!(placed, frame.content, "the extents are the places of the content");
        writeln!(
            out,
            "{} {} {}/{} at {}, declared {}, {} bytes, crc {:08x}, ended {:?}, content{}: {}",
            frame.offset,
            frame.direction,
            frame.transport,
            frame.address,
            frame.timestamp,
            frame.byte_count,
            frame.content.len(),
            crc32(frame.content),
            frame.end,
            extents(frame.extents),
            beginning(frame.content)
        )
        .unwrap();
    }
    out + &accounts(frames.stats(), input)
}

/// All messages of a dump as text, and the accounts of level 2.
pub(crate) fn messages_as_text(source: impl Read, input: &[u8]) -> String {
    let mut messages = MessageReader::new(source).skip_tracking(SkipTracking::CaptureData);
    let mut out = String::new();
    while let Some(message) = messages.next_message().unwrap() {
        let placed: Vec<u8> = message
            .extents
            .iter()
            .flat_map(|e| &input[e.offset as usize..e.end() as usize])
            .copied()
            .collect();
        assert_eq!(placed, message.content, "the extents are the places of the content");
        writeln!(
            out,
            "{} {} {}/{} at {}, {} frames, {} bytes, crc {:08x}, {:?}, content{}: {}",
            message.offset,
            message.direction,
            message.transport,
            message.address,
            message.timestamp,
            message.frame_count,
            message.content.len(),
            crc32(message.content),
            message.completeness,
            extents(message.extents),
            beginning(message.content)
        )
        .unwrap();
    }
    let stats = messages.parse_stats();
    for loss in stats.losses() {
        writeln!(out, "lost {} bytes of the message at {}: {}", loss.bytes, loss.offset, loss.reason)
            .unwrap();
    }
    writeln!(
        out,
        "messages {}, in several frames {}, no SIP {}, keep-alives {} ({} bytes)",
        stats.messages(),
        stats.multi_frame_messages(),
        stats.not_sip_messages(),
        stats.keepalives(),
        stats.keepalive_bytes()
    )
    .unwrap();
    out + &accounts(stats, input)
}

/// Every fixture of a folder under `tests/fixtures`: name, dump, and what it must give as text.
pub(crate) fn fixtures(folder: &str) -> Vec<(String, Vec<u8>, String)> {
    let folder = crate::support::fixtures().join(folder);
    let mut found: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "dump"))
        .map(|path| {
            let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
                expected,
            )
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no fixtures in {}", folder.display());
    found
}
