//! What wakes the loop: input, loader, search, signals, all through one channel.
//!
//! Must not know: what is done about it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;

use crate::app::Event;
use crate::load::FileSet;
use crate::store::catalog::Catalog;

use super::{hangup, keys};

/// The signals whose default action ends a program, as far as a program can get them while nothing is wrong with it.
const ENDING: [i32; 11] =
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ];

/// A reason to wake up.
#[derive(Debug)]
pub(super) enum Wake {
    /// Something for the state.
    Event(Event),
    /// What the loader with this number has.
    Loaded(u64, Event),
    /// What can be opened, and the files of each entry.
    Catalog(Arc<Catalog>, Vec<FileSet>),
    /// The terminal has another size.
    Resized,
    /// The terminal can no longer be read.
    Lost(io::Error),
    /// A signal that ends the program.
    Signal(i32),
}

/// Begins to read the terminal's input. The thread lives as long as the program: a blocking read
/// has no other end.
pub(super) fn read_input(wake: Sender<Wake>) {
    let gone = wake.clone();
    // The loop may have ended already.
    hangup::watch(move |error| drop(gone.send(Wake::Lost(error))));
    thread::spawn(move || {
        loop {
            let wakeup = match crossterm::event::read() {
                Ok(crossterm::event::Event::Resize(..)) => Wake::Resized,
                Ok(input) => match keys::event(input) {
                    Some(event) => Wake::Event(event),
                    None => continue,
                },
                Err(error) => Wake::Lost(error),
            };
            let lost = matches!(wakeup, Wake::Lost(_));
            if wake.send(wakeup).is_err() || lost {
                return;
            }
        }
    });
}

/// Begins to watch for the signals that end a program.
///
/// # Errors
/// Where the handlers cannot be installed.
pub(super) fn watch_signals(wake: Sender<Wake>) -> io::Result<()> {
    let mut signals = Signals::new(ENDING)?;
    thread::spawn(move || {
        for signal in signals.forever() {
            if wake.send(Wake::Signal(signal)).is_err() {
                return;
            }
        }
    });
    Ok(())
}
