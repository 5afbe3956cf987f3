//! `--pick`: what is selected when the browser is left is written to the standard output, which is no terminal then.

use std::fs;
use std::path::Path;

use portable_pty::CommandBuilder;

use crate::pty::Pty;

/// Leaves the browser with these keys, and returns what it wrote to a file and its exit status.
fn picked(args: &str, keys: &[&str]) -> (String, u32) {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let program = env!("CARGO_BIN_EXE_sofiatui");
    let mut shell = CommandBuilder::new("sh");
    shell.args(["-c", &format!("'{program}' --demo --pick {args} > '{}'", out.display())]);
    let mut pty = Pty::start(shell);
    if args.contains("--calls") {
        pty.until(&["16 calls"]);
    } else {
        pty.loaded().until(&["REGISTER", "Q print and leave"]);
    }
    for key in keys {
        pty.keys(key);
        match *key {
            "c" => pty.until(&["16 calls"]),
            "d" => pty.until(&["├"]),
            key if key.starts_with('/') => pty.until(&["0 of 379"]),
            _ => &mut pty,
        };
    }
    let status = pty.end();
    assert!(pty.is_restored(), "{args} {keys:?}");
    (read(&out), status.exit_code())
}

fn read(path: &Path) -> String {
    String::from_utf8(fs::read(path).unwrap()).unwrap()
}

/// What the program prints for these words of a shell.
fn printed(args: &str) -> String {
    let output = crate::support::shell()
        .args(["-c", &format!("'{}' --demo {args}", env!("CARGO_BIN_EXE_sofiatui"))])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_selected_or_marked_messages_are_printed_as_the_options_say() {
    for (args, keys, same) in [
        ("", &["gjj", "q"][..], "--all-methods -f n=3"),
        ("", &["gj", " ", " ", "j", "q"], "--all-methods -f 'n=2 or n=3'"),
        ("--full", &["gj", "Q"], "--full --all-methods -f n=2"),
        ("--json", &["G", " ", "gj", " ", "q"], "--json --all-methods -f 'n=2 or n=379'"),
        ("--headers -D", &["gjj", "q"], "--headers --all-methods -D -f n=3"),
        ("--ladder", &["gjj", "q"], "--ladder --all-methods -f n=3"),
    ] {
        let (out, status) = picked(args, keys);
        let same = printed(same);
        assert_eq!(status, 0, "{args} {keys:?}");
        assert!(!same.is_empty() && out == same, "{args} {keys:?}: {out}\ninstead of {same}");
    }
}

#[test]
fn a_selected_call_is_printed_with_all_of_its_messages() {
    let id = "0_3319225595@198.51.100.11";
    for (args, keys, same) in [
        ("--json", &["c", "g", "Q"][..], format!("--json --all-methods --legs -c {id}")),
        ("--raw", &["c", "g", "Q"], format!("--raw --all-methods --legs -c {id}")),
        ("--calls", &["g", "Q"], format!("--calls -c {id}")),
        ("--calls --json", &["g", "Q"], format!("--calls --json -c {id}")),
        ("--ladder --legs", &["c", "g", "Q"], format!("--ladder --legs -c {id}")),
        ("", &["c", "g", "d", "Q"], format!("--all-methods --legs -c {id}")),
    ] {
        let (out, status) = picked(args, keys);
        let same = printed(&same);
        // `--legs` prints the calls in the order of their first matches, and these here in the order of the trace.
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(status, 0, "{args} {keys:?}");
        assert!(!same.is_empty(), "{args}");
        assert!(sorted(&out) == sorted(&same), "{args} {keys:?}: {out}");
    }
}

#[test]
fn control_c_picks_nothing() {
    for keys in [&["g", "\x03"][..], &["c", "\x03"]] {
        assert_eq!(picked("--full", keys), (String::new(), 1), "{keys:?}");
    }
    assert_eq!(picked("", &["/method:bye from:nobody\r", "q"]), (String::new(), 1));
}

#[test]
fn options_that_count_or_copy_the_input_do_not_pick() {
    for mode in ["--stats", "--frames", "--unparsed"] {
        let output = crate::support::program().args(["--demo", "--pick", mode]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{mode}");
    }
}
