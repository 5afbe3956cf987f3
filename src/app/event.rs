//! Everything that can happen to the state, and everything that the state can request.
//!
//! Must not know: who sends events, who carries out effects, the terminal's own key codes.

use std::sync::Arc;

use crate::base::Extent;
use crate::calls::LegIdx;
use crate::diff::Comparison;
use crate::filter::time_range::TimeRange;
use crate::filter::{Field, Filter};
use crate::ladder::Decision;
use crate::statistics::{CountStatistics, Statistics};
use crate::store::catalog::Catalog;
use crate::store::{Found, MessageIdx, MessageText, Search, Snapshot, TermCounts};

use super::columns::ColumnList;
use super::copied_part::CopiedPart;
use super::details::search::Find;
use super::details::{Layout, Matches, Page};
use super::kept::{Kept, Recall};
use super::parts::Mouse as MouseOwner;
use super::saving::{NotSaved, SaveRequest, Saved};
use super::screens::calls::find_problem::FindProblem;
use super::screens::calls::listing::{ListCalls, Listing};
use super::screens::diff::compare_texts::CompareTexts;
use super::targets::{Target, Targets};
use crate::calls::Handle;

pub use super::generation::Generation;
pub use super::key::{Key, MouseAction};

/// What happens.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something at a cell, 0-based from the upper left.
    Mouse {
        /// What it did.
        action: MouseAction,
        /// Column.
        x: u16,
        /// Row.
        y: u16,
    },
    /// More is loaded.
    Loaded(Arc<Snapshot>),
    /// The inputs were read again, to be followed: this is another index, which differs only in what the ends of the inputs had
    /// cut.
    Reloaded(Arc<Snapshot>),
    /// More is known of what can be opened.
    Catalog(Arc<Catalog>),
    /// What was counted so far.
    Counted(Generation, Arc<Statistics>),
    /// Bytes of an input, or why they cannot be read.
    Bytes(Generation, Result<Vec<u8>, String>),
    /// The calls in their order.
    CallsListed(Generation, Arc<Listing>),
    /// What identifies the line of the next call with something wrong, if there is one.
    ProblemFound(Generation, Option<(Handle, bool)>),
    /// More was found.
    Found(Found),
    /// The text of a message, or why there is none.
    Text(Generation, Result<Arc<MessageText>, String>),
    /// A long text was laid out.
    Page(Generation, Box<Page>),
    /// Where a long page contains a text.
    FoundInPage(Generation, Matches),
    /// The texts of several messages, as far as they could be read; they arrive in several parts.
    Texts(Generation, Vec<(MessageIdx, Arc<MessageText>)>),
    /// What differs between two messages.
    Compared(Generation, Arc<Comparison>),
    /// A copy succeeded or failed: the sentence about it.
    Copied(Result<String, String>),
    /// A file is being saved: how many messages are written, of how many.
    SaveGoesOn(Generation, usize, usize),
    /// A file was saved, or was not.
    SaveEnded(Generation, Result<Saved, NotSaved>),
    /// The values that a field has in the trace, with their counts, the most frequent first.
    ValuesSeen(Field, Arc<[(String, u64)]>),
    /// How many messages match each term of a filter.
    TermsCounted(Generation, TermCounts),
    /// What earlier runs kept of messages: answers [`Effect::Recall`].
    Recalled {
        /// The number of the request.
        generation: Generation,
        /// Marked messages.
        marks: Vec<MessageIdx>,
        /// Notes.
        notes: Vec<(MessageIdx, String)>,
        /// Legs that were joined with others or taken out of their calls.
        links: Vec<(LegIdx, Decision)>,
        /// The message that was selected last.
        position: Option<MessageIdx>,
        /// All messages before this one were looked at.
        scanned: MessageIdx,
        /// Whether anything is kept of these inputs: then later messages are looked at, too.
        has_any: bool,
    },
    /// A note was written or removed.
    NoteWritten,
    /// The screen was drawn: what is where.
    Drawn(Targets),
}

