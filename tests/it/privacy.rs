//! The privacy mask, and the mouse that is returned to the terminal: each screen at each size.

use std::sync::{Arc, LazyLock, OnceLock};

use regex::Regex;
use sofiatui::app::{Effect, Event, Key};
use sofiatui::load::InputSpec;
use sofiatui::sip::user_of;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, loaded, snapshot};

const FIXTURES: [&str; 3] = [
    "screens/mixed.dump",
    "details/ng911-invite-in-four-frames.dump",
    "details/abandoned-call-json-holds-invite.dump",
];

/// A browser on the built-in sample.
fn browser(columns: u16, rows: u16) -> Browser {
    static DEMO: OnceLock<Arc<Snapshot>> = OnceLock::new();
    let demo = DEMO.get_or_init(|| loaded(vec![InputSpec::Demo]));
    Browser::new(columns, rows, Snapshot::clone(demo))
}

/// Users of From and To, which no screen may show.
fn users(browser: &Browser) -> Vec<String> {
    let [_, parties, _] = browser.app.session.snapshot.known();
    let users = parties.iter().map(|value| String::from_utf8_lossy(user_of(value)).into_owned());
    users.filter(|user| user.len() >= 4 && user.bytes().all(|b| b.is_ascii_digit() || b == b'+')).collect()
}

/// What a mask keeps: everything but letters and digits.
fn layout(screen: &str) -> String {
    screen.chars().map(|c| if c.is_alphanumeric() { 'x' } else { c }).collect()
}

#[test]
fn a_masked_screen_shows_no_user_and_no_address_and_keeps_its_layout() {
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b").unwrap());
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let fixtures = Browser::new(columns, rows, snapshot(&FIXTURES, usize::MAX));
        for mut browser in [browser(columns, rows), fixtures] {
            let users = users(&browser);
            assert!(users.len() > 3);
            // The list, each tab of two messages, the raw bytes in hex, the ladder, the calls, a call, the statistics.
            for keys in [
                "",
                "2",
                "3",
                "4",
                "<Tab>x",
                "x",
                "<Tab>1<End>",
                "2",
                "3",
                "4",
                "1d",
                "<Esc>c",
                "<Tab>",
                "<Tab>cs5",
            ] {
                browser.keys(keys);
                let shown = browser.screen();
                browser.keys("P");
                let masked = browser.screen();
                let body = |text: &str| {
                    text.lines().skip(1).take(usize::from(rows) - 2).collect::<Vec<_>>().join("\n")
                };
                assert_eq!(layout(&body(&masked)), layout(&body(&shown)), "{keys}");
                assert!(!ADDRESS.is_match(&masked), "{keys}\n{masked}");
                for user in &users {
                    let is_shown =
                        masked.split(|c: char| !c.is_ascii_digit() && c != '+').any(|word| word == user);
                    assert!(!is_shown, "{user} after {keys}\n{masked}");
                }
                browser.keys("P");
            }
        }
    }
}

#[test]
fn the_masked_list_and_details_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = browser(columns, rows);
        browser.keys("P<Down>");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("masked-{columns}x{rows}"), browser.screen());
        });
    }
}

#[test]
fn what_is_copied_is_not_masked_and_that_is_said() {
    let mut browser = browser(100, 30);
    browser.keys("Pym");
    let text = String::from_utf8_lossy(&browser.copied).into_owned();
    assert!(text.contains("sip:") && !text.contains("sip:xxxx"), "{text}");
    assert!(browser.screen().contains("(not masked)"));
    assert!(browser.screen().lines().next().unwrap().ends_with("MASKED"));
}

#[test]
fn the_mouse_is_returned_to_the_terminal_and_taken_again() {
    let mut state = browser(100, 30).app;
    let effects = state.update(Event::Key(Key::Char('m')));
    assert!(matches!(effects[..], [Effect::TakeMouse(_)]));
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().until_mouse(true).keys("m").until_mouse(false).until(&["no mouse (m)"]);
    pty.keys("m").until_mouse(true).gone("no mouse (m)").keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn the_program_masks_the_real_screen() {
    let mut pty = Pty::sofiatui(&["--demo"]);
    pty.loaded().keys("P").until(&["MASKED", "copied is not"]).keys("d").until(&["MASKED", "├"]);
    assert!(!pty.text().contains("192.0.2."), "{}", pty.text());
    pty.keys("P").gone("MASKED").until(&["192.0.2."]).keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn what_someone_wrote_is_masked_in_every_view_of_it() {
    for (columns, rows) in [(80, 40), (120, 40)] {
        let mut browser = Browser::new(columns, rows, snapshot(&["screens/written.dump"], usize::MAX));
        for message in 1..=6 {
            // Body explained and exact, parts, raw, hex.
            for keys in ["2", "<Tab>p<Esc>", "3", "]<Tab>p<Esc>", "4", "<Tab>x", "x<Esc>2"] {
                browser.keys(keys);
                let shown = browser.screen();
                browser.keys("P");
                let masked = browser.screen();
                browser.keys("P");
                for word in ["abbi", "watch", "noon", "7777", "Signal=7", "DTMF 7", "61 62"] {
                    assert!(!masked.contains(word), "{word} of {message} after {keys}\n{masked}");
                }
                let body = |text: &str| {
                    text.lines().skip(1).take(usize::from(rows) - 2).collect::<Vec<_>>().join("\n")
                };
                assert_eq!(layout(&body(&masked)), layout(&body(&shown)), "{message} {keys}");
            }
            browser.keys("<Esc><Down>");
        }
        browser.keys("<Home>  D");
        assert!(browser.screen().contains("midnight"), "{}", browser.screen());
        browser.keys("P");
        assert!(browser.screen().contains("line 1") && !browser.screen().contains("abbit"));
    }
}

#[test]
fn the_number_of_a_row_is_not_masked_where_a_phone_has_the_same() {
    let legs = ["esinet", "external", "internal"]
        .map(|name| InputSpec::file(crate::support::fixture(&format!("legs/{name}.dump.xz"))));
    let mut browser = Browser::new(120, 40, Snapshot::clone(&loaded(legs.into())));
    let same = users(&browser)
        .into_iter()
        .find(|user| user.parse::<usize>().is_ok_and(|number| number <= browser.shown_len()));
    let number = same.unwrap();
    browser.keys(&format!(":{number}<Enter>P"));
    let screen = browser.screen();
    let row = screen.lines().find(|line| line.contains('▸')).unwrap();
    assert!(row.split_whitespace().any(|word| word == number), "{number}: {screen}");
    // What covers the list is masked where the numbers of rows are.
    browser.keys(&format!("/from:{number}"));
    assert!(!browser.screen().lines().nth(1).unwrap().contains(&number), "{}", browser.screen());
}
