//! When the state is kept, and how what was kept becomes a part of it again.
//!
//! Must not know: where and how it is kept.

use std::sync::Arc;

use super::App;
use super::event::{Effect, Event};
use super::kept::{Kept, Recall};

impl App {
    /// What is to be kept now.
    pub fn kept(&self) -> Box<Kept> {
        let session = &self.session;
        Box::new(Kept {
            snapshot: Arc::clone(&session.snapshot),
            marks: session.marks.clone(),
            unmarked: session.unmarked.clone(),
            notes: session.notes.clone(),
            links: session.links.clone(),
            position: self.selected(),
            history: session.filters.added().to_vec(),
        })
    }

    /// Looks for what earlier runs kept of messages that are loaded now.
    pub(super) fn request_recall(&mut self) -> Option<Effect> {
        let session = &mut self.session;
        let recalling = &mut session.recalling;
        if recalling.is_settled || recalling.scanned as usize >= session.snapshot.len() {
            return None;
        }
        recalling.is_settled = true;
        let (generation, first) = (recalling.generation, recalling.scanned);
        Some(Effect::Recall(Recall { generation, snapshot: Arc::clone(&session.snapshot), first }))
    }

    /// Takes the marks, the notes and the links of earlier runs.
    pub(super) fn recalled(&mut self, event: &Event) {
        let Event::Recalled { generation, marks, notes, links, scanned, has_any, .. } = event else { return };
        let session = &mut self.session;
        if *generation != session.recalling.generation {
            return;
        }
        session.recalling.scanned = *scanned;
        session.recalling.is_settled = !has_any;
        let unmarked = &session.unmarked;
        session.marks.extend(marks.iter().filter(|mark| !unmarked.contains(mark)));
        session.recalling.kept.1 = session.marks.len();
        session.share_marks();
        for (message, text) in notes {
            session.notes.recall(*message, text);
        }
        let before = session.links.clone();
        for (leg, decision) in links {
            session.links.recall(*leg, *decision);
        }
        if session.links != before {
            session.apply_links();
        }
    }

    /// Keeps filters, marks, notes and links when they have changed.
    pub(super) fn keep_changes(&mut self) -> Option<Effect> {
        let session = &mut self.session;
        let marks = (session.marks.len(), session.unmarked.len());
        let changes = (session.links.changes(), session.notes.changes());
        let now = (session.filters.remembered(), marks.0, marks.1, changes.0, changes.1);
        let before = std::mem::replace(&mut session.recalling.kept, now);
        (before != now).then(|| Effect::Keep(self.kept()))
    }
}
