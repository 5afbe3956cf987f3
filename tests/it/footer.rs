//! What the footer offers, and what a key says that does nothing.

use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

/// A browser of the built-in sample.
fn demo(columns: u16) -> Browser {
    Browser::new(columns, 24, Snapshot::clone(&loaded(vec![InputSpec::Demo])))
}

fn last_line(browser: &Browser) -> String {
    browser.screen().lines().last().unwrap().trim().to_owned()
}

#[test]
fn the_footer_shows_what_works() {
    for (keys, want) in [
        ("", "d ladder  c calls  / filter  f by row  y copy  w save  ? help  q quit"),
        ("<Enter>", "d ladder  c calls  / search  y copy  w save  Tab panes  ? help  q back"),
        ("c", "d ladder  v proof  e problem  c messages  / filter  Tab panes  ? help  q back"),
        ("cgv", "/ search  y copy  w save  ? help  q back"),
        ("cgv4", "/ search  y copy  w save  x hex  ? help  q back"),
        (
            "c/state:busy<Enter>d",
            "x legs  D changes  d back  / filter  y copy  w save  Tab panes  ? help  q back",
        ),
        ("c/legs=1<Enter>d", "d back  / filter  y copy  w save  Tab panes  z zoom  ? help  q back"),
        ("c/state:busy<Enter>D", "Tab next  a all  y copy  D back  ? help  q back"),
    ] {
        let mut browser = demo(80);
        browser.keys(keys);
        assert_eq!(last_line(&browser), want, "{keys}");
    }
    let mut wide = demo(160);
    wide.keys("c/state:busy<Enter>djjjjj");
    assert!(
        last_line(&wide).contains("- take out") && !last_line(&wide).contains("+ join"),
        "{}",
        last_line(&wide)
    );
    wide.keys("-");
    assert!(last_line(&wide).contains("+ join"), "{}", last_line(&wide));
}

#[test]
fn a_key_that_does_nothing_says_why() {
    for (keys, want) in [
        ("x", "x shows raw bytes in hex: 4 shows the raw bytes first"),
        ("cgvx", "x shows raw bytes in hex: 4 shows the raw bytes first"),
        ("cgvD", "D in “Calls”, where Esc leads back: what FreeSWITCH changed from leg to leg"),
        ("cgve", "e in “Calls”, where Esc leads back: next call with a problem"),
        ("c/legs=1<Enter>dx", "this call has one leg"),
        ("c/legs=1<Enter>dD", "this call has one leg: there is nothing to compare"),
        ("gdx", "this is no call: it has no legs"),
        ("cGe", "no problem below"),
        ("cgE", "no problem above"),
    ] {
        let mut browser = demo(80);
        browser.keys(keys);
        assert_eq!(last_line(&browser), want, "{keys}");
    }
    let mut browser = demo(80);
    assert!(browser.keys("4x").screen().contains("|REGISTER|") || browser.screen().contains("52 45 47 49"));
}

#[test]
fn with_pick_every_screen_says_what_q_does() {
    for columns in [20, 80, 160] {
        for keys in
            ["j", "<Enter>", "c", "cg<Tab>", "c/state:busy<Enter>d", "c/state:busy<Enter>D", "<Home>  D"]
        {
            let mut browser = demo(columns);
            browser.app.prefs.picks = true;
            browser.keys(keys);
            assert!(last_line(&browser).starts_with("Q print and leave"), "{keys}: {}", browser.screen());
        }
        let mut browser = demo(columns);
        browser.app.prefs.picks = true;
        assert!(last_line(browser.keys("s")).starts_with("Q leave (nothing"), "{}", browser.screen());
        assert!(last_line(browser.keys("q s")).starts_with("Q print and leave"), "{}", browser.screen());
    }
    assert!(!demo(160).screen().contains("Q "));
}
