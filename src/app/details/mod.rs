//! The details of one message: four tabs of prepared lines.
//!
//! Lines are made when a text arrives or a tab is chosen, never while drawing; those of long texts in the background.
//!
//! Must not know: how lines are drawn, where the text comes from.

mod look;
mod narrowing;
pub mod page;
pub mod search;
mod searching;

use std::sync::Arc;

use crate::calls::Finding;
use crate::store::{MessageIdx, MessageText};

use super::generation::Generation;
use super::parts::TextView;
use super::styled_text::Line;

pub use crate::explain::Look;
pub use crate::explain::links::Link;
pub use crate::explain::parts::PartNode;
pub use look::{Tab, Wrap};
pub use page::{Layout, Page};
pub use search::{Matches, PageSearch};

/// What the pane shows.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// The message that is wanted; its text may not have arrived yet.
    pub wanted: Option<MessageIdx>,
    /// The number of the request for it.
    pub generation: Generation,
    /// The text that is shown, and whose it is.
    pub text: Option<(MessageIdx, Arc<MessageText>)>,
    /// What was found about the message's call that this message shows.
    findings: Arc<[Finding]>,
    /// The line that is selected for the filter.
    field: Option<usize>,
    /// Why there is no text.
    pub error: Option<String>,
    /// The chosen tab.
    pub tab: Tab,
    /// How it shows.
    pub look: Look,
    /// What becomes of long lines.
    pub wrap: Wrap,
    /// The lines of the chosen tab (of the selected part's body in Parts).
    pub lines: Arc<Vec<Line>>,
    /// What is searched for in the lines.
    pub search: Option<PageSearch>,
    /// Where the lines are scrolled to.
    pub view: TextView,
    /// The lines that name a part.
    pub links: Vec<Link>,
    /// The parts, flattened, outermost first.
    pub parts: Vec<PartNode>,
    /// The selected part.
    pub part: usize,
    /// What the Body tab says it holds: "SDP", "2 parts", "312 B".
    pub body_kind: String,
    /// Where Esc leads back to, the newest last.
    opened_from: Vec<OpenedFrom>,
    /// What is to be laid out in the background.
    waiting: Option<Layout>,
    /// Long pages that are no longer shown.
    replaced: Vec<Page>,
    /// The number of the request for what is laid out in the background.
    pub(in crate::app) page_generation: Option<Generation>,
}

/// What was shown before a part or the message in it was opened.
#[derive(Debug, Clone)]
struct OpenedFrom {
    text: Arc<MessageText>,
    tab: Tab,
    part: usize,
    view: TextView,
    /// Whether the message in the part was opened.
    is_message: bool,
}

impl Details {
    /// Takes a message's text and lays out the chosen tab.
    pub fn show(&mut self, index: MessageIdx, text: Arc<MessageText>) {
        self.put(Page::default());
        self.part = 0;
        self.view = TextView::default();
        self.error = None;
        self.opened_from.clear();
        self.text = Some((index, text));
        self.lay_out();
    }

    /// Opens the message that the selected part is, or the part that the first visible reference names. Whether there was one.
    pub fn open(&mut self) -> bool {
        let Some((index, text)) = self.text.clone() else { return false };
        let part = self.parts.get(self.part).filter(|_| self.tab == Tab::Parts);
        if let Some(bytes) = part.and_then(|part| part.opened(&text.bytes)) {
            self.remember(true);
            let opened_from = std::mem::take(&mut self.opened_from);
            self.tab = Tab::Headers;
            self.show(index, Arc::new(MessageText { bytes, pieces: Vec::new() }));
            self.opened_from = opened_from;
            return true;
        }
        let link = self.links.get(self.links.partition_point(|link| link.line < self.view.top));
        link.map(|link| link.part).map(|part| self.open_part(part)).is_some()
    }

    /// Opens the part that a reference names.
    pub fn open_part(&mut self, part: usize) {
        self.remember(false);
        self.tab = Tab::Parts;
        self.choose_part(part);
    }

    /// Goes back to where the last part or message was opened. Whether there was one.
    pub fn back(&mut self) -> bool {
        let (Some(from), Some((index, _))) = (self.opened_from.pop(), &self.text) else { return false };
        self.text = Some((*index, from.text));
        (self.tab, self.part) = (from.tab, from.part);
        self.lay_out();
        self.view = from.view;
        true
    }

    /// The number of the part whose message is shown, 1-based.
    pub fn within_part(&self) -> Option<usize> {
        self.opened_from.iter().rev().find(|from| from.is_message).map(|from| from.part + 1)
    }

    fn remember(&mut self, is_message: bool) {
        let Some((_, text)) = &self.text else { return };
        let (tab, part, view) = (self.tab, self.part, self.view);
        self.opened_from.push(OpenedFrom { text: Arc::clone(text), tab, part, view, is_message });
    }

