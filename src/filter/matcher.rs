//! A running filter: one thread's matcher and its memory.
//!
//! Must not know: how expressions are written, how a message is read.

use super::content::Content;
use super::facts::{Facts, Verdict};
use super::program::Node;
use super::{Filter, RequiredLiteral};

/// A [`Filter`] and the remembered results for the texts of one source; each thread has its own.
///
/// The result for an interned text is remembered by its number, so a matcher is for one source (whose interners only
/// grow); another source needs its own matcher.
///
/// ```
/// use sofiatui::filter::{Facts, Filter, Matcher, Verdict};
/// fn shown(filter: &Filter, row: &impl Facts, bytes: impl FnOnce() -> Vec<u8>) -> bool {
///     let mut matcher = Matcher::new(filter); // in real code: once for all rows
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
    /// A matcher without remembered results.
    pub fn new(filter: &Filter) -> Self {
        Self { root: filter.program(), filter: filter.clone() }
    }

    /// The filter that is matched.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// A text that is in the bytes of every message that matches: a block of messages without it need not be split.
    pub fn required_literal(&self) -> Option<&RequiredLiteral> {
        self.filter.required_literal()
    }

    /// The answer of the facts alone.
    ///
    /// For sources that have facts without reading bytes. If the bytes are available, as in a stream,
    /// [`message`](Self::message) alone is cheaper: it also tests the facts, but reads none of them only to search for
    /// a word.
    #[inline]
    pub fn facts(&mut self, facts: &impl Facts) -> Verdict {
        self.root.verdict(facts, None)
    }

    /// The answer of the facts and the bytes: [`Verdict::NeedsBytes`] if it depends on other messages that the facts do
    /// not know yet. Printing holds such messages back.
    #[cfg(feature = "cli")]
    pub(crate) fn verdict(&mut self, facts: &impl Facts, message: &[u8]) -> Verdict {
        self.root.verdict(facts, Some(&Content::new(message)))
    }

    /// Whether the message matches. `message` is all of its exact bytes, from the start line to the end of the body.
    pub fn message(&mut self, facts: &impl Facts, message: &[u8]) -> bool {
        self.root.verdict(facts, Some(&Content::new(message))) == Verdict::Yes
    }
}
