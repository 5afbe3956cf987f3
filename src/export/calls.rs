//! Calls as JSON, one object per line.
//!
//! Must not know: filters, how legs are found.

use std::borrow::Cow;
use std::net::SocketAddr;

use crate::base::Timestamp;
use crate::calls::{CallOf, DialogRef, Finding, Handle, LegRef, NO_MESSAGE, State, Verdict};
use crate::store::{DAY, Flags, MessageIdx, RowRef, Snapshot};

use super::json::{Object, Scalar, array};

/// `05:53:48.014447`, with the date before it if it is known.
pub fn time_of(snapshot: &Snapshot, message: MessageIdx) -> Option<String> {
    stamp_of(snapshot, message).map(|stamp| stamp.to_string())
}

/// Until when a registration or subscription lasts.
fn until(dialog: &DialogRef<'_>) -> Scalar<'static> {
    let dated = dialog.snapshot.row(dialog.dialog.fin).map(|row| row.row.flags);
    let stamp = |micros| stamp_at(micros, dated.unwrap_or_default());
    Scalar::some(dialog.until().map(stamp), Scalar::Stamp)
}

/// Why a subscription ended.
fn reason<'a>(dialog: &DialogRef<'a>) -> Option<&'a [u8]> {
    Some(dialog.end_reason()).filter(|reason| !reason.is_empty())
}

fn stamp_of(snapshot: &Snapshot, message: MessageIdx) -> Option<Timestamp> {
    let row = snapshot.row(message)?.row;
    Some(stamp_at(row.time, row.flags))
}

/// A time in the microseconds of the rows; with its date where `flags` say that dates are known.
fn stamp_at(micros: i64, flags: Flags) -> Timestamp {
    let stamp = Timestamp::of_day_micros(micros.rem_euclid(DAY) as u64);
    let dated = flags.has(Flags::DATED).then(|| stamp.on_day(micros.div_euclid(DAY))).flatten();
    dated.unwrap_or(stamp)
}

fn time(snapshot: &Snapshot, message: MessageIdx) -> Scalar<'static> {
    Scalar::some(stamp_of(snapshot, message), Scalar::Stamp)
}

fn word(text: &'static str) -> Scalar<'static> {
    Scalar::Text(Cow::Borrowed(text))
}

fn ms(micros: Option<i64>) -> Scalar<'static> {
    Scalar::some(micros, Scalar::Millis)
}

/// A number for which 0 means that there is none.
fn unless_zero(number: u64) -> Scalar<'static> {
    Scalar::some((number != 0).then_some(number), Scalar::Number)
}

fn number(message: MessageIdx) -> Scalar<'static> {
    let known = (message != NO_MESSAGE).then_some(message);
    Scalar::some(known, |message| Scalar::Number(u64::from(message) + 1))
}

fn scalars(object: &mut Object<'_>, fields: &[(&str, Scalar<'_>)]) {
    for (key, value) in fields {
        object.scalar(key, value);
    }
}

/// Appends findings as an array.
pub fn findings_json(out: &mut Vec<u8>, found: &[Finding]) {
    array(out, found, |out, f| {
        let mut object = Object::new(out);
        object.scalar("rule", &word(f.rule.name));
        object.scalar("level", &word(if f.rule.is_note { "note" } else { "problem" }));
        object.scalar("text", &Scalar::Text(Cow::Borrowed(&f.text)));
        object.scalar("message", &number(f.message));
        object.scalar("rfc", &word(f.rule.rfc));
        object.close();
    });
}

fn verdict(out: &mut Vec<u8>, verdict: &Verdict) {
    let mut object = Object::new(out);
    object.scalar("rule", &word(verdict.rule));
    object.scalar("text", &Scalar::Text(Cow::Borrowed(&verdict.text)));
    object.scalar("message", &number(verdict.message));
    object.close();
}

/// Appends texts, each once.
fn texts<'a>(out: &mut Vec<u8>, all: impl Iterator<Item = &'a [u8]>) {
    let mut seen: Vec<&[u8]> = Vec::new();
    let new = all.filter(|text| {
        let is_new = !seen.contains(text);
        seen.extend(is_new.then_some(*text));
        is_new
    });
    array(out, new, |out, text| Scalar::of_bytes(text).write(out));
}

