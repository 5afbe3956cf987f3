//! Choosing profiles of a directory: the state, the screens, and the real program in a pseudo-terminal.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sofiatui::app::screens::profiles::TypedRange;
use sofiatui::app::{App, Event, MouseAction, ProfilesScreen};
use sofiatui::base::escape::is_safe;
use sofiatui::filter::Filter;
use sofiatui::store::Dates;
use sofiatui::store::catalog::{Catalog, Entry, EntryRange};

use crate::pty::Pty;
use crate::support::{Browser, snapshot};

/// Microseconds of a second, and midnight of 2026-11-23.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 20_780 * 86_400 * SECOND;

fn times(first: i64, last: i64, dates: Dates) -> EntryRange {
    EntryRange::Times { first: first * SECOND, last: last * SECOND, dates }
}

fn known(first: i64, last: i64) -> EntryRange {
    let day = DAY / SECOND;
    times(day + first, day + last, Dates::Stamped)
}

fn entry(profile: &str, files: usize, bytes: u64, range: EntryRange) -> Entry {
    Entry { profile: profile.to_owned(), files, bytes, range, ..Entry::default() }
}

/// Three profiles; the newest is the second.
fn three() -> Catalog {
    Catalog {
        place: "/var/log/freeswitch/sip_traces".to_owned(),
        entries: vec![
            entry("external", 3, 411_000_000, known(-3000, 25_091)),
            entry("internal", 3, 812_400_000, known(21_218, 25_141)),
            entry("esinet", 1, 4_200_000, known(21_500, 24_000)),
        ],
        errors: Vec::new(),
        done: true,
    }
}

/// One of each kind.
pub(crate) fn all_kinds() -> Catalog {
    let mut catalog = three();
    let day = DAY / SECOND;
    catalog.entries.extend([
        entry("freeswitch", 12, 2_400_000_000, times(day - 86_400, day + 24_999, Dates::Inferred)),
        entry("ws", 1, 71, EntryRange::Nothing),
        entry("evil\u{1b}[2J", 1, 1000, known(1, 2)),
    ]);
    for (entry, folder) in catalog.entries.iter_mut().zip(["", "internal", "esinet/old"]) {
        folder.clone_into(&mut entry.folder);
    }
    catalog.errors = vec!["/var/log/freeswitch/sip_traces/private: permission denied".to_owned()];
    catalog
}

/// Compares the screen with the one in `snapshots/`.
fn assert_screen(name: &str, browser: &Browser) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, browser.styled_screen());
    });
}

/// The first wish to open something: the entries, and which times are let through.
fn opened(catalog: Catalog, keys: &str) -> Option<(Vec<usize>, String)> {
    let mut browser = Browser::picking(80, 24, catalog);
    browser.keys(keys);
    let (entries, window) = browser.opened.first()?;
    Some((entries.clone(), window.filter().text().to_owned()))
}

#[test]
fn marked_or_selected_profiles_are_opened_newest_first() {
    for (keys, want) in [
        ("<Enter>", &[1][..]),
        ("j<Enter>", &[0]),
        ("<End><Enter>", &[2]),
        ("<PgDn>k<Enter>", &[0]),
        (" <Enter>", &[1]),
        ("j <Home><Enter>", &[0]),
        ("  <Enter>", &[1, 0]),
        ("j  <Enter>", &[0, 2]),
        (" k <Enter>", &[0]),
        ("a<Enter>", &[1, 0, 2]),
        ("aa<Enter>", &[1]),
        (" a<Enter>", &[1, 0, 2]),
        ("?<Enter>", &[]),
        ("?<Esc><Enter>", &[1]),
        ("/y1z<Tab><Enter>", &[1]),
    ] {
        let got = opened(three(), keys);
        assert_eq!(got.map(|(entries, ..)| entries).unwrap_or_default(), want, "{keys}");
    }
    assert_eq!(opened(Catalog { done: true, ..Catalog::default() }, "a t<Esc><Enter>"), None);
}

