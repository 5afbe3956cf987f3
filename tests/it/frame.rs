//! Level 1: what every fixture holds, whatever the pieces in which it is read.

use std::fmt::Write as _;
use std::io::Read;

use crate::dumps::{Pieces, crc32, fixtures, frames_as_text};
use sofiatui::frame::FrameReader;
use sofiatui::{
    Completeness, FrameIterator, GrepFilter, LossReason, MessageIterator, ParseError, SkipReason,
    SkipTracking,
};

#[test]
fn fixtures_give_the_frames_in_their_goldens() {
    for (name, dump, expected) in fixtures("frames") {
        assert_eq!(frames_as_text(&dump[..], &dump), expected, "{name}");
    }
}

#[test]
fn chunking_is_invisible() {
    for (name, dump, _) in fixtures("frames").into_iter().chain(fixtures("messages")) {
        let whole = frames_as_text(&dump[..], &dump);
        for (most, seed) in [(1, 1), (7, 2), (300, 3), (5000, 4)] {
            assert_eq!(frames_as_text(Pieces::new(&dump, most, seed), &dump), whole, "{name} by {most}");
        }
    }
}

/// Gives some bytes, then an error, then more bytes that must not be read.
struct Broken<'a>(&'a [u8], bool);

impl Read for Broken<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        assert!(!self.1, "read after an error");
        if self.0.is_empty() {
            self.1 = true;
            return Err(std::io::ErrorKind::PermissionDenied.into());
        }
        self.0.read(out)
    }
}

#[test]
fn frames_before_a_read_error_are_returned_and_none_after_it() {
    let header = "recv 400 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n";
    let dump = format!(
        "{}BYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\n\x0b\n{header}INVITE sip:",
        header.replace("400", "29")
    );
    let mut frames = FrameIterator::new(Broken(dump.as_bytes(), false));
    assert_eq!(frames.next().unwrap().unwrap().content.len(), 29);
    assert_eq!(frames.next().unwrap().unwrap().content, b"INVITE sip:");
    assert!(
        matches!(frames.next(), Some(Err(ParseError::Io(e))) if e.kind() == std::io::ErrorKind::PermissionDenied)
    );
    assert!(frames.next().is_none() && frames.next().is_none());
    let stats = frames.stats();
    assert_eq!((stats.bytes_read(), stats.bytes_parsed()), (dump.len() as u64, dump.len() as u64));

    let mut messages = MessageIterator::new(Broken(dump.as_bytes(), false));
    assert_eq!(messages.next().unwrap().unwrap().completeness, Completeness::Complete);
    assert_eq!(messages.next().unwrap().unwrap().completeness, Completeness::Cut(LossReason::EndOfInput));
    assert!(matches!(messages.next(), Some(Err(ParseError::Io(_)))));
    assert!(messages.next().is_none() && messages.next().is_none());
}

#[test]
fn skips_are_counted_listed_or_kept_as_configured() {
    let dump = b"garbage\x0b\nrecv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\nhello\x0b\n";
    for (tracking, listed) in
        [(SkipTracking::CountOnly, 0), (SkipTracking::TrackRegions, 1), (SkipTracking::CaptureData, 1)]
    {
        let mut frames = FrameIterator::new(&dump[..]).skip_tracking(tracking);
        assert_eq!(frames.by_ref().count(), 1);
        let stats = frames.stats_mut();
        assert_eq!((stats.bytes_skipped(), stats.unparsed_region_count()), (9, 1));
        let regions = stats.drain_regions();
        assert_eq!(regions.len(), listed);
        if let Some(region) = regions.first() {
            assert_eq!((region.offset, region.length, region.reason), (0, 9, SkipReason::PartialFirstFrame));
            let kept = (tracking == SkipTracking::CaptureData).then(|| b"garbage\x0b\n".to_vec());
            assert_eq!(region.data, kept);
        }
        assert!(frames.stats().unparsed_regions().is_empty());
    }
}

