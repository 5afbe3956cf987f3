//! Inputs modelled on public reports of people who do this job: what each must give, when printing and in the browser.

use std::path::Path;

use sofiatui::export::ladder::write_ladder;

use crate::support::{Browser, fixture, snapshot};

/// The standard output of a run on an input of `field/`.
fn printed(args: &[&str], name: &str) -> String {
    let output = crate::support::program().args(args).arg(fixture("field").join(name)).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The labels of the arrows, without lines and arrow heads, as printed.
fn printed_labels(name: &str) -> Vec<String> {
    labels(&printed(&["--ladder"], name))
}

/// The same in the browser, in which the ladder of the first message was opened.
fn browser_labels(name: &str) -> Vec<String> {
    let mut browser = Browser::new(160, 45, snapshot(&[&format!("field/{name}")], usize::MAX));
    browser.keys("d");
    let screen = browser.ladder();
    let mut out = Vec::new();
    write_ladder(&mut out, &screen.ladder, &screen.notes);
    labels(&String::from_utf8(out).unwrap())
}

fn labels(ladder: &str) -> Vec<String> {
    let label = |line: &str| {
        let (_, arrow) = line.split_once(['│', '├'])?;
        let (arrow, _) = arrow.rsplit_once(['│', '┤'])?;
        Some(arrow.trim_matches(['◀', '▶', '─', ' ']).to_owned())
    };
    ladder.lines().filter_map(label).filter(|label| !label.is_empty()).collect()
}

#[test]
fn only_audio_is_on_hold_and_only_an_answer_rejects_media() {
    for (name, expected) in [
        (
            "video-inactive.dump",
            &[
                "INVITE (SDP PCMU PCMA, video H264 inactive)",
                "INVITE (SDP PCMU PCMA, video H264)",
                "INVITE (SDP PCMU PCMA, hold)",
            ][..],
        ),
        ("webrtc-c0000.dump", &["INVITE (SDP opus PCMU)"]),
        ("hold-v6-null.dump", &["INVITE (SDP PCMU PCMA, hold)"]),
        (
            "t38-488.dump",
            &[
                "INVITE (SDP PCMU PCMA)",
                "200 OK (SDP PCMU PCMA)",
                "ACK",
                "INVITE (SDP image t38, audio ends)",
                "488 Not Acceptable Here (warning 304 Media type not available)",
                "ACK",
            ],
        ),
    ] {
        assert!(Path::new(&fixture("field").join(name)).exists());
        assert_eq!(printed_labels(name), expected, "{name}");
        assert_eq!(browser_labels(name), expected, "{name}");
    }
}

#[test]
fn the_placeholder_of_ice_is_explained_in_the_pane() {
    let mut browser = Browser::new(160, 45, snapshot(&["field/webrtc-c0000.dump"], usize::MAX));
    browser.app.session.details.choose(sofiatui::app::details::Tab::Body);
    browser.draw();
    let text = browser.app.session.details.lines.iter().map(|line| line.text() + "\n").collect::<String>();
    assert!(text.contains("placeholder, no hold: ICE finds the address"), "{text}");
    assert!(!text.contains("hold, in the old style"), "{text}");
}

/// A run on an input: its status, and what it says on the standard error.
fn run(name: &str) -> (Option<i32>, String) {
    let output = crate::support::program().arg(fixture("field").join(name)).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn logs_as_people_have_them_give_the_messages_of_the_plain_log() {
    let without_dates = |text: String| text.replace("at 2026-02-01 ", "at ");
    let plain = without_dates(printed(&["--raw"], "log-plain.log"));
    assert_eq!(plain.matches(" bytes ").count(), 3);
    for name in ["log-compose.log", "log-bom-recv-first.log"] {
        assert_eq!(without_dates(printed(&["--raw"], name)), plain, "{name}");
    }
    // These have no third message.
    for name in ["log-sipify.log", "log-comment.txt"] {
        let found = without_dates(printed(&["--raw"], name));
        assert!(plain.starts_with(&found) && found.matches(" bytes ").count() == 2, "{name}: {found}");
    }
    let found = printed(&[], "log-drachtio.log");
    let expected = "2026-02-01 14:36:22.564475 recv tls/[198.51.100.7]:5061 INVITE c1@x\n\
                    2026-02-01 14:36:22.565475 sent tls/[198.51.100.7]:5061 100 Trying c1@x\n";
    assert_eq!(found, expected);
}

/// A run on a log that is made from `log-plain.log`: what is printed, the status, and what is on the standard error.
fn run_on(args: &[&str], log: &str) -> (String, Option<i32>, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.log");
    std::fs::write(&path, log).unwrap();
    let output = crate::support::program().args(args).arg(path).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), output.status.code(), text(output.stderr))
}

