//! Renamed files that still grow beside the new one: their frames and those of the new file are merged, and no frame is
//! split.
//!
//! Must not know: names, why files are renamed, what is in a frame.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::current::{Current, Look};
use crate::frame::Idle;

/// A profile that writes nothing for this long was restarted, or is gone.
const TIMEOUT: Duration = Duration::from_secs(3600);
/// A deleted file that is idle for this long is gone.
const GONE: Duration = Duration::from_secs(60);
/// Upper limit of renamed files that are read: the most recent ones.
const MOST: usize = 4;
/// Bytes per read; and the upper limit of bytes held while waiting for a boundary (no frame is longer).
const ROOM: usize = 64 << 10;
const MOST_HELD: usize = 9 << 20;
/// The end of a frame.
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
    /// Bytes of the new file after its last known boundary.
    held: Vec<u8>,
    /// Whole frames that can be returned.
    ready: VecDeque<u8>,
    /// Whether the last returned bytes, those of the most recently renamed file, end inside a frame.
    in_frame: bool,
}

impl Shared {
    /// Another file has taken the name of `old`, whose last bytes were read at `grew`.
    pub(super) fn begin(&mut self, old: Option<Current>, grew: Instant) {
        let Some(file) = old else { return };
        self.in_frame = self.held.is_empty() && self.ready.is_empty() && !file.tail.ends_with(BOUNDARY);
        self.old.push(Old { file, grew, held: std::mem::take(&mut self.held) });
        if self.old.len() > MOST {
            let oldest = self.old.remove(0);
            self.ready.extend(oldest.held);
        }
    }

    /// Whether there is a renamed file, or bytes of one to return.
    pub(super) fn is_open(&self) -> bool {
        !self.old.is_empty() || !self.ready.is_empty()
    }

    /// Whether this file, by device and inode, is one of the renamed files: what it contains is returned anyway.
    pub(super) fn reads(&self, id: (u64, u64)) -> bool {
        self.old.iter().any(|old| old.file.file.id() == id)
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
            // A frame that has not ended by then was cut.
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
        self.leave_gone();
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
                Look::End | Look::Waits | Look::Gone => return Ok(Look::End),
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

    /// Drops the renamed files that are idle or gone. The bytes they hold are returned as they are.
    fn leave_gone(&mut self) {
        for nth in (0..self.old.len()).rev() {
            let old = &self.old[nth];
            let idle = old.grew.elapsed();
            if idle > TIMEOUT || (idle > GONE && old.file.is_deleted()) {
                let gone = self.old.remove(nth);
                self.ready.extend(gone.held);
            }
        }
        if self.old.is_empty() {
            self.ready.extend(self.held.drain(..));
        }
    }

    /// The held bytes, at the end.
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
    /// Reads more; returns the number of bytes. `ends_frame` means that only the current frame is to be completed.
    fn pump(&mut self, ends_frame: bool) -> io::Result<usize> {
        let mut room = vec![0; if ends_frame { 4096 } else { ROOM }];
        // A renamed file is normally not truncated; if it is, this is its end.
        let Look::Bytes(read) = self.file.look(&mut room)? else { return Ok(0) };
        self.held.extend_from_slice(&room[..read]);
        self.grew = Instant::now();
        Ok(read)
    }
}

/// Whether the bytes contain a boundary, so that they are a dump.
pub(super) fn has_boundary(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, BOUNDARY).is_some()
}

/// The length of the whole frames, up to the last boundary.
fn whole(bytes: &[u8]) -> usize {
    match memchr::memmem::rfind(bytes, BOUNDARY) {
        Some(at) => at + BOUNDARY.len(),
        None if bytes.len() > MOST_HELD => bytes.len(),
        None => 0,
    }
}
