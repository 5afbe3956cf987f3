//! The Calls screen: what it lists, how one gets there and back, what it looks like.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use sofiatui::app::columns::{CallColumn, ColumnList};
use sofiatui::app::screens::calls::{Entry, ListCalls, Listing, Order, Verdicts, leg_letter};
use sofiatui::app::{App, Event, Key, MouseAction, Screen};
use sofiatui::calls::Calls;
use sofiatui::export::calls_table::COLUMNS;
use sofiatui::filter::Filter;
use sofiatui::ladder::Links;
use sofiatui::load::InputSpec;
use sofiatui::store::{Progress, Snapshot};
use sofiatui::tui::lister::Lister;

use crate::pty::Pty;
use crate::support::{Browser, configure, fixture, loaded};

fn demo() -> Arc<Snapshot> {
    static DEMO: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Arc::clone(DEMO.get_or_init(|| loaded(vec![InputSpec::Demo])))
}

/// A browser on the Calls screen of the built-in sample.
fn browser(columns: u16, rows: u16) -> Browser {
    let mut browser = Browser::new(columns, rows, Snapshot::clone(&demo()));
    browser.keys("c");
    browser
}

/// The numbers in the first column, from the top.
fn numbers(browser: &Browser) -> Vec<u32> {
    let screen = browser.screen();
    let lines = screen.lines().skip(3).take_while(|line| !line.starts_with('─'));
    let number = |line: &str| line.trim_start_matches(['▸', ' ']).split(' ').next()?.parse().ok();
    lines.filter_map(number).collect()
}

/// The number of the selected line.
fn selected(browser: &Browser) -> u32 {
    let screen = browser.screen();
    let line = screen.lines().find(|line| line.starts_with('▸')).unwrap();
    line[3..].trim_start().split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn the_calls_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let browser = browser(columns, rows);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("calls-{columns}x{rows}"), browser.screen());
        });
    }
}

#[test]
fn problems_are_stepped_through_and_their_ends_are_told() {
    let mut browser = browser(120, 40);
    browser.keys("g");
    let mut seen = Vec::new();
    loop {
        browser.keys("e");
        if browser.screen().ends_with("no problem below") {
            break;
        }
        seen.push(selected(&browser));
    }
    let failed = browser.calls().listing.counts[1];
    assert!(failed > 0 && seen.len() + 1 >= failed, "{seen:?}");
    for line in browser.screen().lines().filter(|line| line.contains("answered !")) {
        let number: u32 = line.split_whitespace().find_map(|word| word.parse().ok()).unwrap();
        assert!(seen.contains(&number), "{line}");
    }
    browser.keys("E");
    assert_eq!(selected(&browser), seen[seen.len() - 2]);
}

#[test]
fn an_answered_call_with_something_wrong_is_marked_and_a_problem() {
    let snapshot = loaded(vec![InputSpec::file(fixture("real-calls/no-ack.dump"))]);
    let mut browser = Browser::new(120, 40, Snapshot::clone(&snapshot));
    browser.keys("c");
    let marked: Vec<String> =
        browser.screen().lines().filter(|line| line.contains("answered !")).map(str::to_owned).collect();
    assert_eq!(marked.len(), 1, "{}", browser.screen());
    browser.keys("ge");
    assert_ne!(browser.screen().lines().last(), Some("no problem below"));
}

#[test]
fn the_list_is_sorted_by_key_and_by_click_and_the_selected_call_stays() {
    let mut browser = browser(160, 90);
    browser.keys("gjjj");
    let (before, all) = (selected(&browser), numbers(&browser));
    browser.keys("o");
    assert!(browser.screen().contains("sort by"), "{}", browser.screen());
    browser.keys("n");
    let reversed: Vec<u32> = all.iter().rev().copied().collect();
    assert_eq!((numbers(&browser), selected(&browser)), (reversed, before));
    browser.keys("os");
    assert_eq!((numbers(&browser), selected(&browser)), (all.clone(), before));
    for letter in "ftarkelwn".chars() {
        browser.keys(&format!("o{letter}"));
        let mut sorted = numbers(&browser);
        sorted.sort_unstable();
        assert_eq!((sorted, selected(&browser)), (all.clone(), before), "{letter}");
    }
    browser.click(" state");
    assert!(!browser.screen().contains("state▲"), "beside the heading");
    browser.click("state ");
    assert!(browser.screen().contains("state▲"), "{}", browser.screen());
    browser.click("state▲");
    assert!(browser.screen().contains("state▼"), "{}", browser.screen());
    browser.keys("o<Esc>");
    assert!(browser.screen().contains("state▼"), "Esc leaves the order");
}

