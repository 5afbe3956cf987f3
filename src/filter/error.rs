//! What is wrong with an expression: where, and what was expected.
//!
//! Must not know: how expressions are parsed, terminals.

use std::fmt;

use crate::base::escape::escape;

/// Why an expression is not a filter, and the position of the error.
///
/// Displays as one line: ``column 8: unknown field 'form': did you mean 'from'?``.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterError {
    /// 1-based, in characters of the expression; one past the end if something is missing there.
    pub column: usize,
    /// What is wrong.
    pub kind: FilterErrorKind,
}

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterErrorKind {
    /// Something else is expected here: a description of it.
    Expected(&'static str),
    /// The field does not exist.
    UnknownField {
        /// The text before the operator.
        name: String,
        /// The field that was probably meant, as written in an expression.
        suggestion: Option<String>,
    },
    /// `is:` does not know this word, or the field's fixed words do not include it.
    UnknownWord {
        /// The given word.
        word: String,
        /// The words that exist, as a list for a sentence.
        expected: &'static str,
        /// The word that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The field cannot be compared this way.
    Operator {
        /// The field's name.
        field: &'static str,
        /// The operators that it accepts, as a list for a sentence.
        expected: &'static str,
    },
    /// No filter has this name.
    UnknownFilter {
        /// The name without the `@`.
        name: String,
        /// The name that was probably meant.
        suggestion: Option<String>,
        /// The names that there are: `@failed, @slow`.
        known: String,
    },
    /// The regex is invalid; the text is the message of the regex engine, one line.
    Regex(String),
    /// Too many nested parentheses and negations.
    TooDeep,
}

impl FilterError {
    pub(super) const fn new(column: usize, kind: FilterErrorKind) -> Self {
        Self { column, kind }
    }

    /// The field or word that was probably meant, if one is similar.
    pub fn suggestion(&self) -> Option<&str> {
        match &self.kind {
            FilterErrorKind::UnknownField { suggestion, .. } => suggestion.as_deref(),
            FilterErrorKind::UnknownWord { suggestion, .. } => *suggestion,
            _ => None,
        }
    }

    /// `text`, the expression that was parsed, and below it a caret at the position: two lines without a line end, safe
    /// for a terminal.
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
            Self::UnknownFilter { name, suggestion, known } => {
                write!(f, "no filter is named '@{}': ", escape(name.as_bytes()))?;
                match suggestion {
                    Some(near) => write!(f, "did you mean '@{near}'?"),
                    None => write!(f, "there is {known}"),
                }
            }
            Self::Operator { field, expected } => write!(f, "'{field}' takes {expected}"),
            Self::Regex(message) => write!(f, "{message} in the regex"),
            Self::TooDeep => f.write_str("nested too deeply"),
        }
    }
}

impl std::error::Error for FilterError {}
