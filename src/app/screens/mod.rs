//! The screens: one folder for each, behind one closed enum and one trait.
//!
//! A new screen is a folder here, one in `view/screens/`, and a variant of [`Screen`].
//!
//! Must not know: the terminal, drawing, what is below or above a screen.

pub mod calls;
mod command_line;
pub mod diff;
pub mod ladder;
pub mod messages;
pub mod profiles;
pub mod statistics;

use crate::store::MessageIdx;

use super::Notice;
use super::command::Command;
use super::details::Tab;
use super::event::{Effect, Event, Key, Mouse};
use super::keymap::Context;
use super::overlays::{CopyWhat, Overlay, Saves};
use super::parts::Prefs;
use super::session::{Following, Session};
use super::targets::Targets;

pub use calls::CallsScreen;
pub use diff::DiffScreen;
pub use ladder::LadderScreen;
pub use messages::MessagesScreen;
pub use profiles::ProfilesScreen;
pub use statistics::StatisticsScreen;

/// A screen.
#[derive(Debug, Clone)]
pub enum Screen {
    /// The message list.
    Messages(Box<MessagesScreen>),
    /// The calls.
    Calls(Box<CallsScreen>),
    /// The ladder of a Call-ID.
    Ladder(Box<LadderScreen>),
    /// The comparison of two messages.
    Diff(Box<DiffScreen>),
    /// The profiles of a directory.
    Profiles(Box<ProfilesScreen>),
    /// Statistics.
    Statistics(Box<StatisticsScreen>),
}

impl Screen {
    /// The screen behind the trait.
    pub fn state(&self) -> &dyn ScreenState {
        match self {
            Self::Messages(screen) => &**screen,
            Self::Calls(screen) => &**screen,
            Self::Ladder(screen) => &**screen,
            Self::Diff(screen) => &**screen,
            Self::Profiles(screen) => &**screen,
            Self::Statistics(screen) => &**screen,
        }
    }

    /// The same to change it.
    pub fn state_mut(&mut self) -> &mut dyn ScreenState {
        match self {
            Self::Messages(screen) => &mut **screen,
            Self::Calls(screen) => &mut **screen,
            Self::Ladder(screen) => &mut **screen,
            Self::Diff(screen) => &mut **screen,
            Self::Profiles(screen) => &mut **screen,
            Self::Statistics(screen) => &mut **screen,
        }
    }
}

/// What a screen may look at and change beside itself.
#[derive(Debug)]
pub struct Host<'a> {
    /// What all screens look at.
    pub session: &'a mut Session,
    /// What the user set.
    pub prefs: &'a mut Prefs,
    /// Where the last drawing put things.
    pub targets: &'a Targets,
    /// What the user is told.
    pub notice: &'a mut Option<Notice>,
    /// What is to be done outside of the state.
    pub effects: &'a mut Vec<Effect>,
}

impl Host<'_> {
    /// Starts to follow growing inputs.
    fn follow(&mut self) {
        self.session.following = Following::AtLast;
        self.effects.push(Effect::Follow);
    }
}

/// What a screen did with a command, a key or the mouse.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing: the next handler may answer.
    Ignored,
    /// It is done.
    Done,
    /// It cannot be done, and this is why.
    Failed(String),
    /// Another screen comes on top of this one.
    Push(Screen),
    /// This screen is left for the one below it; the program, if there is none.
    Pop,
    /// An overlay comes over this screen.
    Show(Overlay),
    /// The program ends.
    Quit,
}

/// What every screen can do.
pub trait ScreenState {
    /// Where its keys are looked up, the innermost context first; for the footer and the help, too.
    fn contexts(&self) -> Vec<Context>;

    /// Does what a command means here.
    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome;

    /// Takes a key or a pasted text before it is looked up as a command, while a line is edited.
    fn typed(&mut self, typed: &Typed<'_>, host: &mut Host<'_>) -> Outcome {
        let _ = (typed, host);
        Outcome::Ignored
    }

    /// Takes the mouse.
    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome;

    /// Takes what arrives from outside: a changed snapshot, the results of jobs, the areas of the last drawing. Every screen of
    /// the stack gets it.
    fn event(&mut self, event: &Event, host: &mut Host<'_>);

    /// The message whose details are shown.
    fn selected(&self, session: &Session) -> Option<MessageIdx> {
        let _ = session;
        None
    }

    /// It was put on top of the stack.
    fn opened(&mut self, host: &mut Host<'_>) {
        let _ = host;
    }

    /// The screen above was left: this one is shown again.
    fn shown_again(&mut self, left: Screen, host: &mut Host<'_>) {
        let _ = (left, host);
    }

    /// What a copy takes from this screen.
    fn copied(&self, what: CopyWhat, session: &Session) -> Option<Vec<u8>> {
        let _ = (what, session);
        None
    }

    /// What can be saved from this screen.
    fn saves(&self, session: &Session) -> Saves {
        let _ = session;
        Saves::default()
    }

    /// The messages that `--pick` takes from this screen; `None`: the marked ones, or else the selected one.
    fn picked(&self, session: &Session) -> Option<Vec<MessageIdx>> {
        let _ = session;
        None
    }

    /// Whether a command of its contexts can do anything now: the footer leaves out those that cannot.
    fn offers(&self, command: Command, session: &Session) -> bool {
        command != Command::Hex || session.details.tab == Tab::Raw
    }

    /// Commands that a new user needs here, and what they are for.
    fn hints(&self) -> &'static [(Command, &'static str)] {
        &[]
    }

    /// Whether the list still belongs to an earlier filter than the one in force, or nothing was found yet: what acts on the
    /// selected row waits.
    fn is_catching_up(&self) -> bool {
        false
    }

    /// Whether leaving this screen shows one of its own panes again.
    fn has_pane_open(&self) -> bool {
        false
    }

    /// The context that a pane of this screen covers.
    fn covered(&self) -> Option<Context> {
        None
    }

    /// The keys of the line that is being edited, as the footer names them.
    fn edited_keys(&self) -> Option<&'static [(Key, &'static str)]> {
        None
    }
}

/// What was typed or pasted.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    /// A key.
    Key(Key),
    /// A text.
    Text(&'a str),
}
