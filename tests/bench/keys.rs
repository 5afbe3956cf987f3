//! Bench: from a key to the drawn frame, while a file is loaded with the Calls screen open.
//!
//! The loop is that of the browser, without a terminal: so the time that a terminal takes, and repainting for what is loaded, do
//! not count. Keys come every 23 ms. The file is loaded several times.
//!
//! `cargo bench --bench keys`, or `cargo bench --bench keys -- FILE…` for other files.

mod traffic;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use sofiatui::app::{App, Event, Key};
use sofiatui::config::ClipboardTarget;
use sofiatui::filter::Filter;
use sofiatui::load::{Follow, InputSpec, Loader};
use sofiatui::tui::jobs::Jobs;
use sofiatui::tui::loop_event::LoopEvent;
use sofiatui::view::{self, Theme};

/// How often the files are loaded.
const RUNS: usize = 5;
/// Time between two keys.
const PAUSE: Duration = Duration::from_millis(23);
/// As in the browser: events are handled for so long before the screen is drawn.
const DRAW_AFTER: Duration = Duration::from_millis(8);
const KEYS: [Key; 7] = [Key::Down, Key::Down, Key::End, Key::Up, Key::PageUp, Key::Home, Key::PageDown];

/// An event of the loop; a key with the moment at which it was pressed.
enum Timed {
    Event(Event),
    Key(Key, Instant),
}

fn main() -> std::io::Result<()> {
    let dir = tempfile::tempdir()?;
    // `cargo bench` adds an option of its own.
    let mut files: Vec<PathBuf> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    if files.is_empty() {
        let file = dir.path().join("internal.dump");
        std::fs::write(&file, traffic::dump(512 << 20, 42))?;
        files.push(file);
    }
    println!("\nFrom a key to the drawn frame while the Calls screen is loaded\n");
    println!("| keys | median | 99 of 100 | worst |\n| --- | --- | --- | --- |");
    for _ in 0..RUNS {
        let mut times = Browser::new()?.load(&files)?;
        times.sort_unstable();
        let ms =
            |share: usize| times.get((times.len().max(1) - 1) * share / 100).copied().unwrap_or_default();
        let [median, most, worst] = [50, 99, 100].map(|share| ms(share).as_secs_f64() * 1e3);
        println!("| {} | {median:.1} ms | {most:.1} ms | {worst:.1} ms |", times.len());
    }
    Ok(())
}

struct Browser {
    app: App,
    jobs: Jobs,
    terminal: Terminal<CrosstermBackend<std::io::Sink>>,
    sender: Sender<Timed>,
    events: Receiver<Timed>,
    /// When the keys were pressed that were handled and whose effect was not drawn yet.
    pressed: Vec<Instant>,
    is_loaded: bool,
}

impl Browser {
    fn new() -> std::io::Result<Self> {
        let (sender, events) = channel();
        let results = sender.clone();
        let send = move |event| {
            if let LoopEvent::Event(event) = event {
                // The run may be over.
                let _ = results.send(Timed::Event(event));
            }
        };
        let options = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 160, 45)) };
        Ok(Self {
            app: App::with_calls(Filter::default()),
            jobs: Jobs::start(ClipboardTarget::Osc52, Jobs::text_reader, send),
            terminal: Terminal::with_options(CrosstermBackend::new(std::io::sink()), options)?,
            sender,
            events,
            pressed: Vec::new(),
            is_loaded: false,
        })
    }

    /// Loads the files, and gives the time that each key took.
    fn load(mut self, files: &[PathBuf]) -> std::io::Result<Vec<Duration>> {
        let snapshots = self.sender.clone();
        let publish = move |snapshot| drop(snapshots.send(Timed::Event(Event::Loaded(snapshot))));
        let _loader = Loader::start(InputSpec::of_names(files), Follow::default(), 0, publish);
        let keys = self.sender.clone();
        thread::spawn(move || {
            for key in KEYS.into_iter().cycle() {
                thread::sleep(PAUSE);
                if keys.send(Timed::Key(key, Instant::now())).is_err() {
                    return;
                }
            }
        });
        let mut times = Vec::new();
        while !self.is_loaded {
            let Ok(event) = self.events.recv() else { break };
            self.handle(event);
            let began = Instant::now();
            while began.elapsed() < DRAW_AFTER
                && let Ok(event) = self.events.try_recv()
            {
                self.handle(event);
            }
            self.draw()?;
            times.extend(self.pressed.drain(..).map(|pressed| pressed.elapsed()));
        }
        Ok(times)
    }

    fn handle(&mut self, event: Timed) {
        match event {
            Timed::Event(event) => self.event(event),
            Timed::Key(key, pressed) => {
                self.event(Event::Key(key));
                self.pressed.push(pressed);
            }
        }
    }

    fn event(&mut self, event: Event) {
        let mut replaced = None;
        if let Event::Loaded(snapshot) = &event {
            self.is_loaded |= snapshot.progress.done;
            replaced = Some(Arc::clone(&self.app.session.snapshot));
        }
        for effect in self.app.update(event) {
            self.jobs.take(effect, &self.app.session.snapshot);
        }
        if let Some(replaced) = replaced {
            self.jobs.free(replaced);
        }
    }

    fn draw(&mut self) -> std::io::Result<()> {
        for _ in 0..2 {
            let mut targets = None;
            self.terminal.draw(|frame| targets = Some(view::draw(&self.app, &Theme::default(), frame)))?;
            let Some(targets) = targets.filter(|targets| *targets != self.app.targets) else { break };
            self.event(Event::Drawn(targets));
        }
        Ok(())
    }
}
