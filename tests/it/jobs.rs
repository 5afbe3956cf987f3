//! The browser while reading a text blocks: keys answer, the screen draws, the newest request wins.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use sofiatui::app::details::Page;
use sofiatui::app::styled_text::Line;
use sofiatui::app::{App, Effect, Event, Key};
use sofiatui::config::ClipboardTarget;
use sofiatui::filter::Filter;
use sofiatui::store::{MessageIdx, MessageText};
use sofiatui::tui::jobs::{Jobs, ReadText};
use sofiatui::tui::loop_event::LoopEvent;
use sofiatui::view::{self, Theme};

use crate::support::snapshot;

/// What has not happened by then will not happen.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Which texts are being read, and the permission to go on.
struct Gate {
    started: Sender<MessageIdx>,
    permits: Mutex<Receiver<()>>,
}

static GATE: OnceLock<Gate> = OnceLock::new();

/// A reader that says what it reads and waits until it may.
fn blocking_reader() -> ReadText {
    let mut read = Jobs::text_reader();
    Box::new(move |snapshot, row| {
        let gate = GATE.get().ok_or(io::ErrorKind::NotFound)?;
        let _ = gate.started.send(row);
        let permits = gate.permits.lock().unwrap();
        permits.recv_timeout(TIMEOUT).map_err(io::Error::other)?;
        read(snapshot, row)
    })
}

/// The browser with real jobs, drawn into a buffer.
struct Blocked {
    app: App,
    jobs: Jobs,
    results: Receiver<LoopEvent>,
    terminal: Terminal<TestBackend>,
}

impl Blocked {
    fn new() -> Self {
        let (sender, results) = channel();
        let sender = Mutex::new(sender);
        let send = move |event| drop(sender.lock().unwrap().send(event));
        let jobs = Jobs::start(ClipboardTarget::Osc52, blocking_reader, send);
        let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let mut browser = Self { app: App::new(Filter::all()), jobs, results, terminal };
        browser.event(Event::Loaded(Arc::new(snapshot(&["screens/mixed.dump"], usize::MAX))));
        browser
    }

    fn event(&mut self, event: Event) {
        for effect in self.app.update(event) {
            let left: Option<Effect> = self.jobs.take(effect, &self.app.session.snapshot);
            let is_other = left.as_ref().is_some_and(|left| !matches!(left, Effect::Recall(_)));
            assert!(!is_other, "an effect is no job");
        }
        let mut targets = None;
        self.terminal.draw(|frame| targets = Some(view::draw(&self.app, &Theme::default(), frame))).unwrap();
        self.app.update(Event::Drawn(targets.unwrap()));
    }

    fn keys(&mut self, keys: &str) {
        keys.chars().for_each(|key| self.event(Event::Key(Key::Char(key))));
    }

    fn screen(&self) -> String {
        let cells = &self.terminal.backend().buffer().content;
        cells.iter().map(ratatui::buffer::Cell::symbol).collect()
    }

