//! Fuzz target: logs, with and without something before their lines. The invariants are those of `tests/it/checks/`.
#![no_main]

#[allow(dead_code, reason = "each target runs one of the checks")]
#[path = "../../it/checks/mod.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::run("log", data));
