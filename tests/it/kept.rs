//! What is kept between runs: the real program, started again with the same folder of states.

use std::path::Path;

use sofiatui::app::{App, Effect, Event};
use sofiatui::filter::Filter;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, configure, snapshot};

/// The program that keeps its state in a folder.
fn browser(home: &Path, args: &[&str]) -> Pty {
    let mut pty = Pty::at_home(home, args);
    pty.loaded();
    pty
}

/// A dump of its own, whose first message is an INVITE.
fn dump(home: &Path) -> String {
    let path = home.join("x.dump");
    let mut text = Vec::new();
    let mut demo = sofiatui::load::input::demo().swap_remove(0).unwrap();
    std::io::Read::read_to_end(&mut demo.reader, &mut text).unwrap();
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn history_marks_and_position_are_there_again() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"\"");
    let dump = dump(home.path());
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["271 messages"])
        .keys("/method:bye\r")
        .until(&["method:bye", "of 271"])
        .keys("\x1b")
        .gone("of 271");
    pty.keys("gjj ").until(&["●"]).keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    // The same file: the mark, the message after it and the filter.
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["●", "▸   4"]).keys("/\x1b[A\r").until(&["/ method:bye"]).keys("q");
    pty.end();
    // The same file again; the mark is removed, and that is kept, too.
    let mut pty = browser(home.path(), &[&dump, "--all-methods"]);
    pty.keys("g").until(&["●"]).keys("\x1b[20~").gone("●").keys("q");
    pty.end();
    browser(home.path(), &[&dump])
        .until(&["271 messages", "Headers"])
        .keys("g")
        .until(&["▸   1"])
        .gone("●")
        .keys("q");
    // Nothing is used or kept on request.
    let mut pty = browser(home.path(), &[&dump, "--no-session"]);
    pty.until(&["▸   1"]).keys("/\x1b[A").gone("method:bye").keys("\x1bq");
}

#[test]
fn another_file_of_the_same_name_gets_no_marks() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"\"");
    let dump = dump(home.path());
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["271 messages"]).keys(" ").until(&["●"]).keys("q");
    pty.end();
    let text = std::fs::read(&dump).unwrap();
    let second = text.windows(4).skip(100).position(|four| four == b"\x0b\nre").unwrap() + 102;
    std::fs::write(&dump, &text[second..]).unwrap();
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["messages", "▸   1", "Headers"]).gone("●").keys("q");
}

#[test]
fn a_folder_that_cannot_be_used_is_told_and_the_browser_works() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"\"");
    std::fs::write(home.path().join("sofiatui/history"), b"\xff\xfe\n").unwrap();
    let mut pty = browser(home.path(), &["--demo"]);
    pty.until(&["history is not kept", "not UTF-8"]).keys("jj").until(&["▸   3"]).keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    assert_eq!(std::fs::read(home.path().join("sofiatui/history")).unwrap(), b"\xff\xfe\n");
}

#[test]
fn legs_that_were_taken_out_are_still_out_until_they_are_put_back() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"\"");
    let dump = dump(home.path());
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["271 messages"]).keys("c").until(&["20 calls", "▸  1"]);
    pty.keys("d").until(&["17 messages"]).keys("jjjjjj").until(&["joined with A"]).keys("-");
    pty.until(&["10 messages"]).keys("q").until(&["21 calls"]).keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
    let mut pty = browser(home.path(), &[&dump]);
    pty.until(&["271 messages"]).keys("c").until(&["21 calls"]).keys("gd").until(&["10 messages"]);
    pty.keys("+").until(&["17 messages"]).keys("q").until(&["20 calls"]).keys("qq");
    assert_eq!(pty.end().exit_code(), 0);
    let kept = std::fs::read_to_string(home.path().join("sofiatui/files.jsonl")).unwrap();
    assert!(!kept.contains("links"), "{kept}");
}

