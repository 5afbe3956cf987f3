//! Calls for people who have no program to open a trace: a page, a drawing, or text for a ticket.
//!
//! - [`html`]: one page with everything, which needs no network;
//! - [`svg`]: the ladder as a drawing;
//! - [`markdown`]: the ladder as text that many trackers draw (Mermaid).
//!
//! Must not know: where a report is written, which calls are wanted.

pub mod html;
mod legs;
pub mod markdown;
mod mermaid;
pub mod svg;

use std::collections::BTreeMap;

use crate::calls::Calls;
use crate::ladder::Links;
use crate::store::{CallIdx, MessageIdx, Snapshot};

use super::sheet::Sheet;

/// What reports are made of.
#[derive(Debug, Clone, Copy)]
pub struct Trace<'a> {
    /// The messages.
    pub snapshot: &'a Snapshot,
    /// Their calls.
    pub calls: &'a Calls,
    /// What the user joined and took out by hand.
    pub links: &'a Links,
    /// What the user wrote on messages.
    pub notes: &'a BTreeMap<MessageIdx, String>,
}

impl Trace<'_> {
    /// The calls of these Call-IDs, each once, with their notes.
    fn sheets(&self, wanted: &[CallIdx]) -> impl Iterator<Item = Sheet> {
        let sheets = Sheet::of_calls((self.snapshot, self.calls), self.links, wanted.iter().copied());
        sheets.map(|mut sheet| {
            sheet.ladder.add_comments(self.notes);
            sheet
        })
    }
}
