//! `--frames`: the frames of a dump, byte for byte as they came in.
//!
//! Where nothing is chosen, all that belongs to the dump is copied: frames, markers, blank lines. Otherwise the messages
//! are read from the frames through a tap, which knows which frames a message lies in.
//!
//! Must not know: which messages match, the options.

mod copy;
mod frame_history;

pub(super) use copy::Copy;
pub(super) use frame_history::{FrameHistory, each_kept, keep};

use crate::base::Extent;

/// Something that knows in which frames the bytes of a message lie.
pub(super) trait Carriers {
    /// Appends the frames in which these extents lie, as [`each_kept`] reads them. `false` where one of them is no longer
    /// known; then nothing is appended.
    fn carriers(&self, extents: &[Extent], out: &mut Vec<u8>) -> bool;
}
