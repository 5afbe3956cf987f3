//! What happened to an input while it was read, and what is wrong with it: a line each.
//!
//! Must not know: who is told.

use std::fmt;

use super::error::InputError;

/// Something that the reader of an input should know: prints as one line that names the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Note {
    /// A followed file was truncated, and no copy of it was found.
    Truncated {
        /// The file.
        file: String,
        /// Bytes of it that were read before.
        read: u64,
    },
    /// Bytes are missing between two files of a rotation set.
    Gap {
        /// The file before the gap.
        before: String,
        /// The file behind it.
        file: String,
        /// Whether the names tell that whole files are missing.
        files_are_missing: bool,
    },
    /// A file begins with bytes that stand at the end of the file before it already.
    Replayed {
        /// The file.
        file: String,
        /// How many bytes.
        bytes: u64,
    },
    /// A compressed file is read once, although files are followed.
    NotFollowed {
        /// The file.
        file: String,
    },
    /// A file cannot be read, or not to its end.
    Failed(InputError),
}

impl Note {
    /// Whether something could not be read.
    pub fn is_complaint(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Whether nothing is lost or wrong.
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
            Self::NotFollowed { file } => {
                write!(f, "{}: is compressed; it is read once and not followed", shown(file))
            }
            Self::Failed(error) => error.fmt(f),
        }
    }
}