#[test]
fn the_filter_takes_the_call_and_its_messages_and_keeps_the_selection() {
    let mut browser = browser(160, 90);
    let all = numbers(&browser);
    browser.keys("ge");
    let failed = selected(&browser);
    browser.keys("/status:486<Enter>");
    assert!(numbers(&browser).len() < all.len() && numbers(&browser).contains(&failed));
    assert_eq!(selected(&browser), failed);
    browser.keys("<F5>");
    assert_eq!((numbers(&browser), selected(&browser)), (all, failed));
    browser.keys("/call-id:nowhere<Enter>");
    assert!(browser.screen().contains("no call matches  call-id:nowhere"), "{}", browser.screen());
    browser.keys("<F5>");
    assert_eq!(selected(&browser), failed, "it comes back");
}

#[test]
fn a_key_right_after_a_filter_acts_on_what_it_shows() {
    let term = |key| "/status:486".chars().map(Key::Char).chain([Key::Enter, key]).collect::<Vec<_>>();
    let mut slow = browser(120, 40);
    slow.keys("/status:486<Enter>");
    let (number, found) = (selected(&slow), slow.app.selected());
    let mut ladder = browser(120, 40);
    assert_ne!(selected(&ladder), number);
    ladder.keys_at_once(&term(Key::Char('d')));
    assert!(matches!(ladder.app.screen(), Screen::Ladder(_)), "{}", ladder.screen());
    assert!(slow.keys("d").screen() == ladder.screen(), "{}", ladder.screen());

    let mut messages = browser(120, 40);
    messages.keys_at_once(&term(Key::Char('c')));
    assert_eq!(messages.app.selected(), found);
    // Esc drops what waits.
    let mut dropped = browser(120, 40);
    let keys: Vec<Key> = term(Key::Char('d')).into_iter().chain([Key::Char('j'), Key::Esc]).collect();
    dropped.keys_at_once(&keys);
    assert_eq!(selected(&dropped), number);
}

#[test]
fn esc_removes_the_filter_first_and_c_comes_back_to_it() {
    let mut browser = browser(120, 40);
    let all = numbers(&browser);
    browser.keys("/status:486<Enter>");
    let found = numbers(&browser);
    assert!(found.len() < all.len());
    // Esc goes back to the list first.
    for (keys, want) in
        [("<Tab><Esc>", &found), ("v<Esc>", &found), ("d<Esc>", &found), ("cc", &found), ("<Esc>", &all)]
    {
        browser.keys(keys);
        assert_eq!(numbers(&browser), *want, "{keys}");
    }
    browser.keys("/<Up><Enter>");
    assert_eq!(numbers(&browser), found, "the history brings it back");
    browser.keys("<Esc><Esc>");
    assert!(matches!(browser.app.screen(), Screen::Messages(_)), "a second Esc leaves");
    browser.keys("/method:register<Enter>c");
    assert!(browser.screen().contains("/ method:register"), "another filter of the messages holds here too");
}

#[test]
fn an_unfinished_term_leaves_the_list_of_those_before_it() {
    let mut browser = browser(80, 24);
    let all = numbers(&browser);
    browser.keys("/pdd:");
    assert_eq!(numbers(&browser), all, "{}", browser.screen());
    browser.keys("<C-u>state:busy bogus:1");
    assert_eq!(browser.calls().listing.counts[0], 1, "{}", browser.screen());
    assert!(browser.screen().contains("unknown field 'bogus'"), "{}", browser.screen());
    browser.keys("<Esc>");
    assert_eq!(numbers(&browser), all);
}

