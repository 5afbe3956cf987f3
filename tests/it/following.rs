//! The browser and its loader on files that grow.

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use sofiatui::app::{Event, Following};
use sofiatui::load::{Follow, InputSpec, Loader};
use sofiatui::store::{Snapshot, TextReader};

use crate::follow::{Folder, frame};
use crate::pty::Pty;
use crate::support::{Browser, snapshot};

/// Tests fail if an expected result takes longer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A loader for growing files, and what it publishes.
fn loader(folder: &Folder, names: &[&str], follow: Follow) -> (Loader, Receiver<Arc<Snapshot>>) {
    let (sender, snapshots) = channel();
    let names: Vec<_> = names.iter().map(|name| folder.path(name)).collect();
    let inputs = InputSpec::of_names(&names);
    let publish = move |snapshot| drop(sender.send(snapshot));
    (Loader::start(inputs, follow, 0, publish), snapshots)
}

/// Waits for a snapshot for which `holds`.
fn until(snapshots: &Receiver<Arc<Snapshot>>, holds: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let end = Instant::now() + TIMEOUT;
    loop {
        let snapshot = snapshots.recv_timeout(end.saturating_duration_since(Instant::now())).unwrap();
        if holds(&snapshot) {
            return snapshot;
        }
    }
}

#[test]
fn progress_is_shown_while_a_long_region_without_messages_is_read() {
    let line = "2026-11-23 05:59:59.000000 99.00% [DEBUG] switch_core.c:1 text\n";
    let log = "x.dump: is a FreeSWITCH log without siptrace entries";
    for (what, start, error) in [
        ("zeros", String::new(), "x.dump: is not a mod_sofia dump"),
        ("a log", line.repeat(40 << 20 >> 6), log),
    ] {
        let folder = Folder::new();
        folder.append("x.dump", start.as_bytes());
        if start.is_empty() {
            // Blocks that were never written take no room.
            File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(64 << 20).unwrap();
        }
        let size = fs::metadata(folder.path("x.dump")).unwrap().len();
        let (_loader, snapshots) = loader(&folder, &["x.dump"], Follow::default());
        let first = until(&snapshots, |_| true);
        let read = first.progress.bytes_read;
        assert!(read > 0 && read < size && !first.progress.done, "{what}: {read} of {size}");
        let last = until(&snapshots, |s| s.progress.done);
        let errors = &last.progress.errors;
        assert_eq!((last.progress.bytes_read, errors.len()), (size, 1), "{what}");
        assert!(errors[0].contains(error), "{}", errors[0]);
    }
}

#[test]
fn a_compressed_log_without_entries_is_counted_to_its_end() {
    let line = "2026-11-23 05:59:59.000000 99.00% [DEBUG] switch_core.c:1 text\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(line.repeat(8 << 20 >> 6).as_bytes()).unwrap();
    let folder = Folder::new();
    folder.append("x.log.gz", &packed.finish().unwrap());
    let size = fs::metadata(folder.path("x.log.gz")).unwrap().len();
    let (_loader, snapshots) = loader(&folder, &["x.log.gz"], Follow::default());
    let last = until(&snapshots, |s| s.progress.done);
    let errors = &last.progress.errors;
    assert_eq!((last.progress.bytes_read, errors.len()), (size, 1), "{errors:?}");
    assert!(
        errors[0].contains("is a FreeSWITCH log without siptrace entries (131072 lines read)"),
        "{errors:?}"
    );
}

#[test]
fn progress_is_shown_while_a_pipe_without_messages_is_read() {
    let folder = Folder::new();
    let path = folder.path("x.fifo");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (_loader, snapshots) = loader(&folder, &["x.fifo"], Follow::default());
    let mut pipe = File::options().write(true).open(&path).unwrap();
    for round in 1..=3_u64 {
        std::io::Write::write_all(&mut pipe, &[0; 1000]).unwrap();
        until(&snapshots, |s| s.progress.bytes_read == round * 1000);
    }
}

