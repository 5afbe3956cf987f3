//! Every output mode on real dumps, from files, from a pipe, several files at once and with `-D`.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::dumps::crc32;

const DUMPS: [&str; 3] =
    ["websocket.dump", "multipart-in-many-reads.dump", "torture-messages-and-hostile-bodies.dump"];

const MODES: [&[&str]; 12] = [
    &["--summary"],
    &["--full"],
    &["--headers"],
    &["--body"],
    &["--raw"],
    &["--frames"],
    &["--json"],
    &["--stats"],
    &["--stats", "--json"],
    &["--ladder"],
    &["--pcap", "-"],
    &["--unparsed"],
];

fn folder() -> PathBuf {
    crate::support::fixtures().join("real")
}

/// The dumps in a folder of their own, with a fixed modification time, which gives the dates of their stamps.
fn dated_folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for dump in DUMPS {
        let path = dir.path().join(dump);
        std::fs::copy(folder().join(dump), &path).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_500_000);
        File::options().append(true).open(path).unwrap().set_modified(written).unwrap();
    }
    dir
}

/// What the program writes to its standard output.
fn printed(args: &[&str], stdin: Option<&str>) -> Vec<u8> {
    printed_in(&folder(), args, stdin)
}

fn printed_in(dir: &Path, args: &[&str], stdin: Option<&str>) -> Vec<u8> {
    let stdin = stdin.map_or_else(Stdio::null, |name| File::open(folder().join(name)).unwrap().into());
    let output =
        crate::support::program().args(args).current_dir(dir).env("TZ", "UTC").stdin(stdin).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
    output.stdout
}

/// The length and the CRC-32 of what each mode prints: a changed byte fails the test.
#[test]
fn every_mode_prints_real_dumps_as_before() {
    let mut found = String::new();
    let dir = dated_folder();
    for dump in DUMPS {
        for mode in MODES {
            for choice in [&["--all-methods"][..], &["-D", "-m", "INVITE"]] {
                let args = [mode, choice, &[dump]].concat();
                let out = printed_in(dir.path(), &args, None);
                writeln!(found, "{} {:08x}  {}", out.len(), crc32(&out), args.join(" ")).unwrap();
            }
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("modes-of-real-dumps", found);
    });
}

/// The modes whose output names no input.
fn nameless() -> impl Iterator<Item = &'static [&'static str]> {
    MODES.into_iter().filter(|mode| !mode.iter().any(|word| ["--json", "--stats", "--ladder"].contains(word)))
}

#[test]
fn a_pipe_gives_the_same_output_as_the_file() {
    for dump in DUMPS {
        for mode in nameless() {
            for choice in [&["--all-methods"][..], &["-D", "-m", "INVITE"]] {
                let from_file = printed(&[mode, choice, &[dump]].concat(), None);
                let from_pipe = printed(&[mode, choice].concat(), Some(dump));
                assert!(from_file == from_pipe, "{mode:?} {choice:?} {dump}");
            }
        }
    }
}

#[test]
fn several_files_print_one_after_the_other_if_not_merged() {
    // A file that goes on where the one before it ended needs no date of its own.
    let apart = |mode: &&[&str]| !mode.contains(&"--pcap") && !mode.contains(&"--raw");
    for mode in nameless().filter(apart) {
        for choice in [&["--all-methods", "--no-merge"][..], &["-m", "INVITE", "--no-merge"]] {
            let each = DUMPS.map(|dump| printed(&[mode, choice, &[dump]].concat(), None)).concat();
            let together = printed(&[mode, choice, &DUMPS].concat(), None);
            assert!(each == together, "{mode:?} {choice:?}");
        }
    }
}
