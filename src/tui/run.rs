//! The loop: wait, update, fulfil, draw.
//!
//! Must not know: what any event or wish means beyond who handles it.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crossterm::execute;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::Terminal;
use signal_hook::consts::SIGHUP;

use crate::app::{App, Event, Following, Part};
use crate::load::Follow;
use crate::view::{self, Theme};

use super::backend::SilentBackend;
use super::effects::{Next, Runtime};
use super::guard::{self, Guard};
use super::loading::Loading;
use super::picking::Picking;
use super::suspend::stop_group;
use super::wake::{self, Wake};
use super::{Error, Options, Pick};

/// The longest that events are taken before the screen is drawn: keys that come in a burst share a
/// drawing, but the screen never stands still for long.
const DRAW_AFTER: Duration = Duration::from_millis(8);

type Screen = Terminal<SilentBackend>;

/// How the loop ended.
enum End {
    Quit,
    Signal(i32),
}

/// Browses until the user leaves.
///
/// # Errors
/// Where the terminal cannot be used. The terminal is restored in every case.
pub fn run(options: Options) -> Result<(), Error> {
    let (sender, wakes) = channel();
    wake::watch_signals(sender.clone())?;
    let Options { inputs, pick, filter, follow, clipboard, mouse, color } = options;
    let loading =
        Loading::start(inputs, if follow { Follow::on() } else { Follow::default() }, sender.clone());
    let picking = pick.as_ref().map(|pick| Picking::start(pick, sender.clone())).unwrap_or_default();
    let guard = Guard::take(mouse)?;
    wake::read_input(sender.clone());
    let mut app = App::new(filter);
    if let Some(Pick { since, until, .. }) = pick {
        app.pick(Part { since: since.unwrap_or_default(), until: until.unwrap_or_default() });
    }
    if follow {
        app.following = Following::AtLast;
    }
    let mut browser = Browser {
        app,
        theme: Theme::new(color),
        screen: Terminal::new(SilentBackend::new())?,
        runtime: Runtime::new(clipboard, loading, picking, sender),
        guard,
    };
    let end = browser.run(&wakes);
    guard::restore();
    let result = finish(end);
    // Dropping ratatui's terminal reports a cursor that it cannot show on the standard error, and panics where that is
    // closed, too. The guard has shown the cursor.
    std::mem::forget(browser.screen);
    result
}

/// Ends the process by the signal that ended the loop. A terminal that is gone ends it as its hangup would have.
fn finish(end: Result<End, Error>) -> Result<(), Error> {
    let signal = match end {
        Ok(End::Quit) => return Ok(()),
        Ok(End::Signal(signal)) => signal,
        Err(error) if error.is_hangup() => SIGHUP,
        Err(error) => return Err(error),
    };
    Ok(signal_hook::low_level::emulate_default_handler(signal)?)
}

struct Browser {
    app: App,
    theme: Theme,
    screen: Screen,
    runtime: Runtime,
    guard: Guard,
}

impl Browser {
    fn run(&mut self, wakes: &Receiver<Wake>) -> Result<End, Error> {
        // What is loaded within a blink makes the first screen a full one.
        let mut first = wakes.recv_timeout(Duration::from_millis(20)).ok();
        loop {
            if let Some(wake) = first.take() {
                if let Some(end) = self.handle(wake)? {
                    return Ok(end);
                }
                if let Some(end) = self.handle_waiting(wakes)? {
                    return Ok(end);
                }
            }
            self.draw()?;
            match wakes.recv() {
                Ok(wake) => first = Some(wake),
                Err(_) => return Ok(End::Quit),
            }
        }
    }

    /// Handles what is waiting, up to the time of the next drawing.
    fn handle_waiting(&mut self, wakes: &Receiver<Wake>) -> Result<Option<End>, Error> {
        let began = Instant::now();
        while began.elapsed() < DRAW_AFTER {
            match wakes.recv_timeout(Duration::ZERO) {
                Ok(wake) => {
                    if let Some(end) = self.handle(wake)? {
                        return Ok(Some(end));
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(None)
    }

    fn handle(&mut self, wake: Wake) -> Result<Option<End>, Error> {
        match wake {
            Wake::Event(event) => self.event(event),
            Wake::Loaded(generation, event) if generation == self.runtime.loading.generation() => {
                self.event(event)
            }
            Wake::Loaded(..) => Ok(None),
            Wake::Catalog(catalog, sets) => {
                self.runtime.picking.sets = sets;
                self.event(Event::Catalog(catalog))
            }
            Wake::Resized => {
                self.screen.autoresize()?;
                Ok(None)
            }
            Wake::Lost(error) => Err(error.into()),
            Wake::Signal(signal) => Ok(Some(End::Signal(signal))),
        }
    }

    /// Gives an event to the state, and the answers that its wishes have at once.
    fn event(&mut self, event: Event) -> Result<Option<End>, Error> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.app.update(event) {
                match self.runtime.fulfil(effect, &self.app.snapshot) {
                    Next::Nothing => {}
                    Next::Event(answer) => events.push(answer),
                    Next::Suspend => self.suspend()?,
                    Next::Redraw => self.screen.clear()?,
                    Next::Quit => return Ok(Some(End::Quit)),
                }
            }
        }
        Ok(None)
    }

    fn draw(&mut self) -> Result<(), Error> {
        let mut geometry = None;
        execute!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        self.screen.draw(|frame| geometry = Some(view::draw(&self.app, &self.theme, frame)))?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        let Some(geometry) = geometry else { return Ok(()) };
        if geometry != self.app.geometry {
            let before = self.app.positions();
            self.event(Event::Drawn(geometry))?;
            if self.app.positions() != before {
                // What moved because of the new heights is drawn once more.
                self.screen.draw(|frame| {
                    view::draw(&self.app, &self.theme, frame);
                })?;
            }
        }
        Ok(())
    }

    /// Stops the program as Ctrl-Z does, and takes the terminal again when it goes on.
    fn suspend(&mut self) -> io::Result<()> {
        guard::restore();
        stop_group()?;
        self.guard.retake()?;
        self.screen.clear()
    }
}
