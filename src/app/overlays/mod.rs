//! What comes over a screen: one at a time.
//!
//! Must not know: which screen is below, drawing.

mod columns;
mod copy;
mod note;
mod palette;
mod save;

use super::columns::ColumnList;
use super::command::Command;
use super::event::{Mouse, MouseAction};
use super::keymap::{Context, HelpSection, Keymap};
use super::parts::TextView;
use super::row_part::{Keep, ROW_PARTS};
use super::targets::Targets;

pub use crate::app::copied_part::{CopiedPart, CopyWhat};
use crate::app::saving::Redaction;
pub(in crate::app) use columns::Chosen;
pub use columns::{COLUMN_KEYS, ColumnChooser};
pub use copy::{COPIES, REDACTED};
pub use note::{NOTE_KEYS, NoteEdit};
pub use palette::{Offer, Palette};
pub use save::{Choice, EXISTS_KEYS, Field, SAVE_KEYS, SaveDialog, Saves, What, counted};

/// What is over the top screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The help, and where it is scrolled to.
    Help(TextView),
    /// What can be copied, redacted or as it is: the next key chooses.
    Copy(Redaction),
    /// By which columns the calls can be sorted: the next key chooses.
    Sort,
    /// What of the selected row can become a term of the filter: the next key chooses.
    FromRow(Keep),
    /// What of a ladder can be shown alone: the next key chooses.
    Only,
    /// The choice of columns of a list, which is in the state.
    Columns(ColumnList),
    /// All commands, and the way to a message by its number or time.
    Palette,
    /// The line of a note, which is in the state.
    Note,
    /// The save dialog, which is in the state.
    Save,
}

/// What an overlay did with a command or the mouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing: the screen below may answer.
    Ignored,
    /// It is done.
    Done,
    /// It means nothing while the overlay is shown.
    Refused,
    /// The overlay closes.
    Closed,
}

impl Overlay {
    /// Whether the next key chooses from it, whatever else that key means.
    pub(super) const fn takes_next_key(&self) -> bool {
        !matches!(self, Self::Help(_) | Self::Columns(_) | Self::Palette | Self::Note | Self::Save)
    }

    /// Does what a command means here. Commands that it ignores go to the screen below.
    pub(super) fn command(&mut self, command: Command, targets: &Targets) -> Answer {
        let Self::Help(view) = self else { return Answer::Closed };
        match command {
            Command::Go(motion) => view.go(motion, targets.overlay),
            Command::Back | Command::Quit => return Answer::Closed,
            Command::Exit | Command::Leave | Command::Suspend | Command::Redraw | Command::Filter => {
                return Answer::Ignored;
            }
            _ => return Answer::Refused,
        }
        Answer::Done
    }

    /// Takes the mouse: the wheel scrolls, a click closes.
    pub(super) fn mouse(&mut self, mouse: &Mouse, targets: &Targets) -> Answer {
        match (self, mouse.action) {
            (_, MouseAction::Click) => Answer::Closed,
            (Self::Help(view), MouseAction::Wheel(lines)) => {
                view.wheel(lines, targets.overlay);
                Answer::Done
            }
            _ => Answer::Done,
        }
    }
}

/// The help for these contexts, with what can be copied if a message is shown.
pub fn help_sections(keymap: &Keymap, contexts: &[Context]) -> Vec<HelpSection> {
    let mut sections = keymap.help(contexts);
    if contexts.iter().any(|context| matches!(context, Context::Panes | Context::Calls | Context::Diff)) {
        let keys = COPIES.iter().map(|(key, _, _, help)| (format!("y {key}"), *help));
        let redacted = (format!("y {REDACTED}"), "then one of these letters: the same, redacted");
        sections.push(("Copy", keys.chain([redacted]).collect()));
    }
    if contexts.contains(&Context::Messages) {
        let keys = ROW_PARTS.iter().map(|(key, _, name)| (format!("f {key}"), *name));
        let without = ("f x …".to_owned(), "without: then one of these keys");
        sections.push(("Filter from the row", keys.chain([without]).collect()));
    }
    sections
}
