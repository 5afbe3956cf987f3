//! `--calls`: the table, the JSON, and the filter fields about calls, on the built-in sample.
//!
//! Must not know: how legs are found.

use std::process::Command;

use serde_json::Value;

fn run(args: &[&str]) -> (i32, Vec<String>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sofiatui")).args(args).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    (output.status.code().unwrap(), lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn calls(filter: &str) -> Vec<Value> {
    let (_, lines, _) = run(&["--demo", "--calls", "--json", "-f", filter]);
    lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_call_has_a_verdict_whose_message_exists() {
    let (status, lines, _) = run(&["--demo", "--calls", "--json"]);
    assert_eq!(status, 0);
    assert!(!lines.is_empty());
    for line in lines {
        let call: Value = serde_json::from_str(&line).unwrap();
        assert!(call["verdict"]["message"].as_u64().unwrap() > 0, "{call}");
        assert!(!call["legs"].as_array().unwrap().is_empty());
    }
}

#[test]
fn fields_about_calls_choose_by_what_the_json_says() {
    for state in ["answered", "busy", "cancelled"] {
        let found = calls(&format!("state:{state}"));
        assert!(!found.is_empty() && found.iter().all(|call| call["state"] == state), "{found:?}");
    }
    // A fork that lost, or a carrier that failed, does not make an answered call a failed one.
    let (answered, others) = (calls("is:answered"), calls("kind:call -is:answered"));
    assert!(answered.iter().all(|call| call["state"] == "answered"), "{answered:?}");
    assert!(others.iter().all(|call| call["state"] != "answered"), "{others:?}");
    assert_eq!(answered.len() + others.len(), calls("kind:call").len());
    let failed: Vec<_> = calls("is:failed").iter().map(|call| call["state"].clone()).collect();
    assert_eq!(failed, ["busy", "no-answer", "rejected"]);
    assert!(calls("kind:register").iter().all(|dialog| dialog["kind"] == "register"));
}

#[test]
fn columns_are_chosen_and_others_refused() {
    let (status, lines, _) = run(&["--demo", "--calls", "--columns", "state,why"]);
    assert_eq!(
        (status, lines[0].as_str()),
        (0, &*format!("{:1$}  why", "state", lines[0].find("why").unwrap() - 2))
    );
    let (status, _, error) = run(&["--demo", "--calls", "--columns", "colour"]);
    assert_eq!(status, 2);
    assert!(error.contains("no column 'colour'"), "{error}");
}

#[test]
fn a_filter_about_calls_is_refused_where_messages_are_printed() {
    let (status, _, error) = run(&["--demo", "--summary", "-f", "state:busy"]);
    assert_eq!(status, 2);
    assert!(error.contains("--calls"), "{error}");
}
