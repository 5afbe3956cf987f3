//! Ladders of made-up calls: one line per message, drawn as text.

use std::fmt::Write as _;

use super::*;
use crate::message::MessageReader;
use crate::store::{DayClock, RowBuilder, Source, Store};

/// A trace of one call. Each line: seconds, `recv` or `sent`, peer, then a method or a status code
/// with the method it answers, `CSeq` number and branch; `sdp` adds a body. `recv/external` is of
/// another profile than `internal`.
fn snapshot(script: &str, done: bool) -> Snapshot {
    let (mut dump, mut sources) = (Vec::new(), Vec::new());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [seconds, direction, peer, rest @ ..] = &words[..] else { panic!("{line}") };
        let seconds: f64 = seconds.parse().unwrap();
        let message = message(rest);
        let (direction, profile) = direction.split_once('/').unwrap_or((direction, "internal"));
        sources.push(u16::from(profile != "internal"));
        let from = if direction == "recv" { "from" } else { "to" };
        let micros = (seconds * 1e6).round() as u64 % 60_000_000;
        let stamp =
            format!("06:{:02}:{:02}.{:06}", seconds as u64 / 60, micros / 1_000_000, micros % 1_000_000);
        let header = format!("{direction} {} bytes {from} udp/{peer} at {stamp}:\n", message.len());
        dump.extend([header.as_bytes(), message.as_bytes(), b"\x0b\n"].concat());
    }
    let (mut reader, mut store) = (MessageReader::new(&dump[..]), Store::default());
    let (mut builder, mut clock) = (RowBuilder::default(), DayClock::default());
    let mut sources = sources.into_iter();
    while let Some(message) = reader.next_message().unwrap() {
        builder.fill(&message, sources.next().unwrap(), &mut clock);
        store.push(&builder);
    }
    let mut snapshot = store.snapshot();
    snapshot.sources = ["internal", "external"].map(|name| Source::new(name, format!("{name}.dump"))).into();
    snapshot.progress.done = done;
    snapshot
}

fn message(words: &[&str]) -> String {
    let mut words = words.iter().copied();
    let first = words.next().unwrap();
    let mut text = String::new();
    let method = if first.bytes().all(|b| b.is_ascii_digit()) {
        writeln!(text, "SIP/2.0 {first} {}\r", reason(first)).unwrap();
        words.next().unwrap()
    } else {
        writeln!(text, "{first} sip:b@example SIP/2.0\r").unwrap();
        first
    };
    let (cseq, branch) = (words.next().unwrap(), words.next().unwrap());
    write!(
        text,
        "Via: SIP/2.0/UDP h;branch={branch}\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\n\
         CSeq: {cseq} {method}\r\n"
    )
    .unwrap();
    match words.next() {
        Some("sdp") => text.push_str("Content-Type: application/sdp\r\n\r\nv=0\r\n"),
        _ => text.push_str("\r\n"),
    }
    text
}

fn reason(code: &str) -> &'static str {
    match code {
        "100" => "Trying",
        "180" => "Ringing",
        "200" => "OK",
        "401" => "Unauthorized",
        "487" => "Request Terminated",
        _ => "Something Else",
    }
}

fn ladder(script: &str, folding: Folding) -> Ladder {
    let snapshot = snapshot(script, true);
    let rows: Vec<MessageIdx> = (0..snapshot.len() as u32).collect();
    Ladder::of(&snapshot, &rows, folding)
}

/// The ladder of a call after which the trace goes on for so long that what is missing does not come.
fn ladder_long_before_the_end(script: &str) -> Ladder {
    let snapshot = snapshot(&format!("{script}\n 59 recv h:1 OPTIONS 99 z99"), true);
    let rows: Vec<MessageIdx> = (0..snapshot.len() as u32 - 1).collect();
    Ladder::of(&snapshot, &rows, Folding::Folded)
}

/// Label and remark of each arrow.
fn labels_and_remarks(script: &str) -> Vec<String> {
    let ladder = ladder(script, Folding::Folded);
    let texts = ladder.arrows.iter().map(|arrow| format!("{} {}", arrow.label_with(None), arrow.remark()));
    texts.map(|text| text.trim_end().to_owned()).collect()
}

