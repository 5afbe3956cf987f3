//! The same input in other pieces, and an account of which of its bytes were given out.

use std::io::{self, Read};

use sofiatui::Extent;

/// How an input is cut into reads.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cut {
    /// Each read gets all that it asks for.
    Whole,
    /// Each read gets one byte.
    Single,
    /// Each read gets a number of bytes up to 64 that follows from the input alone.
    Odd,
    /// The same, and before each piece there is nothing for now.
    Pauses,
}

impl Cut {
    /// The ways that must not differ from the whole.
    pub(crate) const PIECES: [Self; 3] = [Self::Single, Self::Odd, Self::Pauses];
}

/// An input that comes in pieces.
#[derive(Debug)]
pub(crate) struct Pieces<'a> {
    rest: &'a [u8],
    cut: Cut,
    state: u32,
    pauses: bool,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(data: &'a [u8], cut: Cut) -> Self {
        let state = data.iter().fold(0x9e37, |sum: u32, &b| sum.wrapping_mul(31).wrapping_add(b.into()));
        Self { rest: data, cut, state, pauses: false }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.pauses = matches!(self.cut, Cut::Pauses) && !self.pauses;
        if self.pauses {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let most = match self.cut {
            Cut::Whole => usize::MAX,
            Cut::Single => 1,
            Cut::Odd | Cut::Pauses => 1 + (self.state >> 26) as usize,
        };
        let len = most.min(buffer.len()).min(self.rest.len());
        buffer[..len].copy_from_slice(&self.rest[..len]);
        self.rest = &self.rest[len..];
        Ok(len)
    }
}

/// Which bytes of an input were given out. Each may be given out once.
#[derive(Debug)]
pub(crate) struct Given<'a> {
    data: &'a [u8],
    taken: Vec<bool>,
}

impl<'a> Given<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, taken: vec![false; data.len()] }
    }

    /// Takes a run of bytes.
    pub(crate) fn take(&mut self, extent: Extent) -> &'a [u8] {
        let range = extent.offset as usize..extent.end() as usize;
        assert!(
            range.end <= self.data.len(),
            "{extent:?} ends behind the input of {} bytes",
            self.data.len()
        );
        for taken in &mut self.taken[range.clone()] {
            assert!(!*taken, "{extent:?} was given out before");
            *taken = true;
        }
        &self.data[range]
    }

    /// Takes runs of bytes, and joins them.
    pub(crate) fn join(&mut self, extents: &[Extent]) -> Vec<u8> {
        extents.iter().flat_map(|&extent| self.take(extent).iter().copied()).collect()
    }

    /// How many bytes were given out.
    pub(crate) fn count(&self) -> u64 {
        self.taken.iter().filter(|&&taken| taken).count() as u64
    }
}