/// Appends the object of a call and a line end.
pub fn json(out: &mut Vec<u8>, call: &CallOf<'_>) {
    let judged = call.legs.judged();
    let first = call.legs.main();
    let ended_by = call.legs.ended_by();
    let mut object = Object::new(out);
    let fields = [
        ("call", Scalar::Number(u64::from(call.number) + 1)),
        ("start", time(first.snapshot, first.leg.first)),
        ("end", end(&first)),
        ("state", word(state_word(call.legs.state()))),
        ("status", unless_zero(first.leg.status.into())),
        ("from", Scalar::of_bytes(first.from())),
        ("to", Scalar::of_bytes(first.to())),
        (
            "ended_by",
            Scalar::some((!ended_by.is_empty()).then(|| ended_by.to_lowercase().into()), Scalar::Text),
        ),
        ("ring_ms", ms(first.rang())),
        ("talk_ms", ms(first.talk())),
    ];
    scalars(&mut object, &fields);
    object.with("verdict", |out| verdict(out, &judged.verdict));
    let legs = call.legs.legs();
    let incidents = legs.iter().flat_map(|leg| leg.calls.incidents(Handle::Leg(leg.index)));
    object.with("incidents", |out| texts(out, incidents));
    let identifiers = legs.iter().flat_map(|leg| leg.calls.identifiers(Handle::Leg(leg.index)));
    object.with("identifiers", |out| texts(out, identifiers));
    object.with("legs", |out| {
        array(out, legs.iter().zip(&judged.legs), |out, (leg, (verdict, found))| {
            leg_json(out, leg, verdict, found);
        });
    });
    object.with("pairs", |out| pairs(out, call));
    object.close();
    out.push(b'\n');
}

/// The joined pairs: FreeSWITCH connected leg `b` to leg `a`.
fn pairs(out: &mut Vec<u8>, call: &CallOf<'_>) {
    let joined = call.legs.legs().iter().flat_map(|leg| {
        let joins = leg.calls.joins();
        let own = joins.pairs_of(leg.index).filter(|pair| pair.a == leg.index && pair.is_joined());
        own.map(move |pair| (pair, joins.reasons(pair)))
    });
    array(out, joined, |out, (pair, reasons)| {
        let mut object = Object::new(out);
        object.scalar("a", &Scalar::Number(u64::from(pair.a) + 1));
        object.scalar("b", &Scalar::Number(u64::from(pair.b) + 1));
        // In thousandths, as milliseconds are.
        object.scalar("score", &Scalar::Millis((f64::from(pair.score()) * 1000.0).round() as i64));
        object.with("reasons", |out| {
            array(out, reasons, |out, reason| Scalar::Text(reason.into()).write(out));
        });
        object.close();
    });
}

/// Undecided states are one word in JSON.
pub fn state_word(state: State) -> &'static str {
    if state.is_open() { State::InProgress.as_str() } else { state.as_str() }
}

fn end(leg: &LegRef<'_>) -> Scalar<'static> {
    leg.ended_message().map_or(Scalar::Null, |message| time(leg.snapshot, message))
}

/// Appends the object of a leg.
fn leg_json(out: &mut Vec<u8>, leg: &LegRef<'_>, judged: &Verdict, found: &[Finding]) {
    let state = leg.state();
    let mut object = Object::new(out);
    scalars(&mut object, &identity(leg));
    scalars(&mut object, &course(leg));
    if state.is_open() {
        object.scalar("phase", &word(state.as_str()));
    }
    object.with("verdict", |out| verdict(out, judged));
    object.with("findings", |out| findings_json(out, found));
    object.close();
}

/// Who a leg is of, and how it went.
fn identity<'a>(leg: &LegRef<'a>) -> [(&'static str, Scalar<'a>); 12] {
    let side = leg.leg.side.as_str();
    let reason = leg.reason();
    [
        ("id", Scalar::Number(u64::from(leg.index) + 1)),
        ("call_id", Scalar::of_bytes(leg.call_id())),
        ("profile", Scalar::Text(leg.profile().into())),
        ("role", Scalar::some((!side.is_empty()).then_some(side), word)),
        ("kind", word("call")),
        ("peer", Scalar::of_bytes(leg.peer())),
        ("from", Scalar::of_bytes(leg.from())),
        ("to", Scalar::of_bytes(leg.to())),
        ("state", word(state_word(leg.state()))),
        ("status", unless_zero(leg.leg.status.into())),
        ("cause", unless_zero(leg.leg.cause.into())),
        ("reason", Scalar::some((!reason.is_empty()).then_some(reason), Scalar::of_bytes)),
    ]
}

