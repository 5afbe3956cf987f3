//! The verdict on a whole call: where it failed first, and what the caller was told.
//!
//! Must not know: rules about one leg, drawing.

use std::fmt::Write;

use super::{Trial, Verdict, rules};
use crate::calls::call::CallRef;
use crate::calls::facts::LegRef;
use crate::calls::findings::{Finding, span};
use crate::calls::leg::{End, LegFlags, NO_MESSAGE, Side};
use crate::calls::state::State;

/// The verdict on a call, and on each of its legs, with what was found about it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdict on the call.
    pub verdict: Verdict,
    /// The verdicts on its legs and their findings, in the order of the legs.
    pub legs: Vec<(Verdict, Vec<Finding>)>,
}

/// A leg on which the call failed, perhaps only at first.
struct Attempt<'a> {
    leg: LegRef<'a>,
    verdict: Verdict,
}

const NO_ANSWER: &str = " without an answer";
/// Attempts that are named one by one.
const MOST_NAMED: usize = 4;

impl<'a> CallRef<'a> {
    /// The verdict on the call.
    pub fn verdict(&self) -> Verdict {
        let own = self.main().verdict_and_findings();
        if self.legs().len() == 1 { own.0 } else { self.judge(&own.0, &own.1) }
    }

    /// The verdicts on the call and on its legs, and what was found.
    pub fn judged(&self) -> Judged {
        let legs: Vec<_> = self.legs().iter().map(LegRef::verdict_and_findings).collect();
        let verdict = match &legs[..] {
            [(own, _)] => own.clone(),
            [(own, found), ..] => self.judge(own, found),
            [] => self.verdict(),
        };
        Judged { verdict, legs }
    }

    fn judge(&self, own: &Verdict, found: &[Finding]) -> Verdict {
        let main = self.main();
        if main.leg.is_answered() {
            return self.answered(own, found);
        }
        let attempts = self.attempts();
        let gave_up = main.state() == State::Cancelled;
        if main.state().is_open() || attempts.is_empty() {
            return own.clone();
        }
        if gave_up {
            return Verdict { text: format!("{}{}", own.text, before(&attempts)), ..own.clone() };
        }
        self.failed(&attempts)
    }

    /// The legs on which the call failed, in the order in which they did.
    fn attempts(&self) -> Vec<Attempt<'a>> {
        let main = self.main();
        let is_given_up = main.state() == State::Cancelled;
        let mut legs: Vec<LegRef<'a>> = self
            .leaves()
            .filter(|leg| !leg.leg.is_answered() && !leg.leg.is(LegFlags::ELSEWHERE))
            .filter(|leg| match leg.state() {
                State::Busy | State::Rejected | State::Failed | State::Redirected => true,
                // Also where the caller gave up, every leg is cancelled; of an answered call the others are.
                State::Cancelled => !is_given_up && !main.leg.is_answered(),
                State::NoAnswer => !is_given_up,
                // Nothing came until FreeSWITCH gave up on it.
                State::Trying => leg.leg.trying == NO_MESSAGE && main.ended() > Some(leg.start()),
                State::Answered | State::Ringing | State::InProgress => false,
            })
            .collect();
        legs.sort_by_key(|leg| (leg.ended().unwrap_or(i64::MAX), leg.index));
        legs.into_iter().map(|leg| Attempt { leg, verdict: leg.verdict() }).collect()
    }

    fn failed(&self, attempts: &[Attempt<'a>]) -> Verdict {
        let told = self.told();
        let Some(first) = attempts.first() else { return self.main().verdict() };
        let Verdict { rule, text, message } = first.verdict.clone();
        if attempts.len() == 1 {
            // What asks a question ends with its mark.
            let sentence = text.ends_with('?');
            let passed_on = first.leg.leg.status == self.main().leg.status && first.leg.leg.status != 0;
            let told = match told.filter(|_| !sentence) {
                Some(_) if passed_on => format!("; passed on to {}", self.party()),
                Some(told) => format!("; {told}"),
                None => String::new(),
            };
            return Verdict { rule, text: format!("{text}{told}"), message };
        }
        let told = told.map_or_else(String::new, |told| format!("; {told}"));
        if attempts.iter().all(|one| one.leg.leg.ended_by() == Some(End::Us)) {
            let rang = named(attempts).replace(NO_ANSWER, "");
            return Verdict {
                rule: "no-answer-timeout",
                text: format!("no one answered: {rang}{told}"),
                message,
            };
        }
        // The rule is that of what the caller was told.
        let decisive = attempts.iter().rev().find(|one| one.leg.leg.status == self.main().leg.status);
        let rule = decisive.or(attempts.last()).map_or(rule, |one| one.verdict.rule);
        Verdict { rule, text: format!("{}{told}", named(attempts)), message }
    }

    /// Who called, for a sentence.
    fn party(&self) -> String {
        let party = String::from_utf8_lossy(self.main().party()).into_owned();
        if party.is_empty() { self.main().host() } else { party }
    }

    /// `1013 was told 486`.
    fn told(&self) -> Option<String> {
        let main = self.main();
        let is_told = main.leg.side == Side::A && main.leg.fin != NO_MESSAGE && main.leg.status >= 300;
        is_told.then(|| format!("{} was told {}", self.party(), main.leg.status))
    }

    fn answered(&self, own: &Verdict, found: &[Finding]) -> Verdict {
        let ending = self.ending_leg();
        let mut verdict = own.clone();
        if own.rule == rules::ANSWERED && ending.index != self.main().index {
            let trial =
                Trial { leg: self.main(), case: super::Case::of_leg(self.main()), findings: found.to_vec() };
            let by = rules::Ended { by: ending.ended_by(), leg: ending };
            verdict.text = rules::answered_text(&trial, &by);
            verdict.message = ending.leg.end;
        }
        let attempts = self.attempts();
        let reached = self.legs().iter().skip(1).any(|leg| leg.leg.is_answered());
        if !reached && !attempts.is_empty() {
            verdict.text = verdict.text.replacen("answered", "answered by FreeSWITCH", 1);
        }
        verdict.text.push_str(&before(&attempts));
        verdict
    }
}

