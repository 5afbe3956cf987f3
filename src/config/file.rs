//! The configuration file: what may be in it, and where an error in it is.
//!
//! ```toml
//! leg-header = ["X-CID"]
//! ```
//!
//! Must not know: where the file is, the terminal, threads.

use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys that a file may have.
const KEYS: [&str; 1] = ["leg-header"];

/// What a configuration file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Header fields that join the legs of a call, as `--leg-header`.
    pub leg_headers: Vec<String>,
}

/// What is wrong with a file, and where. Lines and columns are 1-based; columns count characters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileError {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for FileError {}

impl File {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// If it is not TOML, or has a key or a value that it may not have.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        if let Some(first) = errors.iter().min_by_key(|error| start(error)) {
            let message = first.message().lines().collect::<Vec<_>>().join(", ");
            return Err(at(text, start(first), message));
        }
        let mut file = Self::default();
        for (key, value) in table.get_ref() {
            match &**key.get_ref() {
                "leg-header" => file.leg_headers = names(text, value)?,
                other => {
                    let message = format!("unknown key '{other}'; known: {}", KEYS.join(", "));
                    return Err(at(text, key.span().start, message));
                }
            }
        }
        Ok(file)
    }

    /// The same settings as the text of a file.
    pub fn text(&self) -> String {
        let names: Vec<String> = self.leg_headers.iter().map(|name| format!("\"{name}\"")).collect();
        format!(
            "# Header fields that join the legs of a call, as the option --leg-header.\n\
             leg-header = [{}]\n",
            names.join(", ")
        )
    }
}

/// A list of names of header fields.
fn names(text: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, FileError> {
    let wrong = |value: &Spanned<DeValue<'_>>| {
        at(text, value.span().start, "expected a list of header field names: [\"X-CID\"]".to_owned())
    };
    let DeValue::Array(list) = value.get_ref() else { return Err(wrong(value)) };
    let name = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
        DeValue::String(name) if is_name(name) => Ok(name.clone().into_owned()),
        _ => Err(wrong(item)),
    };
    list.iter().map(name).collect()
}

/// Whether it can be the name of a header field: a token (RFC 3261 §25.1).
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
}

fn at(text: &str, offset: usize, message: String) -> FileError {
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    FileError { line: before.matches('\n').count() + 1, column: before[start..].chars().count() + 1, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_written() {
        let file = File::parse("# mine\nleg-header = [\"X-CID\", 'X-Other']\n").unwrap();
        assert_eq!(file.leg_headers, ["X-CID", "X-Other"]);
        assert_eq!(File::parse(&file.text()), Ok(file));
        assert_eq!(File::parse(""), Ok(File::default()));
    }

    #[test]
    fn an_error_has_its_line_and_column() {
        for (text, wanted) in [
            ("\nleg-headers = []", "2:1: unknown key 'leg-headers'; known: leg-header"),
            ("leg-header = 5", "1:14: expected a list of header field names: [\"X-CID\"]"),
            ("leg-header = [\n  \"X-CID\",\n  7]", "3:3: expected a list of header field names: [\"X-CID\"]"),
            ("leg-header = [\"X CID\"]", "1:15: expected a list of header field names: [\"X-CID\"]"),
        ] {
            assert_eq!(File::parse(text).unwrap_err().to_string(), wanted, "{text}");
        }
        let error = File::parse("é = \"\nleg-header = [").unwrap_err();
        assert_eq!(error.line, 1, "{error}");
    }
}
