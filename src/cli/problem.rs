//! What is wrong with a command line, and how it is said.
//!
//! Must not know: what would have been printed.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::base::escape::escape;
use crate::export::calls_table::COLUMNS;
use crate::filter::options::OptionError;

/// A mistake in the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The value of an option cannot be read as what it should be.
    Option(OptionError),
    /// What is to be our address is none.
    Local(String),
    /// There is no such column of the table of calls.
    Column(String),
    /// A libpcap file is no text.
    PcapToTerminal,
    /// The output is one of the inputs.
    OutputIsInput(PathBuf, PathBuf),
    /// The terminal has no full screen.
    DumbTerminal,
    /// Neither a file nor a pipe was given.
    NoInput,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(error) => error.fmt(f),
            Self::Local(text) => {
                write!(f, "--local: '{}' is no IP address, with or without a port", escape(text.as_bytes()))
            }
            Self::Column(name) => {
                let known = COLUMNS.map(|column| column.name).join(", ");
                write!(f, "--columns: no column '{}'; there are {known}", escape(name.as_bytes()))
            }
            Self::PcapToTerminal => {
                f.write_str("--pcap: a terminal cannot show a libpcap file: name a file, or a pipe")
            }
            Self::OutputIsInput(output, input) => {
                let name = |path: &PathBuf| escape(path.as_os_str().as_encoded_bytes()).into_owned();
                write!(f, "--pcap {}: the output is also an input: {}", name(output), name(input))
            }
            Self::DumbTerminal => f.write_str(
                "this terminal cannot show full screens (TERM=dumb)\n\
                 print instead: --summary for a line per message, --full for the messages, --ladder, --stats",
            ),
            Self::NoInput => f.write_str(
                "no file was named, and nothing is piped in\n\
                 try 'sofiatui FILE', 'sofiatui --demo' for the built-in sample, or 'sofiatui --help'",
            ),
        }
    }
}

/// Says on the standard error what is wrong.
pub fn say(what: &impl fmt::Display) {
    // Where even that cannot be written there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "sofiatui: {what}");
}
