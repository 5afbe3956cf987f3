//! The one sentence that says how a leg went and why, with the message that proves it: a table of rules in order.
//!
//! `whole` puts the verdicts on the legs of a call together.
//!
//! Must not know: drawing.

mod attempts;
mod refusals;
mod rules;
mod transfer;
mod whole;

pub use whole::Judged;

use super::facts::LegRef;
use super::findings::{Case, Finding};
use super::leg::{LegFlags, NO_MESSAGE};
use crate::store::MessageIdx;

/// How a leg went and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The rule's name, which `verdict:` takes.
    pub rule: &'static str,
    /// The sentence.
    pub text: String,
    /// The message that proves it.
    pub message: MessageIdx,
}

/// What the rules look at.
pub(super) struct Trial<'a> {
    pub(super) leg: LegRef<'a>,
    pub(super) case: Case<'a>,
    /// All findings, where they were asked for.
    pub(super) findings: Option<Vec<Finding>>,
}

impl<'a> Trial<'a> {
    /// A trial that looks only for what its rules ask for.
    pub(super) fn of(leg: LegRef<'a>) -> Self {
        Self { leg, case: Case::of_leg(leg), findings: None }
    }

    /// The finding of a rule.
    pub(super) fn found(&self, name: &str) -> Option<Finding> {
        match &self.findings {
            Some(all) => all.iter().find(|finding| finding.rule.name == name).cloned(),
            None => self.case.finding(name),
        }
    }

    /// Says of a call that was refused that its INVITE is not in the trace.
    fn with_beginning(&self, verdict: Verdict) -> Verdict {
        let leg = self.leg.leg;
        let is_refused = leg.fin != NO_MESSAGE && !leg.is_answered() && leg.end == NO_MESSAGE;
        let lacks = leg.is(LegFlags::BEGUN_BEFORE) && is_refused && verdict.rule != "unknown-call";
        if !lacks || verdict.text.starts_with('…') {
            return verdict;
        }
        Verdict { text: format!("… {}", verdict.text), ..verdict }
    }

    fn verdict(&self) -> Verdict {
        let first = rules::RULES.iter().find_map(|(rule, judge)| {
            let (text, message) = judge(self)?;
            Some(Verdict { rule, text, message })
        });
        // Nothing is guessed.
        let cut = || "… the trace holds too little of it to say more".to_owned();
        let first = first.map(|verdict| self.with_beginning(verdict));
        first.unwrap_or_else(|| Verdict { rule: CUT, text: cut(), message: self.leg.leg.first })
    }
}

/// The rule for what no other rule speaks of.
const CUT: &str = "cut";

/// The names of all rules in order.
pub fn verdict_rules() -> impl Iterator<Item = &'static str> {
    rules::RULES.iter().map(|(name, _)| *name).chain([CUT])
}

impl LegRef<'_> {
    /// The verdict on the leg, and what else was found.
    pub fn verdict_and_findings(&self) -> (Verdict, Vec<Finding>) {
        let case = Case::of_leg(*self);
        let findings = case.findings();
        let trial = Trial { leg: *self, case, findings: Some(findings) };
        (trial.verdict(), trial.findings.unwrap_or_default())
    }

    /// The verdict on the leg.
    pub fn verdict(&self) -> Verdict {
        Trial::of(*self).verdict()
    }
}
