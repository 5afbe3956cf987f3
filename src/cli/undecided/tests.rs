//! What is released when, in which order, and what is dropped if too much is held.

use std::sync::Arc;

use crate::base::{Direction, Timestamp, Transport};
use crate::cli::facts::Position;
use crate::export::Entry;
use crate::filter::Filter;
use crate::message::Completeness;
use crate::message::Marker;
use crate::store::{Dates, Source};

use super::ByHand;
use super::*;

const SECOND: i64 = 1_000_000;

/// Runs messages through [`Undecided`].
struct Run {
    undecided: Undecided,
    source: Arc<Source>,
    out: Vec<String>,
}

impl Run {
    fn new(filter: &str, wait_limit: WaitLimit, non_matching: NonMatching) -> Self {
        let matcher = Matcher::new(&Filter::parse(filter).unwrap());
        let source = Arc::new(Source::new("x", "x.dump"));
        Self {
            undecided: Undecided::new(
                matcher,
                wait_limit,
                non_matching,
                (LegRules::default(), ByHand::default()),
            ),
            source,
            out: Vec::new(),
        }
    }

    /// Takes a message with this start line and Call-ID.
    fn message(&mut self, second: i64, what: &str, call_id: &str) -> &mut Self {
        let (start_line, cseq) = match what.split_once(' ') {
            Some((code, method)) => (format!("SIP/2.0 {code} X"), method),
            None => (format!("{what} sip:a@b SIP/2.0"), what),
        };
        let direction = if what.contains(' ') { Direction::Recv } else { Direction::Sent };
        let tag = if what.contains(' ') { ";tag=1" } else { "" };
        let content = format!(
            "{start_line}\r\nVia: SIP/2.0/UDP h;branch=z{cseq}\r\nTo: <sip:a@b>{tag}\r\nCall-ID: {call_id}\r\n\
             CSeq: 1 {cseq}\r\n\r\n"
        );
        let entry = Entry {
            file: &self.source.file,
            offset: 0,
            date: None,
            direction,
            transport: Transport::Udp,
            address: b"[192.0.2.7]:5060",
            stamp: Timestamp::TimeOnly { hour: 0, min: 0, sec: 0, usec: 0 },
            frames: 1,
            content: content.as_bytes(),
        };
        let (time, dates) = (second * SECOND, Dates::Unknown);
        let place =
            Position { source: &self.source, offset: 0, time, dates, number: 1, marker: &Marker::NONE };
        let facts = MessageFacts::of_entry(entry, place, Completeness::Complete);
        let Self { undecided, out, .. } = self;
        undecided
            .take(&facts, &mut |facts, matches| {
                note(out, facts, matches);
                Ok(())
            })
            .unwrap();
        self
    }

    fn caught_up(&mut self) -> &mut Self {
        let Self { undecided, out, .. } = self;
        undecided
            .caught_up(&mut |facts, matches| {
                note(out, facts, matches);
                Ok(())
            })
            .unwrap();
        self
    }

    fn finish(&mut self) -> &mut Self {
        let Self { undecided, out, .. } = self;
        undecided
            .finish(&mut |facts, matches| {
                note(out, facts, matches);
                Ok(())
            })
            .unwrap();
        self
    }

    /// The messages released since the last call.
    fn came(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
    }
}

fn note(out: &mut Vec<String>, facts: &MessageFacts<'_>, matches: bool) {
    use crate::filter::Facts;
    let what = match facts.status() {
        Some(code) => code.to_string(),
        None => String::from_utf8_lossy(facts.method_bytes()).into_owned(),
    };
    let call_id = String::from_utf8_lossy(facts.peek().call_id).into_owned();
    out.push(format!("{}{what} {call_id}", if matches { "" } else { "-" }));
}

