//! Joining, a short trace for each kind of call: its legs, what happens on them, and the pairs that are to be found.
//!
//! Must not know: how legs are scored.

mod script;
mod table;

use script::{dump, leg_of, lines};
use table::CASES;

use super::tests::{feed, indexed, read};
use crate::calls::{Builder, Calls};

/// A kind of call: its name, what happens, the pairs that are joined and those that are only offered.
///
/// A line is a time in milliseconds, the leg, `>` (received) or `<` (sent), and the message: `INVITE from to`, a status code,
/// CANCEL, ACK, BYE, REFER, INFO, UPDATE or NOTIFY. What follows ` | ` are header fields, separated by ` | `; after ` || ` is a
/// body. `a1/b2` is a leg with the Call-ID of `a1`; `b1/h` is the other end of the very same messages. Legs with a capital are
/// in the dump of a second FreeSWITCH.
struct Case {
    name: &'static str,
    trace: &'static str,
    joined: &'static str,
    offered: &'static str,
}

/// The pairs as `a-b a-b`: joined ones, offered ones.
fn pairs(calls: &Calls, names: &[String]) -> [String; 2] {
    let name = |leg| &names[leg as usize][..];
    [true, false].map(|joined| {
        let pairs = calls.joins().iter().filter(|pair| pair.is_joined() == joined);
        let mut names: Vec<String> = pairs
            .map(|pair| {
                let (one, other) = (name(pair.a), name(pair.b));
                if one < other { format!("{one}-{other}") } else { format!("{other}-{one}") }
            })
            .collect();
        names.sort();
        names.join(" ")
    })
}

fn check(case: &Case) {
    let mut all = Vec::new();
    read(dump(case.trace, false).as_bytes(), 0, &mut all);
    read(dump(case.trace, true).as_bytes(), 1, &mut all);
    let (messages, _) = indexed(all);
    let mut builder = Builder::default();
    feed(&mut builder, &messages, 0);
    let calls = builder.snapshot();
    let mut names: Vec<String> = Vec::new();
    for leg in lines(case.trace).map(leg_of).map(str::to_owned) {
        if !names.contains(&leg) {
            names.push(leg);
        }
    }
    let reasons: Vec<_> = calls
        .joins()
        .iter()
        .map(|pair| (pair.a, pair.b, pair.score(), calls.joins().reasons(pair)))
        .collect();
    let found = pairs(&calls, &names);
    assert_eq!(found, [case.joined, case.offered], "{}: {reasons:#?}", case.name);
}

#[test]
fn each_kind_of_call_is_joined_as_it_is() {
    CASES.iter().for_each(check);
}
