//! The filter options of the command line, as expressions of the language.
//!
//! Must not know: how options are read from the command line, rows, messages.

use std::fmt;

use crate::base::Direction;
use crate::base::bytes::is_token_str;

use super::error::{FilterError, FilterErrorKind};
use super::expr::{Expr, FieldTerm, Sign, Term, Value};
use super::field::{Field, Op};
use super::pattern::{BadPattern, Case, Pattern};
use super::suggest::unknown;
pub use super::time_range::{Time, between, moment, until};

use super::time_range::TimeRange;

use super::{Filter, Names, spell};

/// The given options; [`filter`](Self::filter) combines them into one expression.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `-m`: requests of any of these methods, and their responses.
    pub methods: Vec<String>,
    /// `-x`: none of these.
    pub excluded: Vec<String>,
    /// `-c`: a regex on the Call-ID.
    pub call_id: Option<String>,
    /// `-d`.
    pub direction: Option<Direction>,
    /// `-a`: a regex on the peer's address as the dump writes it.
    pub address: Option<String>,
    /// `-H`: `NAME=REGEX`, all of them.
    pub headers: Vec<String>,
    /// `-g`: regexes anywhere in the message, all of them.
    pub greps: Vec<String>,
    /// `-b`: regexes on the body, all of them.
    pub body_greps: Vec<String>,
    /// `--since`.
    pub since: Option<String>,
    /// `--until`.
    pub until: Option<String>,
    /// The time range of these two, if more is known about it than the options say.
    pub time_range: Option<TimeRange>,
    /// `-f`: expressions of the language, all of them.
    pub filters: Vec<String>,
    /// The names that these expressions may use.
    pub names: Names,
    /// `-i`: whether the regexes ignore case.
    pub case: Case,
    /// `--all-methods`: whether `OPTIONS` is hidden unless it is requested.
    pub keepalive_methods: KeepaliveMethods,
}

/// How the method is treated that peers use to check whether the other side is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepaliveMethods {
    /// `OPTIONS` is hidden, unless `-m` or an expression names it.
    #[default]
    LeftOut,
    /// All methods are shown.
    Shown,
}

/// An option with an invalid value.
///
/// Displays as three lines: what is wrong, the value, and a caret below the position.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptionError {
    /// The option, as in `--grep`.
    pub option: &'static str,
    /// The given value.
    pub value: String,
    /// What is wrong with it.
    pub error: FilterError,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.option, self.error)?;
        self.error.caret(&self.value).lines().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl std::error::Error for OptionError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Options {
    /// All options as one expression.
    ///
    /// # Errors
    /// The first option whose value is wrong.
    pub fn filter(&self) -> Result<Filter, OptionError> {
        let mut all = Filter::all();
        let case = self.case;
        let mut add = |filter: Filter| all = std::mem::take(&mut all).and(filter);
        let wanted = self.methods.iter().map(|verb| named("--method", verb, method));
        add(Filter::from_expr(Expr::any(wanted.collect::<Result<_, _>>()?)));
        for verb in &self.excluded {
            add(Filter::from_expr(named("--exclude", verb, method)?).negated());
        }
        if let Some(value) = &self.call_id {
            add(named("--call-id", value, |v| call_id(v, case))?);
        }
        self.direction.into_iter().for_each(|d| add(direction(d)));
        if let Some(value) = &self.address {
            add(named("--address", value, |v| address(v, case))?);
        }
        for value in &self.headers {
            add(named("--header", value, |v| header(v, case))?);
        }
        for value in &self.greps {
            add(named("--grep", value, |v| grep(v, case))?);
        }
        for value in &self.body_greps {
            add(named("--body-grep", value, |v| body_grep(v, case))?);
        }
        add(self.time_range.clone().map_or_else(|| self.time_range(), Ok)?.filter());
        for value in &self.filters {
            add(named("--filter", value, |text| Filter::parse_with(text, &self.names))?);
        }
        Ok(self.without_keepalive_methods(all))
    }

    /// The time range of `--since` and `--until`.
    ///
    /// # Errors
    /// If one of them is not a time.
    pub fn time_range(&self) -> Result<TimeRange, OptionError> {
        let since = self.since.as_ref().map(|value| named("--since", value, moment)).transpose()?;
        let read = |value: &String| named("--until", value, |value| until(value, since.as_ref()));
        let until = self.until.as_ref().map(read).transpose()?;
        Ok(TimeRange::new(since, until))
    }

    fn without_keepalive_methods(&self, all: Filter) -> Filter {
        if self.keepalive_methods == KeepaliveMethods::Shown || names_options(all.expr()) {
            return all;
        }
        Filter::from_expr(Expr::Term(Term::Field(method_term("OPTIONS")))).negated().and(all)
    }
}

/// The result of `read` for the value of `option`; an error names the option.
fn named<T>(
    option: &'static str,
    value: &str,
    read: impl FnOnce(&str) -> Result<T, FilterError>,
) -> Result<T, OptionError> {
    read(value).map_err(|error| OptionError { option, value: value.to_owned(), error })
}

/// `-m`: requests of any of the methods and their responses; everything if there are none.
///
/// # Errors
/// If one of them is not a token (RFC 3261 §25.1).
pub fn methods(verbs: &[impl AsRef<str>]) -> Result<Filter, FilterError> {
    let all = verbs.iter().map(|v| method(v.as_ref())).collect::<Result<Vec<_>, _>>()?;
    Ok(Filter::from_expr(Expr::any(all)))
}

