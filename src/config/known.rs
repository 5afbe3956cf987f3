//! What a configuration file may name beside the settings: the keys and columns of the browser.
//!
//! Must not know: what commands do, what columns show.

/// The commands and columns that a configuration file may name. Without the browser there are none, and what a file
/// says about them is not checked.
#[derive(Debug, Clone)]
pub struct Known {
    /// The keys of the browser, as they are without a configuration.
    pub keys: Vec<KnownKey>,
    /// The usual spelling of a key; `None` if it is not a key.
    pub key: fn(&str) -> Option<String>,
    /// The names of the columns of messages, the usual ones first.
    pub columns: Vec<&'static str>,
    /// Whether a column of messages has this name; names of header fields are not in the list.
    pub is_column: fn(&str) -> bool,
    /// The names of the columns of calls.
    pub call_columns: Vec<&'static str>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            key: |key| Some(key.to_owned()),
            columns: Vec::new(),
            is_column: |_| true,
            call_columns: Vec::new(),
        }
    }
}

/// A command and its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Where the keys work: the name of a table in `[keys]`.
    pub context: String,
    /// The command.
    pub command: String,
    /// The usual keys.
    pub keys: Vec<String>,
    /// What it does.
    pub help: &'static str,
}
