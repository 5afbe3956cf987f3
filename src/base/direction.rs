//! The direction of a frame, as seen from FreeSWITCH.
//!
//! Must not know: the frame header around the word.

use std::fmt;
use std::str::FromStr;

/// Whether FreeSWITCH received or sent.
///
/// Prints as the dump writes it: `recv`, `sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Read from the network.
    Recv,
    /// Written to the network.
    Sent,
}

/// A word that is not the name of a direction or a transport.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownKeyword {
    /// The word that was given.
    pub word: String,
}

impl fmt::Display for UnknownKeyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown keyword '{}'", self.word.escape_debug())
    }
}

impl std::error::Error for UnknownKeyword {}

impl Direction {
    /// Both directions, in the order of their numbers.
    #[cfg(feature = "cli")]
    pub(crate) const BOTH: [Self; 2] = [Self::Recv, Self::Sent];

    /// The other direction.
    #[cfg(feature = "cli")]
    pub(crate) const fn opposite(self) -> Self {
        match self {
            Self::Recv => Self::Sent,
            Self::Sent => Self::Recv,
        }
    }

    /// The word that opens a frame header: `recv` or `sent`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recv => "recv",
            Self::Sent => "sent",
        }
    }

    /// The word before the peer's address: `from` for received frames, `to` for sent frames.
    pub const fn preposition(self) -> &'static str {
        match self {
            Self::Recv => "from",
            Self::Sent => "to",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Direction {
    type Err = UnknownKeyword;

    /// Reads `recv` or `sent`, ignoring case.
    ///
    /// # Errors
    /// [`UnknownKeyword`] for any other word.
    fn from_str(word: &str) -> Result<Self, UnknownKeyword> {
        [Self::Recv, Self::Sent]
            .into_iter()
            .find(|d| d.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownKeyword { word: word.to_owned() })
    }
}
