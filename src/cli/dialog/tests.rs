//! What is held, when it is released, and what is dropped first.

use std::sync::Arc;

use crate::base::{Direction, Timestamp, Transport};
use crate::cli::facts::Position;
use crate::export::Entry;
use crate::message::Completeness;
use crate::message::Marker;
use crate::store::{Dates, Source};

use super::*;

const SECOND: i64 = 1_000_000;

/// Runs messages through [`Dialogs`]: each is (seconds, start line, Call-ID, `CSeq`), and matches if its start line
/// ends in `!`.
struct Run {
    dialogs: Dialogs,
    source: Arc<Source>,
    out: Vec<String>,
}

impl Run {
    fn new(options: OptionsCalls) -> Self {
        let source = Arc::new(Source::new("x", "x.dump"));
        Self { dialogs: Dialogs::new(options), source, out: Vec::new() }
    }

    fn message(&mut self, second: i64, start_line: &str, call_id: &str, cseq: &str) {
        let matches = start_line.ends_with('!');
        let content =
            format!("{}\r\nCall-ID: {call_id}\r\nCSeq: {cseq}\r\n\r\n", start_line.trim_end_matches('!'));
        let entry = Entry {
            file: &self.source.file,
            offset: 0,
            date: None,
            direction: Direction::Recv,
            transport: Transport::Udp,
            address: b"[192.0.2.7]:5060",
            stamp: Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 },
            frames: 1,
            content: content.as_bytes(),
        };
        let (time, dates) = (second * SECOND, Dates::Unknown);
        let position =
            Position { source: &self.source, offset: 0, time, dates, number: 1, marker: &Marker::NONE };
        let facts = MessageFacts::of_entry(entry, position, Completeness::Complete);
        let lines = &mut self.out;
        let mut out = |facts: &MessageFacts<'_>| {
            let text = std::str::from_utf8(facts.entry.content).unwrap();
            let first = text.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            assert_eq!(facts.entry.address, b"[192.0.2.7]:5060");
            lines.push(format!("{} {first}", facts.at() / SECOND));
            Ok(())
        };
        if matches {
            self.dialogs.take_match(&facts, &mut out).unwrap();
        } else {
            self.dialogs.take_other(&facts, &mut out).unwrap();
        }
    }

    /// A call: INVITE and its response; with `ends`, also BYE and its response.
    fn call(&mut self, second: i64, call_id: &str, ends: bool) {
        self.message(second, "INVITE sip:a@b SIP/2.0", call_id, "1 INVITE");
        self.message(second, "SIP/2.0 200 OK", call_id, "1 INVITE");
        if ends {
            self.message(second, "BYE sip:a@b SIP/2.0", call_id, "2 BYE");
            self.message(second, "SIP/2.0 200 OK", call_id, "2 BYE");
        }
    }
}

#[test]
fn held_messages_are_released_before_the_match_and_later_ones_at_once() {
    let mut run = Run::new(OptionsCalls::MayMatch);
    run.message(1, "INVITE sip:1 SIP/2.0", "a", "1 INVITE");
    run.message(2, "INVITE sip:2 SIP/2.0", "b", "1 INVITE");
    run.message(3, "SIP/2.0 100 Trying", "a", "1 INVITE");
    run.message(4, "SIP/2.0 486 Busy!", "a", "1 INVITE");
    run.message(5, "ACK sip:2 SIP/2.0", "b", "1 ACK");
    run.message(6, "ACK sip:1 SIP/2.0", "a", "1 ACK");
    assert_eq!(run.out, ["1 INVITE sip:1", "3 SIP/2.0 100", "4 SIP/2.0 486", "6 ACK sip:1"]);
    assert_eq!(run.dialogs.incomplete(), 0);
}

