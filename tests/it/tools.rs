//! Tests that need a tool or a property of the machine: without it they say so, where no one can miss it.
//!
//! Must not know: what the tests check.

use std::io::Write;

/// Says on the real standard error that `test` was skipped: the test harness shows what is printed of failures only.
pub(crate) fn skipped(test: &str, why: &dyn std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {why}");
}

/// The same for a tool that is missing. Where `SOFIATUI_REQUIRE_TOOLS` is 1, as `.ci/run` sets it, the test fails.
pub(crate) fn tool_is_missing(test: &str, why: &dyn std::fmt::Display) {
    let required = std::env::var_os("SOFIATUI_REQUIRE_TOOLS").is_some_and(|value| value == "1");
    assert!(!required, "a tool is missing: {why}");
    skipped(test, why);
}