#[test]
fn a_prefix_may_begin_in_the_middle_of_a_log_and_cut_lines_are_reported() {
    let log = std::fs::read_to_string(fixture("field").join("log-plain.log")).unwrap();
    let each =
        |of_line: &dyn Fn(&str) -> String| log.lines().map(|line| of_line(line) + "\n").collect::<String>();
    let prefixed = each(&|line| format!("sip-1  | {line}"));
    let plain = printed(&["--raw"], "log-plain.log");
    for log in [log.clone() + &prefixed, prefixed.clone() + &log] {
        let (found, status, error) = run_on(&["--raw"], &log);
        assert_eq!((status, error.as_str()), (Some(0), ""));
        assert_eq!(found.matches(" bytes ").count(), 6);
        assert_eq!(found, plain.repeat(2));
    }
    let cut = each(&|line| line.chars().take(75).collect());
    let (_, status, error) = run_on(&[], &(cut + "2026-02-01 14:37:07.600000 1.00% [INFO] x.c:1 after\n"));
    assert_eq!((status, error.as_str()), (Some(0), ""));
    let cut = each(&|line| if line.starts_with("Via") { line[..30].to_owned() } else { line.to_owned() });
    let (found, status, error) = run_on(&["-f", "is:incomplete"], &cut);
    assert_eq!(status, Some(2), "{error}");
    assert!(error.contains("messages are not as long as their headers say, the first at byte 54"), "{error}");
    assert!(found.contains("INVITE"), "{found}");
}

#[test]
fn a_body_ends_where_its_content_length_ends() {
    let plain = printed(&["--body", "-m", "INVITE"], "log-plain.log");
    assert!(plain.starts_with("v=0\r\n"));
    for name in ["log-esl-min.log", "log-noblank-execute.log", "log-noblank-nua.log"] {
        assert_eq!(printed(&["--body", "-m", "INVITE"], name), plain, "{name}");
        // The whole message, without the frame's header, which has another peer and time.
        let message = |name| {
            let dump = printed(&["--raw", "-m", "INVITE"], name);
            dump.split_once('\n').unwrap().1.split_once('\u{b}').unwrap().0.to_owned()
        };
        let (found, plain) = (message(name), message("log-plain.log"));
        assert_eq!(
            found.split_once("\r\n\r\n").unwrap().1,
            plain.split_once("\r\n\r\n").unwrap().1,
            "{name}"
        );
        assert!(
            found.starts_with("INVITE sip:") && !found.contains("EXECUTE") && !found.contains("nua"),
            "{name}"
        );
    }
}

#[test]
fn a_log_without_entries_is_not_empty() {
    let (status, error) = run("log-without-siptrace.log");
    assert_eq!(status, Some(2));
    assert!(error.contains("is a FreeSWITCH log without siptrace entries (2 lines read)"), "{error}");
    assert!(error.contains("siptrace on"), "{error}");
}

#[test]
fn a_datagram_shorter_than_its_content_length_is_incomplete() {
    assert!(printed(&["-f", "is:incomplete"], "udp-cut.dump").contains("INVITE"));
    assert_eq!(printed(&["-f", "-is:incomplete"], "udp-cut.dump"), "");
    assert!(printed(&["--ladder"], "udp-cut.dump").contains("! incomplete"));
    let mut browser = Browser::new(160, 45, snapshot(&["field/udp-cut.dump"], usize::MAX));
    browser.keys("d");
    assert!(browser.screen().contains("incomplete"), "{}", browser.screen());
}

