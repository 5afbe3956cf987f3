//! What FreeSWITCH changed from leg to leg: how one gets there, what is compared, what it looks like.

use std::sync::{Arc, OnceLock};

use sofiatui::app::screens::diff::{DiffLine, Shown};
use sofiatui::app::{DiffScreen, Effect, Event, Key, MouseAction, Screen};
use sofiatui::diff::Change;
use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

fn demo() -> Snapshot {
    static DEMO: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Snapshot::clone(DEMO.get_or_init(|| loaded(vec![InputSpec::Demo])))
}

/// The calls of the built-in sample that match `filter`, the first one selected.
fn browser(columns: u16, rows: u16, filter: &str) -> Browser {
    let mut browser = Browser::new(columns, rows, demo());
    browser.keys(&format!("c/{filter}<Enter>g"));
    browser
}

fn diff(browser: &Browser) -> &DiffScreen {
    let Screen::Diff(screen) = browser.app.screen() else { panic!("{}", browser.screen()) };
    screen
}

/// The labels of the entries with this change that are shown.
fn labels(browser: &Browser, change: Change) -> Vec<String> {
    let lines = diff(browser).lines();
    let entries = lines.iter().filter_map(|line| match line {
        DiffLine::Entry(entry) if entry.change == change => Some(entry.label.clone()),
        _ => None,
    });
    entries.collect()
}

/// What the tabs say, the chosen one in brackets.
fn tabs(browser: &Browser) -> Vec<String> {
    let screen = diff(browser);
    let title = |step| screen.step_title(&browser.app.session.snapshot, step);
    let named = screen.steps.iter().enumerate().map(|(number, step)| match title(step) {
        title if number == screen.step => format!("[{title}]"),
        title => title,
    });
    named.collect()
}

#[test]
fn the_invites_of_a_busy_call_at_each_size() {
    for (columns, rows) in [(80, 24), (160, 45), (20, 5)] {
        let mut browser = browser(columns, rows, "state:busy");
        browser.keys("D");
        insta::assert_snapshot!(format!("diff-{columns}x{rows}"), browser.styled_screen());
    }
    let browser = browser(80, 24, "state:busy").without_color();
    let mut browser = browser;
    insta::assert_snapshot!("diff-no-color", browser.keys("D").styled_screen());
    browser.keys("a<End>");
    assert_eq!(diff(&browser).shown, Shown::Everything);
    insta::assert_snapshot!("diff-everything", browser.screen());
}

#[test]
fn each_step_compares_what_was_received_with_what_was_sent() {
    let mut browser = browser(120, 40, "state:busy");
    browser.keys("D");
    assert_eq!(tabs(&browser), ["[INVITE]", "486"]);
    assert!(labels(&browser, Change::Dropped).contains(&"Proxy-Authorization".to_owned()));
    assert!(labels(&browser, Change::Rewritten).contains(&"Request URI".to_owned()));
    let before = browser.screen();
    browser.keys("<Tab>");
    assert_eq!(tabs(&browser), ["INVITE", "[486]"]);
    let screen = browser.screen();
    let sides: Vec<&str> = screen.lines().skip(2).take(2).collect();
    assert!(sides[0].contains("B ") && sides[0].contains("received 486 Busy Here from"), "{sides:?}");
    assert!(sides[1].contains("A ") && sides[1].contains("sent 486 Busy Here to"), "{sides:?}");
    assert_eq!(browser.keys("<Right>").screen(), before);
    browser.click("486");
    assert_eq!(tabs(&browser), ["INVITE", "[486]"]);
    browser.keys("<Left>");
    assert!(matches!(browser.keys("D").app.screen(), Screen::Calls(_)));
}

#[test]
fn the_ladder_opens_the_step_of_the_selected_message() {
    let mut browser = browser(120, 40, "state:busy");
    browser.keys("d");
    let ladder = browser.ladder();
    let is_busy = |arrow: &sofiatui::ladder::Arrow| arrow.status == 486;
    let at = ladder.ladder.arrows.iter().position(is_busy).unwrap();
    browser.keys(&"j".repeat(at)).keys("D");
    assert_eq!(tabs(&browser), ["INVITE", "[486]"]);
    assert!(matches!(browser.keys("<Esc>").app.screen(), Screen::Ladder(_)));
}

