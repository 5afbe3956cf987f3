//! The table of traces in `tests/fixtures/calls/`: what is said of each, grown message by message and at once.
//!
//! Must not know: the program.
//!
//! A line `= …` says what is expected of the leg. Other lines are messages: seconds, `<` received or `>` sent, method or status
//! and method, `CSeq`, and what else is in it (`tag` of To, `by` the callee, `user` and `to`, `sdp`, `h` any header field with
//! `_` for blanks and `~` for `_` and `~` for `_`, `digest` of a user, for `realm` and `nonce`, `stale`, `notags`, `over` a transport, `port`, `sdp2` a second description, `part` another part, `only` a part without `sdp`, `nested` for a description within an alternative, `pad` that number of extra bytes, `peer` its address, `call` its Call-ID). `! 5` is a marker with that time. Those in `whole-calls/` are of several legs.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    Builder, CallRef, Calls, DialogKind, DialogRef, DialogState, Handle, Judged, LegFlags, LegRef,
    Registrations, Side, Signals, State, rules, verdict_rules,
};
use crate::filter::{Field, Flag};
use crate::message::MessageReader;
use crate::store::{DayClock, LegBook, RowBuilder, Snapshot, Store};

fn traces() -> Vec<(String, String)> {
    traces_in("calls")
}

