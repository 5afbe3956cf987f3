//! `--stats --calls`: calls, causes, findings and registrations are counted as `--calls` prints them.
//!
//! Must not know: how calls are counted.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::fixture;

fn run(args: &[&str]) -> (i32, String, String) {
    let output = crate::support::program().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(args: &[&str]) -> Vec<Value> {
    let (_, out, _) = run(args);
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Three profiles as dumps and the same traffic as a log.
fn inputs() -> Vec<Vec<String>> {
    let name = |path: &Path| path.to_string_lossy().into_owned();
    let legs = ["internal", "external", "esinet"];
    vec![
        vec!["--demo".to_owned()],
        legs.iter().map(|profile| name(&fixture(&format!("legs/{profile}.dump.xz")))).collect(),
        vec![name(&fixture("logs/three-profiles.log.xz"))],
    ]
}

#[test]
fn the_statistics_of_calls_are_printed_for_people_and_for_programs() {
    insta::assert_snapshot!("call-stats", run(&["--demo", "--stats", "--calls"]).1);
    let object = &json(&["--demo", "--stats", "--calls", "--json"])[0];
    let about_calls = serde_json::json!({"calls": object["calls"], "registrations": object["registrations"]});
    insta::assert_snapshot!("call-stats-json", serde_json::to_string_pretty(&about_calls).unwrap());
}

/// The rest of the statistics does not depend on `--calls`.
#[test]
fn without_calls_nothing_about_them_is_printed() {
    for input in inputs() {
        let input: Vec<&str> = input.iter().map(String::as_str).collect();
        let with = &mut json(&[&input[..], &["--stats", "--calls", "--json"]].concat())[0];
        let without = &json(&[&input[..], &["--stats", "--json"]].concat())[0];
        let members = with.as_object_mut().unwrap();
        assert!(members.remove("calls").is_some() && members.remove("registrations").is_some());
        assert_eq!(with, without);
    }
}

#[test]
fn the_counts_are_those_of_the_calls_that_are_printed() {
    let filters = ["", "state:answered", "is:failed", "finding:unknown-number", "user:1013", "side:B"];
    for input in inputs() {
        let input: Vec<&str> = input.iter().map(String::as_str).collect();
        for filter in filters {
            let chosen: &[&str] = if filter.is_empty() { &[] } else { &["-f", filter] };
            let counts = &json(&[&input[..], chosen, &["--stats", "--calls", "--json"]].concat())[0]["calls"];
            let calls = json(&[&input[..], chosen, &["--calls", "--json"]].concat());
            let case = format!("{input:?} {filter}");
            assert_eq!(counts["count"], calls.len(), "{case}");
            assert_eq!(counts["states"], states(&calls), "{case}");
            let legs = calls.iter().map(|call| call["legs"].as_array().unwrap().len()).sum::<usize>();
            assert_eq!(counts["legs"], legs, "{case}");
            let failed = ["busy", "no-answer", "rejected", "failed"];
            let failed =
                calls.iter().filter(|call| failed.iter().any(|state| call["state"] == *state)).count();
            let causes = counts["failures"].as_array().unwrap();
            let counted: u64 = causes.iter().map(|cause| cause["count"].as_u64().unwrap()).sum();
            assert_eq!(counted, failed as u64, "{case}");
            for shown in causes.iter().chain(counts["findings"].as_array().unwrap()) {
                let is_shown = |call: &&Value| call.to_string().contains(&shown["call_id"].to_string());
                assert!(calls.iter().any(|call| is_shown(&call)), "{case}: {shown}");
            }
        }
    }
}

/// Calls by state; what is undecided is told apart as `phase`.
fn states(calls: &[Value]) -> Value {
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    for call in calls {
        let phase = &call["legs"][0]["phase"];
        let state = if phase.is_null() { &call["state"] } else { phase };
        *states.entry(state.as_str().unwrap().to_owned()).or_default() += 1;
    }
    serde_json::to_value(states).unwrap()
}

#[test]
fn registrations_are_counted_as_they_are_printed_and_failing_ones_by_user() {
    for input in inputs() {
        let input: Vec<&str> = input.iter().map(String::as_str).collect();
        let counts = &json(&[&input[..], &["--stats", "--calls", "--json"]].concat())[0]["registrations"];
        let printed = json(&[&input[..], &["--calls", "--json", "-f", "kind:register"]].concat());
        assert_eq!(counts["count"], printed.len(), "{input:?}");
        for user in counts["failing"].as_array().unwrap() {
            let of_user = printed.iter().filter(|one| one["to"] == user["user"]);
            let failing = of_user.filter(|one| !one["findings"].as_array().unwrap().is_empty());
            assert_eq!(user["call_ids"], failing.count(), "{user}");
        }
    }
    let chosen = &json(&["--demo", "--stats", "--calls", "--json", "-f", "user:1016"])[0]["registrations"];
    assert_eq!((&chosen["count"], &chosen["failing"][0]["rule"]), (&1.into(), &"wrong-password".into()));
}

#[test]
fn other_modes_and_columns_exclude_the_statistics() {
    for args in
        [&["--stats", "--calls", "--columns", "state"][..], &["--calls", "--full"], &["--calls", "--ladder"]]
    {
        let (status, out, error) = run(&[&["--demo"], args].concat());
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(error.contains("cannot be used with"), "{error}");
    }
}
