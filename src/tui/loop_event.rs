//! The events of the loop: input, loader, jobs, signals, all through one channel.
//!
//! Must not know: how the events are handled.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGVTALRM,
    SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;

use crate::app::Event;

use super::{hangup, keys};

/// The signals whose default action ends a program, as far as a program can get them while nothing is wrong with it.
const ENDING: [i32; 11] =
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ];

/// An event of the loop.
#[derive(Debug)]
pub enum LoopEvent {
    /// An event for the state.
    Event(Event),
    /// A snapshot of the loader with this generation.
    Loaded(u64, Event),
    /// The list of profiles has changed: the newest state is to be fetched.
    Catalog,
    /// A copy is finished: the bytes to be written to the terminal, and the sentence about it.
    Copied(Option<Vec<u8>>, Result<String, String>),
    /// The size of the terminal changed.
    Resized,
    /// The terminal can no longer be read.
    Lost(io::Error),
    /// A signal that stops the program as Ctrl-Z does.
    Stop,
    /// The program continues after it was stopped, in whatever way.
    Continued,
    /// A signal that ends the program.
    Signal(i32),
}

/// Starts to read the terminal's input. The thread lives as long as the program, because a blocking read cannot be
/// stopped.
pub(super) fn read_input(sender: Sender<LoopEvent>) {
    let gone = sender.clone();
    // The loop may have ended already.
    hangup::watch(move |error| drop(gone.send(LoopEvent::Lost(error))));
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

/// Starts to watch for the signals that end a program, and for those that stop and continue it.
///
/// # Errors
/// If the handlers cannot be installed.
pub(super) fn watch_signals(sender: Sender<LoopEvent>) -> io::Result<()> {
    let mut signals = Signals::new(ENDING.iter().chain(&[SIGTSTP, SIGCONT]))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => LoopEvent::Stop,
                SIGCONT => LoopEvent::Continued,
                signal => LoopEvent::Signal(signal),
            };
            if sender.send(event).is_err() {
                return;
            }
        }
    });
    Ok(())
}
