//! A parsed expression, and how it is written.
//!
//! Must not know: rows, messages, how text is parsed.

use crate::base::{Direction, Transport};

use super::facts::Flag;
use super::field::{Field, Op};
use super::pattern::Pattern;
use super::value::{Moment, Status};

/// An expression. Displays as the language writes it: parsed again, it is the same expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expr {
    /// Matches everything; its text is empty, and it is never part of another expression.
    All,
    /// Two or more that must all hold.
    And(Vec<Expr>),
    /// Two or more expressions; one of them must match.
    Or(Vec<Expr>),
    Not(Box<Expr>),
    Term(Term),
    /// What a name stands for, which the user defined.
    Named {
        /// The name as it was written.
        text: String,
        /// What it means.
        expr: Box<Expr>,
    },
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

    /// One of them must match; an empty list matches everything.
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

    /// Calls `visit` for each term, and whether it is under an even number of negations.
    pub(super) fn each_term<'a>(&'a self, sign: Sign, visit: &mut impl FnMut(&'a Term, Sign)) {
        match self {
            Self::All => {}
            Self::And(all) | Self::Or(all) => all.iter().for_each(|e| e.each_term(sign, visit)),
            Self::Not(e) => e.each_term(sign.flipped(), visit),
            Self::Term(term) => visit(term, sign),
            Self::Named { expr, .. } => expr.each_term(sign, visit),
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
