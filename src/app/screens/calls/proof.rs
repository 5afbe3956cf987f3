//! The message that proves the verdict, shown instead of the list.
//!
//! Must not know: how verdicts are found, drawing.

use crate::app::command::Command;
use crate::app::screens::{Host, Outcome};
use crate::app::session::Session;
use crate::calls::Calls;
use crate::store::MessageIdx;

use super::CallsScreen;
use super::listing::Entry;

impl CallsScreen {
    pub(super) fn open_proof(&mut self, session: &Session) -> Outcome {
        let proof =
            self.call(session).map(|call| call.verdict().message).or_else(|| self.proof_of_dialog(session));
        self.proof = proof.or_else(|| self.first_message(session));
        if self.proof.is_some() {
            self.panes.open();
        }
        Outcome::Done
    }

    pub(super) fn proof_of_dialog(&self, session: &Session) -> Option<MessageIdx> {
        let Some(Entry::Dialog(dialog)) = self.entry() else { return None };
        let snapshot = &session.snapshot;
        Some(Calls::of(snapshot)?.dialog_ref(snapshot, dialog)?.proof())
    }

    pub(super) fn close_proof(&mut self) {
        if self.proof.take().is_some() {
            self.panes.close();
        }
    }

    /// Does what a command means while the proof is shown.
    pub(super) fn proof_command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match command {
            Command::Filter => self.edit_filter(),
            Command::Help
            | Command::Note
            | Command::Copy
            | Command::Exit
            | Command::Leave
            | Command::Suspend
            | Command::Redraw => return Outcome::Ignored,
            Command::Back if host.session.details.search.take().is_some() => {}
            Command::Back if host.session.details.back() => {}
            Command::Back | Command::Quit | Command::Focus | Command::Zoom => self.close_proof(),
            _ => {
                if let Outcome::Failed(why) = self.panes.command(command, host) {
                    return Outcome::Failed(why);
                }
            }
        }
        Outcome::Done
    }
}
