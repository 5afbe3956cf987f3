//! Ladders of real calls: as text, and on the screen.

use std::sync::Arc;

use ratatui::style::Modifier;
use sofiatui::app::{Effect, Event, Key, MouseAction, Target};
use sofiatui::export::ladder::write_ladder;
use sofiatui::ladder::Arrow;

use sofiatui::load::InputSpec;

use crate::support::{Browser, loaded, snapshot};

/// A browser that shows the ladder of a fixture's first call.
fn browser(name: &str, columns: u16, rows: u16) -> Browser {
    let mut browser = Browser::new(columns, rows, snapshot(&[&format!("ladder/{name}.dump")], usize::MAX));
    browser.keys("d");
    browser
}

fn text(browser: &Browser) -> String {
    let mut out = Vec::new();
    write_ladder(&mut out, &browser.ladder().ladder, &browser.ladder().notes);
    String::from_utf8(out).unwrap()
}

/// The ladder's rows with the titles above them; `»` before the selected one.
fn drawn(browser: &Browser) -> String {
    let (area, buffer) = (browser.app.targets.area(Target::Rows), browser.buffer());
    let row = |y: u16| {
        let cells = (area.x..area.x + area.width).map(|x| &buffer[(x, y)]);
        let reversed = buffer[(area.x, y)].modifier.contains(Modifier::REVERSED);
        let text: String = cells.map(ratatui::buffer::Cell::symbol).collect();
        format!("{}{}", if reversed { '»' } else { ' ' }, text.trim_end())
    };
    (area.y - 1..area.y + area.height).map(row).collect::<Vec<_>>().join("\n")
}

#[test]
fn real_calls_as_text() {
    for name in [
        "answered",
        "busy",
        "cancelled",
        "challenged-then-404",
        "failed-503",
        "hold",
        "no-answer",
        "retransmissions",
        "retransmissions-by-us",
    ] {
        let mut browser = browser(name, 80, 24);
        insta::assert_snapshot!(format!("ladder-{name}"), text(&browser));
        browser.keys("r");
        if name == "retransmissions" {
            insta::assert_snapshot!("ladder-retransmissions-unfolded", text(&browser));
        }
    }
}

#[test]
fn the_screen_shows_the_ladder_at_every_size() {
    for (width, height) in [(80, 24), (160, 45), (40, 12)] {
        let mut browser = browser("answered", width, height);
        insta::assert_snapshot!(format!("ladder-screen-{width}x{height}"), drawn(&browser));
        browser.keys("G");
        assert_eq!(browser.app.selected(), Some(browser.app.session.snapshot.len() as u32 - 1));
        assert!(drawn(&browser).contains('»'), "{width}x{height}");
    }
    let mut browser = browser("answered", 80, 24);
    for (width, height) in (0..40).flat_map(|w| [0, 1, 3, 5, 6, 9].map(|h| (w, h))) {
        browser.resize(width, height).keys("<Down><End><Right><Home>");
    }
}

#[test]
fn the_head_says_how_the_call_went_and_with_whom() {
    let snapshot = loaded(vec![InputSpec::Demo]);
    let mut browser = Browser::new(80, 24, Arc::unwrap_or_clone(snapshot));
    browser.keys("/status=486 method:invite<Enter>d");
    let lines = browser.screen();
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[1].contains("busy: ") && lines[1].contains("486 Busy Here"), "{}", lines[1]);
    assert!(lines[2].contains("05:53:48.") && lines[2].contains("PCMU"), "{}", lines[2]);
}

#[test]
fn a_finding_is_beside_the_arrow_that_shows_it() {
    let mut browser = Browser::new(120, 40, Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo])));
    browser.keys("/status:403<Enter>d");
    let drawn = drawn(&browser);
    let arrow = drawn.lines().find(|line| line.contains("403 Forbidden")).unwrap();
    assert!(arrow.contains("! wrong password"), "{drawn}");
}

