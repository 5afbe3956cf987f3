//! The verdict on a whole call: where it failed first, and what the caller was told.
//!
//! Must not know: rules about one leg, drawing.

use super::attempts::{Attempt, NO_ANSWER, Reply, before, listed, named};
use super::transfer::Transfer;
use super::{Trial, Verdict, rules};
use crate::calls::call::CallRef;
use crate::calls::facts::LegRef;
use crate::calls::findings::{Finding, code, span};
use crate::calls::leg::{LegFlags, NO_MESSAGE, Side};
use crate::calls::state::State;

/// The verdict on a call, and on each of its legs, with what was found about it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdict on the call.
    pub verdict: Verdict,
    /// The verdicts on its legs and their findings, in the order of the legs.
    pub legs: Vec<(Verdict, Vec<Finding>)>,
}

impl<'a> CallRef<'a> {
    /// The verdict on the call.
    pub fn verdict(&self) -> Verdict {
        let own = self.main().verdict();
        if self.legs().len() == 1 { own } else { self.judge(&own) }
    }

    /// The verdicts on the call and on its legs, and what was found.
    pub fn judged(&self) -> Judged {
        let legs: Vec<_> = self.legs().iter().map(LegRef::verdict_and_findings).collect();
        let verdict = match &legs[..] {
            [(own, _)] => own.clone(),
            [(own, _), ..] => self.judge(own),
            [] => self.verdict(),
        };
        Judged { verdict, legs }
    }

    fn judge(&self, own: &Verdict) -> Verdict {
        let main = self.main();
        if main.leg.is_answered() {
            return self.answered(own);
        }
        let attempts = self.attempts();
        let gave_up = main.state() == State::Cancelled;
        if main.state().is_open() && !attempts.is_empty() && own.rule != rules::RESTARTED {
            return self.undecided(own, &attempts);
        }
        if main.state().is_open() || attempts.is_empty() {
            return own.clone();
        }
        if gave_up {
            return and_before(own, &attempts);
        }
        if rules::explains(own) && attempts.iter().all(Attempt::is_given_up) {
            return cancelled_too(own, &attempts);
        }
        self.failed(&attempts)
    }

    /// The trace ends before the caller was told how it went: what failed so far, and what goes on.
    fn undecided(&self, own: &Verdict, attempts: &[Attempt<'a>]) -> Verdict {
        if self.leaves().any(|leg| leg.state().is_open() || leg.leg.is_answered()) {
            return and_before(own, attempts);
        }
        let failed = self.failed(attempts);
        let text = format!("{}; the trace ends before {} is told …", failed.text, self.party());
        Verdict { text, ..failed }
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
        let named = named(attempts, Reply::alone(attempts));
        if attempts.iter().all(Attempt::is_given_up) {
            let rang = named.replace(NO_ANSWER, "");
            return Verdict {
                rule: "no-answer-timeout",
                text: format!("no one answered: {rang}{told}"),
                message,
            };
        }
        // The rule is that of what the caller was told.
        let decisive = attempts.iter().rev().find(|one| one.leg.leg.status == self.main().leg.status);
        let rule = decisive.or(attempts.last()).map_or(rule, |one| one.verdict.rule);
        Verdict { rule, text: format!("{named}{told}"), message }
    }

    /// What transfers on other legs than the first came to, and the legs that failed after the call was answered.
    fn after_answer(&self, attempts: &[Attempt<'a>]) -> String {
        let mut transfers: Vec<Transfer<'a>> =
            self.legs().iter().filter_map(|leg| Transfer::of(*leg)).collect();
        transfers.sort_by_key(|transfer| transfer.message);
        let is_main = |transfer: &Transfer<'a>| transfer.leg.index == self.main().index;
        let Some(first) = attempts.first() else {
            return transfers.iter().filter(|one| !is_main(one)).map(Transfer::went).collect();
        };
        let named = named(attempts, Reply::Replied);
        match transfers.iter().rfind(|transfer| transfer.message < first.leg.leg.first) {
            None => format!("; after the answer {named}"),
            // That there was a transfer is said where the first leg ended.
            Some(last) if is_main(last) => format!("; {named}"),
            Some(last) => format!("; transferred {}, and {named}", last.between()),
        }
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
        is_told.then(|| format!("{} was told {}", self.party(), code(main.leg.status)))
    }

    fn answered(&self, own: &Verdict) -> Verdict {
        let ending = self.ending_leg();
        let mut verdict = own.clone();
        if own.rule == rules::ANSWERED && ending.index != self.main().index {
            let trial = Trial::of(self.main());
            let by = rules::Ended { by: ending.ended_by(), leg: ending };
            verdict.text = rules::answered_text(&trial, &by);
            verdict.message = ending.leg.end;
        }
        let attempts = self.attempts();
        let reached = self.legs().iter().skip(1).any(|leg| leg.leg.is_answered());
        if !reached && !attempts.is_empty() {
            verdict.text = verdict.text.replacen("answered", "answered by FreeSWITCH", 1);
        }
        let answered = self.main().answered().unwrap_or(i64::MAX);
        let (earlier, later): (Vec<_>, Vec<_>) =
            attempts.into_iter().partition(|one| one.leg.start() <= answered);
        verdict.text.push_str(&before(&earlier, Reply::Replied));
        verdict.text.push_str(&self.after_answer(&later));
        verdict
    }
}

/// A sentence, and what failed before.
fn and_before(own: &Verdict, attempts: &[Attempt<'_>]) -> Verdict {
    Verdict { text: format!("{}{}", own.text, before(attempts, Reply::alone(attempts))), ..own.clone() }
}

/// What the first leg failed for; its other legs were given up for the same reason.
fn cancelled_too(own: &Verdict, attempts: &[Attempt<'_>]) -> Verdict {
    let longest = attempts.iter().filter_map(|one| one.leg.rang()).max();
    let rang = longest.map_or_else(String::new, |rang| format!(" after {} of ringing", span(rang)));
    let text = format!("{}; FreeSWITCH cancelled {}{rang}", own.text, listed(attempts, attempts));
    Verdict { text, ..own.clone() }
}
