//! The screens as they are drawn, at the sizes that people have.

use std::sync::Arc;

use ratatui::style::{Color, Modifier};
use sofiatui::app::{Event, MouseAction, Tab, Target};
use sofiatui::base::escape::is_safe;
use sofiatui::load::InputSpec;
use sofiatui::store::{Progress, Snapshot};

use crate::support::{Browser, loaded, snapshot};

const MIXED: &str = "screens/mixed.dump";

fn browser(columns: u16, rows: u16) -> Browser {
    Browser::new(columns, rows, snapshot(&[MIXED], usize::MAX))
}

/// Compares the screen with the one in `snapshots/`.
macro_rules! assert_screen {
    ($name:literal, $browser:expr) => {
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!($name, $browser.styled_screen());
        });
    };
}

#[test]
fn the_list_with_details_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = browser(columns, rows);
        browser.keys("<Down><Down>");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("list-{columns}x{rows}"), browser.styled_screen());
        });
    }
}

#[test]
fn the_choice_of_columns_and_a_filter_without_matches_at_each_size() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
        let mut browser = browser(columns, rows);
        browser.keys("<F10>j aX-Cid<Enter>");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("columns-{columns}x{rows}"), browser.styled_screen());
            browser.keys("<Esc>/method:register status:606<Enter>");
            insta::assert_snapshot!(format!("terms-{columns}x{rows}"), browser.styled_screen());
        });
    }
}

#[test]
fn rows_of_every_kind() {
    let mut browser = browser(100, 60);
    browser.keys("z<End>");
    assert_screen!("rows", browser);
}

#[test]
fn the_filter_narrows_the_list_and_reports_errors() {
    let mut browser = browser(80, 24);
    browser.keys("/method:inv");
    assert_screen!("filter-typed", browser);
    assert_eq!(browser.cursor(), (13, 1));
    browser.keys("ite formm:1");
    assert_screen!("filter-wrong", browser);
    browser.keys("<Esc>/s<Tab>");
    assert_screen!("filter-offers", browser);
    browser.keys("<C-u>status:606<Enter>");
    assert_screen!("filter-nothing", browser);
}

#[test]
fn esc_in_the_list_removes_the_filter_and_the_history_brings_it_back() {
    let mut browser = browser(80, 24);
    let all = browser.shown_len();
    browser.keys("/method:invite<Enter>");
    let found = browser.shown_len();
    assert!(found < all);
    // Esc goes back to the list first.
    for (keys, want) in [
        ("<Tab><Esc>", found),
        ("<Enter><Esc>", found),
        ("?<Esc>", found),
        ("y<Esc>", found),
        ("d<Esc>", found),
    ] {
        browser.keys(keys);
        assert_eq!(browser.shown_len(), want, "{keys}");
    }
    for (keys, want) in
        [("<Esc>", all), ("<Esc>", all), ("/<Up><Enter>", found), ("<F5>/<Up><Up><Enter>", found)]
    {
        browser.keys(keys);
        assert_eq!(browser.shown_len(), want, "{keys}");
    }
}

#[test]
fn the_headings_of_the_time_formats_differ_at_80_columns() {
    let mut browser = browser(80, 24);
    for heading in [" since first ", " Δ row ", " Δ in call "] {
        browser.keys("t");
        let line = browser.screen().lines().nth(2).unwrap().to_owned();
        assert!(line.contains(heading), "{heading}: {line}");
    }
}

