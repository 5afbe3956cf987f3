//! What reports of calls contain: sizes, hostile bytes, other formats.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sofiatui::calls::Calls;
use sofiatui::export::Format;
use sofiatui::export::format::Rows;
use sofiatui::export::save::{Content, How, write};
use sofiatui::load::InputSpec;
use sofiatui::store::{MessageIdx, Snapshot};

use crate::support::{fixture, loaded};

/// Bytes that a page may have more than the dump of its messages.
const MOST_MORE: usize = 64 << 10;

/// Messages in a format.
fn saved(snapshot: &Snapshot, messages: &[MessageIdx], format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    let content = Content { snapshot, messages, rows: Rows::Messages, notes: None };
    write(content, &How::usual(format), &mut out, &mut |_| true).unwrap().unwrap();
    out
}

/// The same as text.
pub(crate) fn text(snapshot: &Snapshot, messages: &[MessageIdx], format: Format) -> String {
    String::from_utf8(saved(snapshot, messages, format)).unwrap()
}

/// How much larger the page of each call is than its messages in a dump.
fn differences(snapshot: &Snapshot) -> Vec<(usize, i64)> {
    let calls = Calls::of(snapshot).unwrap();
    let first = |call: &u32| calls.joins().call_of(*call) == *call;
    let mut differences = Vec::new();
    for call in (0..calls.leg_count() as u32).filter(first) {
        let legs = calls.joins().legs_of(call);
        let legs = legs.into_iter().filter_map(|leg| calls.leg_ref(snapshot, leg));
        let mut messages: Vec<MessageIdx> = legs.flat_map(|leg| leg.messages()).collect();
        messages.sort_unstable();
        let [dump, page] =
            [Format::Dump, Format::Html].map(|format| saved(snapshot, &messages, format).len());
        differences.push((messages.len(), page as i64 - dump as i64));
    }
    differences
}

#[test]
fn the_page_of_a_call_is_at_most_64_kib_larger_than_its_dump() {
    let fixtures = ["real-calls", "ladder", "field"].map(fixture);
    let names = fixtures.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = names.map(|entry| entry.unwrap().path());
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "dump")) {
        let snapshot = loaded(vec![InputSpec::file(path.clone())]);
        for (messages, more) in differences(&snapshot) {
            assert!(more <= MOST_MORE as i64, "{}: {messages} messages, {more} bytes", path.display());
        }
    }
}

/// A frame of a dump.
fn frame(received: bool, second: usize, message: &[u8]) -> Vec<u8> {
    let (verb, preposition) = if received { ("recv", "from") } else { ("sent", "to") };
    let (minute, second) = (second / 60, second % 60);
    let mut frame = format!(
        "{verb} {} bytes {preposition} udp/[198.51.100.13]:5060 at 06:{minute:02}:{second:02}.000000:\n",
        message.len()
    )
    .into_bytes();
    frame.extend_from_slice(message);
    frame.extend_from_slice(b"\x0b\n");
    frame
}

const SDP: &str = "v=0\r\no=FreeSWITCH 1 2 IN IP4 203.0.113.5\r\ns=FreeSWITCH\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n\
    m=audio 30000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
    a=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n";

/// A call whose session is refreshed often: an INVITE, its 100 and 200 and its ACK, again and again.
fn long_call(messages: usize) -> Vec<u8> {
    let mut dump = Vec::new();
    for number in 0..messages {
        let cseq = number / 4 + 1;
        let (received, start, method, body) = match number % 4 {
            0 => (true, "INVITE sip:2000@203.0.113.5 SIP/2.0", "INVITE", SDP),
            1 => (false, "SIP/2.0 100 Trying", "INVITE", ""),
            2 => (false, "SIP/2.0 200 OK", "INVITE", SDP),
            _ => (true, "ACK sip:2000@203.0.113.5 SIP/2.0", "ACK", ""),
        };
        let to_tag = if number < 2 { "" } else { ";tag=y" };
        let mut message = format!(
            "{start}\r\nVia: SIP/2.0/UDP 198.51.100.13:5060;branch=z9hG4bK-{cseq}{method}\r\nFrom: <sip:1013@203.0.113.5>;tag=x\r\n\
             To: <sip:2000@203.0.113.5>{to_tag}\r\nCall-ID: long-call\r\nCSeq: {cseq} {method}\r\nContact: <sip:1013@198.51.100.13>\r\n"
        );
        let kind = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
        let version = body.replace(" 1 2 ", &format!(" 1 {} ", number + 2));
        let _ = write!(message, "{kind}Content-Length: {}\r\n\r\n{version}", version.len());
        dump.extend(frame(received, number, message.as_bytes()));
    }
    dump
}

#[test]
fn a_call_of_400_messages_keeps_to_the_same_limit_and_has_all_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.dump");
    for count in [40, 200, 400] {
        fs::write(&path, long_call(count)).unwrap();
        let snapshot = loaded(vec![InputSpec::file(path.clone())]);
        let differences = differences(&snapshot);
        assert!(
            matches!(differences[..], [(all, more)] if all == count && more <= MOST_MORE as i64),
            "{differences:?}"
        );
        let all: Vec<MessageIdx> = (0..count as MessageIdx).collect();
        let page = text(&snapshot, &all, Format::Html);
        assert_eq!(page.matches("<p id=m").count(), count);
        assert_eq!(page.matches("<a class=").count(), count, "each arrow is a link");
        if count == 40 {
            assert_eq!(
                page.matches("<i>20 ms per packet</i>").count(),
                20,
                "SDP is explained where there is room"
            );
        }
    }
}

