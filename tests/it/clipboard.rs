//! Copies to a real display (Xvfb, read by xclip) and to a real tmux: what a user would paste is exactly what was copied.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use portable_pty::CommandBuilder;

use crate::pty::Pty;
use crate::tools::tool_is_missing;

/// A display of its own, which ends with the test.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    /// Starts one with a number that is free. Nothing where there is no Xvfb: the test then says so, or fails where all tools must
    /// be there.
    fn start(test: &str) -> Option<Self> {
        let started = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "320x200x8", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut server = match started {
            Ok(server) => server,
            Err(error) => {
                tool_is_missing(test, &format_args!("Xvfb does not start: {error}"));
                return None;
            }
        };
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self { server, name: format!(":{}", number.trim()) })
    }

    /// What a paste would give.
    fn pasted(&self) -> Vec<u8> {
        let output = Command::new("xclip")
            .args(["-o", "-selection", "clipboard", "-display", &self.name])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_copy_is_on_the_clipboard_of_a_display() {
    let Some(display) = Display::start("a_copy_is_on_the_clipboard_of_a_display") else { return };
    if let Err(error) = Command::new("xclip").arg("-version").output() {
        return tool_is_missing("a_copy_is_on_the_clipboard_of_a_display", &error);
    }
    // The terminal of the tests is one of SSH, where nothing local is asked by itself.
    let mut shell = CommandBuilder::new("sh");
    let program = env!("CARGO_BIN_EXE_sofiatui");
    shell.args(["-c", &format!("unset SSH_TTY; DISPLAY={} exec '{program}' --demo", display.name)]);
    let mut pty = Pty::start(shell);
    pty.loaded().until(&["Headers"]).keys("/method:invite\r").until(&["164 of 379"]).keys("gyc");
    pty.until(&["copied Call-ID"]);
    assert_eq!(display.pasted(), b"0_3319225595@198.51.100.11");
    pty.keys("ys").until(&["copied SDP"]);
    let pasted = display.pasted();
    assert!(pasted.starts_with(b"v=0\r\n") && pasted.ends_with(b"\r\n"), "{}", pasted.escape_ascii());
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
}
