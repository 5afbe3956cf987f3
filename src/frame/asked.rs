//! Asks the decoder about an idle input, once for each state of it.
//!
//! Must not know: how a frame's end is found.

use std::io::Read;
use std::time::Duration;

use super::buffer::Buffer;
use super::decoder::{Decoder, Step};
use super::error::Idle;

/// What an idle input was asked last: a pause that goes on for hours costs one search.
#[derive(Debug, Default)]
pub(super) struct Asked(Option<(u64, u64, bool)>);

impl Asked {
    /// What the window begins with, where an idle input can tell.
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