/// What failed before, after the sentence about how it ended.
fn before(attempts: &[Attempt<'_>]) -> String {
    if attempts.is_empty() { String::new() } else { format!("; before that {}", named(attempts)) }
}

/// `192.0.2.21 answered 503 after 0.2 s, then 192.0.2.20 486 after 1.1 s`.
fn named(attempts: &[Attempt<'_>]) -> String {
    let mut text = String::new();
    let mut verb = "";
    for (number, attempt) in attempts.iter().take(MOST_NAMED).enumerate() {
        let (said, what) = attempt.says();
        let joint = if number == 0 { "" } else { ", then " };
        let said = if said == verb { String::new() } else { format!(" {said}") };
        // Appending to a text cannot fail.
        let _ = write!(text, "{joint}{}{said} {what}", attempt.who(attempts));
        verb = attempt.says().0;
    }
    match attempts.len().saturating_sub(MOST_NAMED) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

impl Attempt<'_> {
    /// The peer's address; with whom it was to reach where several have one address.
    fn who(&self, all: &[Attempt<'_>]) -> String {
        let host = self.leg.host();
        let is_alone = all.iter().filter(|other| other.leg.host() == host).count() == 1;
        let user = String::from_utf8_lossy(self.leg.to()).into_owned();
        let same = all.iter().all(|other| other.leg.to() == self.leg.to());
        if is_alone || user.is_empty() || same { host } else { format!("{user} ({host})") }
    }

    /// What it did, in a verb and the rest.
    fn says(&self) -> (&'static str, String) {
        let leg = self.leg;
        let after = leg.ended().map_or_else(String::new, |end| format!(" after {}", span(end - leg.start())));
        let is_refused = leg.leg.fin != NO_MESSAGE && leg.leg.end == NO_MESSAGE;
        if is_refused {
            let by_us = leg.leg.side == Side::A;
            return (if by_us { "was told" } else { "answered" }, format!("{}{after}", leg.leg.status));
        }
        if leg.leg.end == NO_MESSAGE {
            return ("answered", "nothing".to_owned());
        }
        let by_us = leg.leg.ended_by() == Some(End::Us);
        match leg.rang().filter(|_| by_us) {
            Some(rang) => ("rang", format!("for {}{NO_ANSWER}", span(rang))),
            None if by_us => ("did", format!("not answer{}", after.replace("after", "within"))),
            None => ("cancelled", after.trim_start().to_owned()),
        }
    }
}
