//! Joining on pieces of real traces: every kind of call, with the pairs that FreeSWITCH's own events give; and while growing.
//!
//! Must not know: how legs are scored.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

use hashbrown::HashMap;

use super::Joins;
use super::facts::{Facts, NEVER, Times};
use super::model::Model;
use super::solve::{Task, solve};
use crate::calls::{Builder, Kind, Number, Signals};
use crate::message::MessageReader;
use crate::store::{DayClock, Row, RowBuilder, Snapshot, Store};

/// A message with what was read of it.
pub(super) struct Message {
    row: Row,
    host: Vec<u8>,
    signals: Signals,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// The messages of the fixture's three profiles by time, and their index.
fn messages() -> (Vec<Message>, Snapshot) {
    messages_of(&folder("legs"), &["internal", "external", "esinet"])
}

fn messages_of(folder: &Path, profiles: &[&str]) -> (Vec<Message>, Snapshot) {
    let mut all = Vec::new();
    for (source, name) in profiles.iter().enumerate() {
        let file = std::fs::File::open(folder.join(name).with_extension("dump.xz")).unwrap();
        let mut text = Vec::new();
        xz2::read::XzDecoder::new(file).read_to_end(&mut text).unwrap();
        read(&text, source as u16, &mut all);
    }
    indexed(all)
}

/// The messages of one dump, and their index.
fn messages_in(dump: &[u8]) -> (Vec<Message>, Snapshot) {
    let mut all = Vec::new();
    read(dump, 0, &mut all);
    indexed(all)
}

pub(super) fn read(dump: &[u8], source: u16, into: &mut Vec<(RowBuilder, Signals)>) {
    let (mut reader, mut clock) = (MessageReader::new(dump), DayClock::default());
    while let Some(message) = reader.next_message().unwrap() {
        let (mut builder, mut signals) = (RowBuilder::default(), Signals::default());
        let head = builder.fill(&message, source, &mut clock);
        signals.read_head(&message, &head, builder.fields());
        signals.read_body();
        into.push((builder, signals));
    }
}

pub(super) fn indexed(mut all: Vec<(RowBuilder, Signals)>) -> (Vec<Message>, Snapshot) {
    all.sort_by_key(|(builder, _)| builder.time());
    let mut store = Store::default();
    let mut messages = Vec::new();
    for (builder, signals) in all {
        store.push(&builder);
        let row = *store.last().unwrap().0;
        messages.push(Message { row, host: builder.address().to_vec(), signals });
    }
    (messages, store.snapshot())
}

pub(super) fn feed(builder: &mut Builder, messages: &[Message], first: usize) {
    for (index, message) in messages.iter().enumerate() {
        builder.take(&message.row, (first + index) as u32, &message.host, &message.signals);
    }
}

/// The Call-IDs of joined pairs, each pair sorted.
fn found(joins: &Joins, builder: &Builder, snapshot: &Snapshot) -> BTreeSet<[String; 2]> {
    let name = |leg| {
        let call_id = builder.calls().leg(leg).unwrap().call_id;
        String::from_utf8_lossy(snapshot.call_id(call_id)).into_owned()
    };
    let joined = joins.iter().filter(|pair| pair.is_joined());
    joined.map(|pair| sorted(name(pair.a), name(pair.b))).collect()
}

fn sorted(one: String, other: String) -> [String; 2] {
    if one < other { [one, other] } else { [other, one] }
}

fn truth() -> Vec<([String; 2], String)> {
    let text = std::fs::read_to_string(folder("legs").join("pairs.tsv")).unwrap();
    let line = |line: &str| {
        let [a, b, kind, scenario] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        (sorted(a.to_owned(), b.to_owned()), format!("{kind}, {scenario}"))
    };
    text.lines().skip(1).map(line).collect()
}

#[test]
fn every_kind_of_call_is_joined_and_nothing_else() {
    let (messages, snapshot) = messages();
    let mut builder = Builder::default();
    feed(&mut builder, &messages, 0);
    let calls = builder.snapshot();
    let found = found(calls.joins(), &builder, &snapshot);
    let truth = truth();
    let missed: Vec<&str> =
        truth.iter().filter(|(pair, _)| !found.contains(pair)).map(|(_, what)| &what[..]).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let wrong: Vec<_> =
        found.iter().filter(|pair| truth.iter().all(|(true_pair, _)| true_pair != *pair)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// 14 calls a second between three callers and four numbers: no pair is certain by itself before the trace has taught how long
/// FreeSWITCH takes. The pairs are those of FreeSWITCH's log.
#[test]
fn look_alikes_in_dense_traffic_are_joined() {
    let (messages, snapshot) = messages_of(&folder("legs-dense"), &["internal"]);
    let mut builder = Builder::default();
    feed(&mut builder, &messages, 0);
    let found = found(builder.snapshot().joins(), &builder, &snapshot);
    let text = std::fs::read_to_string(folder("legs-dense").join("pairs.tsv")).unwrap();
    let pair = |line: &str| line.split_once('\t').map(|(a, b)| sorted(a.to_owned(), b.to_owned()));
    let truth: BTreeSet<_> = text.lines().skip(1).filter_map(pair).collect();
    assert_eq!((truth.len(), &found), (88, &truth));
}

#[test]
fn each_pair_has_reasons() {
    let (messages, _) = messages();
    let mut builder = Builder::default();
    feed(&mut builder, &messages, 0);
    let calls = builder.snapshot();
    assert!(calls.joins().iter().all(|pair| !calls.joins().reasons(pair).is_empty()));
    let all: Vec<String> = calls.joins().iter().flat_map(|pair| calls.joins().reasons(pair)).collect();
    for part in [
        "after 100 Trying",
        "200 passed on after",
        "told to A",
        "after REFER",
        "Replaces names",
        "another leg",
    ] {
        assert!(all.iter().any(|reason| reason.contains(part)), "{part}");
    }
}

/// The same traffic again and again, with other Call-IDs, `period` apart.
fn again(messages: &[Message], copy: u32, period: i64, call_ids: u32) -> Vec<Message> {
    let salt = u64::from(copy).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let other = |message: &Message| {
        let mut row = message.row;
        row.time += i64::from(copy) * period;
        if row.call != 0 {
            row.call += copy * call_ids;
        }
        let mut signals = message.signals.clone();
        for (kind, value) in &mut signals.marks {
            if matches!(
                kind,
                Kind::Own | Kind::CallId | Kind::Replaces | Kind::Branch | Kind::Part | Kind::Extension
            ) {
                *value ^= salt;
            }
        }
        Message { row, host: message.host.clone(), signals }
    };
    messages.iter().map(other).collect()
}

#[test]
fn what_grows_is_joined_as_what_is_there_at_once() {
    let (messages, snapshot) = messages();
    let call_ids = snapshot.call_count() as u32;
    let mut results = Vec::new();
    for step in [usize::MAX, 9001] {
        let (mut builder, mut taken, mut legs) = (Builder::default(), 0, 0);
        for copy in 0..30 {
            for message in again(&messages, copy, 120_000_000, call_ids) {
                builder.take(&message.row, taken, &message.host, &message.signals);
                taken += 1;
                if (taken as usize).is_multiple_of(step) {
                    legs += builder.snapshot().joins().len();
                }
            }
        }
        assert_eq!(legs > 0, step < usize::MAX);
        let calls = builder.snapshot();
        let pairs: BTreeSet<(u32, u32, bool)> =
            calls.joins().iter().map(|p| (p.a, p.b, p.is_joined())).collect();
        results.push(pairs);
    }
    assert_eq!(results[0], results[1]);
    let joined = results[0].iter().filter(|pair| pair.2).count();
    assert!(joined >= 30 * (truth().len() - 2), "{joined} of {}", 30 * truth().len());
}

/// Joined pairs that are no pairs, by the Call-IDs' numbers of the fixture and the copies.
fn wrong_pairs(messages: &[Message], snapshot: &Snapshot) -> (usize, Vec<(u32, u32)>) {
    let mut builder = Builder::default();
    feed(&mut builder, messages, 0);
    let call_ids = snapshot.call_count() as u32;
    let name = |call: u32| String::from_utf8_lossy(snapshot.call_id((call - 1) % call_ids + 1)).into_owned();
    let truth: BTreeSet<[String; 2]> = truth().into_iter().map(|(pair, _)| pair).collect();
    let calls = builder.snapshot();
    let call_id = |leg| calls.leg(leg).unwrap().call_id;
    let joined = calls.joins().iter().filter(|pair| pair.is_joined());
    let pairs: Vec<(u32, u32)> = joined.map(|pair| (call_id(pair.a), call_id(pair.b))).collect();
    let is_wrong = |&&(a, b): &&(u32, u32)| {
        (a - 1) / call_ids != (b - 1) / call_ids || !truth.contains(&sorted(name(a), name(b)))
    };
    (pairs.len(), pairs.iter().filter(is_wrong).copied().collect())
}

/// What cannot be known is not joined: every call again after 8 ms, with the same numbers.
#[test]
fn twins_that_begin_within_8_ms_are_not_mixed_up() {
    let (messages, snapshot) = messages();
    let call_ids = snapshot.call_count() as u32;
    let mut all = again(&messages, 0, 0, call_ids);
    all.extend(again(&messages, 1, 8_000, call_ids));
    all.sort_by_key(|message| message.row.time);
    let (joined, wrong) = wrong_pairs(&all, &snapshot);
    assert!(joined > truth().len(), "{joined}");
    assert_eq!(wrong, []);
}

/// The true A leg of every other B leg is not in the trace, and another call begins nearby.
#[test]
fn a_leg_whose_other_leg_is_missing_is_not_joined() {
    let (messages, snapshot) = messages();
    let a_legs: BTreeSet<String> = truth().into_iter().flat_map(|(pair, _)| pair).collect();
    for kept in 0..3 {
        let is_missing = |message: &Message| {
            let name = String::from_utf8_lossy(snapshot.call_id(message.row.call)).into_owned();
            a_legs.contains(&name) && name.bytes().map(u32::from).sum::<u32>() % 3 == kept
        };
        let mut rest = again(&messages, 0, 0, 0);
        rest.retain(|message| !is_missing(message));
        let (joined, wrong) = wrong_pairs(&rest, &snapshot);
        assert!(joined > truth().len() / 4, "{joined}");
        assert_eq!(wrong, []);
    }
}

/// The legs of the fixture.
fn facts(messages: &[Message]) -> Vec<Facts> {
    let mut builder = Builder::default();
    feed(&mut builder, messages, 0);
    let calls = builder.calls();
    let facts = |leg| builder.evidence(leg).and_then(|known| Facts::of(leg, calls.leg(leg)?, known));
    (0..calls.leg_count() as u32).filter_map(facts).collect()
}

/// How many pairs are compared for each leg of `copies` of these legs that begin `period` apart.
fn compared(legs: &[Facts], copies: u32, period: i64) -> f64 {
    let copy = |copy: u32| {
        let salt = u64::from(copy).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        legs.iter().map(move |leg| leg.copied(i64::from(copy) * period, salt))
    };
    let mut all: Vec<Facts> = (0..copies).flat_map(copy).collect();
    all.sort_by_key(|leg| leg.start);
    let (model, fixed) = (Model::default(), HashMap::new());
    let solution = solve(&Task { model: &model, legs: &all, fixed: &fixed, wanted: &|_| true });
    solution.compared as f64 / all.len() as f64
}

impl Facts {
    /// The same leg `later`, with another Call-ID.
    fn copied(&self, later: i64, salt: u64) -> Self {
        let mut copy = self.clone();
        let Times { trying, ringing, answered, failed, cancelled, bye, last, .. } = &mut copy.times;
        let times =
            [trying, ringing, answered, failed, cancelled, bye, last, &mut copy.start, &mut copy.invited];
        times.into_iter().filter(|time| **time != NEVER).for_each(|time| *time += later);
        copy.refers.iter_mut().for_each(|refer| refer.time += later);
        copy.own ^= salt;
        copy
    }
}

/// Joining is linear: over a long time, and in a burst of calls between the same numbers.
#[test]
fn a_leg_is_compared_with_few_legs_however_many_there_are() {
    let legs = facts(&messages().0);
    for period in [20_000_000, 2_000] {
        let pairs = compared(&legs, 12, period);
        assert!(pairs < 200.0, "{pairs}, {period} apart");
    }
}

/// The messages of an A leg and of two B legs; the second B leg has the A leg's `field`.
fn with_field(field: &str) -> Vec<Message> {
    let mut dump = String::new();
    for (leg, way) in ["recv # bytes from", "sent # bytes to", "sent # bytes to"].into_iter().enumerate() {
        let own = if leg == 1 { "" } else { field };
        let content = format!(
            "INVITE sip:b{leg}@example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z{leg}\r\nFrom: <sip:a{leg}@x>;tag={leg}\r\n\
             To: <sip:b{leg}@x>\r\nCall-ID: leg-{leg}\r\nCSeq: 1 INVITE\r\n{own}Content-Length: 0\r\n\r\n"
        );
        let way = way.replace('#', &content.len().to_string());
        let peer = leg + 1;
        write!(dump, "{way} udp/[192.0.2.{peer}]:5060 at 06:00:00.{leg}00000:\n{content}\x0b\n").unwrap();
    }
    messages_in(dump.as_bytes()).0
}

/// Each identifier that is made for one call joins legs by itself, and is named.
#[test]
fn an_identifier_of_the_call_joins_legs() {
    let (session, urn) =
        ("ab30317f1a784dc48ff824d0d3715d86", "urn:emergency:uid:callid:a56e556d871:bcf.example");
    let fields = [
        (format!("Session-ID: {session};remote=00000000000000000000000000000000\r\n"), "the same Session-ID"),
        (
            "P-Charging-Vector: icid-value=AyretyU0dm;orig-ioi=x\r\n".to_owned(),
            "the same icid-value in P-Charging-Vector",
        ),
        (
            format!("Call-Info: <{urn}>;purpose=emergency-CallId\r\n"),
            "the same identifier of an emergency call",
        ),
        ("X-Other: leg-0\r\n".to_owned(), "a header field names the other Call-ID"),
    ];
    for (field, reason) in fields {
        let mut builder = Builder::default();
        feed(&mut builder, &with_field(&field), 0);
        let calls = builder.snapshot();
        let joined: Vec<_> = calls.joins().iter().filter(|pair| pair.is_joined()).collect();
        let [pair] = joined[..] else { panic!("{field}: {} pairs", joined.len()) };
        assert_eq!((pair.a, pair.b), (0, 2), "{field}");
        assert_eq!(calls.joins().reasons(pair)[0], reason);
    }
}

/// The same messages between other numbers.
fn renumbered(mut messages: Vec<Message>, copy: u32) -> Vec<Message> {
    let numbers = [Kind::From, Kind::To, Kind::Callee, Kind::Identity, Kind::ReferTo, Kind::Diverted];
    let marks = messages.iter_mut().flat_map(|message| &mut message.signals.marks);
    for (_, value) in
        marks.filter(|(kind, value)| numbers.contains(kind) && Number::from_packed(*value).is_digits())
    {
        // Three of the last digits; those that are 8 or 9 stay.
        let digit = |value: u64, at: u32| value >> (4 * at) & 15;
        for at in 1..4 {
            let other = if digit(*value, at) < 8 { copy >> (3 * (at - 1)) & 7 } else { 0 };
            *value ^= u64::from(other) << (4 * at);
        }
    }
    messages
}

/// The time of this thread, in nanoseconds.
fn thread_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Prints how long joining takes for each leg while it is loaded: the time of building and joining less that of building alone,
/// for which all messages have one time.
#[test]
#[expect(clippy::print_stdout, reason = "it prints what it measures")]
#[ignore = "a measurement: cargo test --release --lib time_of_a_leg -- --ignored --nocapture"]
fn time_of_a_leg() {
    let (messages, snapshot) = messages();
    let (call_ids, legs) = (snapshot.call_count() as u32, facts(&messages).len() as i64);
    for (name, a_second) in [("100 legs a second", 100), ("420 legs a second", 420), ("a burst", 100_000)] {
        let copy = |copy| renumbered(again(&messages, copy, legs * 1_000_000 / a_second, call_ids), copy);
        let mut all: Vec<Message> = (0..60).flat_map(copy).collect();
        all.sort_by_key(|message| message.row.time);
        let [both, alone] = [false, true].map(|is_alone| {
            if is_alone {
                for message in &mut all {
                    message.row.time = 0;
                }
            }
            let (mut builder, start) = (Builder::default(), thread_time());
            feed(&mut builder, &all, 0);
            let pairs = if is_alone { 0 } else { builder.snapshot().joins().len() };
            ((thread_time() - start) / builder.calls().leg_count() as u64, pairs)
        });
        println!("{name}: joining {} ns a leg, building {} ns; {} pairs", both.0 - alone.0, alone.0, both.1);
    }
}