fn traces_in(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

const PHRASES: [(&str, &str); 20] = [
    ("180", "Ringing"),
    ("183", "Session Progress"),
    ("200", "OK"),
    ("302", "Moved Temporarily"),
    ("400", "Bad Request"),
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
    ("404", "Not Found"),
    ("407", "Proxy Authentication Required"),
    ("412", "Conditional Request Failed"),
    ("422", "Session Interval Too Small"),
    ("480", "Temporarily Unavailable"),
    ("481", "Call Does Not Exist"),
    ("483", "Too Many Hops"),
    ("486", "Busy Here"),
    ("487", "Request Terminated"),
    ("488", "Not Acceptable Here"),
    ("489", "Bad Event"),
    ("503", "Service Unavailable"),
    ("603", "Decline"),
];

/// One message as a frame of a dump; `! 5.0` is the marker of a dump that was opened 5 s after the trace's beginning.
fn frame(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words[0] == "!" {
        let second = words[1].parse::<f64>().unwrap() as i64 + 6 * 3600;
        let (hour, minute) = (second / 3600, second / 60 % 60);
        return format!("dump started at Mon Nov 23 {hour:02}:{minute:02}:{:02} 2026\n\n\n", second % 60);
    }
    let value = |key: &str| {
        let prefix = format!("{key}=");
        words.iter().find_map(|word| word.strip_prefix(&prefix[..]))
    };
    let is_response = words[2].parse::<u16>().is_ok();
    let (method, cseq) = if is_response { (words[3], words[4]) } else { (words[2], words[3]) };
    let phrase = PHRASES.iter().find(|(code, _)| *code == words[2]).map_or("Other", |(_, phrase)| phrase);
    let (user, to) = (value("user").unwrap_or("1013"), value("to").unwrap_or("5550126"));
    let mut text = if is_response {
        format!("SIP/2.0 {} {phrase}\r\n", words[2])
    } else {
        format!("{method} sip:{to}@pbx.example SIP/2.0\r\n")
    };
    let is_untagged = words.contains(&"notags");
    let tag = value("tag").map_or_else(String::new, |tag| format!(";tag={tag}"));
    let (from_tag, to_tag) = match value("by") {
        Some(_) => (tag, ";tag=a".to_owned()),
        None if is_untagged => (String::new(), String::new()),
        None => (";tag=a".to_owned(), tag),
    };
    let call = value("call").unwrap_or("one");
    write!(text, "Via: SIP/2.0/UDP pbx.example;branch=z9hG4bK{cseq}{}\r\n", value("by").unwrap_or("a"))
        .unwrap();
    write!(text, "From: <sip:{user}@pbx.example>{from_tag}\r\nTo: <sip:{to}@pbx.example>{to_tag}\r\n")
        .unwrap();
    write!(text, "Call-ID: {call}\r\nCSeq: {cseq} {method}\r\n").unwrap();
    for header in words.iter().filter_map(|word| word.strip_prefix("h=")) {
        write!(text, "{}\r\n", header.replace('_', " ").replace('~', "_")).unwrap();
    }
    text.push_str(&authentication(&words, cseq.parse().unwrap()));
    let mut body = value("sdp").map_or_else(String::new, sdp);
    let part =
        |(kind, body): (&str, &str)| format!("--b\r\nContent-Type: application/{kind}\r\n\r\n{body}\r\n");
    let second = value("sdp2").map(|text| ("sdp", sdp(text)));
    let second = second.or_else(|| value("part").map(|text| ("pidf+xml", text.to_owned())));
    if words.contains(&"nested") {
        let inner = format!("--c\r\nContent-Type: application/sdp\r\n\r\n{body}\r\n--c--\r\n");
        let pidf = part(("pidf+xml", "x"));
        body = format!("--b\r\nContent-Type: multipart/alternative;boundary=c\r\n\r\n{inner}{pidf}--b--\r\n");
        text.push_str("Content-Type: multipart/mixed;boundary=b\r\n");
    } else if let Some(only) = value("only") {
        body = format!("{}--b--\r\n", part(("pidf+xml", only)));
        text.push_str("Content-Type: multipart/mixed;boundary=b\r\n");
    } else if let Some((kind, second)) = second {
        body = format!("{}{}--b--\r\n", part(("sdp", &body)), part((kind, &second)));
        text.push_str("Content-Type: multipart/mixed;boundary=b\r\n");
    } else if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    if let Some(bytes) = value("pad").map(|bytes| bytes.parse().unwrap()) {
        write!(text, "Subject: {}\r\n", "x".repeat(bytes)).unwrap();
    }
    write!(text, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let way = if words[1] == "<" { ("recv", "from") } else { ("sent", "to") };
    let other = user == "1016" || call == "other";
    let peer = value("peer").unwrap_or(if other { "198.51.100.13" } else { "192.0.2.21" });
    let micros = (words[0].parse::<f64>().unwrap() * 1e6).round() as i64 + 6 * 3_600_000_000;
    let stamp = crate::base::time_of_day(micros);
    let end = (value("over").unwrap_or("udp"), value("port").unwrap_or("5060"));
    format!("{} {} bytes {} {}/[{peer}]:{} at {stamp}:\n{text}\x0b\n", way.0, text.len(), way.1, end.0, end.1)
}

/// The challenge of a 401 or 407, or the credentials of a request with `digest`; of the nonce that the request before got.
fn authentication(words: &[&str], cseq: u32) -> String {
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let (realm, nonce) = (value("realm").unwrap_or("x"), value("nonce"));
    let name = match words[2] {
        "401" => "WWW-Authenticate",
        "407" => "Proxy-Authenticate",
        _ => "Authorization",
    };
    let is_challenge = name != "Authorization";
    let nonce = nonce.map_or_else(|| format!("n{}", cseq - u32::from(!is_challenge)), str::to_owned);
    let stale = if words.contains(&"stale") { ", stale=true" } else { "" };
    match value("digest") {
        Some(user) => format!("{name}: Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\"\r\n"),
        None if is_challenge => format!("{name}: Digest realm=\"{realm}\", nonce=\"{nonce}\"{stale}\r\n"),
        None => String::new(),
    }
}

/// `CODEC@ADDRESS:PORT[:DIRECTION]`; `PCMU+T38-@…` are two streams, the second one with port 0.
fn sdp(text: &str) -> String {
    let (codec, rest) = text.split_once('@').unwrap();
    let mut parts = rest.split(':');
    let (address, port) = (parts.next().unwrap(), parts.next().unwrap());
    if codec.contains('+') {
        let mut text = format!("v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n");
        for (number, stream) in codec.split('+').enumerate() {
            let port = port.parse::<usize>().unwrap() + 2 * number;
            let (name, port) = stream.strip_suffix('-').map_or((stream, port), |name| (name, 0));
            let (kind, format) = match name {
                "T38" => ("image", "udptl t38"),
                "VIDEO" => ("video", "RTP/AVP 34"),
                "G729" => ("audio", "RTP/AVP 18"),
                _ => ("audio", "RTP/AVP 0"),
            };
            write!(text, "m={kind} {port} {format}\r\n").unwrap();
        }
        return text;
    }
    let payload = match codec {
        "G729" => "18",
        "DTMF" => "101\r\na=rtpmap:101 telephone-event/8000",
        "MANY" => "8 3 9 18 4 5 7 12 0",
        _ => "0",
    };
    let flow = parts.next().map_or_else(String::new, |flow| format!("a={flow}\r\n"));
    if codec == "T38" {
        return format!(
            "v=0\r\no=- 1 2 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=image {port} udptl t38\r\n"
        );
    }
    format!(
        "v=0\r\no=- 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP {payload}\r\n{flow}"
    )
}

/// Builds the index; a snapshot is taken after every message where `each` wants it.
fn index(dump: &str, mut each: impl FnMut(&Store, &Builder)) -> Snapshot {
    let (mut store, mut builder, mut row) = (Store::default(), Builder::default(), RowBuilder::default());
    let (mut signals, mut clock) = (Signals::default(), DayClock::default());
    let mut reader = MessageReader::new(dump.as_bytes());
    while let Some(message) = reader.next_message().unwrap() {
        let head = row.fill(&message, 0, &mut clock);
        signals.read_head(&message, &head, row.fields());
        signals.read_body();
        store.push(&row);
        let (last, index) = store.last().unwrap();
        let ordinal = builder.take(last, index, row.address(), &signals);
        store.set_leg(ordinal);
        each(&store, &builder);
    }
    let mut snapshot = store.snapshot();
    snapshot.legs = Some(Arc::new(builder.snapshot()));
    snapshot
}

fn dump(trace: &str) -> String {
    trace.lines().filter(|line| !line.starts_with('=')).map(frame).collect()
}

fn said_of_dialog(dialog: &DialogRef<'_>) -> Vec<String> {
    let findings = dialog.findings();
    let lines = findings.iter().map(|finding| format!("finding {}", finding.rule.name));
    let texts = findings.iter().map(|finding| format!("text {}", finding.text));
    let until = dialog.until().map(|until| format!("until {}", crate::base::time_of_day(until)));
    let failures = dialog.dialog.failures;
    let facts = [format!("state {}", dialog.state())].into_iter();
    let facts = facts.chain((failures > 0).then(|| format!("failures {failures}")));
    let none = findings.is_empty().then(|| "no finding".to_owned());
    lines.chain(texts).chain(facts).chain(until).chain(none).collect()
}

/// All that is said of a leg, a line each.
fn said(leg: &LegRef<'_>) -> Vec<String> {
    let (verdict, findings) = leg.verdict_and_findings();
    let mut lines = vec![
        format!("state {}", leg.state().as_str()),
        format!("verdict {}: {}", verdict.rule, verdict.text),
        format!("legs {}", leg.calls.leg_count()),
        format!("ended by {}", leg.ended_by()),
        format!("talked {}", leg.talk().unwrap_or_default() / 1000),
        format!("forks {}", leg.leg.forks),
        format!("holds {}", leg.leg.holds),
        format!("held {}", leg.held().unwrap_or_default() / 1000),
        format!("codecs {} > {}", leg.leg.offered, leg.leg.agreed),
    ];
    lines.extend(leg.our_media().map(|address| format!("ours {address}")));
    lines.extend(findings.iter().map(|finding| format!("finding {}", finding.rule.name)));
    lines.extend(findings.iter().map(|finding| format!("text {}", finding.text)));
    let flags = [("held", LegFlags::HELD), ("transferred", LegFlags::TRANSFERRED)];
    lines.extend(flags.iter().filter(|(_, flag)| leg.leg.is(*flag)).map(|(name, _)| format!("is {name}")));
    lines.push(if leg.is_cut() { "is cut" } else { "is whole" }.to_owned());
    if findings.is_empty() {
        lines.push("no finding".to_owned());
    }
    lines
}

#[test]
fn each_trace_gets_the_state_the_verdict_and_the_findings_that_it_names() {
    let mut faults = Vec::new();
    for (name, trace) in traces() {
        let snapshot = index(&dump(&trace), |_, _| ());
        let calls = Calls::of(&snapshot).unwrap();
        let said = match calls.leg_ref(&snapshot, 0) {
            Some(leg) => said(&leg),
            None => said_of_dialog(&calls.dialog_ref(&snapshot, 0).unwrap()),
        };
        for wanted in trace.lines().filter_map(|line| line.strip_prefix("= ")) {
            let (is_wanted, line) = wanted.strip_prefix("not ").map_or((true, wanted), |line| (false, line));
            if said.iter().any(|known| known == line) != is_wanted {
                faults.push(format!("{name}: {wanted}\n    {}", said.join("\n    ")));
            }
        }
        // A finding that is not expected is a false alarm.
        for line in said.iter().filter(|line| line.starts_with("finding ")) {
            if !trace.contains(&format!("= {line}\n")) {
                faults.push(format!("{name}: not expected: {line}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether a sentence uses one word for a response and for someone who picks up.
fn is_ambiguous(sentence: &str) -> bool {
    let is_of_people = ["answered,", "answered by", "no one answered", "without an answer", "did not answer"];
    let is_of_response =
        sentence.split("answered ").skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_of_response && is_of_people.iter().any(|words| sentence.contains(words))
}

#[test]
fn no_verdict_says_answered_both_of_a_response_and_of_someone_who_picks_up() {
    let mut count = 0;
    for (name, trace) in [traces(), traces_in("whole-calls")].concat() {
        let snapshot = index(&dump(&trace), |_, _| ());
        let calls = Calls::of(&snapshot).unwrap();
        for leg in calls.legs(&snapshot) {
            let call = calls.call_ref(&snapshot, leg.index).unwrap();
            for text in [leg.verdict().text, call.verdict().text] {
                assert!(!is_ambiguous(&text), "{name}: {text}");
                count += 1;
            }
        }
    }
    assert!(count > 150, "{count}");
    assert!(is_ambiguous("answered, talked 1.0 s, caller hung up; before that 192.0.2.20 answered 503"));
}

#[test]
fn what_grew_with_snapshots_between_is_what_was_computed_at_once() {
    for (name, trace) in traces() {
        let dump = dump(&trace);
        let at_once = index(&dump, |_, _| ());
        let mut taken = Vec::new();
        let grown = index(&dump, |store, builder| taken.push((store.snapshot(), builder.snapshot())));
        let legs = |snapshot: &Snapshot| {
            let calls = Calls::of(snapshot).unwrap();
            calls.legs(snapshot).map(|leg| (*leg.leg, said(&leg))).collect::<Vec<_>>()
        };
        assert_eq!(legs(&grown), legs(&at_once), "{name}");
        // The snapshots on the way say what a trace that ends there says.
        for (count, (messages, calls)) in taken.into_iter().enumerate() {
            let mut snapshot = messages;
            snapshot.legs = Some(Arc::new(calls));
            let frames: Vec<&str> = dump.split_inclusive("\x0b\n").take(count + 1).collect();
            assert_eq!(legs(&snapshot), legs(&index(&frames.concat(), |_, _| ())), "{name} after {count}");
        }
    }
}

#[test]
fn every_state_every_rule_of_the_verdict_and_every_finding_has_its_trace() {
    let traces = traces();
    let missing: Vec<&str> = verdict_rules()
        .filter(|rule| !traces.iter().any(|(_, trace)| trace.contains(&format!("= verdict {rule}: "))))
        .collect();
    assert_eq!(missing, [""; 0], "rules without a trace");
    let states = State::ALL.map(State::as_str).into_iter();
    let states = states.chain(DialogKind::ALL.into_iter().flat_map(DialogState::words));
    let has = |state: &&str| traces.iter().any(|(_, trace)| trace.contains(&format!("= state {state}\n")));
    let missing: std::collections::BTreeSet<&str> = states.filter(|state| !has(state)).collect();
    assert!(missing.is_empty(), "states without a trace: {missing:?}");
    let names: Vec<&str> = rules().map(|rule| rule.name).collect();
    let all = [traces_in("calls"), traces_in("whole-calls")].concat();
    let is_there = |name: &&str| all.iter().any(|(_, trace)| trace.contains(&format!("= finding {name}")));
    let missing: Vec<&&str> = names.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "findings without a trace: {missing:?}");
    for (name, trace) in &traces {
        for wanted in trace.lines().filter_map(|line| line.strip_prefix("= finding ")) {
            assert!(names.contains(&wanted), "{name}: no rule {wanted}");
        }
    }
}

#[test]
fn failing_registrations_are_counted_by_user_over_their_call_ids() {
    let trace = "\
        0.0 < REGISTER 1 user=1016 to=1016 call=a\n0.1 > 404 REGISTER 1 user=1016 to=1016 call=a tag=b\n\
        1.0 < REGISTER 1 user=1017 to=1017 call=b\n1.1 > 200 REGISTER 1 user=1017 to=1017 call=b tag=b h=Expires:_60\n\
        2.0 < REGISTER 1 user=1016 to=1016 call=c\n2.1 > 503 REGISTER 1 user=1016 to=1016 call=c tag=b\n\
        3.0 < REGISTER 1 user=1018 to=1018 call=d\n3.1 > 404 REGISTER 1 user=1018 to=1018 call=d tag=b\n\
        4.0 < REGISTER 1 user=1018 to=1018 call=e\n4.1 > 200 REGISTER 1 user=1018 to=1018 call=e tag=b h=Expires:_60\n";
    let snapshot = index(&dump(trace), |_, _| ());
    let counted = Registrations::of(Calls::of(&snapshot).unwrap().dialogs(&snapshot));
    assert_eq!((counted.count, counted.users), (5, 3));
    assert_eq!(counted.states, [("refused", 3), ("registered", 2)]);
    let failing = counted.failing.iter().map(|user| {
        let name = String::from_utf8_lossy(&user.user).into_owned();
        format!("{name} {} {} {}", user.call_ids, user.failures, String::from_utf8_lossy(&user.call_id))
    });
    assert_eq!(failing.collect::<Vec<_>>(), ["1016 2 2 c"]);
    // The last result counts.
    assert_eq!(counted.recovered.iter().map(|user| &user.call_id[..]).collect::<Vec<_>>(), [b"d"]);
    assert_eq!(
        counted.failing[0].finding.1,
        "FreeSWITCH answered 503 Service Unavailable to the registration of 1016 (refused 2 times so far)"
    );
}

/// All that is said of a whole call, a line each.
fn said_of_call(call: &CallRef<'_>) -> Vec<String> {
    let Judged { verdict, legs } = call.judged();
    assert_eq!(verdict, call.verdict());
    let mut lines = vec![
        format!("state {}", call.state().as_str()),
        format!("ended by {}", call.ended_by()),
        format!("verdict {}: {}", verdict.rule, verdict.text),
        format!("proof {}", verdict.message + 1),
    ];
    lines.extend(call.is_failed().then(|| "is failed".to_owned()));
    lines.extend(call.main().leg.is_answered().then(|| "is answered".to_owned()));
    let found = legs.iter().flat_map(|(_, findings)| findings);
    lines.extend(found.map(|finding| format!("finding {}: {}", finding.rule.name, finding.text)));
    if legs.iter().all(|(_, findings)| findings.is_empty()) {
        lines.push("no finding".to_owned());
    }
    lines
}

#[test]
fn a_whole_call_is_judged_by_what_the_caller_got_and_names_who_failed_first() {
    let mut faults = Vec::new();
    for (name, trace) in traces_in("whole-calls") {
        let snapshot = index(&dump(&trace), |_, _| ());
        let calls = Calls::of(&snapshot).unwrap();
        let call = calls.call_ref(&snapshot, 0).unwrap();
        assert_eq!(call.legs().len(), calls.leg_count(), "{name}: all legs are one call");
        let said = said_of_call(&call);
        for wanted in trace.lines().filter_map(|line| line.strip_prefix("= ")) {
            if !said.iter().any(|line| line == wanted) {
                faults.push(format!("{name}: {wanted}\n    {}", said.join("\n    ")));
            }
        }
        // Each message says of its call what the call says, on whichever leg it is.
        for row in snapshot.rows_from(0).filter(|row| calls.of_row(row.row).is_some_and(is_leg)) {
            let answers =
                [Flag::Failed, Flag::Answered].map(|flag| LegBook::flag(calls, &row, flag).unwrap());
            assert_eq!(answers, [trace.contains("= is failed"), trace.contains("= is answered")], "{name}");
            let has = |field, wanted: &str| {
                LegBook::text(calls, &row, field, &mut |text| text == wanted.as_bytes())
            };
            assert!(has(Field::State, call.state().as_str()) && has(Field::Verdict, &call.verdict().text));
            assert!(has(Field::Hangup, call.ended_by()), "{name}");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn is_leg(handle: Handle) -> bool {
    matches!(handle, Handle::Leg(_))
}

/// Every call and every other dialog of a trace, with all that is said of it.
fn said_of_all(snapshot: &Snapshot) -> String {
    let calls = Calls::of(snapshot).unwrap();
    let mut lines = Vec::new();
    for leg in calls.legs(snapshot).filter(|leg| calls.joins().call_of(leg.index) == leg.index) {
        let call = calls.call_ref(snapshot, leg.index).unwrap();
        lines.push(format!("call of {} legs", call.legs().len()));
        lines.extend(said_of_call(&call));
    }
    for dialog in calls.dialogs(snapshot) {
        lines.push(dialog.dialog.kind().as_str().to_owned());
        lines.extend(said_of_dialog(&dialog));
    }
    lines.join("\n")
}

#[test]
fn extracts_of_real_dumps_are_judged_as_they_went() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/real-calls");
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "dump") {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            insta::with_settings!({ snapshot_path => &folder, prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, said_of_all(&index(&text, |_, _| ())));
            });
        }
    }
}

#[test]
fn the_filter_knows_exactly_the_words_that_calls_are_described_with() {
    let offered = |start: &str| {
        let offers = crate::filter::complete(start, start.len()).into_iter();
        offers.map(|offer| offer.text).collect::<std::collections::BTreeSet<_>>()
    };
    let words = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect();
    let kinds = DialogKind::ALL.map(DialogKind::as_str).into_iter();
    let states = DialogKind::ALL.into_iter().flat_map(DialogState::words);
    for (start, said) in [
        ("kind:", kinds.chain(["call"]).collect()),
        ("state:", State::ALL.map(State::as_str).into_iter().chain(states).collect()),
        ("side:", vec![Side::A.as_str(), Side::B.as_str()]),
        ("finding:", rules().map(|rule| rule.name).collect()),
    ] {
        assert_eq!(offered(start), words(said), "{start}");
    }
}

#[test]
fn a_message_is_compared_with_few_however_many_share_its_call_id() {
    const PEERS: usize = 1000;
    let several = ["BYE 2 by=b", "INFO 3 tag=x by=b", "OPTIONS 4", "INVITE 1", "200 OPTIONS 4"];
    let one = ["INVITE 1 by=c", "BYE 2 by=d"];
    for (messages, is_one) in
        several.map(|message| (message, false)).into_iter().chain(one.map(|m| (m, true)))
    {
        let line = |number: usize| {
            let peer = if is_one { 0 } else { number };
            let (a, b) = (peer / 250, peer % 250);
            let tag = if messages.contains("by=") { format!("tag=t{number}") } else { String::new() };
            frame(&format!("{}.0 < {messages} {tag} peer=192.0.{a}.{b}", number / 8))
        };
        let mut compared = 0;
        let dump: String = (0..PEERS).map(line).collect();
        index(&dump, |_, builder| compared = builder.compared.get());
        let most = 2 * (super::legs_by_peer::MOST + usize::from(crate::store::Row::MOST_LEGS));
        assert!(compared <= PEERS * most, "{messages}: {compared}");
    }
}

#[test]
fn snapshots_of_growing_calls_compare_legs_only_when_much_was_added() {
    const LEGS: usize = 10;
    const INFOS: usize = 2000;
    let invite = |leg: usize| frame(&format!("1.0 < INVITE 1 call=c{leg} peer=192.0.2.{leg}"));
    let info =
        |n: usize| frame(&format!("{}.0 < INFO {} call=c{2} peer=192.0.2.{2}", 2 + n / 100, n + 2, n % LEGS));
    let dump: String = (0..LEGS).map(invite).chain((0..INFOS).map(info)).collect();
    let mut compared = 0;
    let (mut store, mut builder, mut row) = (Store::default(), Builder::default(), RowBuilder::default());
    let (mut signals, mut clock) = (Signals::default(), DayClock::default());
    let mut reader = MessageReader::new(dump.as_bytes());
    while let Some(message) = reader.next_message().unwrap() {
        let head = row.fill(&message, 0, &mut clock);
        signals.read_head(&message, &head, row.fields());
        store.push(&row);
        let (last, index) = store.last().unwrap();
        builder.take(last, index, row.address(), &signals);
        builder.snapshot_while_growing();
        compared += usize::from(builder.since_shown == Some(0));
    }
    assert!((4..=8).contains(&compared), "{compared}");
}
