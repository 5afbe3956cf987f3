//! What a challenge, a request after it, and what came of that change in their leg or dialog.
//!
//! Must not know: how challenges are written, sentences.

use super::builder::{Arrival, Builder};
use super::challenge::{Open, Reply};
use super::dialog::DialogKind;
use super::list::Handle;
use super::note::Noted;
use super::signals::Said;

/// The number of open challenges above which the old ones are forgotten.
const MOST: usize = 8192;
/// Microseconds after a challenge; a later request is a new attempt.
const PAUSE: i64 = 5_000_000;
/// Challenges that are older are forgotten.
const OLD: i64 = 300_000_000;

impl Builder {
    /// Takes a message that may be a challenge, or a reply to one, or what came of the reply.
    pub(super) fn authentication(&mut self, handle: Handle, arrival: &Arrival<'_>) {
        let status = arrival.row.status;
        let is_challenge = matches!(status, 401 | 407);
        if !is_challenge && self.challenges.0.is_empty() {
            return;
        }
        let open = self.challenges.0.get(&handle.pack()).copied();
        let open = open.filter(|open| open.method == arrival.signals.method);
        match status {
            0 => self.reply(handle, open, arrival),
            401 | 407 => self.challenged(handle, open, arrival),
            200.. if open.is_some() => {
                self.challenges.0.remove(&handle.pack());
                let is_refused =
                    status == 403 && open.is_some_and(|open| open.reply == Some(Reply::Credentials));
                if is_refused {
                    self.note(handle, Noted::ChallengedAgain, arrival.index, Reply::Credentials.note(1));
                }
            }
            _ => {}
        }
    }

    fn reply(&mut self, handle: Handle, open: Option<Open>, arrival: &Arrival<'_>) {
        let Some(open) = open.filter(|open| open.sent != arrival.sent()) else { return };
        let reply = Some(open.reply_of(&arrival.signals.protections));
        let times = if arrival.row.time - open.time > PAUSE { 0 } else { open.times };
        self.challenges.0.insert(handle.pack(), Open { reply, times, ..open });
    }

    fn challenged(&mut self, handle: Handle, open: Option<Open>, arrival: &Arrival<'_>) {
        // A ping that is challenged has its answer.
        if matches!(handle, Handle::Dialog(dialog) if self.is_ping(dialog)) {
            return;
        }
        let mut times = 0;
        let before = open.filter(|open| open.sent == arrival.sent());
        if let Some((before, reply)) = before.and_then(|before| {
            Some((
                before,
                before.judged(arrival.signals.said.has(Said::STALE), &arrival.signals.protections)?,
            ))
        }) {
            let is_again = matches!(reply, Reply::Credentials | Reply::OldNonce);
            times = before.times + u32::from(is_again);
            self.note(handle, Noted::ChallengedAgain, arrival.index, reply.note(times));
            if let (Reply::Credentials, Handle::Dialog(dialog)) = (reply, handle) {
                self.count_failure(dialog);
            }
        }
        let mut asked = [(0, 0); 2];
        for (slot, one) in asked.iter_mut().zip(&arrival.signals.protections) {
            *slot = *one;
        }
        let (method, sent, time) = (arrival.signals.method, arrival.sent(), arrival.row.time);
        let open = Open { asked, method, sent, reply: None, times, time };
        self.challenges.0.insert(handle.pack(), open);
        if self.challenges.0.len() > MOST {
            self.challenges.0.retain(|_, open| time - open.time < OLD);
        }
    }

    /// Credentials that are challenged again were refused.
    fn count_failure(&mut self, dialog: u32) {
        if let Some(dialog) = self.calls.dialogs.get_mut(dialog as usize) {
            dialog.failures = dialog.failures.saturating_add(1);
        }
    }

    fn is_ping(&self, dialog: u32) -> bool {
        self.calls.dialog(dialog).is_some_and(|dialog| dialog.kind() == DialogKind::Ping)
    }
}