/// A message of 4 bytes of body over `transport`, whose length field is `length`.
fn with_length(transport: &str, length: &str) -> String {
    let message = format!(
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n\
         Call-ID: x\r\nCSeq: 1 INVITE\r\n{length}\r\n\r\nbody"
    );
    format!(
        "recv {} bytes from {transport}/[198.51.100.7]:5060 at 07:36:14.784706:\n{message}\u{b}\n",
        message.len()
    )
}

#[test]
fn only_a_datagram_is_measured_by_its_content_length() {
    for (transport, length, incomplete) in [
        ("udp", "Content-Length: 5", true),
        ("udp", "l:5", true),
        ("udp", "content-length : 99999999", true),
        ("udp", "Content-Length: 4", false),
        // Bytes behind the body are dropped (RFC 3261 §18.3).
        ("udp", "Content-Length: 3", false),
        ("udp", "Subject: no length", false),
        ("udp", "Content-Length: many", false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        std::fs::write(&path, with_length(transport, length)).unwrap();
        let count = |filter: &str| {
            let output = crate::support::program().args(["-f", filter]).arg(&path).output().unwrap();
            String::from_utf8_lossy(&output.stdout).lines().count()
        };
        assert_eq!(count("is:incomplete"), usize::from(incomplete), "{length}");
        // Filters on the row, as in the browser, give the same.
        assert_eq!(count("is:incomplete -is:unanswered"), usize::from(incomplete), "{length}");
    }
}

/// Filters on From and To, and how many of the ten messages of `names.dump` they let through.
const NAMES: [(&str, usize); 27] = [
    ("from:thompson", 1),
    ("from:\"THOMPSON,ALICIA\"", 1),
    ("from:+1555", 2),
    ("from:%2B1555", 2),
    ("from=+15550003", 1),
    ("from=%2B15550003", 1),
    ("from=+1555#0008", 1),
    ("from:+1-555", 1),
    ("from:\"O\\\"Brien\"", 1),
    ("from:\"ann lee\"", 1),
    ("from:grüße", 1),
    ("to:zoë", 1),
    ("to:张伟", 1),
    ("to=张", 1),
    ("from:anonymous.invalid", 1),
    ("from:198.51.100.9", 2),
    ("from=192.0.2.200", 1),
    ("to:example.com", 9),
    ("-from:example.com", 6),
    ("to=tel:+15550007", 1),
    ("from=sip:1001@example.com", 2),
    ("from=1001", 2),
    ("from!=1001", 8),
    ("from:1001", 3),
    ("from~^1001$", 3),
    ("from~^198", 3),
    ("from:tag=bare1", 1),
];

#[test]
fn from_and_to_find_user_name_host_and_uri() {
    for (filter, expected) in NAMES {
        assert_eq!(printed(&["-f", filter], "names.dump").lines().count(), expected, "printing {filter}");
        let mut browser = Browser::new(100, 30, snapshot(&["field/names.dump"], usize::MAX));
        browser.keys(&format!("/{filter}<Enter>"));
        let shown = &browser.messages().shown;
        assert_eq!(shown.len(&browser.app.session.snapshot), expected, "browser {filter}");
    }
}

#[test]
fn arrows_say_whom_a_call_is_transferred_to_and_how_that_went() {
    let expected = [
        "REFER (to +15550009, replaces 680242e0@10.10.10.5:5060)",
        "202 Accepted",
        "NOTIFY (result 100 Trying)",
        "200 OK (NOTIFY)",
        "NOTIFY (result 486 Busy Here, Q.850 17 user busy)",
        "200 OK (NOTIFY)",
    ];
    assert_eq!(printed_labels("refer-replaces.dump"), expected);
    assert_eq!(browser_labels("refer-replaces.dump"), expected);
}

#[test]
fn binary_parts_have_exactly_their_bytes() {
    let dump = std::fs::read(fixture("field").join("isup-msd-multipart.dump")).unwrap();
    let mut reader = sofiatui::MessageReader::new(&dump[..]);
    let message = reader.next_message().unwrap().unwrap();
    let message = sofiatui::sip::Message::parse(message.content);
    let sizes = message.parts().iter().skip(1).map(|part| part.body.len()).collect::<Vec<_>>();
    assert_eq!(sizes, [26, 38]);
}