#[test]
fn the_profile_is_shown_before_decimals_of_the_time_and_a_body_is_always_noted() {
    use sofiatui::load::InputSpec;
    let demo = crate::support::loaded(vec![InputSpec::Demo]);
    let mut browser = Browser::new(80, 24, sofiatui::store::Snapshot::clone(&demo));
    browser.keys("/n=144<Enter>");
    assert!(browser.screen().contains("INVITE SDP…"), "{}", browser.screen());
    let legs = ["esinet", "external", "internal"]
        .map(|name| InputSpec::file(crate::support::fixture(&format!("legs/{name}.dump.xz"))));
    let many = crate::support::loaded(legs.into());
    assert!(many.len() > 1000);
    let browser = Browser::new(80, 24, sofiatui::store::Snapshot::clone(&many));
    let heading = browser.screen().lines().nth(2).unwrap().to_owned();
    assert!(heading.contains("profile") && heading.contains(" to"), "{heading}");
}

#[test]
fn a_key_of_another_screen_says_where_it_works() {
    for (keys, want) in [
        ("e", "e in “Calls”: next call with a problem"),
        ("cF5r", "r in “Ladder”: show/hide retransmissions"),
        ("dF", "F in “Messages”: follow the file; pause, continue"),
        ("/zzzqqq<Enter><Enter>", "Enter can do nothing here now: open message full screen"),
        ("ds", "s in “Messages”: statistics of what the filter lets through"),
        ("cF53", "3 in “Messages and details”: MIME parts"),
        ("cF5]", "] in “Messages and details”: next part of the body"),
        ("cF5+", "+ in “Messages”: filter by the selected row: then choose by what"),
        ("cF5<BS>", "Backspace does nothing; ? lists the keys"),
        ("cF5<Left>", "there is nothing to hide here"),
        ("J", "J does nothing; ? lists the keys"),
        ("O", "no directory was opened: name one to choose from its profiles"),
    ] {
        let mut browser = browser(80, 24);
        browser.keys(keys);
        assert_eq!(browser.screen().lines().last().unwrap().trim(), want, "{keys}");
    }
}

#[test]
fn small_screens_show_arrows_of_a_ladder() {
    for (columns, rows) in [(20, 5), (40, 6), (40, 8)] {
        let demo = crate::support::loaded(vec![sofiatui::load::InputSpec::Demo]);
        let mut browser = Browser::new(columns, rows, sofiatui::store::Snapshot::clone(&demo));
        browser.keys("ceggd");
        let screen = browser.screen();
        assert!(screen.contains('▶') || screen.contains('◀'), "{columns}x{rows}\n{screen}");
    }
}

#[test]
fn tabs_parts_and_focus() {
    let mut browser = browser(100, 30);
    browser.keys("/multipart<Enter>3<Tab>");
    assert_screen!("parts", browser);
    browser.keys("2<PgDn>");
    assert_screen!("body", browser);
    browser.keys("4z");
    assert_screen!("raw-zoomed", browser);
}

#[test]
fn the_selected_part_is_beside_the_tree_or_named_in_one_line() {
    let mut browser = Browser::new(120, 40, snapshot(&["real-calls/emergency.dump"], usize::MAX));
    browser.keys("/type:pidf<Enter>3");
    let first = browser.screen();
    let line = first.lines().find(|line| line.contains("▸application/")).unwrap_or_else(|| panic!("{first}"));
    assert!(line.contains('│'), "{first}");
    browser.keys("]");
    assert!(browser.screen().contains(" ▸application/pidf+xml"), "{}", browser.screen());
    browser.resize(80, 24);
    let narrow = browser.screen();
    assert!(narrow.contains(" part 2/") && narrow.contains("  pidf+xml  "), "{narrow}");
    browser.click("part 2/");
    assert!(browser.screen().contains(" part 3/"), "{}", browser.screen());
    browser.resize(80, 60).keys("z");
    assert!(browser.screen().contains("┄┄┄"), "{}", browser.screen());
}

#[test]
fn help_scrolls_or_has_two_columns() {
    let mut narrow = browser(80, 24);
    narrow.keys("?");
    assert_screen!("help-80x24", narrow);
    narrow.keys("<End>");
    assert_screen!("help-80x24-end", narrow);
    let mut wide = browser(120, 40);
    wide.keys("?");
    assert_screen!("help-120x40", wide);
}

