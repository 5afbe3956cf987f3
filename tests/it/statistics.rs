//! The Statistics screen: what it counts, how it follows the filter and becomes one, what it looks like.

use std::sync::{Arc, OnceLock};

use sofiatui::app::section::Section;
use sofiatui::app::{Event, MouseAction, Screen, StatisticsScreen, Target};
use sofiatui::filter::{Filter, Matcher, Verdict};
use sofiatui::load::InputSpec;
use sofiatui::statistics::{CountStatistics, Counting, Statistics, Step};
use sofiatui::store::{Snapshot, TextReader};

use crate::pty::Pty;
use crate::support::{Browser, fixture, loaded};

fn demo() -> Arc<Snapshot> {
    static DEMO: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Arc::clone(DEMO.get_or_init(|| loaded(vec![InputSpec::Demo])))
}

/// A browser on the statistics of the built-in sample.
fn browser(columns: u16, rows: u16) -> Browser {
    let mut browser = Browser::new(columns, rows, Snapshot::clone(&demo()));
    browser.keys("s");
    browser
}

fn statistics(browser: &Browser) -> &StatisticsScreen {
    let Screen::Statistics(screen) = browser.app.screen() else { panic!("no statistics") };
    screen
}

fn snapshot_of(browser: &Browser, name: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("statistics-{name}"), browser.screen());
    });
}

/// How many messages of the sample a filter lets through.
fn matching(filter: &str) -> usize {
    let (snapshot, mut reader) = (demo(), TextReader::default());
    let mut matcher = Matcher::new(&Filter::parse(filter).unwrap());
    let is_found = |row: &sofiatui::store::RowRef<'_>| match matcher.facts(row) {
        Verdict::Yes => true,
        Verdict::No => false,
        Verdict::NeedsBytes => matcher.message(row, &snapshot.text(&mut reader, row.index).unwrap().bytes),
    };
    snapshot.rows_from(0).filter(is_found).count()
}

fn counted(snapshot: &Arc<Snapshot>, filter: &str) -> Statistics {
    let filter = Filter::parse(filter).unwrap();
    let job = CountStatistics { generation: 1, series: 1, filter, snapshot: Arc::clone(snapshot) };
    let mut counting = Counting::new(&job);
    while counting.step(snapshot) == Step::More {}
    counting.count_calls(snapshot);
    counting.statistics(snapshot)
}

#[test]
fn each_section_at_80x24() {
    let mut browser = browser(80, 24);
    for (number, section) in Section::ALL.iter().enumerate() {
        browser.keys(&(number + 1).to_string());
        snapshot_of(&browser, &format!("{}-80x24", section.title().to_lowercase()));
    }
}

#[test]
fn several_days_have_their_dates() {
    let message = "OPTIONS sip:a@192.0.2.1 SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n";
    let bytes = message.len();
    let frame = |time: &str| {
        format!("recv {bytes} bytes from udp/[192.0.2.7]:5060 at 2026-11-{time}:\n{message}\x0b\n")
    };
    let times = ["22 05:30:01", "22 17:45:00", "23 05:30:01", "23 17:45:00", "24 05:30:01", "24 17:45:00"];
    let text = times.map(|time| frame(&format!("{time}.000000"))).concat();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("days.dump");
    std::fs::write(&path, text).unwrap();
    let mut browser = Browser::new(120, 40, Snapshot::clone(&loaded(vec![InputSpec::file(path)])));
    browser.keys("s");
    let screen = browser.screen();
    assert!(screen.contains("peak 1 in 1 h at 2026-11-22 05:00"), "{screen}");
    assert!(screen.contains("└2026-11-22 05:00───"), "{screen}");
    browser.keys("1");
    assert!(browser.screen().contains("▸ 2026-11-22 05:00 "), "{}", browser.screen());
}

#[test]
fn the_screen_at_each_size() {
    for (columns, rows) in [(120, 40), (200, 60), (20, 5)] {
        let mut browser = browser(columns, rows);
        snapshot_of(&browser, &format!("calls-{columns}x{rows}"));
        browser.keys("5");
        snapshot_of(&browser, &format!("peers-{columns}x{rows}"));
        browser.keys("7");
        snapshot_of(&browser, &format!("phones-{columns}x{rows}"));
        browser.keys("1<Right><Right>v<Right><Right><Right>");
        snapshot_of(&browser, &format!("times-{columns}x{rows}"));
    }
}

#[test]
fn its_styles_and_what_is_left_of_them_without_colours_and_in_ascii() {
    let mut browser = browser(80, 24);
    browser.keys("7");
    let styled = browser.styled_screen();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("statistics-styles", styled);
    });
    let mut browser = browser.without_color().with_ascii();
    browser.keys("1<Right>v<Right>");
    assert!(browser.screen().is_ascii(), "{}", browser.screen());
    assert!(browser.screen().contains("^^^") || browser.screen().contains("^^"), "{}", browser.screen());
}

