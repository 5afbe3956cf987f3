//! The legs and dialogs at one moment. Cloning shares everything.
//!
//! Must not know: how they were found, what follows from them.

use std::any::Any;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use super::dialog::Dialog;
use super::join::Joins;
use super::leg::{Leg, LegIdx};
use super::note::{Note, Noted};
use super::restart::Restart;
use crate::base::interner::Strings;
use crate::base::segments::Segments;
use crate::store::{CallIdx, Row, Snapshot};

/// How often calls were published.
static MOMENTS: AtomicU64 = AtomicU64::new(0);

/// A number that no calls were published with.
pub(super) fn next_moment() -> u64 {
    MOMENTS.fetch_add(1, Ordering::Relaxed)
}

/// A leg or a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handle {
    /// The leg with this number.
    Leg(LegIdx),
    /// The dialog with this number.
    Dialog(u32),
}

const DIALOG: u32 = 1 << 31;
pub(super) const NOTHING: u32 = u32::MAX;

impl Handle {
    pub(super) const fn pack(self) -> u32 {
        match self {
            Self::Leg(leg) => leg,
            Self::Dialog(dialog) => dialog | DIALOG,
        }
    }

    pub(super) const fn unpack(packed: u32) -> Option<Self> {
        match packed {
            NOTHING => None,
            dialog if dialog & DIALOG != 0 => Some(Self::Dialog(dialog & !DIALOG)),
            leg => Some(Self::Leg(leg)),
        }
    }
}

/// All legs and dialogs so far.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    pub(super) legs: Segments<Leg>,
    pub(super) dialogs: Segments<Dialog>,
    /// By Call-ID: the first leg or dialog that uses it, packed.
    pub(super) heads: Segments<u32>,
    pub(super) notes: Segments<Note>,
    pub(super) addresses: Segments<IpAddr>,
    pub(super) restarts: Segments<Restart>,
    pub(super) texts: Strings,
    pub(super) joins: Joins,
    /// What was found, where the user decided otherwise.
    pub(super) found: Option<Joins>,
    /// Differs for each moment at which they were published.
    pub(super) moment: u64,
}

impl Calls {
    /// The legs and dialogs of a snapshot's messages; `None` where no one built them.
    pub fn of(snapshot: &Snapshot) -> Option<&Self> {
        let any: &dyn Any = &**snapshot.legs.as_ref()?;
        any.downcast_ref()
    }

    /// A number that differs for each moment at which calls were published.
    pub const fn moment(&self) -> u64 {
        self.moment
    }

    /// Which legs are one call.
    pub const fn joins(&self) -> &Joins {
        &self.joins
    }

    /// The same calls with what the user decided: legs that were taken out of their calls, and legs that were joined. What was
    /// decided before is replaced.
    #[must_use]
    pub fn decided(&self, removed: &[LegIdx], joined: &[(LegIdx, LegIdx)]) -> Self {
        let found = self.found.as_ref().unwrap_or(&self.joins);
        let joins = found.decided(removed, joined);
        Self { joins, found: Some(found.clone()), moment: next_moment(), ..self.clone() }
    }

    /// Number of legs.
    pub fn leg_count(&self) -> usize {
        self.legs.len()
    }

    /// Number of dialogs of other kinds.
    pub fn dialog_count(&self) -> usize {
        self.dialogs.len()
    }

    /// The leg with this number.
    pub fn leg(&self, index: LegIdx) -> Option<&Leg> {
        self.legs.get(index as usize)
    }

    /// The dialog with this number.
    pub fn dialog(&self, index: u32) -> Option<&Dialog> {
        self.dialogs.get(index as usize)
    }

    /// What uses a Call-ID, in the order of their first messages.
    pub fn of_call_id(&self, call_id: CallIdx) -> impl Iterator<Item = Handle> {
        let mut at =
            if call_id == 0 { NOTHING } else { self.heads.get(call_id as usize).copied().unwrap_or(NOTHING) };
        std::iter::from_fn(move || {
            let handle = Handle::unpack(at)?;
            at = match handle {
                Handle::Leg(leg) => self.leg(leg)?.next,
                Handle::Dialog(dialog) => self.dialog(dialog)?.next,
            };
            Some(handle)
        })
    }

    /// What a message belongs to.
    pub fn of_row(&self, row: &Row) -> Option<Handle> {
        let mut handles = self.of_call_id(row.call);
        let ordinal = row.leg_ordinal();
        if ordinal == 0 {
            return handles.next();
        }
        handles.nth(usize::from(ordinal))
    }

    /// The notes of a leg or a dialog in the order of their messages.
    pub fn notes(&self, handle: Handle) -> Vec<Note> {
        let mut at = match handle {
            Handle::Leg(leg) => self.leg(leg).map_or(NOTHING, |leg| leg.note),
            Handle::Dialog(dialog) => self.dialog(dialog).map_or(NOTHING, |dialog| dialog.note),
        };
        let mut notes = Vec::new();
        while let Some(note) = self.notes.get(at as usize) {
            notes.push(*note);
            at = note.next;
        }
        notes.reverse();
        notes
    }

    /// The numbers, in the texts, of the identifiers that a leg or a dialog names.
    pub fn identifier_numbers(&self, handle: Handle) -> impl Iterator<Item = u32> {
        let notes = self.notes(handle).into_iter();
        notes.filter(|note| note.noted == Noted::Identifier).map(|note| note.value)
    }

    /// The identifiers of incidents and emergency calls that a leg or a dialog names (`urn:emergency:uid:…`), each once.
    pub fn identifiers(&self, handle: Handle) -> impl Iterator<Item = &[u8]> {
        let mut seen: Vec<&[u8]> = Vec::new();
        self.identifier_numbers(handle).map(|number| self.text(number)).filter(move |text| {
            let is_new = !seen.contains(text);
            seen.extend(is_new.then_some(*text));
            is_new
        })
    }

    /// The incidents that a leg or a dialog names (`urn:emergency:uid:incidentid:…`).
    pub fn incidents(&self, handle: Handle) -> impl Iterator<Item = &[u8]> {
        self.identifiers(handle).filter(|id| id.starts_with(b"urn:emergency:uid:incidentid:"))
    }

    /// The text with this number: a reason, a user, an incident.
    pub fn text(&self, number: u32) -> &[u8] {
        self.texts.get(number)
    }

    /// The media address with this number; numbers begin with 1.
    pub(super) fn address(&self, number: u32) -> Option<IpAddr> {
        self.addresses.get(number.checked_sub(1)? as usize).copied()
    }
}
