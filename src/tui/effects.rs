//! Executes the effects that the state requests.
//!
//! Must not know: why it is requested.

use std::sync::Arc;

use crate::app::Effect;
use crate::app::parts::Mouse;
use crate::store::Snapshot;

use super::configuration::Configuration;
use super::jobs::Jobs;
use super::keeping::Keeping;
use super::loading::Loading;
use super::profiles::Profiles;

/// What the loop itself must do next.
pub(super) enum Next {
    Nothing,
    Suspend,
    Mouse(Mouse),
    Redraw,
    Quit,
    Abort,
}

/// The state that effects are executed with.
pub(super) struct Runtime {
    pub(super) jobs: Jobs,
    pub(super) loading: Loading,
    pub(super) profiles: Profiles,
    pub(super) keeping: Keeping,
    pub(super) configuration: Configuration,
}

impl Runtime {
    /// Executes an effect, or returns what the loop itself must do.
    pub(super) fn carry_out(&mut self, effect: Effect, snapshot: &Arc<Snapshot>) -> Next {
        match self.jobs.take(effect, snapshot) {
            Some(Effect::Open { entries, window }) => {
                self.loading.open(self.profiles.inputs(&entries), window);
                self.jobs.restart_readers();
            }
            Some(Effect::Follow) => self.loading.follow(snapshot.len()),
            Some(Effect::Recall(recall)) => self.keeping.recall(recall),
            Some(Effect::Keep(kept)) => self.keeping.keep(kept),
            Some(Effect::SaveColumns(list, names)) => self.configuration.save_columns(list.setting(), names),
            Some(Effect::TakeMouse(owner)) => return Next::Mouse(owner),
            Some(Effect::Suspend) => return Next::Suspend,
            Some(Effect::Redraw) => return Next::Redraw,
            Some(Effect::Quit) => return Next::Quit,
            Some(Effect::Abort) => return Next::Abort,
            _ => {}
        }
        Next::Nothing
    }
}
