//! Stops the program as Ctrl-Z does.
//!
//! Must not know: the terminal.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::SIGCONT;

/// If no process can continue the program, the system ignores the signal: then the program continues after this time.
const TIMEOUT: Duration = Duration::from_millis(200);

/// Stops the whole process group, as the terminal does on Ctrl-Z: with `xzcat x.xz | sofiatui -` the shell gets the
/// terminal back only when both programs are stopped. Returns when the group is continued.
///
/// # Errors
/// If the signal cannot be sent.
pub(super) fn stop_group() -> io::Result<()> {
    let continued = Arc::new(AtomicBool::new(false));
    let handler = signal_hook::flag::register(SIGCONT, Arc::clone(&continued))?;
    kill_current_process_group(Signal::TSTP)?;
    // Any thread may receive the signal, so this one may still run for a moment.
    let start = Instant::now();
    while !continued.load(Ordering::SeqCst) && start.elapsed() < TIMEOUT {
        thread::sleep(Duration::from_millis(1));
    }
    signal_hook::low_level::unregister(handler);
    Ok(())
}
