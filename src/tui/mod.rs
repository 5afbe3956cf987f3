//! The browser at work: the terminal, the loop, the wishes of the state fulfilled.
//!
//! Must not know: how frames and messages are found, what a key means.

mod backend;
mod clipboard;
mod effects;
#[doc(hidden)]
pub mod guard;
mod hangup;
mod keys;
mod loading;
mod picking;
mod run;
mod suspend;
mod wake;

use std::fmt;
use std::io;
use std::path::PathBuf;

pub use clipboard::ClipboardWay;
pub use run::run;

use crate::filter::Filter;
use crate::load::InputSpec;

/// What the browser is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// What to open.
    pub inputs: Vec<InputSpec>,
    /// What to choose from first; then `inputs` is empty.
    pub pick: Option<Pick>,
    /// The filter in force at the start.
    pub filter: Filter,
    /// Whether they are followed from the start.
    pub follow: bool,
    /// The way that copies go.
    pub clipboard: ClipboardWay,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Whether there are colours.
    pub color: bool,
}

/// What to choose from, instead of opening something at the start.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Directories, and files that were named beside them.
    pub places: Vec<PathBuf>,
    /// The time from which on messages are wanted.
    pub since: Option<String>,
    /// The time until which they are.
    pub until: Option<String>,
}

/// Why the browser could not run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The terminal cannot be set up, read or written.
    Terminal(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Terminal(error) => write!(f, "the terminal cannot be used: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// Whether the terminal is gone: its window was closed, its connection broke.
    fn is_hangup(&self) -> bool {
        /// `EIO` and `ENXIO`: what reads and writes of a terminal say after a hangup.
        const GONE: [i32; 2] = [5, 6];
        let Self::Terminal(error) = self;
        error.raw_os_error().is_some_and(|code| GONE.contains(&code))
            || matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Terminal(error)
    }
}
