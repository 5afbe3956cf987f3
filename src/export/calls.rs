//! Calls as JSON, one object per line.
//!
//! Must not know: filters, how legs are found.

use serde_json::{Value, json};

use crate::base::Timestamp;
use crate::calls::{CallOf, DialogRef, End, Finding, Handle, LegRef, NO_MESSAGE, State, Verdict};
use crate::store::{DAY, Flags, MessageIdx, Snapshot};

use super::json::Object;

/// `05:53:48.014447`, with the date before it if it is known.
pub fn time_of(snapshot: &Snapshot, message: MessageIdx) -> Option<String> {
    let row = snapshot.row(message)?.row;
    let stamp = Timestamp::of_day_micros(row.time.rem_euclid(DAY) as u64);
    let dated = row.flags.has(Flags::DATED).then(|| stamp.on_day(row.time.div_euclid(DAY))).flatten();
    Some(dated.unwrap_or(stamp).to_string())
}

fn text(bytes: &[u8]) -> Value {
    Value::String(String::from_utf8_lossy(bytes).into_owned())
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text.to_lowercase()) }
}

fn ms(micros: Option<i64>) -> Value {
    micros.map_or(Value::Null, |micros| json!(micros as f64 / 1000.0))
}

fn number(message: MessageIdx) -> Value {
    if message == NO_MESSAGE { Value::Null } else { json!(message + 1) }
}

fn findings(found: &[Finding]) -> Value {
    let one = |f: &Finding| {
        let level = if f.rule.is_note { "note" } else { "problem" };
        json!({"rule": f.rule.name, "level": level, "text": f.text, "message": number(f.message), "rfc": f.rule.rfc})
    };
    found.iter().map(one).collect()
}

fn verdict(verdict: &Verdict) -> Value {
    json!({"rule": verdict.rule, "text": verdict.text, "message": number(verdict.message)})
}

/// Appends the object of a call and a line end.
pub fn json(out: &mut Vec<u8>, call: &CallOf<'_>) {
    let judged = call.legs.judged();
    let first = call.legs.main();
    let named = |of: fn(&LegRef<'_>) -> Vec<Vec<u8>>| {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for id in call.legs.legs().iter().flat_map(of) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all.iter().map(|id| text(id)).collect::<Value>()
    };
    let incidents = named(|leg| leg.calls.incidents(Handle::Leg(leg.index)).map(<[u8]>::to_vec).collect());
    let identifiers =
        named(|leg| leg.calls.identifiers(Handle::Leg(leg.index)).map(<[u8]>::to_vec).collect());
    let fields = [
        ("call", json!(call.number + 1)),
        ("start", json!(time_of(first.snapshot, first.leg.first))),
        ("end", end(&first)),
        ("state", json!(word(call.legs.state()))),
        ("status", status(&first)),
        ("from", text(first.from())),
        ("to", text(first.to())),
        ("ended_by", text_or_null(call.legs.ended_by())),
        ("ring_ms", ms(first.rang())),
        ("talk_ms", ms(first.talk())),
        ("verdict", self::verdict(&judged.verdict)),
        ("incidents", incidents),
        ("identifiers", identifiers),
    ];
    let mut object = Object::new(out);
    for (key, value) in &fields {
        object.value(key, value);
    }
    object.with("legs", |out| {
        for (number, (leg, (verdict, found))) in call.legs.legs().iter().zip(&judged.legs).enumerate() {
            out.push(if number == 0 { b'[' } else { b',' });
            leg_json(out, leg, verdict, found);
        }
        out.push(b']');
    });
    object.value("pairs", &pairs(call));
    object.close();
    out.push(b'\n');
}

/// The joined pairs: FreeSWITCH connected leg `b` to leg `a`.
fn pairs(call: &CallOf<'_>) -> Value {
    let mut pairs = Vec::new();
    for leg in call.legs.legs() {
        let joins = leg.calls.joins();
        for pair in joins.pairs_of(leg.index).filter(|pair| pair.a == leg.index && pair.is_joined()) {
            let score = (f64::from(pair.score()) * 1000.0).round() / 1000.0;
            let reasons = joins.reasons(pair);
            pairs.push(json!({"a": pair.a + 1, "b": pair.b + 1, "score": score, "reasons": reasons}));
        }
    }
    Value::Array(pairs)
}

/// Undecided states are one word in JSON.
fn word(state: State) -> &'static str {
    if state.is_open() { State::InProgress.as_str() } else { state.as_str() }
}

fn status(leg: &LegRef<'_>) -> Value {
    if leg.leg.status == 0 { Value::Null } else { json!(leg.leg.status) }
}

