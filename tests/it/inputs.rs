//! The browser on what is no plain file that stays as it is: pipes, logs, files that change while they are looked at.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

use portable_pty::CommandBuilder;
use sofiatui::load::input::demo;

use crate::follow::{Folder, frame};
use crate::pty::Pty;
use crate::support::fixture;

/// Starts a shell command in a terminal; `$SOFIATUI` is the program.
fn shell(folder: &Folder, command: &str) -> Pty {
    let mut shell = CommandBuilder::new("sh");
    shell.args(["-c", command]);
    shell.env("SOFIATUI", env!("CARGO_BIN_EXE_sofiatui"));
    shell.env("FOLDER", folder.path(""));
    Pty::start(shell)
}

/// The first profile of the built-in sample.
fn sample() -> Vec<u8> {
    let mut text = Vec::new();
    demo().swap_remove(0).unwrap().reader.read_to_end(&mut text).unwrap();
    text
}

#[test]
fn a_pipe_is_browsed_and_the_keys_come_from_the_terminal() {
    let folder = Folder::new();
    folder.append("plain", &sample());
    fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/internal.dump.xz"),
        folder.path("packed"),
    )
    .unwrap();
    for command in [
        r#"cat "$FOLDER/plain" | "$SOFIATUI""#,
        r#"cat "$FOLDER/packed" | "$SOFIATUI" -"#,
        r#""$SOFIATUI" < "$FOLDER/plain""#,
    ] {
        let mut pty = shell(&folder, command);
        pty.loaded().until(&["271 messages"]).keys("/method:invite\r").until(&["method:invite", "of 271"]);
        pty.keys("d").until(&["├"]).keys("d").gone("├").keys("yc").until(&["sent Call-ID"]).keys("q");
        assert!(pty.end().success() && pty.is_restored(), "{command}");
    }
}

#[test]
fn the_messages_so_far_of_a_slow_pipe_are_shown() {
    let folder = Folder::new();
    // The shell opens the pipe for the program when the writer opens it, too.
    let made = std::process::Command::new("mkfifo").arg(folder.path("pipe")).status().unwrap();
    assert!(made.success());
    let mut pty = shell(&folder, r#"cat "$FOLDER/pipe" | "$SOFIATUI""#);
    let mut pipe = OpenOptions::new().write(true).open(folder.path("pipe")).unwrap();
    pipe.write_all(&frame("one")).unwrap();
    pty.until(&["1 message", "one"]);
    let two = frame("two");
    pipe.write_all(&two[..80]).unwrap();
    pipe.write_all(&two[80..]).unwrap();
    pty.until(&["2 messages", "two"]);
    drop(pipe);
    pty.loaded().keys("q");
    assert!(pty.end().success());
}

#[test]
fn a_log_is_browsed_like_a_dump_alone_in_a_pipe_and_while_it_grows() {
    let folder = Folder::new();
    let mut log = String::new();
    let packed = File::open(fixture("logs/freeswitch.log.xz")).unwrap();
    xz2::read::XzDecoder::new(packed).read_to_string(&mut log).unwrap();
    folder.append("freeswitch.log", log.as_bytes());
    for command in
        [r#""$SOFIATUI" "$FOLDER/freeswitch.log""#, r#"cat "$FOLDER/freeswitch.log" | "$SOFIATUI""#]
    {
        let mut pty = shell(&folder, command);
        pty.loaded().until(&["1,324 messages", "2026-11-23"]).keys("q");
        assert!(pty.end().success());
    }
    // It ends between two entries, and grows by some more of them.
    let cut = log[..log.len() / 2].rfind("\n\nsend ").unwrap() + 2;
    fs::write(folder.path("growing.log"), &log[..cut]).unwrap();
    let mut pty = shell(&folder, r#""$SOFIATUI" --follow "$FOLDER/growing.log""#);
    pty.until(&["LIVE", "messages"]);
    folder.append("growing.log", &log.as_bytes()[cut..]);
    pty.until(&["1,324 messages"]).keys("q");
    assert!(pty.end().success());
}

#[test]
fn an_overwritten_file_is_never_shown_as_the_old_message() {
    let folder = Folder::new();
    let many =
        |letter: char| -> Vec<u8> { (0..400).flat_map(|n| frame(&format!("{letter}{n:03}"))).collect() };
    folder.append("x.dump", &many('a'));
    let mut pty = shell(&folder, r#""$SOFIATUI" "$FOLDER/x.dump""#);
    pty.loaded().until(&["400 messages", "a000"]).keys("G").until(&["a399"]);
    // Truncated and written to again, in place, with messages of the same lengths.
    let mut file = OpenOptions::new().write(true).truncate(true).open(folder.path("x.dump")).unwrap();
    file.write_all(&many('b')).unwrap();
    pty.keys("k").until(&["file changed after indexing"]);
    assert!(!pty.text().contains("b398"));
    // A search finds nothing in texts that are gone.
    pty.keys("/body:ok\r").until(&["no message matches", "400 not searched"]);
    // Shorter than it was.
    file.set_len(500).unwrap();
    pty.keys("/\x15call-id:a2\r").until(&["100 of 400"]).keys("j").until(&["file truncated after indexing"]);
    pty.keys("q");
    assert!(pty.end().success());
}

#[test]
fn growth_alone_changes_no_message() {
    let folder = Folder::new();
    folder.append("x.dump", &[frame("one"), frame("two")].concat());
    let mut pty = shell(&folder, r#""$SOFIATUI" "$FOLDER/x.dump""#);
    pty.loaded().until(&["2 messages"]);
    folder.append("x.dump", &frame("three"));
    pty.keys("j").until(&["Call-ID", "two"]);
    pty.keys("/body:ok\r").until(&["2 of 2"]).keys("q");
    assert!(pty.end().success());
}

#[test]
fn the_copied_command_names_all_files_of_a_set() {
    let folder = Folder::new();
    folder.append("x.dump.1", &frame("one"));
    folder.append("x.dump", &[frame("two"), frame("three")].concat());
    let mut pty = shell(&folder, r#"cd "$FOLDER" && "$SOFIATUI" x.dump x.dump.1"#);
    pty.loaded().until(&["x.dump +1 rotated", "3 messages"]).keys("/t\r").keys("yf").until(&["sent command"]);
    assert_eq!(
        String::from_utf8(pty.copies().remove(0)).unwrap(),
        "sofiatui --all-methods -f t x.dump.1 x.dump"
    );
    pty.keys("q");
    assert!(pty.end().success());
}
