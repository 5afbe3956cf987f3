//! One log in the formats of several collectors: the output is the plain log, or its messages.

use std::io::Read;

use crate::load::decode::sniff::Sniffed;
use crate::message::MessageReader;

const LOG: &str = include_str!("../../../../tests/fixtures/field/log-plain.log");

/// The messages of a text: timestamp and bytes.
fn messages(text: &str, chunk: usize) -> Vec<(String, Vec<u8>)> {
    struct Chunks<'a>(&'a [u8], usize);
    impl Read for Chunks<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }
    let mut dump = Vec::new();
    Sniffed::new(Chunks(text.as_bytes(), chunk)).read_to_end(&mut dump).unwrap();
    let mut reader = MessageReader::new(&dump[..]);
    let mut found = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        found.push((message.timestamp.to_string(), message.content.to_vec()));
    }
    found
}

/// Each line with a prefix that is made from its number.
fn each_line(prefix: impl Fn(usize) -> String) -> String {
    lines(LOG.lines().enumerate().map(|(nth, line)| format!("{}{line}", prefix(nth))))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Each record, which begins with a header or a line of FreeSWITCH's log.
fn each_record(record: impl Fn(&str) -> String) -> String {
    let mut starts: Vec<usize> = [0].into();
    let is_start = |rest: &str| ["recv ", "send ", "2026-"].iter().any(|start| rest.starts_with(start));
    starts.extend(LOG.match_indices('\n').map(|(at, _)| at + 1).filter(|at| is_start(&LOG[*at..])));
    let ends = starts.iter().skip(1).copied().chain([LOG.len()]);
    starts.iter().zip(ends).map(|(from, to)| record(LOG[*from..to].strip_suffix('\n').unwrap())).collect()
}

#[test]
fn any_prefix_gives_the_same_messages() {
    let expected = messages(LOG, 8192);
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[0].0, "2026-02-01 14:37:05.523603");
    let old = "Feb  1 14:37:05 host freeswitch[1234]: ";
    let json = |line: &str| serde_json::to_string(line).unwrap();
    for (name, text) in [
        ("compose", each_line(|_| "freeswitch_1  | ".to_owned())),
        ("journald", each_line(|nth| format!("Feb 01 14:37:05 host freeswitch[{}]: ", 99 + nth % 2))),
        ("syslog", each_line(|_| old.to_owned())),
        ("syslog, ISO", each_line(|nth| format!("2026-02-01T14:37:05.{nth:06}+01:00 host fs[1]: "))),
        (
            "syslog, RFC 5424",
            each_line(|nth| format!("<13{}>1 2026-02-01T14:37:05.{nth}Z h fs 9 - - ", nth % 5)),
        ),
        ("Kubernetes", each_line(|nth| format!("2026-02-01T14:37:05.{nth:09}Z stdout F "))),
        ("docker logs -t", each_line(|nth| format!("2026-02-01T14:37:05.{nth:09}Z "))),
        ("kubectl logs --prefix", each_line(|_| "[pod/fs-0/freeswitch] ".to_owned())),
        ("mail", each_line(|_| "> ".to_owned())),
        ("mail in a mail", each_line(|_| ">> > ".to_owned())),
        ("blanks", each_line(|_| "    ".to_owned())),
        ("tabs", each_line(|_| "\t".to_owned())),
        ("comment", each_line(|_| "# ".to_owned())),
        ("trimmed mail", each_line(|_| "> ".to_owned()).replace("> \n", ">\n")),
        ("byte order mark", "\u{feff}".to_owned() + &each_line(|_| "// ".to_owned())),
        ("CRLF", each_line(|_| "fs | ".to_owned()).replace('\n', "\r\n")),
        ("another program between", each_line(|_| "other_1 | x\nfs_1    | ".to_owned())),
        ("syslog of whole records", each_record(|record| format!("{old}{record}\n"))),
        (
            "journalctl",
            each_record(|record| {
                format!("{old}{}\n", record.replace('\n', &format!("\n{}", " ".repeat(old.len()))))
            }),
        ),
        ("rsyslog", each_record(|record| format!("{old}{}\n", record.replace('\n', "#012")))),
        (
            "docker",
            lines(
                LOG.lines().map(|line| format!("{{\"log\":{},\"time\":\"x\"}}", json(&format!("{line}\n")))),
            ),
        ),
        ("journald's JSON", lines(LOG.lines().map(|line| format!("{{\"MESSAGE\":{}}}", json(line))))),
    ] {
        assert_eq!(messages(&text, 8192), expected, "{name}");
        assert_eq!(messages(&text, 7), expected, "{name}, in small chunks");
    }
}

#[test]
fn a_partial_line_of_kubernetes_is_joined_with_the_next() {
    let stamp = "2026-02-01T14:37:05.1Z stdout";
    let cut = |line: &str| match line.split_at_checked(8) {
        Some((start, end))
            if !line.starts_with("recv") && !line.starts_with("send") && !line.starts_with('-') =>
        {
            format!("{stamp} P {start}\n{stamp} F {end}\n")
        }
        _ => format!("{stamp} F {line}\n"),
    };
    let text: String = LOG.lines().map(cut).collect();
    assert_eq!(messages(&text, 8192), messages(LOG, 8192));
}

#[test]
fn the_date_of_a_prefix_dates_the_messages_of_a_log_without_dates() {
    let of_entries = LOG.lines().filter(|line| !line.starts_with("2026"));
    let entries = lines(of_entries.map(|line| format!("2026-02-01T13:37:05.1Z {line}")));
    let stamps: Vec<String> = messages(&entries, 8192).into_iter().map(|(stamp, _)| stamp).collect();
    assert_eq!(
        stamps,
        ["2026-02-01 14:37:05.523603", "2026-02-01 14:37:05.525000", "2026-02-01 14:37:06.525000"]
    );
}

#[test]
fn headers_behind_a_stamp_and_without_dashes_are_read() {
    let is_header = |line: &str| line.starts_with("recv ") || line.starts_with("send ");
    let before = |line| if is_header(line) { "2026-02-01 14:37:05.600000 " } else { "" };
    let kept = LOG.lines().filter(|line| !line.starts_with("---") && !line.starts_with("2026"));
    let text = lines(kept.map(|line| format!("{}{line}", before(line))));
    let text = text + "2026-02-01 14:37:07.600000 nta.c:3039 agent_recv_request() nta\n";
    assert_eq!(messages(&text, 8192), messages(LOG, 8192));
}
