//! Lists calls, and keeps between the requests what sorting by verdicts takes long to find out.
//!
//! Must not know: threads of the jobs, who asks.

use std::time::{Duration, Instant};

use crate::app::screens::calls::{ListCalls, Listing, VerdictRanks, Verdicts};

use super::many_texts::many_texts;

/// While calls are added, what is kept is made again after this many times the time that it took: a small part of a core.
const REST: u32 = 20;

/// Makes the lists of one browser.
#[derive(Debug, Default)]
pub struct Lister {
    /// Four bytes for each leg, of the newest snapshot at most.
    ranks: Option<VerdictRanks>,
    /// When the ranks were made, and how long that took.
    made: Option<(Instant, Duration)>,
}

impl Lister {
    /// Makes the list that is asked for.
    pub fn list(&self, request: &ListCalls) -> Listing {
        // While there is more to load, the other cores have something to do.
        if !request.snapshot.progress.caught_up {
            return request.list();
        }
        let kept = self.ranks.as_ref().filter(|ranks| request.is_ranked_by(ranks));
        request.list_with(&Verdicts { kept, make_texts: &many_texts })
    }

    /// Makes what the next request for the same calls needs, unless something else is asked for in the meantime.
    pub fn prepare(&mut self, request: &ListCalls, is_replaced: &(dyn Fn() -> bool + Sync)) {
        let progress = &request.snapshot.progress;
        let is_resting = self.made.is_some_and(|(since, took)| since.elapsed() < took * REST);
        let is_known = self.ranks.as_ref().is_some_and(|ranks| request.is_ranked_by(ranks));
        if is_known || !progress.caught_up || (is_resting && !progress.done) || is_replaced() {
            return;
        }
        let began = Instant::now();
        let ranks = request.verdict_ranks(&|count, text| {
            let unless_replaced = |number| if is_replaced() { String::new() } else { text(number) };
            many_texts(count, &unless_replaced)
        });
        if !is_replaced() {
            self.ranks = ranks;
            self.made = Some((began, began.elapsed()));
        }
    }
}