#[test]
fn decided_messages_are_released_at_once() {
    let mut run = Run::new("is:retransmission", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(1, "INVITE", "a").message(1, "INVITE", "b").message(2, "INVITE", "a");
    // A message that does not match is passed to the receiver, which drops it.
    assert_eq!(run.came(), ["-INVITE a", "-INVITE b", "INVITE a"]);
    assert!(run.undecided.queue.is_empty());
}

#[test]
fn an_undecided_message_is_released_in_order() {
    let mut run = Run::new("is:unanswered or method:bye", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(1, "INVITE", "a").message(2, "BYE", "b").message(3, "INVITE", "c").message(4, "200 BYE", "b");
    assert_eq!(run.came(), [""; 0]);
    run.message(5, "200 INVITE", "a");
    // The others wait behind the open one.
    assert_eq!(run.came(), ["BYE b"]);
    run.message(40, "NOTIFY", "d");
    assert_eq!(run.finish().came(), ["INVITE c", "200 b"], "the last one may still be answered");
    assert_eq!(run.undecided.bytes, 0);
}

#[test]
fn messages_that_do_not_match_are_released_in_order() {
    let mut run = Run::new("is:unanswered", WaitLimit::ToTheEnd, NonMatching::Released);
    run.message(1, "INVITE", "a")
        .message(2, "180 INVITE", "a")
        .message(3, "BYE", "b")
        .message(4, "200 BYE", "b");
    assert_eq!(run.came(), [""; 0]);
    run.message(190, "NOTIFY", "c");
    assert_eq!(run.finish().came(), ["INVITE a", "-180 a", "-BYE b", "-200 b", "-NOTIFY c"]);
}

#[test]
fn while_following_a_timeout_decides_and_no_message_waits() {
    let mut run = Run::new("is:unanswered or method:bye", WaitLimit::UntilSilence, NonMatching::Dropped);
    run.message(0, "INVITE", "a").message(1, "OPTIONS", "b").message(2, "BYE", "c").caught_up();
    assert_eq!(run.came(), ["BYE c"]);
    run.message(40, "180 INVITE", "a").caught_up();
    assert_eq!(run.came(), ["OPTIONS b"]);
    run.message(200, "INFO", "d").caught_up();
    assert_eq!(run.came(), [""; 0]);
    run.message(221, "INFO", "e").caught_up();
    assert_eq!(run.came(), ["INVITE a"]);
    assert_eq!(run.undecided.released_early(), (0, 0));
}

#[test]
fn retransmissions_tell_that_a_request_is_unanswered_where_no_response_can_follow() {
    for (transmissions, expected) in [(2, &[][..]), (3, &["OPTIONS a"; 3])] {
        for wait_limit in [WaitLimit::ToTheEnd, WaitLimit::UntilSilence] {
            let mut run = Run::new("is:unanswered", wait_limit, NonMatching::Dropped);
            for second in 0..transmissions {
                run.message(second, "OPTIONS", "a").caught_up();
            }
            assert_eq!(run.came(), [""; 0]);
            assert_eq!(run.finish().came(), expected);
        }
    }
}

#[test]
fn answered_requests_after_an_undecided_one_take_no_memory() {
    let mut run = Run::new("is:unanswered", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(0, "INVITE", "open");
    for n in 0..20_000 {
        let call_id = n.to_string();
        run.message(1, "OPTIONS", &call_id).message(1, "200 OPTIONS", &call_id);
    }
    assert!(run.undecided.queue.len() <= 2 * SWEEP, "{}", run.undecided.queue.len());
    run.message(40, "200 OPTIONS", "0");
    assert_eq!(run.finish().came(), ["INVITE open"]);
}

#[test]
fn beyond_the_limit_decided_messages_are_released_first_and_counted() {
    let mut run = Run::new("is:unanswered or method:bye", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(0, "INVITE", "a").message(0, "INVITE", "b").message(1, "BYE", "c");
    run.undecided.ceiling = run.undecided.bytes;
    run.message(2, "BYE", "d");
    assert_eq!(run.came(), ["BYE c", "BYE d"]);
    assert_eq!(run.undecided.released_early(), (2, 0));
    run.message(40, "INVITE", "e").message(40, "INVITE", "f");
    assert_eq!(run.came(), ["INVITE a", "INVITE b"]);
    assert_eq!(run.undecided.released_early(), (2, 2));
}

#[test]
fn facts_about_a_call_are_known_when_it_is_over() {
    let call = |run: &mut Run, second: i64, call_id: &str| {
        run.message(second, "INVITE", call_id).message(second + 1, "486 INVITE", call_id);
    };
    let mut run = Run::new("state:busy", WaitLimit::ToTheEnd, NonMatching::Dropped);
    call(&mut run, 1, "a");
    run.message(2, "OPTIONS", "b");
    assert_eq!(run.came(), [""; 0], "another message may follow");
    assert_eq!(run.finish().came(), ["INVITE a", "486 a"]);

    let mut run = Run::new("state:busy", WaitLimit::UntilSilence, NonMatching::Dropped);
    call(&mut run, 1, "a");
    run.message(10, "OPTIONS", "b").caught_up();
    assert_eq!(run.came(), [""; 0]);
    run.message(40, "OPTIONS", "b").caught_up();
    assert_eq!(run.came(), ["INVITE a", "486 a"]);
}

#[test]
fn the_kind_of_a_call_is_known_at_once() {
    let mut run = Run::new("kind:ping", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(1, "INVITE", "a").message(2, "OPTIONS", "b");
    assert_eq!(run.came(), ["-INVITE a", "OPTIONS b"]);
}

#[test]
fn beyond_the_limit_calls_that_continue_are_decided_with_what_is_known() {
    let mut run = Run::new("is:answered", WaitLimit::ToTheEnd, NonMatching::Dropped);
    run.message(1, "INVITE", "a").message(2, "200 INVITE", "a").message(3, "INVITE", "b");
    run.undecided.ceiling = run.undecided.bytes;
    run.message(4, "200 INVITE", "b");
    assert_eq!(run.came(), ["INVITE a", "200 a"]);
    assert_eq!(run.undecided.released_early(), (0, 2));
    assert_eq!(run.finish().came(), ["INVITE b", "200 b"]);
}
