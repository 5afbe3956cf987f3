//! The settings of the program: one type for each, shared by the command line and the browser.
//!
//! Must not know: the terminal, threads, how the command line is written.

mod edit;
mod error;
mod file;
mod known;
mod look;
mod settings;
mod text;
mod value;

use std::path::PathBuf;

pub use edit::with_columns;
pub use error::FileError;
pub use file::parse;
pub use known::{Known, KnownKey};
pub use settings::{KeySetting, Placed, Position, START_FILTER, Settings};
pub use text::print;

/// Colours and attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ThemeName {
    /// Colours that can be read on dark and on light backgrounds.
    #[default]
    Auto,
    /// Colours for a dark background.
    Dark,
    /// Colours for a light background.
    Light,
    /// No colours; bold, dim, underlined and reversed text.
    Mono,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorWhen {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How times are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum TimeFormat {
    /// Time of day.
    #[default]
    #[value(name = "day")]
    OfDay,
    /// Since the first message.
    #[value(name = "first")]
    SinceFirst,
    /// Since the previous row.
    #[value(name = "previous")]
    SincePrevious,
    /// Since the previous message of the same Call-ID.
    #[value(name = "call")]
    InCall,
}

impl TimeFormat {
    /// What it shows, in words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::OfDay => "the time of day",
            Self::SinceFirst => "since the first message",
            Self::SincePrevious => "since the previous row",
            Self::InCall => "since the previous message of the call",
        }
    }

    /// The format after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::OfDay => Self::SinceFirst,
            Self::SinceFirst => Self::SincePrevious,
            Self::SincePrevious => Self::InCall,
            Self::InCall => Self::OfDay,
        }
    }
}

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
