//! Printing what one message alone does not show: ladders of calls that last for hours, dates, several inputs, filters on what
//! other messages make of one.

use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::Value;
use sofiatui::MessageReader;
use sofiatui::filter::{Filter, Matcher, Verdict};
use sofiatui::store::TextReader;

use crate::support::snapshot;

fn fixtures() -> PathBuf {
    crate::support::fixtures().to_owned()
}

/// Runs the program in the folder of the fixtures.
fn run(args: &[&str]) -> Output {
    fed(args, None)
}

/// The same with a fixture on the standard input.
fn fed(args: &[&str], stdin: Option<&str>) -> Output {
    let stdin = stdin.map_or_else(Stdio::null, |name| File::open(fixtures().join(name)).unwrap().into());
    let mut program = crate::support::program();
    program.args(args).current_dir(fixtures()).env("TZ", "UTC").stdin(stdin).output().unwrap()
}

/// What a run prints that is expected to succeed.
fn printed(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_ladder_of_a_call_of_hours_marks_no_response_as_late() {
    let ladder = printed(&["--ladder", "-m", "BYE", "ladder/bye-hours-later.dump"]);
    let arrows: String = ladder.lines().filter(|line| line.contains('│')).collect();
    assert_eq!(arrows.matches("200 OK").count(), 4, "{ladder}");
    assert!(!ladder.contains("late:"), "{ladder}");
}

/// Pings of many Call-IDs, each refused for a reason of its own.
fn refused_pings(count: usize) -> String {
    let mut dump = String::new();
    for message in 0..2 * count {
        let number = message / 2;
        let (way, line, reason) = match message % 2 {
            0 => ("recv 179 bytes from", "OPTIONS sip:a@x SIP/2.0", String::new()),
            _ => ("sent 179 bytes to", "SIP/2.0 486 Busy Here", format!("Reason: SIP;cause={number}\r\n")),
        };
        let content = format!(
            "{line}\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{number}\r\nCall-ID: ping-{number}\r\n\
             CSeq: 1 OPTIONS\r\n{reason}Content-Length: 0\r\n\r\n"
        );
        let way = way.replace("179", &content.len().to_string());
        let (second, micros) = (message / 100, message % 100);
        let stamp = format!("06:{:02}:{:02}.0000{micros:02}", second / 60, second % 60);
        write!(dump, "{way} udp/[192.0.2.9]:5060 at {stamp}:\n{content}\x0b\n").unwrap();
    }
    dump
}

#[test]
fn the_ladders_of_many_calls_are_those_of_each_in_their_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pings.dump");
    std::fs::write(&path, refused_pings(5_000)).unwrap();
    let path = path.to_str().unwrap();
    let all = printed(&["--ladder", "--all-methods", path]);
    let ladders: Vec<&str> = all.split_inclusive("\n\n").collect();
    assert_eq!(ladders.len(), 5_000);
    for (number, ladder) in ladders.iter().enumerate() {
        assert!(ladder.starts_with(&format!("ping-{number}\n")), "{number}: {ladder}");
        assert!(ladder.contains(&format!("SIP {number}")), "{number}: {ladder}");
    }
    for number in [0, 127, 4_095, 4_999] {
        let alone = printed(&["--ladder", "--all-methods", "-c", &format!("^ping-{number}$"), path]);
        assert_eq!(alone, ladders[number]);
    }
}

#[test]
fn legs_prints_the_calls_over_all_profiles() {
    let of_call_id = printed(&["-D", "-f", "status=486 profile:internal", "--demo"]);
    let of_call = printed(&["--legs", "-f", "status=486 profile:internal", "--demo"]);
    assert!(of_call.lines().count() > of_call_id.lines().count());
    assert!(of_call_id.lines().all(|line| of_call.contains(line)));
    let ladder = printed(&["--ladder", "--legs", "-f", "status=486 profile:internal", "--demo"]);
    assert!(ladder.contains("joined with A (1.00): INVITE "), "{ladder}");
    assert!(ladder.contains("├┄┄┄┄┄┄┄┄┄├─ INVITE (SDP PCMU PCMA) ─▶│"), "{ladder}");
}