#[test]
fn the_other_legs_of_the_call_are_added_and_taken_out() {
    let mut browser = Browser::new(160, 45, Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo])));
    browser.keys("/status:486 profile:internal<Enter>d");
    assert!(!drawn(&browser).contains("external"), "{}", drawn(&browser));
    browser.keys("x");
    insta::assert_snapshot!("ladder-legs-160x45", drawn(&browser));
    let is_invite_of_b = |arrow: &Arrow| arrow.leg == Some(1) && arrow.label.starts_with("INVITE");
    let row = browser.ladder().ladder.arrows.iter().position(is_invite_of_b);
    browser.keys("<Home>").keys(&"<Down>".repeat(row.unwrap()));
    assert!(browser.screen().contains("joined with A (1.00): "), "{}", browser.screen());
    browser.keys("-");
    assert_eq!(browser.ladder().members.len(), 1);
    assert!(browser.screen().contains("+ join"));
    browser.keys("+");
    assert_eq!(browser.ladder().members.len(), 2);
    browser.keys("x");
    assert!(!drawn(&browser).contains("external"));
}

#[test]
fn the_ladder_of_a_call_has_all_legs_from_the_start() {
    for (columns, rows) in [(80, 24), (160, 45)] {
        let mut browser = Browser::new(columns, rows, Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo])));
        browser.keys("/status:486<Enter>cd");
        assert_eq!(browser.ladder().members.len(), 2);
        insta::assert_snapshot!(format!("ladder-of-call-{columns}x{rows}"), browser.screen());
    }
}

#[test]
fn times_are_shown_in_four_formats() {
    let mut browser = browser("busy", 80, 24);
    let mut ways = Vec::new();
    for _ in 0..4 {
        let rows = drawn(&browser);
        let times = rows.lines().skip(1).take(3).map(|line| line[..line.len().min(17)].trim().to_owned());
        ways.push(times.collect::<Vec<_>>().join("  "));
        browser.keys("t");
    }
    assert_eq!(
        ways,
        [
            "»05:53:48.039533  +0.000600  +0.952402",
            "»      +0.000000  +0.000600  +0.953002",
            "»  +0.000600  +0.952402",
            "»  +0.000600  +0.952402",
        ]
    );
}

#[test]
fn a_copied_ladder_is_the_drawn_text() {
    let mut browser = browser("hold", 80, 24);
    let expected = text(&browser);
    assert!(expected.contains("INVITE (SDP PCMU PCMA, hold)"), "{expected}");
    let copied = |browser: &mut Browser| {
        browser.app.update(Event::Key(Key::Char('y')));
        let effects = browser.app.update(Event::Key(Key::Char('l')));
        let bytes = effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { what, bytes } if what == "ladder" => Some(bytes),
            _ => None,
        });
        String::from_utf8(bytes.unwrap()).unwrap()
    };
    let whole = copied(&mut browser);
    let (call_id, drawing) = whole.split_once('\n').unwrap();
    assert_eq!(drawing, expected);
    assert_eq!(call_id.as_bytes(), browser.app.session.snapshot.call_id(browser.ladder().call));
    browser.keys("d");
    assert_eq!(copied(&mut browser).lines().count(), whole.lines().count());
}

#[test]
fn the_other_legs_stay_until_x_is_pressed_again_and_are_copied_with_the_ladder() {
    let mut browser = Browser::new(160, 45, Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo])));
    browser.keys("/status:486 profile:internal<Enter>dxdd");
    assert_eq!(browser.ladder().members.len(), 2);
    let shown = text(&browser).lines().count();
    let copied = |browser: &mut Browser| {
        browser.keys("y");
        let effects = browser.app.update(Event::Key(Key::Char('l')));
        let bytes = effects.into_iter().find_map(|effect| match effect {
            Effect::Copy { bytes, .. } => Some(bytes),
            _ => None,
        });
        String::from_utf8(bytes.unwrap()).unwrap()
    };
    let text = copied(browser.keys("d"));
    let first: Vec<&str> = text.lines().take(2).map(|line| &line[..2]).collect();
    assert_eq!((first, text.lines().count()), (vec!["A ", "B "], shown + 2));
    assert_eq!(copied(browser.keys("c")), text);
    browser.keys("cdxd");
    assert!(copied(&mut browser).lines().count() < shown);
}

