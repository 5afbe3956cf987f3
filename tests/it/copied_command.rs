//! The shell command that `y f` copies prints what the screen shows.

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

/// The command that is copied after these keys, and what it prints.
fn copied(keys: &str) -> (String, String) {
    let mut browser = Browser::new(120, 40, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
    browser.keys(keys).keys("yf");
    let command = String::from_utf8(browser.copied).unwrap();
    let arguments = command.strip_prefix("sofiatui").unwrap();
    let run = format!("{}{arguments}", env!("CARGO_BIN_EXE_sofiatui"));
    let output = crate::support::shell().args(["-c", &run]).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    (command, String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_command_of_each_screen_prints_what_it_shows() {
    for (keys, command, printed) in [
        ("", "sofiatui --all-methods --demo", "REGISTER"),
        ("/method:invite<Enter>", "sofiatui --all-methods -f method:invite --demo", "INVITE"),
        ("c/state:busy<Enter>", "sofiatui --calls --all-methods -f state:busy --demo", "486 Busy Here"),
        (
            "c/state:busy<Enter>d",
            "sofiatui --ladder --legs --all-methods -f leg=5eceb655-8a5523d8-edef0ce0-05320ae5@198.51.100.13 --demo",
            "486 Busy Here",
        ),
        (
            "c/state:busy<Enter>dx",
            "sofiatui --ladder --all-methods -f call-id=5eceb655-8a5523d8-edef0ce0-05320ae5@198.51.100.13 --demo",
            "486 Busy Here",
        ),
        ("c/state:busy<Enter>D", "sofiatui --full --all-methods -f 'n=93 or n=99' --demo", "INVITE"),
        (
            "gd",
            "sofiatui --ladder --all-methods -f call-id=042f7810-b6eb-4b30-9d6b-db07c8e45d1a --demo",
            "REGISTER",
        ),
    ] {
        let (copied, output) = copied(keys);
        assert_eq!(copied, command, "{keys}");
        assert!(output.contains(printed), "{keys}: {output}");
    }
}
