//! Errors of inputs, each printed as one line with the name of the input.
//!
//! Must not know: how inputs are opened, who reports the error.

use std::fmt;
use std::io;

use crate::frame::ParseStats;

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

impl Problem {
    /// Why an input that was read to its end is no dump, if it is none.
    pub fn of(stats: &ParseStats) -> Option<Self> {
        let bytes = stats.bytes_read();
        match stats.frames() {
            0 if bytes == 0 => Some(Self::Empty),
            0 if stats.has_converted_line_ends() => Some(Self::Converted { bytes }),
            // A file that was just opened has its marker and no frame yet.
            0 if !stats.is_opening() => Some(Self::NoDump { bytes }),
            _ => None,
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", crate::base::escape::escape(self.file.as_bytes()), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => f.write_str("no such file"),
            Self::Io(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                f.write_str("permission denied")
            }
            Self::Io(error) => error.fmt(f),
            Self::Directory => f.write_str("no trace found in this directory"),
            Self::Empty => f.write_str("is empty"),
            Self::NoDump { bytes: 1 } => f.write_str("is not a mod_sofia dump: no frame in its one byte"),
            Self::NoDump { bytes } => write!(f, "is not a mod_sofia dump: no frame in its {bytes} bytes"),
            Self::Converted { bytes } => {
                write!(f, "looks like a dump with converted line ends: no frame in its {bytes} bytes")
            }
            Self::BrokenOff { offset: 0, why } => f.write_str(why),
            Self::BrokenOff { offset: 1, why } => write!(f, "breaks off after one byte of text: {why}"),
            Self::BrokenOff { offset, why } => write!(f, "breaks off after {offset} bytes of text: {why}"),
        }
    }
}

impl std::error::Error for InputError {}