#[test]
fn printed_calls_have_the_legs_that_were_joined_and_taken_out_by_hand() {
    use sofiatui::state::{Folder, Identity, KeptLeg, KeptLink, MarkChange};
    let home = tempfile::tempdir().unwrap();
    let dump = dump(home.path());
    let printed = |args: &[&str]| {
        let mut program = crate::support::program();
        program.env("XDG_STATE_HOME", home.path()).args(["--no-config", &dump]).args(args);
        let output = program.output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let headings = |ladder: &str| -> Vec<String> {
        let is_leg = |line: &&str| line.starts_with(['A', 'B', 'C']) && line[1..].starts_with(' ');
        ladder.lines().filter(is_leg).map(str::to_owned).collect()
    };
    let chosen = ["--legs", "-c", "0_3319225595@198.51.100.11"];
    let ladder = printed(&[&chosen[..], &["--ladder"]].concat());
    let [a, b] = &headings(&ladder)[..] else { panic!("{ladder}") };
    let id = |heading: &str| heading.split(' ').nth(1).unwrap().to_owned();
    let stranger = "1493665390-5060-60@198J51J10.I.BA.BC".to_owned();
    assert!(b.contains("joined with A (1.00)"), "{b}");
    let leg = |call_id: String| KeptLeg { call_id, number: 0 };
    let joined = (leg(stranger.clone()), Some(KeptLink::With(leg(id(a)))));
    let links = vec![(leg(id(b)), Some(KeptLink::TakenOut)), joined];
    let change = MarkChange { links, ..MarkChange::default() };
    let identity = Identity::of(Path::new(&dump)).unwrap();
    Folder::at(home.path().join("sofiatui")).change_files(&[(identity, change)]).unwrap();
    let now = headings(&printed(&[&chosen[..], &["--ladder"]].concat()));
    assert_eq!(now, [a.clone(), format!("B {stranger}  joined with A by hand")]);
    let messages = printed(&[&chosen[..], &["-D"]].concat());
    assert!(messages.contains(&stranger) && !messages.contains(&id(b)), "{messages}");
    // From the leg that was taken out, nothing leads back.
    let other = printed(&["--ladder", "--legs", "-c", &id(b)]);
    assert!(!other.contains(&id(a)), "{other}");
    let stranger_call = format!("call-id:{stranger}");
    for args in [
        &["--calls", "--json", "-f", &*stranger_call][..],
        &["--calls", "--json", "-c", "0_3319225595@198.51.100.11"],
    ] {
        let calls = printed(args);
        assert!(calls.contains(&stranger) && calls.contains(&id(a)), "{calls}");
        assert!(calls.contains("joined by hand") && !calls.contains(&id(b)), "{calls}");
    }
    let count = |args: &[&str]| printed(&[args, &["-D"]].concat()).lines().count();
    let legs = |call_id: &str| count(&["-f", &format!("call-id:{call_id} legs:2")]);
    assert!(legs(&id(a)) > 0 && legs(&stranger) > 0);
    let alone = |session: &[&str]| {
        let filter = format!("call-id:{} legs:1", id(b));
        count(&[&["-f", &*filter], session].concat())
    };
    assert!(alone(&[]) > 0 && alone(&["--no-session"]) == 0);
    let summary = |session: &[&str]| printed(&[&["--stats", "--calls"], session].concat());
    assert_ne!(summary(&[]), summary(&["--no-session"]));
    let unkept = printed(&[&chosen[..], &["--ladder", "--no-session"]].concat());
    assert_eq!(unkept, ladder);
}

#[test]
fn a_position_that_is_known_before_the_first_drawing_has_rows_above_it() {
    let mut browser = Browser::new(100, 30, Snapshot::default());
    browser.app = App::new(Filter::all());
    let loaded = Event::Loaded(std::sync::Arc::new(snapshot(&["screens/mixed.dump"], usize::MAX)));
    let asked =
        |effect: &Effect| if let Effect::Recall(recall) = effect { Some(recall.generation) } else { None };
    let generation = browser.app.update(loaded).iter().find_map(asked).unwrap();
    let (marks, notes, links) = (Vec::new(), Vec::new(), Vec::new());
    let position = Some(3);
    browser.event(Event::Recalled {
        generation,
        marks,
        notes,
        links,
        position,
        scanned: 1000,
        has_any: true,
    });
    browser.draw();
    let rows: Vec<String> =
        browser.screen().lines().skip(3).take(4).map(|row| row[..12].to_owned()).collect();
    assert!(rows[0].contains("  1 ") && rows[3].contains('▸') && rows[3].contains("  4 "), "{rows:#?}");
}

#[test]
fn a_new_user_is_told_what_keys_are_for_in_the_first_runs() {
    let home = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        let mut pty = browser(home.path(), &["--demo"]);
        pty.until(&["New here?", "calls, and why each failed", "? all keys"]).keys("c");
        pty.until(&["next failed call", "? all keys"]).keys("cq");
        assert_eq!(pty.end().exit_code(), 0);
    }
    let mut pty = browser(home.path(), &["--demo"]);
    assert!(!pty.text().contains("New here?"), "{}", pty.text());
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}

#[test]
fn the_hints_end_after_some_commands() {
    let mut browser = Browser::new(80, 24, snapshot(&["screens/mixed.dump"], 100));
    browser.app.welcome();
    browser.draw();
    assert!(
        browser
            .screen()
            .contains("New here?  c calls, and why each failed  d one call as a picture  ? all keys"),
        "{}",
        browser.screen()
    );
    browser.keys("jjjjjjjjjjjjjjjjjjj");
    assert!(browser.screen().contains("New here?"), "{}", browser.screen());
    browser.keys("j");
    assert!(!browser.screen().contains("New here?"), "{}", browser.screen());
}
