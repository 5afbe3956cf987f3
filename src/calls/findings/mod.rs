//! What is wrong with a leg or a dialog: a table of rules, each with its sentence, its proof and its section of an RFC.
//!
//! A healthy call has no finding, except for what is only worth knowing ([`Rule::is_note`]).
//!
//! Must not know: verdicts, drawing.

mod authentication;
mod case;
mod dialogs;
mod emergency;
mod flow;
mod outcome;
mod registration;
mod related;
mod text;

use std::sync::LazyLock;

use hashbrown::HashMap;

pub(super) use authentication::refused_digest;
pub(super) use case::{Case, code, name, sender, status};
pub use case::{seconds, span};

use super::call::CallRef;
use super::dialog_facts::DialogRef;
use super::facts::LegRef;
use super::leg::{NO_MESSAGE, Side};
use super::list::{Handle, NOTHING};
use super::note::Noted;
use crate::store::{MessageIdx, RowRef, TIMER_B};

/// A rule by which something is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which `finding:` takes.
    pub name: &'static str,
    /// The section that says how it should be.
    pub rfc: &'static str,
    /// What it looks for, in a few words.
    pub what: &'static str,
    /// Whether it is worth knowing, and not a fault: the call may be healthy.
    pub is_note: bool,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The sentence.
    pub text: String,
    /// The message that shows it.
    pub message: MessageIdx,
}

/// What a check found: the sentence and its proof.
pub(super) type Found = Option<(String, MessageIdx)>;

/// A line of the table.
pub(super) struct Check {
    pub(super) rule: Rule,
    pub(super) check: fn(&Case<'_>) -> Found,
}

pub(super) const fn check(
    name: &'static str,
    rfc: &'static str,
    what: &'static str,
    check: fn(&Case<'_>) -> Found,
) -> Check {
    Check { rule: Rule { name, rfc, what, is_note: false }, check }
}

/// A rule for what is worth knowing about a call that may be healthy.
pub(super) const fn note(
    name: &'static str,
    rfc: &'static str,
    what: &'static str,
    check: fn(&Case<'_>) -> Found,
) -> Check {
    Check { rule: Rule { name, rfc, what, is_note: true }, check }
}

/// All rules, in the order in which they are shown.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    tables().map(|check| &check.rule)
}

fn tables() -> impl Iterator<Item = &'static Check> {
    let early = flow::CHECKS.iter().chain(authentication::CHECKS).chain(outcome::CHECKS);
    let early = early.chain(registration::CHECKS).chain(dialogs::CHECKS);
    early.chain(text::CHECKS).chain(emergency::CHECKS)
}

/// The rules by their names: each verdict asks for several.
static BY_NAME: LazyLock<HashMap<&'static str, &'static Check>> =
    LazyLock::new(|| tables().map(|line| (line.rule.name, line)).collect());

impl LegRef<'_> {
    /// Whether FreeSWITCH did not pass on to this leg all that an emergency call carries.
    pub fn lost_of_emergency(&self) -> Option<Finding> {
        let is_called = self.leg.side == Side::B;
        is_called.then(|| Case::of_leg(*self).finding(emergency::EMERGENCY_LOST)).flatten()
    }

    /// What is wrong with the leg; of a healthy one nothing but notes.
    pub fn findings(&self) -> Vec<Finding> {
        Case::of_leg(*self).findings()
    }
}

impl CallRef<'_> {
    /// Whether it failed, or a rule found something wrong with one of its legs; notes do not count.
    pub fn is_problem(&self) -> bool {
        self.is_failed() || self.legs().iter().any(|leg| Case::of_leg(*leg).has_fault())
    }
}

impl DialogRef<'_> {
    /// Whether it failed, or a rule found something wrong with it; notes do not count.
    pub fn is_problem(&self) -> bool {
        self.is_failed() || !self.is_plain() && Case::of_dialog(*self).has_fault()
    }

    /// What is wrong with the dialog.
    pub fn findings(&self) -> Vec<Finding> {
        if self.is_plain() {
            debug_assert!(Case::of_dialog(*self).findings().is_empty(), "a rule about what is plain");
            return Vec::new();
        }
        Case::of_dialog(*self).findings()
    }

    /// Refusals, and requests of a registration that nothing answered; a challenge that was answered is none.
    pub fn failures(&self) -> u32 {
        let refused = u32::from(self.dialog.failures);
        if self.dialog.kind() != crate::calls::DialogKind::Register || self.is_plain() {
            return refused;
        }
        refused + registration::lost(&Case::of_dialog(*self))
    }

    /// Whether it is a request and its success in time, as of most pings: no rule says anything about that.
    fn is_plain(&self) -> bool {
        let dialog = self.dialog;
        let is_success = dialog.messages == 2 && dialog.note == NOTHING && matches!(dialog.status, 200..300);
        let rows = is_success.then(|| self.first().zip(self.snapshot.row(dialog.fin))).flatten();
        rows.is_some_and(|(request, answer)| {
            request.row.is_request()
                && !matches!(request.method(), b"INVITE" | b"ACK" | b"BYE" | b"CANCEL")
                && case::answers(answer.row, request.row)
                && answer.row.time - request.row.time <= TIMER_B
        })
    }

    /// The message that shows how it went: that of what is wrong, else the last final response, else its first message.
    pub fn proof(&self) -> MessageIdx {
        let wrong = self.findings().first().map(|finding| finding.message);
        let fin = self.dialog.fin;
        wrong.unwrap_or(if fin == NO_MESSAGE { self.dialog.first } else { fin })
    }
}

impl Case<'_> {
    /// What the rule with this name finds.
    pub(super) fn finding(&self, name: &str) -> Option<Finding> {
        let line = *BY_NAME.get(name)?;
        let (text, message) = (line.check)(self)?;
        Some(Finding { rule: &line.rule, text, message })
    }

    /// Whether a rule finds something that is more than worth knowing.
    fn has_fault(&self) -> bool {
        tables().any(|line| !line.rule.is_note && (line.check)(self).is_some())
    }

    /// What all rules find.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let found = tables().filter_map(|line| {
            let (text, message) = (line.check)(self)?;
            Some(Finding { rule: &line.rule, text, message })
        });
        found.collect()
    }
}