#[test]
fn edited_times_are_kept_only_if_valid() {
    for (keys, times) in [
        ("t05:53<Enter><Enter>", "time>=05:53"),
        ("t05:53<Tab>06:10:30<Enter><Enter>", "time>=05:53 time<=06:10:30"),
        ("t<Down>2026-11-23  06:10 <Enter><Enter>", "time<=2026-11-23T06:10"),
        ("t05:53<Esc><Enter>", ""),
        ("t05:53<Enter>t<C-u><Enter><Enter>", ""),
        ("t5.53<Enter><BS><BS><BS>:53<Enter><Enter>", "time>=5:53"),
        // Of a profile that goes over several days.
        ("jt23:30<Enter><Enter>", "time>=2026-11-22T23:30"),
        ("jt<Tab>05:53<Enter><Enter>", "time<=2026-11-23T05:53"),
    ] {
        assert_eq!(opened(three(), keys).unwrap().1, times, "{keys}");
    }
    // What is no time stays to be edited, and nothing is opened.
    for keys in ["t25:00<Enter><Enter>", "t<Tab>soon<Enter><Enter>", "t05:53<Tab>x<Enter>"] {
        assert_eq!(opened(three(), keys), None, "{keys}");
    }
}

#[test]
fn the_time_range_becomes_the_active_filter() {
    for (keys, filter) in [
        ("<Enter>", ""),
        ("t05:53<Tab>06:10<Enter><Enter>", "time>=05:53 time<=06:10"),
        ("t23:00<Tab>06:10<Enter><Enter>", "time>=23:00 or time<=06:10"),
    ] {
        let mut browser = Browser::picking(80, 24, three());
        browser.keys(keys);
        assert_eq!(browser.messages().filter.filter.text(), filter, "{keys}");
        assert_eq!(browser.messages().filter.edit.text(), filter, "{keys}");
    }
    // What the command line asked for holds too.
    let range = TypedRange { since: "05:53".to_owned(), until: String::new() };
    let app = App::with_profiles(Filter::parse("method:invite").unwrap(), range);
    let mut browser = Browser::picking_in(80, 24, three(), app);
    browser.keys("<Enter>");
    assert_eq!(browser.messages().filter.filter.text(), "time>=05:53 method:invite");
}

#[test]
fn the_list_shows_the_opened_profiles_and_back_returns_to_the_choice() {
    let is_picker = |browser: &Browser| browser.profiles().is_some();
    let mut browser = Browser::picking(80, 24, three());
    browser.keys("j<Enter>");
    assert!(browser.screen().contains("loading…"), "{}", browser.screen());
    browser.event(Event::Loaded(Arc::new(snapshot(&["screens/mixed.dump"], usize::MAX))));
    browser.draw();
    browser.keys("<Down>/invite<Enter>");
    let list = browser.screen();
    for (away, back) in [("O", "<Esc>"), ("q", "<Esc>"), ("O?<Esc>", "<Esc>")] {
        browser.keys(away);
        assert!(is_picker(&browser), "{away}");
        browser.keys(back);
        assert_eq!(browser.screen(), list, "{away}{back}");
    }
    // Another one starts again, without the rows and the filter of the first.
    browser.keys("Ok<Enter>");
    assert_eq!(browser.opened.iter().map(|o| o.0.clone()).collect::<Vec<_>>(), [[0], [1]]);
    assert_eq!((browser.shown_len(), browser.messages().filter.filter.text()), (0, ""));
    assert!(browser.screen().contains("loading…"), "{}", browser.screen());
    assert!(!browser.left);
    browser.keys("Oq");
    assert!(browser.left);
}

