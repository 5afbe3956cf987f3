//! The configuration file: what the real program does with it, in a terminal and when printing.

use std::path::Path;

use crate::pty::Pty;
use crate::support::{configure, program};

/// The program with a configuration, in a terminal.
fn browser(home: &Path, configuration: &str, args: &[&str]) -> Pty {
    configure(home, configuration);
    let mut pty = Pty::at_home(home, args);
    pty.loaded();
    pty
}

/// What the program prints with a configuration file.
fn printed(configuration: &str, args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), configuration);
    let output = program().env("XDG_CONFIG_HOME", home.path()).args(args).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn keepalive_options_are_hidden_by_a_filter_that_can_be_seen_and_removed() {
    let home = tempfile::tempdir().unwrap();
    for (configuration, args, shown, line) in [
        ("", &["--demo"][..], "357 of 379", "/ -method:options"),
        ("filter = \"method:register\"", &["--demo"], "of 379", "/ method:register"),
        ("", &["--demo", "-m", "BYE"], "of 379", "/ method:BYE"),
    ] {
        browser(home.path(), configuration, args).until(&[shown, line]).keys("\x1b").gone(line).keys("q");
    }
    browser(home.path(), "", &["--demo", "--all-methods"]).until(&["379 messages"]).gone("of 379").keys("q");
    // The filter is not about calls; removed, it can be recalled.
    let mut pty = browser(home.path(), "", &["--demo"]);
    pty.until(&["357 of 379"]).keys("c").until(&["16 calls"]).gone("-method:options").keys("c");
    pty.until(&["357 of 379"]).keys("\x1b").gone("of 379").keys("/\x1b[A\r").until(&["357 of 379"]).keys("q");
}

#[test]
fn columns_of_any_header_field_are_read_for_the_visible_rows() {
    let home = tempfile::tempdir().unwrap();
    let columns =
        "filter = \"\"\ncolumns = [\"time\", \"header.Max-Forwards\", \"cseq\", \"message\", \"state\"]";
    let mut pty = browser(home.path(), columns, &["--demo", "-m", "INVITE"]);
    pty.until(&["Max-Forwards", "cseq", "state", "70", "69", "answered"]).keys("G").until(&["70"]).keys("q");
}

#[test]
fn keys_can_be_changed_and_the_footer_shows_them() {
    let home = tempfile::tempdir().unwrap();
    let keys = "filter = \"\"\n[keys.messages]\ncalls = [\"C\", \"Ctrl-G\"]\nladder = []\n";
    let mut pty = browser(home.path(), keys, &["--demo"]);
    pty.until(&[" C calls"])
        .gone(" ladder")
        .keys("C")
        .until(&["16 calls"])
        .keys("c")
        .keys("\x07")
        .until(&["16 calls"]);
    pty.keys("cd").until(&["d in"]).keys("q");
}

#[test]
fn names_of_peers_are_shown_and_found() {
    let calls = ["--demo", "--calls", "--columns", "peer,why"];
    let alias = "[aliases]\n\"192.0.2.21\" = \"edge-two\"\nexternal = \"Home\"\n";
    let table = printed(alias, &calls);
    assert!(table.contains("edge-two (192.0.2.21) answered 486 Busy Here"), "{table}");
    let ladder = printed("", &["--demo", "--ladder", "-f", "state:busy", "--alias", "192.0.2.21=edge-two"]);
    assert!(ladder.lines().any(|line| line.contains("external") && line.contains("edge-two")), "{ladder}");
    let ladder = printed(alias, &["--demo", "--ladder", "-f", "state:busy"]);
    assert!(ladder.contains("\nHome → edge-two (192.0.2.21:5060)  busy"), "{ladder}");
    let counts = printed(alias, &["--demo", "--stats"]);
    assert!(counts.contains("\n  25  edge-two [192.0.2.21]\n"), "{counts}");
    let found = |text: &str| printed(alias, &["--demo", "-f", text]);
    let messages = found("addr:192.0.2.21:");
    assert!(messages.lines().count() > 5);
    for text in ["addr:edge-two", "addr:Edge-two or addr:edge-two", "edge-t", "addr=edge-two"] {
        assert_eq!(found(text), messages, "{text}");
    }
    assert_eq!(found("profile:home"), found("profile=external"));
    let home = tempfile::tempdir().unwrap();
    let mut pty = browser(home.path(), alias, &["--demo"]);
    pty.keys("/addr:edge-two\r").until(&["edge-two", "Home", "addr:edge-two"]);
    // In the comparison of two legs, and among the peers.
    pty.keys("c").until(&["16 calls"]).keys("dD").until(&["from edge-two (192.0.2.21:24219)"]);
    pty.keys("qqcs5").until(&["edge-two (192.0.2.21)"]).keys("q");
}

