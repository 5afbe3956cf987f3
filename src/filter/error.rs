//! What is wrong with an expression: where, and what was expected there.
//!
//! Must not know: how expressions are parsed, terminals.

use std::fmt;

use crate::base::escape::escape;

/// Why an expression is no filter, and the place of it.
///
/// Displays as one line: ``column 8: unknown field 'form': did you mean 'from'?``.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterError {
    /// 1-based, in characters of the expression; one past the end where something is missing there.
    pub column: usize,
    /// What is wrong.
    pub kind: FilterErrorKind,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterErrorKind {
    /// Something else should stand here: a description of what.
    Expected(&'static str),
    /// There is no such field.
    UnknownField {
        /// What was written before the operator.
        name: String,
        /// The field that was probably meant, as it is written in an expression.
        suggestion: Option<String>,
    },
    /// `is:` knows no such word, or a field of fixed words has no such word.
    UnknownWord {
        /// The word that was given.
        word: String,
        /// The words that there are, as a sentence lists them.
        expected: &'static str,
        /// The word that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The field cannot be compared this way.
    Operator {
        /// The field's name.
        field: &'static str,
        /// The operators that it takes, as a sentence lists them.
        expected: &'static str,
    },
    /// The regex is none; the text is the regex engine's, one line.
    Regex(String),
    /// More parentheses and negations within each other than anybody writes.
    TooDeep,
}

impl FilterError {
    pub(super) const fn new(column: usize, kind: FilterErrorKind) -> Self {
        Self { column, kind }
    }

    /// The field or word that was probably meant, where one comes near.
    pub fn suggestion(&self) -> Option<&str> {
        match &self.kind {
            FilterErrorKind::UnknownField { suggestion, .. } => suggestion.as_deref(),
            FilterErrorKind::UnknownWord { suggestion, .. } => *suggestion,
            _ => None,
        }
    }

    /// `text`, the expression that was parsed, and below it a caret under the place: two lines
    /// without a line end, fit for a terminal.
    ///
    /// ```
    /// let text = "bye form:1583";
    /// let error = sofiatui::filter::Filter::parse(text).unwrap_err();
    /// assert_eq!(error.caret(text), "bye form:1583\n    ^");
    /// ```
    pub fn caret(&self, text: &str) -> String {
        let at = text.char_indices().nth(self.column - 1).map_or(text.len(), |(at, _)| at);
        let before = escape(&text.as_bytes()[..at]);
        let after = escape(&text.as_bytes()[at..]);
        let blanks = " ".repeat(before.chars().count());
        format!("{before}{after}\n{blanks}^")
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.kind)
    }
}

impl fmt::Display for FilterErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::UnknownField { name, suggestion: Some(suggestion) } => {
                write!(f, "unknown field '{}': did you mean '{suggestion}'?", escape(name.as_bytes()))
            }
            Self::UnknownField { name, suggestion: None } => {
                write!(f, "unknown field '{}': quote the text to look for it", escape(name.as_bytes()))
            }
            Self::UnknownWord { word, suggestion: Some(suggestion), .. } => {
                write!(f, "unknown word '{}': did you mean '{suggestion}'?", escape(word.as_bytes()))
            }
            Self::UnknownWord { word, expected, suggestion: None } => {
                write!(f, "unknown word '{}': expected {expected}", escape(word.as_bytes()))
            }
            Self::Operator { field, expected } => write!(f, "'{field}' takes {expected}"),
            Self::Regex(message) => write!(f, "{message} in the regex"),
            Self::TooDeep => f.write_str("nested too deeply"),
        }
    }
}

impl std::error::Error for FilterError {}