#[test]
fn where_only_other_dialogs_match_their_kinds_are_named() {
    let mut browser = browser(80, 24);
    browser.keys("/state:refused<Enter>");
    let hint = "other dialogs match: / kind:register or kind:subscription shows them";
    assert!(browser.screen().contains(hint), "{}", browser.screen());
}

#[test]
fn an_order_by_a_hidden_column_is_named() {
    let mut browser = browser(80, 24);
    assert!(!browser.screen().contains("sorted by"));
    browser.keys("or");
    assert!(browser.screen().contains("sorted by ring▲"), "{}", browser.screen());
    browser.keys("or/is:failed<Enter>");
    assert!(browser.screen().contains("shown, sorted by ring▼"), "{}", browser.screen());
    browser.keys("os");
    assert!(!browser.screen().contains("sorted by"), "{}", browser.screen());
}

#[test]
fn groups_are_told_apart_by_their_own_part_of_the_identifier() {
    let mut browser = browser(80, 24);
    browser.keys("i");
    let screen = browser.screen();
    assert!(!screen.lines().take(12).any(|line| line.contains("urn:emergency")), "{screen}");
    assert!(screen.contains("▾ incident"), "{screen}");
}

#[test]
fn the_heading_counts_what_is_listed_and_how_much_there_is() {
    let total = browser(160, 90).calls().listing.counts[0];
    for (filter, heading, shown) in [
        ("state:busy", format!("1 of {total} calls, 1 failed"), "1 shown"),
        ("kind:register", "8 other dialogs".to_owned(), "8 shown"),
        ("call-id:nowhere", format!("0 of {total} calls"), "0 shown"),
    ] {
        let mut browser = browser(160, 90);
        browser.keys(&format!("/{filter}<Enter>"));
        let screen = browser.screen();
        let lines: Vec<&str> = screen.lines().take(2).collect();
        assert!(lines[0].contains(&heading) && lines[1].contains(shown), "{filter}: {lines:?}");
    }
}

#[test]
fn going_back_returns_to_the_same_place() {
    let mut browser = browser(80, 24);
    browser.keys("ge");
    let before = browser.screen();
    for away in ["d<Esc>", "<Enter>d", "v<Esc>", "vq", "?<Esc>", "zz", "<Tab><Tab>", "<Tab>z<Esc>", "o<Esc>"]
    {
        browser.keys(away);
        assert_eq!(browser.screen(), before, "{away}");
    }
}

#[test]
fn what_is_wrong_is_said_below_the_verdict_and_before_the_legs() {
    let input = InputSpec::file(fixture("ladder/bye-hours-later.dump"));
    let mut browser = Browser::new(80, 24, Snapshot::clone(&loaded(vec![input])));
    let screen = browser.keys("c/finding:no-ack<Enter>").screen();
    let line = |start: &str| screen.lines().position(|line| line.starts_with(start));
    let (wrong, leg) = (line(" ! "), line(" leg  "));
    assert!(wrong.is_some() && wrong < leg, "{screen}");
}

#[test]
fn a_finding_that_the_verdict_says_is_not_repeated() {
    let mut browser = browser(160, 45);
    browser.keys("/finding:unknown-number<Enter>");
    let screen = browser.screen();
    assert!(screen.contains("v opens it, RFC 3261") && !screen.contains(" ! "), "{screen}");
}

#[test]
fn the_proof_of_a_refused_registration_is_the_refusal() {
    let mut browser = browser(80, 24);
    browser.keys("/kind:register state:refused<Enter>");
    browser.keys("v");
    let proof = browser.app.selected().unwrap();
    assert_eq!(demo().row(proof).unwrap().row.status, 403);
}

