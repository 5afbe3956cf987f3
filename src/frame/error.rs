//! The errors of a reader: never about content, only about the input itself.
//!
//! Must not know: what was being read.

use std::fmt;
use std::io;
use std::time::Duration;

/// Why a reader had to stop.
///
/// Content never causes one: bad bytes become skips, losses and findings. After an error, readers and iterators end,
/// unless it is a [pause](Self::is_pause).
#[derive(Debug)]
#[non_exhaustive]
pub enum ParseError {
    /// The input could not be read. Bytes read before the error were parsed.
    Io(io::Error),
}

impl ParseError {
    /// Whether the input only has no more bytes at the moment ([`io::ErrorKind::WouldBlock`]). Everything complete was
    /// returned; incomplete items are held, and the next call continues them.
    ///
    /// This allows following a file while it grows: its reader returns `WouldBlock` at the current end, and the caller
    /// calls again when the file has grown.
    pub fn is_pause(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// Reports that bytes are missing between the last bytes of a reader and its next ones.
///
/// A reader returns it to a [`FrameReader`](super::FrameReader) as the payload of an [`io::Error`], once, at the
/// position of the missing bytes; this is how the files of a rotation set are read one after the other. It is not a
/// failure: the frame that was begun ends there, the following bytes are read like the start of an input, and level 2
/// joins nothing across the gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap;

impl Gap {
    /// The error that a reader returns for a gap.
    pub fn error() -> io::Error {
        io::Error::other(Self)
    }

    /// Whether `error` is a gap.
    pub fn is(error: &io::Error) -> bool {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).is_some()
    }
}

/// Reports that an input that may grow has had no new bytes for this long.
///
/// A reader returns it to a [`FrameReader`](super::FrameReader) as the payload of a
/// [`WouldBlock`](io::ErrorKind::WouldBlock) error. The frame reader then returns what the bytes so far can decide: a
/// header or a marker ends the frame before it, although the count of that frame promises more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle(
    /// The time since the last byte came.
    pub Duration,
);

impl Idle {
    /// After this time, a cut frame is no longer expected to continue.
    pub const SHORT: Duration = Duration::from_millis(200);
    /// After this time, the same holds for a frame that is cut where another profile may write to the same file.
    pub const LONG: Duration = Duration::from_secs(2);

    /// The error for an input whose last byte came `idle` ago: nothing more at the moment, and from [`Idle::SHORT`] on
    /// that the input is idle.
    pub fn pause(idle: Duration) -> io::Error {
        if idle < Self::SHORT {
            return io::ErrorKind::WouldBlock.into();
        }
        io::Error::new(io::ErrorKind::WouldBlock, Self(idle))
    }

    /// How long the input has been idle, if `error` says so.
    pub fn of(error: &io::Error) -> Option<Duration> {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).map(|idle| idle.0)
    }
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no new bytes for {} ms", self.0.as_millis())
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