#[test]
fn all_pairs_of_a_call_are_reached_and_one_leg_has_none() {
    let mut browser = browser(120, 40, "kind:call legs>3");
    browser.keys("D");
    let pairs = diff(&browser).pairs.len();
    assert_eq!(pairs, 3);
    let names = |browser: &Browser| diff(browser).pairs[diff(browser).pair].names.concat();
    let first = names(&browser);
    let mut seen = vec![first.clone()];
    for _ in 1..pairs {
        browser.keys("]");
        seen.push(names(&browser));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), pairs, "{seen:?}");
    assert_eq!(names(browser.keys("]")), first);
    let mut browser = self::browser(120, 40, "kind:call legs=1");
    assert!(browser.keys("D").screen().ends_with("this call has one leg: there is nothing to compare"));
}

#[test]
fn what_is_shown_is_copied_below_the_names_of_the_messages() {
    let mut browser = browser(120, 40, "state:busy");
    browser.keys("D");
    let copied = |browser: &mut Browser| {
        browser.keys("y");
        let effects = browser.app.update(Event::Key(Key::Char('d')));
        let copy = effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { what, bytes } => Some((what, String::from_utf8(bytes).unwrap())),
            _ => None,
        });
        copy.unwrap()
    };
    let (what, text) = copied(&mut browser);
    assert_eq!(what, "changes");
    insta::assert_snapshot!("diff-copied", text);
    browser.keys("a");
    let (_, whole) = copied(&mut browser);
    assert!(whole.lines().count() > text.lines().count());
    browser.keys("<Esc>y");
    browser.event(Event::Key(Key::Char('d')));
    browser.draw();
    assert!(browser.screen().contains("sent frame, "), "{}", browser.screen());
}

#[test]
fn it_scrolls_to_its_end_and_no_further() {
    let mut browser = browser(80, 24, "state:busy");
    browser.keys("D<End>");
    let top = diff(&browser).view.top;
    assert!(top > 0 && browser.screen().contains("a=rtpmap"), "{}", browser.screen());
    browser.keys("<PgDn>jj");
    assert_eq!(diff(&browser).view.top, top);
    browser.mouse(MouseAction::Wheel(-100), 10, 10);
    assert_eq!(diff(&browser).view.top, 0);
    for (width, height) in (0..60).step_by(3).flat_map(|w| [0, 3, 5, 6, 9].map(|h| (w, h))) {
        browser.resize(width, height).keys("<Tab>j<End>a");
    }
}

#[test]
fn two_marked_messages_are_compared() {
    let mut browser = Browser::new(120, 40, demo());
    browser.keys("/status:486<Enter>D");
    assert!(browser.screen().ends_with("0 messages are marked: mark two (Space) to compare them"));
    browser.keys(" D");
    assert!(browser.screen().ends_with("1 message is marked: mark one more (Space) to compare them"));
    assert!(browser.screen().lines().any(|line| line.starts_with('●')), "{}", browser.screen());
    browser.keys("/<C-u>status:200<Enter><Home> D");
    assert_eq!(tabs(&browser), ["[marked messages]"]);
    assert!(labels(&browser, Change::Rewritten).contains(&"Status".to_owned()));
    assert!(browser.screen().lines().nth(2).unwrap().starts_with(" 1 "), "{}", browser.screen());
    let screen = browser.screen();
    assert!(
        screen.contains("Header fields that each message has for itself") && !screen.contains("leg"),
        "{screen}"
    );
    assert!(screen.contains("1 is the same (a shows it)"), "{screen}");
    assert!(screen.ends_with("a all  y copy  D back  ? help  q back"), "{screen}");
    browser.keys("]");
    assert!(browser.screen().ends_with("two marked messages are compared: there is no other pair"));
    browser.keys("<Esc>/<C-u><Enter>gu");
    let marks: Vec<u32> = browser.app.session.marks.iter().copied().collect();
    assert_eq!(browser.app.selected(), Some(marks[0]));
    assert_eq!(browser.keys("u").app.selected(), Some(marks[1]));
    assert!(browser.keys("u").screen().ends_with("no marked message below: Space marks"));
    assert_eq!(browser.keys("U").app.selected(), Some(marks[0]));
    browser.keys("<F9>D");
    assert!(browser.app.session.marks.is_empty());
}

#[test]
fn what_was_compared_is_not_compared_again_when_more_is_loaded() {
    let mut browser = browser(120, 40, "state:busy");
    browser.keys("D");
    let before = diff(&browser).comparison.clone().unwrap();
    let snapshot = Arc::clone(&browser.app.session.snapshot);
    browser.event(Event::Loaded(snapshot));
    assert!(Arc::ptr_eq(&before, diff(&browser).comparison.as_ref().unwrap()));
}
