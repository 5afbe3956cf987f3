//! Slow work outside the drawing thread: one worker for each kind of job; the newest request replaces a waiting one.
//!
//! Results carry the generation of their request: the receiver drops results of replaced requests.
//!
//! Must not know: why something is requested, what is done with the results.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::app::copied_part::CopiedPart;
use crate::app::details::search::Find;
use crate::app::details::{Layout, Page};
use crate::app::event::{Generation, Stretch};
use crate::app::saving::SaveRequest;
use crate::app::screens::calls::{FindProblem, ListCalls};
use crate::app::screens::diff::compare_texts::CompareTexts;
use crate::app::{Effect, Event};
use crate::config::ClipboardTarget;
use crate::filter::{Field, Filter};
use crate::load::{Searcher, count_terms, give_way, seen_values};
use crate::statistics::CountStatistics;
use crate::store::{MessageIdx, MessageText, Snapshot, TextReader};

use super::clipboard::Clipboard;
use super::copying;
use super::kept_results::Kept;
use super::lister::Lister;
use super::loop_event::LoopEvent;
use super::saving::{Stop, save_unless};
use super::statistics::Statistician;

/// Results of one request for many texts come in batches of at most this many messages.
const BATCH: usize = 50;
/// A batch of at least this many bytes is sent: keys do not wait until the state has looked at more.
const BATCH_BYTES: usize = 1 << 20;

/// Reads the text of a message. Each worker has its own.
pub type ReadText = Box<dyn FnMut(&Snapshot, MessageIdx) -> io::Result<MessageText> + Send>;

/// The waiting job of a worker, if any, and whether the worker is still needed.
struct Slot<J> {
    waiting: Option<J>,
    closed: bool,
}

/// A thread that does one kind of job. A new job replaces the waiting one. Dropping the worker ends the thread.
struct Worker<J> {
    slot: Arc<(Mutex<Slot<J>>, Condvar)>,
}

impl<J: Send + 'static> Worker<J> {
    /// Starts the thread. `work` takes a job, and a function that it calls from time to time: whether a newer job
    /// waits.
    fn start(mut work: impl FnMut(J, &(dyn Fn() -> bool + Sync)) + Send + 'static) -> Self {
        let slot = Arc::new((Mutex::new(Slot { waiting: None, closed: false }), Condvar::new()));
        let worker = Self { slot: Arc::clone(&slot) };
        thread::spawn(move || {
            while let Some(job) = next(&slot) {
                let is_replaced = || {
                    let slot = lock(&slot.0);
                    slot.closed || slot.waiting.is_some()
                };
                work(job, &is_replaced);
            }
        });
        worker
    }

    /// Starts a thread for jobs that no one waits for: it gives way to the thread that draws.
    fn start_behind(mut work: impl FnMut(J, &(dyn Fn() -> bool + Sync)) + Send + 'static) -> Self {
        let mut is_lowered = false;
        Self::start(move |job, is_replaced| {
            if !std::mem::replace(&mut is_lowered, true) {
                give_way();
            }
            work(job, is_replaced);
        })
    }

    /// Submits a job.
    fn give(&self, job: J) {
        lock(&self.slot.0).waiting = Some(job);
        self.slot.1.notify_one();
    }
}

impl<J> Drop for Worker<J> {
    fn drop(&mut self) {
        lock(&self.slot.0).closed = true;
        self.slot.1.notify_one();
    }
}

/// Waits for a job; `None` when the worker is no longer needed.
fn next<J>(slot: &(Mutex<Slot<J>>, Condvar)) -> Option<J> {
    let mut inside = lock(&slot.0);
    loop {
        if inside.closed {
            return None;
        }
        if let Some(job) = inside.waiting.take() {
            return Some(job);
        }
        inside = slot.1.wait(inside).unwrap_or_else(PoisonError::into_inner);
    }
}

/// No code panics while it holds the lock.
fn lock<J>(slot: &Mutex<Slot<J>>) -> MutexGuard<'_, Slot<J>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Messages whose texts are to be read.
struct Texts {
    generation: Generation,
    rows: Vec<MessageIdx>,
    snapshot: Arc<Snapshot>,
}

