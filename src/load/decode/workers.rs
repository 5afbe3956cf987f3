//! Threads for work that never waits: a limited number runs at once, the rest is queued.
//!
//! Must not know: what is done.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Upper limit of concurrent threads: each takes memory.
const MOST: usize = 16;

/// A job.
type Work = Box<dyn FnOnce() + Send>;

/// The number of running threads, and the queue.
static QUEUE: Mutex<(usize, VecDeque<Work>)> = Mutex::new((0, VecDeque::new()));

/// Runs `work` on a thread, at once or after the queued jobs. It must not wait for other jobs.
pub(super) fn start(work: impl FnOnce() + Send + 'static) {
    let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
    queue.1.push_back(Box::new(work));
    if queue.0 < MOST {
        queue.0 += 1;
        drop(queue);
        thread::spawn(run);
    }
}

fn next() -> Option<Work> {
    let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
    let work = queue.1.pop_front();
    if work.is_none() {
        queue.0 -= 1;
    }
    work
}

fn run() {
    while let Some(work) = next() {
        work();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn all_jobs_are_run() {
        let (sender, done) = channel();
        for n in 0..10 * MOST {
            let sender = sender.clone();
            start(move || sender.send(n).unwrap());
        }
        let mut all: Vec<usize> = done.iter().take(10 * MOST).collect();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..10 * MOST));
    }
}
