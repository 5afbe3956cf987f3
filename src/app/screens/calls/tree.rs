//! Showing and hiding what belongs to an incident or a call.
//!
//! Must not know: how calls are listed, drawing.

use crate::app::screens::{Host, Outcome};
use crate::calls::Handle;

use super::CallsScreen;
use super::listing::Entry;

impl CallsScreen {
    /// Lists what belongs to the selected incident, or its heading alone. Whether an incident is selected.
    pub(super) fn fold_incident(&mut self, host: &mut Host<'_>) -> bool {
        let Some(Entry::Incident { text, shown, .. }) = self.entry() else { return false };
        if shown {
            self.folded.insert(text);
        } else {
            self.folded.remove(&text);
        }
        // The heading keeps the selection: there is no leg or dialog to which it could be tied.
        self.anchor = None;
        self.list_anew(host);
        true
    }

    pub(super) fn expand(&mut self, host: &mut Host<'_>) -> Outcome {
        if matches!(self.entry(), Some(Entry::Incident { shown: true, .. })) {
            return Outcome::Done;
        }
        if self.fold_incident(host) {
            return Outcome::Done;
        }
        let (Some(entry), Some(leg)) = (self.entry(), self.leg()) else { return Outcome::Done };
        match self.listing.legs(entry).len() {
            0 => {}
            1 => return Outcome::Failed("this call has one leg".to_owned()),
            _ if self.opened.insert(leg) => self.list_anew(host),
            _ => {}
        }
        Outcome::Done
    }

    pub(super) fn collapse(&mut self, host: &mut Host<'_>) -> Outcome {
        if matches!(self.entry(), Some(Entry::Incident { shown: true, .. })) {
            self.fold_incident(host);
            return Outcome::Done;
        }
        let none = || Outcome::Failed("there is nothing to hide here".to_owned());
        let Some(leg) = self.leg() else { return none() };
        let Some(position) = self.listing.position((Handle::Leg(leg), false)) else { return none() };
        self.select(position);
        if !self.leg().is_some_and(|first| self.opened.remove(&first)) {
            return none();
        }
        self.list_anew(host);
        Outcome::Done
    }
}
