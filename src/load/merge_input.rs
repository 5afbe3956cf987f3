//! One input that is read into the store: its next message waits until it is the oldest.
//!
//! Must not know: other inputs, snapshots.

use std::io::{ErrorKind, Read};
use std::sync::Arc;

use crate::calls::LegRules;
use crate::frame::{ParseError, ParseStats, SkipTracking};
use crate::message::MessageReader;
use crate::store::{Backing, Coverage, DayClock, Progress, Region, RegionKind};

use super::decode::count::{Counter, Paced};
use super::error::{InputError, Problem};
use super::input::{Input, InputCount};
use super::keeper::Message;
use super::sets::provenance::{FileCursor, Provenance};
use super::siptrace::is_incomplete;

/// The result of a search for the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advanced {
    /// A message waits, or none is available now.
    Known,
    /// Many bytes were read without a message; there is more to read.
    Searching,
}

/// One input: its next message waits in `message`.
pub(super) struct MergeInput {
    number: u16,
    file: String,
    reader: MessageReader<Paced<Box<dyn Read + Send>>>,
    provenance: Provenance,
    cursor: FileCursor,
    read: Counter,
    may_grow: bool,
    clock: DayClock,
    pub(super) message: Message,
    /// Whether `message` contains a message that is not in the store yet.
    pub(super) waiting: bool,
    at_end: bool,
    /// The regions that were listed last, and how many were counted then.
    regions: (u64, Arc<[Region]>),
}

impl MergeInput {
    pub(super) fn new(number: u16, input: Input, input_count: InputCount, rules: LegRules) -> Self {
        let reader = MessageReader::new(Paced::new(input.reader, input.read.clone().shown()))
            .skip_tracking(SkipTracking::TrackRegions);
        Self {
            number,
            file: input.source.file,
            reader: if input_count == InputCount::Many { reader.small() } else { reader },
            cursor: FileCursor::new(input.provenance.clone()),
            provenance: input.provenance,
            read: input.read,
            may_grow: input.may_grow,
            clock: DayClock::default(),
            message: Message::with_rules(rules),
            waiting: false,
            at_end: false,
            regions: (0, Arc::default()),
        }
    }

    /// Where the text can be read again.
    pub(super) fn backing(&self) -> Backing {
        self.provenance.backing()
    }

    /// Whether the input has ended.
    pub(super) fn is_at_end(&self) -> bool {
        self.at_end
    }

    /// Whether bytes that were read are still held: they are released when the input is idle, as far as they can be
    /// decided.
    pub(super) fn holds_back(&self) -> bool {
        !self.at_end && !self.reader.holds_nothing()
    }

    /// Whether this is a file that can be followed.
    pub(super) fn is_file(&self) -> bool {
        self.may_grow
    }

    /// Events of the files since the last call, one line each.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        self.provenance
            .take_notes()
            .into_iter()
            .filter(|note| !note.is_harmless())
            .map(|note| note.to_string())
    }

    /// Bytes of input read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read.bytes()
    }

    /// Adds the progress of this input.
    pub(super) fn add_to(&self, progress: &mut Progress) {
        let stats = self.reader.parse_stats();
        progress.bytes_read += self.read.bytes();
        progress.bytes_skipped += stats.bytes_skipped();
        progress.frames += stats.frames();
        progress.keepalives += stats.keepalives();
    }

    /// What of this input was read.
    pub(super) fn coverage(&mut self) -> Coverage {
        let stats = self.reader.parse_stats();
        let counted = stats.unparsed_region_count() + stats.loss_count();
        if self.regions.0 != counted {
            self.regions = (counted, regions(stats));
        }
        Coverage {
            bytes: stats.bytes_read(),
            skipped: stats.bytes_skipped(),
            frames: stats.frames(),
            messages: stats.messages(),
            regions: Arc::clone(&self.regions.1),
            unlisted: counted - self.regions.1.len() as u64,
        }
    }

    /// From now on the file is followed: its text is kept, because it may be truncated.
    pub(super) fn keep_from_now(&self) {
        if self.may_grow {
            self.provenance.keep_from_now();
        }
        self.provenance.following_begins();
    }

    /// A file that is not followed was read to its end: an unfinished message in it is cut, as at every end, and shown
    /// as such. `true` if this ends the input, which then cannot continue.
    pub(super) fn end_where_cut(&mut self) -> bool {
        // Without a frame it is not a dump so far, which must be reported.
        let is_begun = !self.reader.holds_nothing() || self.reader.parse_stats().frames() == 0;
        let is_cut = self.may_grow && !self.at_end && is_begun;
        if is_cut {
            self.provenance.end_here();
        }
        is_cut
    }

    /// Reads the next message into `message`, if one is available. Errors of the input are returned at its end.
    pub(super) fn advance(&mut self) -> Result<Advanced, InputError> {
        self.waiting = false;
        if self.at_end {
            return Ok(Advanced::Known);
        }
        let problem = match self.reader.next_message() {
            Ok(Some(message)) => {
                let after_gap = self.cursor.go_to(message.offset, &mut self.clock);
                let Message { builder, signals } = &mut self.message;
                builder.after_gap(after_gap);
                let head = builder.fill(&message, self.number, &mut self.clock);
                signals.read_head(&message, &head, builder.fields());
                self.waiting = true;
                return Ok(Advanced::Known);
            }
            Err(error) if error.is_pause() => {
                let has_more = self.read.take_has_more();
                return Ok(if has_more { Advanced::Searching } else { Advanced::Known });
            }
            Ok(None) if self.provenance.has_failed() => None,
            Ok(None) => Problem::of(self.reader.parse_stats()),
            Err(ParseError::Io(error)) => Some(match self.reader.parse_stats().bytes_read() {
                // The error says itself what the input is.
                0 if error.kind() == ErrorKind::InvalidData => Problem::Io(error),
                _ if is_incomplete(&error) => Problem::Io(error),
                offset => Problem::BrokenOff { offset, why: ParseError::Io(error).to_string() },
            }),
        };
        self.at_end = true;
        problem.map_or(Ok(Advanced::Known), |problem| Err(InputError { file: self.file.clone(), problem }))
    }
}

/// The skipped regions and the incomplete messages that are listed, in the order of their offsets.
fn regions(stats: &ParseStats) -> Arc<[Region]> {
    let skipped = stats.unparsed_regions().iter().map(|region| Region {
        offset: region.offset,
        len: region.length,
        reason: region.reason.as_str(),
        kind: RegionKind::Skipped,
    });
    let lost = stats.losses().iter().map(|loss| Region {
        offset: loss.offset,
        len: loss.bytes,
        reason: loss.reason.as_str(),
        kind: RegionKind::Incomplete,
    });
    let mut regions: Vec<Region> = skipped.chain(lost).collect();
    regions.sort_by_key(|region| region.offset);
    regions.into()
}
