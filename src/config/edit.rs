//! Changes one setting in the text of a configuration file; everything else stays as the user wrote it.
//!
//! Must not know: where the file is.

use toml::de::DeTable;

use super::text::list;

/// The text with these columns in a setting; none are the usual ones. `None` if it is not TOML.
///
/// ```
/// use sofiatui::config::with_columns;
/// let text = "# mine\ncolumns = [\"n\"] # few\n[filters]\n";
/// let changed = with_columns(text, "columns", &["time".to_owned(), "message".to_owned()]).unwrap();
/// assert_eq!(changed, "# mine\ncolumns = [\"time\", \"message\"] # few\n[filters]\n");
/// assert_eq!(with_columns("[filters]\n", "call-columns", &["n".to_owned()]).unwrap(), "call-columns = [\"n\"]\n\n[filters]\n");
/// ```
pub fn with_columns(text: &str, setting: &str, names: &[String]) -> Option<String> {
    let value = list(names);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return None;
    }
    let old = table.get_ref().iter().find(|(key, _)| key.get_ref() == setting).map(|(_, value)| value.span());
    match old {
        Some(old) => Some(format!("{}{value}{}", text.get(..old.start)?, text.get(old.end..)?)),
        // What is not in a table must precede all tables.
        None => Some(format!("{setting} = {value}\n{}{text}", if text.is_empty() { "" } else { "\n" })),
    }
}
