//! The store's reading side: rows with their strings, the rows of a call, the extents of text.
//!
//! Must not know: threads, files.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::interner::Strings;
use crate::base::segments::Segments;
use crate::base::{Aliases, Direction, Extent, Transport};
use crate::filter::{Facts, Field, Flag, RowFlags, Text};
use crate::sip::user_of;

use super::backing::Backing;
use super::coverage::Coverage;
use super::row::{Flags, Row};
use super::waiting::{TIMER_C, Waited};
use super::{CallIdx, MessageIdx};

/// One Call-ID: its rows are chained backwards from `last`.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The first row.
    pub first: MessageIdx,
    /// The last row so far.
    pub last: MessageIdx,
    /// The number of rows.
    pub count: u32,
}

/// A row whose text is in several extents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scattered {
    pub(super) row: MessageIdx,
    pub(super) first: u32,
    pub(super) count: u32,
}

/// Rows between two that are looked at, where a few more or less do not matter.
const STRIDE: usize = 1024;

/// An input as people see it: a file, a rotation set or a pipe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The profile: the file's name without its extension. Our column of the ladder has this title.
    pub profile: String,
    /// The file's name as given; for a rotation set the name of the newest file.
    pub file: String,
    /// The other files of the rotation set that are read, oldest first.
    pub rotated: Arc<[String]>,
    /// How many files are not read because they contain nothing of the requested time range.
    pub left_out: usize,
    /// All files that are read, oldest first, as the system names them: a name need not be UTF-8. Empty if it is not a
    /// file.
    pub paths: Arc<[PathBuf]>,
    /// The option of the command line that reads it, if it is not a file.
    pub option: Option<&'static str>,
}

impl Source {
    /// An input that is not a rotation set.
    pub fn new(profile: impl Into<String>, file: impl Into<String>) -> Self {
        Self { profile: profile.into(), file: file.into(), ..Self::default() }
    }
}

/// The progress of the loader, and the defects of the input.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The size of the input in bytes, as far as it can be known.
    pub bytes_total: Option<u64>,
    /// Bytes of input read so far (before decompression).
    pub bytes_read: u64,
    /// Bytes that belong to no frame and are not allowed between frames.
    pub bytes_skipped: u64,
    /// Frames found.
    pub frames: u64,
    /// Keep-alives dropped.
    pub keepalives: u64,
    /// Whether all inputs were read to their ends and cannot grow.
    pub done: bool,
    /// Whether everything available was read; more may come.
    pub caught_up: bool,
    /// Errors of inputs, one line each.
    pub errors: Vec<String>,
}

impl Progress {
    /// The loaded share in percent; `None` if the size is not known.
    pub fn percent(&self) -> Option<u8> {
        if self.done {
            return Some(100);
        }
        let total = self.bytes_total.filter(|&t| t > 0)?;
        // It is never 100 % while loading continues.
        Some((self.bytes_read * 100 / total).min(99) as u8)
    }
}

