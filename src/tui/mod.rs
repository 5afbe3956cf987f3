//! The browser in a terminal: the loop, keys, jobs, clipboard.
//!
//! Must not know: how frames and messages are found, what a key means.

mod backend;
mod clipboard;
mod configuration;
mod copying;
mod effects;
#[doc(hidden)]
pub mod guard;
mod hangup;
#[doc(hidden)]
pub mod jobs;
mod keeping;
mod kept_results;
mod keys;
#[doc(hidden)]
pub mod lister;
mod loading;
#[doc(hidden)]
pub mod loop_event;
pub mod many_texts;
mod profiles;
mod redacted;
mod run;
mod saving;
mod screen_output;
mod statistics;
mod suspend;

use std::fmt;
use std::io;
use std::path::PathBuf;

pub use copying::bytes as written_bytes;
pub use run::{Left, run};
pub use saving::save;

use crate::calls::LegRules;
use crate::config::{FirstScreen, ProfileChoice, Settings};
use crate::filter::{Filter, Names};
use crate::load::InputSpec;
use crate::view::Theme;

/// The start options of the browser.
#[derive(Debug, Clone)]
pub struct Options {
    /// The inputs to open.
    pub inputs: Vec<InputSpec>,
    /// Header fields that join legs.
    pub rules: LegRules,
    /// The profiles to choose from first; then `inputs` is empty.
    pub profiles: Option<ProfileChoice>,
    /// The filter at the start.
    pub filter: Filter,
    /// Whether the command line chose that filter: then the one of the configuration is not put in force.
    pub chosen: bool,
    /// The first screen.
    pub first: FirstScreen,
    /// Whether the inputs are followed from the start.
    pub follow: bool,
    /// Whether what is selected is printed when the browser is left.
    pub picks: bool,
    /// The settings.
    pub settings: Settings,
    /// The names that filters may use.
    pub names: Names,
    /// The configuration file, if one is used: the chosen columns are written there.
    pub configuration: Option<PathBuf>,
    /// Colours and characters.
    pub theme: Theme,
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
        /// `EIO` and `ENXIO`: the errors of reads and writes of a terminal after a hangup.
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
