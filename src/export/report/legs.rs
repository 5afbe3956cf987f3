//! The legs of a call in words, as every report lists them.
//!
//! Must not know: how they are written.

use crate::base::escape::escape;
use crate::calls::{Calls, Handle, LegRef, span};
use crate::export::sheet::Sheet;
use crate::ladder::{Facts, Member, Tie, name_of};
use crate::store::Snapshot;

/// A leg of a call, or another dialog. All texts are escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LegLine {
    /// Its letter; empty where there is only one.
    pub(super) name: String,
    /// Its number among the legs, which decides about the colour.
    pub(super) number: usize,
    /// Its Call-ID.
    pub(super) call_id: String,
    /// Profile, direction and address: `internal ← 198.51.100.13:5060`.
    pub(super) peer: String,
    /// Who called whom: `1013 → 1031`; empty where no one is named.
    pub(super) parties: String,
    /// State and status code: `busy 486`.
    pub(super) outcome: String,
    /// Beginning and end, codecs, hold.
    pub(super) course: String,
    /// How long it took: `rang 3.1 s, talked 12.0 s`; may be empty.
    pub(super) durations: String,
    /// Why it belongs to the call: `with A (0.98): same X-Call-ID`; empty for the first leg.
    pub(super) joined: String,
}

/// The legs and dialogs of a call, in the order of their first messages.
pub(super) fn lines(snapshot: &Snapshot, calls: &Calls, sheet: &Sheet) -> Vec<LegLine> {
    let facts = sheet.head.facts.iter().enumerate();
    facts.map(|(number, facts)| line((snapshot, calls, sheet), number, facts)).collect()
}

fn line((snapshot, calls, sheet): (&Snapshot, &Calls, &Sheet), number: usize, facts: &Facts) -> LegLine {
    let line = LegLine {
        number,
        peer: facts.peer.clone(),
        outcome: facts.outcome.clone(),
        course: facts.text.clone(),
        call_id: clean(snapshot.call_id(sheet.call_id)),
        ..LegLine::default()
    };
    let leg = match facts.of {
        Handle::Leg(leg) => calls.leg_ref(snapshot, leg),
        Handle::Dialog(dialog) => {
            let first = calls.dialog_ref(snapshot, dialog).and_then(|dialog| dialog.first());
            let parties = first.map(|first| parties(first.from(), first.to())).unwrap_or_default();
            return LegLine { parties, ..line };
        }
    };
    let Some(leg) = leg else { return line };
    let member = sheet.members.iter().find(|member| member.leg == leg.index);
    let is_one_of_several = sheet.members.len() > 1;
    LegLine {
        name: name_of(&sheet.members, leg.index).filter(|_| is_one_of_several).unwrap_or_default(),
        call_id: clean(leg.call_id()),
        parties: parties(leg.from(), leg.to()),
        durations: durations(&leg),
        joined: member.map(|member| joined(&sheet.members, member)).unwrap_or_default(),
        ..line
    }
}

/// Who called whom; who registers calls no one else.
fn parties(from: &[u8], to: &[u8]) -> String {
    match (from, to) {
        (from, to) if from == to => clean(from),
        (from, to) => format!("{} → {}", clean(from), clean(to)),
    }
}

fn durations(leg: &LegRef<'_>) -> String {
    let parts = [("rang", leg.rang()), ("talked", leg.talk())];
    let parts = parts.into_iter().filter_map(|(what, micros)| Some(format!("{what} {}", span(micros?))));
    parts.collect::<Vec<_>>().join(", ")
}

fn joined(members: &[Member], member: &Member) -> String {
    let Some(with) = member.with.and_then(|with| name_of(members, with)) else { return String::new() };
    match member.tie {
        Tie::ByHand => format!("with {with} by hand"),
        _ => format!("with {with} ({:.2}): {}", member.score, clean(member.reasons.join("; ").as_bytes())),
    }
}

/// What keeps a text from acting where it is shown.
pub(super) fn clean(text: &[u8]) -> String {
    escape(text).into_owned()
}
