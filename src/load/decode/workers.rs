//! Threads for work that never waits for anybody: a bounded number runs at once, the rest waits in the order in which it
//! came.
//!
//! Must not know: what is done.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// So many run at once: each takes memory and a thread.
const MOST: usize = 16;

/// Something to be done.
type Work = Box<dyn FnOnce() + Send>;

/// How many threads run, and what waits for one.
static QUEUE: Mutex<(usize, VecDeque<Work>)> = Mutex::new((0, VecDeque::new()));

/// Does `work` on a thread, at once or when its turn comes. It must not wait for other work.
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
    fn all_work_is_done_whatever_there_is_of_it() {
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