#[test]
fn the_proof_is_opened_and_the_first_message_is_selected_afterwards() {
    let mut browser = browser(80, 24);
    browser.keys("ge");
    let snapshot = demo();
    let calls = Calls::of(&snapshot).unwrap();
    let call = calls.call_ref(&snapshot, selected(&browser) - 1).unwrap();
    let (proof, first) = (call.verdict().message, call.main().leg.first);
    browser.keys("v");
    assert_eq!(browser.app.selected(), Some(proof));
    assert!(browser.screen().contains("Headers"), "{}", browser.screen());
    browser.keys("<Esc>yv");
    let sent = format!("sent verdict, {} bytes", call.verdict().text.len());
    assert!(browser.screen().ends_with(&sent), "{}", browser.screen());
    browser.keys("c");
    assert!(matches!(browser.app.screen(), Screen::Messages(_)));
    assert_eq!(browser.app.selected(), Some(first));
    browser.keys("yv");
    assert!(browser.screen().ends_with(&sent), "{}", browser.screen());
    browser.keys("c");
    assert_eq!(selected(&browser), call.main().index + 1, "the call of the selected message");
}

#[test]
fn the_list_grows_and_the_selected_call_stays() {
    let done = demo();
    let mut part = Snapshot::clone(&done);
    part.progress = Progress { bytes_total: Some(1 << 30), bytes_read: 1 << 20, ..Progress::default() };
    let mut browser = Browser::new(120, 40, Snapshot::default());
    browser.keys("c");
    assert!(browser.screen().contains("loading…"), "{}", browser.screen());
    browser.event(Event::Loaded(Arc::new(part)));
    browser.keys("jjjon");
    let before = selected(&browser);
    browser.event(Event::Loaded(done));
    browser.draw();
    assert_eq!(selected(&browser), before);
    let mut empty = Browser::new(80, 24, Snapshot::default());
    let mut nothing = Snapshot::default();
    nothing.progress.done = true;
    empty.event(Event::Loaded(Arc::new(nothing)));
    empty.keys("c");
    assert!(empty.screen().contains("no call in this input"), "{}", empty.screen());
}

#[test]
fn the_mouse_selects_scrolls_and_edits() {
    let mut browser = browser(120, 40);
    browser.mouse(MouseAction::Click, 10, 5);
    let second = selected(&browser);
    browser.mouse(MouseAction::Click, 10, 4);
    assert_ne!(selected(&browser), second);
    browser.mouse(MouseAction::Wheel(1), 10, 30).mouse(MouseAction::Click, 10, 1);
    assert!(browser.calls().filter.editing);
}

#[test]
fn a_filter_from_the_command_line_holds_on_both_screens() {
    let mut browser = Browser::new(120, 40, Snapshot::default());
    browser.app = App::with_calls(Filter::parse("status:404 or status:486 or status:503").unwrap());
    browser.event(Event::Loaded(demo()));
    browser.draw();
    let calls = numbers(&browser).len();
    assert!(calls > 0 && calls < 20, "{calls}");
    browser.keys("c");
    assert!(browser.shown_len() > 0 && browser.shown_len() < demo().len(), "{}", browser.shown_len());
}

#[test]
fn the_legs_of_a_call_have_letters_and_a_single_leg_has_its_side() {
    let snapshot = demo();
    let calls = Calls::of(&snapshot).unwrap();
    let mut seen = BTreeSet::new();
    for first in calls.legs(&snapshot).filter(|leg| calls.joins().call_of(leg.index) == leg.index) {
        let call = calls.call_ref(&snapshot, first.index).unwrap();
        let letters: String = call.legs().iter().map(leg_letter).collect();
        let wanted =
            if call.legs().len() == 1 { first.leg.side.as_str() } else { &"ABCDEFGH"[..call.legs().len()] };
        assert_eq!(letters, wanted);
        seen.insert(letters);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["A", "AB", "ABC", "ABCD"]);
    // The list shows them below the call.
    let mut browser = browser(120, 40);
    browser.keys("g");
    browser.keys("<Right>");
    let shown: Vec<String> =
        browser.screen().lines().skip(3).take(3).map(|line| line[..6].to_owned()).collect();
    assert!(shown[1].contains('A') && shown[2].contains('B'), "{shown:?}");
}

