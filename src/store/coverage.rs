//! What of an input was read, and what of it could not be.
//!
//! Must not know: how a reason is found, who reads the input.

use std::sync::Arc;

/// What became of the bytes of an input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Bytes of its text, decompressed.
    pub bytes: u64,
    /// How many of them belong to no frame and are not allowed between frames.
    pub skipped: u64,
    /// Frames.
    pub frames: u64,
    /// Messages.
    pub messages: u64,
    /// Skipped regions and incomplete messages, in the order of their offsets.
    pub regions: Arc<[Region]>,
    /// Regions that are counted but not listed.
    pub unlisted: u64,
}

/// A part of an input that is no complete message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Where it begins in the text of the input: 0-based.
    pub offset: u64,
    /// Its bytes.
    pub len: u64,
    /// Why.
    pub reason: &'static str,
    /// What it is.
    pub kind: RegionKind,
}

/// What a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegionKind {
    /// Bytes that belong to no frame.
    Skipped,
    /// A message whose end, or a part of it, is missing: its bytes are shown as a message all the same.
    Incomplete,
}
