//! `--calls`: the table, the JSON, and the filter fields about calls, on the built-in sample.
//!
//! Must not know: how legs are found.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use serde_json::Value;
use sofiatui::app::{App, Event};
use sofiatui::calls::{Calls, Handle};
use sofiatui::filter::{Filter, Matcher, Verdict};
use sofiatui::load::InputSpec;
use sofiatui::store::{RowRef, Snapshot, WindowReader};

use crate::support::{Browser, fixture, loaded};

fn run(args: &[&str]) -> (i32, Vec<String>, String) {
    let output = crate::support::program().args(args).output().unwrap();
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
    // Pings are hidden, unless they are asked for.
    assert!(
        !calls("kind:ping").is_empty() && calls("kind:ping").iter().all(|dialog| dialog["kind"] == "ping")
    );
    assert!(calls("kind:call or -kind:ping").iter().all(|dialog| dialog["kind"] != "ping"));
    assert!(calls("kind:register").iter().all(|dialog| dialog["kind"] == "register"));
}

#[test]
fn each_call_names_its_ends_who_ended_it_and_how_long_it_rang_and_lasted() {
    let said = |call: &Value| {
        let ms = |key: &str| call[key].as_f64().map_or("-".to_owned(), |ms| format!("{ms:.0}"));
        let word = |key: &str| call[key].as_str().unwrap_or("-").to_owned();
        [word("from"), word("to"), word("ended_by"), ms("ring_ms"), ms("talk_ms")].join(" ")
    };
    assert_eq!(
        calls("kind:call").iter().map(said).collect::<Vec<_>>(),
        [
            "1011 1012 caller 1612 4202",
            "1016 912125550143 callee 2419 5500",
            "+15035550117 +12025550111 caller 2117 6003",
            "1013 93035550126 callee - -",
            "+14085550164 +12025550112 caller 3401 -",
            "1010 1013 freeswitch 8926 -",
            "+12145550178 service:sos caller 2203 9002",
            "+16145550139 +12025550101 caller 2600 6502",
            "1016 915125550155 callee 1512 4020",
            "1010 92025550190 callee - -",
            "+18085550102 +12025550110 callee 1109 7479",
            // FreeSWITCH's own voicemail answers at once.
            "1013 *98 freeswitch - 2500",
            "+19195550144 911 caller 1512 5002",
            "1010 912125550166 caller 1311 3002",
            "1013 912125550166 caller 1313 5003",
            // Still up: until the trace ends.
            "1011 912125550118 - 1011 3907",
        ]
    );
}

/// The calls with a matching message, by the number of their first leg, and how many other dialogs have one.
fn in_the_library(snapshot: &Snapshot, filter: &str) -> (BTreeSet<u64>, usize) {
    let calls = Calls::of(snapshot).unwrap();
    let rows = shown(snapshot, filter).into_iter().filter_map(|number| snapshot.row(number as u32 - 1));
    let (mut legs, mut dialogs) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        match calls.of_row(row.row) {
            Some(Handle::Leg(leg)) => _ = legs.insert(u64::from(calls.joins().call_of(leg)) + 1),
            Some(Handle::Dialog(dialog)) => _ = dialogs.insert(dialog),
            None => {}
        }
    }
    (legs, dialogs.len())
}