#[test]
fn ended_calls_are_dropped_first_and_a_late_match_is_counted() {
    let mut run = Run::new(OptionsCalls::MayMatch);
    run.call(0, "open", false);
    run.call(1, "ended first", true);
    run.call(2, "ended last", true);
    run.dialogs.ceiling = run.dialogs.bytes;
    run.call(3, "one more", false);
    for call in ["open", "ended first", "one more"] {
        run.message(4, "MESSAGE sip:x SIP/2.0!", call, "9 MESSAGE");
    }
    let invites = run.out.iter().filter(|line| line.contains("INVITE"));
    assert_eq!(invites.collect::<Vec<_>>(), ["0 INVITE sip:a@b", "3 INVITE sip:a@b"]);
    assert_eq!(run.dialogs.incomplete(), 1);
}

#[test]
fn silent_calls_are_dropped_before_active_ones_and_the_limit_holds() {
    let mut run = Run::new(OptionsCalls::MayMatch);
    for n in 0..10 {
        run.call(n, &format!("old {n}"), false);
    }
    run.dialogs.ceiling = run.dialogs.bytes;
    run.call(3 * 3600, "new", false);
    assert!(run.dialogs.bytes <= run.dialogs.ceiling);
    assert_eq!(run.dialogs.held.len(), 1);
    for n in 0..1000 {
        run.call(3 * 3600 + 1, &format!("many {n}"), false);
        assert!(run.dialogs.bytes <= run.dialogs.ceiling);
    }
    run.message(3 * 3600 + 2, "INFO sip:x SIP/2.0!", "many 999", "2 INFO");
    assert_eq!(run.out.len(), 3, "{:?}", run.out);
}

#[test]
fn a_call_id_with_only_options_is_held_only_if_it_can_match() {
    for (options, held) in [(OptionsCalls::NeverMatch, 0), (OptionsCalls::MayMatch, 1)] {
        let mut run = Run::new(options);
        run.message(1, "OPTIONS sip:x SIP/2.0", "o", "1 OPTIONS");
        run.message(1, "SIP/2.0 200 OK", "o", "1 OPTIONS");
        assert_eq!(run.dialogs.held.len(), held, "{options:?}");
    }
}

#[test]
fn a_call_ends_with_its_last_response() {
    let table: &[(&[(&str, &str)], Progress)] = &[
        (&[("INVITE", "INVITE"), ("401", "INVITE")], Progress::Open),
        (&[("INVITE", "INVITE"), ("180", "INVITE")], Progress::Open),
        (&[("INVITE", "INVITE"), ("486", "INVITE"), ("ACK", "ACK")], Progress::Ended),
        (&[("INVITE", "INVITE"), ("200", "INVITE"), ("491", "INVITE")], Progress::Dialog),
        (&[("INVITE", "INVITE"), ("200", "CANCEL")], Progress::Open),
        (&[("INVITE", "INVITE"), ("200", "INVITE"), ("200", "INFO")], Progress::Dialog),
        (&[("INVITE", "INVITE"), ("200", "INVITE"), ("200", "BYE")], Progress::Ended),
        (&[("REGISTER", "REGISTER"), ("200", "REGISTER")], Progress::Ended),
        (&[("REGISTER", "REGISTER"), ("200", "REGISTER"), ("REGISTER", "REGISTER")], Progress::Open),
        (&[("SUBSCRIBE", "SUBSCRIBE"), ("202", "SUBSCRIBE"), ("200", "NOTIFY")], Progress::Dialog),
    ];
    for (messages, want) in table {
        let mut run = Run::new(OptionsCalls::MayMatch);
        for (what, method) in *messages {
            let start_line = if what.starts_with(|c: char| c.is_ascii_digit()) {
                format!("SIP/2.0 {what} X")
            } else {
                format!("{what} sip:x SIP/2.0")
            };
            run.message(1, &start_line, "c", &format!("1 {method}"));
        }
        let progress = run.dialogs.held.values().map(|call| call.progress).collect::<Vec<_>>();
        assert_eq!(progress, [*want], "{messages:?}");
    }
}
