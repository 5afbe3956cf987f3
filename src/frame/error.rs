//! What can stop a reader: nothing in the content, only the input itself.
//!
//! Must not know: what was being read.

use std::fmt;
use std::io;

/// Why a reader had to stop.
///
/// Content never makes one: bad bytes become skips, losses and findings. After an error, readers and iterators end, unless
/// it is a [pause](Self::is_pause).
#[derive(Debug)]
#[non_exhaustive]
pub enum ParseError {
    /// The input could not be read. Bytes read before the error were parsed.
    Io(io::Error),
}

impl ParseError {
    /// Whether the input only has nothing more for now ([`io::ErrorKind::WouldBlock`]). All that is complete was given
    /// out; what is begun is held, and goes on with the next call.
    ///
    /// So a file can be followed while it grows: its reader says `WouldBlock` at the end of what is there, and who asked
    /// comes again when there is more.
    pub fn is_pause(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::WouldBlock)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot read the input: {error}"),
        }
    }
}

impl std::error::Error for ParseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
        }
    }
}

impl From<io::Error> for ParseError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
