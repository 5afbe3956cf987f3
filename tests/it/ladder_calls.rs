//! Ladders of whole calls of several legs, cut out of real traffic: a fork, a failover, transfers, an emergency call.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, fixture, loaded};

const PROFILES: [&str; 3] = ["esinet", "external", "internal"];

fn input(profile: &str) -> InputSpec {
    InputSpec::file(fixture(&format!("legs/{profile}.dump.xz")))
}

fn traffic() -> Snapshot {
    static TRAFFIC: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Snapshot::clone(TRAFFIC.get_or_init(|| loaded(PROFILES.map(input).into())))
}

/// The ladder of the call with this Call-ID, over all of its legs.
fn ladder(snapshot: Snapshot, call_id: &str, (columns, rows): (u16, u16)) -> Browser {
    let mut browser = Browser::new(columns, rows, snapshot);
    browser.keys(&format!("/call-id:{call_id}<Enter>dx"));
    if rows < 40 {
        browser.keys("z");
    }
    browser
}

const SIZES: [(u16, u16); 2] = [(80, 24), (160, 45)];

#[test]
fn calls_of_several_legs_at_each_size() {
    for (name, call_id, legs) in [
        ("fork", "691e0365-7dac-4379-a435-328f13926fad", 4),
        ("failover", "9b5226b8-55b5b0ce-b45f92f8", 3),
        ("blind-transfer", "7d00421e-9a1ebdb8-7b713dbc", 3),
        ("attended-transfer", "817962708_50517925", 4),
        ("emergency", "5bdb6ddf-5365-42d7-a81b-0338e0deab95", 4),
    ] {
        for (columns, rows) in SIZES {
            let browser = ladder(traffic(), call_id, (columns, rows));
            assert_eq!(browser.ladder().members.len(), legs, "{name}");
            insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), browser.screen());
        }
    }
}

/// Writes the frames of a call of one profile as a dump of another one.
fn copy(call_id: &str, from: &str, to: &Path) {
    let mut program = crate::support::program();
    let source = fixture(&format!("legs/{from}.dump.xz"));
    let output = program.args(["--no-config", "--raw", "--call-id", call_id]).arg(source).output().unwrap();
    assert!(output.status.success());
    std::fs::write(to, output.stdout).unwrap();
}

#[test]
fn an_emergency_call_over_three_profiles_at_each_size() {
    let directory = tempfile::tempdir().unwrap();
    let calls = sofiatui::calls::Calls::of;
    let all = traffic();
    let main = all.rows_from(0).find(|row| row.call_id() == b"5bdb6ddf-5365-42d7-a81b-0338e0deab95").unwrap();
    let Some(sofiatui::calls::Handle::Leg(leg)) = calls(&all).unwrap().of_row(main.row) else { panic!() };
    let call = calls(&all).unwrap().call_ref(&all, leg).unwrap();
    let ids: Vec<String> =
        call.legs().iter().map(|leg| String::from_utf8(leg.call_id().to_vec()).unwrap()).collect();
    // One of the forks went out on another profile.
    let at = |profile: &str| directory.path().join(format!("{profile}.dump"));
    copy(&ids[0], "esinet", &at("esinet"));
    copy(&format!("{}|{}", ids[1], ids[2]), "internal", &at("internal"));
    copy(&ids[3], "internal", &at("external"));
    let inputs = PROFILES.map(|profile| InputSpec::file(at(profile)));
    let snapshot = Snapshot::clone(&loaded(inputs.into()));
    for (columns, rows) in SIZES {
        let browser = ladder(snapshot.clone(), "5bdb6ddf", (columns, rows));
        assert_eq!(browser.ladder().members.len(), 4);
        insta::assert_snapshot!(format!("emergency-three-profiles-{columns}x{rows}"), browser.screen());
    }
}

#[test]
fn what_is_compared_is_the_first_offer_not_one_that_changes_the_session() {
    let mut browser = ladder(traffic(), "817962708_50517925", (120, 40));
    browser.keys("jjD");
    let screen = browser.screen();
    let sides: Vec<&str> = screen.lines().skip(2).take(2).collect();
    assert!(sides[0].starts_with(" A 00:32:49.700405 received INVITE"), "{screen}");
    assert!(sides[1].starts_with(" B 00:32:49.709729 sent INVITE"), "{screen}");
}

#[test]
fn the_longest_pause_says_what_another_leg_did_meanwhile() {
    for (call_id, legs, said) in [
        ("d6c22eb4-62c4558c-a7acbd28", "", "8.9 s (1013: no answer, 8.9 s)"),
        ("d6c22eb4-62c4558c-a7acbd28", "x", " 8.9 s "),
        ("12ed5305", "", "5.4 s ◀ longest"),
    ] {
        let mut browser = Browser::new(120, 40, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
        browser.keys(&format!("/call-id:{call_id}<Enter>d{legs}"));
        let screen = browser.screen();
        let pause = screen.lines().find(|line| line.contains('┊') && line.contains(said));
        assert!(pause.is_some() && (legs.is_empty() || !screen.contains("(1013")), "{said}\n{screen}");
    }
}

#[test]
fn f_c_in_the_list_shows_every_leg_of_the_call() {
    let mut browser = Browser::new(100, 30, traffic());
    browser.keys("/call-id:9b5226b8-55b5b0ce-b45f92f8<Enter>");
    let one_leg = browser.shown_len();
    browser.keys("<Down><F5>fc");
    let filter = browser.messages().filter.filter.text();
    assert!(filter.starts_with("leg=9b5226b8"), "{filter}");
    let mut call_ids = browser.shown_call_ids();
    assert!(browser.shown_len() > one_leg);
    call_ids.sort();
    call_ids.dedup();
    assert_eq!(call_ids.len(), 3);
}
