//! Files that were renamed and grow on beside the new one: their frames and those of the new file come in turn, none in the
//! middle of another.
//!
//! Must not know: names, why files are renamed, what is in a frame.

use std::collections::VecDeque;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use super::current::{Current, Look};
use crate::frame::Idle;

/// A profile that has nothing to write for so long was restarted, or is gone.
const PATIENCE: Duration = Duration::from_secs(3600);
/// A file that has no name any more and is idle for so long is gone.
const GONE: Duration = Duration::from_secs(60);
/// So many renamed files are read at most, the youngest.
const MOST: usize = 4;
/// So much is read at once, and so much is held back for a boundary: no frame is longer.
const ROOM: usize = 64 << 10;
const MOST_HELD: usize = 9 << 20;
/// What closes a frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// A renamed file.
#[derive(Debug)]
struct Old {
    file: Current,
    grew: Instant,
    held: Vec<u8>,
}

/// The renamed files beside the new one.
#[derive(Debug, Default)]
pub(super) struct Shared {
    old: Vec<Old>,
    /// Bytes of the new file up to which no boundary is known.
    held: Vec<u8>,
    /// Whole frames to give out.
    ready: VecDeque<u8>,
    /// Whether the bytes given out last, those of the youngest renamed file, end in the middle of a frame.
    in_frame: bool,
}

impl Shared {
    /// Another file has the name of `old`, whose last bytes came at `grew`.
    pub(super) fn begin(&mut self, old: Option<Current>, grew: Instant) {
        let Some(file) = old else { return };
        self.in_frame = self.held.is_empty() && self.ready.is_empty() && !file.tail.ends_with(BOUNDARY);
        self.old.push(Old { file, grew, held: std::mem::take(&mut self.held) });
        if self.old.len() > MOST {
            let oldest = self.old.remove(0);
            self.ready.extend(oldest.held);
        }
    }

    /// Whether there is a renamed file, or something of one to give out.
    pub(super) fn is_open(&self) -> bool {
        !self.old.is_empty() || !self.ready.is_empty()
    }

    /// The next bytes of the renamed files, or of the new one.
    pub(super) fn read(&mut self, buffer: &mut [u8], new: Option<&mut Current>) -> io::Result<Look> {
        if !self.ready.is_empty() {
            return Ok(Look::Bytes(self.give(buffer)));
        }
        if self.in_frame
            && let Some(youngest) = self.old.last_mut()
        {
            if youngest.pump(true)? == 0 && youngest.grew.elapsed() < Idle::SHORT {
                return Ok(Look::Waits);
            }
            // What does not end by then was cut.
            self.in_frame = !youngest.held.is_empty() && !has_boundary(&youngest.held);
            let all = if self.in_frame { youngest.held.len() } else { whole(&youngest.held) };
            self.ready.extend(youngest.held.drain(..all));
            return Ok(if self.ready.is_empty() { Look::End } else { Look::Bytes(self.give(buffer)) });
        }
        for old in &mut self.old {
            old.pump(false)?;
            let len = whole(&old.held);
            self.ready.extend(old.held.drain(..len));
        }
        self.leave_gone()?;
        if !self.ready.is_empty() {
            return Ok(Look::Bytes(self.give(buffer)));
        }
        self.read_new(buffer, new)
    }

    fn read_new(&mut self, buffer: &mut [u8], new: Option<&mut Current>) -> io::Result<Look> {
        let Some(new) = new else { return Ok(Look::End) };
        let mut room = vec![0; ROOM];
        while self.ready.is_empty() {
            match new.look(&mut room)? {
                Look::Bytes(read) => self.held.extend_from_slice(&room[..read]),
                Look::End | Look::Waits => return Ok(Look::End),
                Look::Changed if self.held.is_empty() => return Ok(Look::Changed),
                Look::Changed => {
                    self.ready.extend(self.held.drain(..));
                    break;
                }
            }
            let len = whole(&self.held);
            self.ready.extend(self.held.drain(..len));
        }
        Ok(Look::Bytes(self.give(buffer)))
    }

    /// Leaves the renamed files that are idle or gone. What they hold is all that there is of a frame.
    fn leave_gone(&mut self) -> io::Result<()> {
        for nth in (0..self.old.len()).rev() {
            let old = &self.old[nth];
            let idle = old.grew.elapsed();
            if idle > PATIENCE || (idle > GONE && old.file.file.metadata()?.nlink() == 0) {
                let gone = self.old.remove(nth);
                self.ready.extend(gone.held);
            }
        }
        if self.old.is_empty() {
            self.ready.extend(self.held.drain(..));
        }
        Ok(())
    }

    /// What is held back, at the end.
    pub(super) fn give_rest(&mut self, buffer: &mut [u8]) -> usize {
        for mut old in std::mem::take(&mut self.old) {
            self.ready.extend(old.held.drain(..));
        }
        self.ready.extend(self.held.drain(..));
        self.give(buffer)
    }

    fn give(&mut self, buffer: &mut [u8]) -> usize {
        let len = self.ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(self.ready.drain(..len)) {
            *to = from;
        }
        len
    }
}

impl Old {
    /// Reads on; how many bytes. `ends_frame` says that a frame is to be brought to its end.
    fn pump(&mut self, ends_frame: bool) -> io::Result<usize> {
        let mut room = vec![0; if ends_frame { 4096 } else { ROOM }];
        // A renamed file is not truncated; if it is, that is its end.
        let Look::Bytes(read) = self.file.look(&mut room)? else { return Ok(0) };
        self.held.extend_from_slice(&room[..read]);
        self.grew = Instant::now();
        Ok(read)
    }
}

/// Whether a boundary is among the bytes: they are a dump.
pub(super) fn has_boundary(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, BOUNDARY).is_some()
}

/// How many of the bytes are whole frames, as far as the last boundary tells.
fn whole(bytes: &[u8]) -> usize {
    match memchr::memmem::rfind(bytes, BOUNDARY) {
        Some(at) => at + BOUNDARY.len(),
        None if bytes.len() > MOST_HELD => bytes.len(),
        None => 0,
    }
}
