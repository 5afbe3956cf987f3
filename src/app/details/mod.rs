//! The details of one message: four tabs of prepared lines.
//!
//! Lines are made when a text arrives or a tab is chosen, never while drawing.
//!
//! Must not know: how lines are drawn, where the text comes from.

mod body;
mod chop;
mod codecs;
mod content;
mod edge;
mod fields;
mod headers;
mod hex;
mod json;
mod parts;
mod raw;
mod sdp;
mod text;
mod values;
mod words;
mod xml;

use std::sync::Arc;

use crate::sip::Message;
use crate::store::{MessageIdx, MessageText};

use super::paper::Line;

pub use parts::{PartNode, part_nodes};

/// The tabs of the details pane, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// Start line and header fields, aligned and expanded.
    #[default]
    Headers,
    /// The body, explained or pretty-printed.
    Body,
    /// The tree of MIME parts.
    Parts,
    /// The exact bytes.
    Raw,
}

impl Tab {
    /// All tabs from left to right.
    pub const ALL: [Self; 4] = [Self::Headers, Self::Body, Self::Parts, Self::Raw];

    /// What is written on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Headers => "Headers",
            Self::Body => "Body",
            Self::Parts => "Parts",
            Self::Raw => "Raw",
        }
    }

    /// The tab `steps` to the right, around the end.
    #[must_use]
    pub fn step(self, steps: usize) -> Self {
        Self::ALL[(self as usize + steps) % Self::ALL.len()]
    }
}

/// How the tabs show text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Bodies are explained and pretty-printed; else their exact bytes, escaped.
    pub pretty: bool,
    /// The Raw tab shows bytes in hex.
    pub hex: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { pretty: true, hex: false }
    }
}

/// What the pane shows.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// The message that is wanted; its text may still be on its way.
    pub wanted: Option<MessageIdx>,
    /// The text that is shown, and whose it is.
    pub text: Option<(MessageIdx, Arc<MessageText>)>,
    /// Why there is no text.
    pub error: Option<String>,
    /// The chosen tab.
    pub tab: Tab,
    /// How it shows.
    pub look: Look,
    /// The lines of the chosen tab (of the selected part's body in Parts).
    pub lines: Vec<Line>,
    /// The first visible line.
    pub top: usize,
    /// The parts, flattened, outermost first.
    pub parts: Vec<PartNode>,
    /// The selected part.
    pub part: usize,
    /// What the Body tab says it holds: "SDP", "multipart", "JSON 312 B".
    pub body_kind: String,
}

impl Details {
    /// Takes a message's text and makes the lines of the chosen tab.
    pub fn show(&mut self, index: MessageIdx, text: Arc<MessageText>) {
        let message = Message::parse(&text.bytes);
        self.parts = part_nodes(&message);
        self.body_kind = body::kind(&message);
        self.part = 0;
        self.top = 0;
        self.error = None;
        self.text = Some((index, text));
        self.prepare();
    }

    /// Says why there is no text.
    pub fn fail(&mut self, why: String) {
        *self =
            Self { wanted: self.wanted, tab: self.tab, look: self.look, error: Some(why), ..Self::default() };
    }

    /// Chooses a tab.
    pub fn choose(&mut self, tab: Tab) {
        self.tab = tab;
        self.top = 0;
        self.prepare();
    }

    /// Chooses a part.
    pub fn choose_part(&mut self, part: usize) {
        self.part = part.min(self.parts.len().saturating_sub(1));
        self.top = 0;
        self.prepare();
    }

    /// Makes the lines anew, after tab, look or part changed.
    pub fn prepare(&mut self) {
        let Some((_, text)) = &self.text else { return };
        let lines = match self.tab {
            Tab::Headers => headers::lines(&Message::parse(&text.bytes)),
            Tab::Body => body::lines(&Message::parse(&text.bytes), self.look),
            Tab::Parts => {
                self.parts.get(self.part).map_or_else(Vec::new, |part| parts::lines(text, part, self.look))
            }
            Tab::Raw => raw::lines(text, self.look),
        };
        self.lines = chop::long(lines);
    }
}
