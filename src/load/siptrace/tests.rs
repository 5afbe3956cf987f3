//! Conversion of logs: tables of small cases.

use std::io::{self, Read};

use proptest::prelude::*;

use super::{NoEntries, Siptrace, is_incomplete, text_of};
use crate::message::{Completeness, MessageReader};

const DASHES: &str = "------------------------------------------------------------------------";
const SDP: &str = "v=0\no=- 1 1 IN IP4 192.0.2.7\ns=-\n";

/// Returns `text` in chunks of these sizes, repeatedly; optionally with a pause before each chunk.
struct Pieces<'a> {
    text: &'a [u8],
    sizes: Vec<usize>,
    nth: usize,
    pauses: bool,
    is_paused: bool,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a [u8], sizes: &[usize], pauses: bool) -> Self {
        Self { text, sizes: sizes.to_vec(), nth: 0, pauses, is_paused: false }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.is_paused = !self.is_paused && self.pauses;
        if self.is_paused {
            let kind = if self.nth.is_multiple_of(2) {
                io::ErrorKind::WouldBlock
            } else {
                io::ErrorKind::Interrupted
            };
            return Err(kind.into());
        }
        let size = self.sizes[self.nth % self.sizes.len()].min(buffer.len()).min(self.text.len());
        self.nth += 1;
        buffer[..size].copy_from_slice(&self.text[..size]);
        self.text = &self.text[size..];
        Ok(size)
    }
}

pub(super) fn dump_of(log: &[u8]) -> Vec<u8> {
    let mut dump = Vec::new();
    if let Err(error) = Siptrace::new(log).read_to_end(&mut dump) {
        let is_known = is_incomplete(&error) || (NoEntries::of(&error).is_some() && dump.is_empty());
        assert!(is_known, "{error}");
    }
    dump
}

/// The same in chunks, read through pauses.
pub(super) fn dump_in_pieces(log: &[u8], sizes: &[usize], pauses: bool) -> Vec<u8> {
    let mut dump = Vec::new();
    let mut reader = Siptrace::new(Pieces::new(log, sizes, pauses));
    let mut buffer = [0; 777];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return dump,
            Ok(len) => dump.extend_from_slice(&buffer[..len]),
            Err(error) if NoEntries::of(&error).is_some() || is_incomplete(&error) => return dump,
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
        }
    }
}

#[track_caller]
fn check(log: &str, expected: &str) {
    let show = |bytes: &[u8]| bytes.escape_ascii().to_string().replace("\\n", "\\n\n");
    assert_eq!(show(&dump_of(log.as_bytes())), show(expected.as_bytes()), "of {log:?}");
    for sizes in [&[1][..], &[7, 100, 3]] {
        assert_eq!(
            show(&dump_in_pieces(log.as_bytes(), sizes, true)),
            show(expected.as_bytes()),
            "{sizes:?}"
        );
    }
}

fn received(count: usize) -> String {
    format!("recv {count} bytes from udp/[192.0.2.7]:5060 at 05:32:29.870740:\n")
}

/// An entry of the present format.
fn entry(count: usize, text: &str) -> String {
    format!("{}{DASHES}\n{text}\n", received(count))
}