fn draw(ladder: &Ladder, layout: &Layout) -> String {
    let mut lines = Vec::new();
    let mut header = Canvas::new(layout.width());
    layout.header(&mut header);
    lines.push(header.text());
    for line in ladder.window(0, 0, 100) {
        let arrow = &ladder.arrows[line.arrow()];
        let (pause, texts) = (ladder.pause(line.arrow()), layout.texts(ladder, arrow, None, Times::Mixed));
        let mut canvas = Canvas::new(layout.width());
        match line {
            Line::Gap(_) => layout.gap(&pause, &mut canvas),
            Line::Blank(_) => layout.gap("", &mut canvas),
            Line::Arrow(_) => layout.arrow(arrow, &texts, &mut canvas),
        }
        lines.push(canvas.text());
    }
    lines.join("\n")
}

const ANSWERED: &str = "
    0.000000 recv [192.0.2.7]:5060 INVITE 1 z1 sdp
    0.003095 sent [192.0.2.7]:5060 100 INVITE 1 z1
    7.540000 sent [192.0.2.7]:5060 200 INVITE 1 z1 sdp
    8.040000 sent [192.0.2.7]:5060 200 INVITE 1 z1 sdp
    8.050000 recv [192.0.2.7]:5060 ACK 1 z2
    9.000000 recv [192.0.2.7]:5060 BYE 2 z3
    9.001000 sent [192.0.2.7]:5060 200 BYE 2 z3";

