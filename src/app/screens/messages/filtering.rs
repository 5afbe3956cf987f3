//! What the filter line asks of the message list.
//!
//! Must not know: how the line is edited, which rows match.

use crate::app::Notice;
use crate::app::command::Command;
use crate::app::event::Effect;

use super::super::{Host, Outcome, ScreenState};
use super::MessagesScreen;
use super::filter_line::{Edited, REFUSED};

impl MessagesScreen {
    /// Starts to edit the filter.
    pub(super) fn edit_filter(&mut self) {
        self.panes.close();
        self.filter.begin();
    }

    /// Does what an edited filter line asks for.
    pub(super) fn edited(&mut self, edited: Edited, host: &mut Host<'_>) {
        match edited {
            Edited::Nothing => {}
            Edited::Refused => *host.notice = Some(Notice::Failed(REFUSED.to_owned())),
            Edited::Values(field) => host.effects.push(Effect::CountValues(field)),
            Edited::Filter(filter) => self.apply_filter(&filter, host),
            Edited::Go(motion) => {
                self.command(Command::Go(motion), host);
            }
        }
    }

    /// Removes the filter.
    pub(super) fn clear_filter(&mut self, host: &mut Host<'_>) -> Outcome {
        if self.filter.filter.is_all() && self.filter.edit.text().is_empty() {
            return Outcome::Failed("there is no filter to remove".to_owned());
        }
        let edited = self.filter.clear(&mut host.session.filters);
        self.edited(edited, host);
        Outcome::Done
    }
}
