//! Logs whose lines are cut, or whose blank lines are gone: what can be restored is, and the rest is reported.

use std::io::Read;

use crate::load::decode::sniff::Sniffed;
use crate::message::{Completeness, MessageReader};

const LOG: &str = include_str!("../../../../tests/fixtures/field/log-plain.log");
const DASHES: &str = "------------------------------------------------------------------------";

/// The messages of a log, whether each is complete, and the error at the end.
fn read(log: &str) -> (Vec<(String, bool)>, Option<String>) {
    let mut dump = Vec::new();
    let error = Sniffed::new(log.as_bytes()).read_to_end(&mut dump).err().map(|error| error.to_string());
    let mut reader = MessageReader::new(&dump[..]);
    let mut found = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        let is_complete = message.completeness == Completeness::Complete;
        found.push((String::from_utf8(message.content.to_vec()).unwrap(), is_complete));
    }
    (found, error)
}

fn each_line(log: &str, of_line: impl Fn(&str) -> Option<String>) -> String {
    log.lines().filter_map(|line| of_line(line).map(|line| line + "\n")).collect()
}

/// The entry of a message, in the log.
fn entry(message: &str) -> String {
    let header = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 05:32:29.870740:", message.len());
    format!("{header}\n{DASHES}\n{}\n", message.replace("\r\n", "\n"))
}

fn message(field: &str, body: &str) -> String {
    let len = body.len();
    format!(
        "MESSAGE sip:a@b SIP/2.0\r\nX-Field: {field}\r\nCall-ID: 1\r\nContent-Length: {len}\r\n\r\n{body}"
    )
}

#[test]
fn a_message_whose_lines_were_cut_is_incomplete_and_reported() {
    let line = "2026-11-23 05:32:29.853248 100.00% [DEBUG] sofia.c:6560 Ping\n";
    for body in ["", "hello", "v=0\r\ns=-\r\n", "one\r\n\r\ntwo\r\n"] {
        // The cut removes as many bytes as a line end has, fewer, and more.
        for removed in 1..20 {
            let field = "x".repeat(73 + removed);
            let log =
                [entry(&message(&field, body)), entry(&message("short", body)), line.to_owned()].concat();
            assert_eq!(read(&log).1, None, "{body:?}");
            let cut = each_line(&log, |line| Some(line.chars().take(82).collect()));
            let (found, error) = read(&cut);
            let what = format!("{removed} bytes of {body:?}: {found:?}");
            assert_eq!(found.len(), 2, "{what}");
            assert_eq!(found[0], (message(&"x".repeat(73), body), false), "{what}");
            assert_eq!(found[1], (message("short", body), true), "{what}");
            let expected = "1 of 2 messages are not as long as their headers say, the first at byte 0";
            assert!(error.is_some_and(|error| error.starts_with(expected)), "{what}");
        }
    }
    let log = [entry(&message(&"x".repeat(90), "")), entry(&message(&"y".repeat(99), "")), line.to_owned()];
    let cut = each_line(&log.concat(), |line| Some(line.chars().take(80).collect()));
    let expected = "2 of 2 messages are not as long as their headers say, the first at byte 0; lines look cut at 80 characters";
    assert_eq!(read(&cut).1.as_deref(), Some(expected));
}

#[test]
fn blank_lines_that_were_removed_are_restored_or_reported() {
    let bodies =
        ["", "hello", "v=0\r\ns=-\r\n", "Messages-Waiting: yes\r\n", "{\n\"a\": 1\n}", "<a>\n</a>\n"];
    let log: String = bodies.iter().map(|body| entry(&message("x", body))).collect();
    let without = each_line(&log, |line| Some(line.to_owned()).filter(|line| !line.is_empty()));
    let (expected, found) = (read(&log), read(&without));
    assert_eq!(expected.0.len(), bodies.len());
    assert_eq!(found, expected);
    assert_eq!(found.1, None);
    let field = each_line(LOG, |line| Some(line.to_owned()).filter(|line| !line.is_empty()));
    assert_eq!(read(&field), read(LOG));

    let log = entry(&message("x", "one\r\n\r\ntwo\r\n\r\nthree\r\n")) + &entry(&message("x", ""));
    let without = each_line(&log, |line| Some(line.to_owned()).filter(|line| !line.is_empty()));
    let (found, error) = read(&without);
    let expected =
        "1 of 2 messages are not as long as their headers say, the first at byte 0; blank lines are missing";
    assert_eq!(error.as_deref(), Some(expected));
    assert_eq!((found[0].1, found[1].1), (false, true), "{found:?}");
}

#[test]
fn a_cut_message_of_a_wrapped_log_does_not_take_the_next_ones() {
    let short = message("short", "");
    for removed in 1..600 {
        let log = entry(&message(&"x".repeat(73 + removed), "hello")) + &entry(&short).repeat(3);
        let cut = each_line(&log, |line| Some(format!("fs | {}", line.chars().take(82).collect::<String>())));
        let (found, error) = read(&cut);
        assert_eq!(found.len(), 4, "{removed} bytes");
        assert!(
            found[1..].iter().all(|(text, is_complete)| *text == short && *is_complete),
            "{removed} bytes"
        );
        let expected = "1 of 4 messages are not as long as their headers say, the first at byte 0";
        assert!(error.is_some_and(|error| error.starts_with(expected)), "{removed} bytes");
    }
}