#[test]
fn messages_are_published_at_once_and_their_text_survives_every_rotation() {
    let folder = Folder::new();
    let (loader, snapshots) = loader(&folder, &["x.dump"], Follow::on());
    let empty = until(&snapshots, |_| true);
    assert!((empty.len(), empty.progress.caught_up, empty.progress.done) == (0, true, false));
    folder.append("x.dump", &frame("one"));
    until(&snapshots, |s| s.len() == 1);
    folder.append("x.dump", &frame("two"));
    until(&snapshots, |s| s.len() == 2);
    File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(0).unwrap();
    until(&snapshots, |s| s.progress.errors.iter().any(|e| e.contains("x.dump: was truncated")));
    folder.append("x.dump", &frame("three"));
    let last = until(&snapshots, |s| s.len() == 3);
    fs::remove_file(folder.path("x.dump")).unwrap();
    for (row, call_id) in [(0, "one"), (1, "two"), (2, "three")] {
        let text = last.text(&mut TextReader::default(), row).unwrap();
        assert!(frame(call_id).windows(text.bytes.len()).any(|part| part == text.bytes), "{call_id}");
    }
    drop(loader);
    // The thread ends, and with it the channel.
    while snapshots.recv_timeout(TIMEOUT).is_ok() {}
}

#[test]
fn growth_is_read_only_while_following() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("one"));
    let (loader, snapshots) = loader(&folder, &["x.dump"], Follow::default());
    let done = until(&snapshots, |s| s.progress.done);
    assert_eq!(done.len(), 1);
    folder.append("x.dump", &frame("two"));
    loader.follow();
    until(&snapshots, |s| s.len() == 2 && !s.progress.done);
}

#[test]
fn following_continues_where_reading_ended_and_rotation_loses_no_text() {
    let folder = Folder::new();
    folder.append("x.dump.1", &frame("zero"));
    folder.append("x.dump", &frame("one"));
    let (loader, snapshots) = loader(&folder, &["x.dump", "x.dump.1"], Follow::default());
    until(&snapshots, |s| s.progress.done && s.len() == 2);
    assert!(!loader.is_cut());
    loader.follow();
    folder.append("x.dump", &frame("two"));
    until(&snapshots, |s| s.len() == 3);
    // Copied and truncated, and written to before the file is looked at again.
    folder.append("x.dump", &frame("three"));
    fs::copy(folder.path("x.dump"), folder.path("x.dump.2")).unwrap();
    File::options().write(true).open(folder.path("x.dump")).unwrap().set_len(0).unwrap();
    folder.append("x.dump", &frame("four"));
    until(&snapshots, |s| s.len() == 5);
    // Renamed, and written to in the middle of a frame.
    let five = frame("five");
    folder.append("x.dump", &five[..90]);
    folder.rename("x.dump", "x.dump.3");
    folder.append("x.dump.3", &five[90..]);
    folder.append("x.dump", &frame("six"));
    let last = until(&snapshots, |s| s.len() == 7);
    fs::remove_file(folder.path("x.dump.3")).unwrap();
    for (row, call_id) in ["zero", "one", "two", "three", "four", "five", "six"].iter().enumerate() {
        let text = last.text(&mut TextReader::default(), row as u32).unwrap();
        let whole = frame(call_id);
        assert!(whole.windows(text.bytes.len()).any(|part| part == text.bytes), "{call_id}");
        assert!(!text.pieces[0].header.is_empty(), "{call_id}");
    }
    assert_eq!(last.progress.errors, [""; 0]);
}

#[test]
fn a_file_that_ends_within_a_message_is_shown_and_read_again_when_followed() {
    let folder = Folder::new();
    let two = frame("two");
    folder.append("x.dump", &[&frame("one"), &two[..120]].concat());
    let (loader, snapshots) = loader(&folder, &["x.dump"], Follow::default());
    let done = until(&snapshots, |s| s.progress.done);
    assert_eq!((done.len(), loader.is_cut()), (2, true));
    // On a terminal: the cut message becomes whole, and comes once.
    let path = folder.path("x.dump");
    let mut pty = Pty::sofiatui(&[path.to_str().unwrap()]);
    pty.loaded().until(&["2 messages"]).keys("F").until(&["LIVE"]);
    folder.append("x.dump", &[&two[120..], &frame("three")].concat());
    pty.until(&["3 messages", "three"]).keys("gj").until(&["Call-ID", "two"]).keys("q");
    assert!(pty.end().success());
}

