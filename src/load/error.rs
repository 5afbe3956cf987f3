//! Why an input cannot be read, as one line that names it.
//!
//! Must not know: how inputs are opened, who is told.

use std::fmt;
use std::io;

/// Why an input cannot be read: prints as one line that names it.
#[derive(Debug)]
#[non_exhaustive]
pub struct InputError {
    /// The name that was given.
    pub file: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with an input.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The system says no: no such file, no permission, a broken disk; or the archive is broken.
    Io(io::Error),
    /// A directory in which no trace was found.
    Directory,
    /// Nothing is in it.
    Empty,
    /// It was read to its end, and there is no frame in its bytes.
    NoDump {
        /// Bytes of text, decompressed.
        bytes: u64,
    },
    /// The same, and there are headers whose line ends were converted.
    Converted {
        /// Bytes of text, decompressed.
        bytes: u64,
    },
    /// Reading broke off inside.
    BrokenOff {
        /// Bytes of text read before.
        offset: u64,
        /// What was said then.
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
