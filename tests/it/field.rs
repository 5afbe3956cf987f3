//! Inputs modelled on public reports of people who do this job: what each must give, when printing and in the browser.

use std::path::Path;
use std::process::Command;

use sofiatui::export::ladder::write_ladder;

use crate::support::{Browser, fixture, snapshot};

/// The standard output of a run on an input of `field/`.
fn printed(args: &[&str], name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sofiatui"))
        .args(args)
        .arg(fixture("field").join(name))
        .output()
        .unwrap();
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
    write_ladder(&mut out, &screen.ladder, &screen.notes).unwrap();
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
                "488 Not Acceptable Here",
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
    let output =
        Command::new(env!("CARGO_BIN_EXE_sofiatui")).arg(fixture("field").join(name)).output().unwrap();
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

#[test]
fn a_body_ends_where_its_content_length_ends() {
    let plain = printed(&["--body", "-m", "INVITE"], "log-plain.log");
    assert!(plain.starts_with("v=0\r\n"));
    for name in ["log-esl-min.log", "log-noblank-execute.log", "log-noblank-nua.log"] {
        assert_eq!(printed(&["--body", "-m", "INVITE"], name), plain, "{name}");
    }
}

#[test]
fn a_log_without_entries_is_not_empty() {
    let (status, error) = run("log-without-siptrace.log");
    assert_eq!(status, Some(2));
    assert!(error.contains("is a FreeSWITCH log without siptrace entries (2 lines read)"), "{error}");
    assert!(error.contains("siptrace on"), "{error}");
}