/// What is to be done outside of the state. Results come back as events.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open these entries of the catalogue: answered by [`Event::Loaded`], repeatedly. What was open is closed.
    Open {
        /// Their numbers in the catalogue.
        entries: Vec<usize>,
        /// The time range that is wanted.
        window: TimeRange,
    },
    /// Read a message's text: answered by [`Event::Text`]. Replaces an unfinished request.
    LoadText(Generation, MessageIdx),
    /// Lay out a long text: answered by [`Event::Page`]. Replaces an unfinished request.
    LayOut(Generation, Layout),
    /// Search a long page: answered by [`Event::FoundInPage`]. Replaces an unfinished request.
    FindInPage(Generation, Find),
    /// Free these pages.
    Free(Vec<Page>),
    /// Read the texts of these messages: answered by [`Event::Texts`]. Replaces an unfinished request.
    LoadTexts(Generation, Vec<MessageIdx>),
    /// Compare two messages: answered by [`Event::Compared`]. Replaces an unfinished request.
    Compare(CompareTexts),
    /// Find the rows that match: answered by [`Event::Found`]. Replaces an unfinished search.
    Search(Search),
    /// Put the calls in order: answered by [`Event::CallsListed`]. Replaces an unfinished request.
    ListCalls(Box<ListCalls>),
    /// Find the next call with something wrong: answered by [`Event::ProblemFound`]. Replaces an unfinished search.
    FindProblem(FindProblem),
    /// Count statistics: answered by [`Event::Counted`], repeatedly. Replaces an unfinished request. None: forget what was counted.
    Count(Option<Box<CountStatistics>>),
    /// Read bytes of an input: answered by [`Event::Bytes`]. Replaces an unfinished request.
    LoadBytes(Stretch),
    /// Put these bytes on the clipboard: answered by [`Event::Copied`].
    Copy {
        /// What it is, as the notice names it: "SDP", "Call-ID", …
        what: String,
        /// The bytes, exact.
        bytes: Vec<u8>,
    },
    /// Put messages, or a part of them, on the clipboard as they would be saved: answered by [`Event::Copied`].
    CopyWritten {
        /// What it is, as the notice names it.
        what: String,
        /// What of the messages.
        of: CopiedPart,
        /// The messages and their format.
        request: Box<SaveRequest>,
    },
    /// Save a file: answered by [`Event::SaveGoesOn`], repeatedly, and [`Event::SaveEnded`].
    Save(Box<SaveRequest>),
    /// Stop the saving of this request.
    StopSaving(Generation),
    /// Read on when the inputs grow: answered by [`Event::Reloaded`] or [`Event::Loaded`], repeatedly.
    Follow,
    /// Write these columns into the configuration file: answered by [`Event::Copied`].
    SaveColumns(ColumnList, Vec<String>),
    /// Count the values that a field has: answered by [`Event::ValuesSeen`] if the index knows them. Replaces an unfinished request.
    CountValues(Field),
    /// Count the messages that match each term of a filter: answered by [`Event::TermsCounted`]. Replaces an unfinished request.
    CountTerms(Generation, Filter),
    /// Look for what earlier runs kept of these messages: answered by [`Event::Recalled`].
    Recall(Recall),
    /// Keep this for later runs.
    Keep(Box<Kept>),
    /// Take the mouse, or return it to the terminal.
    TakeMouse(MouseOwner),
    /// Suspend the program.
    Suspend,
    /// Redraw everything.
    Redraw,
    /// End the program.
    Quit,
    /// End the program, and pick nothing.
    Abort,
}

/// Bytes of an input that are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Comes back with the answer.
    pub generation: Generation,
    /// The number of the input.
    pub source: u16,
    /// Where they are in its text.
    pub extent: Extent,
}

/// What the mouse did, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What it did.
    pub action: MouseAction,
    /// What is under the pointer.
    pub target: Option<Target>,
    /// Column of the pointer.
    pub x: u16,
    /// Row of the pointer.
    pub y: u16,
}
