//! The position of bytes in an input.
//!
//! Must not know: what the bytes mean, or which file they are in.

/// A contiguous range of bytes of the input: 0-based `offset`, and `len` in bytes.
///
/// Offsets count from the first byte that the reader got, across all of its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Extent {
    /// 0-based offset of the first byte.
    pub offset: u64,
    /// Number of bytes.
    pub len: u64,
}

impl Extent {
    /// The extent that begins at `offset` and contains `len` bytes.
    pub const fn new(offset: u64, len: u64) -> Self {
        Self { offset, len }
    }

    /// The offset of the first byte after this extent.
    pub const fn end(self) -> u64 {
        self.offset + self.len
    }
}
