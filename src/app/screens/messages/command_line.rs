//! The command line that prints what the list shows.
//!
//! Must not know: options beyond those that it writes.

use crate::filter::Filter;
use crate::store::{Snapshot, Source};

/// A shell command that prints the rows that match: OPTIONS are no exception in the browser.
pub(super) fn command_line(filter: &Filter, snapshot: &Snapshot) -> String {
    let mut words = vec!["sofiatui".to_owned(), "--all-methods".to_owned()];
    if !filter.is_all() {
        words.extend(["-f".to_owned(), shell_word(filter.text())]);
    }
    let files = |source: &Source| -> Vec<String> {
        source.rotated.iter().chain([&source.file]).map(|file| shell_word(file)).collect()
    };
    words.extend(snapshot.sources.iter().flat_map(files));
    words.join(" ")
}

/// `text` as one word of a POSIX shell.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+,=%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_passes_a_shell_unchanged() {
        for (text, want) in [
            ("internal.dump", "internal.dump"),
            ("method:invite", "method:invite"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$(x)", "'$(x)'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(text), want);
        }
    }
}
