//! The filter language: parses expressions, explains errors in them, and matches them against rows of an index and
//! against the bytes of messages.
//!
//! Must not know: the store's threads, screens, files.
//!
//! Terms next to each other must all hold (`and` is optional); also `or`, `not` or `-`, and parentheses.
//!
//! | term | holds when |
//! | --- | --- |
//! | `word`, `"some words"` | anywhere in the message, smart case: lower-case text ignores case |
//! | `/regex/`, `/regex/i` | anywhere in the message |
//! | `field:value` | contains, with smart case; words and numbers equal, `4xx` is a status class |
//! | `field=value` | equals; methods, words and media types ignore case |
//! | `field!=value` | there is a value, and none is equal |
//! | `field~regex` | matches |
//! | `field>value`, `>=`, `<`, `<=` | numbers, times, sizes |
//! | `is:word` | the message has this property |
//!
//! A comparison holds only if there is a value to compare: `status!=200` holds for other responses, `-status:200` also
//! for requests. `from` and `to` are the users that lists show; a value that cannot be a user, such as
//! `from:ann@example.com`, is compared with the whole field.
//!
//! An index row often answers without reading the message: [`Matcher::facts`] returns three values,
//! [`Matcher::message`] two.

mod closed_words;
mod column;
mod complete;
mod content;
mod error;
mod expr;
mod facts;
mod field;
mod known_names;
mod literal;
mod matcher;
mod names;
mod narrowing;
pub mod options;
mod parse;
mod party;
mod pattern;
mod plain_text;
mod program;
mod scan;
mod search;
mod spell;
mod suggest;
pub mod time_range;
mod unfinished;
mod value;
mod value_of;

#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use complete::{Completion, Context, complete, complete_with, context};
pub use error::{FilterError, FilterErrorKind};
pub use facts::{Facts, Flag, RowFlags, Text, Verdict};
pub use field::{Field, Op};
pub use literal::RequiredLiteral;
pub use matcher::Matcher;
pub use names::Names;
pub use pattern::Case;
pub use plain_text::PlainText;
pub use unfinished::unfinished;
pub use value_of::value_of;

use expr::Expr;
use program::Node;
use search::Search;

/// A parsed expression. Cheap to clone and to send to another thread; a [`Matcher`] runs it.
///
/// ```
/// use sofiatui::filter::Filter;
/// let filter = Filter::parse("method:invite -is:retransmission (from:1583 or to:1583)").unwrap();
/// assert!(!filter.needs_bytes());
/// let error = Filter::parse("bye form:1583").unwrap_err();
/// assert_eq!(error.to_string(), "column 5: unknown field 'form': did you mean 'from'?");
/// ```
#[derive(Clone)]
pub struct Filter(Arc<Parsed>);

struct Parsed {
    text: String,
    expr: Expr,
    /// The initial program of matchers.
    program: Node,
    required: OnceLock<Option<RequiredLiteral>>,
    highlights: OnceLock<Vec<Search>>,
}

impl Filter {
    /// Parses an expression; blanks alone are [`Filter::all`].
    ///
    /// # Errors
    /// If the text is not an expression: the first position with an error, and what was expected there.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parse::parse(text).map(|expr| Self::new(text.trim().to_owned(), expr))
    }

    /// Parses an expression in which these names have a meaning.
    ///
    /// # Errors
    /// As [`Filter::parse`]; also if a name is used that is similar to one of a filter.
    pub fn parse_with(text: &str, names: &Names) -> Result<Self, FilterError> {
        parse::parse_with(text, names).map(|expr| Self::new(text.trim().to_owned(), expr))
    }

    /// The filter that matches everything. Its text is empty.
    pub fn all() -> Self {
        Self::new(String::new(), Expr::All)
    }

    /// The filter of an expression, in the language's canonical spelling.
    fn from_expr(expr: Expr) -> Self {
        Self::new(expr.to_string(), expr)
    }

    fn new(text: String, expr: Expr) -> Self {
        let program = Node::new(&expr);
        let (required, highlights) = (OnceLock::new(), OnceLock::new());
        Self(Arc::new(Parsed { text, expr, program, required, highlights }))
    }

    /// The expression as it was written, without blanks around it.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Whether it matches everything because it has no terms.
    pub fn is_all(&self) -> bool {
        self.0.expr == Expr::All
    }

    /// The filter that accepts what both accept.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self.is_all(), other.is_all()) {
            (_, true) => self,
            (true, _) => other,
            _ => Self::from_expr(self.0.expr.clone().and(other.0.expr.clone())),
        }
    }

    /// The terms that must all hold; one if it is not a list of such terms.
    pub fn terms(&self) -> Vec<Self> {
        match self.expr() {
            Expr::All => Vec::new(),
            Expr::And(all) => all.iter().map(|expr| Self::from_expr(expr.clone())).collect(),
            _ => vec![self.clone()],
        }
    }

    /// Whether the facts of a row may not decide, so that messages must be read.
    pub fn needs_bytes(&self) -> bool {
        self.0.program.needs_bytes()
    }

    /// Whether other messages of the same transaction are needed to decide.
    pub fn needs_others(&self) -> bool {
        self.0.program.needs_others()
    }

    /// Whether whole calls must be known for an answer.
    pub fn needs_calls(&self) -> bool {
        self.0.program.needs_calls()
    }

    /// Whether the marks of the user are needed, which only the browser has.
    pub fn needs_marks(&self) -> bool {
        self.0.program.needs_marks()
    }

    /// Whether an answer may change later: other messages, calls or marks are needed for it.
    pub fn asks_beyond(&self) -> bool {
        self.needs_others() || self.needs_calls() || self.needs_marks()
    }

    /// The filter that matches what this one does not match; for [`Filter::all`], itself.
    #[must_use]
    pub fn negated(self) -> Self {
        match self.expr() {
            Expr::All => self,
            Expr::Not(inner) => Self::from_expr((**inner).clone()),
            other => Self::from_expr(Expr::Not(Box::new(other.clone()))),
        }
    }

    /// A text that is in the bytes of every message that matches, if there is one for certain.
    pub fn required_literal(&self) -> Option<&RequiredLiteral> {
        self.0.required.get_or_init(|| literal::required(&self.0.expr)).as_ref()
    }

    /// Where `text`, a message or any part of one, contains what the terms without negation search for: 0-based bytes,
    /// in order, none empty, none adjacent.
    pub fn highlights(&self, text: &[u8]) -> Vec<Range<usize>> {
        literal::ranges(self.0.highlights.get_or_init(|| literal::searches(&self.0.expr)), text)
    }

    fn expr(&self) -> &Expr {
        &self.0.expr
    }

    fn program(&self) -> Node {
        self.0.program.clone()
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::all()
    }
}

impl PartialEq for Filter {
    /// Whether both have the same terms in the same order, however they are written.
    fn eq(&self, other: &Self) -> bool {
        self.0.expr == other.0.expr
    }
}

impl Eq for Filter {}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&self.0.text).finish()
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
