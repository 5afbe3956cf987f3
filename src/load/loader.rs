//! The loader thread: reads the inputs, hands their messages to the keeper, says when snapshots are due.
//!
//! Several inputs are merged by time while they are read, so that rows never have to be sorted.
//!
//! Must not know: how messages are kept, who uses the snapshots.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::calls::LegRules;
use crate::store::{Progress, Source};

use super::background::give_way;
use super::error::InputError;
use super::follow::Follow;
use super::follow::watch::{Bell, Watch};
use super::input::{Input, InputCount, InputSpec, Purpose};
use super::keeper::{self, Keeper, Publish};
use super::merge_input::{Advanced, MergeInput};
use super::sets::{FileSet, Keep};

/// Rows that fill a first screen on the tallest terminal.
const FIRST_SCREEN: usize = 250;
/// Time between snapshots.
const INTERVAL: Duration = Duration::from_millis(120);
/// Time between snapshots that are published because all available input was read.
const SHORTEST: Duration = Duration::from_millis(50);
/// Messages between two checks of the clock.
const BATCH: usize = 512;

/// The running loader. Dropping it ends the thread at its next batch.
#[derive(Debug)]
pub struct Loader {
    follow: Follow,
    bell: Bell,
    /// Whether an input ended inside a frame or message: to be followed, it must be read again.
    is_cut: Arc<AtomicBool>,
}

impl Loader {
    /// Starts to load, and continues when the inputs grow: files while `follow` is on, pipes until they end. `publish`
    /// is called on a thread of its own, first when there are enough rows for the first screen and at least `rows`
    /// rows, or when everything was read.
    ///
    /// While files are followed their text is kept, so that a rotation cannot remove it.
    pub fn start(inputs: Vec<InputSpec>, follow: Follow, rows: usize, publish: impl Publish) -> Self {
        Self::start_with(inputs, follow, LegRules::default(), rows, publish)
    }

    /// Does the same, and joins legs by `rules`, too.
    pub fn start_with(
        inputs: Vec<InputSpec>,
        follow: Follow,
        rules: LegRules,
        rows: usize,
        publish: impl Publish,
    ) -> Self {
        let watch = Watch::default();
        let loader = Self { follow: follow.clone(), bell: watch.bell(), is_cut: Arc::default() };
        let is_cut = Arc::clone(&loader.is_cut);
        thread::spawn(move || {
            give_way();
            let bell = watch.bell();
            let purpose = Purpose::Grow(follow.clone(), bell, Keep::Text);
            let opened = inputs.iter().flat_map(|input| input.open_for(&purpose));
            let keeper = Keeper::start(&rules, follow.clone(), publish);
            let mut load = Load::new(opened, InputCount::of(inputs.len()), &rules, keeper);
            load.first_screen = rows.max(FIRST_SCREEN);
            load.follow = follow.clone();
            load.run(&follow, watch, &inputs, &is_cut);
        });
        loader
    }

    /// Whether an input ended inside a message, which is shown as cut: to be followed, it must be read again.
    pub fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }

    /// Starts to follow growing files, if the loader was started for that.
    pub fn follow(&self) {
        self.follow.begin();
        self.bell.ring();
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.follow.end();
        self.bell.ring();
    }
}

/// The state of the thread.
struct Load {
    merge_inputs: Vec<MergeInput>,
    /// The inputs that have a waiting message, with its time.
    turns: BinaryHeap<Reverse<(i64, usize)>>,
    sources: Arc<[Source]>,
    size: Option<u64>,
    errors: Vec<String>,
    keeper: Keeper,
    /// Rows so far.
    rows: usize,
    published: Instant,
    /// Rows in the last snapshot.
    shown: Option<usize>,
    /// Rows in the first snapshot.
    first_screen: usize,
    /// What the last snapshot contained: the state, the number of error lines, and the bytes read.
    published_state: (State, usize, u64),
    /// Whether the loader is still needed.
    follow: Follow,
    /// Messages so far.
    count: usize,
}

/// The progress of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Loading,
    /// All available input was read, and more may follow.
    CaughtUp,
    /// No more input will follow.
    Done,
}

impl Load {
    fn new(
        opened: impl Iterator<Item = Result<Input, InputError>>,
        input_count: InputCount,
        rules: &LegRules,
        keeper: Keeper,
    ) -> Self {
        let (mut merge_inputs, mut sources, mut errors, mut size) =
            (Vec::new(), Vec::new(), Vec::new(), Some(0));
        for opened in opened {
            match opened {
                Ok(input) => {
                    size = size.zip(input.size).map(|(sum, one)| sum + one);
                    sources.push(input.source.clone());
                    let number = merge_inputs.len() as u16;
                    merge_inputs.push(MergeInput::new(number, input, input_count, rules.clone()));
                }
                Err(error) => errors.push(error.to_string()),
            }
        }
        Self {
            merge_inputs,
            turns: BinaryHeap::new(),
            sources: sources.into(),
            size,
            errors,
            keeper,
            rows: 0,
            published: Instant::now(),
            shown: None,
            first_screen: FIRST_SCREEN,
            published_state: (State::Loading, 0, 0),
            follow: Follow::default(),
            count: 0,
        }
    }

