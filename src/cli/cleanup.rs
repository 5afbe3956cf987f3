//! Removes an incomplete output file when a signal ends the program.
//!
//! Must not know: what is written.

use std::fs;
use std::path::Path;
use std::thread;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// The signals that end a run.
pub(super) const ENDING: &[i32] =
    &[SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ];
/// The signals that end a following run at once; the other signals only end the following.
pub(super) const ENDING_FOLLOWING: &[i32] =
    &[SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ];

/// From now on, these signals remove the hidden file before they end the program. Without a hidden file, nothing
/// changes.
pub(super) fn on_signals(ending: &[i32], hidden: Option<&Path>) {
    let Some(path) = hidden.map(Path::to_owned) else { return };
    // Without handlers the program still ends; only the hidden file remains.
    let ignored = ignored(&fs::read_to_string("/proc/self/status").unwrap_or_default());
    let Ok(mut signals) = Signals::new(ending.iter().filter(|signal| ignored >> (**signal - 1) & 1 == 0))
    else {
        return;
    };
    thread::spawn(move || {
        for signal in signals.forever() {
            // The file may already have its final name.
            let _ = fs::remove_file(&path);
            let _ = emulate_default_handler(signal);
        }
    });
}

/// The signals that were ignored when the program started (by `nohup`, or in the background of a script): they stay
/// ignored.
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_status() {
        assert_eq!(ignored("Name:\tx\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000440\n"), 0x1001);
        assert_eq!(ignored(""), 0);
    }
}
