//! The loop: wait, update, execute effects, draw.
//!
//! Must not know: what any event or effect means, only who handles it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::Terminal;
use signal_hook::consts::SIGHUP;

use crate::app::screens::profiles::TypedRange;
use crate::app::{App, Event, Following, Notice};
use crate::base::escape::escape;
use crate::config::{FirstScreen, ProfileChoice, START_FILTER};
use crate::filter::Filter;
use crate::load::{Follow, InputSpec};
use crate::state::Folder;
use crate::store::{MessageIdx, Snapshot};
use crate::view::{self, Theme};

use super::backend::SilentBackend;
use super::configuration::Configuration;
use super::effects::{Next, Runtime};
use super::guard::{self, Guard};
use super::jobs::Jobs;
use super::keeping::Keeping;
use super::loading::Loading;
use super::loop_event::{self, LoopEvent};
use super::profiles::Profiles;
use super::suspend::stop_group;
use super::{Error, Options};

/// Upper limit of the time for handling events before the screen is drawn: keys that arrive together share one drawing.
const DRAW_AFTER: Duration = Duration::from_millis(8);

type Screen = Terminal<SilentBackend>;

/// What the browser was left with.
#[derive(Debug, Default)]
pub struct Left {
    /// All messages.
    pub snapshot: Arc<Snapshot>,
    /// The messages that were selected; none if the program was left by Ctrl-C.
    pub picked: Vec<MessageIdx>,
}

/// How the loop ended.
enum End {
    Quit,
    /// By Ctrl-C: nothing is picked.
    Abort,
    Signal(i32),
}

/// Browses until the user leaves.
///
/// # Errors
/// If the terminal cannot be used. The terminal is restored in every case.
pub fn run(options: &Options) -> Result<Left, Error> {
    let (sender, events) = channel();
    loop_event::watch_signals(sender.clone())?;
    let app = start_state(options);
    let runtime = start_runtime(options, &sender);
    let guard = Guard::take(options.settings.mouse.unwrap_or(true), window_title(&options.inputs))?;
    loop_event::read_input(sender);
    let screen = Terminal::new(SilentBackend::new()?)?;
    let mut browser = Browser { app, theme: options.theme, screen, runtime, guard };
    let end = browser.run(&events);
    guard::restore();
    browser.runtime.jobs.stop_saving();
    browser.runtime.keeping.count_run();
    browser.runtime.keeping.finish(browser.app.kept());
    let picked = if let Ok(End::Quit) = end { browser.app.picked() } else { Vec::new() };
    let left = Left { snapshot: Arc::clone(&browser.app.session.snapshot), picked };
    let result = finish(end).map(|()| left);
    // ratatui's terminal, when dropped, reports a cursor that it cannot show on the standard error, and panics if that
    // is closed. The guard has already shown the cursor.
    std::mem::forget(browser.screen);
    result
}

/// The title of the window: what is open.
fn window_title(inputs: &[InputSpec]) -> String {
    let name = |input: &InputSpec| match input {
        InputSpec::Files(set) => {
            set.files().last()?.file_name().map(|name| escape(name.as_encoded_bytes()).into_owned())
        }
        InputSpec::Stdin => Some("standard input".to_owned()),
        InputSpec::Demo => Some("sample".to_owned()),
        InputSpec::Made(made) => Some(escape(made.name.as_bytes()).into_owned()),
    };
    let first = inputs.first().and_then(name).map(|name| format!(" {name}")).unwrap_or_default();
    let more = if inputs.len() > 1 { format!(" +{}", inputs.len() - 1) } else { String::new() };
    format!("sofiatui{first}{more}")
}

/// Ends the process by the signal that ended the loop. If the terminal is gone, the process ends as if by SIGHUP.
fn finish(end: Result<End, Error>) -> Result<(), Error> {
    let signal = match end {
        Ok(End::Quit | End::Abort) => return Ok(()),
        Ok(End::Signal(signal)) => signal,
        Err(error) if error.is_hangup() => SIGHUP,
        Err(error) => return Err(error),
    };
    Ok(signal_hook::low_level::emulate_default_handler(signal)?)
}

/// The state at the start.
fn start_state(options: &Options) -> App {
    let filter = start_filter(options);
    let mut app = match &options.profiles {
        Some(ProfileChoice { since, until, .. }) => {
            let range = TypedRange {
                since: since.clone().unwrap_or_default(),
                until: until.clone().unwrap_or_default(),
            };
            App::with_profiles(filter, range)
        }
        None => App::new(filter),
    };
    app.configure(&options.settings, options.names.clone());
    app.prefs.picks = options.picks;
    if let Some(folder) = folder(options) {
        match folder.history() {
            Ok(history) => app.session.filters.recall(history),
            Err(error) => {
                app.notice = Some(Notice::Failed(format!("the filter history is not kept: {error}")));
            }
        }
        if folder.is_new_user() == Ok(true) {
            app.welcome();
        }
    }
    if options.first == FirstScreen::Calls {
        app.show_calls();
    }
    if options.follow {
        app.session.following = Following::AtLast;
    }
    app
}

/// The first filter: that of the command line, or else that of the configuration.
fn start_filter(options: &Options) -> Filter {
    if options.chosen {
        return options.filter.clone();
    }
    let text = options.settings.filter.as_ref().map_or(START_FILTER, |filter| &filter.text);
    Filter::parse_with(text, &options.names).unwrap_or_default()
}