/// What is to be copied: bytes, or what is written first.
enum CopyJob {
    Bytes(String, Vec<u8>),
    Written(String, CopiedPart, Box<SaveRequest>),
}

/// What takes long to free.
enum Freed {
    Pages(Vec<Page>),
    Snapshot(Arc<Snapshot>),
}

/// Receives the results. The loop may have ended already.
type Publish = Arc<dyn Fn(LoopEvent) + Send + Sync>;

/// All workers.
pub struct Jobs {
    text: Worker<Texts>,
    texts: Worker<Texts>,
    pages: Worker<(Generation, Layout)>,
    finds: Worker<(Generation, Find)>,
    copy: Worker<CopyJob>,
    save: Worker<Box<SaveRequest>>,
    stop: Stop,
    calls: Worker<Box<ListCalls>>,
    problems: Worker<FindProblem>,
    compare: Worker<CompareTexts>,
    statistics: Worker<Option<Box<CountStatistics>>>,
    bytes: Worker<(Stretch, Arc<Snapshot>)>,
    /// Counts the values of a field.
    values: Worker<(Field, Arc<Snapshot>)>,
    /// Counts what the terms of a filter match.
    terms: Worker<(Generation, Filter, Arc<Snapshot>)>,
    searcher: Searcher,
    freed: Sender<Freed>,
    send: Publish,
    make_reader: fn() -> ReadText,
}

impl Jobs {
    /// Starts the workers. Copies go to `target`; `make_reader` creates the reader of each worker; results go to
    /// `send`.
    pub fn start(
        target: ClipboardTarget,
        make_reader: fn() -> ReadText,
        send: impl Fn(LoopEvent) + Send + Sync + 'static,
    ) -> Self {
        let (send, stop): (Publish, Stop) = (Arc::new(send), Stop::default());
        Self {
            text: text_worker(make_reader(), Arc::clone(&send)),
            texts: texts_worker(make_reader(), Arc::clone(&send)),
            pages: page_worker(Arc::clone(&send)),
            finds: find_worker(Arc::clone(&send)),
            copy: copy_worker(target, Arc::clone(&send)),
            save: save_worker(stop.clone(), Arc::clone(&send)),
            stop,
            calls: calls_worker(Arc::clone(&send)),
            problems: problem_worker(Arc::clone(&send)),
            compare: compare_worker(Arc::clone(&send)),
            statistics: statistics_worker(Arc::clone(&send)),
            bytes: bytes_worker(Arc::clone(&send)),
            terms: terms_worker(Arc::clone(&send)),
            values: values_worker(Arc::clone(&send)),
            searcher: searcher(Arc::clone(&send)),
            freed: freeing_thread(),
            send,
            make_reader,
        }
    }

    /// The reader of the stored texts.
    pub fn text_reader() -> ReadText {
        let mut reader = TextReader::default();
        Box::new(move |snapshot, row| snapshot.text(&mut reader, row))
    }

    /// Drops the data of the previous inputs that readers cache.
    pub(super) fn restart_readers(&mut self) {
        self.text = text_worker((self.make_reader)(), Arc::clone(&self.send));
        self.texts = texts_worker((self.make_reader)(), Arc::clone(&self.send));
        self.searcher = searcher(Arc::clone(&self.send));
        self.statistics = statistics_worker(Arc::clone(&self.send));
        self.bytes = bytes_worker(Arc::clone(&self.send));
    }

    /// Stops the file that is being saved, and waits until nothing is left of it.
    pub(super) fn stop_saving(&self) {
        self.stop.stop_and_wait();
    }

    /// Frees a snapshot that another one replaced: the drawing thread does not wait for that.
    pub fn free(&self, snapshot: Arc<Snapshot>) {
        // The thread lives as long as jobs are taken.
        drop(self.freed.send(Freed::Snapshot(snapshot)));
    }

