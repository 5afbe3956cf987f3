//! The verdict on a whole call: where it failed first, and what the caller was told.
//!
//! Must not know: rules about one leg, drawing.

use std::fmt::Write;

use super::{Trial, Verdict, rules};
use crate::calls::call::CallRef;
use crate::calls::facts::LegRef;
use crate::calls::findings::{Finding, code, span};
use crate::calls::leg::{End, LegFlags, NO_MESSAGE, Side};
use crate::calls::list::Handle;
use crate::calls::note::Noted;
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
            return Verdict { text: format!("{}{}", own.text, before(&attempts)), ..own.clone() };
        }
        self.failed(&attempts)
    }

    /// The trace ends before the caller was told how it went: what failed so far, and what goes on.
    fn undecided(&self, own: &Verdict, attempts: &[Attempt<'a>]) -> Verdict {
        if self.leaves().any(|leg| leg.state().is_open() || leg.leg.is_answered()) {
            return Verdict { text: format!("{}{}", own.text, before(attempts)), ..own.clone() };
        }
        let failed = self.failed(attempts);
        let text = format!("{}; {} was told nothing when the trace ends …", failed.text, self.party());
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

    /// The legs that failed after the call was answered: by a transfer, or because FreeSWITCH answered first.
    fn after_answer(&self, attempts: &[Attempt<'a>]) -> String {
        let Some(first) = attempts.first() else { return String::new() };
        let refers = |leg: &LegRef<'a>| {
            let notes = leg.calls.notes(Handle::Leg(leg.index));
            notes.iter().any(|note| note.noted == Noted::Refer && note.message < first.leg.leg.first)
        };
        let is_moved = self.legs().iter().any(refers);
        match (is_moved, attempts) {
            (true, [one]) => {
                let (verb, what) = one.says();
                format!("; transferred to {}, which {verb} {what}", one.who(attempts))
            }
            (true, _) => format!("; after the transfer {}", named(attempts)),
            (false, _) => format!("; after the answer {}", named(attempts)),
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
        verdict.text.push_str(&before(&earlier));
        verdict.text.push_str(&self.after_answer(&later));
        verdict
    }
}

/// What failed before, after the sentence about how it ended.
fn before(attempts: &[Attempt<'_>]) -> String {
    if attempts.is_empty() { String::new() } else { format!("; before that {}", named(attempts)) }
}

/// `192.0.2.21 answered 503 after 0.2 s, then 192.0.2.20 486 after 1.1 s`; `then` only between legs that do not overlap.
fn named(attempts: &[Attempt<'_>]) -> String {
    let mut text = String::new();
    let mut verb = "";
    let mut named = 0;
    for group in attempts.chunk_by(Attempt::overlaps) {
        if named >= MOST_NAMED {
            break;
        }
        let joint = if named == 0 { "" } else { ", then " };
        if let Some(together) = together(group, attempts) {
            let _ = write!(text, "{joint}{together}");
            (named, verb) = (named + group.len(), "");
            continue;
        }
        for (number, attempt) in group.iter().take(MOST_NAMED - named).enumerate() {
            let (said, what) = attempt.says();
            let joint = if number == 0 { joint } else { " and " };
            let said = if said == verb { String::new() } else { format!(" {said}") };
            // Appending to a text cannot fail.
            let _ = write!(text, "{joint}{}{said} {what}", attempt.who(attempts));
            verb = attempt.says().0;
        }
        named = (named + group.len()).min(MOST_NAMED.max(named));
    }
    match attempts.len().saturating_sub(named) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// Legs that ran at the same time and went alike: `A, B and C rang together for 13.7 s`, `all of A and B answered 486`.
fn together(group: &[Attempt<'_>], all: &[Attempt<'_>]) -> Option<String> {
    let first = group.first().filter(|_| group.len() > 1)?;
    let (verb, what) = first.says();
    let is_apart = |one: &Attempt<'_>| {
        one.leg.start().abs_diff(first.leg.start()) > TOGETHER
            || one.until().abs_diff(first.until()) > TOGETHER
    };
    if group.iter().any(|one| one.says().0 != verb) {
        return None;
    }
    let who = listed(group, all);
    if verb == "rang" && !group.iter().any(is_apart) {
        let longest = group.iter().filter_map(|one| one.leg.rang()).max().unwrap_or_default();
        return Some(format!("{who} rang together for {}{NO_ANSWER}", span(longest)));
    }
    let status = first.leg.leg.status;
    if verb == "answered" && status != 0 && group.iter().all(|one| one.leg.leg.status == status) {
        let longest = group.iter().map(|one| one.until() - one.leg.start()).max().unwrap_or_default();
        return Some(format!("{who} all answered {} within {}", code(status), span(longest)));
    }
    (verb != "rang" && group.iter().all(|one| one.says().1 == what))
        .then(|| format!("{who} all {verb} {what}"))
}

/// `A, B and C`; of many the first ones.
fn listed(group: &[Attempt<'_>], all: &[Attempt<'_>]) -> String {
    let mut names: Vec<String> = group.iter().take(MOST_NAMED).map(|one| one.who(all)).collect();
    if group.len() > MOST_NAMED {
        names.push(format!("{} more", group.len() - MOST_NAMED));
    }
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

/// Legs whose INVITEs and whose ends are within these microseconds of each other ran together.
const TOGETHER: u64 = 1_000_000;

impl Attempt<'_> {
    /// When it ended; of a leg that nothing ended, when it began.
    fn until(&self) -> i64 {
        self.leg.ended().unwrap_or_else(|| self.leg.start())
    }

    /// Whether the next one, which ended later, began before this one ended.
    fn overlaps(&self, next: &Self) -> bool {
        next.leg.start() < self.until()
    }

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
            return (if by_us { "was told" } else { "answered" }, format!("{}{after}", code(leg.leg.status)));
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
