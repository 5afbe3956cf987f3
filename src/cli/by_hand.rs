//! What the user decided about legs in the browser, for what is printed: the calls are the same everywhere.
//!
//! Must not know: what is printed, how legs are joined.

use std::sync::Once;

use crate::ladder::Links;
use crate::state::{Folder, Identity, KeptLeg, KeptLink};
use crate::store::Snapshot;

use super::plan::Plan;
use super::problem;

/// The legs that were joined and taken out by hand.
#[derive(Debug, Clone, Default)]
pub(super) struct ByHand {
    /// Where it is kept, unless nothing kept is used.
    folder: Option<Folder>,
    /// The number of files whose decisions were read.
    files: usize,
    kept: Vec<(KeptLeg, KeptLink)>,
}

/// What cannot be read is said once.
static SAID: Once = Once::new();

impl ByHand {
    /// The decisions that these options allow.
    pub(super) fn of(plan: &Plan) -> Self {
        let folder = Folder::usual().filter(|_| plan.settings.session.unwrap_or(true));
        Self { folder, ..Self::default() }
    }

    /// The decisions about these messages.
    pub(super) fn links(&mut self, snapshot: &Snapshot) -> Links {
        self.read(snapshot);
        Links::of_kept(snapshot, &self.kept)
    }

    /// These messages, with calls that are as the user decided.
    pub(super) fn applied(&mut self, snapshot: Snapshot) -> Snapshot {
        let links = self.links(&snapshot);
        let decided = (!links.is_empty()).then(|| links.applied_to(&snapshot)).flatten();
        decided.unwrap_or(snapshot)
    }

    /// Reads what is kept of the files, unless no file is new.
    fn read(&mut self, snapshot: &Snapshot) {
        let Some(folder) = &self.folder else { return };
        let paths = || snapshot.sources.iter().flat_map(|source| source.paths.iter());
        let files = paths().count();
        if files == self.files {
            return;
        }
        (self.files, self.kept) = (files, Vec::new());
        // A pipe cannot be recognised.
        for identity in paths().filter_map(|path| Identity::of(path).ok()) {
            match folder.file(&identity) {
                Ok(state) => self.kept.extend(state.links),
                Err(error) => return SAID.call_once(|| problem::say(&error)),
            }
        }
    }
}
