//! A real terminal: tmux, which answers what a program asks it.

use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

/// What has not happened by then will not happen.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Time between two looks at the screen.
const LOOK: Duration = Duration::from_millis(20);

/// A tmux server of its own with one window in which a shell runs.
struct Tmux {
    socket: String,
}

impl Tmux {
    /// Starts one of 100 columns and 30 rows. Nothing where there is no tmux: the test then says so, or fails where all
    /// tools must be there.
    fn start(test: &str) -> Option<Self> {
        let tmux = Self { socket: format!("sofiatui-{test}-{}", std::process::id()) };
        let shell = "exec env -u TMUX PS1='$ ' ENV= sh -i";
        let args = ["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", shell];
        match tmux.command(&args) {
            Ok(output) if output.status.success() => Some(tmux),
            answer => {
                crate::tools::tool_is_missing(test, &format_args!("tmux does not start: {answer:?}"));
                None
            }
        }
    }

    fn command(&self, args: &[&str]) -> std::io::Result<Output> {
        crate::support::isolated(Command::new("tmux")).arg("-L").arg(&self.socket).args(args).output()
    }

    /// Presses keys by their names in tmux.
    fn press(&self, keys: &[&str]) -> &Self {
        let args: Vec<&str> = ["send-keys"].iter().chain(keys).copied().collect();
        assert!(self.command(&args).unwrap().status.success());
        self
    }

    /// Types a command line.
    fn run(&self, line: &str) -> &Self {
        assert!(self.command(&["send-keys", "-l", line]).unwrap().status.success());
        self.press(&["Enter"])
    }

    fn screen(&self) -> String {
        let output = self.command(&["capture-pane", "-p"]).unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Waits until the screen shows all of `wanted`.
    fn until(&self, wanted: &[&str]) -> &Self {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if wanted.iter().all(|w| screen.contains(w)) {
                return self;
            }
            assert!(start.elapsed() < TIMEOUT, "timed out waiting for {wanted:?}; the screen:\n{screen}");
            thread::sleep(LOOK);
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // A test that failed leaves nothing behind.
        let _ = self.command(&["kill-server"]);
    }
}

/// The program that is tested, as a word of a shell.
const SOFIATUI: &str = concat!("'", env!("CARGO_BIN_EXE_sofiatui"), "'");

#[test]
fn redraw_works_every_time_in_a_real_terminal() {
    let Some(tmux) = Tmux::start("redraw") else { return };
    tmux.run(&format!("{SOFIATUI} --demo")).until(&["  379 messages\n", "Headers"]);
    let screen = tmux.screen();
    for _ in 0..10 {
        // The keys after it are lost while something waits for an answer of the terminal.
        tmux.press(&["C-l", "?"]).until(&["Help"]).press(&["Escape"]).until(&["REGISTER", "Headers"]);
    }
    assert_eq!(tmux.screen(), screen);
    tmux.press(&["q"]).until(&["--demo"]).run("echo status-$?").until(&["status-0"]);
}

#[test]
fn suspended_programs_return_to_a_complete_screen_in_a_real_terminal() {
    let Some(tmux) = Tmux::start("suspend") else { return };
    tmux.run(&format!("{SOFIATUI} --demo")).until(&["  379 messages\n", "Headers"]);
    let screen = tmux.screen();
    for round in 0..5 {
        tmux.press(&["C-z"])
            .until(&["Stopped"])
            .run(&format!("echo back-$(({round}+10))"))
            .until(&[&format!("back-{}", round + 10)]);
        tmux.run("fg").until(&["REGISTER", "Headers", "quit"]);
        assert_eq!(tmux.screen(), screen);
    }
    tmux.press(&["q"]).until(&["--demo"]).run("echo status-$?").until(&["status-0"]);
}

#[test]
fn a_copy_is_in_the_buffer_of_the_tmux_that_the_program_runs_in() {
    let Some(tmux) = Tmux::start("copy") else { return };
    let socket = tmux.command(&["display-message", "-p", "#{socket_path},#{pid},0"]).unwrap().stdout;
    let socket = String::from_utf8(socket).unwrap();
    tmux.run(&format!("TMUX='{}' {SOFIATUI} --demo", socket.trim())).until(&["  379 messages\n", "Headers"]);
    tmux.run("/method:invite").until(&["  164 of 379"]).press(&["g", "y", "c"]).until(&["copied Call-ID"]);
    let buffer = tmux.command(&["show-buffer"]).unwrap().stdout;
    assert_eq!(String::from_utf8_lossy(&buffer), "0_3319225595@198.51.100.11");
    tmux.press(&["q"]).until(&["--demo"]);
}