    /// Reads everything, and waits for more, until all inputs end or the loader is no longer needed.
    fn run(mut self, follow: &Follow, mut watch: Watch, inputs: &[InputSpec], is_cut: &AtomicBool) {
        let mut watches = false;
        let mut keeps = false;
        loop {
            if follow.is_on() && !std::mem::replace(&mut keeps, true) {
                self.merge_inputs.iter().for_each(MergeInput::keep_from_now);
            }
            self.advance_all();
            if !self.push_waiting(follow) {
                return;
            }
            if !follow.is_on() && self.end_where_cut() {
                is_cut.store(true, Ordering::SeqCst);
                continue;
            }
            self.take_notes();
            let state = self.state(follow);
            if !self.is_calm(state) {
                continue;
            }
            if state == State::Done && self.merge_inputs.iter().all(MergeInput::is_at_end) {
                return;
            }
            if follow.is_on() && !watches {
                // Bytes that were written before the watch started are found by the next read.
                watch.files(inputs.iter().filter_map(InputSpec::files).map(FileSet::newest));
                watches = true;
            } else if follow.is_on() || self.merge_inputs.iter().any(MergeInput::holds_back) {
                watch.wait();
            } else {
                watch.wait_for_ring();
            }
        }
    }

    /// Ends the inputs that are at their ends inside a frame or message; returns whether there are any.
    fn end_where_cut(&mut self) -> bool {
        self.merge_inputs.iter_mut().fold(false, |any, merge_input| merge_input.end_where_cut() | any)
    }

    /// Publishes what is new after all available input was read. If the last snapshot is too recent, waits and returns
    /// `false`.
    fn is_calm(&mut self, state: State) -> bool {
        if self.shown == Some(self.rows)
            && self.published_state == (state, self.errors.len(), self.bytes_read())
        {
            return true;
        }
        let rest = SHORTEST.saturating_sub(self.published.elapsed());
        if self.shown.is_some() && !rest.is_zero() {
            thread::sleep(rest);
            return false;
        }
        self.publish(state);
        true
    }

    /// The state after all available input was read.
    fn state(&self, follow: &Follow) -> State {
        let may_grow =
            |merge_input: &MergeInput| !merge_input.is_at_end() && (follow.is_on() || !merge_input.is_file());
        if self.merge_inputs.iter().any(may_grow) { State::CaughtUp } else { State::Done }
    }

    fn take_notes(&mut self) {
        for merge_input in &self.merge_inputs {
            self.errors.extend(merge_input.notes());
        }
    }

    /// Hands over the waiting messages, the oldest first, until none waits. `false` if the loader is no
    /// longer needed.
    fn push_waiting(&mut self, follow: &Follow) -> bool {
        while let Some(merge_input) = self.next_input() {
            self.push(merge_input);
            self.advance(merge_input);
            self.count += 1;
            let batch = self.count.is_multiple_of(BATCH);
            if batch && follow.is_ended() {
                return false;
            }
            // Each read of an input that has nothing new costs as much as a message.
            if self.count.is_multiple_of(BATCH.max(self.merge_inputs.len())) {
                self.advance_all();
            }
            let first = self.shown.is_none() && self.rows == self.first_screen;
            let due = batch && self.published.elapsed() > INTERVAL && self.rows > self.first_screen;
            if first || due {
                self.publish(State::Loading);
            }
        }
        !follow.is_ended()
    }

    /// Hands over the waiting message of an input.
    fn push(&mut self, merge_input: usize) {
        self.keeper.take(&mut self.merge_inputs[merge_input].message);
        self.rows += 1;
    }

    /// Reads from all inputs without a waiting message.
    fn advance_all(&mut self) {
        for merge_input in 0..self.merge_inputs.len() {
            if !self.merge_inputs[merge_input].waiting {
                self.advance(merge_input);
            }
        }
    }

    fn advance(&mut self, merge_input: usize) {
        loop {
            match self.merge_inputs[merge_input].advance() {
                Ok(Advanced::Known) => break,
                Ok(Advanced::Searching) if self.follow.is_ended() => return,
                Ok(Advanced::Searching) => self.publish_progress(),
                Err(error) => {
                    self.errors.push(error.to_string());
                    break;
                }
            }
        }
        let MergeInput { message, waiting, .. } = &self.merge_inputs[merge_input];
        if *waiting {
            self.turns.push(Reverse((message.builder.time(), merge_input)));
        }
    }

    /// The input whose waiting message is the oldest; for equal times the first one.
    fn next_input(&mut self) -> Option<usize> {
        self.turns.pop().map(|Reverse((_, number))| number)
    }

    /// Publishes the progress if reading takes long without a message.
    fn publish_progress(&mut self) {
        let is_due = if self.shown.is_none() {
            // When a list is loaded again, the first snapshot has as many rows as before.
            self.first_screen == FIRST_SCREEN
        } else {
            self.published.elapsed() > INTERVAL
        };
        if is_due {
            self.publish(State::Loading);
        }
    }

    /// Bytes of all inputs read so far.
    fn bytes_read(&self) -> u64 {
        self.merge_inputs.iter().map(MergeInput::bytes_read).sum()
    }

    fn publish(&mut self, state: State) {
        // Bytes that another thread reads meanwhile are published next time.
        let bytes_read = self.bytes_read();
        self.take_notes();
        self.keeper.publish(keeper::State {
            sources: Arc::clone(&self.sources),
            backings: self.merge_inputs.iter().map(MergeInput::backing).collect(),
            coverage: self.merge_inputs.iter_mut().map(MergeInput::coverage).collect(),
            progress: self.progress(state),
        });
        self.published = Instant::now();
        self.shown = Some(self.rows);
        self.published_state = (state, self.errors.len(), bytes_read);
    }

    fn progress(&self, state: State) -> Progress {
        let mut progress = Progress {
            bytes_total: self.size,
            done: state == State::Done,
            caught_up: state != State::Loading,
            errors: self.errors.clone(),
            ..Progress::default()
        };
        self.merge_inputs.iter().for_each(|merge_input| merge_input.add_to(&mut progress));
        progress
    }
}
