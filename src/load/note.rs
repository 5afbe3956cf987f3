//! Events and errors of an input while it is read, one line each.
//!
//! Must not know: who reports them.

use std::fmt;

use super::error::InputError;

/// An event that the user should know; its `Display` is one line with the name of the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Note {
    /// A followed file was truncated, and no copy of it was found.
    Truncated {
        /// The file.
        file: String,
        /// Bytes of it that were read before the truncation.
        read: u64,
    },
    /// Bytes are missing between two files of a rotation set.
    Gap {
        /// The file before the gap.
        before: String,
        /// The file after the gap.
        file: String,
        /// Whether the names show that whole files are missing.
        files_are_missing: bool,
    },
    /// A file begins with bytes that repeat the end of the preceding file.
    Replayed {
        /// The file.
        file: String,
        /// The number of repeated bytes.
        bytes: u64,
    },
    /// The file that was read last is gone, and with it perhaps others that were written after it.
    MayLack {
        /// The file that is read next.
        file: String,
    },
    /// A followed name became that of the output.
    IsOutput {
        /// The file.
        file: String,
    },
    /// A compressed file is read once although files are followed.
    NotFollowed {
        /// The file.
        file: String,
    },
    /// A file cannot be read, or not completely.
    Failed(InputError),
}

impl Note {
    /// Whether something could not be read.
    pub fn is_complaint(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Whether nothing is lost.
    pub fn is_harmless(&self) -> bool {
        matches!(self, Self::Replayed { .. })
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |file: &str| crate::base::escape::escape(file.as_bytes()).into_owned();
        match self {
            Self::Truncated { file, read } => write!(
                f,
                "{}: was truncated after {read} bytes of it were read; the last bytes before the truncation may be missing",
                shown(file)
            ),
            Self::Gap { before, file, files_are_missing: true } => {
                write!(f, "{}: files are missing between {} and this one", shown(file), shown(before))
            }
            Self::Gap { before, file, files_are_missing: false } => {
                write!(
                    f,
                    "{}: bytes are missing between the end of {} and its beginning",
                    shown(file),
                    shown(before)
                )
            }
            Self::Replayed { file, bytes } => {
                write!(f, "{}: its first {bytes} bytes repeat the end of the preceding file", shown(file))
            }
            Self::MayLack { file } => {
                write!(
                    f,
                    "{}: files before it may be missing: the file that was read last is gone",
                    shown(file)
                )
            }
            Self::IsOutput { file } => write!(f, "{}: input is also the output", shown(file)),
            Self::NotFollowed { file } => {
                write!(f, "{}: is compressed; it is read once and not followed", shown(file))
            }
            Self::Failed(error) => error.fmt(f),
        }
    }
}
