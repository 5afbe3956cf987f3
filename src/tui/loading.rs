//! The loader of the browser: begun at the start, and begun anew where files ended in the middle of something and are to be
//! followed.
//!
//! Must not know: what is in the snapshots.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::app::Event;
use crate::filter::time_range::TimeRange;
use crate::load::{Follow, InputSpec, Loader, prune};
use crate::store::Snapshot;

use super::wake::Wake;

/// Loads, and follows.
pub(super) struct Loading {
    inputs: Vec<InputSpec>,
    wake: Sender<Wake>,
    loader: Loader,
    /// Which loader of this run it is: what older ones still say is not heard.
    generation: u64,
}

impl Loading {
    /// Begins to load. What is there is shown at once, for pipes may come slowly.
    pub(super) fn start(inputs: Vec<InputSpec>, follow: Follow, wake: Sender<Wake>) -> Self {
        let loader = Loader::start(inputs.clone(), follow, 0, hear(&wake, 0, Event::Loaded));
        Self { inputs, wake, loader, generation: 0 }
    }

    /// Which loader is heard.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Begins to follow. Where a file ended in the middle of something, the files are read anew: `rows` are shown now, and
    /// what was read is shown when it is as much.
    pub(super) fn follow(&mut self, rows: usize) {
        // A pipe that was read cannot be read again.
        if self.loader.is_cut() && !self.inputs.contains(&InputSpec::Stdin) {
            self.generation += 1;
            let hear = hear(&self.wake, self.generation, Event::Reloaded);
            self.loader = Loader::start(self.inputs.clone(), Follow::on(), rows, hear);
        }
        self.loader.follow();
    }

    /// Closes what is open, and begins to load other files, but for those that hold nothing of the times in `window`.
    pub(super) fn open(&mut self, inputs: Vec<InputSpec>, window: TimeRange) {
        self.generation += 1;
        let (_, within) = prune::within(window, inputs);
        let hear = hear(&self.wake, self.generation, Event::Loaded);
        self.loader = Loader::start(within.clone(), Follow::default(), 0, hear);
        self.inputs = within;
    }

    /// Follows no more.
    pub(super) fn unfollow(&mut self) {
        self.loader.unfollow();
    }
}

/// Passes snapshots on; the first one as what `first` makes of it.
fn hear(
    wake: &Sender<Wake>,
    generation: u64,
    first: fn(Arc<Snapshot>) -> Event,
) -> impl crate::load::Publish {
    let wake = wake.clone();
    let mut made = first;
    move |snapshot| {
        let event = made(snapshot);
        made = Event::Loaded;
        // The loop may have ended already.
        let _ = wake.send(Wake::Loaded(generation, event));
    }
}
