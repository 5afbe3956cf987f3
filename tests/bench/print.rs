//! Bench: the program printing a file of made-up traffic in each of its modes, its output thrown away.
//!
//! `cargo bench --bench print`. The times are those of whole runs, the program's start included.

mod timing;
mod traffic;

use std::path::Path;
use std::process::{Command, Stdio};

use timing::{begin, measure};

const MODES: [(&str, &[&str]); 15] = [
    ("summary", &["--summary"]),
    ("`--full`", &["--full"]),
    ("`--headers`", &["--headers"]),
    ("`--body`", &["--body"]),
    ("`--raw`", &["--raw"]),
    ("`--frames`", &["--frames"]),
    ("`--json`", &["--json"]),
    ("`--stats`", &["--stats"]),
    ("`--stats --json`", &["--stats", "--json"]),
    ("`--pcap -`", &["--pcap", "-"]),
    ("`--ladder`", &["--ladder"]),
    ("`-g LITERAL`, nothing matches", &["--summary", "-g", "no such text anywhere"]),
    ("`-H 'From=\\+15551'`", &["--summary", "-H", "From=\\+15551"]),
    ("`-f 'from:+15551 status:486'`", &["--summary", "-f", "from:+15551 status:486"]),
    ("`-D -f status:486`", &["--summary", "-D", "-f", "status:486"]),
];

fn main() -> std::io::Result<()> {
    let dump = traffic::dump(64 << 20, 42);
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("traffic.dump");
    std::fs::write(&file, &dump)?;
    begin(&format!("The program on a file of {} MB; found: its exit status", dump.len() / 1_000_000));
    for (name, options) in MODES {
        measure(name, dump.len(), || run(options, &file));
    }
    // Where the rate falls, something compares every message with every other one.
    begin("One call with this many B legs, all with one Call-ID");
    for legs in [1_000, 4_000, 16_000] {
        let dump = fork(legs);
        std::fs::write(&file, &dump)?;
        for mode in ["--ladder", "--calls"] {
            measure(&format!("`{mode}`, {legs}"), dump.len(), || run(&[mode], &file));
        }
    }
    Ok(())
}

fn run(options: &[&str], file: &Path) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofiatui"));
    command.arg("--all-methods").args(options).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let code = command.status().ok().and_then(|status| status.code());
    code.map_or(u64::MAX, |code| u64::from(code.unsigned_abs()))
}

/// A caller for whom `legs` peers ring, one after the other.
fn fork(legs: u32) -> String {
    let frame = |at: u32, way: &str, peer: u32, line: &str, tags: (u32, &str), method: &str| {
        let (from, to) = tags;
        let content = format!(
            "{line}\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{from}\r\nFrom: <sip:1@x>;tag=f{from}\r\n\
             To: <sip:2@x>{to}\r\nCall-ID: 1@x\r\nCSeq: 1 {method}\r\n\r\n"
        );
        let (verb, word) = if way == "sent" { ("sent", "to") } else { ("recv", "from") };
        let (len, address) = (content.len(), format!("10.{}.{}.1", peer / 250, peer % 250));
        let (minute, second, micros) = (at / 60_000_000, at / 1_000_000 % 60, at % 1_000_000);
        format!(
            "{verb} {len} bytes {word} udp/[{address}]:5060 at 06:{minute:02}:{second:02}.{micros:06}:\n{content}\x0b\n"
        )
    };
    let leg = |leg: u32| {
        let at = leg * 500;
        [
            frame(at, "sent", leg, "INVITE sip:2@x SIP/2.0", (leg, ""), "INVITE"),
            frame(at + 100, "recv", leg, "SIP/2.0 180 Ringing", (leg, ";tag=t"), "INVITE"),
            frame(at + 200, "sent", leg, "CANCEL sip:2@x SIP/2.0", (leg, ""), "CANCEL"),
            frame(at + 300, "recv", leg, "SIP/2.0 487 Request Terminated", (leg, ";tag=t"), "INVITE"),
            frame(at + 400, "sent", leg, "ACK sip:2@x SIP/2.0", (leg, ";tag=t"), "ACK"),
        ]
    };
    let invite = frame(0, "recv", 60_000, "INVITE sip:2@x SIP/2.0", (60_000, ""), "INVITE");
    std::iter::once(invite).chain((1..=legs).flat_map(leg)).collect()
}
