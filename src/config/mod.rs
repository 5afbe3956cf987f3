//! The settings of the program: one type for each, shared by the command line and the browser.
//!
//! Must not know: the terminal, threads, how the command line is written.

mod file;

use std::path::PathBuf;

pub use file::{File, FileError};

/// Where copied text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ClipboardTarget {
    /// The first that works: tmux, a local display, OSC 52, a file.
    #[default]
    Auto,
    /// The clipboard of a local display.
    Native,
    /// The buffer of tmux, which passes it on to the outer terminal.
    Tmux,
    /// An escape sequence to the terminal.
    Osc52,
    /// A new file, whose name is shown.
    File,
}

/// The screen that the browser shows first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstScreen {
    /// The message list.
    #[default]
    Messages,
    /// The calls.
    Calls,
}

/// A choice of profiles, which the browser shows before it opens one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChoice {
    /// Directories, and files that were named with them.
    pub paths: Vec<PathBuf>,
    /// The time from which messages are wanted, as it was typed.
    pub since: Option<String>,
    /// The time until which messages are wanted, as it was typed.
    pub until: Option<String>,
}