    /// Takes an effect if it is a job; otherwise returns it.
    pub fn take(&self, effect: Effect, snapshot: &Arc<Snapshot>) -> Option<Effect> {
        let snapshot = || Arc::clone(snapshot);
        match effect {
            Effect::LoadText(generation, row) => {
                self.text.give(Texts { generation, rows: vec![row], snapshot: snapshot() });
            }
            Effect::LoadTexts(generation, rows) => {
                self.texts.give(Texts { generation, rows, snapshot: snapshot() });
            }
            Effect::LayOut(generation, layout) => self.pages.give((generation, layout)),
            Effect::FindInPage(generation, find) => self.finds.give((generation, find)),
            // The thread lives as long as jobs are taken.
            Effect::Free(pages) => drop(self.freed.send(Freed::Pages(pages))),
            Effect::Search(search) => self.searcher.search(search),
            Effect::ListCalls(job) => self.calls.give(job),
            Effect::FindProblem(job) => self.problems.give(job),
            Effect::Compare(job) => self.compare.give(job),
            Effect::CountValues(field) => self.values.give((field, snapshot())),
            Effect::Count(job) => self.statistics.give(job),
            Effect::LoadBytes(stretch) => self.bytes.give((stretch, snapshot())),
            Effect::CountTerms(generation, filter) => self.terms.give((generation, filter, snapshot())),
            Effect::Save(request) => self.save.give(request),
            Effect::StopSaving(generation) => self.stop.stop(generation),
            Effect::Copy { what, bytes } => self.copy.give(CopyJob::Bytes(what, bytes)),
            Effect::CopyWritten { what, of, request } => self.copy.give(CopyJob::Written(what, of, request)),
            other => return Some(other),
        }
        None
    }
}

fn text_worker(mut read: ReadText, send: Publish) -> Worker<Texts> {
    Worker::start(move |job: Texts, _| {
        for row in job.rows {
            let text = read(&job.snapshot, row).map(Arc::new).map_err(|error| unreadable(&error));
            send(LoopEvent::Event(Event::Text(job.generation, text)));
        }
    })
}

fn texts_worker(mut read: ReadText, send: Publish) -> Worker<Texts> {
    Worker::start(move |job: Texts, is_replaced| {
        let mut rows = job.rows.iter().peekable();
        while rows.peek().is_some() && !is_replaced() {
            let (mut texts, mut len_bytes) = (Vec::new(), 0);
            for row in rows.by_ref().take(BATCH) {
                if let Ok(text) = read(&job.snapshot, *row) {
                    len_bytes += text.bytes.len();
                    texts.push((*row, Arc::new(text)));
                }
                if len_bytes >= BATCH_BYTES || is_replaced() {
                    break;
                }
            }
            send(LoopEvent::Event(Event::Texts(job.generation, texts)));
        }
    })
}

fn page_worker(send: Publish) -> Worker<(Generation, Layout)> {
    Worker::start(move |(generation, layout): (Generation, Layout), _| {
        send(LoopEvent::Event(Event::Page(generation, Box::new(layout.page()))));
    })
}

fn find_worker(send: Publish) -> Worker<(Generation, Find)> {
    Worker::start(move |(generation, find): (Generation, Find), is_replaced| {
        if let Some(matches) = find.matches(is_replaced) {
            send(LoopEvent::Event(Event::FoundInPage(generation, matches)));
        }
    })
}

/// A thread that frees all that is sent to it.
fn freeing_thread() -> Sender<Freed> {
    let (sender, freed) = channel();
    thread::spawn(move || {
        for freed in freed {
            match freed {
                Freed::Pages(pages) => drop(pages),
                Freed::Snapshot(snapshot) => drop(snapshot),
            }
        }
    });
    sender
}

