//! The browser's state and the one pure function that changes it.
//!
//! [`App::update`] takes an event and gives back wishes. It reads no clock and no file and takes no
//! lock, so a script of events always leads to the same state.
//!
//! Must not know: the terminal, threads, drawing.

pub mod copy;
pub mod details;
pub mod event;
mod filter_line;
mod follow;
mod geometry;
pub mod keymap;
mod ladder;
mod line_edit;
pub mod paper;
mod picker;
mod pointer;
mod scroll;
mod search;
mod update;

use std::sync::Arc;

use crate::store::{MessageIdx, Snapshot};

pub use details::{Details, Tab};
pub use event::{Effect, Event, Key, MouseAction};
pub use filter_line::FilterLine;
pub use follow::Following;
pub use geometry::{Area, Geometry};
pub use ladder::LadderScreen;
pub use line_edit::LineEdit;
pub use picker::{End, Part, PartEdit, Picker};
pub use scroll::{Motion, Scroll, scroll_text};
pub use search::Shown;

/// Which screen is up.
#[derive(Debug, Clone, Default)]
pub enum Screen {
    /// The message list.
    #[default]
    Messages,
    /// The ladder of one call.
    Ladder(Box<LadderScreen>),
    /// What can be opened.
    Picker(Box<Picker>),
}

/// Which pane gets the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// The list, or the ladder.
    #[default]
    List,
    /// The details pane.
    Details,
}

/// How times are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// Time of day.
    #[default]
    OfDay,
    /// Since the first message.
    SinceFirst,
    /// Since the previous shown message.
    SincePrevious,
    /// Since the previous message of the same call.
    InCall,
}

/// The line that tells what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// It went well.
    Done(String),
    /// It did not.
    Failed(String),
}

/// Share of the space that the list gets, in percent.
pub const DEFAULT_SPLIT: u16 = 55;

/// The whole state.
#[derive(Debug, Clone)]
pub struct App {
    /// The index, as far as it is loaded.
    pub snapshot: Arc<Snapshot>,
    /// Which screen is up.
    pub screen: Screen,
    /// What can be opened instead of what is open, where the list was opened from there.
    pub behind: Option<Box<Picker>>,
    /// Which rows the list shows.
    pub shown: Shown,
    /// Selection in the list: positions among the shown rows.
    pub list: Scroll,
    /// The message that the user chose last; the selection stays near it when the filter changes.
    pub anchor: Option<MessageIdx>,
    /// Whether growing inputs are followed.
    pub following: Following,
    /// The filter line.
    pub filter: FilterLine,
    /// The details pane.
    pub details: Details,
    /// Which pane gets the keys.
    pub focus: Focus,
    /// Only the focused pane is shown.
    pub zoomed: bool,
    /// The list's share, in percent.
    pub split: u16,
    /// How times are shown.
    pub time: TimeFormat,
    /// The first line of the help screen, while it is up.
    pub help: Option<usize>,
    /// `y` was pressed: the next key says what to copy.
    pub copying: bool,
    /// What just happened.
    pub notice: Option<Notice>,
    /// What the last drawing put where.
    pub geometry: Geometry,
    /// Rows of the list when it was last drawn: it keeps its place while another screen is up.
    pub list_rows: usize,
    /// Whether the border is being dragged.
    pub dragging: bool,
}

impl App {
    /// The state at the start: nothing loaded, `filter` in force (empty for none).
    pub fn new(filter: crate::filter::Filter) -> Self {
        Self {
            snapshot: Arc::default(),
            screen: Screen::default(),
            behind: None,
            shown: Shown::of(&filter),
            list: Scroll::default(),
            anchor: None,
            following: Following::default(),
            filter: FilterLine::new(filter),
            details: Details::default(),
            focus: Focus::default(),
            zoomed: false,
            split: DEFAULT_SPLIT,
            time: TimeFormat::default(),
            help: None,
            copying: false,
            notice: None,
            geometry: Geometry::default(),
            list_rows: 1,
            dragging: false,
        }
    }

    /// How many rows the list shows.
    pub fn shown_len(&self) -> usize {
        self.shown.len(&self.snapshot)
    }

    /// The row at a position of the list.
    pub fn shown_row(&self, position: usize) -> Option<MessageIdx> {
        self.shown.row(&self.snapshot, position)
    }

    /// The message that the details show or are about to: the ladder's arrow, else the list's row.
    pub fn selected(&self) -> Option<MessageIdx> {
        match &self.screen {
            Screen::Messages => self.shown_row(self.list.selected),
            Screen::Ladder(ladder) => ladder.selected_row(),
            Screen::Picker(_) => None,
        }
    }

    /// What is scrolled where: list, the screen in its place, details.
    pub fn positions(&self) -> (Scroll, Option<Scroll>, usize) {
        let other = match &self.screen {
            Screen::Messages => None,
            Screen::Ladder(ladder) => Some(ladder.scroll),
            Screen::Picker(picker) => Some(picker.scroll),
        };
        (self.list, other, self.details.top)
    }

    /// Where keys are looked up, from the innermost place outwards.
    pub fn places(&self) -> &'static [keymap::Place] {
        use keymap::Place::{Details, Everywhere, Help, Ladder, Messages, Picker, Trace};
        match (self.help, &self.screen, self.focus) {
            (Some(_), Screen::Picker(_), _) => &[Help, Everywhere],
            (Some(_), _, _) => &[Help, Trace, Everywhere],
            (None, Screen::Picker(_), _) => &[Picker, Everywhere],
            (None, Screen::Messages, Focus::List) => &[Messages, Trace, Everywhere],
            (None, Screen::Messages, Focus::Details) => &[Details, Messages, Trace, Everywhere],
            (None, Screen::Ladder(_), Focus::List) => &[Ladder, Trace, Everywhere],
            (None, Screen::Ladder(_), Focus::Details) => &[Details, Ladder, Trace, Everywhere],
        }
    }
}