    /// Takes a text that was requested, or why there is none. What is no longer wanted is dropped.
    pub fn take(&mut self, generation: Generation, text: Result<Arc<MessageText>, String>) {
        match (self.wanted.filter(|_| self.generation == generation), text) {
            (Some(index), Ok(text)) => self.show(index, text),
            (Some(_), Err(why)) => {
                let wanted = self.wanted;
                self.empty();
                (self.wanted, self.generation, self.error) = (wanted, generation, Some(why));
            }
            (None, _) => {}
        }
    }

    /// Takes what was found about the call of the wanted message.
    pub(in crate::app) fn take_findings(&mut self, findings: Vec<Finding>) {
        if *self.findings != *findings {
            self.findings = findings.into();
            if self.current_text().is_some() && matches!(self.tab, Tab::Headers | Tab::Body) {
                self.lay_out();
            }
        }
    }

    /// Forgets the message; tab, look and search stay.
    pub fn empty(&mut self) {
        self.put(Page::default());
        let replaced = self.take_replaced();
        let search = self.search.take();
        *self = Self { tab: self.tab, look: self.look, wrap: self.wrap, search, replaced, ..Self::default() };
    }

    /// Whether a tab has nothing to show.
    pub fn is_empty(&self, tab: Tab) -> bool {
        matches!(tab, Tab::Body | Tab::Parts) && self.parts.is_empty() && self.body_kind.is_empty()
    }

    /// Whether the text of the wanted message is still being read.
    pub fn is_pending(&self) -> bool {
        self.wanted.is_some() && self.error.is_none() && self.current_text().is_none()
    }

    /// The text of the wanted message, if it has arrived.
    pub fn current_text(&self) -> Option<&Arc<MessageText>> {
        self.text.as_ref().filter(|(row, _)| self.wanted == Some(*row)).map(|(_, text)| text)
    }

    /// Chooses a tab.
    pub fn choose(&mut self, tab: Tab) {
        self.tab = tab;
        self.view = TextView::default();
        self.lay_out();
    }

    /// Chooses a part.
    pub fn choose_part(&mut self, part: usize) {
        self.part = part.min(self.parts.len().saturating_sub(1));
        self.view = TextView::default();
        self.lay_out();
    }

    /// Chooses the part that is `steps` further.
    pub fn step_part(&mut self, steps: isize) {
        self.tab = Tab::Parts;
        self.choose_part(self.part.saturating_add_signed(steps));
    }

    /// Changes how text is shown.
    pub fn change_look(&mut self, change: impl FnOnce(Look) -> Look) {
        self.look = change(self.look);
        self.view = TextView::default();
        self.lay_out();
    }

    /// Breaks long lines into rows, or scrolls them sideways.
    pub fn toggle_wrap(&mut self) {
        self.wrap = self.wrap.other();
        self.view.left = 0;
    }

    /// Takes what was laid out in the background, if it is still wanted.
    pub fn take_page(&mut self, generation: Generation, page: Page) {
        if self.page_generation == Some(generation) {
            self.page_generation = None;
            self.put(page);
        } else {
            self.free(page);
        }
    }

    /// Long pages that are no longer shown. Freeing their lines takes a time that a key would wait for.
    pub fn take_replaced(&mut self) -> Vec<Page> {
        std::mem::take(&mut self.replaced)
    }

    /// What is to be laid out in the background, once.
    pub fn take_layout(&mut self) -> Option<Layout> {
        self.waiting.take()
    }

    /// Lays out again, after text, tab, look or part changed.
    fn lay_out(&mut self) {
        let Some((_, text)) = &self.text else { return };
        let layout = Layout {
            text: Arc::clone(text),
            tab: self.tab,
            look: self.look,
            part: self.part,
            // A message within a part is not one of the call.
            findings: if self.within_part().is_some() { Arc::default() } else { Arc::clone(&self.findings) },
        };
        (self.waiting, self.page_generation) = (None, None);
        if layout.is_short() {
            self.put(layout.page());
        } else {
            let (parts, body_kind) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.body_kind));
            self.put(Page { lines: Arc::new(layout.preview()), links: Vec::new(), parts, body_kind });
            self.waiting = Some(layout);
        }
    }

    fn put(&mut self, page: Page) {
        let before = Page {
            lines: std::mem::replace(&mut self.lines, page.lines),
            links: std::mem::replace(&mut self.links, page.links),
            parts: std::mem::replace(&mut self.parts, page.parts),
            body_kind: std::mem::replace(&mut self.body_kind, page.body_kind),
        };
        self.field = None;
        self.free(before);
        self.search_again();
    }

    /// A long page is freed elsewhere.
    fn free(&mut self, page: Page) {
        if !page.is_short() {
            self.replaced.push(page);
        }
    }
}
