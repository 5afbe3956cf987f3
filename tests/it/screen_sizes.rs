//! Screens and states at the sizes that people have, with their styles: a table of both.

use sofiatui::load::InputSpec;
use sofiatui::store::{Progress, Snapshot};

use crate::profiles::all_kinds;
use crate::support::{Browser, loaded, snapshot};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 60), (20, 5)];

/// A name, what is opened, and the keys that lead to the screen.
type Shown = (&'static str, fn(u16, u16) -> Browser, &'static str);

const SCREENS: [Shown; 13] = [
    ("ladder-of-call", demo, "c/state:busy<Enter>djj"),
    ("ladder-of-message", demo, "/status:486<Enter>d<End>"),
    ("ladder-details", demo, "c/state:busy<Enter>d<Tab>2"),
    ("diff-of-legs", demo, "c/state:busy<Enter>D"),
    ("diff-of-marked", demo, "/method:invite<Enter>  DaG"),
    ("profiles-all", profiles, "jj"),
    ("profiles-marked", profiles, " j "),
    ("profiles-range", profiles, "t05:53:40<Tab>"),
    ("note-typed", demo, "jNcalls back at noon"),
    ("note-kept", demo, "jNcalls back at noon<Enter>"),
    ("note-in-ladder", demo, "jNcalls back at noon<Enter>d"),
    ("errors", errors, "j"),
    ("loading", loading, "j"),
];

fn demo(columns: u16, rows: u16) -> Browser {
    Browser::new(columns, rows, Snapshot::clone(&loaded(vec![InputSpec::Demo])))
}

fn profiles(columns: u16, rows: u16) -> Browser {
    Browser::picking(columns, rows, all_kinds())
}

/// All is loaded that can be read.
fn errors(columns: u16, rows: u16) -> Browser {
    let mut all = snapshot(&["screens/mixed.dump"], usize::MAX);
    all.progress.bytes_skipped = 12_345;
    all.progress.errors = vec!["esinet.dump: permission denied".to_owned(), "x\u{1b}[2J: no dump".to_owned()];
    Browser::new(columns, rows, all)
}

/// A part is loaded.
fn loading(columns: u16, rows: u16) -> Browser {
    let mut part = snapshot(&["screens/mixed.dump", "screens/second.dump"], 5);
    let (bytes_total, bytes_read) = (Some(100_000_000), 46_000_000);
    part.progress = Progress { bytes_total, bytes_read, ..Progress::default() };
    Browser::new(columns, rows, part)
}

#[test]
fn each_screen_at_each_size() {
    for (name, opened, keys) in SCREENS {
        for (columns, rows) in SIZES {
            let mut browser = opened(columns, rows);
            browser.keys(keys);
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("size-{name}-{columns}x{rows}"), browser.styled_screen());
            });
        }
    }
}

#[test]
fn while_nothing_is_loaded_each_size_says_so() {
    for (columns, rows) in SIZES {
        let empty = Browser::new(columns, rows, Snapshot::default());
        assert!(empty.screen().contains("loading"), "{}", empty.screen());
        assert!(empty.app.selected().is_none());
    }
}
