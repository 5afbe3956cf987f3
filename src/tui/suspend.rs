//! Stops the program as Ctrl-Z does.
//!
//! SIGTSTP itself has a handler, which restores the terminal first; it is SIGSTOP that stops the group.
//!
//! Must not know: the terminal.

use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, getppid, kill_current_process_group};
use signal_hook::consts::SIGCONT;

/// The longest time from the signal until the program is stopped by it.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Stops the whole process group, as the terminal does on Ctrl-Z: with `xzcat x.xz | sofiatui -` the shell gets the
/// terminal back only when both programs are stopped. Returns when the group is continued; at once if no shell could
/// continue it.
///
/// # Errors
/// If the signal cannot be sent.
pub(super) fn stop_group() -> io::Result<()> {
    if is_orphaned() {
        return Ok(());
    }
    let continued = Arc::new(AtomicBool::new(false));
    let handler = signal_hook::flag::register(SIGCONT, Arc::clone(&continued))?;
    kill_current_process_group(Signal::STOP)?;
    // Any thread may receive the signal, so this one may still run for a moment.
    let start = Instant::now();
    while !continued.load(Ordering::SeqCst) && start.elapsed() < TIMEOUT {
        thread::sleep(Duration::from_millis(1));
    }
    signal_hook::low_level::unregister(handler);
    Ok(())
}

/// Whether no process of this session watches over our process group (POSIX: an orphaned process group). The system then
/// ignores SIGTSTP, but not SIGSTOP.
fn is_orphaned() -> bool {
    let Some(own) = Stat::of("self") else {
        // Only Linux tells more. Elsewhere init adopts those whose shell has ended.
        return getppid().is_none_or(Pid::is_init);
    };
    let mut above = own.parent;
    while above != 0 {
        let Some(process) = Stat::of(&above.to_string()) else { return false };
        if process.session != own.session {
            return true;
        }
        if process.group != own.group {
            return false;
        }
        above = process.parent;
    }
    true
}

/// What `proc_pid_stat(5)` tells of a process. A container has 0 for each process outside it: rustix's `getsid` and
/// `getpgid` do not expect that.
struct Stat {
    parent: u32,
    group: u32,
    session: u32,
}

impl Stat {
    fn of(process: &str) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The name before them is in parentheses, and can contain anything.
        let (_, after_name) = stat.rsplit_once(')')?;
        let mut numbers = after_name.split_whitespace().skip(1).map_while(|n| n.parse().ok());
        Some(Self { parent: numbers.next()?, group: numbers.next()?, session: numbers.next()? })
    }
}