#[test]
fn a_transaction_is_shown_on_its_own_and_time_to_scale() {
    let mut browser = browser("answered", 80, 24);
    let (all, drawing) = (browser.ladder().ladder.arrows.len(), drawn(&browser));
    browser.keys("<End>fi");
    let only: Vec<&str> = browser.ladder().ladder.arrows.iter().map(|arrow| &*arrow.label).collect();
    assert_eq!(only, ["BYE", "200 OK (BYE)"]);
    assert!(browser.screen().contains("one transaction"), "{}", browser.screen());
    browser.keys("fi<Home>");
    assert_eq!((browser.ladder().ladder.arrows.len(), drawn(&browser)), (all, drawing.clone()));
    browser.keys("T");
    assert!(browser.screen().contains("1 line = "), "{}", browser.screen());
    assert!(text(&browser).lines().count() > all + 20, "{}", text(&browser));
    browser.keys("<End>");
    assert!(drawn(&browser).contains("\n»"), "{}", drawn(&browser));
    assert_eq!(drawn(browser.keys("T<Home>")), drawing);
    browser.keys("fx");
    assert_eq!(browser.ladder().ladder.arrows.len(), all);
}

#[test]
fn a_transaction_on_its_own_keeps_the_sides_and_esc_shows_everything_again() {
    let mut browser = browser("answered", 80, 24);
    let columns = |browser: &Browser| {
        let titles = browser.ladder().ladder.columns.iter().map(|column| column.title.clone());
        titles.collect::<Vec<_>>()
    };
    let ways = |browser: &Browser| {
        let arrows = &browser.ladder().ladder.arrows;
        arrows.iter().rev().take(2).map(|arrow| (arrow.from, arrow.to)).collect::<Vec<_>>()
    };
    let (titles, arrows, all) = (columns(&browser), ways(&browser), browser.ladder().ladder.arrows.len());
    browser.keys("<End>fi");
    assert_eq!((columns(&browser), ways(&browser)), (titles, arrows), "{}", browser.screen());
    let selected = browser.ladder().selected_row();
    assert!(browser.screen().contains("one transaction (Esc: all)"), "{}", browser.screen());
    browser.keys("<Esc>");
    assert_eq!(browser.ladder().ladder.arrows.len(), all);
    assert_eq!(browser.ladder().selected_row(), selected);
    browser.keys("<Esc>");
    assert!(matches!(browser.app.screens.last(), Some(sofiatui::app::Screen::Messages(_))));
}

#[test]
fn the_call_id_is_whole_above_the_ladder_at_80_columns() {
    let traffic = Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo]));
    for (filter, keys) in [
        ("profile:internal status:486", ""),
        ("profile:internal status:486", "x<End>"),
        ("profile:external status:486", "x<Home>"),
        ("profile:external status:486", "xz<Home>"),
        ("profile:external status:486", "xz<End>"),
        ("method:REGISTER", ""),
    ] {
        let mut browser = Browser::new(80, 24, traffic.clone());
        browser.keys(&format!("/{filter}<Enter>d{keys}"));
        let row = browser.ladder().selected_row().unwrap();
        let snapshot = &browser.app.session.snapshot;
        let id = String::from_utf8_lossy(snapshot.row(row).unwrap().call_id()).into_owned();
        assert!(browser.screen().contains(&format!("Call-ID {id}")), "{id}\n{}", browser.screen());
    }
}

