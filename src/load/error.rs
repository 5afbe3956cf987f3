//! Errors of inputs, each printed as one line with the name of the input.
//!
//! Must not know: how inputs are opened, who reports the error.

use std::fmt;
use std::io;

/// Why an input cannot be read; its `Display` is one line with the name of the input.
#[derive(Debug)]
#[non_exhaustive]
pub struct InputError {
    /// The name as the user gave it.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// The possible errors of an input.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// An error of the system (no such file, no permission, a disk error), or a damaged archive.
    Io(io::Error),
    /// A directory in which no trace was found.
    Directory,
    /// The file is empty.
    Empty,
    /// It was read to its end and contains no frame.
    NoDump {
        /// Bytes of text, decompressed.
        bytes: u64,
    },
    /// The same, but it contains headers with converted line ends.
    Converted {
        /// Bytes of text, decompressed.
        bytes: u64,
    },
    /// Reading failed before the end.
    BrokenOff {
        /// Bytes of text read before the error.
        offset: u64,
        /// The message of the error.
        why: String,
    },
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", crate::base::escape::escape(self.file.as_bytes()))?;
        match &self.problem {
            Problem::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("no such file"),
            Problem::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                f.write_str("permission denied")
            }
            Problem::Io(error) => error.fmt(f),
            Problem::Directory => f.write_str("no trace found in this directory"),
            Problem::Empty => f.write_str("is empty"),
            Problem::NoDump { bytes } => write!(f, "is not a mod_sofia dump: no frame in its {bytes} bytes"),
            Problem::Converted { bytes } => {
                write!(f, "looks like a dump with converted line ends: no frame in its {bytes} bytes")
            }
            Problem::BrokenOff { offset: 0, why } => f.write_str(why),
            Problem::BrokenOff { offset, why } => write!(f, "breaks off after {offset} bytes of text: {why}"),
        }
    }
}

impl std::error::Error for InputError {}
