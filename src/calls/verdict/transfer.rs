//! What a verdict says of a transfer: by whom, to whom, and whether it came to nothing.
//!
//! Must not know: other rules, drawing.

use super::Trial;
use crate::base::Direction;
use crate::calls::facts::LegRef;
use crate::calls::list::Handle;
use crate::calls::note::Noted;
use crate::store::MessageIdx;

/// The last REFER of a leg.
pub(super) struct Transfer<'a> {
    /// The leg.
    pub(super) leg: LegRef<'a>,
    /// The REFER.
    pub(super) message: MessageIdx,
    by: String,
    to: String,
}

impl<'a> Transfer<'a> {
    /// The transfer that was asked for on a leg.
    pub(super) fn of(leg: LegRef<'a>) -> Option<Self> {
        let notes = leg.calls.notes(Handle::Leg(leg.index));
        let refer = *notes.iter().rfind(|note| note.noted == Noted::Refer)?;
        let is_ours = leg.snapshot.row(refer.message)?.row.direction() == Direction::Sent;
        let party = if is_ours { "FreeSWITCH".into() } else { String::from_utf8_lossy(leg.party()) };
        let by = if party.is_empty() { leg.host() } else { party.into_owned() };
        let to = String::from_utf8_lossy(leg.calls.text(refer.value)).into_owned();
        Some(Self { leg, message: refer.message, by, to })
    }

    /// `; transferred by 1010 to 1016`, or that it was refused, or that a failure was reported.
    pub(super) fn went(&self) -> String {
        let is_failed = Trial::of(self.leg).found("transfer-failed").is_some();
        let between = self.between();
        if is_failed {
            format!("; the transfer {between} failed")
        } else {
            format!("; transferred {between}")
        }
    }

    /// `by 1010 to 1016`.
    pub(super) fn between(&self) -> String {
        let Self { by, to, .. } = self;
        if to.is_empty() { format!("by {by}") } else { format!("by {by} to {to}") }
    }
}
