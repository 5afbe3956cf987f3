//! The palette: finding commands by a few letters, and going to a message by its number or its time.

use sofiatui::app::Screen;
use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, loaded};

fn browser(columns: u16, rows: u16) -> Browser {
    Browser::new(columns, rows, Snapshot::clone(&loaded(vec![InputSpec::Demo])))
}

/// The 1-based number of the selected message.
fn selected(browser: &Browser) -> u32 {
    browser.app.selected().unwrap() + 1
}

#[test]
fn the_palette_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = browser(columns, rows);
        browser.keys(":lad");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("palette-{columns}x{rows}"), browser.screen());
        });
    }
}

#[test]
fn a_few_letters_find_a_command_and_enter_runs_it() {
    let mut browser = browser(120, 40);
    browser.keys(":statis<Enter>");
    assert!(matches!(browser.app.screen(), Screen::Statistics(_)), "{}", browser.screen());
    browser.keys(":peers<Enter>");
    assert!(browser.screen().contains("response"), "{}", browser.screen());
    browser.keys("q:ladder<Enter>");
    assert!(matches!(browser.app.screen(), Screen::Ladder(_)), "{}", browser.screen());
    browser.keys(":xyzzy<Enter>");
    assert!(browser.screen().contains("no command and no message is “xyzzy”"), "{}", browser.screen());
    browser.keys(":<Esc>:<BS>");
    assert!(browser.app.overlay.is_none());
}

#[test]
fn a_number_or_a_time_goes_to_that_message() {
    let mut browser = browser(120, 40);
    let time = |browser: &Browser, number: u32| {
        browser
            .app
            .session
            .snapshot
            .row(number - 1)
            .map(|row| row.row.time.rem_euclid(86_400_000_000))
            .unwrap()
    };
    browser.keys(":200<Enter>");
    assert_eq!(selected(&browser), 200);
    browser.keys(":99999<Enter>");
    assert_eq!(selected(&browser), 379, "the last one");
    let screen = browser.screen();
    assert!(screen.contains("there is no message 99999: the last one is 379"), "{screen}");
    browser.keys(":1<Enter>:23:00:00<Enter>");
    let screen = browser.screen();
    assert!(screen.contains("no message is from 23:00:00 on: the last one is 379"), "{screen}");
    browser.keys(":05:54:05<Enter>");
    let (at, wanted) = (selected(&browser), (5 * 3600 + 54 * 60 + 5) * 1_000_000);
    assert!(time(&browser, at) >= wanted && time(&browser, at - 1) < wanted);
    browser.keys(":+10s<Enter>");
    let later = selected(&browser);
    assert!(time(&browser, later) >= time(&browser, at) + 10_000_000);
    assert!(time(&browser, later - 1) < time(&browser, at) + 10_000_000);
    browser.keys("s:7<Enter>");
    assert!(matches!(browser.app.screen(), Screen::Messages(_)), "it goes back to the list");
    assert_eq!(selected(&browser), 7);
}

#[test]
fn a_message_that_the_filter_hides_is_not_shown_but_its_neighbour_is() {
    let mut browser = browser(120, 40);
    browser.keys("/method:bye<Enter>:1<Enter>");
    let near = selected(&browser);
    assert!(near > 1);
    let notice = format!("the filter hides message 1: {near} is the nearest that it shows");
    assert!(browser.screen().contains(&notice), "{}", browser.screen());
}

#[test]
fn the_real_program_has_a_palette() {
    let mut program = Pty::sofiatui(&["--demo", "--no-config"]);
    program.loaded().keys(":").until(&["commands", "a command, a message number, or a time"]);
    program.keys("statis").until(&["statistics of what the filter lets through"]);
    program.keys("\r").until(&["answer-seizure ratio"]);
    program.keys("qq");
    assert!(program.end().success());
}
