//! Names that users define: of filters (`@failed`), and of peers and profiles.
//!
//! Must not know: where the definitions are written, rows, screens.

use std::sync::Arc;

use crate::base::Aliases;

use super::Filter;
use super::error::{FilterError, FilterErrorKind};
use super::expr::{Expr, FieldTerm, Term, Value};
use super::field::{Field, Op};
use super::pattern::{Case, Pattern};
use super::search::{Search, smart_case};
use super::suggest::suggest;

/// Named filters and the names of peers and profiles, for [`Filter::parse_with`]. Cheap to clone.
///
/// `@failed` in an expression is the filter with this name. `addr:carrier2` and the word `carrier2` also match the
/// messages of the peer with this name, and `profile:pbx` those of the profile.
///
/// ```
/// use sofiatui::base::Aliases;
/// use sofiatui::filter::{Filter, Names};
/// let names = Names::new(Aliases::new([("192.0.2.21", "carrier2")]));
/// let names = names.define("refused", "status>=400 -status:401").unwrap();
/// let filter = Filter::parse_with("@refused addr:carrier2", &names).unwrap();
/// assert_eq!(filter.text(), "@refused addr:carrier2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    filters: Arc<[(String, Filter)]>,
    aliases: Aliases,
}

impl Names {
    /// Names of peers and profiles, and no named filter.
    pub fn new(aliases: Aliases) -> Self {
        Self { filters: Arc::default(), aliases }
    }

    /// The same names and one more filter, which may use the filters that were defined before it.
    ///
    /// # Errors
    /// If `text` is not an expression, or matches everything.
    pub fn define(&self, name: &str, text: &str) -> Result<Self, FilterError> {
        let filter = Filter::parse_with(text, self)?;
        if filter.is_all() {
            return Err(FilterError::new(1, FilterErrorKind::Expected("a term")));
        }
        let others = self.filters.iter().filter(|(other, _)| other != name).cloned();
        let filters = others.chain([(name.to_owned(), filter)]).collect();
        Ok(Self { filters, aliases: self.aliases.clone() })
    }

    /// Whether a filter can have this name: a letter, then letters, digits, `-` and `_`.
    pub fn is_name(name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    }

    /// The named filters, in the order in which they were defined.
    pub fn filters(&self) -> impl Iterator<Item = (&str, &Filter)> {
        self.filters.iter().map(|(name, filter)| (name.as_str(), filter))
    }

    /// The expression of `@name`; `None` if it is a text to search for, because it cannot be a name or no filter has one.
    ///
    /// # Errors
    /// If there is no such filter, but there are others.
    pub(super) fn filter(&self, name: &str) -> Result<Option<Expr>, FilterErrorKind> {
        let expr = self.filters().find(|(known, _)| *known == name).map(|(_, filter)| filter.expr().clone());
        if expr.is_some() || !Self::is_name(name) || self.filters.is_empty() {
            return Ok(expr);
        }
        let near = suggest(&name.to_ascii_lowercase(), self.filters().map(|(known, _)| known));
        let known: Vec<String> = self.filters().map(|(known, _)| format!("@{known}")).collect();
        Err(FilterErrorKind::UnknownFilter {
            name: name.to_owned(),
            suggestion: near.map(str::to_owned),
            known: known.join(", "),
        })
    }

    /// The term, or what it means if it names a peer or a profile; `text` is the term as it was written.
    pub(super) fn meaning(&self, term: Term, text: &str) -> Expr {
        let alternatives = self.alternatives(&term);
        if alternatives.is_empty() {
            return Expr::Term(term);
        }
        let all = [term].into_iter().chain(alternatives).map(Expr::Term);
        Expr::Named { text: text.to_owned(), expr: Box::new(Expr::any(all.collect())) }
    }

    /// What else matches where a name does.
    fn alternatives(&self, term: &Term) -> Vec<Term> {
        let (wanted, peers, profiles, whole) = match term {
            _ if self.aliases.is_empty() => return Vec::new(),
            Term::Word(word) => (word, true, true, false),
            Term::Field(FieldTerm {
                field,
                op: op @ (Op::Has | Op::Equals),
                value: Value::Text(text),
                ..
            }) => (text, *field == Field::Addr, *field == Field::Profile, *op == Op::Equals),
            _ => return Vec::new(),
        };
        let search = if whole {
            Search::equals(wanted, Case::Any)
        } else {
            Search::literal(wanted, smart_case(wanted))
        };
        let named = self.aliases.all().iter().filter(|alias| search.passes(alias.name.as_bytes()));
        let terms = named.flat_map(|alias| {
            let peer = peers.then(|| peer(alias.address())).flatten();
            peer.into_iter().chain(profiles.then(|| profile(&alias.of)))
        });
        terms.collect()
    }
}

/// Messages of a peer, by its host and perhaps its port.
fn peer((host, port): (&str, Option<&str>)) -> Option<Term> {
    let host = regex::escape(host);
    let regex = match port {
        Some(port) => format!(r"^\[?{host}\]?:{port}$"),
        None => format!(r"^\[?{host}\]?(:\d+)?$"),
    };
    let value = Value::Pattern(Pattern::new(&regex, Case::Any).ok()?);
    Some(Term::Field(FieldTerm { field: Field::Addr, key: String::new(), op: Op::Matches, value }))
}

fn profile(name: &str) -> Term {
    let value = Value::Text(name.to_owned());
    Term::Field(FieldTerm { field: Field::Profile, key: String::new(), op: Op::Equals, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let names = Names::new(Aliases::new([("192.0.2.21", "carrier2"), ("internal", "PBX")]));
        let names = names.define("failed", "is:failed or status:4xx").unwrap();
        names.define("worse", "@failed -status:404").unwrap()
    }

    #[test]
    fn a_name_is_written_as_it_was_typed() {
        for text in ["@failed", "-@failed method:invite", "(@worse or addr:carrier2) bye", "profile:PBX"] {
            let filter = Filter::parse_with(text, &names()).unwrap();
            assert_eq!(filter.expr().to_string(), text);
        }
        let both = Filter::parse_with("@failed", &names()).unwrap().and(Filter::parse("bye").unwrap());
        assert_eq!(both.text(), "@failed bye");
    }

    #[test]
    fn an_unknown_name_is_an_error_that_says_which_names_there_are() {
        let error = Filter::parse_with("@pbx", &names()).unwrap_err().to_string();
        assert!(error.starts_with("column 1: no filter is named '@pbx': there is @failed, "), "{error}");
        assert_eq!(Filter::parse("@pbx").unwrap().expr().to_string(), "\"@pbx\"");
        assert_eq!(
            Filter::parse_with("@failed.example", &names()).unwrap().expr().to_string(),
            "@failed.example"
        );
        let error = Filter::parse_with("bye -@fialed", &names()).unwrap_err();
        assert_eq!(error.to_string(), "column 6: no filter is named '@fialed': did you mean '@failed'?");
        assert!(names().define("x", " ").is_err());
    }

    #[test]
    fn a_quoted_name_is_text() {
        let filter = Filter::parse_with("\"@failed\" bye", &names()).unwrap();
        assert_eq!(filter.expr().to_string(), "\"@failed\" bye");
    }
}
