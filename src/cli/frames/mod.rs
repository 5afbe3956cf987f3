//! `--frames`: prints the frames of a dump, byte for byte.
//!
//! If no message is selected, everything that belongs to the dump is copied: frames, markers, blank lines. Otherwise
//! the messages are read through a [`FrameHistory`], which knows the frames of each message.
//!
//! Must not know: which messages match, the options.

mod copy;
mod frame_history;

pub(super) use copy::Copy;
pub(super) use frame_history::{FrameHistory, each_kept, keep};

use crate::base::Extent;

/// Knows the frames that contain the bytes of a message.
pub(super) trait Carriers {
    /// Appends the frames that contain these extents, in the format of [`each_kept`]. `false` if one of them is no
    /// longer known; then nothing is appended.
    fn carriers(&self, extents: &[Extent], out: &mut Vec<u8>) -> bool;
}
