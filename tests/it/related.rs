//! What other messages make of one: what was sent before, what was never answered, and which ACK belongs to which response.

use std::fmt::Write as _;
use std::sync::Arc;

use sofiatui::MessageReader;
use sofiatui::app::{App, Event};
use sofiatui::filter::{Facts, Filter, Flag};
use sofiatui::ladder::{Folding, Ladder, Mark};
use sofiatui::store::{DayClock, Flags, RowBuilder, RowRef, Snapshot, Store};

use crate::support::{Browser, snapshot};

/// The index of some messages, a line each: direction, transport, a method or a status code with the method that it
/// answers, `CSeq` number and branch; then what else is in it: `tag=` of To, `rseq=`, `sdp`, `pad` for a longer one,
/// `late` for one that comes minutes after the others.
fn index(script: &str) -> Snapshot {
    let mut dump = String::new();
    for (number, line) in script.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let message = message(&words[2..]);
        let (direction, transport) = (words[0], words[1]);
        let way = if direction == "recv" { "from" } else { "to" };
        let (len, minute) = (message.len(), if words.contains(&"late") { 4 } else { 0 });
        writeln!(
            dump,
            "{direction} {len} bytes {way} {transport}/[192.0.2.7]:5060 at 06:0{minute}:00.{number:06}:\n{message}\x0b"
        )
        .unwrap();
    }
    let (mut reader, mut store) = (MessageReader::new(dump.as_bytes()), Store::default());
    let (mut draft, mut clock) = (RowBuilder::default(), DayClock::default());
    while let Some(message) = reader.next_message().unwrap() {
        draft.fill(&message, 0, &mut clock);
        store.push(&draft);
    }
    let mut snapshot = store.snapshot();
    snapshot.progress.done = true;
    snapshot
}

