//! Calls for people who have no program to open a trace: a page, a drawing, or text for a ticket.
//!
//! - `html`: one page with everything, which needs no network;
//! - `svg`: the ladder as a drawing;
//! - `markdown`: the ladder as text that many trackers draw (Mermaid).
//!
//! Must not know: where a report is written, which calls are wanted.

mod html;
mod legs;
mod markdown;
mod mermaid;
mod svg;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::calls::{Calls, Chosen, Handle};
use crate::ladder::Links;
use crate::store::{CallIdx, MessageIdx, Snapshot};

use super::Format;
use super::sheet::Sheet;

/// What reports are made of.
#[derive(Debug, Clone, Copy)]
pub struct Trace<'a> {
    /// The messages, with calls that are as the user decided.
    pub snapshot: &'a Snapshot,
    /// Their calls.
    pub calls: &'a Calls,
    /// The legs and other dialogs that are reported, each with all of its messages.
    pub chosen: &'a Chosen,
    /// What the user wrote on messages.
    pub notes: Option<&'a BTreeMap<MessageIdx, String>>,
}

impl Trace<'_> {
    /// The chosen calls and other dialogs, in the order of their first messages.
    fn sheets(&self) -> impl Iterator<Item = Sheet> {
        let ids = (1..=self.snapshot.call_count() as CallIdx).filter(|id| self.is_chosen(*id));
        let is_wanted = |leg| self.chosen.has_leg(leg);
        let sheets = Sheet::of_calls((self.snapshot, self.calls), &NO_LINKS, is_wanted, ids);
        sheets.map(|mut sheet| {
            sheet.ladder.add_comments(self.notes.unwrap_or(&NO_NOTES));
            sheet
        })
    }

    fn is_chosen(&self, id: CallIdx) -> bool {
        self.calls.of_call_id(id).any(|handle| match handle {
            Handle::Leg(leg) => self.chosen.has_leg(leg),
            Handle::Dialog(dialog) => self.chosen.has_dialog(dialog),
        })
    }
}

/// The calls of the snapshot are already as the user decided.
static NO_LINKS: LazyLock<Links> = LazyLock::new(Links::default);
static NO_NOTES: BTreeMap<MessageIdx, String> = BTreeMap::new();

/// Appends the chosen calls in a format, and returns how many they are; `None` if the format is no report.
pub fn write(out: &mut String, trace: &Trace<'_>, format: Format) -> Option<usize> {
    match format {
        Format::Markdown => Some(markdown::markdown(out, trace)),
        Format::Svg => Some(svg::svg(out, trace)),
        Format::Html => Some(html::html(out, trace)),
        _ => None,
    }
}
