//! `--redact`: nothing personal is left, and calls, ladders and verdicts are the same.

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use sofiatui::MessageReader;
use sofiatui::export::Entry;
use sofiatui::export::dump::frame;
use sofiatui::export::redact::{Key, Kind, LeakCheck, Redactor};
use sofiatui::sip::{Message, StartLine};

use crate::support::{fixture, fixtures, program};

fn run(args: &[&str]) -> Output {
    program().args(args).output().unwrap()
}

fn printed(args: &[&str]) -> Vec<u8> {
    let output = run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn path(name: &str) -> String {
    fixture(name).to_str().unwrap().to_owned()
}

/// The dumps among the fixtures.
fn dumps(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            dumps(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "dump") {
            found.push(entry);
        }
    }
}

/// The messages of a dump, redacted, as a dump; and how each begins.
fn redacted(redactor: &mut Redactor, dump: &[u8]) -> (Vec<u8>, Vec<String>) {
    let (mut reader, mut out, mut begins) = (MessageReader::new(dump), Vec::new(), Vec::new());
    while let Some(message) = reader.next_message().unwrap() {
        begins.push(beginning(message.content));
        frame(&mut out, &redactor.entry(&Entry::new("x", &message)));
    }
    (out, begins)
}

/// Method or status code; nothing of what is no message.
fn beginning(message: &[u8]) -> String {
    match Message::parse(message).start_line() {
        Some(StartLine::Request { method, .. }) if sofiatui::sip::start_line::is_known_method(method) => {
            String::from_utf8_lossy(method).into_owned()
        }
        Some(StartLine::Request { .. }) => "extension".to_owned(),
        Some(StartLine::Status { code, .. }) => code.to_string(),
        None => String::new(),
    }
}

#[test]
fn every_fixture_keeps_its_messages_and_leaks_nothing() {
    let mut found = Vec::new();
    dumps(fixtures(), &mut found);
    assert!(found.len() > 50);
    for path in found {
        let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
        let (dump, begins) = redacted(&mut redactor, &fs::read(&path).unwrap());
        let (mut reader, mut check, mut again) =
            (MessageReader::new(&dump[..]), LeakCheck::new(&redactor), Vec::new());
        while let Some(message) = reader.next_message().unwrap() {
            again.push(beginning(message.content));
            assert_eq!(check.message(message.content), None, "{}: message {}", path.display(), again.len());
        }
        let sorted = |mut list: Vec<String>| {
            list.sort();
            list
        };
        // A stream's message that is not complete yet waits for its end, in which others come.
        assert_eq!(sorted(again), sorted(begins), "{}", path.display());
    }
}

#[test]
fn the_golden_shows_what_is_left() {
    let (key, dump) = (path("redact/key"), path("redact/spellings.dump"));
    let shown = printed(&["--redact", "--redact-key", &key, "--all-methods", "--raw", &dump]);
    let shown = String::from_utf8(shown).unwrap();
    insta::assert_snapshot!(shown.replace("\r\n", "\n").replace('\x0b', "^K"));
    // What identifies someone in the fixture, in every spelling that it has there.
    for secret in [
        "marker",
        "acme",
        "Acme",
        "zoe",
        "Zoe",
        "Quill",
        "4711",
        "alice",
        "Alice",
        "Liddell",
        "Wonder",
        "5550185",
        "555-0185",
        "5550143",
        "555%2D0143",
        "5550110",
        "10.20.30.40",
        "203.0.113.77",
        "198.51.100.200",
        "2001:db8:77",
        "192.168.7.",
        "deadbeef",
        "jwt",
        "c3J0c",
        "AA:BB:CC",
        "rabbit",
        "Signal",
        "Congress",
        "Globex",
        "merger",
        "hunter2",
        "bcf",
        "0004f2aabbcc",
        "3294168568",
        "5f9f1bd2",
    ] {
        assert!(!shown.contains(secret), "{secret} is left");
    }
    // The same thing has the same pseudonym: the number in five spellings, the Call-ID in four places.
    let number = shown.split("INVITE sip:+1").nth(1).unwrap()[..10].to_owned();
    let dashed = format!("+1-{}-{}-{}", &number[..3], &number[3..6], &number[6..]);
    let dotted = format!("{}.{}.{}", &number[..3], &number[3..6], &number[6..]);
    for spelling in [format!("<tel:{dashed}>"), format!("sip:+1{number}@"), format!("number {dotted} of")] {
        assert!(shown.contains(&spelling), "{spelling}");
    }
    let call =
        shown.split("1 INVITE").next().unwrap().rsplit("Call-ID: ").next().unwrap().lines().next().unwrap();
    let escaped = call.replace('@', "%40");
    for spelling in
        [format!("?Replaces={escaped}%3Bto-tag"), format!(": {call}\r\n"), format!("Call-ID: {call}\\r\\n")]
    {
        assert!(shown.contains(&spelling), "{spelling}");
    }
}

