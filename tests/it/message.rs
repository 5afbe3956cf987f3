//! Level 2: what every fixture holds, whatever the pieces in which it is read.

use crate::dumps::{Pieces, fixtures, messages_as_text};
use sofiatui::message::MessageReader;

#[test]
fn fixtures_give_the_messages_beside_them() {
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
fn ten_thousand_open_streams_are_joined_each_with_its_own() {
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
fn more_than_may_be_held_comes_out_cut_and_nothing_is_lost() {
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
