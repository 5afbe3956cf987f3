//! Reads the text of a configuration file, and says where an error in it is.
//!
//! Must not know: where the file is, the terminal, threads.

use toml::de::DeTable;

use crate::style::ROLES;

use super::error::FileError;
use super::known::{Known, KnownKey};
use super::look;
use super::settings::{KeySetting, Placed, Settings};
use super::value::{Source, Value, entries};

/// The keys that a file may have.
const KEYS: [&str; 15] = [
    "filter",
    "columns",
    "call-columns",
    "time",
    "theme",
    "color",
    "ascii",
    "mouse",
    "clipboard",
    "session",
    "leg-header",
    "aliases",
    "filters",
    "colors",
    "keys",
];

/// Reads the text of a file.
///
/// # Errors
/// If it is not TOML, or has a key or a value that it may not have.
pub fn parse(text: &str, known: &Known) -> Result<Settings, FileError> {
    let source = Source(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    if let Some(first) = errors.iter().min_by_key(|error| start(error)) {
        let message = first.message().lines().collect::<Vec<_>>().join(", ");
        return Err(source.error(start(first), message));
    }
    let mut settings = Settings::default();
    for (key, at, value) in entries(table.get_ref()) {
        let reader = Reader { source, known, value };
        if !reader.read(key, &mut settings)? {
            return Err(source.unknown(at, ("key", key), KEYS.into_iter()));
        }
    }
    Ok(settings)
}

/// Reads the value of one key.
struct Reader<'r, 't> {
    source: Source<'r>,
    known: &'r Known,
    value: &'r Value<'t>,
}

impl Reader<'_, '_> {
    /// Puts the value into the settings; false if there is no such key.
    fn read(&self, key: &str, settings: &mut Settings) -> Result<bool, FileError> {
        let Self { source, value, .. } = *self;
        match key {
            "filter" => settings.filter = Some(source.text(value, "a filter, or \"\" for none")?),
            "columns" => settings.columns = self.columns()?,
            "call-columns" => settings.call_columns = self.call_columns()?,
            "time" => settings.time = Some(source.choice(value)?),
            "theme" => settings.theme = Some(source.choice(value)?),
            "color" => settings.color = Some(source.choice(value)?),
            "ascii" => settings.ascii = Some(source.flag(value)?),
            "mouse" => settings.mouse = Some(source.flag(value)?),
            "clipboard" => settings.clipboard = Some(source.choice(value)?),
            "session" => settings.session = Some(source.flag(value)?),
            "leg-header" => settings.leg_headers = self.leg_headers()?,
            "aliases" => settings.aliases = self.aliases()?,
            "filters" => settings.filters = self.filters()?,
            "colors" => settings.colors = self.colors()?,
            "keys" => settings.keys = self.keys()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn leg_headers(&self) -> Result<Vec<String>, FileError> {
        let what = "a list of header field names: [\"X-CID\"]";
        Ok(texts(self.source.list(self.value, what, is_token)?))
    }

    fn columns(&self) -> Result<Vec<String>, FileError> {
        let list =
            self.source.list(self.value, "a list of column names: [\"time\", \"message\"]", |_| true)?;
        if let Some(wrong) = list.iter().find(|placed| !(self.known.is_column)(&placed.text)) {
            return Err(self.unknown_column(wrong, &self.known.columns));
        }
        Ok(texts(list))
    }

    fn call_columns(&self) -> Result<Vec<Placed>, FileError> {
        let list = self.source.list(self.value, "a list of column names: [\"start\", \"why\"]", |_| true)?;
        let columns = &self.known.call_columns;
        match list.iter().find(|placed| !columns.is_empty() && !columns.contains(&placed.text.as_str())) {
            Some(wrong) => Err(self.unknown_column(wrong, columns)),
            None => Ok(list),
        }
    }

    fn unknown_column(&self, wrong: &Placed, known: &[&str]) -> FileError {
        let error = self.source.unknown(0, ("column", &wrong.text), known.iter().copied());
        FileError { at: wrong.at, ..error }
    }

    fn aliases(&self) -> Result<Vec<(String, String)>, FileError> {
        let entries = self.source.entries(self.value, "a table: \"192.0.2.21\" = \"carrier2\"")?;
        let alias = |(key, _, value): (&str, usize, &Value<'_>)| {
            let name = self.source.text(value, "a name")?.text;
            if name.trim().is_empty() {
                Err(self.source.expected(value, "a name"))
            } else {
                Ok((key.to_owned(), name))
            }
        };
        entries.into_iter().map(alias).collect()
    }

    fn filters(&self) -> Result<Vec<(String, Placed)>, FileError> {
        let entries = self.source.entries(self.value, "a table: failed = \"is:failed\"")?;
        let filter = |(key, at, value): (&str, usize, &Value<'_>)| {
            if !is_filter_name(key) {
                let message = format!("'{key}' cannot be the name of a filter: letters, digits, - and _");
                return Err(self.source.error(at, message));
            }
            Ok((key.to_owned(), self.source.text(value, "a filter")?))
        };
        entries.into_iter().map(filter).collect()
    }

    fn colors(&self) -> Result<Vec<(crate::style::Role, crate::style::Look)>, FileError> {
        let entries = self.source.entries(self.value, "a table: invite = \"magenta bold\"")?;
        let color = |(key, at, value): (&str, usize, &Value<'_>)| {
            let role = ROLES.iter().find(|(name, _)| *name == key).map(|(_, role)| *role);
            let names = ROLES.iter().map(|(name, _)| *name);
            let role = role.ok_or_else(|| self.source.unknown(at, ("role", key), names))?;
            let text = self.source.text(value, look::EXPECTED)?.text;
            let look = look::parse(&text).ok_or_else(|| self.source.expected(value, look::EXPECTED))?;
            Ok((role, look))
        };
        entries.into_iter().map(color).collect()
    }

    fn keys(&self) -> Result<Vec<KeySetting>, FileError> {
        let mut found = Vec::new();
        for (context, at, table) in self.source.entries(self.value, "tables: [keys.messages]")? {
            let here: Vec<&KnownKey> = self.known.keys.iter().filter(|key| key.context == context).collect();
            if here.is_empty() && !self.known.keys.is_empty() {
                let contexts = self.known.keys.iter().map(|key| key.context.as_str());
                let mut contexts: Vec<&str> = contexts.collect();
                contexts.dedup();
                return Err(self.source.unknown(at, ("table", context), contexts.into_iter()));
            }
            self.keys_of((context, &here), table, &mut found)?;
        }
        Ok(found)
    }

    /// The keys of one table.
    fn keys_of(
        &self,
        (context, here): (&str, &[&KnownKey]),
        table: &Value<'_>,
        found: &mut Vec<KeySetting>,
    ) -> Result<(), FileError> {
        let mut places: Vec<(String, Placed)> = Vec::new();
        for (command, at, value) in self.source.entries(table, "a table: ladder = [\"d\"]")? {
            if !here.is_empty() && !here.iter().any(|key| key.command == command) {
                let commands = here.iter().map(|key| key.command.as_str());
                return Err(self.source.unknown(at, ("command", command), commands));
            }
            let what = "keys such as \"d\", \"Ctrl-D\", \"F5\" or \"Enter\"";
            let keys = self.source.list(value, what, |key| (self.known.key)(key).is_some())?;
            let usual = |placed: &Placed| (self.known.key)(&placed.text).unwrap_or_default();
            let setting = KeySetting {
                context: context.to_owned(),
                command: command.to_owned(),
                keys: keys.iter().map(usual).collect(),
            };
            places.extend(
                setting
                    .keys
                    .iter()
                    .zip(keys.iter())
                    .map(|(key, placed)| (command.to_owned(), Placed { text: key.clone(), at: placed.at })),
            );
            found.push(setting);
        }
        Self::conflict(here, &places, found, context).map_or(Ok(()), Err)
    }

    /// A key that two commands of one table have.
    fn conflict(
        here: &[&KnownKey],
        places: &[(String, Placed)],
        found: &[KeySetting],
        context: &str,
    ) -> Option<FileError> {
        let is_set = |command: &str| found.iter().any(|set| set.context == context && set.command == command);
        let usual = here.iter().filter(|key| !is_set(&key.command));
        let usual =
            usual.flat_map(|known| known.keys.iter().map(|key| (known.command.as_str(), key.as_str())));
        let usual: Vec<(&str, &str)> = usual.collect();
        places.iter().enumerate().find_map(|(number, (command, placed))| {
            let before =
                places[..number].iter().map(|(other, placed)| (other.as_str(), placed.text.as_str()));
            let mut others = before.chain(usual.iter().copied());
            let (other, _) = others.find(|(other, key)| *key == placed.text && other != command)?;
            let message = format!("key {} is also that of '{other}' in [keys.{context}]", placed.text);
            Some(FileError { at: placed.at, message })
        })
    }
}

fn texts(list: Vec<Placed>) -> Vec<String> {
    list.into_iter().map(|placed| placed.text).collect()
}

/// Whether it can be the name of a header field: a token (RFC 3261 §25.1).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
}

/// Whether `@name` can be the name of a filter.
fn is_filter_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests;