fn frame(count: usize, content: &str) -> String {
    format!("{}{content}\x0b\n", received(count))
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn head(kind: &str, len: usize) -> String {
    format!("MESSAGE sip:a@b SIP/2.0\nCall-ID: 1\nContent-Type: {kind}\nContent-Length: {len}\n\n")
}

const LINE: &str = "2026-11-23 05:32:29.853248 100.00% [DEBUG] sofia.c:6560 Ping\n";
const DATED: &str = "recv 5 bytes from udp/[192.0.2.7]:5060 at 2026-11-23 05:32:29.870740:\n";

#[test]
fn entries_become_frames_and_all_else_is_dropped() {
    let a = "0123456789abcdef-0123-4567-89ab-cdef01234567".get(8..).unwrap();
    for (log, expected) in [
        (String::new(), String::new()),
        (entry(5, "hello"), frame(5, "hello")),
        (format!("noise\n{}more 12 bytes of\nnoise", entry(5, "hello")), frame(5, "hello")),
        (entry(5, "hello") + &entry(3, "abc"), frame(5, "hello") + &frame(3, "abc")),
        // Without the line end that the log adds: the next line follows at once.
        (format!("{}{DASHES}\nhello{}", received(5), entry(3, "abc")), frame(5, "hello") + &frame(3, "abc")),
        (
            format!(
                "send 2 bytes to tls/[2001:db8::1]:40312/77;comp=sigcomp at 05:32:29.870740:\n{DASHES}\nok\n\n"
            ),
            "sent 2 bytes to tls/[2001:db8::1]:40312/77;comp=sigcomp at 05:32:29.870740:\nok\x0b\n"
                .to_owned(),
        ),
        (format!("{LINE}{}", entry(5, "hello")), format!("{DATED}hello\x0b\n")),
        (format!("{a} {LINE}x\n{}", entry(5, "hello")), format!("{DATED}hello\x0b\n")),
        (LINE.replace("100.00% ", "") + &entry(5, "hello"), format!("{DATED}hello\x0b\n")),
        (
            format!("\x1b[mfreeswitch@a> \r\x1b[K\x1b[33m{LINE}freeswitch@a> {}", entry(5, "hello"))
                .replace('\n', "\r\n"),
            format!("{DATED}hello\x0b\n"),
        ),
        // A header without dashes opens no entry. In the middle of a line it may.
        (format!("{}hello\n{}", received(5), entry(3, "abc")), frame(3, "abc")),
        (format!("x {}", entry(3, "abc")), frame(3, "abc")),
        (format!("{}x {}", entry(5, "hello"), entry(3, "abc")), frame(5, "hello") + &frame(3, "abc")),
        (
            format!("{}{LINE}{}", entry(5, "hello"), LINE.replace("Ping", received(3).trim_end())),
            frame(5, "hello"),
        ),
        (entry(3, "abc").replace("udp/", "udp /"), String::new()),
        // The end of the input.
        (format!("{}{DASHES}\nhe", received(5)), frame(5, "he")),
        (format!("{}{DASHES}\n", received(5)), String::new()),
        (received(5), String::new()),
    ] {
        check(&log, &expected);
    }
}

#[test]
fn line_ends_are_restored_to_the_declared_count() {
    let json = "{\n \"a\": \"}\",\n \"b\": 1\n}";
    let xml = "<?xml version=\"1.0\"?>\n<a>\n <b/>\n</a>\n";
    let kinds = [
        ("application/sdp", SDP, SDP.replace('\n', "\r\n")),
        ("application/sdp", SDP, SDP.to_owned()),
        ("application/json", json, crlf(json)),
        ("application/json", json, json.to_owned()),
        ("application/json", "{\n \"a\": 1\n}\n", crlf("{\n \"a\": 1\n}\n")),
        ("application/pidf+xml", xml, crlf(xml)),
        ("application/pidf+xml", xml, xml.to_owned()),
        ("text/plain", "hello", "hello".to_owned()),
        ("text/plain", "a\n\nb\n\nc\nd", crlf("a\n\nb\n\nc\nd")),
        ("text/plain", "a\n\nb\n\nc\nd", "a\n\nb\n\nc\nd".to_owned()),
        (
            "application/pidf+xml",
            "<p>\n <status>\n  <b/>\n</status>\n</p>",
            "<p>\n <status>\r\n  <b/>\n</status>\n</p>".to_owned(),
        ),
        ("text/plain", "a\nb\nc\nd", "a\r\nb\nc\nd".to_owned()),
    ];
    for (kind, text, body) in kinds {
        let head = head(kind, body.len());
        let content = crlf(&head) + &body;
        for next in ["", LINE, &entry(3, "abc")] {
            let log = entry(content.len(), &(head.clone() + text)) + next;
            let frames =
                frame(content.len(), &content) + if next.starts_with("recv") { "recv 3" } else { "" };
            assert!(
                String::from_utf8(dump_of(log.as_bytes())).unwrap().starts_with(&frames),
                "{kind} {body:?} {next:?}"
            );
        }
    }
    // The head's own line ends are bare.
    let bare = head("text/plain", 2) + "ok";
    check(&entry(bare.len(), &bare), &frame(bare.len(), &bare));
}

#[test]
fn an_entry_ends_where_its_content_length_is_complete_whatever_follows() {
    let dtmf = "Signal=5\nDuration=160\n";
    for (kind, text) in [
        ("application/sdp", SDP),
        ("application/dtmf-relay", dtmf),
        ("text/plain", "two\n\nparagraphs\n"),
        ("text/plain", "no line end"),
        ("application/json", "{\n \"a\": 1\n}\n"),
    ] {
        let body = crlf(text);
        let content = crlf(&head(kind, body.len())) + &body;
        let written = head(kind, body.len()) + text + if text.ends_with('\n') { "" } else { "\n" };
        for next in [
            "EXECUTE [depth=0] sofia/internal/1001@example.com bridge(user/1002)\n",
            "nua.c:638 nua_ack() nua: nua_ack: entering\n",
            "Content-Type: log/data\nContent-Length: 58\n\n",
            "a line\n",
            "",
        ] {
            let log = format!("{}{DASHES}\n{written}{next}", received(content.len()));
            check(&log, &frame(content.len(), &content));
        }
    }
    // The body of a session description with bare line ends continues.
    let content = crlf(&head("application/sdp", SDP.len())) + SDP;
    let log = entry(content.len(), &(head("application/sdp", SDP.len()) + SDP)) + LINE;
    check(&log, &frame(content.len(), &content));
}

#[test]
fn a_blank_line_removed_by_copying_is_restored() {
    let text = "SIP/2.0 100 Trying\nCall-ID: 1\nContent-Length: 0\n";
    let content = crlf(text) + "\r\n";
    for end in ["\n\n", "\n", "", LINE] {
        let log = format!("{}{DASHES}\n{text}{end}", received(content.len()));
        check(&log, &frame(content.len(), &content));
        check(log.strip_suffix('\n').unwrap(), &frame(content.len(), &content));
    }
}

#[test]
fn the_parts_of_a_body_have_the_line_ends_that_give_the_count() {
    let sdp = "\n--b\nContent-Type: application/sdp\n\nv=0\ns=-\n";
    let (json, xml) = ("{\n\"a\":\n1}", "<a>\n<b>\n</b>\n</a>");
    for (json, xml) in
        [(json.to_owned(), crlf(xml)), (crlf(json), xml.to_owned()), (json.to_owned(), xml.to_owned())]
    {
        for tail in ["\r\n--b--", "\r\n--b--\r\n"] {
            let part = |kind: &str, body: &str| format!("\r\n--b\r\nContent-Type: {kind}\r\n\r\n{body}");
            let body = [
                crlf(sdp)[2..].to_owned(),
                part("application/json", &json),
                part("a/xml", &xml),
                tail.to_owned(),
            ]
            .concat();
            let content = crlf(&head("multipart/mixed;boundary=b", body.len())) + &body;
            let log = entry(content.len(), &content.replace("\r\n", "\n")) + &entry(3, "abc");
            check(&log, &(frame(content.len(), &content) + &frame(3, "abc")));
        }
    }
}

#[test]
fn a_log_quoted_in_a_body_ends_no_entry() {
    let quoted = format!("see:\n{LINE}{}end", entry(5, "hello"));
    for body in [crlf(&quoted), quoted.clone()] {
        let head = head("text/plain", body.len());
        let content = crlf(&head) + &body;
        let log = entry(content.len(), &(head + &quoted)) + LINE + &entry(3, "abc");
        let dump = String::from_utf8(dump_of(log.as_bytes())).unwrap();
        assert!(dump.starts_with(&frame(content.len(), &content)), "{dump}");
        assert!(dump.ends_with("abc\x0b\n") && dump.matches("\x0b\n").count() == 2);
    }
}

#[test]
fn the_old_format_is_read_between_its_dashes() {
    let old = |count: usize, text: &str| {
        let lines = format!("   {}", text.replace('\n', "\n   "));
        let lines = lines.strip_suffix("   ").filter(|_| text.ends_with('\n')).unwrap_or(&lines);
        let end = if text.ends_with('\n') { "" } else { "\n" };
        format!("{}   {DASHES}\n{lines}{end}   {DASHES}\n", received(count))
    };
    let text = format!("A\n\n   b\n{DASHES}\nc");
    let len = crlf(&text).len();
    for (log, expected) in [
        (old(len, &text) + &old(2, "ok"), frame(len, &crlf(&text)) + &frame(2, "ok")),
        (old(len + 2, &(text.clone() + "\n")), frame(len + 2, &crlf(&(text.clone() + "\n")))),
        (old(text.len(), &text) + "x", frame(text.len(), &text)),
        (old(9, "ab\nc") + "   *** message truncated at 4 ***\n", frame(9, "ab\nc")),
        (old(9, "ab\nc") + "   *** message truncated at 5 ***\n", frame(9, "ab\r\nc")),
        (old(90, "ab\nc\n<ENCODED DATA>\n"), frame(90, "ab\r\nc\r\n")),
        // Other threads write between the lines.
        (old(5, "a\nbc").replace("   bc", &format!("{LINE}   bc")), frame(5, "a\r\nbc")),
        (
            old(5, "hello")
                .replace(&format!("   {DASHES}\n"), "")
                .replace(":\n", &format!(":\n   {DASHES}\n")),
            frame(5, "hello\r\n").replace("hello\r\n", "hello"),
        ),
    ] {
        check(&log, &expected);
    }
}

#[test]
fn the_date_is_that_of_the_log_also_across_midnight() {
    let line = |stamp: &str| format!("{stamp} 1.00% [INFO] a.c:1 x\n");
    let at = |time: &str| entry(1, "x").replace("05:32:29.870740", time);
    let log = [
        at("23:59:58.000000"),
        line("2026-12-31 23:59:59.000000"),
        at("00:00:00.000001"),
        at("00:00:01.000000"),
        line("2027-01-01 00:00:02.000000"),
        at("23:59:59.900000"),
    ]
    .concat();
    let dump = String::from_utf8(dump_of(log.as_bytes())).unwrap();
    let stamps: Vec<_> = dump.lines().filter_map(|l| Some(l.split_once(" at ")?.1)).collect();
    let expected = [
        "23:59:58.000000:",
        "2027-01-01 00:00:00.000001:",
        "2027-01-01 00:00:01.000000:",
        "2026-12-31 23:59:59.900000:",
    ];
    assert_eq!(stamps, expected);
}

#[test]
fn an_entry_is_returned_when_it_is_complete() {
    let body = crlf(SDP);
    for (text, count) in [
        (head("text/plain", 5) + "hello", crlf(&head("text/plain", 5)).len() + 5),
        (head("a/json", 10) + "{\n\"a\":1\n}", crlf(&head("a/json", 10)).len() + 11),
        (
            head("application/sdp", body.len()) + SDP + "\n",
            crlf(&head("application/sdp", body.len())).len() + body.len(),
        ),
    ] {
        let log = format!("{LINE}{}{DASHES}\n{text}", received(count));
        let mut reader = Siptrace::new(Pieces::new(log.as_bytes(), &[log.len()], true));
        let mut buffer = [0; 4096];
        assert_eq!(reader.read(&mut buffer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        let len = reader.read(&mut buffer).unwrap();
        assert!(buffer[..len].ends_with(b"\x0b\n"));
        assert_eq!(memchr::memchr_iter(0x0b, &buffer[..len]).count(), 1, "{text}");
    }
}

fn completeness(dump: &[u8]) -> Vec<(usize, Completeness)> {
    let mut reader = MessageReader::new(dump);
    let mut found = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        found.push((message.content.len(), message.completeness));
    }
    found
}

#[test]
fn messages_that_the_log_cut_are_incomplete() {
    let short = Completeness::Cut(crate::frame::LossReason::ShortFrame);
    for transport in ["udp", "tcp"] {
        // The count of the cut entry makes other frames' boundaries fall at all positions around its end.
        for count in 16_300..16_400 {
            let head = head("text/plain", count - 200);
            let next = head.replace(&(count - 200).to_string(), "2") + "ok";
            let next_len = crlf(&next).len();
            let header = received(count).replace("udp", transport);
            let room = 15_999 - header.len() - DASHES.len() - 1 - head.len();
            let mut log = format!("{header}{DASHES}\n{head}{}\n", "x".repeat(room));
            for _ in 0..6 {
                log += &entry(next_len, &next).replace("udp", transport);
            }
            let dump = dump_of(log.as_bytes());
            let found = completeness(&dump);
            assert_eq!(found.len(), 7, "{transport} {count}");
            assert_eq!(found[0], (crlf(&head).len() + room, short), "{transport} {count}");
            assert!(found[1..].iter().all(|&other| other == (next_len, Completeness::Complete)));
        }
    }
    // Cut at a NUL; the log continues.
    let head = head("application/octet-stream", 500);
    let count = crlf(&head).len() + 500;
    let log =
        entry(count, &(head.clone() + "abc")) + &LINE.repeat(20) + &entry(count, &(head.clone() + "de"));
    for log in [log.clone(), log.clone() + LINE] {
        let found = completeness(&dump_of(log.as_bytes()));
        assert_eq!(found[0], (crlf(&head).len() + 3, short));
        assert_eq!(found.len(), 2);
    }
}

/// The same bytes repeated, up to this length.
struct Endless<'a>(&'a [u8], usize);

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(self.1);
        for (to, from) in buffer[..len].iter_mut().zip(self.0.iter().cycle()) {
            *to = *from;
        }
        self.1 -= len;
        Ok(len)
    }
}

