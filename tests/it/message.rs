//! Level 2: what every fixture holds, whatever the pieces in which it is read.

use crate::dumps::{Pieces, fixtures, messages_as_text};
use std::io::{self, Read};

use sofiatui::Gap;
use sofiatui::message::{Completeness, MessageReader};

#[test]
fn fixtures_give_the_messages_in_their_goldens() {
    for (name, dump, expected) in fixtures("messages") {
        assert_eq!(messages_as_text(&dump[..], &dump), expected, "{name}");
    }
}

#[test]
fn chunking_is_invisible() {
    for (name, dump, _) in fixtures("messages").into_iter().chain(fixtures("frames")) {
        let whole = messages_as_text(&dump[..], &dump);
        for (most, seed) in [(1, 1), (9, 2), (400, 3), (5000, 4)] {
            assert_eq!(messages_as_text(Pieces::new(&dump, most, seed), &dump), whole, "{name} by {most}");
        }
    }
}

#[test]
fn ten_thousand_open_streams_are_joined_separately() {
    let message = |n: usize| format!("MESSAGE sip:{n}@pbx.example SIP/2.0\r\nContent-Length: 4\r\n\r\nbody");
    let mut dump = Vec::new();
    for piece in 0..3 {
        for n in 0..10_000 {
            let text = message(n);
            let part = match piece {
                0 => &text[..20],
                1 => &text[20..50],
                _ => &text[50..],
            };
            let header = format!(
                "recv {} bytes from tcp/[192.0.2.{}]:{} at 06:00:0{piece}.{:06}:\n",
                part.len(),
                n % 7,
                10_000 + n,
                n
            );
            dump.extend_from_slice(header.as_bytes());
            dump.extend_from_slice(part.as_bytes());
            dump.extend_from_slice(b"\x0b\n");
        }
    }
    let mut messages = MessageReader::new(&dump[..]);
    let mut next = 0;
    while let Some(found) = messages.next_message().unwrap() {
        assert_eq!(found.content, message(next).as_bytes());
        assert_eq!(found.frame_count, 3);
        assert_eq!(found.timestamp.to_string(), format!("06:00:00.{next:06}"));
        next += 1;
    }
    assert_eq!((next, messages.parse_stats().loss_count()), (10_000, 0));
}

#[test]
fn messages_over_the_buffer_limit_are_returned_cut_without_loss() {
    // Forty thousand streams that never go on, and one message that never ends.
    let mut dump = Vec::new();
    let mut bytes = 0;
    for n in 0..40_000 {
        let text =
            format!("MESSAGE sip:{n}@pbx.example SIP/2.0\r\nContent-Length: 400\r\n\r\n{}", "b".repeat(300));
        let peer = format!("[2001:db8::{n:x}]:5060");
        dump.extend_from_slice(
            format!("recv {} bytes from tls/{peer} at 06:00:00.000000:\n", text.len()).as_bytes(),
        );
        dump.extend_from_slice(text.as_bytes());
        dump.extend_from_slice(b"\x0b\n");
        bytes += text.len();
    }
    for n in 0..150 {
        let text = if n == 0 { "MESSAGE sip:a@b SIP/2.0\r\nl: 999999999\r\n\r\n" } else { "" };
        let text = text.to_owned() + &"b".repeat(100_000 - text.len());
        dump.extend_from_slice(b"recv 100000 bytes from tcp/[192.0.2.9]:5060 at 06:00:00.000000:\n");
        dump.extend_from_slice(text.as_bytes());
        dump.extend_from_slice(b"\x0b\n");
        bytes += text.len();
    }
    let mut messages = MessageReader::new(&dump[..]);
    let mut shown = 0;
    while let Some(message) = messages.next_message().unwrap() {
        shown += message.content.len();
    }
    assert_eq!(shown, bytes);
    let stats = messages.parse_stats();
    assert_eq!(stats.loss_count(), 40_001);
    assert!(stats.losses().len() < 40_000, "the list is bounded");
}