#[test]
fn a_call_is_drawn_with_its_pauses_and_its_retransmissions_folded() {
    let folded = ladder(ANSWERED, Folding::Folded);
    let notes: HashMap<MessageIdx, String> = HashMap::new();
    insta::assert_snapshot!(folded.text(&notes), @r"
             192.0.2.7:5060          internal
    06:00:00.000000 ├── INVITE (SDP) ───▶│
          +0.003095 │◀─── 100 Trying ────┤
                    ┊       7.5 s        ┊
    06:00:07.540000 │◀─ 200 OK (SDP) ×2 ─┤
          +0.510000 ├─────── ACK ───────▶│
          +0.950000 ├─────── BYE ───────▶│
          +0.001000 │◀── 200 OK (BYE) ───┤
    ");
    let rows: Vec<Option<usize>> = (0..8).map(|row| folded.arrow_of(row)).collect();
    assert_eq!(rows, [Some(0), Some(1), Some(2), Some(2), Some(3), Some(4), Some(5), None]);
    let unfolded = ladder(ANSWERED, Folding::Unfolded);
    assert_eq!((unfolded.arrows.len(), unfolded.arrow_of(3)), (7, Some(3)));
    assert_eq!(unfolded.arrows.iter().map(|arrow| arrow.repeats).max(), Some(1));
}

#[test]
fn missing_and_wrong_messages_have_a_remark() {
    for (script, expected) in [
        ("0 sent h:1 OPTIONS 1 z1", &["OPTIONS … the trace ends"][..]),
        (
            "0 sent h:1 OPTIONS 1 z1
             33 sent h:1 OPTIONS 2 z2",
            &["OPTIONS ! no answer", "OPTIONS … the trace ends"],
        ),
        (
            "0 sent h:1 INVITE 1 z1
             0.1 recv h:1 180 INVITE 1 z1",
            &["INVITE … the trace ends", "180 Ringing"],
        ),
        (
            "0 sent h:1 INVITE 1 z1
             0.1 recv h:1 180 INVITE 1 z1
             9 sent h:1 200 OPTIONS 8 z8
             9 sent h:1 100 OPTIONS 9 z9",
            &["INVITE … the trace ends", "180 Ringing", "200 OK (OPTIONS)", "100 Trying (OPTIONS)"],
        ),
        (
            "0 sent h:1 INVITE 1 z1
             0.5 sent h:1 INVITE 1 z1
             1.5 sent h:1 INVITE 1 z1",
            &["INVITE ×3 ! no answer"],
        ),
        (
            "0 recv h:1 INVITE 1 z1
             0.1 sent h:1 200 INVITE 1 z1
             0.6 sent h:1 200 INVITE 1 z1",
            &["INVITE", "200 OK ×2 … the trace ends"],
        ),
        (
            "0 recv h:1 INVITE 1 z1
             0.1 sent h:1 200 INVITE 1 z1
             0.6 sent h:1 200 INVITE 1 z1
             1.6 sent h:1 200 INVITE 1 z1",
            &["INVITE", "200 OK ×3 ! no ACK"],
        ),
        (
            "0 recv h:1 INVITE 1 z1
             0.51 sent h:1 100 INVITE 1 z1
             9 sent h:1 200 INVITE 1 z1
             9 recv h:1 ACK 1 z2",
            &["INVITE", "100 Trying ! late: 0.5 s", "200 OK", "ACK"],
        ),
        (
            "0 recv h:1 MESSAGE 1 z1
             0.1 sent h:1 100 MESSAGE 1 z1
             3.2 sent h:1 200 MESSAGE 1 z1",
            &["MESSAGE", "100 Trying", "200 OK ! late: 3.2 s"],
        ),
        (
            "0 recv h:1 INVITE 1 z1
             0.1 recv h:1 CANCEL 1 z1
             0.1 sent h:1 200 CANCEL 1 z1
             0.2 sent h:1 200 INVITE 1 z1
             0.3 recv h:1 ACK 1 z2",
            &["INVITE", "CANCEL", "200 OK (CANCEL)", "200 OK ! after CANCEL", "ACK"],
        ),
        // Our own ACK to the other side's CSeq number does not count for it.
        (
            "0 recv h:1 INVITE 1 z1
             0.1 sent h:1 487 INVITE 1 z1
             0.2 sent h:1 ACK 1 z2
             40 sent h:1 ACK 1 z2",
            &["INVITE", "487 Request Terminated ! no ACK", "ACK ×2"],
        ),
    ] {
        assert_eq!(labels_and_remarks(script), expected);
    }
}

/// Two profiles are independent of each other, even if everything else is the same.
#[test]
fn a_response_on_one_profile_does_not_answer_a_request_on_another() {
    let script = "0 sent h:1 BYE 1 z1\n0 sent/external h:1 BYE 1 z1\n0 recv/external h:1 200 BYE 1 z1";
    assert_eq!(labels_and_remarks(script), ["BYE … the trace ends", "BYE", "200 OK"]);
}

#[test]
fn no_message_is_missing_while_more_may_come() {
    let snapshot =
        snapshot("0 recv h:1 INVITE 1 z1\n0.1 sent h:1 200 INVITE 1 z1\n1 sent h:1 BYE 1 z3", false);
    let ladder = Ladder::of(&snapshot, &[0, 1, 2], Folding::Folded);
    assert!(ladder.arrows.iter().all(|arrow| arrow.marks.is_empty()));
    // What had its time is missing also while more may come.
    let snapshot = self::snapshot("0 recv h:1 INVITE 1 z1\n33 sent h:1 BYE 1 z3", false);
    let ladder = Ladder::of(&snapshot, &[0, 1], Folding::Folded);
    assert_eq!(ladder.arrows[0].marks, [Mark::NoResponse]);
    assert_eq!(ladder.arrows[1].marks, []);
}

#[test]
fn an_error_is_a_failure_unless_it_is_an_answered_challenge() {
    for (script, failed) in [
        ("0 recv h:1 REGISTER 1 z1\n0 sent h:1 401 REGISTER 1 z1\n0 recv h:1 REGISTER 2 z2", false),
        ("0 recv h:1 REGISTER 1 z1\n0 sent h:1 401 REGISTER 1 z1", true),
        ("0 recv h:1 REGISTER 1 z1\n0 sent h:1 401 REGISTER 1 z1\n0 recv h:1 REGISTER 1 z1", true),
        ("0 recv h:1 REGISTER 1 z1\n0 sent h:1 401 REGISTER 1 z1\n0 sent h:1 REGISTER 2 z2", true),
        ("0 recv h:1 REGISTER 1 z1\n0 sent h:1 401 REGISTER 1 z1\n0 recv h:1 OPTIONS 2 z2", true),
        ("0 recv h:1 INVITE 1 z1\n0 sent h:1 487 INVITE 1 z1", true),
        ("0 recv h:1 INVITE 1 z1\n0 sent h:1 302 INVITE 1 z1", false),
    ] {
        let found = ladder(script, Folding::Folded).arrows[1].marks.contains(&Mark::Failed);
        assert_eq!(found, failed, "{script}");
    }
}

/// The titles of a call's columns; ours in angle brackets.
fn titles(ladder: &Ladder) -> Vec<String> {
    let title =
        |column: &Column| if column.ours { format!("<{}>", column.title) } else { column.title.clone() };
    ladder.columns.iter().map(title).collect()
}

#[test]
fn hosts_that_sent_first_are_left_of_us_and_the_others_right() {
    for (script, expected) in [
        ("0 recv [192.0.2.7]:5060 OPTIONS 1 z1", &["192.0.2.7:5060", "<internal>"][..]),
        ("0 sent [192.0.2.7]:5060 OPTIONS 1 z1", &["<internal>", "192.0.2.7:5060"]),
        ("0 recv h:1 OPTIONS 1 z1\n1 recv h:2 OPTIONS 2 z2", &["h", "<internal>"]),
        ("0 recv [::1]:1 OPTIONS 1 z1\n1 recv [::1]:2 OPTIONS 2 z2", &["[::1]", "<internal>"]),
        (
            "0 recv a:1 BYE 1 z1\n0 sent b:1 BYE 1 z2\n0 recv c:1 BYE 1 z3\n0 sent d:1 BYE 1 z4\n0 recv b:1 BYE 1 z5",
            &["c:1", "a:1", "<internal>", "b:1", "d:1"],
        ),
        (
            "0 recv a:1 BYE 1 z1\n0 sent b:1 BYE 1 z2\n0 recv/external b:2 BYE 1 z2\n0 sent/external c:1 BYE 1 z3",
            &["a:1", "<internal>", "<external>", "b", "c:1"],
        ),
    ] {
        let ladder = ladder(script, Folding::Folded);
        assert_eq!(titles(&ladder), expected, "{script}");
        assert!(ladder.arrows.iter().all(|a| a.from != a.to && a.from.max(a.to) < ladder.columns.len()));
    }
    let folded = ladder("0 recv h:1 OPTIONS 1 z1\n1 recv h:2 OPTIONS 2 z2", Folding::Folded);
    assert_eq!(folded.columns[0].addresses, ["h:1", "h:2"]);
}

/// Five peers around us.
const WIDE: &str = "
    0 recv [192.0.2.1]:5060 INVITE 1 z1
    0 recv [192.0.2.2]:5060 INVITE 2 z2 sdp
    0 sent [192.0.2.3]:5060 INVITE 3 z3
    0 sent [192.0.2.4]:5060 INVITE 4 z4
    0 recv [192.0.2.4]:5060 487 INVITE 4 z4
    0 sent [192.0.2.5]:5060 INVITE 5 z5";

#[test]
fn a_wide_ladder_scrolls_horizontally_and_our_column_stays() {
    let wide = ladder_long_before_the_end(WIDE);
    let scrolled = |left| draw(&wide, &Layout::of(&wide, 60, left));
    insta::assert_snapshot!(scrolled(0), @r"
             192.0.2.2:5060         192.0.2.1:5060      internal
    06:00:00.000000 │                      ├ INVITE ! no ans… ▶│
          +0.000000 ├─────── INVITE (SDP) ! no answer ────────▶│
          +0.000000 │                     ▶ INVITE ! no answer │
          +0.000000 │                      │          ▶ INVITE │
          +0.000000 │        ◀ 487 Request Terminated ! no ACK │
          +0.000000 │                     ▶ INVITE ! no answer │
    ");
    insta::assert_snapshot!(scrolled(40), @r"
                       internal             192.0.2.3:5060
    06:00:00.000000 ──────▶│ ▶ INVITE ! no answer  │
          +0.000000 ──────▶│ ▶ INVITE (SDP) ! no answer
          +0.000000        ├─ INVITE ! no answer ─▶│
          +0.000000        ├───────────── INVITE ──┼───────────▶
          +0.000000        │◀─ 487 Request Terminated ! no ACK ─
          +0.000000        ├─────── INVITE ! no answer ────────▶
    ");
    insta::assert_snapshot!(scrolled(usize::MAX), @r"
                internal        192.0.2.4:5060    192.0.2.5:5060
    06:00:00.000000 │ ▶ INVITE ! no answer               │
          +0.000000 │ ▶ INVITE (SDP) ! no answer         │
          +0.000000 │ ◀ INVITE ! no answer               │
          +0.000000 ├──── INVITE ─────▶│                 │
          +0.000000 │◀ 487 Request Te… ┤                 │
          +0.000000 ├─────── INVITE ! no answer ────────▶│
    ");
}

#[test]
fn every_size_and_scroll_position_stays_within_the_line() {
    for script in [WIDE, ANSWERED, "0 sent h:1 OPTIONS 1 z1", ""] {
        let ladder = ladder(script, Folding::Folded);
        for (width, left) in
            (0..90).chain([300, 70_000]).flat_map(|w| [0, 1, 17, 40, 90, 900].map(|l| (w, l)))
        {
            let layout = Layout::of(&ladder, width, left);
            let drawn = draw(&ladder, &layout);
            let widest = drawn.lines().map(canvas::width_of).max().unwrap_or_default();
            assert!(widest <= width, "{width} {left}\n{drawn}");
        }
    }
}

#[test]
fn the_window_shows_the_selected_arrow_and_the_pauses_before_the_others() {
    let script = "
        0 recv h:1 OPTIONS 1 z1
        2 recv h:1 OPTIONS 2 z2
        4 recv h:1 OPTIONS 3 z3
        4 recv h:1 OPTIONS 4 z4
        6 recv h:1 OPTIONS 5 z5";
    let ladder = ladder(script, Folding::Folded);
    let window = |top, selected, height| {
        let lines = ladder.window(top, selected, height);
        let name =
            |line: &Line| if let Line::Gap(n) = line { format!("-{n}") } else { line.arrow().to_string() };
        lines.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    for (top, selected, height, lines) in [
        (0, 0, 99, "0 -1 1 -2 2 3 -4 4"),
        (0, 0, 3, "0 -1 1"),
        (0, 0, 4, "0 -1 1 -2"),
        (0, 2, 4, "1 -2 2 3"),
        (0, 4, 4, "2 3 -4 4"),
        (0, 4, 1, "4"),
        (4, 0, 3, "0 -1 1"),
        (9, 9, 3, "4"),
        (0, 0, 0, ""),
    ] {
        assert_eq!(window(top, selected, height), lines, "{top} {selected} {height}");
    }
    assert_eq!([8, 5, 4, 1].map(|height| ladder.page(0, height)), [5, 3, 2, 1]);
    assert_eq!(Ladder::default().window(0, 0, 9), []);
}

/// A fork over two profiles: the legs by the branches of their INVITEs.
const FORK: &str = "
    0 recv/external [192.0.2.20]:5060 INVITE 1 z1 sdp
    0.01 sent [198.51.100.11]:5060 INVITE 1 z2 sdp
    0.02 sent [198.51.100.12]:5060 INVITE 1 z3 sdp
    0.50 recv [198.51.100.12]:5060 200 INVITE 1 z3 sdp
    0.51 sent/external [192.0.2.20]:5060 200 INVITE 1 z1 sdp
    0.52 sent [198.51.100.11]:5060 CANCEL 1 z2
    0.53 recv [198.51.100.11]:5060 200 CANCEL 1 z2";

#[test]
fn labels_and_titles_are_shortened_before_a_column_is_lost() {
    let ladder = ladder_long_before_the_end(FORK);
    let drawn = |width| draw(&ladder, &Layout::of(&ladder, width, 0));
    insta::assert_snapshot!(drawn(64), @r"
             192.0.2.20:5060 external internal  ….51.100.11 ….100.12
    06:00:00.000000 ├─ INVITE ──▶│        │            │          │
          +0.010000 │            │        ├ INVITE ! ─▶│          │
          +0.010000 │            │        ├──── INVITE (SDP) ────▶│
          +0.480000 │            │        │◀── 200 OK ! no ACK ───┤
          +0.010000 │◀ 200 OK ! ─┤        │            │          │
          +0.010000 │            │        ├─ CANCEL ──▶│          │
          +0.010000 │            │        │◀─ 200 OK ──┤          │
    ");
    insta::assert_snapshot!(drawn(100), @r"
             192.0.2.20:5060              external  internal           198.51.100.11:5060  198.51.100.12
    06:00:00.000000 ├───── INVITE (SDP) ─────▶│         │                        │                   │
          +0.010000 │                         │         ├─ INVITE ! no answer ──▶│                   │
          +0.010000 │                         │         ├────────────── INVITE (SDP) ───────────────▶│
          +0.480000 │                         │         │◀────────── 200 OK (SDP) ! no ACK ──────────┤
          +0.010000 │◀─── 200 OK ! no ACK ────┤         │                        │                   │
          +0.010000 │                         │         ├─────── CANCEL ────────▶│                   │
          +0.010000 │                         │         │◀─── 200 OK (CANCEL) ───┤                   │
    ");
    assert_eq!(Layout::of(&ladder, 64, 0).most_left(), 0);
    assert!(Layout::of(&ladder, 50, 0).most_left() > 0);
}

#[test]
fn the_ports_of_a_host_have_one_column_or_one_each() {
    let script = "0 recv [192.0.2.7]:5060 OPTIONS 1 z1\n1 recv [192.0.2.7]:5062 OPTIONS 2 z2";
    let snapshot = snapshot(script, true);
    let folded = Ladder::with_hosts(&snapshot, &[0, 1], Folding::Folded, Hosts::Folded);
    assert_eq!(titles(&folded), ["192.0.2.7", "<internal>"]);
    let unfolded = Ladder::with_hosts(&snapshot, &[0, 1], Folding::Folded, Hosts::Folded.toggled());
    assert_eq!(titles(&unfolded), ["192.0.2.7:5062", "192.0.2.7:5060", "<internal>"]);
}

#[test]
fn time_is_drawn_to_scale() {
    let script = "
        0 recv h:1 OPTIONS 1 z1
        30 recv h:1 OPTIONS 2 z2
        30.1 recv h:1 OPTIONS 3 z3
        60 recv h:1 OPTIONS 4 z4";
    let mut ladder = ladder(script, Folding::Folded);
    let notes: HashMap<MessageIdx, String> = HashMap::new();
    let in_words = ladder.text(&notes).lines().count();
    ladder.scale(Scale::Time);
    assert_eq!(ladder.per_line(), Some(1_000_000));
    let text = ladder.text(&notes);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((in_words, lines.len()), (7, 1 + 4 + 30 + 29));
    assert_eq!(lines.iter().filter(|line| line.contains("30.0 s")).count(), 1);
    let window = ladder.window(0, 1, 10);
    assert_eq!((window[0], window.len()), (Line::Arrow(1), 10));
    ladder.scale(Scale::Time.toggled());
    assert_eq!(ladder.text(&notes).lines().count(), in_words);
}

#[test]
fn a_transaction_has_its_ack_and_its_cancel() {
    let script = "
        0 recv h:1 INVITE 1 z1
        0.1 recv h:1 OPTIONS 7 z9
        0.2 recv h:1 CANCEL 1 z1
        0.3 sent h:1 200 CANCEL 1 z1
        0.4 sent h:1 487 INVITE 1 z1
        0.5 recv h:1 ACK 1 z1
        0.6 sent h:1 OPTIONS 1 z3";
    let snapshot = snapshot(script, true);
    let rows: Vec<MessageIdx> = (0..7).collect();
    assert_eq!(of_transaction(&snapshot, &rows, 4), [0, 2, 3, 4, 5]);
    assert_eq!(of_transaction(&snapshot, &rows, 1), [1]);
    assert!(of_transaction(&snapshot, &rows, 99).is_empty());
}