#[test]
fn the_configuration_file_names_header_fields_that_join_legs() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let dump = at("hunt.dump", &hunt(2));
    let config = at("own.toml", "leg-header = [\"X-CID\"]\n");
    let calls = |args: &[&str]| printed(&[&["--calls", "--json", &dump], args].concat()).lines().count();
    assert_eq!([calls(&["--no-config"]), calls(&["--config", &config])], [3, 1]);
    let shown = printed(&["--config", &config, "--print-config", "--leg-header", "Other"]);
    assert!(shown.contains("\nleg-header = [\"Other\", \"X-CID\"]\n"), "{shown}");
    let wrong = at("wrong.toml", "leg-header = []\nleg-headers = []\n");
    let unsafe_key = at("unsafe.toml", "\"f\\u001b[31moo\" = 1\n");
    for (name, said) in [
        (&unsafe_key, "unsafe.toml:1:1: unknown key 'f\\x1b[31moo'; known: filter, columns"),
        (&wrong, "wrong.toml:2:1: unknown key 'leg-headers'; did you mean 'leg-header'?\n"),
        (&format!("{wrong}x"), "wrong.tomlx: no such file\n"),
    ] {
        let output = run(&["--config", name, "--demo"]);
        assert_eq!(output.status.code(), Some(2));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(said), "{text}");
    }
    // The usual place.
    std::fs::create_dir(directory.path().join("sofiatui")).unwrap();
    at("sofiatui/config.toml", "leg-header = 5");
    let mut program = crate::support::program();
    program.env("XDG_CONFIG_HOME", directory.path()).args(["--demo", "--calls"]);
    assert_eq!(program.output().unwrap().status.code(), Some(2));
    assert_eq!(program.arg("--no-config").output().unwrap().status.code(), Some(0));
}

/// A dump of a call with this many B legs, one after the other, which a header field joins.
fn hunt(legs: usize) -> String {
    let mut dump = String::new();
    for leg in 0..=legs {
        let (direction, way) = if leg == 0 { ("recv", "from") } else { ("sent", "to") };
        let message = format!(
            "INVITE sip:b@example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z{leg}\r\nFrom: <sip:a@x>;tag={leg}\r\n\
             To: <sip:b@x>\r\nCall-ID: leg-{leg}\r\nCSeq: 1 INVITE\r\nX-CID: one\r\nContent-Length: 0\r\n\r\n"
        );
        let (len, seconds, millis) = (message.len(), leg / 10, leg % 10 * 100);
        let stamp = format!("06:{:02}:{:02}.{millis:03}000", seconds / 60, seconds % 60);
        write!(
            dump,
            "{direction} {len} bytes {way} udp/[192.0.2.{}]:5060 at {stamp}:\n{message}\x0b\n",
            leg % 20 + 1
        )
        .unwrap();
    }
    dump
}

#[test]
fn legs_that_a_ladder_does_not_draw_are_counted_and_all_are_printed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hunt.dump");
    std::fs::write(&path, hunt(262)).unwrap();
    let path = path.to_str().unwrap();
    let ladder = printed(&["--ladder", "--legs", "--leg-header", "X-CID", "-c", "leg-0", path]);
    assert!(ladder.ends_with("… 63 more legs are not drawn\n\n"), "{}", ladder.lines().last().unwrap());
    let all = printed(&["-D", "--legs", "--leg-header", "X-CID", "-c", "^leg-0$", path]);
    assert_eq!(all.lines().count(), 263);
}

#[test]
fn calls_are_found_by_their_legs_and_by_how_certain_these_are() {
    let count = |filter: &str| printed(&["--calls", "--json", "--demo", "-f", filter]).lines().count();
    let all = printed(&["--calls", "--json", "--demo"]).lines().count();
    assert_eq!(count("legs>1") + count("legs:1"), all);
    assert_eq!(count("legs>3"), 1);
    assert_eq!(count("pair>=0.9"), count("legs>1"));
    // A leg is named by a piece of its Call-ID; the call has the messages of both legs.
    assert_eq!(count("leg:17b23e62-61a5"), 1);
    let messages = |filter: &str| printed(&["--demo", "-f", filter]).lines().count();
    assert_eq!(messages("leg:17b23e62-61a5"), 11);
    assert_eq!(messages("leg:17b23e62-61a5 call-id:17b23e62-61a5"), messages("call-id:17b23e62-61a5"));
}

