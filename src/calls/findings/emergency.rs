//! Rules about emergency calls (NG911): what FreeSWITCH did not pass on from the A leg to the B leg.
//!
//! Must not know: how texts are read, why legs are joined.

use super::case::Case;
use super::{Check, Found, note};
use crate::calls::facts::LegRef;
use crate::calls::leg::{LegFlags, Side};
use crate::calls::list::Handle;
use crate::calls::note::{Note, Noted};

pub(super) const CHECKS: &[Check] = &[
    note(
        "emergency-id-lost",
        "NENA-STA-010",
        "an identifier of the incident or the emergency call is not on the B leg",
        |case| lost(case, Noted::Identifier, "the identifier"),
    ),
    note("geolocation-lost", "RFC 6442 §4.2", "Geolocation of the A leg is not on the B leg", |case| {
        lost(case, Noted::Geolocation, "Geolocation")
    }),
    note("call-info-lost", "RFC 7852 §3", "a Call-Info URI of the A leg is not on the B leg", |case| {
        lost(case, Noted::CallInfo, "Call-Info")
    }),
    note("part-lost", "RFC 7852 §3", "a part of the body was changed or lost on the B leg", |case| {
        lost(case, Noted::Part, "the part")
    }),
];

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

/// The first of such things that the A leg has and the B leg has not.
fn lost(case: &Case<'_>, noted: Noted, what: &str) -> Found {
    let leg = case.leg.filter(|leg| leg.leg.side == Side::B && !leg.leg.is(LegFlags::BEGUN_BEFORE))?;
    let caller = caller_of(&leg).filter(|a| a.leg.is(LegFlags::EMERGENCY))?;
    let ours = notes_of(&leg, noted);
    let theirs = notes_of(&caller, noted);
    let mut gone = theirs.iter().filter(|note| !ours.iter().any(|own| own.value == note.value));
    let first = gone.next()?;
    let text = String::from_utf8_lossy(leg.calls.text(first.value)).into_owned();
    let (name, hash) = text.split_once(' ').unwrap_or((&text, ""));
    let is_changed = noted == Noted::Part && ours.iter().any(|own| has_type(&leg, own, name));
    let done = if is_changed { "changed" } else { "did not pass on" };
    let more = gone.count();
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    debug_assert!(noted != Noted::Part || !hash.is_empty());
    Some((
        format!("FreeSWITCH {done} {what} {name}{more} of {} to {}", caller.host(), leg.host()),
        leg.leg.first,
    ))
}

fn has_type(leg: &LegRef<'_>, part: &Note, name: &str) -> bool {
    leg.calls.text(part.value).split(|&b| b == b' ').next() == Some(name.as_bytes())
}
