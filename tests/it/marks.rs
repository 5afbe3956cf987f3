//! `is:marked` follows the marks of the browser; the command line has none. Filters follow legs that are taken out by hand.

use std::process::Command;

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

fn demo() -> Browser {
    Browser::new(120, 40, Snapshot::clone(&loaded(vec![InputSpec::Demo])))
}

fn shown(browser: &Browser) -> usize {
    browser.messages().len(&browser.app.session)
}

#[test]
fn the_list_follows_the_marks() {
    let mut browser = demo();
    let all = shown(&browser);
    browser.keys(" jj ");
    assert_eq!(browser.app.session.marks.iter().copied().collect::<Vec<_>>(), [0, 3]);
    for (keys, want) in [
        ("/<C-u>is:marked<Enter>", 2),
        // What is unmarked leaves the list at once.
        ("g ", 1),
        ("/<C-u>-is:marked<Enter>", all - 1),
        ("g ", all - 2),
        ("/<C-u>is:marked<Enter>", 2),
        ("yf", 2),
        ("<F9>", 0),
        ("<Esc>j ", all),
        ("c/is:marked<Enter>c/<C-u>is:marked<Enter>", 1),
    ] {
        browser.keys(keys);
        assert_eq!(shown(&browser), want, "{keys}");
        if keys == "yf" {
            let command = String::from_utf8_lossy(&browser.copied).into_owned();
            assert!(command.contains("-f '(n=1 or n=4)'"), "{command}");
        }
    }
}

#[test]
fn the_command_line_says_that_it_has_no_marks() {
    for (mode, expression) in [("--stats", "is:marked"), ("--full", "-is:marked method:invite")] {
        let args = ["--no-config", "--no-session", "--demo", mode, "-f", expression];
        let out = Command::new(env!("CARGO_BIN_EXE_sofiatui")).args(args).output().unwrap();
        assert_eq!(out.status.code(), Some(2), "{expression}");
        let says = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(says.contains("only the browser knows the marked messages"), "{says}");
    }
}

#[test]
fn a_filter_by_calls_is_searched_again_when_a_leg_was_taken_out() {
    let mut browser = demo();
    browser.keys("/<C-u>legs=2<Enter>");
    let before = shown(&browser);
    assert!(before > 0);
    browser.keys("gdx<End>-<Esc>");
    assert!(shown(&browser) < before, "{} of {before}", shown(&browser));
    browser.keys("gc/<C-u>legs=2<Enter>");
    assert!(browser.screen().contains("/ legs=2"), "{}", browser.screen());
}
