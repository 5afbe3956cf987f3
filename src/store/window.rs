//! Reads the texts of many messages in their order: one large read serves many of them.
//!
//! Must not know: why they are read.

use std::io;

use crate::base::Extent;

use super::backing::{Backing, Part, Storage, read_at_most};
use super::snapshot::Snapshot;
use super::text::TextReader;
use super::{Flags, MessageIdx};

/// Bytes that are read at once from a file.
const WINDOW: u64 = 1 << 20;
/// The same where there are more inputs than these.
const SMALL: u64 = 16 << 10;
const MANY: usize = 64;

/// A run of a source's text.
#[derive(Debug, Default)]
struct Window {
    offset: u64,
    text: Vec<u8>,
    /// Whether its file is no longer what it was: each message is looked at before it is lent.
    may_differ: bool,
}

impl Window {
    fn get(&self, extent: Extent) -> Option<&[u8]> {
        let start = usize::try_from(extent.offset.checked_sub(self.offset)?).ok()?;
        self.text.get(start..start.checked_add(usize::try_from(extent.len).ok()?)?)
    }
}

/// Lends the texts of messages. For one thread that goes through a snapshot in order.
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
            // The header before it tells, too.
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

/// Whether these bytes begin in blocks that were kept, which never change.
fn in_blocks(backing: &Backing, extent: Extent) -> bool {
    backing.part(extent.offset).is_some_and(|(_, part, _)| matches!(part.storage, Storage::Blocks(..)))
}

/// Whether these bytes stand in one file that can be read at any place.
fn in_one_file(backing: &Backing, extent: Extent) -> bool {
    backing
        .part(extent.offset)
        .is_some_and(|(_, part, end)| matches!(part.storage, Storage::File(_)) && extent.end() <= end)
}
