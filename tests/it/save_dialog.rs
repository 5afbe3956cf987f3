//! The save dialog: what can be saved where, the formats, the file, and what became of it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use sofiatui::app::saving::{NotSaved, Overwrite, SaveRequest, Saved, Saving};
use sofiatui::app::{Effect, Event, Key, Notice, Overlay};
use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, configure, fixture, loaded, program};

fn demo(columns: u16, rows: u16) -> Browser {
    Browser::new(columns, rows, Snapshot::clone(&loaded(vec![InputSpec::Demo])))
}

/// Types the name of a file in place of the proposed one.
fn name(browser: &mut Browser, path: &Path) {
    browser.keys(&format!("<Tab><Tab><Tab><C-u>{}", path.display()));
}

fn printed(args: &[&str]) -> Vec<u8> {
    let Output { stdout, status, .. } = program().args(args).output().unwrap();
    assert!(status.success());
    stdout
}

#[test]
fn the_dialog_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = demo(columns, rows);
        browser.keys("c<Down>w<Right>");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("save-{columns}x{rows}"), browser.screen());
        });
    }
}

#[test]
fn what_is_there_can_be_chosen_and_its_name_is_proposed() {
    for (keys, chosen, file) in [
        ("w", "▸ all with this Call-ID", "register-1-055331.dump"),
        (":82<Enter>w", "▸ the call with all legs", "call-+15035550117-to-+12025550111-055346.dump"),
        (":85<Enter>w<Up>", "▸ this leg", "leg-+15035550117-to-1011-055346.dump"),
        (":82<Enter>w<Up><Up>", "▸ this message", "message-82-055346.dump"),
        ("w<Down>", "▸ all that is shown", "sip-messages.dump"),
        ("/method:bye<Enter>w<Down>", "▸ all that is shown ", "sip-messages.dump"),
        ("<space><space>w", "▸ the marked messages", "marked-2-messages.dump"),
        ("cw<Down><Down>", "▸ the list of calls", "sip-calls.csv"),
        ("cw<Down><Down><Up>", "▸ all that is shown", "sip-messages.dump"),
        ("cdw", "▸ the call with all legs", "call-1011-to-1012-055338.dump"),
        ("cPw", "▸ the call with all legs", "call-42-xxxxxx.dump"),
        ("c<F2><Right><Right><Right>", "txt", "call-1011-to-1012-055338.txt"),
    ] {
        let mut browser = demo(120, 40);
        browser.keys(&keys.replace("<space>", " "));
        let screen = browser.screen();
        assert!(screen.contains(chosen) && screen.contains(file), "{keys}: {screen}");
    }
    let mut browser = demo(120, 40);
    browser.keys("sw");
    assert!(browser.screen().contains("w in “"), "{}", browser.screen());
    assert!(browser.app.overlay.is_none());
}