    /// Takes results until one satisfies.
    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            match self.results.recv_timeout(TIMEOUT).unwrap() {
                LoopEvent::Event(event) => self.event(event),
                LoopEvent::Copied(_, result) => self.event(Event::Copied(result)),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn keys_answer_while_reading_blocks_and_the_newest_request_wins() {
    let (started, starts) = channel();
    let (permit, permits) = channel();
    assert!(GATE.set(Gate { started, permits: Mutex::new(permits) }).is_ok());
    let mut browser = Blocked::new();
    // The first text is being read, and does not arrive.
    assert_eq!(starts.recv_timeout(TIMEOUT).unwrap(), 0);
    for (row, key) in (1..9).zip("jjjjjjjj".chars()) {
        browser.keys(&key.to_string());
        assert_eq!(browser.app.selected(), Some(row));
        assert!(browser.screen().contains("▸"), "{}", browser.screen());
    }
    // A copy of a text that is not there yet waits for it.
    browser.keys("yc");
    assert_eq!(browser.app.notice, None);
    permit.send(()).unwrap();
    permit.send(()).unwrap();
    browser.until(|browser| browser.app.notice.is_some());
    // Of all that was requested meanwhile only the newest was read.
    assert_eq!(starts.try_iter().collect::<Vec<_>>(), [8]);
    let details = &browser.app.session.details;
    assert_eq!(details.text.as_ref().map(|(row, _)| *row), Some(8));
    assert!(
        matches!(&browser.app.notice, Some(sofiatui::app::Notice::Done(text)) if text.starts_with("sent Call-ID"))
    );
}

#[test]
fn long_texts_are_shown_at_once_and_laid_out_in_the_background() {
    let head = "MESSAGE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n";
    let one_line = format!("{head}\r\n{}", "x".repeat(5 << 20));
    let many_fields = format!("{head}{}\r\n", "X-Field: value\r\n".repeat(100_000));
    for text in [one_line, many_fields] {
        for tab in "124".chars() {
            let mut app = App::new(Filter::all());
            app.update(Event::Loaded(Arc::new(snapshot(&["screens/mixed.dump"], usize::MAX))));
            app.update(Event::Key(Key::Char(tab)));
            let text = MessageText { bytes: text.clone().into_bytes(), pieces: Vec::new() };
            let effects = app.update(Event::Text(app.session.details.generation, Ok(Arc::new(text))));
            let preview = app.session.details.lines.len();
            assert!((1..2_000).contains(&preview), "{preview}");
            let [Effect::LayOut(generation, layout)] = &effects[..] else { panic!("{effects:?}") };
            // A page that is no longer wanted is dropped.
            app.update(Event::Page(generation + 1, Box::default()));
            assert_eq!(app.session.details.lines.len(), preview);
            let page = layout.page();
            let laid_out = page.lines.len();
            app.update(Event::Page(*generation, Box::new(page)));
            assert_eq!(app.session.details.lines.len(), laid_out);
            // A long page is freed elsewhere, whatever replaces it: another message, nothing, or an error.
            app.update(Event::Key(Key::Char('j')));
            let (generation, small) = (app.session.details.generation, Arc::new(MessageText::default()));
            let mut ends = [
                (Event::Text(generation, Ok(small)), app.clone()),
                (Event::Text(generation, Err("gone".to_owned())), app.clone()),
                (Event::Loaded(Arc::default()), app),
            ];
            let expected = if laid_out > 2_000 { laid_out } else { 0 };
            for (event, app) in &mut ends {
                let effects = app.update(event.clone());
                assert_eq!(freed_lines(&effects), expected, "{event:?}");
                assert!(app.session.details.lines.len() <= 2);
            }
        }
    }
}

fn freed_lines(effects: &[Effect]) -> usize {
    let pages = effects.iter().filter_map(|effect| match effect {
        Effect::Free(pages) => Some(pages),
        _ => None,
    });
    pages.flatten().map(|page| page.lines.len()).sum()
}

#[test]
fn a_page_that_came_too_late_is_freed_elsewhere_too() {
    let mut app = App::new(Filter::all());
    let page = Page { lines: Arc::new(vec![Line::default(); 100_000]), ..Page::default() };
    assert_eq!(freed_lines(&app.update(Event::Page(7, Box::new(page)))), 100_000);
}

#[test]
fn batches_of_long_texts_are_small() {
    let (sender, results) = channel();
    let sender = Mutex::new(sender);
    let send = move |event| drop(sender.lock().unwrap().send(event));
    let jobs = Jobs::start(ClipboardTarget::Osc52, || Box::new(|_, row| Ok(text_of(row))), send);
    jobs.take(Effect::LoadTexts(1, (0..120).collect()), &Arc::default());
    let mut batches = Vec::new();
    while batches.iter().sum::<usize>() < 120 {
        match results.recv_timeout(TIMEOUT).unwrap() {
            LoopEvent::Event(Event::Texts(1, texts)) => batches.push(texts.len()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(batches, [50, 50, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
}

/// The first hundred are short.
fn text_of(row: MessageIdx) -> MessageText {
    let len_bytes = if row < 100 { 500 } else { 600_000 };
    MessageText { bytes: vec![b'x'; len_bytes], pieces: Vec::new() }
}
