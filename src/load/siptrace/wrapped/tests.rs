//! One log in the formats of several collectors: the output is the plain log, or its messages.

use std::io::Read;

use crate::frame::Idle;
use crate::load::decode::sniff::Sniffed;
use crate::message::MessageReader;

/// What an old syslog daemon writes before a line.
const SYSLOG: &str = "Feb  1 14:37:05 host freeswitch[1234]: ";
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

/// Each line that is not empty.
fn not_empty(prefix: impl Fn(usize) -> String) -> String {
    lines(LOG.lines().enumerate().map(|(nth, line)| match line {
        "" => String::new(),
        _ => format!("{}{line}", prefix(nth)),
    }))
}

/// Each record, which begins with a header or a line of FreeSWITCH's log.
fn each_record(record: impl Fn(&str) -> String) -> String {
    let mut starts: Vec<usize> = [0].into();
    let is_start = |rest: &str| ["recv ", "send ", "2026-"].iter().any(|start| rest.starts_with(start));
    starts.extend(LOG.match_indices('\n').map(|(at, _)| at + 1).filter(|at| is_start(&LOG[*at..])));
    let ends = starts.iter().skip(1).copied().chain([LOG.len()]);
    starts.iter().zip(ends).map(|(from, to)| record(LOG[*from..to].strip_suffix('\n').unwrap())).collect()
}

/// The same before each line, apart from timestamps and numbers.
fn collectors() -> Vec<(&'static str, String)> {
    let old = SYSLOG;
    vec![
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
        ("byte order mark", "\u{feff}".to_owned() + &each_line(|_| "// ".to_owned())),
        ("CRLF", each_line(|_| "fs | ".to_owned()).replace('\n', "\r\n")),
    ]
}

#[test]
fn a_uuid_before_every_line_is_no_uuid_of_freeswitch_s_log() {
    let plain = messages(LOG, usize::MAX);
    let uuid = |nth: usize| format!("{nth:08x}-61a5-1240-acbc-b9d80b802424 ");
    let line = "2026-02-01 14:37:05.000000 99.00% [NOTICE] switch_loadable_module.c:384 Adding\n";
    // The first entry comes after all that decides what the text is.
    let start = |prefix: &str| format!("{prefix}{line}").repeat(1000);
    assert_eq!(messages(&(start(&uuid(7)) + &each_line(|_| uuid(7))), usize::MAX), plain);
    assert_eq!(messages(&(start(&uuid(7)) + &each_line(|nth| uuid(nth / 9))), usize::MAX), plain);
    // FreeSWITCH's own: lines about calls have it, entries do not.
    assert_eq!(messages(&(start(&uuid(7)) + LOG), usize::MAX), plain);
    assert_eq!(messages(&(start("") + &start(&uuid(7)) + LOG), usize::MAX), plain);
}

/// What changes from line to line.
fn numbers_and_words() -> Vec<(&'static str, String)> {
    vec![
        ("cat -n", each_line(|nth| format!("{:6}\t", nth + 1))),
        ("less -N", each_line(|nth| format!("{:7} ", nth + 1))),
        ("a number that gets wider", each_line(|nth| format!("{} ", nth + 1))),
        ("numbers on the left", each_line(|nth| format!("{:<4}", nth + 1))),
        ("vim", each_line(|nth| format!("{:3} ", nth + 98))),
        (
            "vim's relative numbers",
            each_line(|nth| if nth == 12 { "13  ".to_owned() } else { format!("{:3} ", nth.abs_diff(12)) }),
        ),
        ("grep -n", each_line(|nth| format!("{}:", nth + 1))),
        (
            "grep -nA",
            lines(LOG.lines().enumerate().map(|(nth, line)| {
                format!("{}{}{line}", nth + 95, if line.contains(" bytes ") { ':' } else { '-' })
            })),
        ),
        (
            "grep -nHA",
            lines(LOG.lines().enumerate().map(|(nth, line)| {
                let sign = if line.contains(" bytes ") { ':' } else { '-' };
                format!("fs-1.log{sign}{}{sign}{line}", nth + 8)
            })),
        ),
        (
            "git blame",
            each_line(|nth| {
                let (hash, who) =
                    [("^a1b2c3d", "Ann"), ("12345678", "Bob Lee"), ("abcdef12", "Zoë")][nth / 5 % 3];
                format!("{hash} ({who:8} 2026-02-01 14:37:05 +0100 {:2}) ", nth + 1)
            }),
        ),
        ("dmesg", each_line(|nth| format!("[{:5}.{:06}] ", nth + 998, nth * 7919))),
        ("multilog", each_line(|nth| format!("@40000000697f63fb{nth:08x} "))),
        ("seconds", each_line(|nth| format!("17699566{:02}.{nth} ", nth + 20))),
        ("klog", each_line(|nth| format!("I0201 14:37:05.{nth:06}    {} x.go:{}] ", nth % 3, nth + 1))),
        ("levels", each_line(|nth| format!("[{}] ", ["INFO", "DEBUG", "INFO", "INFO", "WARNING"][nth % 5]))),
        ("padded levels", each_line(|nth| format!("{:7} | ", ["INFO", "DEBUG", "WARNING"][nth % 3]))),
        ("a random number", each_line(|nth| format!("{:08x}-{:04x} ", nth * 0x0123_4567, nth * 977 % 65536))),
    ]
}

