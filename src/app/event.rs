//! Everything that can happen to the state, and everything that the state can wish for.
//!
//! Must not know: who sends events, who fulfils wishes, the terminal's own key codes.

use std::sync::Arc;

use crate::filter::time_range::TimeRange;
use crate::store::catalog::Catalog;
use crate::store::{Found, MessageIdx, MessageText, Search, Snapshot};

use super::geometry::Geometry;

/// What happens. Closed: whoever adds one is led by the compiler to all that must answer it.
#[derive(Debug, Clone)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something at a cell, 0-based from the upper left.
    Mouse {
        /// What it did.
        action: MouseAction,
        /// Column.
        x: u16,
        /// Row.
        y: u16,
    },
    /// The loader is further.
    Loaded(Arc<Snapshot>),
    /// The inputs are read anew, to be followed: what comes from now on is another index, equal but for what was cut by
    /// the ends of the inputs.
    Reloaded(Arc<Snapshot>),
    /// More is known of what can be opened.
    Catalog(Arc<Catalog>),
    /// The search thread is further.
    Found(Found),
    /// The text of a message, or why there is none.
    Text(MessageIdx, Result<Arc<MessageText>, String>),
    /// The texts of a call's messages, as far as they could be read.
    CallTexts(Vec<(MessageIdx, Arc<MessageText>)>),
    /// A copy went somewhere, or nowhere: what to tell.
    Copied(Result<String, String>),
    /// The screen was drawn: what is where.
    Drawn(Geometry),
}

/// What the state wishes to be done. Answers come back as events.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Open these entries of the catalogue: answered by [`Event::Loaded`], again and again. What was open is closed.
    Open {
        /// Their numbers in the catalogue.
        entries: Vec<usize>,
        /// The part of their times that is wanted.
        window: TimeRange,
    },
    /// Read a message's text: answered by [`Event::Text`].
    LoadText(MessageIdx),
    /// Read the texts of these messages: answered by [`Event::CallTexts`].
    LoadCall(Vec<MessageIdx>),
    /// Find the rows that match: answered by [`Event::Found`]. Replaces an unfinished search.
    Search(Search),
    /// Put these bytes on the clipboard: answered by [`Event::Copied`].
    Copy {
        /// What it is, for the line that tells of it: "SDP", "Call-ID", …
        what: &'static str,
        /// The bytes, exact.
        bytes: Vec<u8>,
    },
    /// Read on when the inputs grow: answered by [`Event::Reloaded`] or [`Event::Loaded`], again and again.
    Follow,
    /// Do so no more.
    Unfollow,
    /// Stop the program and come back when it goes on.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// End the program.
    Quit,
}

/// A key with its modifiers folded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A character, upper case where Shift made it so.
    Char(char),
    /// Control and a letter, lower case.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Click,
    /// The wheel turned up by a notch.
    WheelUp,
    /// The wheel turned down by a notch.
    WheelDown,
    /// The left button is held and the mouse moved.
    Drag,
    /// The left button went up.
    Release,
}
