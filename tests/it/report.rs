//! Reports of calls: the page in a real browser, the drawing as XML, the diagram for a tracker.

use std::fs;
use std::path::Path;

use sofiatui::export::Format;

use crate::chromium::Chromium;
use crate::report_files::hostile_report;
use crate::support::program;

/// Saves a report of the built-in sample's calls that match, and returns its text.
fn report(path: &Path, options: &[&str]) -> String {
    let output = program().args(["--save".as_ref(), path.as_os_str()]).args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(path).unwrap()
}

const BUSY: &[&str] = &["--demo", "--legs", "-f", "state:busy"];

/// The browser; without one the test is skipped, which is said.
fn browser(test: &str) -> Option<Chromium> {
    match Chromium::start() {
        Ok(chromium) => Some(chromium),
        Err(error) => {
            crate::tools::tool_is_missing(test, &format_args!("chromium: {error}"));
            None
        }
    }
}

#[test]
fn a_click_on_an_arrow_opens_its_message() {
    let Some(mut page) = browser("a_click_on_an_arrow_opens_its_message") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("busy.html");
    report(&path, BUSY);
    page.open(&path);
    let is_open = |number: usize| format!("document.getElementById('m{number}').checkVisibility()");
    assert_eq!(page.value(&is_open(8)), false);
    page.click(".ladder a[href='#m8'] text");
    assert_eq!(page.value(&is_open(8)), true);
    assert_eq!(
        page.value("document.getElementById('m8').innerText.startsWith('SIP/2.0 486 Busy Here')"),
        true
    );
    page.value("document.querySelector('.ladder a[href=\"#m5\"]').focus()");
    page.press("Enter", "\r");
    assert_eq!(page.value(&is_open(5)), true);
    let in_view = "(() => { const box = document.getElementById('m5').getBoundingClientRect(); \
        return box.top > 40 && box.top < innerHeight; })()";
    assert_eq!(page.value(in_view), true);
    assert_eq!(page.problems, [""; 0]);
}

#[test]
fn without_its_script_a_page_is_complete_and_its_links_work() {
    let Some(mut page) = browser("without_its_script_a_page_is_complete") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("busy.html");
    report(&path, BUSY);
    page.call("Emulation.setScriptExecutionDisabled", &serde_json::json!({"value": true}));
    page.open(&path);
    assert_eq!(page.value("document.getElementById('bar').checkVisibility()"), false);
    page.click(".ladder a[href='#m8'] text");
    assert_eq!(page.value("document.getElementById('m8').checkVisibility()"), true);
    assert_eq!(page.problems, [""; 0]);
}

#[test]
fn the_search_shows_the_messages_with_a_text_and_marks_it() {
    let Some(mut page) = browser("the_search_shows_the_messages_with_a_text") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("busy.html");
    report(&path, BUSY);
    page.open(&path);
    page.press("/", "/");
    for key in ["4", "8", "6", " ", "b", "u", "s"] {
        page.press(key, key);
    }
    assert_eq!(page.value("document.getElementById('n').textContent"), "2 of 11 messages, 4 hits");
    let shown = "[...document.querySelectorAll('.m>details')].filter(node => node.checkVisibility()).length";
    assert_eq!(page.value(shown), 2);
    assert_eq!(page.value("CSS.highlights.get('hit').size"), 4);
    assert_eq!(page.value("document.querySelectorAll('.ladder a.dim').length"), 9);
    page.press("Enter", "\r");
    assert_eq!(page.value("document.getElementById('n').textContent"), "hit 1 of 4");
    page.press("Escape", "");
    assert_eq!(page.value(shown), 11);
    assert_eq!(page.value("document.querySelectorAll('.m>details[open]').length"), 0);
    page.click("#e");
    assert_eq!(page.value("document.querySelectorAll('.m>details[open]').length"), 11);
    page.click("#c");
    assert_eq!(page.value("document.querySelectorAll('.m>details[open]').length"), 0);
    assert_eq!(page.problems, [""; 0]);
}

#[test]
fn hostile_bytes_are_text_on_a_page_and_in_a_drawing() {
    let Some(mut page) = browser("hostile_bytes_are_text_on_a_page") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.html");
    hostile_report(&path, Format::Html);
    page.open(&path);
    page.click("#e");
    for (expression, expected) in [
        ("document.scripts.length", 1),
        ("document.querySelectorAll('img,iframe,svg svg,[onerror],[onload],style+style').length", 0),
        ("document.querySelectorAll('.m>details').length", 12),
        ("[...document.links].filter(link => !link.getAttribute('href').startsWith('#')).length", 0),
    ] {
        assert_eq!(page.value(expression), expected, "{expression}");
    }
    let text = page.value("document.getElementById('m9').textContent");
    let text = text.as_str().unwrap();
    assert!(text.contains(r"\u{202e}\u{2066}\u{feff}\u{ffff}evil\x00\x1b[2J"), "{text}");
    assert!(text.contains(r"\xff\xfe\x00"), "{text}");
    let path = dir.path().join("y.svg");
    hostile_report(&path, Format::Svg);
    page.open(&path);
    assert_eq!(page.value("document.querySelectorAll('parsererror,script,img').length"), 0);
    assert_eq!(page.value("document.querySelectorAll('text').length > 50"), true);
    assert_eq!(page.problems, [""; 0]);
}

#[test]
fn a_long_ladder_and_several_calls_have_an_index_and_print_with_all_messages_open() {
    let Some(mut page) = browser("several_calls_have_an_index") else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.html");
    report(&path, &["--demo"]);
    page.open(&path);
    let calls = page.value("document.querySelectorAll('section').length").as_u64().unwrap();
    assert!(calls > 5);
    assert_eq!(page.value("document.querySelectorAll('table.x tr').length"), calls + 1);
    page.click("table.x a[href='#c3']");
    assert_eq!(page.value("Math.abs(document.getElementById('c3').getBoundingClientRect().top) < 80"), true);
    page.call("Emulation.setEmulatedMedia", &serde_json::json!({"media": "print"}));
    let shown =
        "[...document.querySelectorAll('.m>details>p')].filter(text => !text.checkVisibility()).length";
    assert_eq!(page.value(shown), 0);
    assert_eq!(page.value("document.getElementById('bar').checkVisibility()"), false);
    assert_eq!(page.problems, [""; 0]);
}
