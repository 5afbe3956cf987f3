//! What comes over a screen: one at a time.
//!
//! Must not know: which screen is below, drawing.

mod copy;

use super::command::Command;
use super::event::{Mouse, MouseAction};
use super::keymap::{Context, HelpSection, Keymap};
use super::parts::TextView;
use super::screens::Outcome;
use super::targets::Targets;

pub use copy::{COPIES, CopyWhat};

/// What is over the top screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The help, and where it is scrolled to.
    Help(TextView),
    /// What can be copied: the next key chooses.
    Copy,
}

impl Overlay {
    /// Does what a command means here. Commands that it ignores go to the screen below.
    pub(super) fn command(&mut self, command: Command, targets: &Targets) -> Outcome {
        let Self::Help(view) = self else { return Outcome::Pop };
        match command {
            Command::Go(motion) => view.go(motion, targets.overlay),
            Command::Back | Command::Quit => return Outcome::Pop,
            Command::Exit | Command::Suspend | Command::Redraw | Command::Filter => return Outcome::Ignored,
            _ => {}
        }
        Outcome::Done
    }

    /// Takes the mouse: the wheel scrolls, a click closes.
    pub(super) fn mouse(&mut self, mouse: &Mouse, targets: &Targets) -> Outcome {
        match (self, mouse.action) {
            (_, MouseAction::Click) => Outcome::Pop,
            (Self::Help(view), MouseAction::Wheel(lines)) => {
                view.wheel(lines, targets.overlay);
                Outcome::Done
            }
            _ => Outcome::Done,
        }
    }
}

/// The help for these contexts, with what can be copied if a message is shown.
pub fn help_sections(keymap: &Keymap, contexts: &[Context]) -> Vec<HelpSection> {
    let mut sections = keymap.help(contexts);
    if contexts.contains(&Context::Panes) {
        let keys = COPIES.iter().map(|(key, _, _, help)| (format!("y {key}"), *help));
        sections.push(("Copy", keys.collect()));
    }
    sections
}
