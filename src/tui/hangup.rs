//! Tells when the terminal is gone: its window is closed, its connection broke.
//!
//! The thread that reads keys does not tell: reads of a terminal without its other end return nothing, again and again. Nor is
//! there a SIGHUP where the terminal is not the controlling one, or where whoever started the program ignores the signal.
//!
//! Must not know: what is read, what is done about it.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// Calls `tell` when the terminal that keys come from is gone.
pub(super) fn watch(tell: impl FnOnce(io::Error) + Send + 'static) {
    thread::spawn(move || {
        let stdin = io::stdin();
        // As crossterm chooses what it reads.
        let is_gone = if stdin.is_terminal() {
            wait_for_hangup(stdin.as_fd())
        } else {
            File::open("/dev/tty").is_ok_and(|terminal| wait_for_hangup(terminal.as_fd()))
        };
        if is_gone {
            tell(Errno::IO.into());
        }
    });
}

/// Waits until there is nobody at the other end; `false` where the system cannot wait for that.
fn wait_for_hangup(terminal: BorrowedFd<'_>) -> bool {
    loop {
        // A hangup and errors are told without being asked for.
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
