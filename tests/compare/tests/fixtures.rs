//! Every fixture dump through both parsers. Where they differ, a file under `differences/` lists how, and says for each
//! level who is right and why; a difference that it does not list, or no longer has, fails.
//!
//! `SOFIATUI_DIFFERENCES=write cargo test` writes the lists again and keeps the reasons; a missing reason still fails.

#[path = "fixtures/ours.rs"]
mod ours;
#[path = "fixtures/record.rs"]
mod record;
#[path = "fixtures/theirs.rs"]
mod theirs;

use std::fs;
use std::path::{Path, PathBuf};

use record::Difference;

/// Lines of a list that are written out; of longer ones the rest is counted.
const MOST_LINES: usize = 16;

fn tests_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All dumps below a directory.
fn dumps(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(dumps(&entry));
        } else if entry.file_name().unwrap().to_string_lossy().contains(".dump") {
            found.push(entry);
        }
    }
    found.sort();
    found
}

/// The file of differences of a fixture: `frames/hole.dump` has `frames-hole.txt`.
fn list_of(fixture: &Path) -> PathBuf {
    let name = fixture.strip_prefix(tests_dir().join("fixtures")).unwrap().with_extension("");
    let name = name.to_string_lossy().replace(['/', '.'], "-");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("differences").join(name).with_extension("txt")
}

/// How the two read a dump differently, level by level.
fn differences(dump: &[u8]) -> Vec<(&'static str, Difference)> {
    let levels = [
        ("frames", Difference::between(ours::frames(dump), theirs::frames(dump))),
        ("messages", Difference::between(ours::messages(dump), theirs::messages(dump))),
        ("parsed", Difference::between(ours::parsed(dump), theirs::parsed(dump))),
    ];
    levels.into_iter().filter(|(_, difference)| !difference.is_empty()).collect()
}

/// The reason that a list gives for a level: the lines from `[level]` to the first `+` or `-`.
fn reason(list: &str, level: &str) -> Option<String> {
    let (_, section) = list.split_once(&format!("[{level}]\n"))?;
    let lines = section.lines().take_while(|line| !line.starts_with(['+', '-', '[']));
    let reason: String = lines.flat_map(|line| [line, "\n"]).collect();
    ["Ours is right: ", "The reference is right: ", "Both are right: "]
        .iter()
        .any(|beginning| reason.starts_with(beginning))
        .then_some(reason)
}

/// What the list of a fixture should be.
fn expected_list(old: &str, differences: &[(&str, Difference)]) -> String {
    let section = |(level, difference): &(&str, Difference)| {
        let reason = reason(old, level).unwrap_or_else(|| "Nobody said who is right.\n".to_owned());
        format!("[{level}]\n{reason}{}", difference.list(MOST_LINES))
    };
    differences.iter().map(section).collect::<Vec<_>>().join("\n")
}

#[test]
fn fixtures_give_the_same_result_as_the_reference_or_a_listed_difference() {
    let fixtures = dumps(&tests_dir().join("fixtures"));
    assert!(fixtures.len() > 50, "fixtures are missing");
    let write = std::env::var_os("SOFIATUI_DIFFERENCES").is_some();
    let mut faults = Vec::new();
    for fixture in &fixtures {
        let path = list_of(fixture);
        let old = fs::read_to_string(&path).unwrap_or_default();
        let new = expected_list(&old, &differences(&fs::read(fixture).unwrap()));
        if write && new != old {
            if new.is_empty() { fs::remove_file(&path).unwrap() } else { fs::write(&path, &new).unwrap() }
        }
        if new != old || new.contains("Nobody said") {
            faults.push(format!("{}:\n{new}", path.display()));
        }
    }
    assert!(
        faults.is_empty(),
        "{} fixtures differ from what is listed:\n\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn every_list_has_its_fixture() {
    let known: Vec<PathBuf> = dumps(&tests_dir().join("fixtures")).iter().map(|path| list_of(path)).collect();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("differences")).unwrap() {
        let path = entry.unwrap().path();
        assert!(known.contains(&path), "{} belongs to no fixture", path.display());
    }
}
