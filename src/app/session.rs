//! What all screens look at: the messages, the details of the selected one, following, the time format.
//!
//! Must not know: which screen is shown, how files grow, who reads them.

use std::collections::BTreeSet;
use std::sync::Arc;

pub use crate::config::TimeFormat;

use crate::calls::{Calls, Finding, Handle};
use crate::filter::Filter;
use crate::ladder::Links;
use crate::store::{MessageIdx, MessageText, RowRef, Snapshot};

use super::details::Details;
use super::event::{Effect, Generation};
use super::kept::Recalling;
use super::notes::Notes;
use super::parts::FilterMemory;
use super::privacy::Privacy;

/// Whether growing inputs are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Following {
    /// No.
    #[default]
    Off,
    /// Yes, and the list stays at its last row.
    AtLast,
    /// Yes, and the list stays where the user moved it, until the user goes to the last row.
    Scrolled,
    /// Yes, and the list stays where it is, until the user continues.
    Paused,
}

/// Whose messages a ladder shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// Those of the Call-ID.
    #[default]
    CallId,
    /// Those of all legs of the call.
    Call,
}

/// What all screens look at.
#[derive(Debug, Clone, Default)]
pub struct Session {
    /// The index, as far as it is loaded.
    pub snapshot: Arc<Snapshot>,
    /// The details of the selected message.
    pub details: Details,
    /// Whether growing inputs are followed.
    pub following: Following,
    /// Rows that arrived since the list stopped to stay at its last row.
    pub new_below: usize,
    /// How times are shown.
    pub time: TimeFormat,
    /// Legs that were joined and taken out by hand.
    pub links: Links,
    /// The messages that the user marked.
    pub marks: BTreeSet<MessageIdx>,
    /// Messages whose mark the user removed.
    pub unmarked: BTreeSet<MessageIdx>,
    /// What the user wrote on messages.
    pub notes: Notes,
    /// How far the state of earlier runs was looked for.
    pub recalling: Recalling,
    /// Whose messages a ladder shows that is opened from a message.
    pub extent: Extent,
    /// Names and history of filters.
    pub filters: FilterMemory,
    /// Whether numbers, names and addresses are masked on the screen.
    pub privacy: Privacy,
    /// The filter that hides some messages at first.
    pub start_filter: Filter,
    /// The number of the newest request.
    generation: Generation,
}

impl Session {
    /// Forgets the index and everything that was derived from it.
    pub(super) fn forget(&mut self) {
        self.snapshot = Arc::default();
        self.details.empty();
        self.new_below = 0;
        self.links = Links::default();
        self.marks.clear();
        self.unmarked.clear();
        self.notes = Notes::default();
        self.recalling = self.recalling.again();
        self.privacy.learn_again(&self.snapshot);
    }

    /// Gives everyone the calls as the user decided.
    pub(in crate::app) fn apply_links(&mut self) {
        if let Some(snapshot) = self.links.applied_to(&self.snapshot) {
            self.snapshot = Arc::new(snapshot);
        }
    }

    /// Gives everyone the marks: filters ask for them.
    pub(super) fn share_marks(&mut self) {
        if *self.snapshot.marks != self.marks {
            Arc::make_mut(&mut self.snapshot).marks = Arc::new(self.marks.clone());
        }
    }

    /// Takes messages that were loaded.
    pub(super) fn take(&mut self, snapshot: &Arc<Snapshot>) {
        self.snapshot = Arc::clone(snapshot);
        self.share_marks();
        if !self.links.is_empty() {
            self.apply_links();
        }
    }

    /// Marks a message, or unmarks it.
    pub(super) fn toggle_mark(&mut self, row: MessageIdx) {
        if self.marks.remove(&row) {
            self.unmarked.insert(row);
        } else {
            self.unmarked.remove(&row);
            self.marks.insert(row);
        }
        self.share_marks();
    }

    /// Removes all marks.
    pub(super) fn clear_marks(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        self.unmarked.extend(marks);
        self.share_marks();
    }

    /// The number of a new request.
    pub(super) fn new_generation(&mut self) -> Generation {
        self.generation += 1;
        self.generation
    }

    /// Requests the text of the selected message if it is not there and was not requested.
    pub(super) fn request_text(&mut self, selected: Option<MessageIdx>) -> Option<Effect> {
        if self.details.wanted == selected {
            return None;
        }
        if selected.is_none() {
            self.details.empty();
        }
        self.details.wanted = selected;
        let row = selected?;
        self.details.generation = self.new_generation();
        Some(Effect::LoadText(self.details.generation, row))
    }

    /// Takes the text of a message that was requested, with what is known of its call.
    pub(super) fn take_text(&mut self, generation: Generation, text: Result<Arc<MessageText>, String>) {
        if self.details.generation == generation {
            // Of the message before; its lines are replaced.
            self.details.text = None;
            self.find_for_details();
        }
        self.details.take(generation, text);
    }

    /// What was found about the call of the message in the details, as far as this message shows it.
    pub(super) fn find_for_details(&mut self) {
        let wanted = self.details.wanted.and_then(|message| self.snapshot.row(message));
        let found = wanted.map(|message| found_in(&self.snapshot, &message)).unwrap_or_default();
        self.details.take_findings(found);
    }

    /// Requests what is to be laid out in the background.
    pub(super) fn request_page(&mut self) -> Option<Effect> {
        let layout = self.details.take_layout()?;
        let generation = self.new_generation();
        self.details.page_generation = Some(generation);
        Some(Effect::LayOut(generation, layout))
    }

    /// Requests that a long page is searched.
    pub(super) fn request_find(&mut self) -> Option<Effect> {
        let find = self.details.take_find()?;
        let generation = self.new_generation();
        self.details.finding(generation);
        Some(Effect::FindInPage(generation, find))
    }

    /// Requests that long pages which are no longer shown are freed.
    pub(super) fn free_pages(&mut self) -> Option<Effect> {
        let pages = self.details.take_replaced();
        (!pages.is_empty()).then_some(Effect::Free(pages))
    }
}

/// What was found about the call of a message that this message shows.
fn found_in(snapshot: &Snapshot, message: &RowRef<'_>) -> Vec<Finding> {
    let found = Calls::of(snapshot).and_then(|calls| {
        Some(match calls.of_row(message.row)? {
            Handle::Leg(leg) => calls.leg_ref(snapshot, leg)?.findings(),
            Handle::Dialog(dialog) => calls.dialog_ref(snapshot, dialog)?.findings(),
        })
    });
    found.unwrap_or_default().into_iter().filter(|finding| finding.message == message.index).collect()
}
