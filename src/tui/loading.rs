//! The loader of the browser: started once, and again if files that ended in the middle of a frame are to be followed.
//!
//! Must not know: what is in the snapshots.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::app::Event;
use crate::calls::LegRules;
use crate::filter::time_range::TimeRange;
use crate::load::{Follow, InputSpec, Loader, prune};
use crate::store::Snapshot;

use super::loop_event::LoopEvent;

/// The running loader and its inputs.
pub(super) struct Loading {
    inputs: Vec<InputSpec>,
    rules: LegRules,
    sender: Sender<LoopEvent>,
    loader: Loader,
    /// The generation of the loader: messages of older loaders are dropped.
    generation: u64,
}

impl Loading {
    /// Starts to load.
    pub(super) fn start(
        inputs: Vec<InputSpec>,
        rules: LegRules,
        follow: Follow,
        sender: Sender<LoopEvent>,
    ) -> Self {
        let publish = publish(&sender, 0, Event::Loaded);
        let loader = Loader::start_with(inputs.clone(), follow, rules.clone(), 0, publish);
        Self { inputs, rules, sender, loader, generation: 0 }
    }

    /// The generation of the present loader.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Starts to follow. If a file ended in the middle of a frame, the files are read again; the old rows stay visible
    /// until as many `rows` have been loaded again.
    pub(super) fn follow(&mut self, rows: usize) {
        // A pipe cannot be read again.
        if self.loader.is_cut() && !self.inputs.contains(&InputSpec::Stdin) {
            self.generation += 1;
            let publish = publish(&self.sender, self.generation, Event::Reloaded);
            let rules = self.rules.clone();
            self.loader = Loader::start_with(self.inputs.clone(), Follow::on(), rules, rows, publish);
        }
        self.loader.follow();
    }

    /// Closes the open inputs and loads others, without files outside the time range.
    pub(super) fn open(&mut self, inputs: Vec<InputSpec>, window: TimeRange) {
        self.generation += 1;
        let (_, within) = prune::within(window, inputs);
        let publish = publish(&self.sender, self.generation, Event::Loaded);
        let rules = self.rules.clone();
        self.loader = Loader::start_with(within.clone(), Follow::default(), rules, 0, publish);
        self.inputs = within;
    }
}

/// Passes snapshots on; `first` is applied to the first one.
fn publish(
    sender: &Sender<LoopEvent>,
    generation: u64,
    first: fn(Arc<Snapshot>) -> Event,
) -> impl crate::load::Publish {
    let sender = sender.clone();
    let mut made = first;
    move |snapshot| {
        let event = made(snapshot);
        made = Event::Loaded;
        // The loop may have ended already.
        let _ = sender.send(LoopEvent::Loaded(generation, event));
    }
}