#[test]
fn without_an_opened_profile_escape_and_q_quit() {
    for keys in ["<Esc>", "q", "t<Esc>q", "?<Esc>q", "<C-c>", "t<C-c>"] {
        let mut browser = Browser::picking(80, 24, three());
        browser.keys(keys);
        assert!(browser.left, "{keys}");
    }
    let mut browser = Browser::new(80, 24, snapshot(&["screens/mixed.dump"], usize::MAX));
    browser.keys("O");
    assert!(browser.screen().contains("no directory was opened"), "{}", browser.screen());
}

#[test]
fn rows_are_sorted_when_all_times_are_known_and_the_selected_one_stays_selected() {
    let mut part = three();
    part.done = false;
    for (at, entry) in part.entries.iter_mut().enumerate() {
        (entry.range, entry.written) = (EntryRange::Unread, 10 - at as u64);
    }
    for (keys, first, want) in [("", 0, 1), ("j", 1, 1), ("jj", 2, 2), ("g", 0, 0), (" k", 0, 0)] {
        let mut browser = Browser::picking(80, 24, part.clone());
        browser.keys(keys);
        let selected = |browser: &Browser| browser.profiles().and_then(ProfilesScreen::selected_entry);
        assert_eq!(selected(&browser), Some(first), "{keys}");
        browser.event(Event::Catalog(Arc::new(three())));
        assert_eq!(selected(&browser), Some(want), "{keys}");
    }
}

#[test]
fn the_mouse_selects_and_scrolls() {
    let mut browser = Browser::picking(80, 24, three());
    browser.click("esinet").keys("<Enter>");
    assert_eq!(browser.opened[0].0, [2]);
    let mut many = three();
    many.entries = (0..50).map(|n| entry(&format!("p{n:02}"), 1, 1, known(0, 100 - n))).collect();
    let mut browser = Browser::picking(80, 24, many);
    browser.mouse(MouseAction::Wheel(3), 10, 10).click("p21").keys("<Enter>");
    assert_eq!(browser.opened[0].0, [21]);
    let mut browser = Browser::picking(80, 24, three());
    browser.click("all times").keys("05:53<Enter><Enter>");
    assert_eq!(browser.opened[0].1.filter().text(), "time>=05:53");
}

#[test]
fn the_screen_at_each_size() {
    for (columns, rows) in [(80, 24), (160, 45), (40, 10), (20, 5)] {
        let mut browser = Browser::picking(columns, rows, all_kinds());
        browser.keys(" j t05:53<Tab>06:10<Enter>");
        assert_screen(&format!("profiles-{columns}x{rows}"), &browser);
    }
}

#[test]
fn the_times_while_they_are_typed() {
    let mut browser = Browser::picking(80, 24, three());
    browser.keys("t05:53<Tab>6.10");
    assert_screen("profiles-times", &browser);
    assert_eq!(browser.cursor(), (23, 1));
    browser.keys("<Enter>");
    assert_screen("profiles-times-wrong", &browser);
}

#[test]
fn an_empty_directory_is_reported() {
    let place = "/var/log/freeswitch/sip_traces".to_owned();
    let mut browser = Browser::picking(80, 24, Catalog { place: place.clone(), ..Catalog::default() });
    assert!(browser.screen().contains("looking for traces…"), "{}", browser.screen());
    browser.event(Event::Catalog(Arc::new(Catalog { place, done: true, ..Catalog::default() })));
    browser.draw();
    assert_screen("profiles-nothing", &browser);
}

#[test]
fn every_screen_size_works_and_shows_no_unsafe_character() {
    let mut browser = Browser::picking(80, 24, all_kinds());
    for keys in ["", "a", "?", "<Esc>t2026-11-23 05:53<Tab>6.10", "<Enter>"] {
        browser.keys(keys);
        for (columns, rows) in [(1, 1), (20, 5), (21, 6), (33, 7), (40, 8), (80, 24), (139, 7), (300, 90)] {
            browser.resize(columns, rows);
            assert!(browser.screen().chars().all(|c| c == '\n' || is_safe(c)), "{keys} {columns}x{rows}");
        }
    }
}

