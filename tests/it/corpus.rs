//! The fuzz corpus and every fixture, held against what must hold for any bytes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::checks;

fn tests_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// All files below a directory that is not empty.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    assert!(!found.is_empty(), "{} is empty", dir.display());
    found.sort();
    found
}

/// Runs a check over files; a failure names the file.
fn replay(name: &str, files: &[PathBuf]) {
    for file in files {
        let data = fs::read(file).unwrap();
        let result = std::panic::catch_unwind(|| checks::run(name, &data));
        assert!(result.is_ok(), "{name}: {}", file.display());
    }
}

#[test]
fn the_fuzz_corpus_passes_its_checks() {
    for (name, _) in checks::ALL {
        replay(name, &files(&tests_dir().join("fuzz/corpus").join(name)));
    }
}

#[test]
fn every_fixture_passes_the_checks_for_any_bytes() {
    let all = files(&tests_dir().join("fixtures"));
    let (dumps, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|file| file.extension().is_some_and(|e| e == "dump"));
    for name in ["frame", "message"] {
        replay(name, &dumps);
    }
    let messages: Vec<_> =
        rest.into_iter().filter(|file| file.extension().is_some_and(|e| e == "sip")).collect();
    for name in ["sip", "body"] {
        replay(name, &messages);
    }
}
