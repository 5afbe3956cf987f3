//! What the loop waits for: input, loader, jobs, signals, all through one channel.
//!
//! Must not know: what is done about it.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;

use crate::app::Event;

use super::keys;

/// The signals whose default action ends a program, as far as a program can get them while nothing is wrong with it.
const ENDING: [i32; 11] =
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ];

/// What the loop waits for.
#[derive(Debug)]
pub enum LoopEvent {
    /// Something for the state.
    Event(Event),
    /// What the loader with this generation has.
    Loaded(u64, Event),
    /// More is known of what can be opened: the newest state is to be fetched.
    Catalog,
    /// A copy is done: what is to be written to the terminal for it, and the sentence about it.
    Copied(Option<Vec<u8>>, Result<String, String>),
    /// The size of the terminal changed.
    Resized,
    /// The terminal can no longer be read.
    Lost(io::Error),
    /// A signal that ends the program.
    Signal(i32),
}

/// Begins to read the terminal's input. The thread lives as long as the program: a blocking read
/// has no other end.
pub(super) fn read_input(sender: Sender<LoopEvent>) {
    thread::spawn(move || {
        loop {
            let event = match crossterm::event::read() {
                Ok(crossterm::event::Event::Resize(..)) => LoopEvent::Resized,
                Ok(input) => match keys::event(input) {
                    Some(event) => LoopEvent::Event(event),
                    None => continue,
                },
                Err(error) => LoopEvent::Lost(error),
            };
            let lost = matches!(event, LoopEvent::Lost(_));
            if sender.send(event).is_err() || lost {
                return;
            }
        }
    });
}

/// Begins to watch for the signals that end a program.
///
/// # Errors
/// Where the handlers cannot be installed.
pub(super) fn watch_signals(sender: Sender<LoopEvent>) -> io::Result<()> {
    let mut signals = Signals::new(ENDING)?;
    thread::spawn(move || {
        for signal in signals.forever() {
            if sender.send(LoopEvent::Signal(signal)).is_err() {
                return;
            }
        }
    });
    Ok(())
}