/// A dump of one message in reads of 64 KiB, with a datagram after each tenth one.
fn in_reads(message: &[u8]) -> Vec<u8> {
    let ping = b"recv 29 bytes from udp/[192.0.2.8]:5060 at 06:00:00.000000:\nBYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\n\x0b\n";
    let mut dump = Vec::new();
    for (number, read) in message.chunks(64 << 10).enumerate() {
        let header = format!("recv {} bytes from tcp/[192.0.2.9]:5060 at 06:00:00.000000:\n", read.len());
        dump.extend_from_slice(header.as_bytes());
        dump.extend_from_slice(read);
        dump.extend_from_slice(b"\x0b\n");
        if number % 10 == 9 {
            dump.extend_from_slice(ping);
        }
    }
    dump
}

#[test]
fn a_long_message_that_announces_its_length_is_one_message() {
    for (announced, sent, is_whole) in [
        (20 << 20, 20 << 20, true),
        (8 << 20, 8 << 20, true),
        // More than 64 MiB are announced: what has come by the limit is shown.
        (65 << 20, 9 << 20, false),
    ] {
        let mut message = format!("MESSAGE sip:a@b SIP/2.0\r\nl: {announced}\r\n\r\n").into_bytes();
        message.resize(message.len() + sent, b'x');
        let dump = in_reads(&message);
        let mut messages = MessageReader::new(&dump[..]);
        let (mut longest, mut all) = (0, 0);
        while let Some(found) = messages.next_message().unwrap() {
            longest = longest.max(found.content.len());
            all += found.content.len();
        }
        assert!(all >= message.len(), "{announced}");
        assert_eq!(longest == message.len(), is_whole, "{announced}");
        assert_eq!(messages.parse_stats().loss_count(), u64::from(!is_whole), "{announced}");
    }
}

/// Gives texts with a gap between each two.
struct WithGaps<'a>(Vec<&'a [u8]>, bool);

impl Read for WithGaps<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(text) = self.0.first_mut() else { return Ok(0) };
        if std::mem::take(&mut self.1) {
            return Err(Gap::error());
        }
        let read = text.read(buffer)?;
        if text.is_empty() {
            self.0.remove(0);
            self.1 = !self.0.is_empty();
        }
        Ok(read)
    }
}

#[test]
fn nothing_is_joined_across_a_gap_and_open_messages_are_cut() {
    let frame = |transport: &str, content: &str| {
        format!(
            "recv {} bytes from {transport}/[192.0.2.7]:5060 at 06:00:00.019608:\n{content}\x0b\n",
            content.len()
        )
    };
    let bye = |id: &str| format!("BYE sip:a@b SIP/2.0\r\nCall-ID: {id}\r\nContent-Length: 4\r\n\r\nbody");
    let (first, second) = (bye("first"), bye("second"));
    for transport in ["tcp", "udp"] {
        let whole = frame(transport, &first);
        for (what, before, after) in [
            ("cut in a frame", whole[..whole.len() - 10].to_owned(), whole[whole.len() - 5..].to_owned()),
            ("cut before a frame", whole[..whole.len() - 10].to_owned(), String::new()),
            ("cut between two reads", frame(transport, &first[..40]), frame(transport, &first[60..])),
        ] {
            let after = after + &frame(transport, &second);
            let mut reader = MessageReader::new(WithGaps(vec![before.as_bytes(), after.as_bytes()], false));
            let mut found = Vec::new();
            while let Some(message) = reader.next_message().unwrap() {
                let is_whole = message.completeness == Completeness::Complete;
                found.push((is_whole, String::from_utf8_lossy(message.content).into_owned()));
            }
            assert!(!found.iter().any(|(is_whole, text)| *is_whole && *text == first), "{what}");
            assert_eq!(found.last(), Some(&(true, second.clone())), "{what}");
            // A datagram that is no cut frame is all that there was.
            let is_datagram = transport == "udp" && what == "cut between two reads";
            assert!(first.starts_with(&found[0].1) && found[0].0 == is_datagram, "{what} {transport}");
            let stats = reader.parse_stats();
            assert_eq!(stats.gaps(), 1);
            assert_eq!(stats.bytes_read(), (before.len() + after.len()) as u64);
            let accounted = stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped();
            assert_eq!(accounted, stats.bytes_read(), "{what}");
        }
    }
}