#[test]
fn the_dialog_saves_what_the_command_line_does() {
    let dir = tempfile::tempdir().unwrap();
    for (keys, file, args) in [
        ("w<Down>", "all.dump", &["--raw", "--all-methods"][..]),
        ("/method:bye<Enter>w<Down>", "bye.pcap", &["--pcap", "-", "-m", "BYE"]),
        ("/method:bye<Enter>w<Down>", "bye.jsonl", &["--json", "-m", "BYE"]),
        ("/status:486<Enter>w", "call.txt", &["--full", "--all-methods", "-f", "n=105", "--legs"]),
        ("w<Down>", "all.csv", &["--save", "-", "--format", "csv", "--all-methods"]),
        ("c/state:busy<Enter>w<Down><Down>", "calls.jsonl", &["--calls", "--json", "-f", "state:busy"]),
    ] {
        let mut browser = demo(120, 40);
        let path = dir.path().join(file);
        browser.keys(keys);
        name(&mut browser, &path);
        browser.keys("<Enter>");
        assert!(browser.screen().contains("saved "), "{file}: {}", browser.screen());
        assert_eq!(browser.app.overlay, None);
        let want = printed(&[&["--demo"][..], args].concat());
        let saved = fs::read(&path).unwrap();
        // The command line learns our addresses from all messages, the dialog from those that are saved.
        let is_same = if file.ends_with("pcap") { saved.len() == want.len() } else { saved == want };
        assert!(is_same, "{file}: {} {}", saved.len(), want.len());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_existing_file_is_asked_about_and_an_input_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let (input, old) = (dir.path().join("in.dump"), dir.path().join("old.dump"));
    fs::copy(fixture("cli/mixed.dump"), &input).unwrap();
    fs::write(&old, "old").unwrap();
    let snapshot = loaded(InputSpec::of_names(std::slice::from_ref(&input)));
    let mut browser = Browser::new(120, 30, Snapshot::clone(&snapshot));
    browser.keys("w");
    name(&mut browser, &old);
    browser.keys("<Enter>");
    assert!(browser.screen().contains("this file exists: o overwrites it"), "{}", browser.screen());
    browser.keys("<Esc>");
    assert!(browser.app.overlay == Some(Overlay::Save) && fs::read(&old).unwrap() == b"old");
    browser.keys("<Enter>o");
    assert!(browser.screen().contains("saved "), "{}", browser.screen());
    assert_ne!(fs::read(&old).unwrap(), b"old");
    let before = fs::read(&input).unwrap();
    for (path, why) in [
        (input.clone(), "this is an input, which is never overwritten"),
        (dir.path().join("none/x.dump"), "the folder does not exist"),
        (dir.path().to_owned(), "is a directory"),
        ("/dev/null".into(), "this is not a regular file"),
        ("".into(), "a name is needed"),
    ] {
        browser.keys("w");
        name(&mut browser, &path);
        browser.keys("<Enter>");
        assert!(browser.screen().contains(why), "{}: {}", path.display(), browser.screen());
        browser.keys("<Esc>");
        assert_eq!(browser.app.overlay, None);
    }
    assert_eq!(fs::read(&input).unwrap(), before);
}

#[test]
fn a_stopped_file_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut browser = demo(120, 30);
    browser.keys("w<Down>");
    name(&mut browser, &dir.path().join("x.txt"));
    let effects = browser.app.update(Event::Key(Key::Enter));
    let Some(Effect::Save(request)) = effects.into_iter().find(|effect| matches!(effect, Effect::Save(_)))
    else {
        panic!("nothing is saved");
    };
    let mut calls = 0;
    let stopped = sofiatui::tui::save(&request, &mut |_, _| {
        calls += 1;
        calls < 50
    });
    assert_eq!(stopped, Err(NotSaved::Stopped));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    // While it is written, the title bar's place says how far it is, and Esc stops it.
    browser.event(Event::SaveGoesOn(request.generation, 100, 400));
    browser.draw();
    assert!(browser.screen().contains("25 %  Esc stop"), "{}", browser.screen());
    browser.keys("w");
    assert!(matches!(&browser.app.notice, Some(Notice::Failed(why)) if why.contains("is being saved")));
    let effects = browser.app.update(Event::Key(Key::Esc));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::StopSaving(_))));
    browser.event(Event::SaveEnded(request.generation, stopped));
    browser.draw();
    assert!(
        browser.screen().contains("was not written") && browser.app.saving.is_none(),
        "{}",
        browser.screen()
    );
}

#[test]
fn answers_to_earlier_requests_change_nothing() {
    let mut browser = demo(80, 24);
    let saving = Saving { generation: 9, path: "x".to_owned(), done: 0, total: 1 };
    browser.app.saving = Some(saving.clone());
    let saved = Saved {
        path: "y".to_owned(),
        rows: sofiatui::export::format::Rows::Messages,
        count: 1,
        bytes: 1,
        unreadable: 0,
    };
    browser.event(Event::SaveEnded(8, Ok(saved)));
    browser.event(Event::SaveGoesOn(8, 1, 1));
    assert_eq!(browser.app.saving, Some(saving));
    let _: fn(&SaveRequest) -> Overwrite = |request| request.overwrite;
}

#[test]
fn clicks_choose_what_and_the_format() {
    let mut browser = demo(120, 40);
    browser.keys("cw").click("all that is shown").click("jsonl");
    assert!(browser.screen().contains("sip-messages.jsonl"), "{}", browser.screen());
    browser.click("the marked messages");
    assert!(browser.screen().contains("▸ all that is shown"), "{}", browser.screen());
    browser.event(Event::Paste("x\n".to_owned()));
    browser.draw();
    assert!(browser.screen().contains("sip-messages.jsonlx"), "{}", browser.screen());
}

#[test]
fn the_real_program_saves_into_the_home_directory() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"\"\nsession = false\n");
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_sofiatui"));
    command.args(["--demo"]);
    command.env("HOME", home.path());
    command.env("XDG_CONFIG_HOME", home.path());
    command.cwd(home.path());
    let mut pty = Pty::start(command);
    pty.loaded().until(&["REGISTER"]).keys("c").until(&["16 calls"]).keys("w").until(&["the list of calls"]);
    pty.keys("\t\t\t\x15~/calls.csv").until(&["[csv]"]).keys("\r").until(&[
        "saved ",
        "messages",
        "to ~/calls.csv",
    ]);
    pty.keys("Q");
    assert_eq!(pty.end().exit_code(), 0);
    let text = fs::read_to_string(home.path().join("calls.csv")).unwrap();
    assert!(text.starts_with("n,date,time,"), "{text}");
}