#[test]
fn what_was_taken_out_is_a_call_of_its_own_on_the_calls_screen() {
    let mut browser = Browser::new(160, 45, Arc::unwrap_or_clone(loaded(vec![InputSpec::Demo])));
    browser.keys("c/state:busy<Enter>d");
    let is_of_b = |arrow: &Arrow| arrow.leg == Some(1);
    let row = browser.ladder().ladder.arrows.iter().position(is_of_b).unwrap();
    browser.keys("<Home>").keys(&"<Down>".repeat(row)).keys("-d");
    assert_eq!(browser.calls().listing.counts[0], 2, "{}", browser.screen());
    for (filter, count) in [("legs>1 state:busy", 0), ("legs:1 state:busy", 2), ("state:busy", 2)] {
        browser.keys(&format!("/<C-u>{filter}<Enter>"));
        assert_eq!(browser.calls().listing.counts[0], count, "{filter} {}", browser.screen());
    }
    browser.keys("<End>");
    assert!(browser.screen().contains("taken out of its call by hand"), "{}", browser.screen());
    browser.keys("<Home>d+d");
    assert_eq!(browser.calls().listing.counts[0], 1, "{}", browser.screen());
}

#[test]
fn a_click_selects_the_arrow_at_its_position() {
    let mut browser = browser("answered", 80, 24);
    let area = browser.app.targets.area(Target::Rows);
    for y in area.y..area.y + area.height {
        browser.event(Event::Mouse { action: MouseAction::Click, x: area.x + 3, y });
        browser.draw();
        let rows = drawn(&browser);
        let marked = rows.lines().skip(1).position(|line| line.starts_with('»'));
        let clicked = rows.lines().nth(usize::from(y - area.y) + 1).unwrap();
        // A pause is no arrow.
        if clicked.contains(['├', '┤']) {
            assert_eq!(marked, Some(usize::from(y - area.y)), "{rows}");
        }
    }
}

#[test]
fn a_transaction_on_its_own_is_shown_from_its_first_arrow() {
    for height in [12, 24] {
        let mut browser = browser("answered", 80, height);
        browser.keys("<End>fi");
        browser.draw();
        assert_eq!((browser.ladder().ladder.arrows.len(), browser.ladder().list.top), (2, 0));
        let rows = drawn(&browser);
        assert_eq!(rows.lines().filter(|line| line.contains(['├', '┤'])).count(), 2, "{rows}");
    }
}

#[test]
fn every_arrow_can_be_selected_and_is_then_visible() {
    for (name, height) in (8..24).flat_map(|height| ["retransmissions", "hold"].map(|name| (name, height))) {
        let mut browser = browser(name, 80, height);
        browser.keys("r");
        let count = browser.app.session.snapshot.len() as u32;
        for row in 0..count {
            assert_eq!(browser.app.selected(), Some(row), "height {height}");
            assert!(drawn(&browser).contains('»'), "height {height}, arrow {row}\n{}", drawn(&browser));
            browser.keys("<Down>");
        }
        browser.keys("<Home>");
        for _ in 0..count {
            let area = browser.app.targets.area(Target::Rows);
            let (x, y) = (area.x, area.y);
            browser.event(Event::Mouse { action: MouseAction::Wheel(3), x, y });
            browser.draw();
        }
        let height = usize::from(browser.app.targets.area(Target::Rows).height);
        let last = browser.ladder().window(height).last().map(|line| line.arrow());
        assert_eq!(last, Some(count as usize - 1), "the wheel stops before the end\n{}", drawn(&browser));
    }
}

#[test]
fn the_help_does_not_scroll_the_ladder_below_it() {
    let snapshot = crate::support::loaded(vec![sofiatui::load::InputSpec::Demo]);
    let mut browser = crate::support::Browser::new(100, 34, sofiatui::store::Snapshot::clone(&snapshot));
    browser.keys("cedjj");
    let before = browser.screen();
    assert!(before.contains("05:53:48.014447 ├"), "{before}");
    browser.keys("?<Esc>");
    assert_eq!(browser.screen(), before);
}
