//! Writes expressions as text: parsing the text gives the same expression again.
//!
//! Must not know: messages, how expressions are matched.

use std::fmt::{self, Write as _};

use super::expr::{Expr, FieldTerm, Term, Value};
use super::parse;
use super::pattern::{Case, Pattern};
use super::value::Status;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => Ok(()),
            Self::And(all) => join(f, all, " ", |e| matches!(e, Self::And(_) | Self::Or(_))),
            Self::Or(all) => join(f, all, " or ", |e| matches!(e, Self::Or(_))),
            Self::Not(e) => {
                f.write_char('-')?;
                grouped(f, e, matches!(**e, Self::And(_) | Self::Or(_)))
            }
            Self::Term(term) => term.fmt(f),
            Self::Named { text, .. } => f.write_str(text),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, all: &[Expr], by: &str, group: fn(&Expr) -> bool) -> fmt::Result {
    for (n, e) in all.iter().enumerate() {
        if n > 0 {
            f.write_str(by)?;
        }
        grouped(f, e, group(e))?;
    }
    Ok(())
}

fn grouped(f: &mut fmt::Formatter<'_>, e: &Expr, group: bool) -> fmt::Result {
    if group { write!(f, "({e})") } else { write!(f, "{e}") }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&spell_word(word)),
            Self::Regex(pattern) => write_regex(f, pattern),
            Self::Is(is) => write!(f, "is:{}", is.as_str()),
            Self::Field(term) => term.fmt(f),
        }
    }
}

impl fmt::Display for FieldTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.field.name(), self.key, self.op.as_str())?;
        match &self.value {
            Value::Text(text) => f.write_str(&spell_value(text)),
            Value::Pattern(p) if p.case() == Case::Exact => f.write_str(&spell_value(p.source())),
            Value::Pattern(p) => write_regex(f, p),
            Value::Direction(direction) => f.write_str(direction.as_str()),
            Value::Transport(transport) => f.write_str(transport.as_str()),
            Value::Status(Status::Code(code)) => write!(f, "{code}"),
            Value::Status(Status::Class(class)) => write!(f, "{class}xx"),
            Value::Number(n) => write!(f, "{n}"),
            Value::Moment(moment) => f.write_str(moment.text()),
        }
    }
}

/// `/source/` or `/source/i`, slashes of the source escaped. A backslash and what it escapes stay
/// together, so that the parser takes back those backslashes alone that are added here.
fn write_regex(f: &mut fmt::Formatter<'_>, pattern: &Pattern) -> fmt::Result {
    f.write_char('/')?;
    let mut chars = pattern.source().chars();
    while let Some(c) = chars.next() {
        match c {
            '/' => f.write_str("\\/")?,
            '\\' => {
                f.write_char(c)?;
                chars.next().map_or(Ok(()), |next| f.write_char(next))?;
            }
            _ => f.write_char(c)?,
        }
    }
    f.write_str(if pattern.case() == Case::Any { "/i" } else { "/" })
}

/// `word` as a search term: quoted if it would otherwise mean something else.
pub(super) fn spell_word(word: &str) -> String {
    if word.strip_prefix('@').is_some_and(super::Names::is_name) {
        return quote(word);
    }
    match parse::parse(word) {
        Ok(Expr::Term(Term::Word(same))) if same == word && !word.contains(['(', ')']) => word.to_owned(),
        _ => quote(word),
    }
}

/// `value` as written after an operator: quoted if necessary.
pub(super) fn spell_value(value: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')');
    let bare = !value.is_empty() && !value.starts_with(['/', '=', '~']) && !value.contains(special);
    if bare { value.to_owned() } else { quote(value) }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
