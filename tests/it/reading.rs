//! Reading a message: long lines sideways, the next message, where the terminal's own cursor is.

use std::sync::{Arc, OnceLock};

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, loaded, snapshot};

const NG911: &str = "details/ng911-invite-in-four-frames.dump";

fn demo(columns: u16, rows: u16) -> Browser {
    static DEMO: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Browser::new(columns, rows, Snapshot::clone(DEMO.get_or_init(|| loaded(vec![InputSpec::Demo]))))
}

/// The first line of the screen that contains a text.
fn line_of(browser: &Browser, text: &str) -> String {
    let screen = browser.screen();
    screen.lines().find(|line| line.contains(text)).unwrap_or_default().to_owned()
}

#[test]
fn long_lines_are_scrolled_sideways_where_they_are_not_broken() {
    let mut browser = Browser::new(60, 20, snapshot(&[NG911], usize::MAX));
    browser.keys("<Enter>L");
    assert!(browser.screen().contains("long lines are broken into rows: W shows"), "{}", browser.screen());
    browser.keys("W");
    let via = line_of(&browser, "Via ");
    assert!(via.ends_with('›') && via.chars().count() == 60, "{via}");
    let rows = |browser: &Browser| browser.screen().lines().filter(|line| line.contains("Via ")).count();
    assert_eq!(rows(&browser), 1);
    browser.keys("L");
    assert!(line_of(&browser, "branch=").starts_with(" ‹"), "{}", browser.screen());
    // Every cell of the longest visible line can be reached, and no further.
    browser.keys("LLLLLLLLLLLL");
    let last = browser.screen();
    assert!(last.lines().skip(4).any(|line| line.starts_with(" ‹") && line.trim_end().len() > 20), "{last}");
    assert!(!last.contains('›'), "{last}");
    assert_eq!(browser.keys("L").screen(), last);
    browser.keys("HHHHHHHHHHHH");
    assert_eq!(line_of(&browser, "Via "), via);
    browser.keys("W");
    assert!(!browser.screen().contains('›'));
}

#[test]
fn lines_that_are_not_broken_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = Browser::new(columns, rows, snapshot(&[NG911], usize::MAX));
        browser.keys("W<Enter>L");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("sideways-{columns}x{rows}"), browser.screen());
        });
    }
}

#[test]
fn a_match_to_the_right_of_the_pane_is_scrolled_to() {
    let mut browser = Browser::new(60, 20, snapshot(&[NG911], usize::MAX));
    browser.keys("<Enter>W/transport=tcp<Enter>");
    assert!(line_of(&browser, "transport=tcp").starts_with(" ‹"), "{}", browser.screen());
    browser.keys("<Esc>/INVITE<Enter>");
    assert!(line_of(&browser, "INVITE ").starts_with(" INVITE "), "{}", browser.screen());
}

#[test]
fn the_full_screen_view_names_its_message_and_goes_to_the_next_one() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60)] {
        let mut browser = demo(columns, rows);
        browser.keys("<Enter>");
        let head = |browser: &Browser| browser.screen().lines().nth(2).unwrap().to_owned();
        assert_eq!(head(&browser), " message 1  05:53:31.348609  sent to 192.0.2.22:5060  REGISTER");
        browser.keys("<C-n><C-n>");
        assert_eq!(head(&browser), " message 3  05:53:32.315574  sent to 198.51.100.10:5060  Unauthorized");
        browser.keys("<C-p><C-p><C-p>");
        assert!(browser.screen().contains("this is the first message of the list"));
        browser.keys("d<Tab>z<C-n>");
        assert!(browser.screen().contains(" message "), "{}", browser.screen());
    }
}

#[test]
fn the_proof_goes_on_to_the_next_message_of_the_call() {
    let mut browser = demo(120, 40);
    browser.keys("cv");
    let number = |browser: &Browser| {
        let line = line_of(browser, " message ");
        line.trim_start().split(' ').nth(1).and_then(|n| n.parse::<u32>().ok())
    };
    let first = number(&browser).unwrap();
    browser.keys("<C-n>");
    assert!(number(&browser).unwrap() > first);
    browser.keys("<C-p>");
    assert_eq!(number(&browser), Some(first));
    let call: Vec<_> = (0..200).map(|_| number(browser.keys("<C-n>"))).collect();
    assert!(browser.screen().contains("this is the last message of the call"), "{call:?}");
}

#[test]
fn the_terminals_cursor_is_on_the_selected_row_or_on_the_caret() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().keys("g").until_cursor(0, "▸   1 ").keys("jj").until_cursor(0, "▸   3 ");
    pty.keys("/from:1").until_cursor(9, " / from:1").keys("\x1b[D\x1b[D").until_cursor(7, " / from:1");
    pty.keys("\x1b\x1b").until_cursor(0, "▸").keys("\t/via").until_cursor(6, " / via");
    pty.keys("\x1b")
        .gone("/ via")
        .keys("\x1b")
        .until_cursor(0, "▸")
        .keys("d")
        .until_cursor(0, "401 Unauthorized");
    pty.keys("q").until_cursor(0, "▸").keys("c").until(&["ended by"]).until_cursor(0, "▸");
    pty.keys(":lad").until_cursor(6, "lad").keys("\x1b").gone("commands");
    pty.keys("q").until(&["profile"]).keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}