/// `-x`: everything but requests of the methods and their responses.
///
/// # Errors
/// If one of them is not a token.
pub fn exclude(verbs: &[impl AsRef<str>]) -> Result<Filter, FilterError> {
    verbs
        .iter()
        .try_fold(Filter::all(), |all, verb| Ok(all.and(Filter::from_expr(method(verb.as_ref())?).negated())))
}

/// `-c`: a regex on the Call-ID.
///
/// # Errors
/// If it is not a valid regex.
pub fn call_id(regex: &str, case: Case) -> Result<Filter, FilterError> {
    matches(Field::CallId, "", regex, case)
}

/// `-d`.
pub fn direction(direction: Direction) -> Filter {
    field_term(Field::Dir, "", Op::Has, Value::Direction(direction))
}

/// `-a`: a regex on the peer's address as the dump writes it.
///
/// # Errors
/// If it is not a valid regex.
pub fn address(regex: &str, case: Case) -> Result<Filter, FilterError> {
    matches(Field::Addr, "", regex, case)
}

/// `-H`: `NAME=REGEX`, any header field with this name, also in its compact form.
///
/// # Errors
/// If there is no `=`, or if the name or the regex is invalid.
pub fn header(name_and_regex: &str, case: Case) -> Result<Filter, FilterError> {
    let (name, regex) = name_and_regex.split_once('=').ok_or_else(|| {
        FilterError::new(name_and_regex.chars().count() + 1, FilterErrorKind::Expected("'=' and a regex"))
    })?;
    let name = name.trim();
    // These two characters are operators, or begin one, in an expression.
    if !is_token_str(name.as_bytes()) || name.contains(['~', '!']) {
        return Err(FilterError::new(1, FilterErrorKind::Expected("the name of a header field")));
    }
    matches(Field::Header, name, regex, case).map_err(|error| {
        let before = name_and_regex.chars().count() - regex.chars().count();
        FilterError::new(error.column + before, error.kind)
    })
}

/// `-g`: a regex anywhere in the message.
///
/// # Errors
/// If it is not a valid regex.
pub fn grep(regex: &str, case: Case) -> Result<Filter, FilterError> {
    pattern(regex, case).map(|p| Filter::from_expr(Expr::Term(Term::Regex(p))))
}

/// `-b`: a regex on the body.
///
/// # Errors
/// If it is not a valid regex.
pub fn body_grep(regex: &str, case: Case) -> Result<Filter, FilterError> {
    matches(Field::Body, "", regex, case)
}

/// A comparison of a field, as a browser builds it: `call-id`, [`Op::Equals`], a value.
///
/// `field` is a name of the language (`from`, `header.X-Cid`); the value is quoted if necessary.
///
/// # Errors
/// If there is no such field, or it does not accept this operator or value.
pub fn compare(field: &str, op: Op, value: &str) -> Result<Filter, FilterError> {
    let filter = Filter::parse(&format!("{field}{}{}", op.as_str(), spell::spell_value(value)))?;
    match filter.expr() {
        Expr::Term(Term::Field(_) | Term::Is(_)) => Ok(filter),
        _ => Err(FilterError::new(1, unknown(field))),
    }
}

/// A text anywhere in the message, with smart case.
pub fn word(text: &str) -> Filter {
    Filter::from_expr(Expr::Term(Term::Word(text.to_owned())))
}

fn field_term(field: Field, key: &str, op: Op, value: Value) -> Filter {
    Filter::from_expr(Expr::Term(Term::Field(FieldTerm { field, key: key.to_owned(), op, value })))
}

fn matches(field: Field, key: &str, regex: &str, case: Case) -> Result<Filter, FilterError> {
    pattern(regex, case).map(|p| field_term(field, key, Op::Matches, Value::Pattern(p)))
}

fn pattern(regex: &str, case: Case) -> Result<Pattern, FilterError> {
    Pattern::new(regex, case)
        .map_err(|BadPattern { at, kind }| FilterError::new(at.map_or(1, |at| at + 1), kind))
}

fn method(verb: &str) -> Result<Expr, FilterError> {
    if is_token_str(verb.as_bytes()) {
        Ok(Expr::Term(Term::Field(method_term(verb))))
    } else {
        Err(FilterError::new(1, FilterErrorKind::Expected("a method such as 'INVITE'")))
    }
}

fn method_term(verb: &str) -> FieldTerm {
    FieldTerm { field: Field::Method, key: String::new(), op: Op::Has, value: Value::Text(verb.to_owned()) }
}

/// Whether a term tests for the method `OPTIONS`, or for the dialogs that it makes, so that hiding it would leave no result.
fn names_options(expr: &Expr) -> bool {
    let mut named = false;
    expr.each_term(Sign::Positive, &mut |term, sign| {
        let Term::Field(FieldTerm { field: field @ (Field::Method | Field::Kind), op, value, .. }) = term
        else {
            return;
        };
        let name = if *field == Field::Kind { "ping" } else { "OPTIONS" };
        let positive = (sign == Sign::Positive) != (*op == Op::Differs);
        named |= positive
            && match value {
                Value::Text(verb) => verb.eq_ignore_ascii_case(name),
                Value::Pattern(pattern) => pattern.regex().is_match(name.as_bytes()),
                _ => false,
            };
    });
    named
}
