//! A real pseudo-terminal with the real program in it.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// A program that has not done by then what it was asked for will not do it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A program in a terminal, and what the terminal shows of it.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Every byte that was written to the terminal.
    pub(crate) raw: Vec<u8>,
}

impl Pty {
    /// Starts sofiatui in a terminal of 100 columns and 30 rows, without a clipboard of its own.
    pub(crate) fn sofiatui(args: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sofiatui"));
        command.args(args);
        Self::start(command)
    }

    /// Starts any program.
    pub(crate) fn start(command: CommandBuilder) -> Self {
        Self::start_in(crate::support::home(), command)
    }

    /// Starts sofiatui with its configuration and state in a folder.
    pub(crate) fn at_home(home: &Path, args: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sofiatui"));
        command.args(args);
        Self::start_in(home, command)
    }

    fn start_in(home: &Path, mut command: CommandBuilder) -> Self {
        command.env("XDG_CONFIG_HOME", home);
        command.env("XDG_STATE_HOME", home);
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        for name in ["TMUX", "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR"] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        command.env("SSH_TTY", "/dev/pts/0");
        command.cwd(Path::new(env!("CARGO_MANIFEST_DIR")));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(30, 100, 0);
        Self { child, master: Some(pair.master), keys, output, screen, raw: Vec::new() }
    }

    /// Types.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Waits until the program has written all of `wanted` since the last call of this kind.
    pub(crate) fn until_written(&mut self, wanted: &str) -> &mut Self {
        self.raw.clear();
        self.wait(&["written:", wanted], |pty| String::from_utf8_lossy(&pty.raw).contains(wanted))
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, cols: u16, rows: u16) -> &mut Self {
        self.screen.screen_mut().set_size(rows, cols);
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
        self
    }

    /// The screen with the looks of its cells.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// What the terminal shows now.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the screen shows all of `wanted`.
    pub(crate) fn until(&mut self, wanted: &[&str]) -> &mut Self {
        self.wait(wanted, |pty| {
            let text = pty.text();
            wanted.iter().all(|w| text.contains(w))
        })
    }

    /// Waits until everything is loaded: the title counts messages and shows no progress any more.
    pub(crate) fn loaded(&mut self) -> &mut Self {
        self.wait(&["loaded"], |pty| {
            let text = pty.text();
            let title = text.lines().next().unwrap_or_default();
            title.contains(" message") && !title.contains(['%', '▕']) && !text.contains("loading…")
        })
    }

    /// Waits until the screen no longer shows `unwanted`.
    pub(crate) fn gone(&mut self, unwanted: &str) -> &mut Self {
        self.wait(&["gone:", unwanted], |pty| !pty.text().contains(unwanted))
    }

    /// Waits until the last drawing is complete.
    pub(crate) fn drawn(&mut self) -> &mut Self {
        self.wait(&["drawn"], |pty| pty.raw.ends_with(b"\x1b[?2026l"))
    }

    fn wait(&mut self, what: &[&str], done: impl Fn(&Self) -> bool) -> &mut Self {
        let end = Instant::now() + TIMEOUT;
        while !done(self) {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("timed out waiting for {what:?}; the screen:\n{}", self.text())
                }
            }
        }
        self
    }

    fn take(&mut self, bytes: &[u8]) {
        self.screen.process(bytes);
        self.raw.extend_from_slice(bytes);
    }

    /// All that was copied by OSC 52 so far.
    pub(crate) fn copies(&self) -> Vec<Vec<u8>> {
        let text = String::from_utf8_lossy(&self.raw);
        let sequences = text.split("\x1b]52;c;").skip(1);
        sequences
            .map(|rest| {
                let end = rest.find(['\x07', '\x1b']).unwrap();
                base64::engine::general_purpose::STANDARD.decode(&rest[..end]).unwrap()
            })
            .collect()
    }

    /// The number of the process that was started.
    pub(crate) fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&mut self, name: &str) -> &mut Self {
        let pid = self.pid().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &pid]).status().unwrap();
        assert!(sent.success());
        self
    }

    /// Waits until the program has ended, and takes all that it wrote.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let end = Instant::now() + TIMEOUT;
        loop {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(RecvTimeoutError::Timeout) => panic!("did not end; the screen:\n{}", self.text()),
            }
        }
    }

    /// Closes the terminal while the program runs in it, and waits until the program has ended.
    pub(crate) fn close_window(&mut self) -> ExitStatus {
        // The thread that reads the terminal holds it open until the next output, which no one takes.
        self.output = channel().1;
        self.keys("?");
        self.keys = Box::new(std::io::sink());
        self.master = None;
        self.child.wait().unwrap()
    }

    /// Waits until the terminal is as it was.
    pub(crate) fn restored(&mut self) -> &mut Self {
        self.wait(&["restored"], Self::is_restored)
    }

    /// Waits until the terminal's own cursor is shown at a column of a row that contains `text`.
    pub(crate) fn until_cursor(&mut self, column: u16, text: &str) -> &mut Self {
        self.wait(&["cursor on", text], |pty| {
            let screen = pty.screen.screen();
            let (row, x) = screen.cursor_position();
            let line = pty.text().lines().nth(usize::from(row)).unwrap_or_default().to_owned();
            !screen.hide_cursor() && x == column && line.contains(text)
        })
    }

    /// Waits until the program has the mouse, or has it no longer.
    pub(crate) fn until_mouse(&mut self, taken: bool) -> &mut Self {
        self.wait(&["mouse"], |pty| {
            (pty.screen.screen().mouse_protocol_mode() != vt100::MouseProtocolMode::None) == taken
        })
    }

    /// Whether the terminal is as it was: main screen, cursor, no mouse, no paste brackets.
    pub(crate) fn is_restored(&self) -> bool {
        let screen = self.screen.screen();
        let restored = !screen.alternate_screen()
            && !screen.hide_cursor()
            && !screen.bracketed_paste()
            && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None;
        if !restored {
            // Only a test that fails shows it.
            let end = self.raw.len().saturating_sub(200);
            println!("not restored; the last output: {}", self.raw[end..].escape_ascii());
        }
        restored
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind.
        let _ = self.child.kill();
    }
}
