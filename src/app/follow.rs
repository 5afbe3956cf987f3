//! Following: new rows slide in while the last row is selected; moving up stops that, the last row starts it again.
//!
//! Must not know: how files grow, who reads them.

use std::sync::Arc;

use crate::store::Snapshot;

use super::App;
use super::event::Effect;

/// Whether growing inputs are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Following {
    /// They are not.
    #[default]
    Off,
    /// They are, and the list stays where it is.
    Loose,
    /// They are, and the list stays at its last row.
    AtLast,
}

impl App {
    /// Begins to follow, goes to the last row again, or ceases.
    pub(super) fn toggle_following(&mut self) -> Vec<Effect> {
        let before = self.following;
        self.following = if before == Following::AtLast { Following::Off } else { Following::AtLast };
        self.reselect();
        match before {
            Following::Off => vec![Effect::Follow],
            Following::Loose => Vec::new(),
            Following::AtLast => vec![Effect::Unfollow],
        }
    }

    /// The user chose the row that is selected now: the last one means that the list shall stay at its end.
    pub(super) fn row_chosen(&mut self) {
        self.anchor = self.shown_row(self.list.selected);
        if self.following != Following::Off {
            let is_last = self.list.selected + 1 >= self.shown_len();
            self.following = if is_last { Following::AtLast } else { Following::Loose };
        }
    }

    /// The inputs were read anew: what is known of rows near the end may be wrong.
    pub(super) fn reloaded(&mut self, snapshot: Arc<Snapshot>) -> Vec<Effect> {
        let mut effects = self.loaded(snapshot);
        self.details.wanted = None;
        effects.extend(self.search_anew());
        effects
    }
}
