//! The message that proves the verdict, shown instead of the list.
//!
//! Must not know: how verdicts are found, drawing.

use crate::app::command::Command;
use crate::app::row_part::Keep;
use crate::app::screens::messages::from_row::narrowed;
use crate::app::screens::{Host, Outcome};
use crate::app::session::Session;
use crate::calls::Calls;
use crate::store::{CallIdx, MessageIdx};

use super::CallsScreen;
use super::listing::Entry;

impl CallsScreen {
    pub(super) fn open_proof(&mut self, session: &Session) -> Outcome {
        let proof =
            self.call(session).map(|call| call.verdict().message).or_else(|| self.proof_of_dialog(session));
        self.proof = proof.or_else(|| self.first_message(session));
        if self.proof.is_none() {
            return Outcome::Failed("no message proves this row: select a call".to_owned());
        }
        self.panes.open();
        Outcome::Done
    }

    pub(super) fn proof_of_dialog(&self, session: &Session) -> Option<MessageIdx> {
        let Some(Entry::Dialog(dialog)) = self.entry() else { return None };
        let snapshot = &session.snapshot;
        Some(Calls::of(snapshot)?.dialog_ref(snapshot, dialog)?.proof())
    }

    /// Shows another message of the call, of any of its legs.
    fn step_proof(&mut self, steps: isize, session: &Session) -> Outcome {
        let Some(shown) = self.proof else { return Outcome::Done };
        let snapshot = &session.snapshot;
        let own = snapshot.row(shown).map(|row| row.row.call);
        let legs = self.call(session).map(|call| call.legs().iter().map(|leg| leg.leg.call_id).collect());
        let legs: Vec<CallIdx> = legs.unwrap_or_else(|| own.into_iter().collect());
        let mut rows: Vec<MessageIdx> = legs.into_iter().flat_map(|leg| snapshot.rows_of_call(leg)).collect();
        rows.sort_unstable();
        let at = rows.partition_point(|row| *row < shown);
        let Some(row) = at.checked_add_signed(steps).and_then(|at| rows.get(at)) else {
            let end = if steps > 0 { "last" } else { "first" };
            return Outcome::Failed(format!("this is the {end} message of the call"));
        };
        self.proof = Some(*row);
        Outcome::Done
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
            Command::NextMessage => return self.step_proof(1, host.session),
            Command::PreviousMessage => return self.step_proof(-1, host.session),
            Command::Narrow(keep) if host.session.details.field().is_some() => {
                return self.filter_from_details(keep, host);
            }
            Command::Back if host.session.details.drop_field() => {}
            Command::Back if host.session.details.search.take().is_some() => {}
            Command::Back if host.session.details.back() => {}
            Command::Back | Command::Quit | Command::Focus | Command::Zoom => self.close_proof(),
            _ => {
                return match self.panes.command(command, host) {
                    Outcome::Ignored if command == Command::Open => Outcome::Failed(
                        "nothing to open here: Enter opens the part of a cid:, or the message in a part"
                            .to_owned(),
                    ),
                    outcome => outcome,
                };
            }
        }
        Outcome::Done
    }

    /// Adds the selected line of the details to the filter of the calls, which are shown again.
    pub(super) fn filter_from_details(&mut self, keep: Keep, host: &mut Host<'_>) -> Outcome {
        let Some(filter) = narrowed(&self.filter.filter, keep, host) else { return Outcome::Ignored };
        self.close_proof();
        let edited = self.filter.put(&filter, &mut host.session.filters);
        self.edited(edited, host);
        Outcome::Done
    }
}