/// The folder where the state is kept, if it is.
fn folder(options: &Options) -> Option<Folder> {
    if options.settings.session.unwrap_or(true) { Folder::usual() } else { None }
}

/// Starts the loader and what executes effects.
fn start_runtime(options: &Options, sender: &Sender<LoopEvent>) -> Runtime {
    let follow = if options.follow { Follow::on() } else { Follow::default() };
    let loading = Loading::start(options.inputs.clone(), options.rules.clone(), follow, sender.clone());
    let start = |choice| Profiles::start(choice, sender.clone());
    let profiles = options.profiles.as_ref().map(start).unwrap_or_default();
    let keeping = folder(options).map(|folder| Keeping::start(folder, sender.clone())).unwrap_or_default();
    let configuration = Configuration { file: options.configuration.clone(), sender: sender.clone() };
    let sender = sender.clone();
    // The loop may have ended already.
    let jobs = Jobs::start(options.settings.clipboard.unwrap_or_default(), Jobs::text_reader, move |event| {
        drop(sender.send(event));
    });
    Runtime { jobs, loading, profiles, keeping, configuration }
}

struct Browser {
    app: App,
    theme: Theme,
    screen: Screen,
    runtime: Runtime,
    guard: Guard,
}

impl Browser {
    fn run(&mut self, events: &Receiver<LoopEvent>) -> Result<End, Error> {
        // Rows that are loaded immediately make the first screen a full one.
        let mut first = events.recv_timeout(Duration::from_millis(20)).ok();
        loop {
            if let Some(event) = first.take() {
                if let Some(end) = self.handle(event)? {
                    return Ok(end);
                }
                if let Some(end) = self.handle_waiting(events)? {
                    return Ok(end);
                }
            }
            self.draw()?;
            match events.recv() {
                Ok(event) => first = Some(event),
                Err(_) => return Ok(End::Quit),
            }
        }
    }

    /// Handles waiting events, up to the time of the next drawing.
    fn handle_waiting(&mut self, events: &Receiver<LoopEvent>) -> Result<Option<End>, Error> {
        let began = Instant::now();
        while began.elapsed() < DRAW_AFTER {
            match events.recv_timeout(Duration::ZERO) {
                Ok(event) => {
                    if let Some(end) = self.handle(event)? {
                        return Ok(Some(end));
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(None)
    }

    fn handle(&mut self, event: LoopEvent) -> Result<Option<End>, Error> {
        match event {
            LoopEvent::Event(event) => self.event(event),
            LoopEvent::Loaded(generation, event) if generation == self.runtime.loading.generation() => {
                self.event(event)
            }
            LoopEvent::Loaded(..) => Ok(None),
            LoopEvent::Catalog => match self.runtime.profiles.fetch() {
                Some(catalog) => self.event(Event::Catalog(catalog)),
                None => Ok(None),
            },
            LoopEvent::Copied(sequence, result) => {
                if let Some(sequence) = sequence {
                    self.screen.backend_mut().write_all(&sequence)?;
                }
                self.event(Event::Copied(result))
            }
            LoopEvent::Resized => {
                self.screen.autoresize()?;
                Ok(None)
            }
            LoopEvent::Lost(error) => Err(error.into()),
            LoopEvent::Stop => {
                self.suspend()?;
                Ok(None)
            }
            LoopEvent::Continued => {
                // No handler can see SIGSTOP: the shell may have changed modes and screen since.
                self.guard.retake_changed()?;
                self.screen.clear()?;
                Ok(None)
            }
            LoopEvent::Signal(signal) => Ok(Some(End::Signal(signal))),
        }
    }

    /// Passes an event to the state, and executes the effects that it requests.
    fn event(&mut self, event: Event) -> Result<Option<End>, Error> {
        let replaced = matches!(event, Event::Loaded(_) | Event::Reloaded(_));
        let replaced = replaced.then(|| Arc::clone(&self.app.session.snapshot));
        for effect in self.app.update(event) {
            match self.runtime.carry_out(effect, &self.app.session.snapshot) {
                Next::Nothing => {}
                Next::Suspend => self.suspend()?,
                Next::Mouse(owner) => self.guard.give_mouse(owner)?,
                Next::Redraw => self.screen.clear()?,
                Next::Quit => return Ok(Some(End::Quit)),
                Next::Abort => return Ok(Some(End::Abort)),
            }
        }
        if let Some(replaced) = replaced {
            self.runtime.jobs.free(replaced);
        }
        Ok(None)
    }

    fn draw(&mut self) -> Result<(), Error> {
        execute!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        // If parts move because the rectangles changed, the screen is drawn once more.
        for _ in 0..2 {
            let mut targets = None;
            self.screen.draw(|frame| targets = Some(view::draw(&self.app, &self.theme, frame)))?;
            let Some(targets) = targets.filter(|targets| *targets != self.app.targets) else { break };
            self.event(Event::Drawn(targets))?;
        }
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        Ok(())
    }

    /// Stops the program as Ctrl-Z does, and takes over the terminal when it continues.
    fn suspend(&mut self) -> io::Result<()> {
        guard::restore();
        stop_group()?;
        self.guard.retake()?;
        self.screen.clear()
    }
}
