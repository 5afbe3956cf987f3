//! Asking for a listing, and taking it when it arrives: while a file grows, one listing follows another.
//!
//! Must not know: what is listed, keys.

use std::sync::Arc;

use crate::app::event::Effect;
use crate::app::screens::Host;
use crate::store::Found;

use super::listing::{ListCalls, Listing};
use super::{CallsScreen, Waiting};

impl CallsScreen {
    /// Asks for a listing of what is there now; one that is under way is no longer wanted.
    pub(super) fn list_anew(&mut self, host: &mut Host<'_>) {
        self.generation = host.session.new_generation();
        self.links = host.session.links.clone();
        self.waiting = Waiting::Listing;
        host.effects.push(Effect::ListCalls(Box::new(ListCalls {
            generation: self.generation,
            snapshot: Arc::clone(&host.session.snapshot),
            order: self.order,
            found: self.matches.found(),
            dialogs: self.matches.asks_for_dialogs(),
            opened: self.opened.clone(),
            by_incident: self.by_incident,
            folded: self.folded.clone(),
            links: self.links.clone(),
        })));
    }

    /// Lists, and searches, the calls as the user decided since.
    pub(super) fn take_links(&mut self, host: &mut Host<'_>) {
        if self.links == host.session.links {
            return;
        }
        if self.matches.needs_calls() {
            self.matches.again(host);
        }
        self.list_anew(host);
    }

    /// Asks for a listing when the one that is under way has arrived.
    pub(super) fn list_more(&mut self, host: &mut Host<'_>) {
        if self.waiting != Waiting::Nothing {
            self.waiting = Waiting::ListingAndMore;
        } else if !(self.matches.stale && self.matches.searching) {
            // Until a search has an answer, the list of the previous one stays.
            self.list_anew(host);
        }
    }

    pub(super) fn listed(&mut self, listing: &Arc<Listing>, host: &mut Host<'_>) {
        self.listing = Arc::clone(listing);
        let waited = std::mem::take(&mut self.waiting);
        self.matches.is_listed = true;
        if let Some(at) = self.anchor.and_then(|anchor| self.listing.position(anchor)) {
            // The row keeps its position on the screen if possible.
            let above = self.list.selected.saturating_sub(self.list.top);
            self.list.selected = at;
            self.list.top = at.saturating_sub(above);
        }
        self.list.keep_in_sight(self.len());
        if waited == Waiting::ListingAndMore {
            self.list_more(host);
        }
    }

    pub(super) fn found(&mut self, found: &Found, host: &mut Host<'_>) {
        if self.matches.take(found, host) {
            self.list_more(host);
        }
    }

    pub(super) fn grown(&mut self, host: &mut Host<'_>) {
        let progress = &host.session.snapshot.progress;
        let is_done = progress.done;
        let is_settled = is_done && !self.was_done || progress.caught_up && self.matches.needs_calls();
        if is_settled && self.matches.needs_later() {
            // What is known at the end may differ from what was known when a message was looked at.
            self.matches.again(host);
        }
        self.was_done = is_done;
        self.matches.search_on(host);
        self.list_more(host);
    }
}