/// The legs of a snapshot's messages, published with it. The answers are those of [`Facts`](crate::filter::Facts).
pub trait LegBook: Any + Debug + Send + Sync {
    /// Whether a flag of the call of a message is set.
    fn flag(&self, row: &RowRef<'_>, flag: Flag) -> Option<bool>;
    /// A number of the call of a message.
    fn number(&self, row: &RowRef<'_>, field: Field) -> Option<u64>;
    /// What identifies the call of a message and what is known of it.
    fn key(&self, row: &RowRef<'_>) -> Option<(u64, u32)>;
    /// Whether `each` returns true for one of the texts of a field of the call of a message.
    fn text(&self, row: &RowRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool;
}

impl Source {
    /// The profile, or the name that the user gave to it.
    pub fn title<'a>(&'a self, aliases: &'a Aliases) -> &'a str {
        aliases.of_profile(&self.profile).unwrap_or(&self.profile)
    }
}

/// The index at one moment. Cloning shares everything.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(super) rows: Segments<Row>,
    pub(super) calls: Segments<Call>,
    pub(super) extents: Segments<Extent>,
    pub(super) scattered: Segments<Scattered>,
    pub(super) peers: Strings,
    pub(super) call_ids: Strings,
    /// Values of From and To without their parameters.
    pub(super) parties: Strings,
    pub(super) words: Strings,
    /// The inputs, by their number.
    pub sources: Arc<[Source]>,
    /// Where the text of each input is.
    pub backings: Vec<Backing>,
    /// What of each input was read.
    pub coverage: Vec<Coverage>,
    /// The progress of the loader.
    pub progress: Progress,
    /// Names of peers and profiles.
    pub aliases: Aliases,
    /// The messages that the user marked.
    pub marks: Arc<BTreeSet<MessageIdx>>,
    /// The legs of the messages, if they are built.
    pub legs: Option<Arc<dyn LegBook>>,
}

impl Snapshot {
    /// Where the text of an input is.
    pub(super) fn backing(&self, source: u16) -> Option<&Backing> {
        self.backings.get(usize::from(source))
    }

    /// Number of messages.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A message with its strings.
    #[inline]
    pub fn row(&self, index: MessageIdx) -> Option<RowRef<'_>> {
        self.rows.get(index as usize).map(|row| RowRef { row, index, snapshot: self })
    }

    /// All messages from the 0-based `first` on.
    pub fn rows_from(&self, first: MessageIdx) -> impl Iterator<Item = RowRef<'_>> {
        let numbered = (first..).zip(self.rows.iter_from(first as usize));
        numbered.map(|(index, row)| RowRef { row, index, snapshot: self })
    }

    /// Number of distinct Call-IDs.
    pub fn call_count(&self) -> usize {
        self.call_ids.len().saturating_sub(1)
    }

    /// The Call-ID with this index; `None` for 0, "no Call-ID".
    pub fn call(&self, call: CallIdx) -> Option<Call> {
        if call == 0 { None } else { self.calls.get(call as usize).copied() }
    }

    /// The rows of a call in order.
    pub fn rows_of_call(&self, call: CallIdx) -> Vec<MessageIdx> {
        let Some(call) = self.call(call) else { return Vec::new() };
        let mut rows = Vec::with_capacity(call.count as usize);
        let mut at = call.last;
        // The rows and the calls of a snapshot are from the same moment, so `last` is always one of its rows.
        while let Some(row) = self.rows.get(at as usize) {
            rows.push(at);
            at = row.prev;
        }
        rows.reverse();
        rows
    }

    /// The first of the messages at the end about which later ones may still tell whether they are answered; sometimes an earlier one.
    pub fn first_undecided(&self) -> MessageIdx {
        let newest = self.rows.last().map_or(0, |row| row.time);
        let is_open = |at: usize| self.rows.get(at).is_some_and(|row| newest - row.time <= TIMER_C);
        // Looking at every row would take long where many messages come in these minutes: a few too many are no harm.
        let mut first = self.len();
        while first > 0 && is_open(first - 1) {
            first = first.saturating_sub(STRIDE);
        }
        first as MessageIdx
    }

    /// The rows of a call, the last one first.
    pub(super) fn rows_backwards(&self, call: CallIdx) -> impl Iterator<Item = &Row> {
        let at = |at: MessageIdx| self.rows.get(at as usize);
        let last = self.call(call).and_then(|call| at(call.last));
        std::iter::successors(last, move |row| at(row.prev))
    }

    /// The Call-ID of a call.
    pub fn call_id(&self, call: CallIdx) -> &[u8] {
        self.call_ids.get(call)
    }

    /// The distinct peers, values of From and To without their parameters, and words.
    pub fn known(&self) -> [&Strings; 3] {
        [&self.peers, &self.parties, &self.words]
    }

    /// The extents of a message in its source, in order.
    pub fn extents(&self, index: MessageIdx) -> Vec<Extent> {
        let Some(row) = self.rows.get(index as usize) else { return Vec::new() };
        if !row.flags.has(Flags::SCATTERED) {
            return vec![Extent::new(row.offset, u64::from(row.len))];
        }
        let Some(found) = self.find_scattered(index) else { return Vec::new() };
        self.extents.iter_from(found.first as usize).take(found.count as usize).copied().collect()
    }

    fn find_scattered(&self, index: MessageIdx) -> Option<&Scattered> {
        let (mut low, mut high) = (0, self.scattered.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.scattered.get(middle)?.row < index {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.scattered.get(low).filter(|s| s.row == index)
    }
}

/// A row together with the snapshot that its string numbers belong to.
#[derive(Debug, Clone, Copy)]
pub struct RowRef<'a> {
    /// The row.
    pub row: &'a Row,
    /// Its index.
    pub index: MessageIdx,
    /// The snapshot it is from.
    pub snapshot: &'a Snapshot,
}

impl<'a> RowRef<'a> {
    /// The peer's address as in the dump.
    #[inline]
    pub fn peer(&self) -> &'a [u8] {
        self.snapshot.peers.get(self.row.peer)
    }

    /// The name that the user gave to the peer.
    pub fn peer_alias(&self) -> Option<&'a str> {
        self.snapshot.aliases.of_peer(self.peer())
    }

