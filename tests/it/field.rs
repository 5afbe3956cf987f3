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
fn only_audio_is_held_and_only_an_answer_refuses() {
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
