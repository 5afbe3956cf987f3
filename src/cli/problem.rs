//! Errors in a command line, and their messages.
//!
//! Must not know: what would have been printed.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::base::escape::escape;
use crate::export::calls_table::COLUMNS;
use crate::export::{Format, csv};
use crate::filter::options::OptionError;

/// An error in the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    /// The value of an option cannot be parsed.
    Option(OptionError),
    /// The program cannot write Parquet.
    NoParquet,
    /// The value of `--hep` names no receiver, and why.
    Hep(String),
    /// The value of `--local` is not an address.
    Local(String),
    /// The table of calls has no such column.
    Column(String),
    /// The list of messages has no such column.
    MessageColumn(String),
    /// No format has the extension of this file.
    SaveFormat(PathBuf),
    /// A file of this format does not have what the output mode prints.
    SaveMode(Format),
    /// An option means nothing for a file of this format.
    SaveOption(&'static str, Format),
    /// A file of this format is complete when everything was read.
    SaveFollow(Format),
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
    /// A filter asks for marks, which only the browser has.
    Marks,
    /// The browser shows the originals.
    RedactBrowser,
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
            Self::NoParquet => f.write_str("--parquet: this program was built without it (cargo feature `parquet`)"),
            Self::Hep(why) => write!(f, "--hep: {why}"),
            Self::Column(name) => {
                let known = COLUMNS.map(|column| column.name).join(", ");
                write!(f, "--columns: no column '{}'; the columns are {known}", escape(name.as_bytes()))
            }
            Self::MessageColumn(name) => {
                let usual = csv::USUAL.join(", ");
                let name = escape(name.as_bytes());
                write!(
                    f,
                    "--columns: no column '{name}'; the columns are {usual}, any field of the filter, header.NAME, json.KEY"
                )
            }
            Self::SaveFormat(path) => {
                let known: Vec<_> = Format::all().map(|format| format!(".{}", format.name())).collect();
                let known = known.join(", ");
                write!(f, "--save {}: no format has this extension; use {known}, or name it by --format", name(path))
            }
            Self::SaveMode(format) => {
                let format_name = format.name();
                write!(f, "--save: a .{format_name} file contains {}; use .txt for what this mode prints", contents(*format))
            }
            Self::SaveOption(option, format) => {
                write!(f, "{option}: means nothing for a .{} file", format.name())
            }
            Self::SaveFollow(format) => write!(
                f,
                "--follow: a .{} file is written when everything was read; save a .dump, .pcap, .txt or .jsonl file",
                format.name()
            ),
            Self::PcapToTerminal => {
                f.write_str("--pcap: a terminal cannot show a libpcap file; use a file or a pipe")
            }
            Self::OutputIsInput(output, input) => {
                write!(f, "{}: the output is also an input: {}", name(output), name(input))
            }
            Self::OutputIsRotated(output, input) => {
                write!(f, "{}: the output is a rotated file of an input: {}", name(output), name(input))
            }
            Self::StdoutIsInput(message) => f.write_str(message),
            Self::RedactBrowser => f.write_str(
                "--redact: the browser shows the originals; choose an output mode: --raw, --full, --ladder, --calls, …, or --save",
            ),
            Self::DumbTerminal => f.write_str(
                "this terminal cannot show full screens (TERM is dumb, unknown or empty)\n\
                 --plain browses line by line; or print: --summary for a line per message, --full for the messages, --ladder, --stats",
            ),
            Self::Marks => f.write_str(
                "is:marked: only the browser knows the marked messages; --pick prints them when it is left, n=NUMBER matches one",
            ),
            Self::NoInput => f.write_str(
                "no file was named, and nothing is piped in\n\
                 try 'sofiatui FILE', 'sofiatui --demo' for the built-in sample, or 'sofiatui --help'",
            ),
        }
    }
}

/// What a file of a format can contain.
const fn contents(format: Format) -> &'static str {
    match format {
        Format::Dump => "messages as frames (--raw, --frames)",
        Format::Pcap | Format::Pcapng => "messages as packets",
        Format::Text => "text",
        Format::Json => "messages, calls (--calls) or counts (--stats)",
        Format::Csv => "messages or calls (--calls)",
        Format::Markdown | Format::Svg | Format::Html => "calls with their ladders (--calls, --ladder)",
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
