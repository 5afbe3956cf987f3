//! What is wrong with a configuration file, and where.
//!
//! Must not know: what may be in a file.

use std::fmt;

use super::settings::Position;

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileError {
    /// Where it is.
    pub at: Position,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.message)
    }
}

impl std::error::Error for FileError {}