/// When what happened on a leg, and what it used.
fn course(leg: &LegRef<'_>) -> [(&'static str, Scalar<'static>); 19] {
    let time = |message| self::time(leg.snapshot, message);
    let count = |number: u64| Scalar::Number(number);
    let address = |address: Option<SocketAddr>| {
        Scalar::some(address, |address| Scalar::Text(address.to_string().into()))
    };
    [
        ("start", time(leg.leg.first)),
        ("ringing", time(leg.leg.ringing)),
        ("answered", leg.answered().map_or(Scalar::Null, |_| time(leg.leg.fin))),
        ("end", end(leg)),
        ("cut", Scalar::Bool(leg.is_cut())),
        ("pdd_ms", ms(leg.post_dial_delay())),
        ("setup_ms", ms(leg.setup())),
        ("talk_ms", ms(leg.talk())),
        ("hangup_by", Scalar::some(leg.leg.ended_by(), |end| word(end.as_str()))),
        ("ended_by", Scalar::some(leg.ending_end(), |end| word(end.as_str()))),
        ("messages", count(leg.leg.messages.into())),
        ("retransmissions", count(leg.leg.retransmissions.into())),
        ("forks", count(leg.leg.forks.into())),
        ("holds", count(leg.leg.holds.into())),
        ("held_ms", count(leg.held().unwrap_or_default().unsigned_abs() / 1000)),
        ("codecs_offered", Scalar::Text(leg.leg.offered.to_string().into())),
        ("codecs_agreed", Scalar::Text(leg.leg.agreed.to_string().into())),
        ("media_peer", address(leg.peer_media())),
        ("media_local", address(leg.our_media())),
    ]
}

/// Appends the object of a dialog that is not a call, and a line end.
pub fn dialog_json(out: &mut Vec<u8>, dialog: &DialogRef<'_>) {
    let first = dialog.first();
    let first = first.as_ref();
    let time = |message| self::time(dialog.snapshot, message);
    let fields = [
        ("kind", word(dialog.dialog.kind().as_str())),
        ("call_id", Scalar::of_bytes(dialog.snapshot.call_id(dialog.dialog.call_id))),
        ("profile", Scalar::Text(dialog.profile().into())),
        ("peer", Scalar::some(first.map(RowRef::peer), Scalar::of_bytes)),
        ("from", Scalar::some(first.map(RowRef::from), Scalar::of_bytes)),
        ("to", Scalar::some(first.map(RowRef::to), Scalar::of_bytes)),
        ("state", Scalar::Text(dialog.state().into())),
        ("status", unless_zero(dialog.dialog.status.into())),
        ("start", time(dialog.dialog.first)),
        ("answered", time(dialog.dialog.fin)),
        ("expires_secs", Scalar::some(dialog.expires(), |secs| Scalar::Number(secs.into()))),
        ("until", until(dialog)),
        ("reason", Scalar::some(reason(dialog), Scalar::of_bytes)),
        ("round_trip_ms", ms(dialog.round_trip())),
        ("messages", Scalar::Number(dialog.dialog.messages.into())),
        ("failures", Scalar::Number(dialog.failures().into())),
    ];
    let mut object = Object::new(out);
    scalars(&mut object, &fields);
    let handle = Handle::Dialog(dialog.index);
    object.with("incidents", |out| texts(out, dialog.calls.incidents(handle)));
    object.with("identifiers", |out| texts(out, dialog.calls.identifiers(handle)));
    object.with("findings", |out| findings_json(out, &dialog.findings()));
    object.with("legs", |out| out.extend_from_slice(b"[]"));
    object.close();
    out.push(b'\n');
}