#[test]
fn copying_shows_what_can_be_copied_and_what_was_copied() {
    let mut browser = browser(80, 24);
    browser.keys("y");
    assert!(
        browser
            .screen()
            .ends_with(" copy  m message  b body  s SDP  p part  c Call-ID  l ladder  f command  j JSON"),
        "{}",
        browser.screen()
    );
    browser.keys("m");
    assert!(browser.screen().ends_with(" sent message, 550 bytes"), "{}", browser.screen());
}

#[test]
fn a_message_without_sdp_gives_that_of_its_transaction() {
    let mut browser = Browser::new(120, 30, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
    // A request's SDP for its 100 and its ACK; the nearest one before for the others; a BYE has none.
    for (filter, says) in [
        ("method:invite status:100", "sent SDP of message 45 (INVITE), "),
        ("method:ack", "sent SDP of message 42 (INVITE), "),
        ("method:invite status:180", "sent SDP of message 47 (INVITE), "),
        ("method:bye is:request", "nothing sent: neither this message nor its transaction has SDP"),
    ] {
        browser.copied.clear();
        browser.keys(&format!("/<C-u>{filter}<Enter>gys"));
        let screen = browser.screen();
        assert!(screen.lines().last().unwrap().contains(says), "{filter}: {screen}");
        assert_eq!(browser.copied.starts_with(b"v=0"), says.starts_with("sent"), "{filter}");
    }
}

#[test]
fn the_ladder_replaces_the_list() {
    let mut browser = browser(120, 40);
    browser.keys("/is:request 1012<Enter><End>");
    let list = browser.screen();
    browser.keys("d");
    assert_screen!("ladder-120x40", browser);
    browser.keys("d");
    assert_eq!(browser.screen(), list, "back at the same place");
}

#[test]
fn the_list_keeps_its_position_after_ladder_help_and_zoom() {
    for keys in
        ["<Down><Down><Down>", "<Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Down><Up>"]
    {
        for away in ["dd", "d<Esc>", "?<Esc>", "<Enter><Esc>", "djd", "zz", "<Tab>z<Esc>"] {
            let mut browser = browser(80, 24);
            browser.keys(keys);
            let before = browser.screen();
            browser.keys(away);
            assert_eq!(browser.screen(), before, "{keys} {away}");
        }
    }
}

#[test]
fn during_loading_the_title_shows_progress_and_a_banner_shows_errors() {
    let mut part = snapshot(&[MIXED, "screens/second.dump"], 5);
    part.progress = Progress {
        bytes_total: Some(100_000_000),
        bytes_read: 46_000_000,
        bytes_skipped: 1234,
        errors: vec!["esinet.dump: permission denied".to_owned(), "x\u{1b}[2J".to_owned()],
        ..Progress::default()
    };
    assert_screen!("loading-80x24", Browser::new(80, 24, part));
}

#[test]
fn an_empty_list_shows_the_reason() {
    let mut browser = Browser::new(80, 24, Snapshot::default());
    assert!(browser.screen().contains("loading…"), "{}", browser.screen());
    let mut empty = Snapshot::default();
    empty.progress = Progress { done: true, bytes_read: 1_500_000, ..Progress::default() };
    browser.event(Event::Loaded(Arc::new(empty)));
    browser.draw();
    assert!(browser.screen().contains("this input has no messages"), "{}", browser.screen());
    assert!(browser.screen().contains("1.5 MB were read"), "{}", browser.screen());
}

#[test]
fn without_colours_the_selection_is_still_visible() {
    let mut browser = browser(80, 24).without_color();
    browser.keys("<Tab>3<Tab>");
    let cells = || browser.buffer().content.iter();
    assert!(cells().all(|c| c.fg == Color::Reset && c.bg == Color::Reset));
    assert_eq!(cells().filter(|c| c.modifier.contains(Modifier::REVERSED)).count(), 80);
}

#[test]
fn filter_matches_are_highlighted_in_the_details() {
    let mut browser = browser(80, 24);
    browser.keys("/front<Enter>");
    let buffer = browser.buffer();
    let marked: String = (12..23)
        .flat_map(|y| (0..80).map(move |x| &buffer[(x, y)]))
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(marked, "FrontFront");
}

#[test]
fn every_line_of_a_text_can_be_reached_with_any_wrapping() {
    // Long lines take several rows: what counts is that a page down never jumps over a line, and
    // that the end is reached.
    for (columns, rows) in [(40, 24), (80, 24), (160, 45)] {
        let mut browser = browser(columns, rows);
        browser.keys("/multipart<Enter>4<Tab>");
        let lines = browser.app.session.details.lines.len();
        let mut seen = 0;
        for _ in 0..lines {
            let shown = browser.app.targets.details.shown;
            let top = browser.app.session.details.view.top;
            assert!(top <= seen, "{columns}x{rows}: lines {seen} to {top} were never visible");
            seen = top + shown;
            browser.keys("<PgDn>");
        }
        assert_eq!(seen, lines, "{columns}x{rows}");
        browser.keys("g<End>");
        assert_eq!(browser.app.session.details.view.top + browser.app.targets.details.shown, lines);
    }
}

#[test]
fn a_click_selects_the_element_at_its_position() {
    for (columns, rows) in [(100, 30), (180, 45)] {
        let mut browser = browser(columns, rows);
        browser.keys("/is:multipart<Enter>");
        // Tabs by their names, the second part by its type, or by the line that names the first one.
        for (text, tab) in [("Raw ", Tab::Raw), ("Parts (5)", Tab::Parts)] {
            browser.click(text);
            assert_eq!(browser.app.session.details.tab, tab, "{columns}x{rows}");
        }
        browser.click(if columns < 180 { "part 1/5" } else { "application/pidf+xml" });
        assert_eq!(browser.app.session.details.part, 1);
        // A row by its time, in the list without a filter.
        browser.keys("<Esc><F5>g").click("05:53:38.016");
        assert_eq!(browser.app.selected(), Some(9));
        // The border follows the pointer; its share of the width is whole percents.
        let border = browser.app.targets.area(Target::Border);
        let (x, y) = (border.x + border.width / 2, border.y + border.height / 2);
        browser.mouse(MouseAction::Click, x, y).mouse(MouseAction::Drag, x - 10, y - 5);
        let moved = browser.app.targets.area(Target::Border);
        let (left, up) = (border.x - moved.x, border.y - moved.y);
        assert!(
            if columns < 180 { (left, up) == (0, 5) } else { (9..=10).contains(&left) },
            "{columns}x{rows}: {left} {up}"
        );
    }
}

#[test]
fn every_screen_size_works_and_shows_no_unsafe_character() {
    let mut browser = browser(80, 24);
    browser.keys("/stun<Enter>4");
    for keys in ["", "<Tab>", "z", "?", "?z<Tab>", "d", "<Tab>3", "<Esc><Esc>/bad from:"] {
        browser.keys(keys);
        for (columns, rows) in [
            (1, 1),
            (3, 9),
            (19, 5),
            (20, 4),
            (20, 5),
            (21, 6),
            (40, 8),
            (80, 24),
            (179, 7),
            (180, 45),
            (300, 90),
        ] {
            browser.resize(columns, rows);
            assert!(browser.screen().chars().all(|c| c == '\n' || is_safe(c)), "{keys} {columns}x{rows}");
        }
    }
    browser.keys("<Esc>").resize(19, 5);
    assert_eq!(browser.screen().trim_end(), "terminal too small\n(minimum 20x5)");
}

#[test]
fn an_ascii_terminal_gets_ascii_alone() {
    let mut browser = browser(100, 30).with_ascii();
    for keys in ["", "d", "r", "d?", "<Esc>/bad from:", "<Esc>3", "4", "y"] {
        browser.keys(keys);
        assert!(browser.screen().is_ascii(), "{keys}: {}", browser.screen());
    }
    browser.keys("<Esc>");
    assert!(
        browser.screen().contains("> ") && browser.screen().contains("- Headers -"),
        "{}",
        browser.screen()
    );
}

#[test]
fn the_cursor_is_on_the_selected_row() {
    let mut browser = browser(80, 24);
    browser.keys("<Down><Down>");
    assert_eq!(browser.cursor(), (0, 5));
    browser.keys("d");
    let row = browser.cursor().1;
    let buffer = browser.buffer();
    assert!(buffer[(0, row)].modifier.contains(Modifier::REVERSED), "{}", browser.screen());
}

#[test]
fn f_filters_by_what_the_selected_row_is() {
    let call = "call-id=4afc1855-eb46c97c-86d36ca2@198.51.100.10";
    let transaction = format!("{call} cseq=10");
    for (keys, filter, rows) in [
        ("fa", "addr:198.51.100.10:", 7),
        ("fu", "from=1010", 4),
        ("fc", call, 4),
        ("fi", &transaction, 2),
        ("fm", "method=REGISTER", 4),
        ("ft", "time>=05:53:27.315 time<=05:53:37.315", 8),
        ("fxm", "-method=REGISTER", 34),
        ("fxu", "-from=1010", 34),
        ("fxxu", "from=1010", 4),
        ("fmfu", "method=REGISTER from=1010", 4),
        ("f?", "", 38),
    ] {
        let mut browser = browser(100, 30);
        browser.keys("<Down>").keys(keys);
        let shown = browser.messages();
        assert_eq!((shown.filter.filter.text(), shown.len(&browser.app.session)), (filter, rows), "{keys}");
    }
    // The selected message stays selected, and the filters before can be recalled.
    let mut browser = browser(100, 30);
    browser.keys("/method:register<Enter><Down>fu");
    assert_eq!(browser.app.selected(), Some(1));
    browser.keys("/<Up><Up>");
    assert_eq!(browser.messages().filter.edit.text(), "method:register");
}

#[test]
fn the_values_of_chosen_columns_become_terms_of_the_filter() {
    let mut browser = Browser::new(160, 45, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
    browser.keys("<F10>aUser-Agent<Enter><Esc>/<C-u>method:invite<Enter>g");
    for (keys, term) in [
        ("f1", "header.User-Agent="),
        ("fx1", "-header.User-Agent="),
        ("+2", "profile=internal"),
        ("-3", "-to="),
    ] {
        browser.keys(&format!("/<C-u>method:invite<Enter>g{keys}"));
        let line = browser.screen().lines().nth(1).unwrap().to_owned();
        assert!(line.contains(term), "{keys}: {line}");
    }
}

#[test]
fn a_body_is_named_in_the_list() {
    let mut browser = Browser::new(160, 45, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
    browser.keys("/<C-u>is:multipart or method:notify<Enter>");
    for says in ["NOTIFY dialog-info", "INVITE SDP +3 parts", "NOTIFY sipfrag"] {
        assert!(browser.screen().contains(says), "{says}: {}", browser.screen());
    }
}

#[test]
fn windows_and_hints_at_each_size() {
    for (name, keys) in [
        ("copy", "y"),
        ("by-row", "f"),
        ("calls-sort", "co"),
        ("calls-copy", "cy"),
        ("ladder-only", "df"),
        ("calls-help", "c?"),
    ] {
        for (columns, rows) in [(80, 24), (120, 40), (200, 60), (20, 5)] {
            let mut browser = Browser::new(columns, rows, Snapshot::clone(&loaded(vec![InputSpec::Demo])));
            browser.app.welcome();
            browser.keys(keys);
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(format!("window-{name}-{columns}x{rows}"), browser.styled_screen());
            });
        }
    }
}
