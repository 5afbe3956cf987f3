//! What --parquet writes, read by this program, by DuckDB and by ClickHouse's engine.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{fixture, program};
use crate::tools::tool_is_missing;

const ENGINES: [&str; 2] = ["duckdb", "clickhouse"];

/// Runs the program in a folder.
fn run(folder: &Path, args: &[&str]) -> Output {
    program().env("TZ", "UTC").current_dir(folder).args(args).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn objects(output: &Output) -> Vec<Value> {
    text(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The three profiles of the legs.
fn legs() -> [String; 3] {
    ["internal", "external", "esinet"]
        .map(|name| fixture(&format!("legs/{name}.dump.xz")).display().to_string())
}

/// A bucket with the legs of these hosts.
fn bucket(hosts: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = legs();
    for host in hosts {
        let mut args = vec!["--all-methods", "--parquet", "bucket", "--node", host];
        args.extend(files.iter().map(String::as_str));
        let output = run(folder.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    folder
}

/// The results of queries in an engine; `None` if it is not installed.
fn query(test: &str, engine: &str, folder: &Path, sql: &str) -> Option<Vec<Vec<Vec<Value>>>> {
    let python = std::env::var_os("SOFIATUI_PYTHON").unwrap_or_else(|| "python3".into());
    let package = if engine == "duckdb" { "duckdb" } else { "chdb" };
    let has = Command::new(&python).args(["-c", &format!("import {package}")]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        tool_is_missing(test, &format_args!("PyPI's {package} (SOFIATUI_PYTHON names the interpreter)"));
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines.py");
    let mut child = Command::new(python)
        .arg(script)
        .arg(engine)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
    Some(text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The SQL blocks of the README for an engine.
fn recipe(engine: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let name = if engine == "duckdb" { "DuckDB" } else { "ClickHouse" };
    let blocks = readme.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    let of_engine = blocks.filter(|block| block.lines().next().is_some_and(|first| first.contains(name)));
    of_engine.map(str::to_owned).collect()
}

fn views(engine: &str) -> String {
    recipe(engine).swap_remove(0)
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found.extend(if path.is_dir() { files(&path) } else { BTreeSet::from([path]) });
    }
    found
}

#[test]
fn what_is_written_is_read_again_byte_for_byte_with_the_same_calls() {
    let folder = bucket(&["fs1"]);
    let originals = legs();
    let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
    for mode in [&["--json", "--all-methods"][..], &["--calls", "--json"]] {
        let before = objects(&run(folder.path(), &[mode, &originals].concat()));
        let after = objects(&run(folder.path(), &[mode, &["bucket/messages"]].concat()));
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            let same = [
                "direction",
                "transport",
                "address",
                "bytes",
                "request",
                "response",
                "headers",
                "body",
                "state",
                "status",
                "verdict",
                "pairs",
            ];
            for field in same {
                assert_eq!(before.get(field), after.get(field), "{field}");
            }
        }
    }
    // The table of calls has no messages.
    let calls = files(&folder.path().join("bucket/calls")).pop_first().unwrap();
    let output = run(folder.path(), &["--stats", &calls.display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("without the column payload has no messages"), "{said}");
}

#[test]
fn a_second_run_writes_nothing_twice_and_files_of_others_are_kept() {
    let folder = bucket(&["fs1"]);
    let before = files(folder.path());
    let (legs, output) = (legs(), |force: &[&str]| {
        let files = legs();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        run(
            folder.path(),
            &[&["--all-methods", "--parquet", "bucket", "--node", "fs1"], force, &files].concat(),
        )
    });
    let refused = output(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("already exists (--force replaces it)"), "{said}");
    assert_eq!(output(&["--force"]).status.code(), Some(0));
    assert_eq!(files(folder.path()), before);
    let nothing = run(folder.path(), &["--parquet", "other", "-m", "NOSUCH", &legs[0]]);
    assert_eq!((nothing.status.code(), folder.path().join("other").exists()), (Some(1), false));
}

#[test]
fn engines_count_what_the_program_counts_and_find_all_legs_of_a_call() {
    let folder = bucket(&["fs1"]);
    let originals = legs();
    let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
    let stats =
        &objects(&run(folder.path(), &[&["--stats", "--json", "--all-methods"], &originals[..]].concat()))[0];
    let calls = objects(&run(folder.path(), &[&["--calls", "--json"], &originals[..]].concat()));
    let joined =
        calls.iter().find(|call| call["legs"].as_array().is_some_and(|legs| legs.len() > 2)).unwrap();
    let ids: BTreeSet<&str> =
        joined["legs"].as_array().unwrap().iter().map(|leg| leg["call_id"].as_str().unwrap()).collect();
    let first = joined["legs"][0]["call_id"].as_str().unwrap();
    for engine in ENGINES {
        let sql = format!(
            "{}
            SELECT count(*), sum(CASE WHEN response_code IS NULL THEN 1 ELSE 0 END) FROM messages;
            SELECT method, count(*) FROM messages WHERE method IS NOT NULL GROUP BY method ORDER BY method;
            SELECT DISTINCT session_id FROM messages WHERE cid = '{first}' ORDER BY session_id;
            SELECT count(DISTINCT cid), count(*) FROM calls;
            SELECT count(*) FROM messages WHERE timestamp < (SELECT min(timestamp) FROM messages WHERE cid = '{first}');
            SELECT count(*) FROM calls WHERE cid NOT IN (SELECT cid FROM messages WHERE cid IS NOT NULL);",
            views(engine)
        );
        let Some(found) = query("engines_count", engine, folder.path(), &sql) else { return };
        let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok()).unwrap();
        assert_eq!(number(&found[0][0][0]), stats["messages"].as_u64().unwrap(), "{engine}");
        let methods: BTreeMap<&str, u64> =
            found[1].iter().map(|row| (row[0].as_str().unwrap(), number(&row[1]))).collect();
        let wanted: BTreeMap<&str, u64> = stats["methods"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, count)| (name.as_str(), count.as_u64().unwrap()))
            .collect();
        assert_eq!(methods, wanted, "{engine}");
        let sessions: BTreeSet<&str> = found[2].iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(sessions, ids, "{engine}");
        let legs: usize = calls.iter().map(|call| call["legs"].as_array().unwrap().len()).sum();
        assert_eq!(
            found[3][0].iter().map(number).collect::<Vec<_>>(),
            [calls.len() as u64, legs as u64],
            "{engine}"
        );
        let all = objects(&run(folder.path(), &[&["--json", "--all-methods"], &originals[..]].concat()));
        let earlier =
            all.iter().position(|message| message["call_id"].as_str().is_some_and(|id| ids.contains(id)));
        assert_eq!(number(&found[4][0][0]), earlier.unwrap() as u64, "{engine}");
        assert_eq!(number(&found[5][0][0]), 0, "{engine}");
    }
}

/// Each command of the README's recipe, on ten hosts.
#[test]
fn the_recipe_of_the_readme_works_in_both_engines() {
    let hosts: Vec<String> = (1..=10).map(|host| format!("fs{host}")).collect();
    let folder = bucket(&hosts.iter().map(String::as_str).collect::<Vec<_>>());
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let mut failed = Vec::new();
    for engine in ENGINES {
        let recipe = recipe(engine);
        assert_eq!(recipe.len(), 4, "{engine}");
        let Some(found) = query("the_recipe", engine, folder.path(), &recipe.concat()) else { return };
        assert_eq!(found.len(), 2, "{engine}");
        assert!(found[0].len() > 20 && found[1].len() == 1, "{engine}: {found:?}");
        let hosts: BTreeSet<&str> = found[0].iter().map(|row| row[0].as_str().unwrap()).collect();
        assert_eq!(hosts.len(), 10, "{engine}");
        failed.push(
            found[0]
                .iter()
                .map(|row| {
                    row[..4].iter().map(|value| value.to_string().replace('"', "")).collect::<Vec<_>>()
                })
                .collect::<Vec<_>>(),
        );
        assert_eq!(found[1][0][1].as_array().unwrap().len(), 3, "{engine}");
        // The commands after it: the call is a trace again.
        let call = if engine == "duckdb" { "call" } else { "call.parquet" };
        for command in ["sofiatui --ladder --legs call", "sofiatui --raw call > call.dump"] {
            assert!(readme.contains(command), "{command}");
        }
        let ladder = text(&run(folder.path(), &["--ladder", "--legs", call]));
        assert!(ladder.contains("joined with A") && ladder.contains("486"), "{engine}: {ladder}");
        let raw = text(&run(folder.path(), &["--raw", call]));
        let originals = legs();
        let originals: Vec<&str> = originals.iter().map(String::as_str).collect();
        let all = text(&run(folder.path(), &[&["--raw", "--all-methods"], &originals[..]].concat()));
        let frame = |text: &str| {
            text.split("\x0b\n")
                .map(|frame| frame.split_once(":\n").map_or("", |(_, message)| message).to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert!(frame(&raw).len() > 8 && frame(&raw).is_subset(&frame(&all)), "{engine}");
    }
    assert_eq!(failed[0], failed[1]);
}
