//! Registrations: how many are in which state, and the users whose registrations fail or flap.
//!
//! Must not know: calls, drawing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::calls::dialog::DialogKind;
use crate::calls::dialog_facts::DialogRef;
use crate::calls::findings::Finding;
use crate::calls::leg::NO_MESSAGE;
use crate::store::MessageIdx;

/// What is counted of the registrations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registrations {
    /// Call-IDs that register.
    pub count: u64,
    /// Users that register.
    pub users: u64,
    /// Registrations by state, as `state:` takes it.
    pub states: Vec<(&'static str, u64)>,
    /// The users whose last result is a failure, or whose registrations flap; the one with the most failures first.
    pub failing: Vec<FailingUser>,
    /// The users that registered in the end, but not at the first attempt.
    pub recovered: Vec<FailingUser>,
}

/// A user with a problem to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingUser {
    /// The user of To.
    pub user: Vec<u8>,
    /// Its registrations with a problem: Call-IDs.
    pub call_ids: u64,
    /// Refusals in them, or requests that nothing answered; a challenge that was answered is none.
    pub failures: u64,
    /// The rule of the newest finding, and its sentence.
    pub finding: (&'static str, String),
    /// The message that shows it.
    pub message: MessageIdx,
    /// Its Call-ID.
    pub call_id: Vec<u8>,
}

/// What is known of the registrations of a user.
#[derive(Debug, Default)]
struct User {
    problem: Option<FailingUser>,
    /// The last success.
    registered: Option<MessageIdx>,
}

/// The findings on a registration that mean that it fails or flaps, or did so at first.
const PROBLEMS: [&str; 7] = [
    "wrong-password",
    "auth-loop",
    "not-authenticated",
    "registration-fails",
    FLAPS,
    "unanswered",
    "registered-late",
];
const FLAPS: &str = "registration-flaps";

impl Registrations {
    /// Counts the registrations among these dialogs, which are in the order of their first messages.
    pub fn of<'a>(dialogs: impl IntoIterator<Item = DialogRef<'a>>) -> Self {
        let mut registrations = Self::default();
        let mut states: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut users: BTreeMap<Vec<u8>, User> = BTreeMap::new();
        for dialog in dialogs.into_iter().filter(|dialog| dialog.dialog.kind() == DialogKind::Register) {
            registrations.count += 1;
            *states.entry(dialog.state()).or_default() += 1;
            let name = dialog.first().map(|row| row.to().to_vec()).unwrap_or_default();
            users.entry(name.clone()).or_default().add(&dialog, name);
        }
        registrations.users = users.len() as u64;
        registrations.states = states.into_iter().collect();
        registrations.states.sort_by_key(|(_, count)| Reverse(*count));
        for User { problem, registered } in users.into_values() {
            let Some(problem) = problem else { continue };
            // The last result counts.
            let is_over = Some(problem.message) <= registered && problem.finding.0 != FLAPS;
            let list = if is_over { &mut registrations.recovered } else { &mut registrations.failing };
            list.push(problem);
        }
        for list in [&mut registrations.failing, &mut registrations.recovered] {
            list.sort_by_key(|user| Reverse(user.failures));
        }
        registrations
    }
}

impl User {
    fn add(&mut self, dialog: &DialogRef<'_>, name: Vec<u8>) {
        if is_registered(dialog) {
            self.registered = self.registered.max(Some(dialog.dialog.fin));
        }
        let Some(found) = problem(dialog) else { return };
        let failures = u64::from(dialog.failures().max(1));
        let message = if found.message == NO_MESSAGE { dialog.dialog.first } else { found.message };
        let earlier = self.problem.take();
        self.problem = Some(FailingUser {
            user: name,
            call_ids: earlier.as_ref().map_or(0, |known| known.call_ids) + 1,
            failures: earlier.as_ref().map_or(0, |known| known.failures) + failures,
            finding: (found.rule.name, found.text),
            message,
            call_id: dialog.snapshot.call_id(dialog.dialog.call_id).to_vec(),
        });
    }
}

fn is_registered(dialog: &DialogRef<'_>) -> bool {
    (200..300).contains(&dialog.dialog.status)
}

fn problem(dialog: &DialogRef<'_>) -> Option<Finding> {
    let findings = dialog.findings();
    let rank = |finding: &Finding| PROBLEMS.iter().position(|name| *name == finding.rule.name);
    findings.into_iter().filter(|finding| rank(finding).is_some()).min_by_key(rank)
}
