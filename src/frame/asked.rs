//! Asks the decoder about an idle input, once for each state of it.
//!
//! Must not know: how a frame's end is found.

use std::io::Read;
use std::time::Duration;

use super::buffer::Buffer;
use super::decoder::{Decoder, Step};
use super::error::Idle;

/// The last search in an idle input: a pause of several hours costs only one search.
#[derive(Debug, Default)]
pub(super) struct Asked(Option<(u64, u64, bool)>);

impl Asked {
    /// The kind of the window's first bytes, if it is known in an idle input.
    pub(super) fn step<R: Read>(
        &mut self,
        decoder: &mut Decoder,
        buffer: &Buffer<R>,
        idle: Duration,
    ) -> Option<Step> {
        let asked = Some((buffer.offset(), buffer.bytes_read(), idle >= Idle::LONG));
        if self.0 == asked {
            return None;
        }
        let step = decoder.step_idle(buffer.window(), idle);
        self.0 = if step.is_none() { asked } else { None };
        step
    }
}
