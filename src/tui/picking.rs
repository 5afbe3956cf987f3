//! What can be opened: the catalogue's thread, and the files behind its entries.
//!
//! Must not know: what is picked, how files are found.

use std::sync::mpsc::Sender;

use crate::load::{Cataloguer, FileSet, InputSpec};

use super::Pick;
use super::wake::Wake;

/// The files of the catalogue's entries.
#[derive(Debug, Default)]
pub(super) struct Picking {
    /// By the numbers of the entries.
    pub(super) sets: Vec<FileSet>,
    /// Fills the catalogue as long as it is here.
    _running: Option<Cataloguer>,
}

impl Picking {
    /// Begins to look at what there is.
    pub(super) fn start(pick: &Pick, wake: Sender<Wake>) -> Self {
        let running = Cataloguer::start(pick.places.clone(), move |catalog, sets| {
            // The loop may have ended already.
            let _ = wake.send(Wake::Catalog(catalog, sets));
        });
        Self { sets: Vec::new(), _running: Some(running) }
    }

    /// The files of some entries.
    pub(super) fn inputs(&self, entries: &[usize]) -> Vec<InputSpec> {
        let sets = entries.iter().filter_map(|entry| self.sets.get(*entry));
        sets.cloned().map(InputSpec::Files).collect()
    }
}