#[test]
fn the_title_says_whether_the_list_is_live_or_paused_and_what_is_new() {
    let folder = Folder::new();
    let frames =
        |from: u32, to: u32| -> Vec<u8> { (from..to).flat_map(|n| frame(&format!("call{n}"))).collect() };
    folder.append("x.dump", &frames(0, 40));
    let path = folder.path("x.dump");
    let mut pty = Pty::sofiatui(&["--follow", "--no-session", path.to_str().unwrap()]);
    pty.until(&["40 messages", "LIVE"]).keys("kk").until(&["▸ 38"]);
    folder.append("x.dump", &frames(40, 42));
    pty.until(&["LIVE, 2 new below (G)"]).keys("G").gone("new below").until(&["▸ 42", "LIVE"]);
    pty.keys("F").until(&["PAUSED"]);
    folder.append("x.dump", &frames(42, 45));
    pty.until(&["PAUSED, 3 new (F)"]).keys("F").gone("PAUSED").until(&["▸ 45", "LIVE"]).keys("q");
    assert!(pty.end().success());
}

#[test]
fn several_growing_files_are_merged() {
    let folder = Folder::new();
    folder.append("a.dump", &frame("a"));
    let (_loader, snapshots) = loader(&folder, &["a.dump", "b.dump"], Follow::on());
    until(&snapshots, |s| s.len() == 1);
    folder.append("b.dump", &frame("b"));
    let both = until(&snapshots, |s| s.len() == 2);
    assert_eq!(both.sources.iter().map(|s| &*s.profile).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn rows_after_a_cut_frame_appear() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("one"));
    let (_loader, snapshots) = loader(&folder, &["x.dump"], Follow::on());
    until(&snapshots, |s| s.len() == 1);
    let marker = b"dump started at Mon Nov 23 04:09:00 2026\n\n\n";
    folder.append("x.dump", &[&frame("two")[..150], marker, &frame("three")].concat());
    until(&snapshots, |s| s.len() == 3);
}

#[test]
fn the_list_stays_at_its_end_until_the_user_moves_up() {
    let rows = |n| snapshot(&["screens/mixed.dump"], n);
    let mut browser = Browser::new(100, 30, rows(5));
    browser.keys("F");
    let at = |browser: &Browser| (browser.app.session.following, browser.messages().list.selected);
    assert_eq!(at(&browser), (Following::AtLast, 4));
    for (keys, len, want) in [
        ("", 6, (Following::AtLast, 5)),
        ("k", 7, (Following::Scrolled, 4)),
        ("j", 8, (Following::Scrolled, 5)),
        ("G", 9, (Following::AtLast, 8)),
        ("gF", 10, (Following::AtLast, 9)),
    ] {
        browser.keys(keys);
        browser.event(Event::Loaded(Arc::new(rows(len))));
        assert_eq!(at(&browser), want, "{keys} {len}");
    }
}

/// The first `n` messages of a file that is followed.
fn read_up_to(n: usize) -> Snapshot {
    let mut snapshot = snapshot(&["screens/mixed.dump"], n);
    snapshot.progress.caught_up = true;
    snapshot
}

#[test]
fn a_paused_list_does_not_move_and_the_title_counts_new_messages() {
    let mut browser = Browser::new(100, 30, read_up_to(5));
    browser.keys("F");
    for (keys, len, selected, title) in [
        ("F", 6, 4, "PAUSED, 1 new (F)"),
        ("", 9, 4, "PAUSED, 4 new (F)"),
        ("kj", 10, 4, "PAUSED, 5 new (F)"),
        ("jjjjj", 11, 9, "PAUSED, 6 new (F)"),
        ("F", 12, 11, "  LIVE"),
        ("F", 13, 11, "PAUSED, 1 new (F)"),
        ("<End>", 14, 13, "  LIVE"),
        ("FG", 15, 14, "  LIVE"),
    ] {
        browser.keys(keys);
        browser.event(Event::Loaded(Arc::new(read_up_to(len))));
        browser.draw();
        assert_eq!(browser.messages().list.selected, selected, "{keys} {len}");
        assert!(browser.screen().contains(title), "{keys} {len}\n{}", browser.screen());
    }
}

