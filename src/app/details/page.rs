//! The lines of a tab, and the parts of the body: what is laid out of a message's text.
//!
//! Short texts are laid out at once. Long ones are laid out in the background; until then their beginning is shown.
//!
//! Must not know: how lines are drawn, threads.

use std::sync::Arc;

use crate::app::styled_text::{Line, Role};
use crate::base::number::grouped;
use crate::calls::Finding;
use crate::explain::links::{self, Link};
use crate::explain::parts::{self, PartNode, part_nodes};
use crate::explain::{Look, body, headers, line_limit, raw, remarks};
use crate::sip::Message;
use crate::store::MessageText;

use super::look::Tab;

/// Texts up to this many bytes are laid out at once.
const SHORT_BYTES: usize = 64 << 10;
/// Bytes of a longer text that are shown at once.
const PREVIEW_BYTES: usize = 16 << 10;

/// What is to be laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The text.
    pub text: Arc<MessageText>,
    /// The tab.
    pub tab: Tab,
    /// How it shows.
    pub look: Look,
    /// The selected part.
    pub part: usize,
    /// What was found about the message's call that this message shows.
    pub findings: Arc<[Finding]>,
}

/// What was laid out.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The lines of the tab, which a search may look at, too.
    pub lines: Arc<Vec<Line>>,
    /// The lines that name a part.
    pub links: Vec<Link>,
    /// The parts, flattened, outermost first.
    pub parts: Vec<PartNode>,
    /// What the body is: "SDP", "2 parts", "312 B".
    pub body_kind: String,
}

/// Pages up to this many lines and parts are freed at once.
const SHORT_LINES: usize = 2_000;

impl Page {
    /// Whether freeing this takes a negligible time.
    pub(super) fn is_short(&self) -> bool {
        self.lines.len() + self.parts.len() <= SHORT_LINES
    }
}

impl Layout {
    /// Whether this takes a negligible time.
    pub fn is_short(&self) -> bool {
        self.text.bytes.len() <= SHORT_BYTES
    }

    /// Lays it out.
    pub fn page(&self) -> Page {
        let message = Message::parse(&self.text.bytes);
        let parts = part_nodes(&message);
        let mut lines = match self.tab {
            Tab::Headers => headers::lines(&message, &self.findings),
            Tab::Body => body::lines(&message, self.look),
            Tab::Parts => {
                parts.get(self.part).map_or_else(Vec::new, |part| parts::lines(&self.text, part, self.look))
            }
            Tab::Raw => raw::lines(&self.text, self.look),
        };
        let is_exact = self.tab == Tab::Raw || (self.tab != Tab::Headers && !self.look.pretty);
        if self.tab == Tab::Body && !is_exact {
            remarks::add_to_body(&mut lines, &message, &self.findings);
        }
        let mut lines = line_limit::long(lines);
        let references = if is_exact { Vec::new() } else { links::mark(&mut lines, &parts) };
        Page { lines: Arc::new(lines), links: references, body_kind: body::kind(&message), parts }
    }

    /// The beginning of a long text.
    pub fn preview(&self) -> Vec<Line> {
        let len = self.text.bytes.len();
        let note = format!("The beginning of {} bytes; the rest is being laid out.", grouped(len as u64));
        let mut lines = vec![Line::of(Role::Note, note), Line::default()];
        let beginning = &self.text.bytes[..len.min(PREVIEW_BYTES)];
        if matches!(self.tab, Tab::Headers | Tab::Raw) {
            let text = MessageText { bytes: beginning.to_vec(), pieces: Vec::new() };
            lines.extend(raw::lines(&text, self.look));
        } else if self.tab == Tab::Body {
            lines.extend(body::beginning(&self.text.bytes[..len.min(SHORT_BYTES)], PREVIEW_BYTES));
        }
        line_limit::long(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_long_body_is_shown_at_once() {
        for (body, expected) in [("[1,\n2]", "[1,\\n"), ("\0\u{1}\0\u{2}", "00000000  00 01 00 02 ")] {
            let body = body.repeat(SHORT_BYTES);
            let bytes = format!("MESSAGE sip:a SIP/2.0\r\n\r\n{body}").into_bytes();
            let text = Arc::new(MessageText { bytes, pieces: Vec::new() });
            let layout =
                Layout { text, tab: Tab::Body, look: Look::default(), part: 0, findings: Arc::default() };
            assert!(!layout.is_short());
            let preview = layout.preview();
            assert!(preview[2].text().starts_with(expected), "{}", preview[2].text());
            assert_eq!(preview[2].source.as_ref().map(|source| source.start), Some(25));
        }
    }
}