#[test]
fn memory_is_bounded_for_any_input() {
    let plain = received(1_000_000_000_000) + DASHES + "\n";
    let old = received(1_000_000_000_000) + "   " + DASHES + "\n";
    for start in ["", &received(5)[..40], &plain, &format!("{plain}A\n\n"), &old, &format!("{old}   ")] {
        for rest in [
            "x",
            "\r",
            "\n",
            "recv 1 bytes ",
            "   x\n",
            "\x1b[K",
            &entry(9_999, "A\n\n"),
            &format!("   {DASHES}\n"),
        ] {
            let mut reader = Siptrace::new(start.as_bytes().chain(Endless(rest.as_bytes(), 1 << 20)));
            let mut dump = Vec::new();
            let read = reader.read_to_end(&mut dump);
            let is_known = |error: io::Error| NoEntries::of(&error).is_some() || is_incomplete(&error);
            assert!(read.is_ok() || read.is_err_and(is_known));
            assert!(reader.input.capacity() < 1 << 18, "{start:?} {rest:?}: {}", reader.input.capacity());
            assert!(reader.spare.capacity() < 16 << 20, "{start:?} {rest:?}");
        }
    }
}

proptest! {
    #[test]
    fn pieces_and_pauses_change_nothing(
        parts in prop::collection::vec((0_usize..16, 0_usize..400), 0..40),
        sizes in prop::collection::vec(1_usize..600, 1..8),
    ) {
        let head = head("multipart/mixed;boundary=b", 40);
        let choices: [&[u8]; 15] = [
            b"recv ", DASHES.as_bytes(), b"\n", b"   ", LINE.as_bytes(), head.as_bytes(), SDP.as_bytes(), b"\r\n", b"\x0b\n",
            b"\x1b[K", b"freeswitch@a> ", b"\n--b--\n", b"{\n}\n", b"   *** message truncated at 9 ***\n", b"\0\xff",
        ];
        let mut log = Vec::new();
        for (nth, count) in parts {
            match choices.get(nth) {
                Some(part) => log.extend_from_slice(part),
                None => log.extend_from_slice(format!("\n{}{}{DASHES}\n", received(count), if count % 3 == 0 { "   " } else { "" }).as_bytes()),
            }
        }
        let whole = dump_of(&log);
        prop_assert_eq!(&dump_in_pieces(&log, &sizes, true), &whole);
        prop_assert_eq!(&dump_in_pieces(&log, &[1], false), &whole);
        let _ = text_of(&log);
    }

    #[test]
    fn any_bytes_are_accepted(log in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (dump_of(&log), text_of(&log));
    }
}