#[test]
fn calls_printed_and_the_calls_screen_find_what_the_library_finds() {
    let snapshot = loaded(vec![InputSpec::Demo]);
    for filter in ABOUT_CALLS {
        let (wanted, dialogs) = in_the_library(&snapshot, filter);
        let (_, lines, _) = run(&["--demo", "--calls", "--json", "-f", filter]);
        let lines: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (printed, others): (Vec<&Value>, Vec<&Value>) =
            lines.iter().partition(|line| line["call"].is_u64());
        let printed: BTreeSet<u64> = printed.iter().map(|call| call["call"].as_u64().unwrap()).collect();
        assert_eq!(printed, wanted, "--calls {filter}");

        let mut browser = Browser::new(120, 40, Snapshot::default());
        browser.app = App::with_calls(Filter::parse(filter).unwrap());
        browser.event(Event::Loaded(Arc::clone(&snapshot)));
        browser.draw();
        let listing = &browser.calls().listing;
        let legs = listing.entries.iter().filter_map(|entry| listing.leg(*entry));
        assert_eq!(legs.map(|leg| u64::from(leg) + 1).collect::<BTreeSet<_>>(), wanted, "screen {filter}");
        if filter.contains("kind") {
            assert_eq!((others.len(), listing.dialogs), (dialogs, dialogs), "{filter}");
        }
    }
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

const ABOUT_CALLS: [&str; 27] = [
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
    "finding:cut-by-restart",
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
fn below_the_registrations_the_users_are_listed_whose_registrations_fail() {
    let (_, lines, _) = run(&["--demo", "--calls", "-f", "kind:register"]);
    let below = |heading: &str| {
        let at = lines.iter().position(|line| line.starts_with(heading)).unwrap();
        lines[at + 1..].iter().take_while(|line| !line.is_empty()).cloned().collect::<Vec<_>>()
    };
    let failing = below("failing user");
    assert!(failing[0].starts_with("1016 ") && failing[0].contains("wrong password"), "{lines:?}");
    assert_eq!(failing.len(), 1, "the last result counts");
    let late = below("registered in the end");
    assert!(late[0].ends_with("trunk4711 registered at the 2nd attempt: 1 was not answered"), "{lines:?}");
    let (_, calls, _) = run(&["--demo", "--calls"]);
    assert!(!calls.iter().any(|line| line.starts_with("failing user")));
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
    let mut child = crate::support::program()
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

#[test]
fn without_a_matching_call_the_filter_for_other_dialogs_is_told() {
    for (args, hint) in [
        (&["-m", "REGISTER"][..], "with -f kind:register\n"),
        (&["-m", "OPTIONS"], "with -f kind:ping\n"),
        (&["-f", "kind:register state:busy"], ""),
        (&["-c", "nowhere"], ""),
    ] {
        let (status, lines, error) = run(&[&["--demo", "--calls"], args].concat());
        assert_eq!((status, lines.len()), (1, 0), "{args:?}");
        assert!(error.ends_with(hint) && error.is_empty() == hint.is_empty(), "{args:?}: {error}");
    }
}

#[test]
fn json_names_each_identifier_once_and_has_no_columns() {
    for line in calls("kind~.") {
        for list in ["incidents", "identifiers"] {
            let all: Vec<_> = line[list].as_array().unwrap().iter().map(Value::to_string).collect();
            let once: std::collections::BTreeSet<_> = all.iter().collect();
            assert_eq!(once.len(), all.len(), "{all:?}");
        }
    }
    let (status, lines, error) = run(&["--demo", "--calls", "--json", "--columns", "why"]);
    assert_eq!((status, lines.len()), (2, 0));
    assert!(error.contains("cannot be used with") && error.contains("'--columns <NAMES>'"), "{error}");
}

#[test]
fn identifiers_of_emergency_calls_find_calls_and_notifies() {
    let found = calls("incident:ayxjmqcwh04");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["incidents"][0], "urn:emergency:uid:incidentid:ayxjmqcwh04:bcf.example.net");
    assert_eq!(found[0]["legs"].as_array().unwrap().len(), 3, "all legs of the call");
    let call = found[0]["identifiers"][0].as_str().unwrap().to_owned();
    assert!(call.starts_with("urn:emergency:uid:callid:"), "{call}");
    assert_eq!(calls(&format!("emergency:{}", call.rsplit(':').nth(1).unwrap())), found);
    // An identifier inside the JSON of an abandoned call is one of the NOTIFY that reports it.
    let reports = calls("emergency:w6ixrix5xwd kind:subscription");
    assert!(!reports.is_empty() && reports.iter().all(|report| report["kind"] == "subscription"));
}

/// Two legs that share nothing but a header field.
fn two_legs() -> String {
    let invite = |direction: &str, time: &str, from: &str, to: &str, call_id: &str, link: &str| {
        let content = format!(
            "INVITE sip:{to}@b.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z{call_id}\r\n\
             From: <sip:{from}@a.example>;tag={from}\r\nTo: <sip:{to}@b.example>\r\nCall-ID: {call_id}\r\n\
             CSeq: 1 INVITE\r\nTrace-Link: {link}\r\n\r\n"
        );
        let (len, way) = (content.len(), if direction == "recv" { "from" } else { "to" });
        format!("{direction} {len} bytes {way} udp/[192.0.2.7]:5060 at {time}:\n{content}\x0b\n")
    };
    [
        pair_of(&invite, "one", "06:00:00.000000", "06:00:09.000000", ["aa1", "aa1"]),
        pair_of(&invite, "two", "06:00:20.000000", "06:00:29.000000", ["zz7", "aa@two"]),
    ]
    .concat()
}

type Invite<'a> = &'a dyn Fn(&str, &str, &str, &str, &str, &str) -> String;

fn pair_of(invite: Invite<'_>, name: &str, first: &str, second: &str, links: [&str; 2]) -> String {
    let a = invite("recv", first, "16025550101", "12025550102", &format!("aa@{name}"), links[0]);
    let b = invite("sent", second, "33155501030", "44205550104", &format!("bb@{name}"), links[1]);
    a + &b
}

#[test]
fn a_header_that_the_user_names_joins_by_equal_values_and_by_naming_a_call_id() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("links.dump");
    std::fs::write(&path, two_legs()).unwrap();
    let path = path.to_str().unwrap();
    let legs = |args: &[&str]| {
        let (_, lines, _) = run(&[&["--calls", "--json", path], args].concat());
        let count =
            |line: &String| serde_json::from_str::<Value>(line).unwrap()["legs"].as_array().unwrap().len();
        lines.iter().map(count).collect::<Vec<_>>()
    };
    assert_eq!(legs(&[]), [1, 1, 1, 1]);
    assert_eq!(legs(&["--leg-header", "trace-link"]), [2, 2]);
    assert_eq!(legs(&["--leg-header", "Other", "--leg-header", "Trace-Link"]), [2, 2]);
}