#[test]
fn the_title_names_keys_of_the_list_only_where_they_work() {
    for (key, in_list) in [("F", "PAUSED, 3 new (F)"), ("g", "LIVE, 3 new below (G)")] {
        let mut browser = Browser::new(100, 30, read_up_to(5));
        browser.keys("F").keys(key);
        browser.event(Event::Loaded(Arc::new(read_up_to(8))));
        browser.draw();
        for (keys, title) in [("", in_list), ("d", "LIVE"), ("<Esc>c", "LIVE"), ("c?", in_list)] {
            browser.keys(keys);
            let screen = browser.screen();
            assert!(screen.lines().next().unwrap().trim_end().ends_with(title), "{keys}\n{screen}");
        }
    }
}

#[test]
fn following_starts_from_the_calls_too() {
    let mut browser = Browser::new(100, 30, read_up_to(5));
    browser.keys("cF");
    assert_eq!(browser.app.session.following, Following::AtLast);
    assert!(browser.screen().contains("LIVE"), "{}", browser.screen());
    browser.keys("F");
    assert_eq!(browser.app.session.following, Following::AtLast);
    assert!(browser.screen().contains("already following"), "{}", browser.screen());
}

#[test]
fn new_messages_that_the_filter_hides_are_not_counted() {
    let mut browser = Browser::new(100, 30, read_up_to(5));
    browser.keys("FF/dir:recv<Enter>");
    let shown = browser.shown_len();
    browser.event(Event::Loaded(Arc::new(read_up_to(20))));
    browser.draw();
    let new = browser.shown_len() - shown;
    assert!((1..15).contains(&new) && browser.screen().contains(&format!("PAUSED, {new} new (F)")));
    browser.keys("<F5>");
    assert!(browser.screen().contains("PAUSED, 15 new (F)"), "{}", browser.screen());
}

#[test]
fn the_filter_applies_to_new_rows() {
    let rows = |n| snapshot(&["screens/mixed.dump"], n);
    let mut browser = Browser::new(100, 30, rows(3));
    browser.keys("F/dir:recv<Enter>");
    let shown = browser.shown_len();
    browser.event(Event::Loaded(Arc::new(rows(20))));
    assert!(browser.shown_len() > shown);
    assert_eq!(browser.messages().list.selected + 1, browser.shown_len());
    // Read again: the same rows match.
    let shown = browser.shown_len();
    browser.event(Event::Reloaded(Arc::new(rows(20))));
    assert_eq!((browser.shown_len(), browser.messages().list.selected + 1), (shown, shown));
}

#[test]
fn new_rows_appear_on_a_real_terminal() {
    let folder = Folder::new();
    folder.append("x.dump", &frame("one"));
    let path = folder.path("x.dump");
    let mut pty = Pty::sofiatui(&[path.to_str().unwrap()]);
    pty.loaded().until(&["1 message"]).keys("F").until(&["LIVE"]);
    folder.append("x.dump", &frame("two"));
    pty.until(&["2 messages", "two"]);
    folder.rename("x.dump", "x.dump.1");
    folder.append("x.dump", &frame("three"));
    pty.until(&["3 messages", "three"]).keys("k").until(&["▸ 2"]);
    folder.append("x.dump", &frame("four"));
    pty.until(&["4 messages"]).keys("F").gone("new below").keys("F").until(&["PAUSED (F)"]);
    // Reading goes on.
    folder.append("x.dump", &frame("five"));
    pty.until(&["5 messages", "PAUSED, 1 new (F)"]).keys("F").until(&["five"]).gone("PAUSED").keys("q");
    assert!(pty.end().success() && pty.is_restored());
}

#[test]
fn the_follow_option_also_follows_a_file_created_later() {
    let folder = Folder::new();
    let path = folder.path("x.dump");
    let mut pty = Pty::sofiatui(&["--follow", path.to_str().unwrap()]);
    pty.until(&["no messages yet", "LIVE"]);
    folder.append("x.dump", &frame("one"));
    pty.until(&["1 message", "one"]).keys("q");
    assert!(pty.end().success());
}
