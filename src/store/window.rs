//! Reads the texts of many messages in their order: one large read serves many of them.
//!
//! Must not know: why they are read.

use std::io;

use crate::base::Extent;

use super::snapshot::Snapshot;
use super::text::{Backing, TextReader};
use super::{Flags, MessageIdx};

/// Bytes that are read at once from a file.
const WINDOW: u64 = 1 << 20;

/// A run of a source's text.
#[derive(Debug, Default)]
struct Window {
    offset: u64,
    text: Vec<u8>,
}

impl Window {
    fn get(&self, extent: Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset.checked_sub(self.offset)?).ok()?;
        self.text.get(start..start.checked_add(usize::try_from(extent.len).ok()?)?)
    }
}

/// Lends the texts of messages. For one thread that goes through a snapshot in order; a source's
/// text never changes under it, for dumps only grow.
#[derive(Debug, Default)]
pub struct WindowReader {
    windows: Vec<Window>,
    texts: TextReader,
    scratch: Vec<u8>,
}

impl WindowReader {
    /// The exact bytes of a message.
    ///
    /// # Errors
    /// As [`Snapshot::text`].
    pub fn message(&mut self, snapshot: &Snapshot, index: MessageIdx) -> io::Result<&[u8]> {
        let row = snapshot.row(index).ok_or(io::ErrorKind::NotFound)?.row;
        let backing = snapshot.backings.get(usize::from(row.source)).ok_or(io::ErrorKind::NotFound)?;
        if !row.flags.has(Flags::SCATTERED) && matches!(backing, Backing::File(_)) {
            let extent = Extent::new(row.offset, u64::from(row.len));
            return self.windowed(row.source, backing, extent);
        }
        self.scratch.clear();
        for extent in snapshot.extents(index) {
            self.texts.read(row.source, backing, extent, &mut self.scratch)?;
        }
        Ok(&self.scratch)
    }

    fn windowed(&mut self, source: u16, backing: &Backing, extent: Extent) -> io::Result<&[u8]> {
        let number = usize::from(source);
        if self.windows.len() <= number {
            self.windows.resize_with(number + 1, Window::default);
        }
        let window = &mut self.windows[number];
        if window.get(extent).is_none() {
            window.text.clear();
            window.offset = extent.offset;
            let Backing::File(file) = backing else { return Err(io::ErrorKind::Unsupported.into()) };
            super::text::read_at_most(file, extent.offset, extent.len.max(WINDOW), &mut window.text)?;
        }
        window.get(extent).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
