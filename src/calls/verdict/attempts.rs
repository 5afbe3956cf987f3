//! The legs on which a call failed, perhaps only at first, and what a sentence says of them.
//!
//! Must not know: rules about one leg, drawing.

use std::fmt::Write;

use super::Verdict;
use crate::calls::facts::LegRef;
use crate::calls::findings::{code, span};
use crate::calls::leg::{End, LegFlags, NO_MESSAGE};

/// A leg on which the call failed, perhaps only at first.
pub(super) struct Attempt<'a> {
    pub(super) leg: LegRef<'a>,
    pub(super) verdict: Verdict,
}

/// What became of an attempt, as a sentence begins to say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    /// A final response came.
    Answered,
    /// No response came.
    Sent,
    /// FreeSWITCH sent the final response.
    WasTold,
    /// FreeSWITCH gave it up while it rang.
    Rang,
    /// FreeSWITCH gave it up before it rang.
    Did,
    /// The peer gave it up.
    Cancelled,
}

/// How a sentence says that a response came: none says `answered` both of a response and of someone who picks up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    /// `192.0.2.21 answered 486`.
    Answered,
    /// `192.0.2.21 replied 486`.
    Replied,
}

impl Reply {
    /// For a sentence that says nothing but how these legs went.
    pub(super) fn alone(attempts: &[Attempt<'_>]) -> Self {
        let is_of_people = attempts.iter().any(|one| matches!(one.says().0, Verb::Rang | Verb::Did));
        if is_of_people { Self::Replied } else { Self::Answered }
    }
}

impl Verb {
    const fn word(self, reply: Reply) -> &'static str {
        match (self, reply) {
            (Self::Answered, Reply::Answered) => "answered",
            (Self::Answered, Reply::Replied) => "replied",
            (Self::Sent, _) => "sent",
            (Self::WasTold, _) => "was told",
            (Self::Rang, _) => "rang",
            (Self::Did, _) => "did",
            (Self::Cancelled, _) => "cancelled",
        }
    }
}

pub(super) const NO_ANSWER: &str = " without an answer";
/// Attempts that are named one by one.
const MOST_NAMED: usize = 4;

/// What failed before, after the sentence about how it ended.
pub(super) fn before(attempts: &[Attempt<'_>], reply: Reply) -> String {
    if attempts.is_empty() { String::new() } else { format!("; before that {}", named(attempts, reply)) }
}

/// `192.0.2.21 answered 503 after 0.2 s, then 192.0.2.20 answered 486 after 1.1 s`; `then` only between legs that do not
/// overlap.
pub(super) fn named(attempts: &[Attempt<'_>], reply: Reply) -> String {
    let mut text = String::new();
    let mut named = 0;
    for group in attempts.chunk_by(Attempt::overlaps) {
        if named >= MOST_NAMED {
            break;
        }
        let joint = if named == 0 { "" } else { ", then " };
        if let Some(together) = together(group, attempts, reply) {
            let _ = write!(text, "{joint}{together}");
            named += group.len();
            continue;
        }
        for (number, attempt) in group.iter().take(MOST_NAMED - named).enumerate() {
            let joint = if number == 0 { joint } else { " and " };
            // Appending to a text cannot fail.
            let _ = write!(text, "{joint}{} {}", attempt.who(attempts), attempt.said(reply));
        }
        named = (named + group.len()).min(MOST_NAMED.max(named));
    }
    match attempts.len().saturating_sub(named) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// Legs that ran at the same time and went alike: `A, B and C rang together for 13.7 s`, `all of A and B answered 486`.
fn together(group: &[Attempt<'_>], all: &[Attempt<'_>], reply: Reply) -> Option<String> {
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
    if verb == Verb::Rang && !group.iter().any(is_apart) {
        let longest = group.iter().filter_map(|one| one.leg.rang()).max().unwrap_or_default();
        return Some(format!("{who} rang together for {}{NO_ANSWER}", span(longest)));
    }
    let status = first.leg.leg.status;
    if verb == Verb::Answered && group.iter().all(|one| one.leg.leg.status == status) {
        let longest = group.iter().map(|one| one.until() - one.leg.start()).max().unwrap_or_default();
        return Some(format!("{who} all {} {} within {}", verb.word(reply), code(status), span(longest)));
    }
    (verb != Verb::Rang && group.iter().all(|one| one.says().1 == what))
        .then(|| format!("{who} all {} {what}", verb.word(reply)))
}

/// `A, B and C`; of many the first ones.
pub(super) fn listed(group: &[Attempt<'_>], all: &[Attempt<'_>]) -> String {
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

    /// Whether FreeSWITCH gave it up.
    pub(super) fn is_given_up(&self) -> bool {
        self.leg.leg.ended_by() == Some(End::Us)
    }

    /// The peer's address; with whom it was to reach where several have one address.
    pub(super) fn who(&self, all: &[Self]) -> String {
        let host = self.leg.host();
        let is_alone = all.iter().filter(|other| other.leg.host() == host).count() == 1;
        let user = String::from_utf8_lossy(self.leg.to()).into_owned();
        let same = all.iter().all(|other| other.leg.to() == self.leg.to());
        if is_alone || user.is_empty() || same { host } else { format!("{user} ({host})") }
    }

    /// What it did: `answered 486 after 0.4 s`.
    pub(super) fn said(&self, reply: Reply) -> String {
        let (verb, what) = self.says();
        format!("{} {what}", verb.word(reply))
    }

    /// What it did, in a verb and the rest.
    fn says(&self) -> (Verb, String) {
        let leg = self.leg;
        let ended = leg.ended().filter(|_| !leg.leg.is(LegFlags::BEGUN_BEFORE));
        let after = ended.map_or_else(String::new, |end| format!(" after {}", span(end - leg.start())));
        let is_refused = leg.leg.fin != NO_MESSAGE && leg.leg.end == NO_MESSAGE;
        if is_refused {
            let by_us = leg.ending_end() == Some(End::Us);
            let verb = if by_us { Verb::WasTold } else { Verb::Answered };
            return (verb, format!("{}{after}", code(leg.leg.status)));
        }
        if leg.leg.end == NO_MESSAGE {
            return (Verb::Sent, "no response".to_owned());
        }
        match leg.rang().filter(|_| self.is_given_up()) {
            Some(rang) => (Verb::Rang, format!("for {}{NO_ANSWER}", span(rang))),
            None if self.is_given_up() => {
                (Verb::Did, format!("not answer{}", after.replace("after", "within")))
            }
            None => (Verb::Cancelled, after.trim_start().to_owned()),
        }
    }
}