fn message(words: &[&str]) -> String {
    let is_status = words[0].starts_with(|c: char| c.is_ascii_digit());
    let (start_line, rest) = if is_status {
        (format!("SIP/2.0 {} Text", words[0]), &words[1..])
    } else {
        (format!("{} sip:b@example SIP/2.0", words[0]), words)
    };
    let [method, cseq, branch, more @ ..] = rest else { panic!("{words:?}") };
    let value = |name: &str| more.iter().find_map(|word| word.strip_prefix(name));
    let tag = value("tag=").map_or(String::new(), |tag| format!(";tag={tag}"));
    let mut text = format!(
        "{start_line}\r\nVia: SIP/2.0/UDP h;branch={branch}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>{tag}\r\n\
         Call-ID: c\r\nCSeq: {cseq} {method}\r\n"
    );
    if let Some(rseq) = value("rseq=") {
        write!(text, "Require: 100rel\r\nRSeq: {rseq}\r\n").unwrap();
    }
    if more.contains(&"pad") {
        text.push_str("X-Pad: a longer one\r\n");
    }
    let body = if more.contains(&"sdp") { "v=0\r\n" } else { "" };
    if !body.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    write!(text, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    text
}

/// A message long after the others, so that what is missing does not come.
const LATE: &str = "\nsent udp ACK 99 z99 tag=z late";

/// The numbers of the rows that were sent before, counted from 0.
fn resent(snapshot: &Snapshot) -> Vec<u32> {
    let rows = snapshot.rows_from(0).filter(|row| row.row.flags.has(Flags::RETRANSMISSION));
    rows.map(|row| row.index).collect()
}

#[test]
fn retransmissions_are_recognised_as_in_the_rfcs() {
    for (what, script, want) in [
        ("a request over UDP", "recv udp INVITE 1 z1\nrecv udp INVITE 1 z1", &[1][..]),
        ("of another size", "recv udp INVITE 1 z1\nrecv udp INVITE 1 z1 pad", &[1]),
        ("another branch", "recv udp INVITE 1 z1\nrecv udp INVITE 1 z2", &[]),
        ("another CSeq", "recv udp INVITE 1 z1\nrecv udp INVITE 2 z1", &[]),
        ("another method", "recv udp INVITE 1 z1\nrecv udp CANCEL 1 z1", &[]),
        ("the other direction", "recv udp BYE 1 z1\nsent udp BYE 1 z1", &[]),
        ("streams do not repeat requests", "recv tcp INVITE 1 z1\nrecv tcp INVITE 1 z1", &[]),
        (
            "two early dialogs of a fork",
            "recv udp 180 INVITE 1 z1 tag=a\nrecv udp 180 INVITE 1 z1 tag=b\nrecv udp 180 INVITE 1 z1 tag=a",
            &[2],
        ),
        (
            "two dialogs of a fork",
            "recv tls 200 INVITE 1 z1 tag=a\nrecv tls 200 INVITE 1 z1 tag=b\nrecv tls 200 INVITE 1 z1 tag=b",
            &[2],
        ),
        (
            "a reliable response over UDP",
            "sent udp 183 INVITE 1 z1 tag=a rseq=1\nsent udp 183 INVITE 1 z1 tag=a rseq=2\n\
             sent udp 183 INVITE 1 z1 tag=a rseq=1\nsent udp 183 INVITE 1 z1 tag=a rseq=2",
            &[2, 3],
        ),
        (
            "and over streams",
            "sent tls 183 INVITE 1 z1 tag=a rseq=1 sdp\nsent tls 183 INVITE 1 z1 tag=a rseq=1 sdp\n\
             sent tls 183 INVITE 1 z1 tag=a rseq=2 sdp",
            &[1],
        ),
        (
            "an unreliable one over a stream",
            "sent ws 180 INVITE 1 z1 tag=a\nsent ws 180 INVITE 1 z1 tag=a",
            &[],
        ),
        (
            "a 183 that brings SDP",
            "sent udp 183 INVITE 1 z1 tag=a\nsent udp 183 INVITE 1 z1 tag=a sdp\nsent udp 183 INVITE 1 z1 tag=a sdp",
            &[2],
        ),
        ("100 after 100", "sent udp 100 INVITE 1 z1\nsent udp 100 INVITE 1 z1", &[1]),
        (
            "a failure over UDP",
            "sent udp 486 INVITE 1 z1 tag=a\nsent udp 486 INVITE 1 z1 tag=a\nrecv udp ACK 1 z1 tag=a\nrecv udp ACK 1 z1 tag=a",
            &[1, 3],
        ),
        ("a failure over a stream", "sent tcp 486 INVITE 1 z1 tag=a\nsent tcp 486 INVITE 1 z1 tag=a", &[]),
        ("a 2xx to another method", "sent wss 200 INFO 1 z1 tag=a\nsent wss 200 INFO 1 z1 tag=a", &[]),
        ("a PRACK over a stream", "recv tls PRACK 2 z1 tag=a\nrecv tls PRACK 2 z1 tag=a", &[]),
        ("a PRACK over UDP", "recv udp PRACK 2 z1 tag=a\nrecv udp PRACK 2 z1 tag=a", &[1]),
    ] {
        assert_eq!(resent(&index(script)), want, "{what}");
    }
    for transport in ["udp", "tcp", "tls", "ws", "wss", "sctp"] {
        let script = "sent T 200 INVITE 1 z1 tag=a sdp\nsent T 200 INVITE 1 z1 tag=a sdp\n\
                      recv T ACK 1 z2 tag=a\nrecv T ACK 1 z2 tag=a";
        assert_eq!(resent(&index(&script.replace(" T ", &format!(" {transport} ")))), [1, 3], "{transport}");
    }
}

#[test]
fn a_request_is_unanswered_until_the_final_response_of_its_own_transaction() {
    for (what, script, want) in [
        ("nothing comes", "sent udp INVITE 1 z1\nsent udp INVITE 1 z1", &[0, 1][..]),
        ("provisional only", "sent udp INVITE 1 z1\nrecv udp 180 INVITE 1 z1 tag=a", &[0]),
        ("answered", "sent udp INVITE 1 z1\nsent udp INVITE 1 z1\nrecv udp 200 INVITE 1 z1 tag=a", &[]),
        (
            "sent again after the answer",
            "recv udp BYE 1 z1\nsent udp 200 BYE 1 z1 tag=a\nrecv udp BYE 1 z1",
            &[],
        ),
        (
            "another leg is answered",
            "sent udp INVITE 1 z1\nsent udp INVITE 1 z2\nrecv udp 200 INVITE 1 z2 tag=a",
            &[0],
        ),
        ("the other direction is answered", "sent udp BYE 1 z1\nsent udp 200 BYE 1 z1 tag=a", &[0]),
        (
            "the CANCEL is answered",
            "recv udp INVITE 1 z1\nrecv udp CANCEL 1 z1\nsent udp 200 CANCEL 1 z1 tag=a",
            &[0],
        ),
        ("an ACK needs no response", "sent udp ACK 1 z1 tag=a", &[]),
    ] {
        let snapshot = index(&format!("{script}{LATE}"));
        let ladder =
            Ladder::of(&snapshot, &(0..snapshot.len() as u32).collect::<Vec<_>>(), Folding::Unfolded);
        let is_request = |row: &u32| snapshot.row(*row).unwrap().row.is_request();
        let unanswered: Vec<u32> = (0..snapshot.len() as u32)
            .filter(is_request)
            .filter(|row| !snapshot.row(*row).unwrap().row.flags.has(Flags::ANSWERED))
            .filter(|row| snapshot.row(*row).unwrap().method() != b"ACK")
            .collect();
        assert_eq!(unanswered, want, "{what}");
        let says_so = |row: &RowRef<'_>| Facts::flags(row).get(Flag::Unanswered) == Some(true);
        let is_unanswered = snapshot.rows_from(0).filter(says_so).map(|row| row.index);
        assert_eq!(is_unanswered.collect::<Vec<_>>(), want, "{what}");
        let without_the_rest = index(script);
        assert_eq!(without_the_rest.rows_from(0).filter(says_so).count(), 0, "{what}");
        // The ladder marks the first sending alone.
        let marked = ladder.arrows.iter().filter(|arrow| {
            arrow.marks.iter().any(|mark| matches!(mark, Mark::NoResponse | Mark::NoFinalResponse))
        });
        assert_eq!(marked.map(|arrow| arrow.row).next(), want.first().copied(), "{what}");
    }
}

#[test]
fn a_list_of_unanswered_requests_is_right_while_the_trace_grows() {
    let script = "sent udp OPTIONS 1 z1\nsent udp OPTIONS 2 z2";
    let answered = format!("{script}\nrecv udp 200 OPTIONS 2 z2 tag=a");
    let ended = format!("{answered}{LATE}");
    let mut browser = Browser::new(120, 40, Snapshot::default());
    browser.app = App::new(Filter::parse("is:unanswered").unwrap());
    let shown = [script, &answered, &ended].map(|script| {
        browser.event(Event::Loaded(Arc::new(index(script))));
        browser.shown_len()
    });
    assert_eq!(shown, [0, 0, 1]);
}

#[test]
fn a_response_is_matched_whatever_the_call_id_length() {
    let mut script = String::from("sent udp OPTIONS 1 z1\n");
    for n in 2..3000 {
        writeln!(script, "sent udp OPTIONS {n} z{n}\nrecv udp 200 OPTIONS {n} z{n} tag=a").unwrap();
    }
    let snapshot = index(&script);
    let waiting = snapshot.rows_from(0).filter(|r| r.row.is_request() && !r.row.flags.has(Flags::ANSWERED));
    assert_eq!(waiting.map(|row| row.index).collect::<Vec<_>>(), [0]);
}

#[test]
fn each_dialog_of_a_fork_needs_its_own_ack() {
    let ack = |script: &str| {
        let snapshot = index(&format!("{script}{LATE}"));
        let ladder = Ladder::of(&snapshot, &(0..snapshot.len() as u32).collect::<Vec<_>>(), Folding::Folded);
        let missing = ladder.arrows.iter().filter(|arrow| arrow.marks.contains(&Mark::NoAck));
        missing.map(|arrow| (arrow.row, arrow.repeats)).collect::<Vec<_>>()
    };
    let fork = "sent udp INVITE 1 z1\nrecv udp 200 INVITE 1 z1 tag=a\nrecv udp 200 INVITE 1 z1 tag=b\n";
    assert_eq!(ack(fork), [(1, 1), (2, 1)]);
    assert_eq!(ack(&format!("{fork}sent udp ACK 1 z2 tag=b")), [(1, 1)]);
    assert_eq!(ack(&format!("{fork}sent udp ACK 1 z2 tag=b\nsent udp ACK 1 z3 tag=a")), []);
    // An ACK without a tag is of any.
    assert_eq!(ack(&format!("{fork}sent udp ACK 1 z2")), []);
}

#[test]
fn a_resent_2xx_over_tls_is_one_arrow_with_one_remark() {
    let snapshot = snapshot(&["ladder/2xx-resent-tls.dump"], usize::MAX);
    assert_eq!(resent(&snapshot), [3, 4, 5, 6, 7]);
    let ladder = Ladder::of(&snapshot, &(0..snapshot.len() as u32).collect::<Vec<_>>(), Folding::Folded);
    let arrows: Vec<_> = ladder.arrows.iter().map(|arrow| (&*arrow.label, arrow.repeats)).collect();
    assert_eq!(arrows, [("INVITE (SDP)", 1), ("100 Trying", 1), ("200 OK (SDP)", 6), ("BYE", 1)]);
    let no_ack = ladder.arrows.iter().filter(|arrow| arrow.marks.contains(&Mark::NoAck));
    assert_eq!(no_ack.map(|arrow| arrow.row).collect::<Vec<_>>(), [2]);
}

#[test]
fn two_early_dialogs_of_a_fork_are_two_arrows() {
    let snapshot = snapshot(&["ladder/forked-18x.dump"], usize::MAX);
    assert_eq!(resent(&snapshot), [0_u32; 0]);
    let ladder = Ladder::of(&snapshot, &(0..snapshot.len() as u32).collect::<Vec<_>>(), Folding::Folded);
    assert_eq!(ladder.arrows.len(), 6);
    assert!(ladder.arrows.iter().all(|arrow| arrow.repeats == 1 && arrow.marks.is_empty()));
}