fn copy_worker(target: ClipboardTarget, send: Publish) -> Worker<CopyJob> {
    let mut clipboard = Clipboard::new(target);
    Worker::start(move |job: CopyJob, _| {
        let (what, bytes) = match job {
            CopyJob::Bytes(what, bytes) => (what, Ok(bytes)),
            CopyJob::Written(what, of, request) => (what, copying::bytes(&request, &of)),
        };
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(why) => return send(LoopEvent::Copied(None, Err(format!("{what} not copied: {why}")))),
        };
        let copied = clipboard.copy(&what, &bytes);
        send(LoopEvent::Copied(copied.sequence, copied.result));
    })
}

fn save_worker(stop: Stop, send: Publish) -> Worker<Box<SaveRequest>> {
    Worker::start(move |request: Box<SaveRequest>, _| {
        let generation = request.generation;
        let progress = |done, total| send(LoopEvent::Event(Event::SaveGoesOn(generation, done, total)));
        let result = save_unless(&stop, &request, &progress);
        send(LoopEvent::Event(Event::SaveEnded(generation, result)));
    })
}

fn calls_worker(send: Publish) -> Worker<Box<ListCalls>> {
    let (mut lister, mut shown) = (Lister::default(), Kept::default());
    Worker::start(move |job: Box<ListCalls>, is_replaced| {
        let listing = lister.list(&job);
        let listing = Arc::new(listing);
        shown.keep(&listing);
        send(LoopEvent::Event(Event::CallsListed(job.generation, listing)));
        lister.prepare(&job, is_replaced);
    })
}

fn problem_worker(send: Publish) -> Worker<FindProblem> {
    Worker::start_behind(move |job: FindProblem, is_replaced| {
        if let Some(found) = job.find(is_replaced) {
            send(LoopEvent::Event(Event::ProblemFound(job.generation, found)));
        }
    })
}

fn values_worker(send: Publish) -> Worker<(Field, Arc<Snapshot>)> {
    Worker::start_behind(move |(field, snapshot): (Field, Arc<Snapshot>), is_replaced| {
        if let Some(values) = seen_values(field, &snapshot, is_replaced) {
            send(LoopEvent::Event(Event::ValuesSeen(field, values.into())));
        }
    })
}

fn compare_worker(send: Publish) -> Worker<CompareTexts> {
    Worker::start(move |job: CompareTexts, _| {
        send(LoopEvent::Event(Event::Compared(job.generation, job.compare())));
    })
}

fn terms_worker(send: Publish) -> Worker<(Generation, Filter, Arc<Snapshot>)> {
    Worker::start_behind(
        move |(generation, filter, snapshot): (Generation, Filter, Arc<Snapshot>), is_replaced| {
            if let Some(counts) = count_terms(&filter, &snapshot, is_replaced) {
                send(LoopEvent::Event(Event::TermsCounted(generation, counts)));
            }
        },
    )
}

fn statistics_worker(send: Publish) -> Worker<Option<Box<CountStatistics>>> {
    let mut statistician = Statistician::default();
    Worker::start_behind(move |job: Option<Box<CountStatistics>>, is_replaced| match job {
        Some(job) => statistician.count(&job, is_replaced, &|event| send(LoopEvent::Event(event))),
        None => statistician.forget(),
    })
}

fn bytes_worker(send: Publish) -> Worker<(Stretch, Arc<Snapshot>)> {
    let mut reader = TextReader::default();
    Worker::start(move |(stretch, snapshot): (Stretch, Arc<Snapshot>), _| {
        let mut bytes = Vec::new();
        let read = snapshot.bytes(&mut reader, stretch.source, stretch.extent, &mut bytes);
        let bytes = read.map(|()| bytes).map_err(|error| unreadable(&error));
        send(LoopEvent::Event(Event::Bytes(stretch.generation, bytes)));
    })
}

fn searcher(send: Publish) -> Searcher {
    Searcher::start(move |found| send(LoopEvent::Event(Event::Found(found))))
}

/// Why a text cannot be read back.
fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "file truncated after indexing; the original bytes are gone".to_owned()
        }
        io::ErrorKind::InvalidData => "file changed after indexing; the original bytes are gone".to_owned(),
        _ => format!("the text cannot be read: {error}"),
    }
}
