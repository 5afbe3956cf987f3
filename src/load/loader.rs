//! The loader thread: reads the inputs, fills the store, publishes snapshots.
//!
//! Several inputs are merged by time while they are read, so that rows never have to be sorted.
//!
//! Must not know: who looks at the snapshots.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::message::MessageReader;
use crate::store::{Backing, BlockWriter, DayClock, Draft, Progress, Snapshot, Source, Store};

use super::count::Counter;
use super::input::{Input, InputError, InputSpec, Problem};

/// Rows that fill a first screen on the tallest terminal.
const FIRST_SCREEN: usize = 250;
/// Time between snapshots.
const INTERVAL: Duration = Duration::from_millis(120);
/// Messages between two looks at the clock.
const BATCH: usize = 512;

/// Who gets the snapshots.
pub trait Publish: FnMut(Arc<Snapshot>) + Send + 'static {}
impl<T: FnMut(Arc<Snapshot>) + Send + 'static> Publish for T {}

/// The running loader. Dropping it ends the thread at its next batch.
#[derive(Debug)]
pub struct Loader {
    stop: Arc<AtomicBool>,
}

impl Loader {
    /// Begins to load. `publish` is called on the loader's thread, the first time as soon as a
    /// first screen can be filled, the last time with `progress.done`.
    pub fn start(inputs: Vec<InputSpec>, publish: impl Publish) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || Load::new(&inputs, publish).run(&stopped));
        Self { stop }
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// A reader that keeps what goes through it, where it cannot be read again.
struct Keeping {
    inner: Box<dyn Read + Send>,
    kept: Option<Rc<RefCell<BlockWriter>>>,
}

impl Read for Keeping {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(kept) = &self.kept {
            kept.borrow_mut().write(&buffer[..read])?;
        }
        Ok(read)
    }
}

/// One input on its way: its next message waits in `draft`.
struct Lane {
    number: u16,
    file: String,
    reader: MessageReader<Keeping>,
    kept: Option<Rc<RefCell<BlockWriter>>>,
    plain: Option<Backing>,
    read: Counter,
    clock: DayClock,
    draft: Draft,
    /// Whether `draft` holds a message that is not in the store yet.
    waiting: bool,
}

impl Lane {
    fn new(number: u16, input: Input) -> Self {
        let kept = input.plain.is_none().then(|| Rc::new(RefCell::new(BlockWriter::default())));
        let reader = MessageReader::new(Keeping { inner: input.reader, kept: kept.clone() });
        Self {
            number,
            file: input.source.file,
            reader,
            kept,
            plain: input.plain.map(Backing::File),
            read: input.read,
            clock: DayClock::default(),
            draft: Draft::default(),
            waiting: false,
        }
    }

    fn backing(&self) -> Backing {
        match (&self.plain, &self.kept) {
            (Some(plain), _) => plain.clone(),
            (None, Some(kept)) => Backing::Blocks(kept.borrow().blocks()),
            (None, None) => Backing::Blocks(crate::store::Blocks::default()),
        }
    }

    /// Reads the next message into the draft. What is wrong with the input is said at its end.
    fn advance(&mut self) -> Result<(), InputError> {
        self.waiting = false;
        let problem = match self.reader.next_message() {
            Ok(Some(message)) => {
                self.draft.fill(&message, self.number, &mut self.clock);
                self.waiting = true;
                return Ok(());
            }
            Ok(None) => match self.reader.parse_stats() {
                stats if stats.frames() > 0 => return Ok(()),
                stats if stats.bytes_read() == 0 => Problem::Empty,
                stats => Problem::NoDump { bytes: stats.bytes_read() },
            },
            Err(error) => {
                Problem::BrokenOff { offset: self.reader.parse_stats().bytes_read(), why: error.to_string() }
            }
        };
        Err(InputError { file: self.file.clone(), problem })
    }
}

/// The work of the thread.
struct Load<P> {
    lanes: Vec<Lane>,
    sources: Arc<[Source]>,
    size: Option<u64>,
    errors: Vec<String>,
    store: Store,
    publish: P,
    published: Instant,
    shown: bool,
}

impl<P: Publish> Load<P> {
    fn new(specs: &[InputSpec], publish: P) -> Self {
        let (mut lanes, mut sources, mut errors, mut size) = (Vec::new(), Vec::new(), Vec::new(), Some(0));
        for opened in specs.iter().flat_map(InputSpec::open) {
            match opened {
                Ok(input) => {
                    size = size.zip(input.size).map(|(sum, one)| sum + one);
                    sources.push(input.source.clone());
                    lanes.push(Lane::new(lanes.len() as u16, input));
                }
                Err(error) => errors.push(error.to_string()),
            }
        }
        Self {
            lanes,
            sources: sources.into(),
            size,
            errors,
            store: Store::default(),
            publish,
            published: Instant::now(),
            shown: false,
        }
    }

    fn run(mut self, stop: &AtomicBool) {
        for lane in 0..self.lanes.len() {
            self.advance(lane);
        }
        let mut count = 0_usize;
        while let Some(lane) = self.next_lane() {
            self.store.push(&self.lanes[lane].draft);
            self.advance(lane);
            count += 1;
            if count.is_multiple_of(BATCH) && stop.load(Ordering::Relaxed) {
                return;
            }
            let first = !self.shown && self.store.len() == FIRST_SCREEN;
            if first || count.is_multiple_of(BATCH) && self.published.elapsed() > INTERVAL {
                self.publish(false);
            }
        }
        self.publish(true);
    }

    fn advance(&mut self, lane: usize) {
        if let Err(error) = self.lanes[lane].advance() {
            self.errors.push(error.to_string());
        }
    }

    /// The lane whose waiting message is the oldest; of equals the first.
    fn next_lane(&self) -> Option<usize> {
        if let [lane] = &self.lanes[..] {
            return lane.waiting.then_some(0);
        }
        let waiting = self.lanes.iter().enumerate().filter(|(_, lane)| lane.waiting);
        waiting.min_by_key(|(_, lane)| lane.draft.time()).map(|(number, _)| number)
    }

    fn publish(&mut self, done: bool) {
        let mut snapshot = self.store.snapshot();
        snapshot.sources = Arc::clone(&self.sources);
        snapshot.backings = self.lanes.iter().map(Lane::backing).collect();
        snapshot.progress = self.progress(done);
        (self.publish)(Arc::new(snapshot));
        self.published = Instant::now();
        self.shown = true;
    }

    fn progress(&self, done: bool) -> Progress {
        let mut progress =
            Progress { bytes_total: self.size, done, errors: self.errors.clone(), ..Progress::default() };
        for lane in &self.lanes {
            let stats = lane.reader.parse_stats();
            progress.bytes_read += lane.read.bytes();
            progress.bytes_skipped += stats.bytes_skipped();
            progress.frames += stats.frames();
            progress.keepalives += stats.keepalives();
        }
        progress
    }
}
