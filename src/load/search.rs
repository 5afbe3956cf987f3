//! The search thread: finds the rows that match a filter, first by the index, then by their text. A newer job replaces
//! an older one at once.
//!
//! Must not know: who requested the search, what is done with the rows.

use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::background::give_way;
use crate::filter::{Matcher, Verdict};
use crate::store::{Found, MessageIdx, RowRef, Search, WindowReader};

/// Rows between two checks of the clock and the queue.
const BATCH: usize = 1024;
/// Bytes of text between two checks.
const BATCH_BYTES: u64 = 1 << 20;
/// Time between partial results.
const INTERVAL: Duration = Duration::from_millis(30);

/// The handle of the search thread. Dropping it ends the thread.
#[derive(Debug)]
pub struct Searcher {
    jobs: Sender<Search>,
}

impl Searcher {
    /// Starts the thread, which calls `answer` with each result.
    pub fn start(answer: impl FnMut(Found) + Send + 'static) -> Self {
        let (jobs, queue) = channel();
        thread::spawn(move || {
            give_way();
            work(&queue, answer);
        });
        Self { jobs }
    }

    /// Starts a job; the running job is stopped without a further result.
    pub fn search(&self, job: Search) {
        // The thread ends only when this handle is dropped.
        let _ = self.jobs.send(job);
    }
}

/// The state that one generation keeps between jobs.
struct Memory {
    generation: u64,
    matcher: Matcher,
    began: Instant,
    /// Messages whose text could not be read back.
    unreadable: u64,
}

fn work(queue: &Receiver<Search>, mut answer: impl FnMut(Found)) {
    let mut memory: Option<Memory> = None;
    let mut reader = WindowReader::default();
    let mut next = queue.recv().ok();
    while let Some(mut job) = next {
        while let Ok(newer) = queue.try_recv() {
            job = newer;
        }
        if memory.as_ref().is_none_or(|m| m.generation != job.generation) {
            let matcher = Matcher::new(&job.filter);
            memory =
                Some(Memory { generation: job.generation, matcher, began: Instant::now(), unreadable: 0 });
        }
        let Some(memory) = &mut memory else { return };
        next = match run(&job, memory, &mut reader, queue, &mut answer) {
            Interrupted::By(newer) => Some(newer),
            Interrupted::Not => queue.recv().ok(),
            Interrupted::Ended => None,
        };
    }
}

enum Interrupted {
    By(Search),
    Not,
    Ended,
}

fn run(
    job: &Search,
    memory: &mut Memory,
    reader: &mut WindowReader,
    queue: &Receiver<Search>,
    answer: &mut impl FnMut(Found),
) -> Interrupted {
    let mut rows = Vec::new();
    let mut answered = Instant::now();
    let (mut since, mut bytes) = (0, 0);
    for row in job.candidates.rows_from(job.first, &job.snapshot) {
        let verdict = memory.matcher.facts(&row);
        if verdict == Verdict::NeedsBytes {
            bytes += u64::from(row.row.len);
        }
        if verdict == Verdict::Yes
            || verdict == Verdict::NeedsBytes && matches_text(job, memory, reader, &row)
        {
            rows.push(row.index);
        }
        since += 1;
        if since < BATCH && bytes < BATCH_BYTES {
            continue;
        }
        (since, bytes) = (0, 0);
        match queue.try_recv() {
            Ok(newer) => return Interrupted::By(newer),
            Err(TryRecvError::Disconnected) => return Interrupted::Ended,
            Err(TryRecvError::Empty) => {}
        }
        if answered.elapsed() > INTERVAL {
            answered = Instant::now();
            answer(found(memory, std::mem::take(&mut rows), row.index + 1));
        }
    }
    answer(Found { done: true, ..found(memory, rows, job.snapshot.len() as MessageIdx) });
    Interrupted::Not
}

fn found(memory: &Memory, rows: Vec<MessageIdx>, scanned: MessageIdx) -> Found {
    let Memory { generation, began, unreadable, .. } = *memory;
    Found { generation, rows, scanned, done: false, unreadable, elapsed: began.elapsed() }
}

/// Whether the text matches. A text that cannot be read back does not match, and is counted.
fn matches_text(job: &Search, memory: &mut Memory, reader: &mut WindowReader, row: &RowRef<'_>) -> bool {
    let Ok(bytes) = reader.message(&job.snapshot, row.index) else {
        memory.unreadable += 1;
        return false;
    };
    memory.matcher.message(row, bytes)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::filter::Filter;
    use crate::load::{Follow, InputSpec, Loader};
    use crate::store::Candidates;

    #[test]
    fn messages_whose_text_is_gone_are_counted() {
        let content = |nth: usize| format!("BYE sip:a SIP/2.0\r\nCall-ID: {nth}\r\n\r\n");
        let frame = |nth| {
            let content = content(nth);
            format!(
                "recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.000000:\n{content}\x0b\n",
                content.len()
            )
        };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.dump");
        std::fs::write(&path, (0..9).map(frame).collect::<String>()).unwrap();
        let (sender, snapshots) = channel();
        let publish = move |snapshot| drop(sender.send(snapshot));
        let _loader = Loader::start(vec![InputSpec::file(&path)], Follow::default(), 0, publish);
        let snapshot = snapshots.iter().find(|snapshot| snapshot.progress.done).unwrap();
        let found = |generation, snapshot: &std::sync::Arc<_>| {
            let (sender, answers) = channel();
            let searcher = Searcher::start(move |found| drop(sender.send(found)));
            let filter = Filter::parse("\"sip:a\"").unwrap();
            let snapshot = std::sync::Arc::clone(snapshot);
            let candidates = Candidates::default();
            searcher.search(Search { generation, filter, snapshot, first: 0, candidates });
            let found = answers.iter().find(|found: &Found| found.done).unwrap();
            (found.rows.len(), found.unreadable)
        };
        assert_eq!(found(1, &snapshot), (9, 0));
        std::fs::write(&path, frame(0)).unwrap();
        assert_eq!(found(2, &snapshot), (1, 8));
        std::fs::write(&path, (20..99).map(frame).collect::<String>()).unwrap();
        assert_eq!(found(3, &snapshot), (0, 9));
    }
}
