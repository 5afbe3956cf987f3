//! Errors in a command line, and their messages.
//!
//! Must not know: what would have been printed.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::escape::escape;
use crate::export::calls_table::COLUMNS;
use crate::filter::options::OptionError;

/// An error in the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The value of an option cannot be parsed.
    Option(OptionError),
    /// The value of `--hep` names no receiver, and why.
    Hep(String),
    /// The value of `--local` is not an address.
    Local(String),
    /// The table of calls has no such column.
    Column(String),
    /// A libpcap file is binary: it cannot be printed on a terminal.
    PcapToTerminal,
    /// The output is one of the inputs.
    OutputIsInput(PathBuf, PathBuf),
    /// The output, which exists, belongs to the rotated files of this input.
    OutputIsRotated(PathBuf, PathBuf),
    /// The standard output is a file that is also an input and is not empty; the message about it.
    StdoutIsInput(String),
    /// The terminal does not support full screens.
    DumbTerminal,
    /// Neither a file nor a pipe is the input.
    NoInput,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(error) => error.fmt(f),
            Self::Local(text) => {
                write!(f, "--local: '{}' is not an IP address with an optional port", escape(text.as_bytes()))
            }
            Self::Hep(why) => write!(f, "--hep: {why}"),
            Self::Column(name) => {
                let known = COLUMNS.map(|column| column.name).join(", ");
                write!(f, "--columns: no column '{}'; the columns are {known}", escape(name.as_bytes()))
            }
            Self::PcapToTerminal => {
                f.write_str("--pcap: a terminal cannot show a libpcap file; use a file or a pipe")
            }
            Self::OutputIsInput(output, input) => {
                write!(f, "--pcap {}: the output is also an input: {}", name(output), name(input))
            }
            Self::OutputIsRotated(output, input) => {
                write!(
                    f,
                    "--pcap {}: the output is a rotated file of an input: {}",
                    name(output),
                    name(input)
                )
            }
            Self::StdoutIsInput(message) => f.write_str(message),
            Self::DumbTerminal => f.write_str(
                "this terminal cannot show full screens (TERM is dumb, unknown or empty)\n\
                 --plain browses line by line; or print: --summary for a line per message, --full for the messages, --ladder, --stats",
            ),
            Self::NoInput => f.write_str(
                "no file was named, and nothing is piped in\n\
                 try 'sofiatui FILE', 'sofiatui --demo' for the built-in sample, or 'sofiatui --help'",
            ),
        }
    }
}

/// The name of a file, safe for a terminal.
pub(super) fn name(path: &Path) -> String {
    escape(path.as_os_str().as_encoded_bytes()).into_owned()
}

/// Prints an error message on the standard error.
pub fn say(what: &impl fmt::Display) {
    // If even the standard error cannot be written, no report is possible.
    let _ = writeln!(io::stderr().lock(), "sofiatui: {what}");
}