/// Three profiles with traffic of 05:53, of which one is rotated.
fn lay_out(dir: &Path) {
    for input in sofiatui::load::input::demo() {
        let mut input = input.unwrap();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut input.reader, &mut text).unwrap();
        let folder = dir.join(&input.source.profile);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(&input.source.file), text).unwrap();
    }
}

#[test]
fn in_a_terminal_one_several_or_a_time_range_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let name = dir.path().to_str().unwrap();
    let mut pty = Pty::sofiatui(&[name]);
    pty.until(&["3 profiles", "internal", "external", "esinet", "Enter opens"]).gone("…");
    // All of them, merged.
    pty.keys("a").until(&["3 profiles:", "merged by time"]).keys("\r").loaded().until(&["379 messages"]);
    // Another: one alone.
    pty.keys("O").until(&["merged by time"]).keys("a").gone("merged by time");
    pty.keys("g").keys("jj").keys("\r").loaded().until(&["Headers"]).gone("379");
    // A part of all.
    pty.keys("qa").until(&["merged by time"]).keys("t").until(&["from", "until"]);
    pty.keys("05:53:40\t05:53:50\r").until(&["from 05:53:40 until 05:53:50"]);
    pty.keys("\r").loaded().until(&["time>=05:53:40 time<=05:53:50", " of 379"]);
    pty.keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn the_options_apply_to_the_opened_profiles() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let mut pty = Pty::sofiatui(&["-m", "OPTIONS", "--since", "05:53:40", dir.path().to_str().unwrap()]);
    pty.until(&["from 05:53:40", "Enter opens"]).keys("a\r");
    pty.loaded().until(&["time>=05:53:40 method:OPTIONS", " of 379"]).keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
}

/// A compressed dump of more than a megabyte, whose requests contain the user `who`.
fn large(who: &str) -> Vec<u8> {
    let mut text = String::new();
    for n in 0..10_000 {
        let message = format!("OPTIONS sip:{who}@b SIP/2.0\r\nCall-ID: {n}@host\r\nCSeq: 1 OPTIONS\r\n\r\n");
        let head = format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.{n:06}:", message.len());
        text.extend([&head, "\n", &message, "\x0b\n"]);
    }
    zstd::encode_all(text.as_bytes(), 1).unwrap()
}

#[test]
fn the_previously_opened_profile_is_neither_shown_nor_found() {
    let dir = tempfile::tempdir().unwrap();
    for (who, day) in [("first", 20_780), ("other", 20_779)] {
        let path = dir.path().join(format!("{who}.dump.zst"));
        std::fs::write(&path, large(who)).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400);
        std::fs::File::options().write(true).open(path).unwrap().set_modified(written).unwrap();
    }
    let mut pty = Pty::sofiatui(&[dir.path().to_str().unwrap()]);
    for (who, key) in [("first", "g"), ("other", "G")] {
        pty.until(&["Enter opens"]).gone("reading…").keys(key);
        // What was read of the first block is kept by its reader.
        pty.keys("\r").loaded().until(&["10,000 messages"]).keys("j");
        pty.until(&[&format!("OPTIONS sip:{who}@b SIP/2.0"), "Call-ID  1@host"]);
        pty.keys("/").keys(&format!("sip:{who}@b\r")).until(&["10,000 of 10,000"]);
        pty.keys("O");
    }
    pty.until(&["Enter opens"]).keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn opened_profiles_are_followed_with_the_follow_option() {
    let dir = tempfile::tempdir().unwrap();
    lay_out(dir.path());
    let mut pty = Pty::sofiatui(&["--follow", dir.path().to_str().unwrap()]);
    pty.until(&["3 profiles", "Enter opens"]).keys("a\r").until(&["379 messages", "LIVE"]);
    let file = dir.path().join("internal/internal.dump");
    let text = std::fs::read(&file).unwrap();
    let mut grown = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
    std::io::Write::write_all(&mut grown, &text).unwrap();
    pty.until(&["650 messages"]).keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
}
