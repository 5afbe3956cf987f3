//! Printing what one message alone cannot tell: ladders of calls that last for hours, dates, several inputs, filters on what
//! other messages make of one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

/// Runs the program in the folder of the fixtures.
fn run(args: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sofiatui"));
    program.args(args).current_dir(fixtures()).env("TZ", "UTC").stdin(Stdio::null()).output().unwrap()
}

/// What a run prints that is expected to succeed.
fn printed(args: &[&str]) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_ladder_of_a_call_that_ends_hours_later_shows_nothing_late() {
    let ladder = printed(&["--ladder", "-m", "BYE", "ladder/bye-hours-later.dump"]);
    assert_eq!(ladder.matches("200 OK").count(), 4, "{ladder}");
    assert!(!ladder.contains("late:"), "{ladder}");
}