#[test]
fn a_row_becomes_the_filter_of_the_list_and_finds_as_many_messages_as_it_says() {
    let statistics = counted(&demo(), "");
    for (at, code) in statistics.codes.iter().enumerate() {
        let mut browser = browser(120, 40);
        browser.keys("4g").keys(&"<Down>".repeat(at)).keys("<Enter>");
        assert!(matches!(browser.app.screen(), Screen::Messages(_)));
        let line = format!("/ status={}", code.code);
        assert!(browser.screen().contains(&line), "{line}\n{}", browser.screen());
        assert_eq!(browser.shown_len() as u64, code.count, "{line}");
    }
    for (at, peer) in statistics.peers.iter().enumerate() {
        let mut browser = browser(120, 40);
        browser.keys("5g").keys(&"<Down>".repeat(at)).keys("<Enter>");
        assert_eq!(browser.shown_len() as u64, peer.sent + peer.received, "{}", browser.screen());
    }
}

#[test]
fn the_causes_of_failed_calls_become_filters_that_find_them() {
    let statistics = counted(&demo(), "");
    let calls = statistics.calls.unwrap();
    assert!(!calls.summary.failures.is_empty());
    let first = 1 + calls.summary.figures().len();
    for (at, cause) in calls.summary.failures.iter().enumerate() {
        let mut browser = Browser::new(160, 45, Snapshot::clone(&demo()));
        browser.keys("csg").keys(&"<Down>".repeat(first - 1 + at)).keys("<Enter>");
        assert!(matches!(browser.app.screen(), Screen::Calls(_)), "back to the calls, whence it was opened");
        let found = browser.calls().listing.counts[0];
        assert_eq!(found as u64, cause.count, "{}\n{}", cause.text(), browser.screen());
    }
}

#[test]
fn plus_and_minus_narrow_what_is_counted_and_the_list_keeps_that_filter() {
    let mut browser = browser(120, 40);
    let all = statistics(&browser).statistics.messages;
    browser.keys("3g+");
    let only = statistics(&browser).statistics.messages;
    assert!(only < all && browser.screen().contains("/ method="), "{}", browser.screen());
    browser.keys("<F5>");
    assert_eq!(statistics(&browser).statistics.messages, all);
    browser.keys("3g-");
    assert_eq!(statistics(&browser).statistics.messages, all - only, "{}", browser.screen());
    browser.keys("<Esc>");
    assert_eq!(browser.shown_len() as u64, all - only, "{}", browser.screen());
    browser.keys("<Esc>");
    assert_eq!(browser.shown_len() as u64, all);
    browser.keys("/<Up><Enter>");
    assert_eq!(browser.shown_len() as u64, all - only, "the history has it");
}

#[test]
fn a_range_of_times_is_selected_by_keys_and_by_mouse() {
    let mut browser = browser(80, 24);
    browser.keys("<Right>");
    assert_eq!(statistics(&browser).section, Section::Time, "the arrows go to the times");
    browser.keys("v<Right><Right>");
    let heading = browser.screen().lines().nth(2).unwrap().trim().to_owned();
    browser.keys("<Enter>");
    let shown = browser.shown_len();
    assert!(shown > 0 && heading.contains(&format!(" {shown} messages")), "{heading}: {shown}");
    assert!(browser.screen().contains("/ time>=05:53:32 time<05:53:35"), "{}", browser.screen());
    browser.keys("<Esc>s");
    let area = browser.app.targets.area(Target::Timeline);
    browser.mouse(MouseAction::Click, area.x + 1, area.y + 1);
    browser.mouse(MouseAction::Drag, area.x + 3, area.y + 1);
    browser.mouse(MouseAction::Release, area.x + 3, area.y + 1);
    assert_eq!(browser.screen().lines().nth(2).unwrap().trim(), heading);
    browser.keys("<Esc>");
    assert!(!statistics(&browser).cursor.has_range(), "Esc drops the range");
    browser.keys("<Esc>");
    assert!(matches!(browser.app.screen(), Screen::Messages(_)));
}

#[test]
fn the_sections_are_reached_by_keys_and_by_mouse() {
    let mut browser = browser(80, 24);
    browser.keys("<Tab>");
    assert_eq!(statistics(&browser).section, Section::Methods);
    browser.keys("<BackTab><BackTab>");
    assert_eq!(statistics(&browser).section, Section::Time);
    browser.keys("[");
    assert_eq!(statistics(&browser).section, Section::Input);
    browser.click("6 Agents");
    assert_eq!(statistics(&browser).section, Section::Agents);
    browser.keys("s");
    assert!(matches!(browser.app.screen(), Screen::Messages(_)), "s goes back");
}