#[test]
fn a_wrong_count_costs_linear_time() {
    // Each of these would take minutes if a wrong count were searched for its end again and again.
    let header = |count: usize| format!("recv {count} bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n");
    let line = "x".repeat(99) + "\n";
    let cases: [(&str, String, u64); 4] = [
        ("ten bytes and no boundary", header(10) + &line.repeat(60_000), 1),
        ("every frame cut", (header(500) + &line).repeat(10_000), 10_000),
        ("every count much too large", (header(7_000_000) + &line).repeat(5_000), 5_000),
        ("boundaries everywhere", header(11) + &"\x0b\n".repeat(1_000_000), 1),
    ];
    for (name, dump, frames) in cases {
        let mut reader = FrameIterator::new(dump.as_bytes());
        let found = reader.by_ref().count() as u64;
        let stats = reader.stats();
        assert_eq!(found, frames, "{name}");
        assert_eq!(
            stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped(),
            dump.len() as u64,
            "{name}"
        );
    }
}

#[test]
fn a_frame_over_the_size_limit_is_skipped_and_the_next_one_is_found() {
    let mut dump = b"recv 20000000 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n".to_vec();
    dump.resize(dump.len() + 20_000_000, b'a');
    dump.extend_from_slice(b"\x0b\nrecv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\nhello\x0b\n");
    let mut frames = FrameIterator::new(&dump[..]).skip_tracking(SkipTracking::TrackRegions);
    assert_eq!(frames.by_ref().map(|frame| frame.unwrap().content).collect::<Vec<_>>(), [b"hello"]);
    let regions = frames.stats().unparsed_regions();
    assert_eq!(regions.iter().map(|r| r.reason).collect::<Vec<_>>(), [SkipReason::OversizedFrame]);
    assert_eq!(regions[0].length, 20_000_000 + 66 + 2);
}

#[test]
fn the_grep_filter_removes_only_separators() {
    let filtered = |source: &mut dyn std::io::Read| {
        let mut out = Vec::new();
        GrepFilter::new(source).read_to_end(&mut out).unwrap();
        out
    };
    for (name, dump, _) in fixtures("frames").into_iter().chain(fixtures("messages")) {
        let out = filtered(&mut &dump[..]);
        for (most, seed) in [(1, 1), (300, 2)] {
            assert_eq!(filtered(&mut Pieces::new(&dump, most, seed)), out, "{name} by {most}");
        }
        if name == "grep-separators" {
            // Three of the five are separators; two are the content of frames.
            assert_eq!(out.len(), dump.len() - 9);
            let contents =
                |dump: &[u8]| FrameIterator::new(dump).map(|f| f.unwrap().content).collect::<Vec<_>>();
            assert_eq!(contents(&out)[2..4], contents(&dump)[2..4]);
        } else {
            assert_eq!(out, dump, "{name}");
        }
    }
    let long = [&b"x\n".repeat(400)[..], b"--\n", &b"y\n".repeat(400)].concat();
    assert_eq!(filtered(&mut Pieces::new(&long, 5, 3)), [b"x\n".repeat(400), b"y\n".repeat(400)].concat());
}

#[test]
fn dumps_of_freeswitch_contain_the_frames_recorded_during_writing() {
    let folder = crate::support::fixtures().join("real");
    let mut dumps = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "dump") {
            continue;
        }
        dumps += 1;
        let recorded = std::fs::read_to_string(path.with_extension("tsv")).unwrap();
        let mut frames = FrameReader::new(std::fs::File::open(&path).unwrap());
        let mut found = String::new();
        while let Some(frame) = frames.next_frame().unwrap() {
            let header = std::str::from_utf8(frame.header).unwrap().trim_end();
            let (len, crc) = (frame.content.len(), crc32(frame.content));
            writeln!(found, "{}\t{header}\t{len}\t{crc:08x}", frame.offset).unwrap();
        }
        assert_eq!(found, recorded, "{}", path.display());
        assert_eq!(frames.stats().bytes_skipped(), 0, "{}", path.display());
    }
    assert_eq!(dumps, 8);
}

#[test]
fn a_frame_in_too_many_pieces_is_skipped_safely() {
    let inner = "sent 5 bytes to tcp/[192.0.2.9]:5060 at 06:00:00.019609:\nhello\x0b\n";
    let piece = format!("{}{inner}", "x".repeat(50));
    let header = "recv 200000 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n";
    let dump = format!("{header}{}{}\x0b\n", piece.repeat(3000), "x".repeat(50_000));
    let contents: Vec<_> = FrameIterator::new(dump.as_bytes()).map(|frame| frame.unwrap().content).collect();
    assert_eq!(contents.len(), 3001);
    assert!(contents[1..].iter().all(|content| content == b"hello"));
}
