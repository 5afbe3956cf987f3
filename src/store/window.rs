//! Reads the texts of many messages in order: one large read covers many of them.
//!
//! Must not know: why the messages are read.

use std::io;

use crate::base::Extent;

use super::backing::{Backing, Part, Storage, read_at_most};
use super::snapshot::Snapshot;
use super::text::TextReader;
use super::{Flags, MessageIdx};

/// How many bytes are read from a file at once.
const WINDOW: u64 = 1 << 20;
/// The same with more inputs than `MANY`.
const SMALL: u64 = 16 << 10;
const MANY: usize = 64;

/// A contiguous part of a source's text.
#[derive(Debug, Default)]
struct Window {
    offset: u64,
    text: Vec<u8>,
    /// Whether its file may have changed since it was opened: each message is then verified before it is lent.
    may_differ: bool,
}

impl Window {
    fn get(&self, extent: Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset.checked_sub(self.offset)?).ok()?;
        self.text.get(start..start.checked_add(usize::try_from(extent.len).ok()?)?)
    }
}

/// Lends the texts of messages, for one thread that goes through a snapshot in order.
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
        let row = snapshot.row(index).ok_or(io::ErrorKind::NotFound)?;
        let source = row.row.source;
        let backing = snapshot.backing(source).ok_or(io::ErrorKind::NotFound)?;
        let extent = Extent::new(row.row.offset, u64::from(row.row.len));
        if in_blocks(backing, extent) {
            self.scratch.clear();
            for extent in snapshot.extents(index) {
                self.texts.read(source, backing, extent, &mut self.scratch)?;
            }
            return Ok(&self.scratch);
        }
        if row.row.flags.has(Flags::SCATTERED) || !in_one_file(backing, extent) {
            self.scratch = snapshot.text(&mut self.texts, index)?.bytes;
            return Ok(&self.scratch);
        }
        if self.window(source).get(extent).is_none() {
            self.fill(source, backing, extent)?;
        }
        if self.window(source).may_differ {
            // The header before it is part of the check.
            self.scratch = snapshot.text(&mut self.texts, index)?.bytes;
            return Ok(&self.scratch);
        }
        self.window(source).get(extent).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn window(&mut self, source: u16) -> &mut Window {
        let number = usize::from(source);
        if self.windows.len() <= number {
            self.windows.resize_with(number + 1, Window::default);
        }
        &mut self.windows[number]
    }

    fn fill(&mut self, source: u16, backing: &Backing, extent: Extent) -> io::Result<()> {
        let (_, part, end) = backing.part(extent.offset).ok_or(io::ErrorKind::UnexpectedEof)?;
        let Part { storage: Storage::File(plain), file } = part else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let most = if self.windows.len() > MANY { SMALL } else { WINDOW };
        let wanted = extent.len.max(most).min(end - extent.offset);
        let window = self.window(source);
        window.offset = extent.offset;
        read_at_most(&*plain.file()?, file.position(extent.offset), wanted, &mut window.text)?;
        window.may_differ = !plain.is_same();
        Ok(())
    }
}

/// Whether these bytes begin in kept blocks, which never change.
fn in_blocks(backing: &Backing, extent: Extent) -> bool {
    backing.part(extent.offset).is_some_and(|(_, part, _)| matches!(part.storage, Storage::Blocks(..)))
}

/// Whether these bytes are in one file that can be read at any offset.
fn in_one_file(backing: &Backing, extent: Extent) -> bool {
    backing
        .part(extent.offset)
        .is_some_and(|(_, part, end)| matches!(part.storage, Storage::File(_)) && extent.end() <= end)
}
