//! Inputs that pause: what an idle input decides, and that what comes later is read as if it had not paused.

use std::io::{self, Read};
use std::time::Duration;

use sofiatui::{FrameReader, Idle, SkipTracking};

use crate::support::fixture;

/// Gives a text in parts; behind each but the last it is idle once.
struct Parts<'a> {
    parts: Vec<&'a [u8]>,
    idle: Duration,
}

impl Read for Parts<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.parts[0].is_empty() && self.parts.len() > 1 {
            self.parts.remove(0);
            return Err(Idle::pause(self.idle));
        }
        self.parts[0].read(out)
    }
}

/// The frames of a text, the number that had come at each pause first, and whether every byte is accounted for.
fn read(parts: Vec<&[u8]>, idle: Duration) -> (Vec<usize>, Vec<(u64, Vec<u8>)>) {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut reader = FrameReader::new(Parts { parts, idle }).skip_tracking(SkipTracking::TrackRegions);
    let (mut at_pauses, mut frames) = (Vec::new(), Vec::new());
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => frames.push((frame.offset, frame.content.to_vec())),
            Ok(None) => break,
            Err(error) if error.is_pause() => at_pauses.push(frames.len()),
            Err(error) => panic!("{error}"),
        }
    }
    let stats = reader.stats();
    assert_eq!(stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped(), len as u64);
    assert!(frames.is_sorted_by(|(a, _), (b, _)| a < b), "no frame comes twice");
    (at_pauses, frames)
}

fn header(bytes: usize, direction: &str) -> String {
    let word = if direction == "sent" { "to" } else { "from" };
    format!("{direction} {bytes} bytes {word} udp/[192.0.2.7]:5060 at 06:00:00.019608:\n")
}

fn frame(content: &str) -> String {
    header(content.len(), "recv") + content + "\x0b\n"
}

#[test]
fn an_idle_input_returns_frames_that_a_header_or_a_marker_ends() {
    let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
    let cut = header(500, "recv") + "the beginning";
    let short = header(500, "sent") + "its first segment\x0b\n";
    let large = header(9_000, "recv") + &"x".repeat(4096 - header(9_000, "recv").len());
    let lost = header(8, "recv") + "boundary";
    let bad = "recv 500 bytes from udp/[192.0.".to_owned();
    let (one, two) = (frame("one"), frame("two"));
    for (what, text, want, want_later) in [
        ("a cut frame and a restart", [&cut, marker, &one].concat(), 2, 2),
        ("a restart without a frame yet", [&*cut, marker].concat(), 1, 1),
        ("a cut frame and another", [&*cut, &one].concat(), 2, 2),
        ("several cut frames", [&*cut, &cut, &cut, &one].concat(), 4, 4),
        ("a cut frame and a restart that is cut", [&*cut, marker, &cut].concat(), 1, 1),
        ("a header that is cut", [&*bad, marker, &one].concat(), 1, 1),
        ("a header that is cut, and a frame", [&*bad, &*one].concat(), 1, 1),
        ("no boundary", [&*lost, &one].concat(), 2, 2),
        ("no boundary, and a frame that has begun", [&*lost, &cut].concat(), 1, 1),
        ("segments", [&*short, &one, &short, &two].concat(), 4, 4),
        ("a segment at the end, where they were seen", [&*short, &one, &short].concat(), 3, 3),
        ("a segment at the end, where none was seen", [&*one, &short].concat(), 1, 1),
        ("a frame between pages", [&*large, &one].concat(), 0, 2),
        ("only a beginning", cut.clone(), 0, 0),
        ("a marker in a body", cut.clone() + marker + "and text behind it", 0, 0),
        ("a separator in a body", cut.clone() + "\n--\ntext", 0, 0),
    ] {
        for (idle, want) in [(Idle::SHORT, want), (Idle::LONG, want_later)] {
            let (at_pauses, _) = read(vec![text.as_bytes(), b"\n"], idle);
            assert_eq!(at_pauses, [want], "{what}, after {idle:?}");
        }
    }
}

#[test]
fn a_pause_does_not_change_what_is_read_after_it() {
    for name in [
        "frames/grep-separators.dump",
        "real/frame-of-one-profile-split-by-another.dump",
        "real/multipart-in-many-reads.dump",
        "real/old-sofia-wrote-first-pieces-only.dump",
        "real/restart-in-the-middle.dump",
        "real/tcp-cuts-and-keepalives.dump",
        "real/websocket.dump",
    ] {
        check(&std::fs::read(fixture(name)).unwrap(), name);
    }
}

/// Pauses at 200 places, each in turn.
fn check(text: &[u8], name: &str) {
    let (_, whole) = read(vec![text], Idle::SHORT);
    for nth in 0..200 {
        let cut = text.len() * nth / 200;
        let (_, paused) = read(vec![&text[..cut], &text[cut..]], Idle::SHORT);
        let differs = whole.iter().zip(&paused).position(|(a, b)| a != b);
        assert!(paused == whole, "{name} cut at {cut}: frame {differs:?} differs");
    }
}
