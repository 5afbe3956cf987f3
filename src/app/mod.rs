//! The browser's state and the one pure function that changes it.
//!
//! [`App::update`] takes an event and gives back effects: what is to be done outside. It reads no clock and no file and takes
//! no lock, so the same events always lead to the same state.
//!
//! Must not know: the terminal, threads, drawing.

pub mod columns;
pub mod command;
pub mod copied_part;
pub mod details;
mod early_keys;
pub mod event;
mod generation;
mod goal;
mod keeping;
pub mod kept;
mod key;
pub mod keymap;
mod missing_keys;
mod moment;
pub mod notes;
pub mod overlays;
pub mod parts;
mod picked;
pub mod privacy;
pub mod row_part;
pub mod saving;
pub mod screens;
pub mod section;
pub mod session;
pub mod targets;
mod update;

pub use crate::style::styled_text;
pub use details::{Details, Tab};
pub use event::{Effect, Event, Key, MouseAction};
pub use notes::Notes;
pub use overlays::{NoteEdit, Overlay, Palette, SaveDialog};
pub use parts::{Focus, LineEdit, List, Motion, Prefs};
pub use screens::{
    CallsScreen, DiffScreen, LadderScreen, MessagesScreen, ProfilesScreen, Screen, StatisticsScreen,
};
pub use session::{Following, Session, TimeFormat};
pub use targets::{Area, Target, Targets};

use crate::config::{Known, START_FILTER, Settings};
use crate::filter::{Filter, Names};

use keymap::Keymap;
use overlays::ColumnChooser;

/// Commands after which a new user has seen what the screens can do.
const HINTED: u8 = 20;

/// What a configuration file may name.
pub fn known_names() -> Known {
    Known {
        keys: Keymap::known(),
        key: keymap::usual_name,
        columns: columns::usual_names(),
        is_column: |name| columns::named(name).is_some(),
        call_columns: Vec::new(),
    }
}

/// The line that says what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It succeeded.
    Done(String),
    /// It failed.
    Failed(String),
}

/// The whole state.
#[derive(Debug, Clone)]
pub struct App {
    /// What all screens look at.
    pub session: Session,
    /// The screens, the top one last; never empty.
    pub screens: Vec<Screen>,
    /// What is over the top screen.
    pub overlay: Option<Overlay>,
    /// The choice of columns, while it is shown.
    pub chooser: ColumnChooser,
    /// The palette, while it is over the top screen.
    pub palette: Palette,
    /// The note that is being written.
    pub note: NoteEdit,
    /// The save dialog, while it is over the top screen; its format stays for the next time.
    pub save: SaveDialog,
    /// The file that is being saved.
    pub saving: Option<saving::Saving>,
    /// What the user set.
    pub prefs: Prefs,
    /// What just happened.
    pub notice: Option<Notice>,
    /// What the last drawing put where.
    pub targets: Targets,
    /// A copy that waits for the text that was requested with this number.
    pending_copy: Option<(event::Generation, Key)>,
    /// A copy of the SDP of this message waits for its text, which was requested with this number.
    pending_sdp: Option<(event::Generation, crate::store::MessageIdx)>,
    /// Keys that wait for the list of a changed filter, the first one first.
    early_keys: Vec<Key>,
}

impl App {
    /// The state at the start, on one screen.
    fn on(screen: Screen) -> Self {
        Self {
            session: Session::default(),
            screens: vec![screen],
            overlay: None,
            chooser: ColumnChooser::default(),
            palette: Palette::default(),
            note: NoteEdit::default(),
            save: SaveDialog::default(),
            saving: None,
            prefs: Prefs::default(),
            notice: None,
            targets: Targets::default(),
            pending_copy: None,
            pending_sdp: None,
            early_keys: Vec::new(),
        }
    }

    /// Applies what a configuration says; only before the first event.
    pub fn configure(&mut self, settings: &Settings, names: Names) {
        self.prefs.keymap = Keymap::with(&settings.keys);
        if settings.mouse == Some(false) {
            self.prefs.mouse = parts::Mouse::Terminal;
        }
        self.session.time = settings.time.unwrap_or_default();
        let start = settings.filter.as_ref().map_or(START_FILTER, |filter| &filter.text);
        self.session.start_filter = Filter::parse_with(start, &names).unwrap_or_default();
        self.session.filters.names = names;
        let chosen = columns::chosen(&settings.columns);
        if !chosen.is_empty() {
            self.prefs.columns = chosen;
        }
        let of_calls: Vec<String> = settings.call_columns.iter().map(|placed| placed.text.clone()).collect();
        if !of_calls.is_empty() {
            self.prefs.call_columns = columns::ColumnList::Calls.chosen(&of_calls);
        }
    }

    /// The message list, with `filter` in force (empty for none); nothing is loaded.
    pub fn new(filter: Filter) -> Self {
        Self::on(Screen::Messages(Box::new(MessagesScreen::new(filter))))
    }

    /// The calls, above the message list; both with `filter` in force.
    pub fn with_calls(filter: Filter) -> Self {
        let mut app = Self::new(filter);
        app.show_calls();
        app
    }

    /// Opens the calls above the message list; only before the first event.
    pub fn show_calls(&mut self) {
        if let [Screen::Messages(messages)] = &mut self.screens[..] {
            let calls = messages.open_calls(&self.session);
            self.screens.push(calls);
        }
    }

    /// The profiles of a directory; the chosen ones are opened with `filter` applied.
    pub fn with_profiles(filter: Filter, times: screens::profiles::TypedRange) -> Self {
        Self::on(Screen::Profiles(Box::new(ProfilesScreen::new(filter, times))))
    }

    /// Says what keys are for until the user has given some commands; only before the first event.
    pub fn welcome(&mut self) {
        self.prefs.hints = HINTED;
    }

    /// Commands that a new user of the top screen needs, and what they are for.
    pub fn hints(&self) -> &'static [(command::Command, &'static str)] {
        if self.prefs.hints > 0 { self.screen().state().hints() } else { &[] }
    }

    /// The top screen.
    pub fn screen(&self) -> &Screen {
        // There is always one: the last one is never popped.
        &self.screens[self.screens.len() - 1]
    }

    /// The message whose details are shown, or will be.
    pub fn selected(&self) -> Option<crate::store::MessageIdx> {
        self.screen().state().selected(&self.session)
    }

    /// Whether `q` ends the program here; else it goes back.
    pub fn is_home(&self) -> bool {
        self.screens.len() == 1 && !self.screen().state().has_pane_open()
    }

    /// Where keys are looked up, the innermost context first.
    pub fn contexts(&self) -> Vec<keymap::Context> {
        let overlay = self.overlay.iter().map(|_| keymap::Context::Help);
        let screen = self.screen().state().contexts();
        overlay.chain(screen).chain([keymap::Context::Everywhere]).collect()
    }
}