/// Lines without a prefix, of other programs, or that are missing.
fn some_lines_only() -> Vec<(&'static str, String)> {
    let old = SYSLOG;
    vec![
        ("trimmed mail", each_line(|_| "> ".to_owned()).replace("> \n", ">\n")),
        ("another program between", each_line(|_| "other_1 | x\nfs_1    | ".to_owned())),
        ("nl", not_empty(|nth| format!("{:6}\t", nth + 1)).replace("\n\n", "\n       \n")),
        ("mail, not empty", not_empty(|_| "> ".to_owned())),
        ("comment, not empty", not_empty(|_| "# ".to_owned())),
        ("syslog, not empty", not_empty(|nth| format!("Feb  1 14:37:{nth:02} host fs[1]: "))),
        ("compose, not empty", not_empty(|_| "fs-0  | ".to_owned())),
        ("compose, two widths", each_line(|nth| format!("fs-0{} | ", " ".repeat(nth / 7 % 3)))),
        ("compose, coloured", each_line(|_| "\u{1b}[36mfs-0  |\u{1b}[0m ".to_owned())),
        (
            "another program between, of many widths",
            each_line(|nth| format!("db-{nth} | 2026 x: y\nfs-0{} | ", " ".repeat(nth / 10))),
        ),
        ("another program's empty lines between", each_line(|_| "\nfs_1    | ".to_owned())),
        ("dropped empty lines", {
            let kept = LOG.lines().filter(|line| !line.is_empty());
            lines(kept.map(|line| format!("{old}{line}")))
        }),
    ]
}

/// What `script` has recorded of `fs_cli`: the prompt and its erasure before headers, colours before the log's lines.
fn captures() -> Vec<(&'static str, String)> {
    let erased = "\u{1b}[mfreeswitch@fs> \r\u{1b}[K\u{1b}[m";
    let screen = |line: &str| match line {
        _ if line.contains(" bytes ") => format!("{erased}{line}\r"),
        _ if line.starts_with("2026-") => format!("\u{1b}[33m{line}\r"),
        _ => format!("{line}\r"),
    };
    let each = |prefix: &str| lines(LOG.lines().map(|line| format!("{prefix}{}", screen(line))));
    vec![
        ("compose, fs_cli", each("sip-1  | ")),
        ("compose, coloured, fs_cli", each("\u{1b}[36msip-1  |\u{1b}[0m ")),
        // The name begins as the prompt does.
        ("compose, freeswitch, fs_cli", each("freeswitch_1  | ")),
        ("syslog, fs_cli", each(SYSLOG)),
        ("mail, fs_cli", each("> ")),
        ("blanks, fs_cli", each("    ")),
    ]
}