#[test]
fn many_calls_are_sorted_by_their_callers() {
    use std::fmt::Write;
    let mut dump = String::new();
    for n in 0..2000 {
        let content = format!(
            "INVITE sip:{n}@a SIP/2.0\r\nFrom: <sip:{}@b>;tag={n}\r\nTo: <sip:{n}@a>\r\nCall-ID: {n}\r\nCSeq: 1 INVITE\r\n\r\n",
            n * 7919 % 2000
        );
        let _ = write!(
            dump,
            "recv {} bytes from udp/[192.0.2.7]:5060 at 06:{:02}:{:02}.000000:\n{content}\x0b\n",
            content.len(),
            n / 60 % 60,
            n % 60
        );
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.dump");
    std::fs::write(&path, dump).unwrap();
    let snapshot = loaded(vec![InputSpec::file(&path)]);
    let job = request(snapshot, CallColumn::From);
    let listing = job.list();
    let calls = Calls::of(&job.snapshot).unwrap();
    let users: Vec<&[u8]> = listing
        .entries
        .iter()
        .map(|entry| calls.leg_ref(&job.snapshot, listing.leg(*entry).unwrap()).unwrap().from())
        .collect();
    assert!(users.len() == 2000 && users.is_sorted());
}

/// A request for the list of all calls.
fn request(snapshot: Arc<Snapshot>, column: CallColumn) -> ListCalls {
    ListCalls {
        generation: 1,
        snapshot,
        order: Order { column, reversed: false },
        found: None,
        dialogs: false,
        opened: BTreeSet::new(),
        by_incident: false,
        folded: BTreeSet::new(),
        links: Links::default(),
    }
}

#[test]
fn kept_ranks_of_verdicts_give_the_order_of_the_sentences() {
    let mut job = request(demo(), CallColumn::Why);
    let calls = Calls::of(&job.snapshot).unwrap();
    let sentences = |listing: &Listing| -> Vec<String> {
        let call = |entry: &Entry| calls.call_ref(&job.snapshot, listing.leg(*entry).unwrap()).unwrap();
        listing.entries.iter().map(|entry| call(entry).verdict().text).collect()
    };
    let mut lister = Lister::default();
    let before = lister.list(&job);
    lister.prepare(&job, &|| true);
    lister.prepare(&job, &|| false);
    let listing = lister.list(&job);
    assert_eq!(listing.entries, before.entries);
    let sentences = sentences(&listing);
    assert!(sentences.is_sorted() && sentences.len() > 5, "{sentences:#?}");
    let in_place = |count, text: &(dyn Fn(usize) -> String + Sync)| (0..count).map(text).collect();
    let ranks = job.verdict_ranks(&in_place).unwrap();
    let no_texts = |_, _: &(dyn Fn(usize) -> String + Sync)| unreachable!("the ranks are known");
    let of = |job: &ListCalls| job.list_with(&Verdicts { kept: Some(&ranks), make_texts: &no_texts });
    assert_eq!(of(&job).entries, before.entries);
    // A filter only takes calls away.
    let mut filtered = job.clone();
    filtered.found = Some(vec![std::sync::Arc::new((0..40).collect())]);
    assert!(filtered.is_ranked_by(&ranks) && of(&filtered).entries.len() < before.entries.len());
    assert_eq!(of(&filtered).entries, filtered.list().entries);
    // Other calls, other ranks.
    job.links.remove(1);
    assert!(!job.is_ranked_by(&ranks));
    assert_eq!(lister.list(&job).entries, job.list().entries);
    assert!(!request(loaded(vec![InputSpec::Demo]), CallColumn::Why).is_ranked_by(&ranks));
}

#[test]
fn what_belongs_to_one_incident_is_listed_together() {
    let mut browser = browser(200, 60);
    let before = browser.screen();
    browser.keys("i");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("calls-by-incident", browser.screen());
    });
    // An AbandonedCall NOTIFY is listed below its incident although the list is one of calls.
    assert!(browser.screen().contains("subscription"), "{}", browser.screen());
    browser.keys("g");
    assert!(browser.screen().contains("─ Incident ─"), "{}", browser.screen());
    let lines = browser.calls().len();
    browser.keys("<Enter>");
    assert!(browser.calls().len() < lines && browser.screen().contains("▸ incident"), "{}", browser.screen());
    let folded = browser.calls().len();
    browser.keys("<Left>");
    assert_eq!(browser.calls().len(), folded);
    browser.keys("<Right>");
    assert_eq!(browser.calls().len(), lines);
    browser.keys("v<Right>i");
    assert_eq!(browser.screen().lines().nth(5), before.lines().nth(5));
}

