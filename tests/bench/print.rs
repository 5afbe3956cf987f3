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
    Ok(())
}

fn run(options: &[&str], file: &Path) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sofiatui"));
    command.arg("--all-methods").args(options).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let code = command.status().ok().and_then(|status| status.code());
    code.map_or(u64::MAX, |code| u64::from(code.unsigned_abs()))
}
