//! A filter at work: one thread's matcher with its memory.
//!
//! Must not know: how expressions are written, how a message is read.

use super::content::Content;
use super::facts::{Facts, Verdict};
use super::program::Node;
use super::{Filter, RequiredLiteral};

/// A [`Filter`] and what it has learnt about the texts of one source: one for each thread.
///
/// The answer for an interned text is remembered by its number, so a matcher is for one source
/// (whose interners only grow); another source needs a matcher of its own.
///
/// ```
/// use sofiatui::filter::{Facts, Filter, Matcher, Verdict};
/// fn shown(filter: &Filter, row: &impl Facts, bytes: impl FnOnce() -> Vec<u8>) -> bool {
///     let mut matcher = Matcher::new(filter); // once for all rows, in earnest
///     match matcher.facts(row) {
///         Verdict::Yes => true,
///         Verdict::No => false,
///         Verdict::NeedsBytes => matcher.message(row, &bytes()),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Matcher {
    root: Node,
    filter: Filter,
}

impl Matcher {
    /// A matcher that has learnt nothing yet.
    pub fn new(filter: &Filter) -> Self {
        Self { root: filter.program(), filter: filter.clone() }
    }

    /// The filter that is matched.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// A text that stands in the bytes of every message that matches: a block of messages without
    /// it need not be split.
    pub fn required_literal(&self) -> Option<&RequiredLiteral> {
        self.filter.required_literal()
    }

    /// What the facts alone say.
    ///
    /// For sources that have facts without reading. Where the bytes are at hand, as in a stream,
    /// [`message`](Self::message) alone is cheaper: it asks the facts too, but reads none of them
    /// only to look for a word.
    #[inline]
    pub fn facts(&mut self, facts: &impl Facts) -> Verdict {
        self.root.verdict(facts, None)
    }

    /// What the facts and the bytes say: [`Verdict::NeedsBytes`] where it depends on other messages, and the facts do not
    /// know of these yet.
    pub(crate) fn verdict(&mut self, facts: &impl Facts, message: &[u8]) -> Verdict {
        self.root.verdict(facts, Some(&Content::new(message)))
    }

    /// Whether the message matches. `message` is all of its bytes, exactly, from the start line to
    /// the end of the body.
    pub fn message(&mut self, facts: &impl Facts, message: &[u8]) -> bool {
        self.root.verdict(facts, Some(&Content::new(message))) == Verdict::Yes
    }
}