#[test]
fn notes_are_saved_where_the_format_has_a_place_and_the_dialog_says_where_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut browser = demo(120, 40);
    browser.keys("cNask Bob<Enter>");
    for (file, want) in [
        ("n.txt", "note: ask Bob\nrecv from"),
        ("n.jsonl", "\"note\":\"ask Bob\""),
        ("n.pcapng", "note: ask Bob"),
        ("n.html", "ask Bob"),
    ] {
        browser.keys("w");
        let path = dir.path().join(file);
        name(&mut browser, &path);
        assert!(!browser.screen().contains("without 1 note"), "{file}: {}", browser.screen());
        browser.keys("<Enter>");
        let saved = fs::read(&path).unwrap();
        assert!(String::from_utf8_lossy(&saved).contains(want), "{file}");
    }
    browser.keys("w<Left><Left><Left><Left><Left><Left><Left><Left>");
    assert!(browser.screen().contains("; without 1 note"), "{}", browser.screen());
}

#[test]
fn the_value_of_a_header_field_json_and_a_frame_are_copied() {
    let mut browser = demo(120, 40);
    browser.keys(":82<Enter>yj");
    let json = String::from_utf8(browser.copied.clone()).unwrap();
    assert_eq!(json.as_bytes(), printed(&["--demo", "--json", "-f", "n=82"]).trim_ascii_end());
    browser.keys("yd");
    assert_eq!(browser.copied, printed(&["--demo", "--raw", "-f", "n=82"]));
    browser.keys("yh");
    assert!(browser.screen().contains("nothing sent: + in the details"), "{}", browser.screen());
    browser.keys("<Tab>+<Down>yh");
    assert_eq!(browser.copied, b"SIP/2.0/TCP 192.0.2.21:5060;branch=z9hG4bK6dxywengg7j2zukd;rport");
    assert!(browser.screen().contains("sent header field, "), "{}", browser.screen());
}

#[test]
fn after_y_r_the_same_letters_copy_what_is_redacted() {
    let originals = ["93035550126", "3035550126", "192.0.2.21", "198.51.100.13", "5eceb655", "Carol"];
    let mut browser = demo(120, 40);
    browser.keys("c/state:busy<Enter><Enter>yR");
    assert!(browser.screen().contains("copy redacted"), "{}", browser.screen());
    for (key, want) in [
        ("m", "INVITE sip:"),
        ("b", "v=0\r\n"),
        ("s", "m=audio "),
        ("c", ""),
        ("j", "\"method\":\"INVITE\""),
        ("d", "recv "),
        ("l", "486 Busy Here"),
        ("v", "busy: "),
    ] {
        if browser.app.overlay.is_none() {
            browser.keys("yR");
        }
        browser.copied.clear();
        browser.keys(key);
        let copied = String::from_utf8_lossy(&browser.copied).into_owned();
        assert!(!copied.is_empty() && copied.contains(want), "{key}: {copied}\n{}", browser.screen());
        for original in originals {
            assert!(!copied.contains(original), "{key}: {original} in {copied}");
        }
        assert!(browser.screen().contains("sent redacted "), "{key}: {}", browser.screen());
    }
    browser.keys("yRf");
    assert!(browser.screen().contains("the command cannot be redacted"), "{}", browser.screen());
    // Both legs are in the ladder.
    browser.keys("yRl");
    let ladder = String::from_utf8_lossy(&browser.copied).into_owned();
    assert_eq!(ladder.matches("INVITE (SDP").count(), 3, "{ladder}");
}

#[test]
fn a_redacted_call_has_the_same_legs_and_verdict_and_no_original() {
    let dir = tempfile::tempdir().unwrap();
    let mut browser = demo(120, 40);
    browser.keys("c/state:busy<Enter>Nsecret of Bob<Enter>wr");
    assert!(browser.screen().contains("call-90-055348.dump"), "{}", browser.screen());
    assert!(browser.screen().contains("[x]") && browser.screen().contains("; without 1 note"));
    for file in ["x.dump", "x.html", "x.txt"] {
        let path = dir.path().join(file);
        if browser.app.overlay.is_none() {
            browser.keys("wr");
        }
        name(&mut browser, &path);
        browser.keys("<Enter>");
        let saved = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        for original in ["93035550126", "3035550126", "192.0.2.21", "198.51.100.13", "5eceb655", "Bob"] {
            assert!(!saved.contains(original), "{file}: {original}");
        }
    }
    let calls = |args: &[&str]| String::from_utf8(printed(args)).unwrap();
    let path = dir.path().join("x.dump");
    let columns = ["--calls", "--columns", "state,legs,messages"];
    assert_eq!(
        calls(&[&columns[..], &[path.to_str().unwrap()]].concat()),
        calls(&[&columns[..], &["--demo", "-f", "state:busy"]].concat())
    );
}
