//! The loader of the browser: begun at the start, and begun anew when files are to be followed.
//!
//! Must not know: what is in the snapshots.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::app::Event;
use crate::filter::window::Window;
use crate::load::{Follow, InputSpec, Loader, select};
use crate::store::Snapshot;

use super::wake::Wake;

/// Loads, and follows.
pub(super) struct Loading {
    inputs: Vec<InputSpec>,
    wake: Sender<Wake>,
    loader: Loader,
    /// Whether the loader is one for growing inputs.
    grows: bool,
    /// Which loader of this run it is: what older ones still say is not heard.
    generation: u64,
}

impl Loading {
    /// Begins to load. Pipes may come slowly, so what is there is shown at once; files are kept as they are read only
    /// where they are followed.
    pub(super) fn start(inputs: Vec<InputSpec>, follow: Follow, wake: Sender<Wake>) -> Self {
        let grows = follow.is_on() || inputs == [InputSpec::Stdin];
        let loader = if grows {
            Loader::start_growing(inputs.clone(), follow, 0, hear(&wake, 0, Event::Loaded))
        } else {
            Loader::start(inputs.clone(), hear(&wake, 0, Event::Loaded))
        };
        Self { inputs, wake, loader, grows, generation: 0 }
    }

    /// Which loader is heard.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Begins to follow. `rows` are shown now: the files are read anew, and what was read is shown when it is as much.
    pub(super) fn follow(&mut self, rows: usize) {
        // A pipe that was read cannot be read again.
        if !self.grows && !self.inputs.contains(&InputSpec::Stdin) {
            self.generation += 1;
            let hear = hear(&self.wake, self.generation, Event::Reloaded);
            self.loader = Loader::start_growing(self.inputs.clone(), Follow::on(), rows, hear);
            self.grows = true;
        }
        self.loader.follow();
    }

    /// Closes what is open, and begins to load other files, but for those that hold nothing of the times in `window`.
    pub(super) fn open(&mut self, inputs: Vec<InputSpec>, window: Window) {
        self.generation += 1;
        let (_, within) = select::within(window, inputs.clone());
        self.loader = Loader::start(within, hear(&self.wake, self.generation, Event::Loaded));
        (self.inputs, self.grows) = (inputs, false);
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
