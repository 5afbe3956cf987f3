//! The environment of the program: its standard streams, its terminal, its locale.
//!
//! Must not know: the command line.

use std::io::{self, IsTerminal};
use std::path::Path;

use crate::base::charset::Charset;
use crate::cli::outputs::{self, FileId};

/// The usual directory of traces.
const TRACES: &str = "/var/log/freeswitch/sip_traces";

/// The environment of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Surroundings<'a> {
    /// Whether the standard input is a terminal.
    pub(super) stdin: Device,
    /// The kind of the standard output.
    pub(super) stdout: Device,
    /// Whether `NO_COLOR` is set and not empty.
    pub(super) no_color: bool,
    /// Whether the terminal can only print lines, or nothing is known of it: `TERM=dumb`, `TERM=unknown`, `TERM=`.
    pub(super) dumb: bool,
    /// The characters that the locale supports.
    pub(super) charset: Charset,
    /// The file behind the standard input.
    pub(super) stdin_file: Option<FileId>,
    /// The file behind the standard output.
    pub(super) stdout_file: Option<FileId>,
    /// The bytes that this file has already.
    pub(super) stdout_len: u64,
    /// The directory where FreeSWITCH keeps its traces on this machine, if it exists.
    pub(super) traces: Option<&'a Path>,
}

/// The kind of a standard stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Device {
    Terminal,
    Other,
}

impl Device {
    fn of(end: &impl IsTerminal) -> Self {
        if end.is_terminal() { Self::Terminal } else { Self::Other }
    }
}

impl Surroundings<'_> {
    /// Detects the environment.
    pub(in crate::cli) fn look() -> Self {
        Self {
            stdin: Device::of(&io::stdin()),
            stdout: Device::of(&io::stdout()),
            // https://no-color.org: "when present and not an empty string".
            no_color: std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()),
            dumb: std::env::var_os("TERM")
                .is_some_and(|name| name == "dumb" || name == "unknown" || name.is_empty()),
            charset: Charset::of_variables(|name| std::env::var_os(name)),
            stdin_file: outputs::of_stream(&io::stdin()),
            stdout_file: outputs::of_stream(&io::stdout()),
            stdout_len: outputs::len_of_stream(&io::stdout()),
            traces: Some(Path::new(TRACES)).filter(|dir| dir.is_dir()),
        }
    }
}
