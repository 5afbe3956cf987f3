//! Bench: the Calls screen's list of 100,000 calls, sorted by each column.
//!
//! `cargo bench --bench calls`.

mod timing;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use sofiatui::Timestamp;
use sofiatui::app::columns::CallColumn;
use sofiatui::app::screens::calls::{ListCalls, Order, VerdictRanks, Verdicts};
use sofiatui::ladder::Links;
use sofiatui::load::{Follow, InputSpec, Loader};
use sofiatui::store::Snapshot;
use sofiatui::tui::many_texts::many_texts;
use timing::{begin, measure};

const CALLS: u32 = 100_000;

fn main() -> std::io::Result<()> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("internal.dump");
    let dump = dump();
    let len = dump.len();
    std::fs::write(&file, dump)?;
    let snapshot = load(&file);
    begin(&format!("The list of {CALLS} calls; found: lines"));
    // The browser makes the ranks of the verdicts after the first listing, before a key asks for them.
    let ranks = request(&snapshot, CallColumn::Number).verdict_ranks(&many_texts);
    for (_, column, name) in CallColumn::ALL {
        let listed = |kept: Option<&VerdictRanks>| {
            let verdicts = Verdicts { kept, make_texts: &many_texts };
            request(&snapshot, column).list_with(&verdicts).entries.len() as u64
        };
        measure(&format!("by {name}"), len, || listed(ranks.as_ref()));
        if column == CallColumn::Why {
            measure(&format!("by {name}, ranks not made yet"), len, || listed(None));
        }
    }
    Ok(())
}

/// A request for the list of all calls.
fn request(snapshot: &Arc<Snapshot>, column: CallColumn) -> ListCalls {
    ListCalls {
        generation: Default::default(),
        snapshot: Arc::clone(snapshot),
        order: Order { column, reversed: false },
        found: None,
        dialogs: false,
        opened: BTreeSet::new(),
        by_incident: false,
        folded: BTreeSet::new(),
        links: Links::default(),
    }
}

fn load(file: &Path) -> Arc<Snapshot> {
    let (sender, snapshots) = channel();
    let publish = move |snapshot| drop(sender.send(snapshot));
    let inputs = InputSpec::of_names(&[file.to_owned()]);
    let _loader = Loader::start(inputs, Follow::default(), 0, publish);
    snapshots.iter().find(|snapshot| snapshot.progress.done).unwrap_or_default()
}

/// Calls of four outcomes, one every 100 ms.
fn dump() -> String {
    let mut frames: Vec<(u64, String)> = (0..CALLS).flat_map(call).collect();
    frames.sort();
    frames.into_iter().map(|(_, frame)| frame).collect()
}

/// The frames of a call with their times.
fn call(number: u32) -> Vec<(u64, String)> {
    let start = u64::from(number) * 100_000;
    let frame = |after: u64, way: &str, line: &str, method: &str| {
        let (time, cseq) = (start + after, u32::from(method == "BYE") + 1);
        let tag = if line.starts_with("INVITE") { "" } else { ";tag=b" };
        let (from, to) = (1000 + number % 97, 5_550_000 + number % 1013);
        let content = format!(
            "{line}\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{number}{method}\r\nFrom: <sip:{from}@x>;tag=a\r\n\
             To: <sip:{to}@x>{tag}\r\nCall-ID: call-{number}@192.0.2.9\r\nCSeq: {cseq} {method}\r\n\r\n"
        );
        let (at, bytes) = (Timestamp::of_day_micros(time), content.len());
        (
            time,
            format!("{way} udp/[192.0.2.9]:5060 at {at}:\n{content}\x0b\n").replacen(
                '#',
                &bytes.to_string(),
                1,
            ),
        )
    };
    let (recv, sent) = ("recv # bytes from", "sent # bytes to");
    let refused =
        |line| vec![frame(70_000, sent, line, "INVITE"), frame(80_000, recv, "ACK sip:1@x SIP/2.0", "ACK")];
    let begun = vec![
        frame(0, recv, "INVITE sip:1@x SIP/2.0", "INVITE"),
        frame(900, sent, "SIP/2.0 100 Trying", "INVITE"),
    ];
    let rest = match number % 5 {
        0 => refused("SIP/2.0 486 Busy Here"),
        1 => refused("SIP/2.0 404 Not Found"),
        2 => refused("SIP/2.0 503 Service Unavailable"),
        _ => vec![
            frame(30_000, sent, "SIP/2.0 180 Ringing", "INVITE"),
            frame(1_000_000, sent, "SIP/2.0 200 OK", "INVITE"),
            frame(1_010_000, recv, "ACK sip:1@x SIP/2.0", "ACK"),
            frame(5_000_000 + start % 7_000_000, recv, "BYE sip:1@x SIP/2.0", "BYE"),
            frame(12_100_000, sent, "SIP/2.0 200 OK", "BYE"),
        ],
    };
    [begun, rest].concat()
}
