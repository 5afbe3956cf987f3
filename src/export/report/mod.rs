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
use std::io;
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

    /// All of them; `None` if it was stopped.
    fn all_sheets(&self, step: &mut Step<'_>) -> io::Result<Option<Vec<Sheet>>> {
        let mut sheets = Vec::new();
        for sheet in self.sheets() {
            if !step(&mut String::new(), 0)? {
                return Ok(None);
            }
            sheets.push(sheet);
        }
        Ok(Some(sheets))
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

/// Takes what is written so far, and empties it; it also takes the number of messages that are done, and says whether to go
/// on.
pub type Step<'a> = dyn FnMut(&mut String, usize) -> io::Result<bool> + 'a;

/// Writes the chosen calls in a format, call by call, and returns how many they are; `None` if it was stopped.
///
/// # Errors
/// Those of `step`.
pub fn write(trace: &Trace<'_>, format: Format, step: &mut Step<'_>) -> io::Result<Option<usize>> {
    match format {
        Format::Markdown => markdown::markdown(trace, step),
        Format::Svg => svg::svg(trace, step),
        Format::Html => html::html(trace, step),
        _ => Ok(Some(0)),
    }
}
