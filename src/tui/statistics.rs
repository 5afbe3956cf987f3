//! The worker that counts statistics: partial results come a few times a second, and cost a small part of the time.
//!
//! Must not know: what is counted, what is done with the results.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::app::Event;
use crate::statistics::{CountStatistics, Counting, Statistics, Step};
use crate::store::Snapshot;

use super::kept_results::Kept;

/// Time between partial results, at least.
const INTERVAL: Duration = Duration::from_millis(150);
/// A result that took long to make is followed by at least this many times as much counting. While inputs load, the loader
/// needs the processor more.
const PAUSE: u32 = 8;

/// How often a wait is checked for a newer job.
const TICK: Duration = Duration::from_millis(10);

/// What one thread counts.
#[derive(Default)]
pub(super) struct Statistician {
    counting: Option<Counting>,
    results: Pace,
    calls: Pace,
    shown: Kept<Statistics>,
}

/// When something was done last, and how long it took.
#[derive(Default)]
struct Pace {
    last: Option<(Instant, Duration)>,
}

impl Pace {
    fn is_due(&self) -> bool {
        self.last.is_none_or(|(done, took)| done.elapsed() > INTERVAL.max(took * PAUSE))
    }

    /// Waits until it is due, or until there is something else to do.
    fn wait(&self, is_replaced: &dyn Fn() -> bool) {
        while !self.is_due() && !is_replaced() {
            thread::sleep(TICK);
        }
    }

    fn timed<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let result = work();
        self.last = Some((Instant::now(), began.elapsed()));
        result
    }
}

impl Statistician {
    /// Forgets what was counted.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Counts what a job asks for, until it is replaced. The last result is complete.
    pub(super) fn count(
        &mut self,
        job: &CountStatistics,
        is_replaced: &dyn Fn() -> bool,
        send: &dyn Fn(Event),
    ) {
        if !self.counting.as_ref().is_some_and(|counting| counting.continues(job)) {
            *self = Self { counting: Some(Counting::new(job)), ..Self::default() };
            // The first results come at once.
            self.results.timed(|| ());
        }
        let Self { counting: Some(counting), results, calls, shown } = self else { return };
        let mut give = |counting: &mut Counting, results: &mut Pace| {
            let statistics = Arc::new(results.timed(|| counting.statistics(&job.snapshot)));
            shown.keep(&statistics);
            send(Event::Counted(job.generation, statistics));
        };
        while !is_replaced() {
            let step = counting.step(&job.snapshot);
            let is_last = step == Step::Done;
            let is_settled = is_last && is_settled(&job.snapshot);
            if is_settled || (is_last || results.is_due()) && calls.is_due() {
                calls.timed(|| counting.count_calls(&job.snapshot));
            }
            if is_last {
                // While inputs load, the next job comes at once.
                if !is_settled {
                    results.wait(is_replaced);
                }
                return give(counting, results);
            }
            if results.is_due() {
                give(counting, results);
            }
        }
    }
}

/// Whether nothing more comes soon.
fn is_settled(snapshot: &Snapshot) -> bool {
    snapshot.progress.done || snapshot.progress.caught_up
}
