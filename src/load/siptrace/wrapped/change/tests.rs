//! Logs in which something before each line begins, ends or changes with any line: each message is read as from the
//! plain log, or reported.

use std::io::Read;

use crate::load::decode::sniff::Sniffed;
use crate::message::MessageReader;

const LOG: &str = include_str!("../../../../../tests/fixtures/field/log-plain.log");

/// A way of writing the line with this number.
type Written = fn(usize, &str) -> String;

fn json(_: usize, line: &str) -> String {
    let text = serde_json::to_string(&format!("{line}\n")).unwrap();
    format!("{{\"log\":{text},\"time\":\"2026-02-01T14:37:05Z\"}}")
}

const WAYS: [(&str, Written); 14] = [
    ("plain", |_, line| line.to_owned()),
    ("compose", |_, line| format!("fs-0  | {line}")),
    ("compose, trimmed", |_, line| format!("fs-0  | {line}").trim_end().to_owned()),
    ("compose, coloured", |_, line| format!("\u{1b}[36mfs-0  |\u{1b}[0m {line}")),
    ("syslog", |nth, line| format!("Feb  1 14:37:{:02} host fs[1]: {line}", nth % 60)),
    ("kubernetes", |_, line| format!("2026-02-01T14:37:05.1Z stdout F {line}")),
    ("mail", |_, line| format!("> {line}")),
    ("comment", |_, line| format!("// {line}")),
    ("numbers", |nth, line| format!("{:6}\t{line}", nth + 1)),
    // As FreeSWITCH's own before lines about calls.
    ("uuid", |_, line| format!("4a73122f-6743-477a-bc11-dbf5eb9dbdf2 {line}")),
    ("tab", |_, line| format!("\t{line}")),
    ("blanks", |_, line| format!("    {line}")),
    ("klog", |nth, line| format!("I0201 14:37:05.{nth:06}    {} x.go:{}] {line}", nth % 3, nth + 1)),
    ("docker", json),
];

/// The messages, and the error at the end.
fn read(log: &str) -> (Vec<String>, Option<String>) {
    let mut dump = Vec::new();
    let error = Sniffed::new(log.as_bytes()).read_to_end(&mut dump).err().map(|error| error.to_string());
    let mut reader = MessageReader::new(&dump[..]);
    let mut found = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        found.push(String::from_utf8_lossy(message.content).into_owned());
    }
    (found, error)
}

/// The log with its lines from number `from` on written in another way.
fn changing(one: Written, other: Written, from: usize) -> String {
    let written = |(nth, line)| (if nth < from { one } else { other })(nth, line) + "\n";
    LOG.lines().enumerate().map(written).collect()
}

#[test]
fn a_prefix_that_begins_ends_or_changes_with_any_line_changes_no_message() {
    let expected = read(LOG).0;
    assert_eq!(expected.len(), 3);
    for (one, (name, before)) in WAYS.into_iter().enumerate() {
        for (other, (next, after)) in WAYS.into_iter().enumerate() {
            // Each with plain lines, and with the next two ways; blanks may also be a part of others.
            let is_blank = |name| matches!(name, "tab" | "blanks");
            let is_near = matches!(other.abs_diff(one), 1 | 2) && !is_blank(name) && !is_blank(next);
            if other == one || !(one == 0 || other == 0 || is_near) {
                continue;
            }
            for from in 1..LOG.lines().count() {
                let (found, error) = read(&changing(before, after, from));
                let what = format!("{name}, {next} from line {from}");
                // Where only the last blank lines have a prefix, nothing shows what it is; two prefixes of blanks are
                // hard to distinguish.
                let is_plain = one == 0 || other == 0;
                if error.is_none() || (is_plain && from < 46) {
                    assert_eq!(found, expected, "{what}: {error:?}");
                    assert_eq!(error, None, "{what}");
                } else {
                    // The other two are right.
                    assert!(found.iter().filter(|message| expected.contains(message)).count() >= 2, "{what}");
                }
            }
        }
    }
}

#[test]
fn what_cannot_be_read_from_a_line_on_is_reported() {
    // Nothing shows what is before the lines: it is different in each, and the log has no other entry.
    let noise: Written = |nth, line| format!("{} {line}", "xy=: ".repeat(nth % 7 + 1));
    for from in 4..LOG.lines().count() - 3 {
        let (found, error) = read(&changing(|_, line| line.to_owned(), noise, from));
        let plain = read(LOG).0;
        let is_right = found.iter().all(|message| plain.contains(message)) && found.len() == 3;
        assert!(is_right || error.is_some(), "from line {from}: {found:#?}");
    }
}

#[test]
fn an_entry_that_is_followed_by_other_text_is_read_as_before() {
    let entry: String = LOG.split_inclusive('\n').skip(1).take(23).collect();
    for after in [
        "+OK\n\nName  Type  Data\n=====\n",
        "=====\n",
        "    indented\n",
        "> quoted\n",
        "| a table |\n",
        "{\"log\":\"text\\n\"}\n",
    ] {
        for log in
            [format!("{entry}{after}{LOG}"), format!("{LOG}{after}"), format!("{entry}\n{after}{entry}")]
        {
            let (found, error) = read(&log);
            let plain = read(&log.replace(after, "")).0;
            assert_eq!((found, error), (plain, None), "{after}");
        }
    }
}