/// As in the source of a web page.
fn html(log: &str) -> String {
    log.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn entities_in_a_body_stay_as_they_are() {
    let body = "<a>&lt;sip:1@x&gt; &amp;amp; &quot;</a>";
    let message = format!(
        "MESSAGE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let header = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 05:32:29.870740:", message.len());
    let log = format!("{header}\n{}\n{}\n", "-".repeat(72), message.replace("\r\n", "\n"));
    let log = format!("{log}{log}");
    for text in [log.clone(), html(&log), lines(log.lines().map(|line| format!("> {line}")))] {
        let found: Vec<_> = messages(&text, 8192).into_iter().map(|(_, content)| content).collect();
        assert_eq!(found, [message.as_bytes(), message.as_bytes()], "{text}");
    }
}

/// Lines or records in quotes, with escapes, or with something after them.
fn records() -> Vec<(&'static str, String)> {
    let old = SYSLOG;
    let json = |line: &str| serde_json::to_string(line).unwrap();
    vec![
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
        ("a table", lines(LOG.lines().map(|line| format!("| {line:76} |")))),
        ("a backslash", lines(LOG.lines().map(|line| format!("{line} \\")))),
        ("HTML", html(LOG)),
        ("HTML after a prefix", lines(html(LOG).lines().map(|line| format!("fs-0  | {line}")))),
        ("a line end in HTML", lines(LOG.lines().map(|line| format!("{line}<br/>")))),
        ("quotes", lines(LOG.lines().map(|line| format!("\"{}\"", line.replace('"', "\"\""))))),
        (
            "CSV",
            lines(LOG.lines().enumerate().map(|(nth, line)| {
                format!("2026-02-01T14:37:{nth:02}Z,fs-0,\"{}\"", line.replace('"', "\"\""))
            })),
        ),
        (
            "CSV of whole records",
            each_record(|record| format!("2026-02-01,fs-0,\"{}\"\n", record.replace('"', "\"\""))),
        ),
        ("rsyslog, CRLF", each_record(|record| format!("{old}{}\n", record.replace('\n', "#015#012")))),
        ("logfmt", each_record(|record| format!("ts=1 msg={} caller=x\n", json(record)))),
        ("octal numbers", each_record(|record| format!("{old}{}\n", record.replace('\n', "\\012")))),
        (
            "JSON after a prefix",
            lines(LOG.lines().map(|line| format!("fs-0 | {{\"msg\":{},\"level\":\"info\"}}", json(line)))),
        ),
        ("journald's JSON", lines(LOG.lines().map(|line| format!("{{\"MESSAGE\":{}}}", json(line))))),
    ]
}

fn all() -> Vec<(&'static str, String)> {
    [collectors(), numbers_and_words(), some_lines_only(), captures(), records()].concat()
}

#[test]
fn any_prefix_gives_the_same_messages() {
    let expected = messages(LOG, 8192);
    assert_eq!(expected.len(), 3);
    assert_eq!(expected[0].0, "2026-02-01 14:37:05.523603");
    for (name, text) in all() {
        for chunk in [8192, 7] {
            let found = messages(&text, chunk);
            let readable = |messages: &[(String, Vec<u8>)]| -> Vec<String> {
                messages.iter().map(|(at, text)| format!("{at} {}", String::from_utf8_lossy(text))).collect()
            };
            assert_eq!(readable(&found), readable(&expected), "{name}, {chunk} bytes at once");
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn a_prefix_may_begin_end_or_change_in_the_middle() {
    let one = messages(LOG, 8192);
    let compose = each_line(|_| "sip-1  | ".to_owned());
    for (name, text) in all() {
        // A message of a mail may quote the log, but a byte order mark is only at the beginning.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        for pieces in [
            &[LOG, text][..],
            &[text, LOG],
            &[LOG, text, LOG, text, &compose, LOG],
            &[text, &compose, text],
            &[&"a line of another program\n".repeat(3000), LOG, text],
        ] {
            let all = pieces.concat();
            let expected: Vec<_> = pieces.iter().flat_map(|piece| messages(piece, 8192)).collect();
            assert!(expected.len() == pieces.len() * 3 || pieces[0].starts_with("a line"));
            let expected: Vec<_> = expected.into_iter().map(|(_, content)| content).collect();
            for chunk in [usize::MAX, 7] {
                let found: Vec<_> = messages(&all, chunk).into_iter().map(|(_, content)| content).collect();
                assert_eq!(
                    found.len(),
                    expected.len(),
                    "{name}, {} pieces, {chunk} bytes at once",
                    pieces.len()
                );
                assert!(found == expected, "{name}, {} pieces", pieces.len());
            }
        }
    }
    assert_eq!(one.len(), 3);
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

/// The lines of two texts in turn.
fn interleaved(one: &str, other: &str) -> String {
    let (mut one, mut other) = (one.lines(), other.lines());
    let mut out = String::new();
    loop {
        match (one.next(), other.next()) {
            (None, None) => return out,
            lines => [lines.0, lines.1].into_iter().flatten().for_each(|line| {
                out += line;
                out += "\n";
            }),
        }
    }
}

#[test]
fn entries_of_several_sources_may_be_interleaved() {
    let other = LOG.replace("c1@x", "c2@x");
    let mut expected = messages(LOG, 8192);
    expected.extend(messages(&other, 8192));
    expected.sort();
    let shifted = "# Feb  1 14:37:05 host\n".repeat(3);
    for (name, one, two) in [
        ("names with numbers", "fs-0  | ", "fs-1  | "),
        ("names", "freeswitch-blue | ", "freeswitch-red  | "),
        ("hosts", "Feb  1 14:37:05 a fs[1]: ", "Feb  1 14:37:05 b fs[1]: "),
        ("addresses", "10.0.0.1 ", "10.0.0.2 "),
        ("pods", "[pod/fs-6d5-x1/fs] ", "[pod/fs-6d5-x2/fs] "),
    ] {
        let each = |text: &str, prefix: &str| lines(text.lines().map(|line| format!("{prefix}{line}")));
        let (one, two) = (each(LOG, one), each(&other, two));
        for text in [interleaved(&one, &two), interleaved(&one, &format!("{shifted}{two}"))] {
            let mut found = messages(&text, 8192);
            assert_eq!(messages(&text, 7), found, "{name}");
            found.sort();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_reported_and_never_printed_short() {
    let random = |nth: usize| "x+/ y-".repeat(nth * 7919 % 5) + &"ab ".repeat(nth * 104_729 % 3) + "= ";
    let broken_later = lines(LOG.lines().enumerate().map(|(nth, line)| match nth {
        0..30 => format!("fs | {line}"),
        _ => format!("{}{line}", random(nth)),
    }));
    for (text, count, expected) in [
        (each_line(random), 0, "looks like a siptrace log with something before each line"),
        (
            broken_later,
            1,
            "looks like a siptrace log with something before each line; 2 of its 3 entries cannot be read and are left out, the first at byte 767",
        ),
        (
            LOG.to_owned() + &each_line(random),
            3,
            "looks like a siptrace log with something before each line; 3 of its 6 entries cannot be read and are left out, the first at byte 1465",
        ),
    ] {
        let mut dump = Vec::new();
        let error = Sniffed::new(text.as_bytes()).read_to_end(&mut dump).unwrap_err();
        assert_eq!(error.to_string(), expected);
        let mut reader = MessageReader::new(&dump[..]);
        for (_, expected) in messages(LOG, 8192).iter().take(count) {
            assert_eq!(reader.next_message().unwrap().unwrap().content, expected);
        }
        assert!(reader.next_message().unwrap().is_none());
    }
}

#[test]
fn the_last_entry_is_returned_when_a_followed_log_is_idle() {
    /// A text after which there are no more bytes for a while.
    struct Following<'a>(&'a [u8]);
    impl Read for Following<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer) {
                Ok(0) => Err(Idle::pause(Idle::SHORT)),
                read => read,
            }
        }
    }
    // The first entry ends with the body, the second with the head.
    for (count, lines_of_entries) in [(1, 23), (1, 24), (1, 26), (2, 34), (2, 35)] {
        for prefix in ["", "fs-0 | ", "> "] {
            let text = lines(LOG.lines().take(lines_of_entries).map(|line| format!("{prefix}{line}")));
            let mut sniffed = Sniffed::new(Following(text.as_bytes()));
            let (mut dump, mut buffer) = (Vec::new(), [0; 8192]);
            while let Ok(read) = sniffed.read(&mut buffer) {
                dump.extend_from_slice(&buffer[..read]);
            }
            let mut reader = MessageReader::new(&dump[..]);
            for (_, expected) in messages(LOG, 8192).iter().take(count) {
                let found = reader.next_message().unwrap().expect("held back");
                assert_eq!(found.content, expected, "{prefix}{lines_of_entries}");
            }
            assert!(reader.next_message().unwrap().is_none(), "{prefix}{lines_of_entries}");
        }
    }
}
