//! Detects that the terminal is gone: its window was closed, or its connection broke.
//!
//! The thread that reads keys cannot detect it: after a hangup, reads return nothing, again and again. There is no
//! SIGHUP if the terminal is not the controlling one, or if the parent process ignores the signal.
//!
//! Must not know: what is read, what happens then.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// Calls `notify` when the terminal that keys are read from is gone.
pub(super) fn watch(notify: impl FnOnce(io::Error) + Send + 'static) {
    thread::spawn(move || {
        let stdin = io::stdin();
        // The same choice as crossterm's.
        let is_gone = if stdin.is_terminal() {
            wait_for_hangup(stdin.as_fd())
        } else {
            File::open("/dev/tty").is_ok_and(|terminal| wait_for_hangup(terminal.as_fd()))
        };
        if is_gone {
            notify(Errno::IO.into());
        }
    });
}

/// Waits until the other end of the terminal is closed; `false` if the system cannot wait for that.
fn wait_for_hangup(terminal: BorrowedFd<'_>) -> bool {
    loop {
        // A hangup and errors are reported even if no event is requested.
        let mut terminals = [PollFd::from_borrowed_fd(terminal, PollFlags::empty())];
        match poll(&mut terminals, None) {
            Err(Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => {
                return terminals[0].revents().intersects(PollFlags::HUP | PollFlags::ERR);
            }
        }
    }
}