#[test]
fn named_filters_work_in_the_browser_and_when_printing() {
    let filters = "[filters]\nfailed = \"status:4xx -status:401\"\nworse = \"@failed status:486\"\n";
    let worse = printed(filters, &["--demo", "-f", "@worse"]);
    assert!(worse.lines().count() > 0 && worse.lines().all(|line| line.contains("486")), "{worse}");
    let home = tempfile::tempdir().unwrap();
    let mut pty = browser(home.path(), filters, &["--demo", "-f", "@worse"]);
    let count = format!("{} of 379", worse.lines().count());
    pty.until(&["/ @worse", &count])
        .keys("/\x15@failed -status:486\r")
        .until(&["/ @failed -status:486"])
        .keys("q");
    // A misspelt name is an error, with the place in the expression.
    pty = browser(home.path(), filters, &["--demo"]);
    pty.keys("/\x15@fialed").until(&["did you mean '@failed'?"]).keys("\x1b");
    pty.keys("/\x15@zzz").until(&["no filter is named '@zzz': there is @failed, @worse"]).keys("\x1b");
    // Tab completes a name.
    pty.keys("/\x15@fa\t\r").until(&["/ @failed "]).keys("q");
}

#[test]
fn the_printed_configuration_means_the_same() {
    let own = "columns = [\"time\", \"message\"]\ntheme = \"light\"\n[filters]\nx = \"bye\"\n[keys.calls]\nsort = \"O\"\n";
    for configuration in ["", own] {
        let first = printed(configuration, &["--print-config"]);
        let second = printed(&first, &["--print-config"]);
        let settings = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(settings(&second), settings(&first));
        assert!(first.contains("# Named filters") && first.contains("[keys.everywhere]"), "{first}");
    }
}

#[test]
fn a_wrong_configuration_is_an_error_with_its_place() {
    let home = tempfile::tempdir().unwrap();
    for (configuration, said) in [
        (
            "\nfilter = \"form:1\"",
            "config.toml:2:10: filter: column 1: unknown field 'form': did you mean 'from'?\n",
        ),
        ("[filters]\nx = \"(bye\"", "config.toml:2:5: filter 'x': column 5: expected ')'\n"),
        ("columns = [\"header.\"]", "config.toml:1:12: unknown column 'header.'"),
        (
            "[keys.messages]\nladder = \"/\"\nclear-filter = \"/\"",
            "config.toml:3:16: key / is also that of 'ladder'",
        ),
        ("[keys.messages]\nladder = \"Ctr-D\"", "config.toml:2:10: expected keys such as"),
    ] {
        configure(home.path(), configuration);
        for args in [&["--demo"][..], &["--print-config"]] {
            let output = program().env("XDG_CONFIG_HOME", home.path()).args(args).output().unwrap();
            let text = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{text}");
            assert!(text.contains(said), "{text}");
        }
    }
}

#[test]
fn columns_are_chosen_ordered_and_saved_beside_the_comments_of_the_user() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("sofiatui/config.toml");
    let mut pty = browser(home.path(), "# mine\nfilter = \"\" # all\n[filters]\n", &["--demo"]);
    // F10, then another column before the second one, then the first one down, then saved.
    pty.keys("\x1b[21~").until(&["columns", "● n", "○ cseq", "Space show/hide"]);
    pty.keys("jaMax-Forwards\r")
        .until(&["● header.Max-Forwards"])
        .keys("kJ")
        .keys("s")
        .until(&["saved the columns in"]);
    let text = std::fs::read_to_string(&file).unwrap();
    let columns = "columns = [\"header.Max-Forwards\", \"n\", \"date\", \"time\",";
    assert!(
        text.starts_with(columns) && text.ends_with("\n\n# mine\nfilter = \"\" # all\n[filters]\n"),
        "{text}"
    );
    pty.keys("\x1b").gone("Space show/hide").until(&["Max-Forwards", "70"]).keys("q");
    pty.end();
    let mut pty = Pty::at_home(home.path(), &["--demo"]);
    pty.until(&["Max-Forwards", "70"]).keys("\x1b[21~").until(&["● header.Max-Forwards"]).keys("\x1bq");
    // Without a configuration, nothing is saved.
    let mut pty = Pty::at_home(home.path(), &["--demo", "--no-config"]);
    pty.until(&["357 of 379"])
        .keys("\x1b[21~")
        .until(&["● n"])
        .keys("s")
        .until(&["uses no configuration file"])
        .keys("\x1bq");
}

#[test]
fn terms_that_match_nothing_together_are_counted_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = browser(home.path(), "filter = \"\"", &["--demo"]);
    pty.keys("/method:register status:486\r");
    pty.until(&[
        "method:register ",
        " · status:486 ",
        " · together 0",
        "without status:486 ",
        "without method:register ",
    ])
    .keys("q");
}

#[test]
fn plus_and_minus_filter_by_the_selected_row() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = browser(home.path(), "filter = \"\"", &["--demo"]);
    pty.keys("+m")
        .until(&["/ method=REGISTER"])
        .keys("-a")
        .until(&["/ method=REGISTER -addr:192.0.2.22:"])
        .keys("q");
}

#[test]
fn tab_offers_the_values_of_this_trace_with_their_counts() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = browser(home.path(), "filter = \"\"", &["--demo"]);
    pty.keys("/method:\t")
        .until(&["INVITE 164", "REGISTER "])
        .keys("\t")
        .until(&["/ method:INVITE", "164 of 379"]);
    pty.keys("\t\x1b[Z\r").until(&["/ method:INVITE"]).keys("/\x15profile:\t").until(&[
        "internal ",
        "external ",
        "esinet ",
    ]);
    pty.keys("\x1b")
        .gone("/ profile:")
        .keys("c")
        .until(&["calls"])
        .keys("/\x15from:\t")
        .until(&["1012 "])
        .keys("\x1bq");
}