fn end(leg: &LegRef<'_>) -> Value {
    let time = leg.ended_message().and_then(|message| time_of(leg.snapshot, message));
    time.map_or(Value::Null, Value::String)
}

/// Appends the object of a leg, one field after another: a trace has a million legs.
fn leg_json(out: &mut Vec<u8>, leg: &LegRef<'_>, judged: &Verdict, found: &[Finding]) {
    let state = leg.state();
    let mut object = Object::new(out);
    for (key, value) in identity(leg).iter().chain(&course(leg)) {
        object.value(key, value);
    }
    if state.is_open() {
        object.value("phase", &json!(state.as_str()));
    }
    object.value("verdict", &verdict(judged));
    object.value("findings", &findings(found));
    object.close();
}

/// Who a leg is of, and how it went.
fn identity(leg: &LegRef<'_>) -> [(&'static str, Value); 12] {
    let side = leg.leg.side.as_str();
    [
        ("id", json!(leg.index + 1)),
        ("call_id", text(leg.call_id())),
        ("profile", json!(leg.profile())),
        ("role", if side.is_empty() { Value::Null } else { json!(side) }),
        ("kind", json!("call")),
        ("peer", text(leg.peer())),
        ("from", text(leg.from())),
        ("to", text(leg.to())),
        ("state", json!(word(leg.state()))),
        ("status", status(leg)),
        ("cause", if leg.leg.cause == 0 { Value::Null } else { json!(leg.leg.cause) }),
        ("reason", if leg.reason().is_empty() { Value::Null } else { text(leg.reason()) }),
    ]
}

/// When what happened on a leg, and what it used.
fn course(leg: &LegRef<'_>) -> [(&'static str, Value); 19] {
    let time = |message| time_of(leg.snapshot, message);
    [
        ("start", json!(time(leg.leg.first))),
        ("ringing", json!(time(leg.leg.ringing))),
        ("answered", json!(leg.answered().and_then(|_| time(leg.leg.fin)))),
        ("end", end(leg)),
        ("cut", json!(leg.is_cut())),
        ("pdd_ms", ms(leg.post_dial_delay())),
        ("setup_ms", ms(leg.setup())),
        ("talk_ms", ms(leg.talk())),
        ("hangup_by", json!(leg.leg.ended_by().map(End::as_str))),
        ("ended_by", json!(leg.ending_end().map(End::as_str))),
        ("messages", json!(leg.leg.messages)),
        ("retransmissions", json!(leg.leg.retransmissions)),
        ("forks", json!(leg.leg.forks)),
        ("holds", json!(leg.leg.holds)),
        ("held_ms", json!(leg.held().unwrap_or_default() / 1000)),
        ("codecs_offered", json!(leg.leg.offered.to_string())),
        ("codecs_agreed", json!(leg.leg.agreed.to_string())),
        ("media_peer", json!(leg.peer_media().map(|address| address.to_string()))),
        ("media_local", json!(leg.our_media().map(|address| address.to_string()))),
    ]
}

/// Appends the object of a dialog that is not a call, and a line end.
pub fn dialog_json(out: &mut Vec<u8>, dialog: &DialogRef<'_>) {
    let first = dialog.first();
    let user = |of: fn(&crate::store::RowRef<'_>) -> Vec<u8>| {
        first.as_ref().map_or(Value::Null, |row| text(&of(row)))
    };
    let time = |message| time_of(dialog.snapshot, message);
    let object = json!({
        "kind": dialog.dialog.kind().as_str(),
        "call_id": text(dialog.snapshot.call_id(dialog.dialog.call_id)),
        "profile": dialog.profile(),
        "peer": user(|row| row.peer().to_vec()),
        "from": user(|row| row.from().to_vec()),
        "to": user(|row| row.to().to_vec()),
        "state": dialog.state(),
        "status": if dialog.dialog.status == 0 { Value::Null } else { json!(dialog.dialog.status) },
        "start": time(dialog.dialog.first),
        "answered": time(dialog.dialog.fin),
        "expires_secs": dialog.expires(),
        "round_trip_ms": ms(dialog.round_trip()),
        "messages": dialog.dialog.messages,
        "failures": dialog.dialog.failures,
        "incidents": dialog.calls.incidents(Handle::Dialog(dialog.index)).map(text).collect::<Value>(),
        "identifiers": dialog.calls.identifiers(Handle::Dialog(dialog.index)).map(text).collect::<Value>(),
        "findings": findings(&dialog.findings()),
        "legs": [],
    });
    super::json::value(out, &object);
}