/// The start lines of the messages that the browser finds.
fn browsed(expression: &str, files: &[&str]) -> Vec<String> {
    let (snapshot, mut reader) = (snapshot(files, usize::MAX), TextReader::default());
    let mut matcher = Matcher::new(&Filter::parse(expression).unwrap());
    let mut found = Vec::new();
    for row in snapshot.rows_from(0) {
        let text = snapshot.text(&mut reader, row.index).unwrap().bytes;
        let holds = match matcher.facts(&row) {
            Verdict::NeedsBytes => matcher.message(&row, &text),
            verdict => verdict == Verdict::Yes,
        };
        if holds {
            found.push(String::from_utf8_lossy(&text).lines().next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// The start lines of the messages of a dump.
fn start_lines(dump: &[u8]) -> Vec<String> {
    let mut reader = MessageReader::new(dump);
    let mut lines = Vec::new();
    while let Some(message) = reader.next_message().unwrap() {
        lines.push(String::from_utf8_lossy(message.content).lines().next().unwrap_or_default().to_owned());
    }
    lines
}

#[test]
fn filters_that_depend_on_other_messages_match_as_in_the_browser() {
    let files = [
        "ladder/retransmissions-by-us.dump",
        "ladder/retransmissions.dump",
        "ladder/2xx-resent-tls.dump",
        "ladder/forked-18x.dump",
        "ladder/no-answer.dump",
        "ladder/cancelled.dump",
    ];
    for file in files {
        for expression in [
            "is:retransmission",
            "-is:retransmission",
            "is:unanswered",
            "-is:unanswered",
            "is:unanswered or is:response",
            "is:unanswered -is:retransmission",
            "method:bye or (is:unanswered 200)",
            "is:retransmission is:unanswered body~.",
        ] {
            let want = browsed(expression, &[file]);
            for mode in ["--raw", "--frames"] {
                let args = [mode, "--all-methods", "-f", expression];
                let from_file = run(&[&args[..], &[file]].concat()).stdout;
                assert_eq!(start_lines(&from_file), want, "{args:?} {file}");
                assert_eq!(
                    start_lines(&fed(&args, Some(file)).stdout),
                    want,
                    "{args:?} {file} through a pipe"
                );
            }
            let stats = printed_or_nothing(&["--stats", "--json", "--all-methods", "-f", expression, file]);
            let stats: Value = serde_json::from_str(&stats).unwrap();
            assert_eq!(stats["messages"], want.len(), "{expression} {file}");
            let json = printed_or_nothing(&["--json", "--all-methods", "-f", expression, file]);
            assert_eq!(json.lines().count(), want.len(), "{expression} {file}");
            let dialog = printed_or_nothing(&["--raw", "-D", "--all-methods", "-f", expression, file]);
            let all = browsed("", &[file]).len();
            // Each of these files has one call.
            assert_eq!(start_lines(dialog.as_bytes()).len(), if want.is_empty() { 0 } else { all }, "{file}");
        }
    }
    for (expression, count) in [("is:retransmission", 4), ("is:unanswered", 5)] {
        assert_eq!(browsed(expression, &files[..1]).len(), count, "{expression}");
    }
}

fn printed_or_nothing(args: &[&str]) -> String {
    let output = run(args);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_call_of_an_unanswered_message_is_drawn_as_a_ladder() {
    let ladder = printed(&["--ladder", "-f", "is:unanswered", "ladder/retransmissions-by-us.dump"]);
    assert!(ladder.contains("INFO ×5") && ladder.contains("no answer"), "{ladder}");
    let tls = printed(&["--ladder", "-f", "is:retransmission", "ladder/2xx-resent-tls.dump"]);
    // Said at the head, and shown beside the one arrow.
    let marked = tls.lines().filter(|line| line.ends_with("! no ACK")).count();
    assert_eq!((tls.matches("×6").count(), marked), (1, 1), "{tls}");
    assert!(tls.contains("answered, but the ACK never came: 200 sent 6 times"), "{tls}");
    let fork = run(&["-f", "is:retransmission", "ladder/forked-18x.dump"]);
    assert_eq!((fork.status.code(), fork.stdout), (Some(1), Vec::new()));
}

/// Two profiles whose messages alternate, and a third that begins later.
fn profiles() -> (tempfile::TempDir, Vec<PathBuf>) {
    let dir = tempfile::tempdir().unwrap();
    let frame = |stamp: &str| {
        format!(
            "recv 29 bytes from udp/[192.0.2.7]:5060 at {stamp}:\nBYE sip:a@b SIP/2.0\r\nl: 0\r\n\r\n\x0b\n"
        )
    };
    let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
    let files = [
        ("b.dump", vec!["04:10:00.000000", "04:10:02.000000", "04:10:04.000000"]),
        ("a.dump", vec!["04:10:01.000000", "04:10:03.000000", "23:59:00.000000", "00:01:00.000000"]),
        ("c.dump", vec!["04:10:02.500000"]),
    ];
    let paths = files.map(|(name, stamps)| {
        let path = dir.path().join(name);
        let frames = stamps.into_iter().map(frame).collect::<String>();
        std::fs::write(&path, format!("{marker}{frames}")).unwrap();
        path
    });
    (dir, paths.to_vec())
}

fn words(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.to_str().unwrap()).collect()
}

#[test]
fn several_inputs_are_merged_by_time_and_keep_their_dates() {
    let (_dir, paths) = profiles();
    let files = words(&paths);
    let seconds = |args: &[&str]| {
        let out = printed(&[args, &files[..]].concat());
        out.lines().map(|line| line[..10].to_owned()).collect::<Vec<_>>()
    };
    let merged = [
        "04:10:00.0",
        "04:10:01.0",
        "04:10:02.0",
        "04:10:02.5",
        "04:10:03.0",
        "04:10:04.0",
        "23:59:00.0",
        "00:01:00.0",
    ];
    assert_eq!(seconds(&["--summary"]), merged);
    let apart = [
        "04:10:00.0",
        "04:10:02.0",
        "04:10:04.0",
        "04:10:01.0",
        "04:10:03.0",
        "23:59:00.0",
        "00:01:00.0",
        "04:10:02.5",
    ];
    assert_eq!(seconds(&["--summary", "--no-merge"]), apart);
    // The numbers are those of the merged list, as in the browser.
    assert_eq!(seconds(&["-f", "n:2"]), merged[1..2]);
    let frames = printed(&[&["--frames"][..], &files[..]].concat());
    let each: String = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(frames, each);
    let stats: Value =
        serde_json::from_str(&printed(&[&["--stats", "--json"][..], &files[..]].concat())).unwrap();
    let named: Vec<_> =
        stats["files"].as_array().unwrap().iter().map(|f| f["file"].as_str().unwrap()).collect();
    assert_eq!(named, files);
}

#[test]
fn a_pcap_of_several_inputs_is_in_strict_time_order() {
    let (_dir, paths) = profiles();
    let output = run(&[&["--pcap", "-"][..], &words(&paths)].concat());
    let mut times = Vec::new();
    let mut rest = &output.stdout[24..];
    while let Some((head, tail)) = rest.split_at_checked(16) {
        let word = |at: usize| u64::from(u32::from_le_bytes(head[at..at + 4].try_into().unwrap()));
        times.push(word(0) * 1_000_000 + word(4));
        rest = &tail[word(8) as usize..];
    }
    assert_eq!(times.len(), 8);
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn raw_output_of_several_inputs_has_the_same_dates() {
    let (dir, paths) = profiles();
    for order in [&["--no-merge"][..], &[]] {
        let date = |files: &[&str]| {
            let out = printed(&[&["--json"][..], order, files].concat());
            let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            lines.map(|v| (v["time"].to_string(), v["date"].to_string())).collect::<Vec<_>>()
        };
        let whole = printed(&[&["--raw"][..], order, &words(&paths)].concat());
        let path = dir.path().join("whole.raw");
        std::fs::write(&path, &whole).unwrap();
        let (want, got) = (date(&words(&paths)), date(&[path.to_str().unwrap()]));
        let days = |all: &[(String, String)]| all.iter().map(|(_, date)| date.clone()).collect::<Vec<_>>();
        if order.is_empty() {
            assert_eq!(got, want);
        } else {
            // Where days go back, the stamps carry the dates.
            assert_eq!(days(&got).len(), days(&want).len());
        }
    }
}
