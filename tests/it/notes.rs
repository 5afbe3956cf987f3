//! Notes on messages and calls: written, shown where the message is, kept, removed.

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::pty::Pty;
use crate::support::{Browser, configure, loaded};

#[test]
fn a_note_is_shown_in_list_ladder_and_calls_and_is_there_in_the_next_run() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "filter = \"method:invite\"");
    let dump = home.path().join("x.dump");
    let mut text = Vec::new();
    let mut demo = sofiatui::load::input::demo().swap_remove(0).unwrap();
    std::io::Read::read_to_end(&mut demo.reader, &mut text).unwrap();
    std::fs::write(&dump, text).unwrap();
    let args = [dump.to_str().unwrap()];
    let mut pty = Pty::at_home(home.path(), &args);
    pty.loaded().until(&["INVITE"]).keys("gN").until(&["note on message", "Enter apply"]);
    pty.keys("ask Bob about \u{fc}\r").gone("note on message").until(&["✎ ask Bob about ü"]);
    pty.keys("d").until(&["├", "✎ ask Bob"]).keys("d").gone("├");
    pty.keys("c").until(&["note      ✎ ask Bob about ü  (message"]).keys("q").until(&["method:invite"]);
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);

    let mut pty = Pty::at_home(home.path(), &args);
    pty.loaded().until(&["✎ ask Bob"]).keys("gN").until(&["ask Bob about ü", "Enter apply"]);
    // Cancelled, it stays; empty, it is removed.
    pty.keys("x\x1b").gone("Enter apply").until(&["✎ ask Bob about ü"]);
    pty.keys("N\x15\r").gone("✎").keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    let kept = std::fs::read_to_string(home.path().join("sofiatui/files.jsonl")).unwrap();
    assert!(!kept.contains("notes"), "{kept}");
}

#[test]
fn a_note_on_a_call_is_on_its_first_message_and_nothing_of_it_steers_the_terminal() {
    let mut browser = Browser::new(100, 30, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
    browser.keys("cN").draw();
    browser.keys("x\u{202e}y").draw();
    assert!(browser.screen().contains("note on message"), "{}", browser.screen());
    browser.keys("<Enter>").draw();
    let screen = browser.screen();
    assert!(screen.contains("✎") && !screen.contains('\u{202e}'), "{screen}");
    browser.keys("qN").draw();
    assert!(browser.screen().contains("note on message"), "{}", browser.screen());
}