/// What must be the same for a call: state, status, rule of the verdict, legs, pairs.
fn essence(calls: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(calls).unwrap();
    let essence = |line: &str| {
        let call: Value = serde_json::from_str(line).unwrap();
        let of =
            |object: &Value, keys: &[&str]| keys.iter().map(|key| object[*key].clone()).collect::<Vec<_>>();
        let of_leg = |leg: &Value| {
            let findings: Vec<_> =
                leg["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].clone()).collect();
            let keys = [
                "id",
                "role",
                "state",
                "status",
                "cause",
                "start",
                "end",
                "ended_by",
                "messages",
                "codecs_agreed",
                "holds",
            ];
            (of(leg, &keys), leg["verdict"]["rule"].clone(), leg["verdict"]["message"].clone(), findings)
        };
        let legs: Vec<_> = call["legs"].as_array().unwrap().iter().map(of_leg).collect();
        let pairs: Vec<_> =
            call["pairs"].as_array().unwrap().iter().map(|pair| of(pair, &["a", "b", "score"])).collect();
        let keys = ["call", "state", "status", "start", "end", "ended_by", "talk_ms"];
        serde_json::json!([of(&call, &keys), call["verdict"]["rule"], legs, pairs])
    };
    text.lines().map(essence).collect()
}

#[test]
fn calls_and_ladders_are_the_same() {
    let mut found = Vec::new();
    for folder in ["real-calls", "ladder", "legs"] {
        dumps(&fixture(folder), &mut found);
    }
    let mut inputs = vec![vec!["--demo"]];
    inputs.extend(found.iter().map(|path| vec![path.to_str().unwrap()]));
    for input in inputs {
        let with = |args: &[&'static str]| [&input[..], args].concat();
        let (plain, hidden) =
            (printed(&with(&["--calls", "--json"])), printed(&with(&["--calls", "--json", "--redact"])));
        let (plain, hidden) = (essence(&plain), essence(&hidden));
        assert_eq!(plain, hidden, "{input:?}");
    }
    // Of a ladder, the arrows.
    let arrows = |text: Vec<u8>| {
        let text = String::from_utf8(text).unwrap();
        let arrow =
            |line: &str| line.chars().filter(|c| matches!(c, '│' | '─' | '▶' | '◀')).collect::<String>();
        text.lines()
            .map(arrow)
            .filter(|line| line.contains('─'))
            .map(|line| line.matches(['▶', '◀']).collect::<String>())
            .collect::<Vec<_>>()
    };
    let plain = arrows(printed(&["--demo", "--ladder", "--legs"]));
    assert!(plain.len() > 50);
    assert_eq!(plain, arrows(printed(&["--demo", "--ladder", "--legs", "--redact"])));
}

#[test]
fn every_output_mode_prints_what_was_redacted() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (pcap, dump) = (file("x.pcap"), file("x.dump"));
    // A random key may by chance give some of these digits.
    let key = path("redact/key");
    let secrets = ["5550", "pbx.example", "Alice", "198.51.100.", "203.0.113."];
    for mode in [
        &["--summary"][..],
        &["--full"],
        &["--headers"],
        &["--body"],
        &["--raw"],
        &["--json"],
        &["--ladder"],
        &["--calls"],
        &["--calls", "-f", "state:busy"],
        &["--stats"],
        &["--stats", "--json"],
        &["--stats", "--calls"],
        &["--pcap", &pcap],
        &["--save", &dump],
        &["--raw", "--alias", "198.51.100.11=Alice"],
    ] {
        let output = run(&[&["--demo", "--redact", "--redact-key", &key][..], mode].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.success() && said.starts_with("sofiatui: --redact: replaced "),
            "{mode:?}: {said}"
        );
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            shown.is_empty(),
            mode.len() == 2 && mode[0] != "--stats" && mode[0] != "--calls",
            "{mode:?}"
        );
        for secret in secrets {
            assert!(!shown.contains(secret), "{mode:?}: {secret}");
        }
    }
    for saved in [pcap, dump] {
        let bytes = fs::read(saved).unwrap();
        assert!(secrets.iter().all(|secret| memchr::memmem::find(&bytes, secret.as_bytes()).is_none()));
    }
}

