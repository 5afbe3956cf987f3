//! `e` on a long list of calls: what is far below is looked for in the background.

use std::fmt::Write;

use sofiatui::app::{Effect, Event, Key};
use sofiatui::load::InputSpec;
use sofiatui::store::Snapshot;

use crate::support::{Browser, loaded};

/// Calls that ring when the trace ends, and a last one that failed.
fn trace(ringing: usize) -> Snapshot {
    let mut dump = String::new();
    for call in 0..=ringing {
        let head = |to_tag: &str| {
            format!(
                "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK{call}\r\nFrom: <sip:1000@192.0.2.7>;tag=a{call}\r\n\
                 To: <sip:1001@192.0.2.1>{to_tag}\r\nCall-ID: {call}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"
            )
        };
        let status = if call == ringing { "503 Service Unavailable" } else { "180 Ringing" };
        let invite = format!("INVITE sip:1001@192.0.2.1 SIP/2.0\r\nMax-Forwards: 70\r\n{}", head(""));
        let response = format!("SIP/2.0 {status}\r\n{}", head(&format!(";tag=b{call}")));
        for (way, text, time) in [("recv", invite, call * 2), ("sent", response, call * 2 + 1)] {
            let (len, peer) = (text.len(), if way == "recv" { "from" } else { "to" });
            let _ = write!(
                dump,
                "{way} {len} bytes {peer} udp/[192.0.2.7]:5060 at 06:00:00.{time:06}:\n{text}\u{b}\n"
            );
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("internal.dump");
    std::fs::write(&path, dump).unwrap();
    Snapshot::clone(&loaded(vec![InputSpec::file(&path)]))
}

fn selected(browser: &Browser) -> usize {
    browser.calls().list.selected
}

#[test]
fn a_problem_is_found_wherever_it_is() {
    for ringing in [0, 1, 47, 48, 49, 200] {
        let mut browser = Browser::new(120, 40, trace(ringing));
        browser.keys("cge");
        assert_eq!(selected(&browser), ringing, "{ringing}");
        browser.keys("e");
        assert!(browser.screen().ends_with("no problem below"), "{ringing}: {}", browser.screen());
        browser.keys("E");
        assert_eq!(selected(&browser), ringing, "{ringing}");
        assert!(browser.screen().ends_with("no problem above"), "{ringing}: {}", browser.screen());
    }
}

#[test]
fn an_answer_that_comes_after_another_key_is_dropped() {
    let mut browser = Browser::new(120, 40, trace(200));
    browser.keys("cg");
    let effects = browser.app.update(Event::Key(Key::Char('e')));
    let [Effect::FindProblem(job)] = &effects[..] else { panic!("{effects:?}") };
    browser.keys("j");
    browser.event(Event::ProblemFound(job.generation, job.find(&|| false).unwrap()));
    assert_eq!(selected(&browser), 1);
    assert!(job.find(&|| true).is_none());
}
