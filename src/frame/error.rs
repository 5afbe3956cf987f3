//! What can stop a reader: nothing in the content, only the input itself.
//!
//! Must not know: what was being read.

use std::fmt;
use std::io;
use std::time::Duration;

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

/// Says that bytes are missing between what a reader gave and what it will give next.
///
/// As the payload of an [`io::Error`] a reader hands it to a [`FrameReader`](super::FrameReader), once, in the place of
/// bytes: the files of a rotation set are read one after the other so. It is no error: the frame that was begun ends there,
/// what comes next is read as a new beginning, and level 2 joins nothing over the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap;

impl Gap {
    /// What a reader says.
    pub fn error() -> io::Error {
        io::Error::other(Self)
    }

    /// Whether that is what was said.
    pub fn is(error: &io::Error) -> bool {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).is_some()
    }
}

/// Says that an input that may grow has had nothing new for so long.
///
/// As the payload of a [`WouldBlock`](io::ErrorKind::WouldBlock) error a reader hands it to a
/// [`FrameReader`](super::FrameReader). What the bytes so far can decide is then given out: a header or a marker ends the
/// frame before it, although that frame's count says that more of it should come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle(
    /// The time since the last byte came.
    pub Duration,
);

impl Idle {
    /// After so long, a frame that is cut is no longer expected to go on.
    pub const SHORT: Duration = Duration::from_millis(200);
    /// After so long, neither is one that is cut where another profile of the same file may write in between.
    pub const LONG: Duration = Duration::from_secs(2);

    /// What a reader says that had its last byte `idle` ago: that there is nothing for now, and from [`Idle::SHORT`] on
    /// that the input is idle.
    pub fn pause(idle: Duration) -> io::Error {
        if idle < Self::SHORT {
            return io::ErrorKind::WouldBlock.into();
        }
        io::Error::new(io::ErrorKind::WouldBlock, Self(idle))
    }

    /// How long the input has been idle, where that is what was said.
    pub fn of(error: &io::Error) -> Option<Duration> {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).map(|idle| idle.0)
    }
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing new for {} ms", self.0.as_millis())
    }
}

impl std::error::Error for Idle {}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes are missing here")
    }
}

impl std::error::Error for Gap {}

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
