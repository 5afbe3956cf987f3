//! The profiles of a directory: the thread that lists them, and the files of each.
//!
//! Must not know: which ones are opened, how files are found.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::ProfileChoice;
use crate::load::{Cataloguer, FileSet, InputSpec};
use crate::store::catalog::Catalog;

use super::loop_event::LoopEvent;

/// The newest state of the thread, until it is fetched. It replaces an older one: thousands of profiles must not queue
/// thousands of catalogues.
type Newest = Arc<Mutex<Option<(Arc<Catalog>, Vec<FileSet>)>>>;

/// The list of profiles, and their files.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    /// By the numbers of the entries.
    sets: Vec<FileSet>,
    newest: Newest,
    /// The listing thread; it runs as long as this exists.
    _running: Option<Cataloguer>,
}

impl Profiles {
    /// Starts to list the profiles.
    pub(super) fn start(choice: &ProfileChoice, sender: Sender<LoopEvent>) -> Self {
        let newest = Newest::default();
        let place = Arc::clone(&newest);
        let running = Cataloguer::start(choice.paths.clone(), move |catalog, sets| {
            let mut newest = place.lock().unwrap_or_else(PoisonError::into_inner);
            // While one state waits, the loop has already been notified.
            if newest.replace((catalog, sets)).is_none() {
                // The loop may have ended already.
                let _ = sender.send(LoopEvent::Catalog);
            }
        });
        Self { sets: Vec::new(), newest, _running: Some(running) }
    }

    /// Fetches the newest state.
    pub(super) fn fetch(&mut self) -> Option<Arc<Catalog>> {
        let (catalog, sets) = self.newest.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        self.sets = sets;
        Some(catalog)
    }

    /// The files of the entries with these numbers.
    pub(super) fn inputs(&self, entries: &[usize]) -> Vec<InputSpec> {
        let sets = entries.iter().filter_map(|entry| self.sets.get(*entry));
        sets.cloned().map(InputSpec::Files).collect()
    }
}