    /// The Call-ID; empty if there is none.
    pub fn call_id(&self) -> &'a [u8] {
        self.snapshot.call_ids.get(self.row.call)
    }

    /// The user of From.
    pub fn from(&self) -> &'a [u8] {
        user_of(self.from_value())
    }

    /// Display name and URI of From as written.
    pub fn from_value(&self) -> &'a [u8] {
        self.snapshot.parties.get(self.row.from)
    }

    /// The user of To.
    pub fn to(&self) -> &'a [u8] {
        user_of(self.to_value())
    }

    /// Display name and URI of To as written.
    pub fn to_value(&self) -> &'a [u8] {
        self.snapshot.parties.get(self.row.to)
    }

    /// A request's method, or a response's reason phrase.
    #[inline]
    pub fn what(&self) -> &'a [u8] {
        self.snapshot.words.get(self.row.what)
    }

    /// A request's method, or the method of a response's `CSeq`.
    #[inline]
    pub fn method(&self) -> &'a [u8] {
        self.snapshot.words.get(self.row.method)
    }

    /// Whether it is a request, other than ACK, that has no final response although it had the time to get one.
    fn is_unanswered(&self) -> bool {
        let is_open =
            self.row.wants_answer() && self.method() != b"ACK" && !self.row.flags.has(Flags::ANSWERED);
        is_open && self.waited().is_unanswered()
    }

    /// How a request without a final response has waited for it until the trace ends.
    pub(crate) fn waited(&self) -> Waited {
        let now = self.snapshot.rows.last().map_or(self.row.time, |last| last.time);
        let is_invite = |row: &Row| self.snapshot.words.get(row.method) == b"INVITE";
        Waited::of(self.row, self.snapshot.rows_backwards(self.row.call), is_invite, now)
    }

    /// The file it came from; for a rotation set the file in which it begins.
    pub fn file_name(&self) -> &'a str {
        let backing = self.snapshot.backing(self.row.source);
        match backing.and_then(|backing| backing.locate(self.row.offset).0) {
            Some(name) => name,
            None => self.source().map_or("", |source| &source.file),
        }
    }

    /// The input it came from.
    pub fn source(&self) -> Option<&'a Source> {
        self.snapshot.sources.get(usize::from(self.row.source))
    }
}

impl Facts for RowRef<'_> {
    fn is_request(&self) -> bool {
        self.row.is_request()
    }
    fn method(&self) -> Text<'_> {
        Text::interned(self.row.method, RowRef::method(self))
    }
    fn status(&self) -> Option<u16> {
        (self.row.status != 0).then_some(self.row.status)
    }
    fn reason(&self) -> Text<'_> {
        if self.row.status == 0 {
            return Text { number: Some(0), bytes: b"" };
        }
        Text::interned(self.row.what, self.what())
    }
    fn direction(&self) -> Direction {
        self.row.direction()
    }
    fn transport(&self) -> Transport {
        self.row.transport()
    }
    fn addr(&self) -> Text<'_> {
        Text::interned(self.row.peer, self.peer())
    }
    fn call_id(&self) -> Text<'_> {
        Text::interned(self.row.call, RowRef::call_id(self))
    }
    fn from(&self) -> Text<'_> {
        Text::interned(self.row.from, self.from_value())
    }
    fn to(&self) -> Text<'_> {
        Text::interned(self.row.to, self.to_value())
    }
    fn cseq_number(&self) -> u32 {
        self.row.cseq
    }
    fn size(&self) -> u64 {
        u64::from(self.row.len)
    }
    fn frames(&self) -> u32 {
        u32::from(self.row.frames)
    }
    fn time(&self) -> i64 {
        self.row.time
    }
    fn number(&self) -> u64 {
        u64::from(self.index) + 1
    }
    fn profile(&self) -> Text<'_> {
        let bytes = self.source().map_or(&b""[..], |s| s.profile.as_bytes());
        Text { number: Some(u32::from(self.row.source)), bytes }
    }
    fn file(&self) -> Text<'_> {
        // The files of a rotation set have no numbers of their own.
        let is_set = self.source().is_some_and(|source| !source.rotated.is_empty());
        let number = (!is_set).then(|| u32::from(self.row.source));
        Text { number, bytes: self.file_name().as_bytes() }
    }
    fn call_flag(&self, flag: Flag) -> Option<bool> {
        self.snapshot.legs.as_ref()?.flag(self, flag)
    }
    fn call_number(&self, field: Field) -> Option<u64> {
        self.snapshot.legs.as_ref()?.number(self, field)
    }
    fn call_key(&self) -> Option<(u64, u32)> {
        self.snapshot.legs.as_ref()?.key(self)
    }
    fn call_text(&self, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        self.snapshot.legs.as_ref().is_some_and(|legs| legs.text(self, field, each))
    }
    fn flags(&self) -> RowFlags {
        let known = [
            (Flag::Retransmission, self.row.flags.has(Flags::RETRANSMISSION)),
            (Flag::Incomplete, self.row.flags.has(Flags::INCOMPLETE)),
            (Flag::Malformed, self.row.flags.has(Flags::MALFORMED)),
            (Flag::Multipart, self.row.flags.has(Flags::MULTIPART)),
            (Flag::Failed, self.row.status >= 400 && !matches!(self.row.status, 401 | 407)),
            (Flag::Error, self.row.status >= 400 && !matches!(self.row.status, 401 | 407)),
            (Flag::Unanswered, self.is_unanswered()),
            (Flag::Marked, self.snapshot.marks.contains(&self.index)),
        ];
        let set = known.into_iter().filter(|(_, is)| *is);
        set.fold(RowFlags::NONE, |flags, (flag, _)| flags.with(flag))
    }
}
