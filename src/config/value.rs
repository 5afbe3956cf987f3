//! Values of a TOML file, with the position of what is wrong with one.
//!
//! Must not know: which settings there are.

use clap::ValueEnum;
use strsim::osa_distance;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::FileError;
use super::settings::{Placed, Position};

/// A value of a file.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// The text of a file, to find positions in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'t>(pub(super) &'t str);

impl Source<'_> {
    /// The line and the column of a byte.
    pub(super) fn position(self, offset: usize) -> Position {
        let before = self.0.get(..offset).unwrap_or(self.0);
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        Position { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1 }
    }

    /// An error at a byte.
    pub(super) fn error(self, offset: usize, message: impl Into<String>) -> FileError {
        FileError { at: self.position(offset), message: message.into() }
    }

    /// An error at a value, of which something else is expected.
    pub(super) fn expected(self, value: &Value<'_>, what: &str) -> FileError {
        self.error(value.span().start, format!("expected {what}"))
    }

    /// A name that is none of the `known` ones.
    pub(super) fn unknown<'k>(
        self,
        offset: usize,
        (what, name): (&str, &str),
        known: impl Iterator<Item = &'k str>,
    ) -> FileError {
        let known: Vec<&str> = known.collect();
        let near = known.iter().min_by_key(|other| osa_distance(name, other));
        let near = near.filter(|other| osa_distance(name, other) <= 1 + name.len() / 4);
        let help = match near {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("known: {}", known.join(", ")),
        };
        self.error(offset, format!("unknown {what} '{name}'; {help}"))
    }

    /// `true` or `false`.
    pub(super) fn flag(self, value: &Value<'_>) -> Result<bool, FileError> {
        match value.get_ref() {
            DeValue::Boolean(is) => Ok(*is),
            _ => Err(self.expected(value, "true or false")),
        }
    }

    /// A text.
    pub(super) fn text(self, value: &Value<'_>, what: &str) -> Result<Placed, FileError> {
        match value.get_ref() {
            DeValue::String(text) => {
                Ok(Placed { text: text.clone().into_owned(), at: self.position(value.span().start) })
            }
            _ => Err(self.expected(value, what)),
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: ValueEnum>(self, value: &Value<'_>) -> Result<T, FileError> {
        let names = || T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let quoted = names().map(|name| format!("\"{}\"", name.get_name())).collect::<Vec<_>>().join(", ");
        let text = self.text(value, &quoted)?.text;
        T::from_str(&text, false).map_err(|_| self.expected(value, &quoted))
    }

    /// A list of texts that `is_right` accepts; a single text is a list, too.
    pub(super) fn list(
        self,
        value: &Value<'_>,
        what: &str,
        is_right: impl Fn(&str) -> bool,
    ) -> Result<Vec<Placed>, FileError> {
        let one = |item: &Value<'_>| {
            let placed = self.text(item, what)?;
            if is_right(&placed.text) { Ok(placed) } else { Err(self.expected(item, what)) }
        };
        match value.get_ref() {
            DeValue::Array(list) => list.iter().map(one).collect(),
            DeValue::String(_) => one(value).map(|placed| vec![placed]),
            _ => Err(self.expected(value, what)),
        }
    }

    /// The entries of a table: key, where it is, and value.
    pub(super) fn entries<'v, 't>(
        self,
        value: &'v Value<'t>,
        what: &str,
    ) -> Result<Vec<(&'v str, usize, &'v Value<'t>)>, FileError> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(entries(table)),
            _ => Err(self.expected(value, what)),
        }
    }
}

/// The entries of a table in the order of the file: key, where it is, and value.
pub(super) fn entries<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v str, usize, &'v Value<'t>)> {
    let mut entries: Vec<_> =
        table.iter().map(|(key, value)| (&**key.get_ref(), key.span().start, value)).collect();
    entries.sort_by_key(|(_, at, _)| *at);
    entries
}
