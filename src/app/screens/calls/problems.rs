//! Going to the next call with something wrong: the lines nearby are judged at once, the others by a job.
//!
//! Must not know: what is wrong with a call, how the job looks for it, drawing.

use std::sync::Arc;

use crate::app::Notice;
use crate::app::event::{Effect, Generation};
use crate::app::screens::{Host, Outcome};
use crate::calls::Handle;

use super::CallsScreen;
use super::find_problem::FindProblem;
use super::listing::Way;

/// Lines that are judged while a key is handled.
const AT_ONCE: usize = 48;

impl CallsScreen {
    /// Selects the next line with something wrong; if it is far, a job looks for it.
    pub(super) fn go_to_problem(&mut self, way: Way, host: &mut Host<'_>) -> Outcome {
        let lines = || way.lines(self.list.selected, self.len());
        let near = self.listing.problem(lines().take(AT_ONCE), &host.session.snapshot);
        let farther = lines().nth(AT_ONCE - 1).filter(|_| lines().nth(AT_ONCE).is_some());
        match (near, farther) {
            (Some(line), _) => self.select(line),
            (None, None) => return Outcome::Failed(none(way).to_owned()),
            (None, Some(from)) => {
                let generation = host.session.new_generation();
                self.finding = Some((generation, way));
                let (listing, snapshot) = (Arc::clone(&self.listing), Arc::clone(&host.session.snapshot));
                let job = FindProblem { generation, listing, snapshot, from, way };
                host.effects.push(Effect::FindProblem(job));
            }
        }
        Outcome::Done
    }

    /// Takes the answer, unless the user has gone elsewhere since.
    pub(super) fn problem_found(
        &mut self,
        generation: Generation,
        found: Option<(Handle, bool)>,
        host: &mut Host<'_>,
    ) {
        let Some((_, way)) = self.finding.take_if(|(wanted, _)| *wanted == generation) else { return };
        // The line may have moved, or the filter hides it by now.
        match found.and_then(|handle| self.listing.position(handle)) {
            Some(line) => self.select(line),
            None => *host.notice = Some(Notice::Failed(none(way).to_owned())),
        }
    }
}

fn none(way: Way) -> &'static str {
    match way {
        Way::Next => "no problem below",
        Way::Previous => "no problem above",
    }
}
