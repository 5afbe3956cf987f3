//! A filter that only narrows the one before searches only what that one found.

use sofiatui::filter::Filter;
use sofiatui::load::InputSpec;
use sofiatui::store::{Candidates, Matching, MessageIdx, Snapshot};

use crate::support::{Browser, loaded};

fn demo() -> Snapshot {
    Snapshot::clone(&loaded(vec![InputSpec::Demo]))
}

/// How many messages match a filter.
fn matching(snapshot: &Snapshot, filter: &str) -> usize {
    let mut matching = Matching::new(&Filter::parse(filter).unwrap());
    snapshot.rows_from(0).filter(|row| matching.matches(row)).count()
}

#[test]
fn a_narrower_filter_searches_only_what_was_shown() {
    let snapshot = demo();
    let (all, invites) = (snapshot.len(), matching(&snapshot, "method:invite"));
    for (before, after, looked_at) in [
        ("method:invite", " status:486", invites),
        ("method:invite", " or method:bye", all),
        ("method:invite", "<C-u>method:bye", all),
        // Whether a request is answered, and what became of a call, may have changed since.
        ("is:unanswered", " method:invite", all),
        ("is:failed", " method:invite", all),
    ] {
        for screen in ["", "c"] {
            let mut browser = Browser::new(120, 40, demo());
            browser.keys(&format!("{screen}/<C-u>{before}<Enter>"));
            browser.searched.clear();
            // Pasted as a whole, so that no search comes between.
            let text = after.trim_start_matches("<C-u>");
            browser.keys(if text == after { "/" } else { "/<C-u>" });
            browser.searched.clear();
            browser.event(sofiatui::app::Event::Paste(text.to_owned()));
            assert_eq!(browser.searched, [looked_at], "{before:?} then {after:?} on screen {screen:?}");
        }
    }
}

#[test]
fn what_is_found_is_the_same_as_by_a_search_of_everything() {
    let snapshot = demo();
    let mut browser = Browser::new(120, 40, demo());
    browser.keys("/<C-u>");
    let mut typed = String::new();
    for key in "sip: INVITE -status:180 Ali".chars() {
        typed.push(key);
        browser.event(sofiatui::app::Event::Key(sofiatui::app::Key::Char(key)));
        // A term without its value is not in force yet.
        if browser.messages().filter.filter.text() == typed {
            let wanted = matching(&snapshot, &typed);
            assert_eq!(browser.messages().len(&browser.app.session), wanted, "{typed:?}");
        }
    }
}

#[test]
fn candidates_are_looked_at_before_all_rows_that_were_never_searched() {
    let snapshot = demo();
    let rows = |first: MessageIdx, pieces: &[&[MessageIdx]], before: MessageIdx| -> Vec<MessageIdx> {
        let rows = pieces.iter().map(|piece| std::sync::Arc::new(piece.to_vec())).collect();
        let candidates = Candidates { rows, before };
        candidates.rows_from(first, &snapshot).map(|row| row.index).take(6).collect()
    };
    assert_eq!(rows(0, &[], 0), [0, 1, 2, 3, 4, 5]);
    assert_eq!(rows(0, &[&[1, 4], &[7]], 9), [1, 4, 7, 9, 10, 11]);
    assert_eq!(rows(4, &[&[1, 4], &[7]], 9), [4, 7, 9, 10, 11, 12]);
    assert_eq!(rows(10, &[&[1, 4], &[7]], 9), [10, 11, 12, 13, 14, 15]);
    // What was found later than that is among all the others.
    assert_eq!(rows(0, &[&[1, 4], &[9]], 9), [1, 4, 9, 10, 11, 12]);
}