#[test]
fn from_the_shell_to_the_cause_and_out() {
    let mut pty = Pty::sofiatui(&["--demo", "--calls"]);
    pty.until(&["calls", "failed", "state", "why"]);
    pty.keys("e").until(&["▸"]);
    pty.keys("v").until(&["Headers", "SIP/2.0"]).gone("e problem");
    pty.keys("q").gone("Headers").until(&["e problem"]);
    pty.keys("d").until(&["├"]).gone("e problem");
    pty.keys("d").gone("├").until(&["e problem"]);
    pty.keys("c").gone("e problem").until(&["Headers"]);
    pty.keys("q");
    assert_eq!(pty.end().exit_code(), 0);
    assert!(pty.is_restored());
}

#[test]
fn the_columns_of_the_calls_are_chosen_and_each_sorts() {
    let mut browser = browser(120, 40);
    browser.keys("<F10>");
    assert!(
        browser.screen().contains("the shown ones in their order, after the number"),
        "{}",
        browser.screen()
    );
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("calls-columns-120x40", browser.screen());
    });
    // Only "codec" and "why", in this order.
    browser.keys("acodec<Enter>j j j j j j j j <Esc>");
    let heading = browser.screen().lines().nth(2).unwrap().to_owned();
    assert_eq!(heading.split_whitespace().collect::<Vec<_>>(), ["#▲", "codec", "why"], "{heading}");
    browser.keys("oc");
    assert!(browser.screen().lines().nth(2).unwrap().contains("codec▲"), "{}", browser.screen());
    // Each column has a value for some call, and each can be sorted by.
    for (key, column, name) in CallColumn::ALL.into_iter().skip(1) {
        let name = name.replace(' ', "-");
        browser.app.prefs.call_columns = ColumnList::Calls.chosen(std::slice::from_ref(&name));
        browser.draw();
        let screen = browser.screen();
        let lines = screen.lines().skip(3).take_while(|line| !line.starts_with('─'));
        let has_value =
            lines.into_iter().any(|line| line[3..].split_whitespace().nth(1).is_some_and(|v| v != "–"));
        assert!(has_value, "{name}: {screen}");
        browser.keys(&format!("o{key}"));
        assert_eq!(browser.calls().order.column, column);
    }
    for column in COLUMNS {
        assert!(ColumnList::Calls.named(column.name()).is_some(), "{}", column.name());
    }
}

#[test]
fn a_configuration_chooses_the_columns_of_the_calls() {
    let home = tempfile::tempdir().unwrap();
    configure(home.path(), "call-columns = [\"why\", \"codec\"]");
    let mut pty = Pty::at_home(home.path(), &["--demo", "--calls"]);
    pty.until(&["why", "codec"]);
    // The details name who ended the call, too: only the heading counts.
    let text = pty.text();
    let heading = text.lines().find(|line| line.contains("codec")).unwrap();
    assert_eq!(heading.split_whitespace().collect::<Vec<_>>(), ["#▲", "why", "codec"], "{text}");
    pty.keys("\x1b[21~").until(&["after the number"]).keys("jj s").until(&["saved the columns"]);
    pty.keys("\x1b").gone("after the number").keys("Q");
    assert_eq!(pty.end().exit_code(), 0);
    let text = std::fs::read_to_string(home.path().join("sofiatui/config.toml")).unwrap();
    assert_eq!(text, "call-columns = [\"why\", \"codec\", \"start\"]");
}