#[test]
fn a_log_is_distinguished_from_a_dump_by_its_text() {
    let (entry, old) = (entry(5, "hello"), format!("{}   {DASHES}\n", received(5)));
    let sent = received(5).replace("recv", "sent").replace("from", "to");
    for (head, expected) in [
        ("", false),
        ("hello\nworld\n", false),
        (LINE, true),
        (&LINE[..LINE.len() - 1], true),
        (&LINE[20..], false),
        (&format!("DEBUG] x\n{LINE}"), true),
        (&format!("\x1b[mfreeswitch@a> \r\x1b[K\x1b[33m{LINE}"), true),
        (&entry, true),
        (&old, true),
        (&crlf(&entry), true),
        (&format!("freeswitch@a> {entry}"), true),
        (&entry[..70], false),
        (&frame(5, "hello"), false),
        (&sent, false),
        (&format!("{sent}hello"), false),
        (&format!("dump started at Mon Nov 23 04:09:00 2026\n\n\n{entry}"), false),
        // Bodies that quote a log.
        (&frame(LINE.len(), LINE), false),
        (&format!("{LINE}{entry}tail\x0b\n{}", frame(5, "hello")), false),
        (&format!("{}INVITE\n{LINE}{entry}", received(70_000)), false),
        // A log that quotes a dump.
        (&format!("{LINE}{}INVITE\n", received(70_000)), true),
    ] {
        assert_eq!(text_of(head.as_bytes()).is_log(), expected, "{head:?}");
    }
}
