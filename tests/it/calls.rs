//! `--calls`: the table, the JSON, and the filter fields about calls, on the built-in sample.
//!
//! Must not know: how legs are found.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use sofiatui::filter::{Filter, Matcher, Verdict};
use sofiatui::load::InputSpec;
use sofiatui::store::{RowRef, Snapshot, WindowReader};

use crate::support::{fixture, loaded};

fn run(args: &[&str]) -> (i32, Vec<String>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sofiatui")).args(args).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    (output.status.code().unwrap(), lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn calls(filter: &str) -> Vec<Value> {
    let (_, lines, _) = run(&["--demo", "--calls", "--json", "-f", filter]);
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_call_has_a_verdict_whose_message_exists() {
    let (status, lines, _) = run(&["--demo", "--calls", "--json"]);
    assert_eq!(status, 0);
    assert!(!lines.is_empty());
    for line in lines {
        let call: Value = serde_json::from_str(&line).unwrap();
        assert!(call["verdict"]["message"].as_u64().unwrap() > 0, "{call}");
        assert!(!call["legs"].as_array().unwrap().is_empty());
    }
}

#[test]
fn fields_about_calls_choose_by_what_the_json_says() {
    for state in ["answered", "busy", "cancelled"] {
        let found = calls(&format!("state:{state}"));
        assert!(!found.is_empty() && found.iter().all(|call| call["state"] == state), "{found:?}");
    }
    // A fork that lost, or a carrier that failed, does not make an answered call a failed one.
    let (answered, others) = (calls("is:answered"), calls("kind:call -is:answered"));
    assert!(answered.iter().all(|call| call["state"] == "answered"), "{answered:?}");
    assert!(others.iter().all(|call| call["state"] != "answered"), "{others:?}");
    assert_eq!(answered.len() + others.len(), calls("kind:call").len());
    let failed: Vec<_> = calls("is:failed").iter().map(|call| call["state"].clone()).collect();
    assert_eq!(failed, ["busy", "no-answer", "rejected"]);
    assert!(calls("kind:register").iter().all(|dialog| dialog["kind"] == "register"));
}

#[test]
fn columns_are_chosen_and_others_refused() {
    let (status, lines, _) = run(&["--demo", "--calls", "--columns", "state,why"]);
    assert_eq!(
        (status, lines[0].as_str()),
        (0, &*format!("{:1$}  why", "state", lines[0].find("why").unwrap() - 2))
    );
    let (status, _, error) = run(&["--demo", "--calls", "--columns", "colour"]);
    assert_eq!(status, 2);
    assert!(error.contains("no column 'colour'"), "{error}");
}

/// The 1-based numbers of the messages that the browser shows with `filter`.
fn shown(snapshot: &Snapshot, filter: &str) -> Vec<u64> {
    let (mut matcher, mut reader) = (Matcher::new(&Filter::parse(filter).unwrap()), WindowReader::default());
    let mut is_shown = |row: &RowRef<'_>| match matcher.facts(row) {
        Verdict::NeedsBytes => matcher.message(row, reader.message(snapshot, row.index).unwrap()),
        verdict => verdict == Verdict::Yes,
    };
    let rows = snapshot.rows_from(0);
    rows.filter(|row| is_shown(row)).map(|row| u64::from(row.index) + 1).collect()
}

/// The numbers that `filter` leaves when printing, found by asking for each number apart.
fn printed(inputs: &[&str], filter: &str, all: &[String]) -> Vec<u64> {
    let (_, lines, error) = run(&[inputs, &["--summary", "--all-methods", "-f", filter]].concat());
    assert_eq!(error, "", "{filter}");
    // Lines come in the order of the messages.
    let mut rest = (1..).zip(all);
    let number = |line: &String| rest.find(|(_, other)| *other == line).map(|(number, _)| number).unwrap();
    lines.iter().map(number).collect()
}

const ABOUT_CALLS: [&str; 26] = [
    "state:busy",
    "-state:answered",
    "state:in-progress or state:no-answer",
    "kind:register",
    "kind:call method:bye",
    "side:a",
    "pdd>0.1",
    "setup<1 is:request",
    "talk>5",
    "messages>12",
    "hangup:peer",
    "hangup:freeswitch",
    "cause:17",
    "cause:normal",
    "finding~.",
    "finding:early-media",
    "verdict:\"hung up\"",
    "verdict!=answered",
    "user:1012",
    "is:answered",
    "is:failed",
    "is:failed is:response",
    "is:held",
    "is:transferred",
    "is:emergency",
    "-is:answered -is:failed is:unanswered",
];

#[test]
fn printing_and_the_browser_find_the_same_about_calls() {
    let fixtures = ["internal", "external", "esinet"].map(|name| fixture(&format!("legs/{name}.dump.xz")));
    let names = fixtures.each_ref().map(|path| path.to_str().unwrap());
    let torture = fixture("real/restart-in-the-middle.dump");
    for inputs in [&["--demo"][..], &names, &[torture.to_str().unwrap()]] {
        let specs = match inputs {
            ["--demo"] => vec![InputSpec::Demo],
            files => InputSpec::of_names(&files.iter().map(PathBuf::from).collect::<Vec<_>>()),
        };
        let snapshot = loaded(specs);
        let (_, all, _) = run(&[inputs, &["--summary", "--all-methods"]].concat());
        assert_eq!(all.len(), snapshot.len());
        for filter in ABOUT_CALLS {
            assert_eq!(printed(inputs, filter, &all), shown(&snapshot, filter), "{inputs:?} {filter}");
        }
    }
}

#[test]
fn every_output_and_a_pipe_take_a_filter_about_calls() {
    let (_, lines, _) = run(&["--demo", "--summary", "-f", "state:busy"]);
    assert!(!lines.is_empty());
    let (_, json, _) = run(&["--demo", "--json", "-f", "state:busy"]);
    assert_eq!(json.len(), lines.len());
    let (_, stats, _) = run(&["--demo", "--stats", "--json", "-f", "state:busy"]);
    let stats: Value = serde_json::from_str(&stats[0]).unwrap();
    assert_eq!(stats["messages"], lines.len());
    let (_, dialogs, _) = run(&["--demo", "--summary", "-D", "-f", "state:busy method:ack"]);
    assert!(dialogs.len() > 2);
    let (_, ladder, _) = run(&["--demo", "--ladder", "-f", "state:busy"]);
    assert!(ladder.iter().any(|line| line.contains("486 Busy Here")), "{ladder:?}");
    let (_, raw, _) = run(&["--demo", "--raw"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_sofiatui"))
        .args(["--summary", "-f", "state:busy", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all((raw.join("\n") + "\n").as_bytes()).unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&piped.stdout).lines().count(), lines.len());
}

#[test]
fn what_matches_no_call_ends_with_status_1() {
    assert_eq!(run(&["--demo", "--summary", "-f", "state:redirected"]).0, 1);
}
