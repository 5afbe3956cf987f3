//! `--plain`: lines in, lines out; nothing moves the cursor.

use std::io::Write;
use std::process::Stdio;

use crate::pty::Pty;

/// What the program answers to these lines.
fn answered(args: &[&str], lines: &str) -> String {
    let mut command = crate::support::program();
    command.args(args).args(["--plain", "--demo"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{lines}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn filters_numbers_and_commands_are_answered_line_by_line() {
    for (lines, wanted) in [
        (
            "",
            &[
                "357 of 379 messages match -method:OPTIONS",
                "\n1 05:53:31.348609 sent udp/[192.0.2.22]:5060 REGISTER ",
                "1 to 20 of 357",
            ][..],
        ),
        ("\nprevious\nlast\n", &["21 to 40 of 357", "338 to 357 of 357"]),
        ("all\n", &["379 messages\n"]),
        (
            "method:invite is:request\n",
            &["messages match method:invite is:request", "INVITE 0_3319225595@198.51.100.11"],
        ),
        ("status:486\ncalls\n", &["busy: 192.0.2.21 answered 486 Busy Here", "\n2 calls\n"]),
        ("42\n", &["INVITE sip:1012@pbx.example.com SIP/2.0", "a=sendrecv"]),
        (
            "call 42\n",
            &[
                "A 0_3319225595@198.51.100.11",
                "B 11bc8700",
                "answered, talked 4.2 s",
                "\n42 05:53:38.014577 recv",
            ],
        ),
        ("ladder 42\n", &["INVITE (SDP PCMU PCMA)", "200 OK"]),
        (
            "method:\nfrom~(\n0\n9999\nladder\n",
            &["not a filter:", "there is no message 0", "there is no message 9999", "ladder needs"],
        ),
        ("help\nquit\n42\n", &["NUMBER: the message with this number"]),
    ] {
        let out = answered(&[], lines);
        for wanted in wanted {
            assert!(out.contains(wanted), "{lines:?}: no {wanted:?} in\n{out}");
        }
        assert!(!lines.contains("quit") || !out.contains("a=sendrecv"), "{out}");
        assert!(!out.contains('\x1b'), "{out}");
    }
    assert!(answered(&["--ascii"], "ladder 42\n").is_ascii());
}

#[test]
fn a_limited_terminal_is_given_lines_and_nothing_else() {
    let mut shell = portable_pty::CommandBuilder::new("sh");
    shell.args(["-c", &format!("TERM=dumb exec '{}' --demo --plain", env!("CARGO_BIN_EXE_sofiatui"))]);
    let mut pty = Pty::start(shell);
    pty.until(&["1 to 20 of 357", "help lists the commands"]).keys("status:404\r");
    pty.until(&["messages match status:404"]).keys("quit\r");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(!pty.raw.contains(&0x1b), "{}", pty.raw.escape_ascii());
}
