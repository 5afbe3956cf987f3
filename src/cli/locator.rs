//! Where and when each message of an input is: its file, its place in that, its time with the date as far as it is known.
//!
//! Must not know: what is printed, how files are read.

use std::sync::Arc;

use crate::load::{Provenance, Walk};
use crate::message::MessageRef;
use crate::store::{Dates, DayClock, FilePart, Source};

/// Goes along an input with its messages.
pub(super) struct Locator {
    input: Arc<Source>,
    walk: Walk,
    clock: DayClock,
    /// When the message at hand is.
    now: (i64, Dates),
    /// The files of a rotation set, as inputs of their own.
    files: Vec<Arc<Source>>,
}

/// Where and when a message is.
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
        let (walk, clock, files) = (Walk::new(provenance), DayClock::default(), Vec::new());
        Self { input: Arc::new(input), walk, clock, now: (0, Dates::Unknown), files }
    }

    /// How the input is named.
    pub(super) fn input(&self) -> &Arc<Source> {
        &self.input
    }

    /// The files that were read so far.
    pub(super) fn files(&self) -> Vec<FilePart> {
        self.walk.files()
    }

    /// Goes to the next message, and says when it is.
    #[inline]
    pub(super) fn go_to(&mut self, message: &MessageRef<'_>) -> i64 {
        self.walk.go_to(message.offset, &mut self.clock);
        self.clock.marker(message.marker);
        self.now = self.clock.read(message.timestamp);
        self.now.0
    }

    /// Where and when the message at hand is.
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
        let Some((number, part)) = self.walk.file_at(offset) else { return (&self.input, offset) };
        let position = part.position(offset);
        while self.files.len() <= number {
            let name = self.walk.file(self.files.len()).map_or("", |part| &part.name);
            self.files.push(Arc::new(Source::new(&self.input.profile, name)));
        }
        (&self.files[number], position)
    }
}