#[test]
fn a_section_is_copied_as_text() {
    let mut browser = browser(80, 24);
    browser.keys("7y");
    let text = String::from_utf8(browser.copied.clone()).unwrap();
    assert!(text.starts_with("Phones\nphone "), "{text}");
    assert!(text.lines().any(|line| line.starts_with("1016") && line.contains("wrong-password")), "{text}");
    assert!(browser.screen().contains("sent section Phones"), "{}", browser.screen());
}

#[test]
fn a_wrong_password_comes_first() {
    let statistics = counted(&demo(), "");
    let first = &statistics.phones[0];
    assert_eq!((&first.user[..], first.challenges, first.forbidden), (&b"1016"[..], 2, 1));
    assert_eq!(first.problem.as_ref().map(|(rule, _)| *rule), Some("wrong-password"));
}

#[test]
fn the_bytes_of_a_skipped_region_are_shown() {
    let damaged = loaded(vec![InputSpec::file(fixture("frames/damage-between-frames.dump"))]);
    let mut browser = Browser::new(100, 30, Snapshot::clone(&damaged));
    browser.keys("s8");
    let regions: usize = damaged.coverage.iter().map(|input| input.regions.len()).sum();
    assert!(regions > 0, "{}", browser.screen());
    snapshot_of(&browser, "regions-100x30");
    browser.keys("<Down><Enter>");
    snapshot_of(&browser, "bytes-100x30");
    browser.keys("<Esc>");
    assert!(statistics(&browser).bytes.is_none());
}

#[test]
fn what_is_counted_in_steps_while_loading_is_what_is_counted_at_the_end() {
    let whole = demo();
    for filter in ["", "method:invite", "ua:yealink or status:4xx"] {
        let at_end = counted(&whole, filter);
        assert_eq!(at_end.messages as usize, if filter.is_empty() { whole.len() } else { matching(filter) });
        let sum = |statistics: &Statistics| {
            let methods: u64 = statistics.methods.iter().map(|m| m.requests + m.responses).sum();
            let peers: u64 = statistics.peers.iter().map(|peer| peer.received + peer.sent).sum();
            let scale = statistics.timeline.scale(70);
            let bars: u32 = statistics.timeline.bars(scale).iter().map(|bar| bar.messages).sum();
            (methods, peers, u64::from(bars))
        };
        assert_eq!(sum(&at_end), (at_end.messages, at_end.messages, at_end.messages), "{filter}");
        // A snapshot of a half is what the loader would publish first.
        let parsed = Filter::parse(filter).unwrap();
        let part = Arc::new(crate::support::snapshot(&["real-calls/failover.dump"], 5));
        let more = Arc::new(crate::support::snapshot(&["real-calls/failover.dump"], usize::MAX));
        let job = |snapshot: &Arc<Snapshot>| CountStatistics {
            generation: 1,
            series: 1,
            filter: parsed.clone(),
            snapshot: Arc::clone(snapshot),
        };
        let mut counting = Counting::new(&job(&part));
        while counting.step(&part) == Step::More {}
        assert!(counting.continues(&job(&more)));
        while counting.step(&more) == Step::More {}
        let (grown, direct) = (counting.statistics(&more), counted(&more, filter));
        assert_eq!(
            (grown.messages, grown.peers, grown.agents),
            (direct.messages, direct.peers, direct.agents)
        );
        assert_eq!(
            (grown.timeline, grown.methods, grown.phones),
            (direct.timeline, direct.methods, direct.phones)
        );
    }
}

#[test]
fn results_of_a_filter_that_was_replaced_are_dropped() {
    let mut browser = browser(80, 24);
    let before = Arc::clone(&statistics(&browser).statistics);
    browser.keys("/status:486<Enter>");
    let after = statistics(&browser).statistics.messages;
    browser.event(Event::Counted(1, before));
    assert_eq!(statistics(&browser).statistics.messages, after);
}

#[test]
fn nothing_to_count_says_so() {
    let mut browser = Browser::new(80, 24, Snapshot::default());
    browser.keys("s");
    for key in "12345678".chars() {
        browser.keys(&key.to_string()).keys("<Enter>+-v<Right><Esc>");
    }
    browser = self::browser(80, 24);
    browser.keys("/from:nobody<Enter>5");
    assert!(browser.screen().contains("no message matches"), "{}", browser.screen());
}

#[test]
fn the_real_program_counts_filters_and_goes_back() {
    let mut program = Pty::sofiatui(&["--demo", "--no-config"]);
    program.loaded().keys("s").until(&["357 messages, 14 failed", "answer-seizure ratio"]);
    program.keys("7").until(&["1016", "403 Forbidden", "wrong-password"]);
    program.keys("6").until(&["Yealink SIP-T46S"]);
    program.keys("4").until(&["Unauthorized"]);
    program.keys("1\x1b[C\x1b[Cv\x1b[C\x1b[C").until(&["05:53:33 to 05:53:36"]);
    program.keys("\r").until(&["time>=05:53:33 time<05:53:36"]);
    program.keys("q");
    assert!(program.end().success());
}