#[test]
fn a_selection_is_made_of_the_originals() {
    let lines = |args: &[&str]| printed(args).split(|&b| b == b'\n').count();
    for selection in
        [&["-m", "REGISTER"][..], &["-f", "from:1011"], &["-g", "Alice"], &["-f", "status:486", "-D"]]
    {
        let (plain, hidden) = (
            [&["--demo", "--summary"][..], selection].concat(),
            [&["--demo", "--summary", "--redact"][..], selection].concat(),
        );
        assert_eq!(lines(&plain), lines(&hidden), "{selection:?}");
    }
    let nothing = run(&["--demo", "--redact", "-f", "from:nobody-here"]);
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(1), 0));
}

#[test]
fn the_same_key_gives_the_same_pseudonyms_and_a_new_one_others() {
    let key = path("redact/key");
    let with_key = || printed(&["--demo", "--raw", "--redact", "--redact-key", &key]);
    assert_eq!(with_key(), with_key());
    let new_key = || printed(&["--demo", "--raw", "--redact"]);
    assert_ne!(new_key(), new_key());
}

#[test]
fn the_map_is_for_its_owner() {
    let dir = tempfile::tempdir().unwrap();
    let map = dir.path().join("map.tsv");
    let args = ["--demo", "--raw", "--redact", "--redact-map", map.to_str().unwrap()];
    let shown = String::from_utf8(printed(&args)).unwrap();
    assert_eq!(fs::metadata(&map).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&map).unwrap();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    assert!(lines.iter().all(|line| line.len() == 3) && lines[0] == ["kind", "original", "pseudonym"]);
    let of = |original: &str| lines.iter().find(|line| line[1] == original).map(|line| line[2]).unwrap();
    assert!(shown.contains(&format!("sip:{}@{}", of("1011"), of("pbx.example.com"))));
    let kinds: HashSet<&str> = lines[1..].iter().map(|line| line[0]).collect();
    assert!(kinds.len() >= 7, "{kinds:?}");
    let again = run(&args);
    assert_eq!(again.status.code(), Some(2));
    assert!(again.stdout.is_empty() && String::from_utf8_lossy(&again.stderr).contains("already exists"));
}

#[test]
fn what_the_user_keeps_stays_without_what_is_recognised_in_it() {
    let dump = path("redact/spellings.dump");
    let args = ["--redact", "--all-methods", "--raw", &dump];
    let keep = |name: &'static str| {
        String::from_utf8_lossy(&printed(&[&args[..], &["--redact-keep", name]].concat())).into_owned()
    };
    assert!(keep("x-acme-customer").contains("X-Acme-Customer: customer-marker-9"));
    assert!(keep("Subject").contains("Subject: merger with Globex"));
    let text = keep("text/plain");
    assert!(text.contains("Meet me at the rabbit hole, call ") && !text.contains("555-0185"));
    let joined = printed(&[&args[..], &["--leg-header", "X-Other-Leg"]].concat());
    assert!(String::from_utf8_lossy(&joined).contains("X-Other-Leg: "));
}