/// Messages whose every text tries to be something else.
pub(crate) fn hostile() -> Vec<u8> {
    const ATTACKS: [&str; 6] = [
        "</script><script>alert(1)</script>",
        "\"'><img src=x onerror=alert(2)>",
        "<!--]]></title></svg><svg/onload=alert(3)>",
        "%%{init: {'securityLevel': 'loose'}}%%; click a href \"javascript:alert(4)\" #35; |`a`|[x](javascript:alert(5))",
        "\u{202e}\u{2066}\u{feff}\u{ffff}evil\u{0}\u{1b}[2J",
        "&lt;b&gt;&#x3c;b>{{7*7}}",
    ];
    let mut dump = Vec::new();
    for (number, attack) in ATTACKS.iter().enumerate() {
        let head = |start: &str, received: bool| {
            let mut message = format!(
                "{start}\r\nVia: SIP/2.0/UDP 198.51.100.13;branch=z9hG4bK{number}{attack}\r\n\
                 From: \"{attack}\" <sip:{attack}@h>;tag=a{number}\r\nTo: <sip:{attack}@h>;tag=b\r\nCall-ID: {number}{attack}\r\n\
                 CSeq: 1 INVITE\r\n{attack}\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns={attack}\r\nm=audio 1 RTP/AVP 0\r\n\
                 a=rtpmap:0 {attack}/8000\r\n"
            )
            .into_bytes();
            message.extend_from_slice(b"\xff\xfe\0\r\n");
            frame(received, number, &message)
        };
        dump.extend(head("INVITE sip:x@h SIP/2.0", true));
        dump.extend(head(&format!("SIP/2.0 486 {attack}"), false));
    }
    dump
}

/// The report of the hostile messages in a format, at this path.
pub(crate) fn hostile_report(path: &Path, format: Format) -> String {
    let dump = path.with_extension("dump");
    fs::write(&dump, hostile()).unwrap();
    let snapshot = loaded(vec![InputSpec::file(dump)]);
    let all: Vec<MessageIdx> = (0..snapshot.len() as MessageIdx).collect();
    let report = text(&snapshot, &all, format);
    fs::write(path, &report).unwrap();
    report
}

#[test]
fn a_drawing_is_valid_xml_whatever_the_messages_contain() {
    let dir = tempfile::tempdir().unwrap();
    let drawing = hostile_report(&dir.path().join("x.svg"), Format::Svg);
    // XML 1.0 §2.2.
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert!(drawing.chars().all(is_allowed));
    let mut reader = quick_xml::Reader::from_str(&drawing);
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) => {
                depth += 1;
                let known = ["svg", "title", "desc", "style", "g", "text", "tspan"];
                assert!(known.contains(&std::str::from_utf8(start.name().as_ref()).unwrap()), "{start:?}");
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
}

#[test]
fn a_diagram_has_a_line_for_each_arrow_and_nothing_of_the_trace_is_a_directive() {
    let dir = tempfile::tempdir().unwrap();
    let report = hostile_report(&dir.path().join("x.md"), Format::Markdown);
    assert_eq!(report.matches("```mermaid\nsequenceDiagram\n").count(), 6);
    let diagrams = report.split("```mermaid\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    for line in diagrams.flat_map(str::lines).filter(|line| line.contains("->>") || line.contains("--x")) {
        let (_, label) = line.split_once(": ").unwrap();
        assert!(!label.contains(['<', '%', '{', '`', '"']), "{line}");
    }
}

#[test]
fn notes_are_in_every_report_and_a_report_can_be_stopped() {
    let snapshot = loaded(vec![InputSpec::file(fixture("real-calls/busy.dump"))]);
    let all: Vec<MessageIdx> = (0..snapshot.len() as MessageIdx).collect();
    let notes = [(2, "ask <Bob>; #7".to_owned())].into();
    let content = Content { snapshot: &snapshot, messages: &all, rows: Rows::Messages, notes: Some(&notes) };
    for (format, note) in [
        (Format::Html, "<u>✎ ask &lt;Bob>; #7</u>"),
        (Format::Svg, "✎ ask &lt;Bob&gt;; #7</text>"),
        (Format::Markdown, "Note over c0,c1: ✎ ask #60;Bob#62;#59; #35;7\n"),
    ] {
        let mut out = Vec::new();
        let written = write(content, &How::usual(format), &mut out, &mut |_| true).unwrap().unwrap();
        let report = String::from_utf8(out).unwrap();
        assert!(report.contains(note), "{report}");
        assert_eq!((written.count, written.bytes), (1, report.len() as u64));
        let stopped = write(content, &How::usual(format), &mut Vec::new(), &mut |_| false);
        assert_eq!(stopped.unwrap(), None);
    }
}
