//! Where output goes: the standard output, or a file that gets its name when it is complete.
//!
//! Must not know: what is written.

use std::io::{self, StdoutLock, Write};
use std::path::Path;

use crate::base::escape::escape;
use crate::export::file::{OutputFile, why_not};

use super::plan::Print;
use super::{FAILURE, SUCCESS, problem};

/// The output file or stream.
pub(super) enum Out {
    Stdout(StdoutLock<'static>),
    File(OutputFile),
}

impl Out {
    /// Opens the output of `print`: before anything is read, so that a long run does not end with its error.
    ///
    /// # Errors
    /// If it cannot be written, or if it exists and must be kept.
    pub(super) fn open(print: &Print) -> io::Result<Self> {
        Ok(match &print.file {
            Some(file) => Self::File(OutputFile::create(file, print.existing)?),
            None => Self::Stdout(super::stdout::stdout()?),
        })
    }

    /// Gives the file its final name.
    ///
    /// # Errors
    /// Errors of the system.
    pub(super) fn publish(&mut self) -> io::Result<()> {
        if let Self::File(file) = self { file.publish() } else { Ok(()) }
    }

    /// The temporary name of the file until it is complete.
    pub(super) fn hidden_name(&self) -> Option<&Path> {
        if let Self::File(file) = self { file.hidden_name() } else { None }
    }

    /// Writes all of the output, and returns the exit status. No file appears for nothing.
    pub(super) fn write_whole(mut self, print: &Print, bytes: &[u8]) -> u8 {
        let written = self.write_all(bytes).and_then(|()| self.flush());
        let written = if bytes.is_empty() { written } else { written.and_then(|()| self.publish()) };
        written.map_or_else(|error| output_failed(print, &error), |()| SUCCESS)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

/// Prints the error of the output, and returns the exit status.
pub(super) fn output_failed(print: &Print, error: &io::Error) -> u8 {
    match &print.file {
        // The reader of the pipe has enough: `sofiatui x.dump | head -1`.
        None if error.kind() == io::ErrorKind::BrokenPipe => return SUCCESS,
        None => problem::say(&format_args!("standard output: {error}")),
        Some(file) => {
            let name = escape(file.to_string_lossy().as_bytes()).into_owned();
            let hint =
                if error.kind() == io::ErrorKind::AlreadyExists { " (--force replaces it)" } else { "" };
            problem::say(&format_args!("{name}: {}{hint}", why_not(error)));
        }
    }
    FAILURE
}