#[test]
fn what_cannot_be_redacted_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let short = dir.path().join("short");
    fs::write(&short, "fifteen bytes..").unwrap();
    for (args, status, why) in [
        (vec!["--demo", "--redact", "--frames"], 2, "cannot be used with"),
        (vec!["--demo", "--redact", "--unparsed"], 2, "cannot be used with"),
        (vec!["--demo", "--redact", "--follow"], 2, "cannot be used with"),
        (
            vec!["--demo", "--redact", "--raw", "--redact-key", short.to_str().unwrap()],
            2,
            "a key needs 16 bytes, and this has 15",
        ),
        (vec!["--demo", "--redact", "--raw", "--redact-key", "/no/such/key"], 2, "No such file"),
        (vec!["--demo", "--redact-map", "x", "--raw"], 2, "--redact"),
        (vec!["-", "--redact", "--calls", "-m", "INVITE"], 2, "name files instead of standard input"),
    ] {
        let output = run(&args);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        assert!(said.contains(why) && output.stdout.is_empty(), "{args:?}: {said}");
    }
}

#[test]
fn a_leak_is_found_and_not_named() {
    let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
    let message = b"BYE sip:+12025550185@pbx.acme.example SIP/2.0\r\nFrom: \"Bob\" <sip:101@192.0.2.7>;tag=short\r\nCall-ID: call-marker\r\n\r\n";
    let clean = redactor.message(message).to_vec();
    let leaks = |text: &str| {
        let message = [&clean[..], text.as_bytes()].concat();
        LeakCheck::new(&redactor).message(&message).map(|leak| leak.kind)
    };
    for (text, kind) in [
        ("", None),
        ("x +12025550185 y", Some(Kind::Number)),
        ("x 0012025550185", Some(Kind::Number)),
        ("(202) 555-0185", Some(Kind::Number)),
        ("sip%3A%2B12025550185%40", Some(Kind::Number)),
        ("\\u0032025550185", Some(Kind::Number)),
        ("PBX.ACME.example", Some(Kind::Host)),
        ("at 192.0.2.7.", Some(Kind::Address)),
        ("sip:101@x", Some(Kind::Extension)),
        ("\"Bob\" <sip:", Some(Kind::Name)),
        ("Call-Marker", Some(Kind::Token)),
    ] {
        assert_eq!(leaks(text), kind, "{text}");
    }
    let mut check = LeakCheck::new(&redactor);
    let leak = check.message(&[&clean[..], b"+12025550185"].concat()).unwrap();
    let said = leak.error(7).to_string();
    assert!(
        said.starts_with("message 7 still has the original of a replaced number at byte ")
            && !said.contains("2025550185")
    );
}

#[test]
fn a_start_line_with_blanks_at_its_end_stays_a_request() {
    let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
    let request = b"INVITE sip:zeb@host.example SIP/2.0 \r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n";
    let redacted = String::from_utf8(redactor.message(request).to_vec()).unwrap();
    let start = redacted.lines().next().unwrap();
    assert!(start.trim_end().ends_with(".invalid SIP/2.0") && start.starts_with("INVITE sip:"), "{redacted}");
}

#[test]
fn an_original_that_is_the_pseudonym_of_another_by_chance_is_no_leak() {
    let mut redactor = Redactor::new(Key::new(b"a key of sixteen bytes"));
    let request = |tag: &str| {
        format!(
            "INVITE sip:+442079460018@host.example SIP/2.0\r\nFrom: <sip:a@b>;tag={tag}\r\nContent-Length: 0\r\n\r\n"
        )
    };
    let first = redactor.message(request("zz9").as_bytes()).to_vec();
    let text = String::from_utf8(first.clone()).unwrap();
    let number: String =
        text.chars().skip_while(|c| *c != '+').skip(1).take_while(char::is_ascii_digit).collect();
    assert_eq!(number.len(), 12, "{text}");
    redactor.message(request(&number).as_bytes());
    assert_eq!(LeakCheck::new(&redactor).message(&first), None, "{text}");
}
