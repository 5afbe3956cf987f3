//! Locates each message of an input: its file, its offset in the file, and its time with the date if that is known.
//!
//! Must not know: what is printed, how files are read.

use std::sync::Arc;

use crate::load::{FileCursor, Provenance};
use crate::message::MessageRef;
use crate::store::{Dates, DayClock, FilePart, Source};

/// Follows an input message by message.
pub(super) struct Locator {
    input: Arc<Source>,
    cursor: FileCursor,
    clock: DayClock,
    /// The time of the current message.
    now: (i64, Dates),
    /// The files of a rotation set as separate sources.
    files: Vec<Arc<Source>>,
}

/// The file, offset and time of a message.
pub(super) struct Seen<'a> {
    pub(super) source: &'a Arc<Source>,
    /// Offset in its file.
    pub(super) offset: u64,
    /// Microseconds since 1970, or since the midnight before the first message.
    pub(super) time: i64,
    pub(super) dates: Dates,
}

impl Locator {
    pub(super) fn new(input: Source, provenance: Provenance) -> Self {
        let (cursor, clock, files) = (FileCursor::new(provenance), DayClock::default(), Vec::new());
        Self { input: Arc::new(input), cursor, clock, now: (0, Dates::Unknown), files }
    }

    /// The name of the input.
    pub(super) fn input(&self) -> &Arc<Source> {
        &self.input
    }

    /// The files that were read so far.
    pub(super) fn files(&self) -> Vec<FilePart> {
        self.cursor.files()
    }

    /// Advances to the next message, and returns its time.
    #[inline]
    pub(super) fn go_to(&mut self, message: &MessageRef<'_>) -> i64 {
        self.cursor.go_to(message.offset, &mut self.clock);
        self.clock.marker(message.marker);
        self.now = self.clock.read(message.timestamp);
        self.now.0
    }

    /// The file, offset and time of the current message.
    #[inline]
    pub(super) fn seen(&mut self, message: &MessageRef<'_>) -> Seen<'_> {
        let (time, dates) = self.now;
        if self.input.rotated.is_empty() {
            return Seen { source: &self.input, offset: message.offset, time, dates };
        }
        let (source, offset) = self.position(message.offset);
        Seen { source, offset, time, dates }
    }

    fn position(&mut self, offset: u64) -> (&Arc<Source>, u64) {
        let Some((number, part)) = self.cursor.file_at(offset) else { return (&self.input, offset) };
        let position = part.position(offset);
        while self.files.len() <= number {
            let name = self.cursor.file(self.files.len()).map_or("", |part| &part.name);
            self.files.push(Arc::new(Source::new(&self.input.profile, name)));
        }
        (&self.files[number], position)
    }
}
