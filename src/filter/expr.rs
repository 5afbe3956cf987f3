//! A parsed expression, and how it is written.
//!
//! Must not know: rows, messages, how text is parsed.

use std::fmt::{self, Write as _};

use crate::base::{Direction, Transport};

use super::facts::Flag;
use super::field::{Field, Op};
use super::pattern::{Case, Pattern};
use super::value::{Moment, Status};

/// An expression. Displays as the language writes it: parsed again, it is the same expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    /// Holds for everything; written as nothing, and only alone.
    All,
    /// Two or more that must all hold.
    And(Vec<Expr>),
    /// Two or more of which one must hold.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Term(Term),
}

/// One thing that is asked of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// A text anywhere in the message, by smart case.
    Word(String),
    /// A regex anywhere in the message.
    Regex(Pattern),
    Is(Is),
    Field(FieldTerm),
}

/// What `is:` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Request,
    Response,
    Flag(Flag),
}

/// A comparison of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldTerm {
    pub(super) field: Field,
    /// The header field's name or the JSON key; empty for every other field.
    pub(super) key: String,
    pub(super) op: Op,
    pub(super) value: Value,
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// With [`Op::Matches`], and only with it.
    Pattern(Pattern),
    Direction(Direction),
    Transport(Transport),
    Status(Status),
    Number(u64),
    Moment(Moment),
}

impl Is {
    /// Every word, in the order in which they are offered.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Request, Self::Response].into_iter().chain(Flag::ALL.into_iter().map(Self::Flag))
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Flag(flag) => flag.as_str(),
        }
    }
}

impl Expr {
    /// Both must hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::All, e) | (e, Self::All) => e,
            (a, b) => Self::And(a.conjuncts().into_iter().chain(b.conjuncts()).collect()),
        }
    }

    /// One of them must hold; everything where there is none.
    pub(super) fn any(mut all: Vec<Self>) -> Self {
        match all.len() {
            0 => Self::All,
            1 => all.remove(0),
            _ => Self::Or(all),
        }
    }

    fn conjuncts(self) -> Vec<Self> {
        match self {
            Self::And(all) => all,
            e => vec![e],
        }
    }

    /// Calls `visit` for each term, with whether it stands under an even number of negations.
    pub(super) fn each_term<'a>(&'a self, sign: Sign, visit: &mut impl FnMut(&'a Term, Sign)) {
        match self {
            Self::All => {}
            Self::And(all) | Self::Or(all) => all.iter().for_each(|e| e.each_term(sign, visit)),
            Self::Not(e) => e.each_term(sign.flipped(), visit),
            Self::Term(term) => visit(term, sign),
        }
    }
}

/// Whether a term must hold or must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Positive,
    Negative,
}

impl Sign {
    const fn flipped(self) -> Self {
        match self {
            Self::Positive => Self::Negative,
            Self::Negative => Self::Positive,
        }
    }
}

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

/// `word` as it is written to be looked for everywhere: quoted where it would mean something else.
pub(super) fn spell_word(word: &str) -> String {
    match super::parse::parse(word) {
        Ok(Expr::Term(Term::Word(same))) if same == word && !word.contains(['(', ')']) => word.to_owned(),
        _ => quote(word),
    }
}

/// `value` as it is written behind an operator: quoted where it needs to be.
pub(super) fn spell_value(value: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')');
    let bare = !value.is_empty() && !value.starts_with(['/', '=', '~']) && !value.contains(special);
    if bare { value.to_owned() } else { quote(value) }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
