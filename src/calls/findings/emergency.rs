//! Rules about emergency calls (NG911): what FreeSWITCH did not pass on from the A leg to the B leg.
//!
//! Must not know: how texts are read, why legs are joined.

use super::case::Case;
use super::{Check, Found, note};
use crate::calls::facts::LegRef;
use crate::calls::leg::{LegFlags, Side};
use crate::calls::list::Handle;
use crate::calls::note::{Note, Noted};

pub(super) const CHECKS: &[Check] = &[note(
    EMERGENCY_LOST,
    "RFC 6442 §4.2, RFC 7852 §3",
    "something of an emergency call is not on the B leg: identifier, Geolocation, Call-Info, part",
    lost,
)];

/// The rule for what FreeSWITCH did not pass on.
pub(super) const EMERGENCY_LOST: &str = "emergency-lost";

/// What the legs say of themselves by notes of a kind.
fn notes_of(leg: &LegRef<'_>, kind: Noted) -> Vec<Note> {
    leg.calls.notes(Handle::Leg(leg.index)).into_iter().filter(|note| note.noted == kind).collect()
}

/// The A leg to which FreeSWITCH connected a B leg.
fn caller_of<'a>(leg: &LegRef<'a>) -> Option<LegRef<'a>> {
    let joins = leg.calls.joins();
    let pair = joins.pairs_of(leg.index).find(|pair| pair.is_joined() && pair.b == leg.index)?;
    leg.calls.leg_ref(leg.snapshot, pair.a).filter(|a| a.leg.side == Side::A)
}

/// All that the A leg has and the B leg has not, in one sentence.
fn lost(case: &Case<'_>) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.side == Side::B && !leg.leg.is(LegFlags::BEGUN_BEFORE))?;
    let caller = caller_of(&leg).filter(|a| a.leg.is(LegFlags::EMERGENCY))?;
    let kinds = [
        (Noted::Identifier, "the identifier"),
        (Noted::Geolocation, "Geolocation"),
        (Noted::CallInfo, "Call-Info"),
        (Noted::Part, "the part"),
    ];
    let gone: Vec<String> = kinds.iter().filter_map(|kind| named(&leg, &caller, *kind, Loss::Gone)).collect();
    let changed = named(&leg, &caller, (Noted::Part, "the part"), Loss::Changed);
    let gone = (!gone.is_empty()).then(|| gone.join(", "));
    let changed = changed.map(|what| format!("{what} (changed)"));
    let all: Vec<String> = gone.into_iter().chain(changed).collect();
    let (from, to) = (caller.host(), leg.host());
    let text = || format!("FreeSWITCH did not pass on from {from} to {to}: {}", all.join(", "));
    (!all.is_empty()).then(|| (text(), leg.leg.first))
}

/// What became of a thing that the B leg has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    /// The B leg has nothing of its kind.
    Gone,
    /// The B leg has a part of this type with other bytes.
    Changed,
}

/// `Call-Info urn:x and 1 more`: the things of a kind that the A leg has and the B leg has not.
fn named(leg: &LegRef<'_>, caller: &LegRef<'_>, (noted, what): (Noted, &str), loss: Loss) -> Option<String> {
    let ours = notes_of(leg, noted);
    let texts =
        notes_of(caller, noted).into_iter().filter(|note| !ours.iter().any(|own| own.value == note.value));
    let names: Vec<String> = texts
        .map(|note| String::from_utf8_lossy(leg.calls.text(note.value)).into_owned())
        // The hash of a part says nothing to people.
        .map(|text| text.split_once(' ').map_or(text.clone(), |(name, _)| name.to_owned()))
        .filter(|name| {
            let is_changed = noted == Noted::Part && ours.iter().any(|own| has_type(leg, own, name));
            is_changed == (loss == Loss::Changed)
        })
        .collect();
    let more = names.len().checked_sub(1)?;
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    Some(format!("{what} {}{more}", names[0]))
}

fn has_type(leg: &LegRef<'_>, part: &Note, name: &str) -> bool {
    leg.calls.text(part.value).split(|&b| b == b' ').next() == Some(name.as_bytes())
}
