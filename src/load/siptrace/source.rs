//! Where a log comes from: it is read as it is, or without what is before each line.
//!
//! Must not know: entries.

use std::io::{self, Read};

use super::positions::LogSource;
use super::wrapped::{Unwrapped, Wrapping};
use crate::store::LogAccount;

/// The text of a log.
#[derive(Debug)]
pub(super) enum Source<R> {
    Plain(R),
    Wrapped(Box<Unwrapped<R>>),
}

impl<R: Read> Source<R> {
    pub(super) fn wrapped(inner: R, wrapping: Wrapping) -> Self {
        Self::Wrapped(Box::new(Unwrapped::new(inner, wrapping)))
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(text) => text.read(buffer),
            Self::Wrapped(text) => text.read(buffer),
        }
    }
}

impl<R> LogSource for Source<R> {
    fn counted(&mut self, at: u64) -> u64 {
        match self {
            Self::Plain(_) => at,
            Self::Wrapped(text) => text.counted(at),
        }
    }

    fn offset(&self, at: u64) -> u64 {
        match self {
            Self::Plain(_) => at,
            Self::Wrapped(text) => text.offset(at),
        }
    }

    fn dropped(&mut self, account: &mut LogAccount) {
        if let Self::Wrapped(text) = self {
            text.dropped(account);
        }
    }

    fn lines(&self) -> Option<u64> {
        match self {
            Self::Plain(_) => None,
            Self::Wrapped(text) => text.lines(),
        }
    }
}
