//! What the filter line asks of the calls.
//!
//! Must not know: how the line is edited, which messages match.

use crate::app::Notice;
use crate::app::event::Effect;
use crate::app::screens::messages::filter_line::{Edited, REFUSED};
use crate::app::screens::{Host, Outcome, Typed};

use super::{CallsScreen, Waiting};

impl CallsScreen {
    /// Does what an edited filter line asks for.
    pub(super) fn edited(&mut self, edited: Edited, host: &mut Host<'_>) {
        match edited {
            Edited::Nothing => {}
            Edited::Refused => *host.notice = Some(Notice::Failed(REFUSED.to_owned())),
            Edited::Values(field) => host.effects.push(Effect::CountValues(field)),
            Edited::Filter(filter) => {
                // A listing that is under way is that of an earlier filter.
                self.generation = host.session.new_generation();
                self.waiting = Waiting::Nothing;
                self.matches = self.matches.filtered(&filter);
                self.matches.search_on(host);
                if !self.matches.searching {
                    self.list_anew(host);
                }
            }
            Edited::Go(motion) => {
                self.list.go(motion, self.len());
                self.chosen();
            }
        }
    }

    /// Starts to edit the filter.
    pub(super) fn edit_filter(&mut self) {
        self.close_proof();
        self.panes.close();
        self.filter.begin();
    }

    /// Takes a key or a text for the filter.
    pub(super) fn type_filter(&mut self, typed: &Typed<'_>, host: &mut Host<'_>) -> Outcome {
        if let Typed::Text(_) = typed {
            self.edit_filter();
        }
        let Some(edited) = self.filter.typed(typed, &mut host.session.filters) else {
            return Outcome::Ignored;
        };
        self.edited(edited, host);
        Outcome::Done
    }

    /// Whether the list is that of an earlier filter, or empty while a search is under way.
    pub(super) fn is_behind(&self) -> bool {
        !self.matches.is_listed || (self.matches.searching && self.is_empty())
    }
}
