//! The command line that prints what a screen shows: messages, calls, a ladder.
//!
//! Must not know: options beyond those that it writes.

use std::os::unix::ffi::OsStrExt;

use crate::app::session::Extent;
use crate::base::escape::is_safe;
use crate::filter::options::compare;
use crate::filter::{Filter, Op};
use crate::store::{MessageIdx, Snapshot, Source};

/// A shell command that prints the rows that match: OPTIONS are no exception in the browser.
pub(super) fn of_messages(filter: &Filter, snapshot: &Snapshot) -> Vec<u8> {
    command_line(&["sofiatui", "--all-methods"], filter, snapshot)
}

/// A shell command that prints the calls and other dialogs that have a matching row.
pub(super) fn of_calls(filter: &Filter, snapshot: &Snapshot) -> Vec<u8> {
    command_line(&["sofiatui", "--calls", "--all-methods"], filter, snapshot)
}

/// A shell command that draws the ladder of a message's Call-ID, or of its call.
pub(super) fn of_ladder(message: MessageIdx, extent: Extent, snapshot: &Snapshot) -> Option<Vec<u8>> {
    let call_id = std::str::from_utf8(snapshot.row(message)?.call_id()).ok();
    let (field, legs) = match extent {
        Extent::CallId => ("call-id", None),
        Extent::Call => ("leg", Some("--legs")),
    };
    let filter = call_id.and_then(|id| compare(field, Op::Equals, id).ok());
    let begin: Vec<&str> =
        ["sofiatui", "--ladder"].into_iter().chain(legs).chain(["--all-methods"]).collect();
    Some(command_line(&begin, &filter.or_else(|| numbered([message]))?, snapshot))
}

/// A shell command that prints these messages.
pub(super) fn of_these(
    messages: impl IntoIterator<Item = MessageIdx>,
    snapshot: &Snapshot,
) -> Option<Vec<u8>> {
    Some(command_line(&["sofiatui", "--full", "--all-methods"], &numbered(messages)?, snapshot))
}

/// The messages with these numbers.
fn numbered(messages: impl IntoIterator<Item = MessageIdx>) -> Option<Filter> {
    let terms: Vec<String> = messages.into_iter().map(|message| format!("n={}", message + 1)).collect();
    Filter::parse(&terms.join(" or ")).ok()
}

fn command_line(begin: &[&str], filter: &Filter, snapshot: &Snapshot) -> Vec<u8> {
    let mut words: Vec<String> = begin.iter().copied().map(str::to_owned).collect();
    if !filter.is_all() {
        words.extend(["-f".to_owned(), shell_word(printable(filter, snapshot).as_bytes())]);
    }
    for word in snapshot.sources.iter().flat_map(files_of) {
        // One option can name several inputs.
        if !(word.starts_with("--") && words.contains(&word)) {
            words.push(word);
        }
    }
    words.join(" ").into_bytes()
}

/// The text of a filter without what only the browser knows: marked messages are named by their numbers.
fn printable(filter: &Filter, snapshot: &Snapshot) -> String {
    const TERM: &str = "is:marked";
    if !filter.needs_marks() {
        return filter.text().to_owned();
    }
    let marked = numbered(snapshot.marks.iter().copied()).filter(|numbers| !numbers.is_all());
    let marked = marked.map_or("n=0".to_owned(), |numbers| format!("({})", numbers.text()));
    // Negated twice, it is in the language's own spelling.
    let spelled = filter.clone().negated().negated();
    let (text, mut out, mut after) = (spelled.text(), String::new(), 0);
    for (at, _) in text.match_indices(TERM) {
        if !text[..at].ends_with('"') {
            out.push_str(&text[after..at]);
            out.push_str(&marked);
            after = at + TERM.len();
        }
    }
    out + &text[after..]
}

/// The files of an input as words of a shell.
fn files_of(source: &Source) -> Vec<String> {
    if let Some(option) = source.option {
        return vec![option.to_owned()];
    }
    if source.paths.is_empty() {
        return vec![shell_word(source.file.as_bytes())];
    }
    source.paths.iter().map(|path| shell_word(path.as_os_str().as_bytes())).collect()
}

/// `text` as one word of a POSIX shell; `$'…'` (POSIX 2024, bash, zsh, ksh) for what is not UTF-8 or steers a terminal.
fn shell_word(text: &[u8]) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-_./:@+,=%".contains(b);
    match std::str::from_utf8(text) {
        Ok(word) if !text.is_empty() && text.iter().all(plain) => word.to_owned(),
        Ok(word) if word.chars().all(is_safe) => format!("'{}'", word.replace('\'', r"'\''")),
        _ => format!("$'{}'", text.iter().map(|b| dollar_quoted(*b)).collect::<String>()),
    }
}

/// One byte within `$'…'`.
fn dollar_quoted(byte: u8) -> String {
    match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    }
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
            assert_eq!(shell_word(text.as_bytes()), want);
        }
        for (bytes, want) in [
            (&b"caf\xe9.dump"[..], r"$'caf\xe9.dump'"),
            ("café.dump".as_bytes(), "'café.dump'"),
            (b"it's\\\xff", r"$'it\'s\\\xff'"),
            (b"a\x1b[2J", r"$'a\x1b[2J'"),
            ("a\u{202e}b".as_bytes(), r"$'a\xe2\x80\xaeb'"),
        ] {
            assert_eq!(shell_word(bytes), want);
        }
    }
}
