//! Logs of real traffic compared with the dumps of the same traffic.
//!
//! Must not know: readers of files, the parts of the conversion.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::tests::{dump_in_pieces, dump_of};
use super::text_of;
use crate::base::Timestamp;
use crate::load::decode::sniff::Sniffed;
use crate::message::{Completeness, MessageReader};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    content: Vec<u8>,
    is_complete: bool,
    timestamp: Timestamp,
}

/// The messages of each stream in order, without those that are not SIP.
fn streams(dump: &[u8]) -> BTreeMap<String, Vec<Message>> {
    let mut reader = MessageReader::new(dump);
    let mut streams: BTreeMap<String, Vec<Message>> = BTreeMap::new();
    while let Some(message) = reader.next_message().unwrap() {
        if message.completeness == Completeness::NotSip {
            continue;
        }
        let stream = format!("{} {} {}", message.direction, message.transport, message.address);
        let is_complete = message.completeness == Completeness::Complete;
        let (content, timestamp) = (message.content.to_vec(), message.timestamp);
        streams.entry(stream).or_default().push(Message { content, is_complete, timestamp });
    }
    streams
}

fn unpacked(path: &str) -> Vec<u8> {
    let file = std::fs::File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let mut text = Vec::new();
    xz2::read::XzDecoder::new_multi_decoder(file).read_to_end(&mut text).unwrap();
    text
}

/// Compares the messages of a log with those of the dump: equal, cut in the log, missing in the log.
fn compare(log: &[u8], dump: &BTreeMap<String, Vec<Message>>) -> (usize, usize, usize) {
    let (mut equal, mut cut) = (0, 0);
    for (stream, messages) in streams(&dump_of(log)) {
        let mut rest = dump.get(&stream).map_or(&[][..], Vec::as_slice).iter();
        for message in messages {
            let is_same = |of_dump: &&Message| {
                if message.is_complete {
                    of_dump.content == message.content
                } else {
                    of_dump.content.starts_with(&message.content)
                }
            };
            let found =
                rest.find(is_same).unwrap_or_else(|| panic!("{stream}: not in the dump: {message:?}"));
            let apart = found.timestamp.micros_of_day().abs_diff(message.timestamp.micros_of_day());
            assert!(apart < 500_000, "{stream} {} {}", message.timestamp, found.timestamp);
            if message.is_complete { equal += 1 } else { cut += 1 }
        }
    }
    let all: usize = dump.values().map(Vec::len).sum();
    (equal, cut, all - equal - cut)
}

#[test]
fn logs_hold_the_messages_of_the_dump_of_the_same_traffic() {
    let logs = "tests/fixtures/logs";
    let same = streams(&unpacked(&format!("{logs}/same-traffic.expected.xz")));
    let cut = streams(&unpacked(&format!("{logs}/multipart-and-cut.expected.xz")));
    let mut demo = BTreeMap::new();
    for profile in ["internal", "external", "esinet"] {
        for (stream, messages) in streams(&unpacked(&format!("assets/demo/{profile}.dump.xz"))) {
            demo.entry(stream).or_insert_with(Vec::new).extend(messages);
        }
    }
    for (log, dump, expected) in [
        ("freeswitch", &same, (1324, 0, 0)),
        ("console", &same, (1324, 0, 0)),
        // The log was started later.
        ("fs_cli", &same, (1312, 0, 12)),
        ("multipart-and-cut", &cut, (1423, 75, 0)),
        // The first message was sent before the trace was switched on.
        ("three-profiles", &demo, (378, 0, 1)),
    ] {
        let text = unpacked(&format!("{logs}/{log}.log.xz"));
        assert!(text_of(&text[..text.len().min(65_536)]).is_log(), "{log}");
        assert_eq!(compare(&text, dump), expected, "{log}");
        assert!(dump_in_pieces(&text, &[4096, 1, 33, 5], false) == dump_of(&text), "{log}");
    }
}

#[test]
fn captures_of_a_console_with_something_before_each_line_are_read_whole() {
    for log in ["fs_cli", "console"] {
        let text = unpacked(&format!("tests/fixtures/logs/{log}.log.xz"));
        let plain = streams(&dump_of(&text));
        for prefix in ["sip-1  | ", "freeswitch_1  | ", "\u{1b}[36msip-1  | \u{1b}[0m"] {
            let lines = text.split_inclusive(|&b| b == b'\n');
            let wrapped: Vec<u8> = lines.flat_map(|line| [prefix.as_bytes(), line].concat()).collect();
            let mut dump = Vec::new();
            Sniffed::new(&wrapped[..]).read_to_end(&mut dump).unwrap();
            assert!(streams(&dump) == plain, "{log} after {prefix}");
        }
    }
}

/// The dumps of that version contain only the first chunk of each sent message; the logs contain all of it.
#[test]
fn logs_of_the_old_format_contain_more_than_the_dump() {
    let log = dump_of(&unpacked("tests/fixtures/logs/old-form.log.xz"));
    let dump = unpacked("tests/fixtures/logs/old-form.expected.xz");
    assert!(!text_of(&dump).is_log() && !text_of(&log).is_log());
    let (of_log, of_dump) = (streams(&log), streams(&dump));
    assert_eq!(of_log.values().map(Vec::len).sum::<usize>(), 102);
    for (stream, messages) in of_log {
        let others = &of_dump[&stream];
        assert_eq!(messages.len(), others.len(), "{stream}");
        for (message, other) in messages.iter().zip(others) {
            let (whole, part) = if message.is_complete { (message, other) } else { (other, message) };
            assert!(whole.content.starts_with(&part.content), "{message:?}\n{other:?}");
        }
    }
}
