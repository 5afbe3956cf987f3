//! Registrations: how many are in which state, and the users whose registrations fail or flap.
//!
//! Must not know: calls, drawing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::calls::dialog::DialogKind;
use crate::calls::facts::DialogRef;
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
    /// The users with a problem, the one with the most failures first.
    pub failing: Vec<FailingUser>,
}

/// A user with a problem to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingUser {
    /// The user of To.
    pub user: Vec<u8>,
    /// Its registrations that fail: Call-IDs.
    pub call_ids: u64,
    /// Refusals in them, or requests that nothing answered; a challenge that was answered is none.
    pub failures: u64,
    /// Whether its newest registration succeeded.
    pub recovered: bool,
    /// The rule of the newest finding, and its sentence.
    pub finding: (&'static str, String),
    /// The message that shows it.
    pub message: MessageIdx,
    /// Its Call-ID.
    pub call_id: Vec<u8>,
}

/// The findings on a registration that mean that it fails or flaps.
const PROBLEMS: [&str; 5] =
    ["wrong-password", "auth-loop", "registration-fails", "registration-flaps", "unanswered"];

impl Registrations {
    /// Counts the registrations among these dialogs, which are in the order of their first messages.
    pub fn of<'a>(dialogs: impl IntoIterator<Item = DialogRef<'a>>) -> Self {
        let mut registrations = Self::default();
        let mut states: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut users: BTreeMap<Vec<u8>, Option<FailingUser>> = BTreeMap::new();
        for dialog in dialogs.into_iter().filter(|dialog| dialog.dialog.kind() == DialogKind::Register) {
            registrations.count += 1;
            *states.entry(dialog.state()).or_default() += 1;
            let user = dialog.first().map(|row| row.to().to_vec()).unwrap_or_default();
            let known = users.entry(user.clone()).or_default();
            match problem(&dialog) {
                Some(finding) => add(known, &dialog, user, finding),
                None => {
                    if let Some(known) = known {
                        known.recovered |= is_registered(&dialog);
                    }
                }
            }
        }
        registrations.users = users.len() as u64;
        registrations.states = states.into_iter().collect();
        registrations.states.sort_by_key(|(_, count)| Reverse(*count));
        registrations.failing = users.into_values().flatten().collect();
        registrations.failing.sort_by_key(|user| Reverse(user.failures));
        registrations
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

fn add(known: &mut Option<FailingUser>, dialog: &DialogRef<'_>, user: Vec<u8>, finding: Finding) {
    let earlier = known.take();
    let failures = u64::from(dialog.dialog.failures.max(1));
    let message = if finding.message == NO_MESSAGE { dialog.dialog.first } else { finding.message };
    *known = Some(FailingUser {
        user,
        call_ids: earlier.as_ref().map_or(0, |known| known.call_ids) + 1,
        failures: earlier.as_ref().map_or(0, |known| known.failures) + failures,
        recovered: is_registered(dialog),
        finding: (finding.rule.name, finding.text),
        message,
        call_id: dialog.snapshot.call_id(dialog.dialog.call_id).to_vec(),
    });
}
