//! A dialog that is no call together with the snapshot that its numbers belong to: what lists, filters and sentences ask.
//!
//! Must not know: drawing, findings, legs.

use super::dialog::{Dialog, DialogKind, DialogState};
use super::facts::messages;
use super::list::{Calls, Handle};
use super::note::Noted;
use crate::base::escape::escape;
use crate::base::time_of_day;
use crate::store::{MessageIdx, RowRef, Snapshot, TIMER_B};

/// A dialog of another kind with its snapshot.
#[derive(Debug, Clone, Copy)]
pub struct DialogRef<'a> {
    /// The dialog itself.
    pub dialog: &'a Dialog,
    /// Its number.
    pub index: u32,
    /// All dialogs.
    pub calls: &'a Calls,
    /// The messages.
    pub snapshot: &'a Snapshot,
}

impl Calls {
    /// A dialog with `snapshot`, with which these calls were published.
    pub fn dialog_ref<'a>(&'a self, snapshot: &'a Snapshot, index: u32) -> Option<DialogRef<'a>> {
        Some(DialogRef { dialog: self.dialog(index)?, index, calls: self, snapshot })
    }

    /// All dialogs of other kinds in the order of their first messages.
    pub fn dialogs<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = DialogRef<'a>> {
        self.dialogs.iter().enumerate().map(move |(index, dialog)| DialogRef {
            dialog,
            index: index as u32,
            calls: self,
            snapshot,
        })
    }
}

impl<'a> DialogRef<'a> {
    /// Its messages in order.
    pub fn messages(&self) -> Vec<MessageIdx> {
        messages(self.snapshot, self.calls, self.dialog.call_id, Handle::Dialog(self.index))
    }

    /// The row of its first message.
    pub fn first(&self) -> Option<RowRef<'a>> {
        self.snapshot.row(self.dialog.first)
    }

    /// The profile.
    pub fn profile(&self) -> &'a str {
        self.snapshot.sources.get(usize::from(self.dialog.source)).map_or("", |source| &source.profile)
    }

    /// Seconds that a registration or subscription lasts from its last final response on, or from the NOTIFY that said so.
    pub fn expires(&self) -> Option<u32> {
        let has_time = matches!(self.dialog.kind(), DialogKind::Register | DialogKind::Subscription);
        let is_known = self.is_there() || self.runs_on();
        (has_time && is_known).then_some(self.dialog.lasts).filter(|secs| *secs > 0)
    }

    fn is_there(&self) -> bool {
        matches!(self.dialog.state(), DialogState::Accepted | DialogState::Pending)
    }

    /// Whether a registration that could not be refreshed still lasts.
    fn runs_on(&self) -> bool {
        let is_open = matches!(
            self.dialog.state(),
            DialogState::Open | DialogState::Refused | DialogState::Unauthorised
        );
        is_open
            && self.dialog.kind() == DialogKind::Register
            && self.over().zip(self.now()).is_some_and(|(over, now)| now <= over)
    }

    /// When the time that was granted last is over.
    fn over(&self) -> Option<i64> {
        let is_registration = self.dialog.kind() == DialogKind::Register;
        let since = if is_registration { self.dialog.granted } else { self.dialog.fin };
        Some(self.snapshot.row(since)?.row.time + i64::from(self.dialog.lasts) * 1_000_000)
    }

    /// Until when a registration or subscription lasts, if nothing refreshes it, in the microseconds of the rows.
    pub fn until(&self) -> Option<i64> {
        self.expires().and_then(|_| self.over())
    }

    /// `for 60 s, until 05:54:48.014447`, `still registered until …` after a refresh that failed, or `reason: timeout`: how long it lasts or why it ended, for people.
    pub fn lasting(&self) -> Option<String> {
        if let Some((secs, until)) = self.expires().zip(self.until()) {
            let until = time_of_day(until);
            let is_there = self.is_there();
            return Some(if is_there {
                format!("for {secs} s, until {until}")
            } else {
                format!("still registered until {until}")
            });
        }
        let reason = self.end_reason();
        let is_shown = !reason.is_empty() && self.dialog.state() == DialogState::Ended;
        is_shown.then(|| format!("reason: {}", escape(reason)))
    }

    /// The reason with which a NOTIFY ended a subscription (RFC 6665 §4.1.3); empty without.
    pub fn end_reason(&self) -> &'a [u8] {
        let notes = self.calls.notes(Handle::Dialog(self.index));
        let ended = notes.iter().rfind(|note| note.noted == Noted::Terminated);
        ended.map_or(b"", |note| self.calls.text(note.value))
    }

    /// Whether its last request has a final response.
    pub fn is_answered(&self) -> bool {
        self.dialog.state() != DialogState::Open
    }

    /// Whether its last result is a failure: refused, or nothing came of its last request although it had the time.
    pub fn is_failed(&self) -> bool {
        match self.dialog.state() {
            DialogState::Refused => true,
            DialogState::Open => self.last_of_call_id().is_some_and(|last| last.waited().is_unanswered()),
            DialogState::Unauthorised => {
                let challenged = self.snapshot.row(self.dialog.fin).map(|row| row.row.time);
                challenged.zip(self.now()).is_some_and(|(since, now)| now - since > TIMER_B)
            }
            _ => false,
        }
    }

    /// The last message with its Call-ID, if it is a request.
    fn last_of_call_id(&self) -> Option<RowRef<'a>> {
        let last = self.snapshot.call(self.dialog.call_id)?.last;
        self.snapshot.row(last).filter(|row| row.row.is_request())
    }

    /// Microseconds from a ping's first request to its response.
    pub fn round_trip(&self) -> Option<i64> {
        (self.dialog.kind() == DialogKind::Ping).then_some(())?;
        let answer = self.snapshot.row(self.dialog.fin)?;
        Some(answer.row.time - self.first()?.row.time)
    }

    /// Its state at the end of the trace: what was not refreshed in time is over.
    pub fn state_at_end(&self) -> DialogState {
        let is_over = || self.until().zip(self.now()).is_some_and(|(until, now)| now > until);
        if self.expires().is_some() && is_over() { DialogState::Expired } else { self.dialog.state() }
    }

    /// The word for its state at the end of the trace: `registered`, `active`, `answered`.
    pub fn state(&self) -> &'static str {
        self.state_at_end().word(self.dialog.kind())
    }

    /// The time of the newest message of the trace.
    fn now(&self) -> Option<i64> {
        let last = (self.snapshot.len() as MessageIdx).checked_sub(1)?;
        self.snapshot.row(last).map(|row| row.row.time)
    }
}
