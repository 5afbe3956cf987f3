//! What a copy takes out of the selected message.
//!
//! Must not know: clipboards.

use std::os::unix::ffi::OsStrExt;

use crate::base::escape::is_safe;
use crate::sip::Message;
use crate::store::Source;

use super::event::{Effect, Key};
use super::keymap::{COPIES, CopyWhat};
use super::{App, Notice};

impl App {
    /// Takes the key after `y`.
    pub(super) fn copy_key(&mut self, key: Key) -> Vec<Effect> {
        let Some((_, what, name)) = COPIES.iter().find(|(c, ..)| Key::Char(*c) == key) else {
            return Vec::new();
        };
        if let Some(bytes) = self.copied_bytes(*what) {
            return vec![Effect::Copy { what: name, bytes }];
        }
        self.notice = Some(Notice::Failed(format!("nothing copied: this message has no {name}")));
        Vec::new()
    }

    /// The exact bytes; `None` where the message has no such thing.
    fn copied_bytes(&self, what: CopyWhat) -> Option<Vec<u8>> {
        if what == CopyWhat::Command {
            return Some(self.command_line());
        }
        let (row, text) = self.details.text.as_ref()?;
        if self.details.wanted != Some(*row) {
            return None;
        }
        let message = Message::parse(&text.bytes);
        let bytes = match what {
            CopyWhat::Message => &text.bytes,
            CopyWhat::Body => message.body(),
            CopyWhat::Sdp => return crate::sip::sdp::find(&message).map(<[u8]>::to_vec),
            CopyWhat::Part => self.details.parts.get(self.details.part)?.body(&text.bytes),
            CopyWhat::CallId => message.call_id()?,
            CopyWhat::Ladder => return self.ladder_text().map(String::into_bytes),
            CopyWhat::Command => return None,
        };
        (!bytes.is_empty()).then(|| bytes.to_vec())
    }

    /// What prints the rows that the list shows: OPTIONS are no exception in the browser.
    fn command_line(&self) -> Vec<u8> {
        let mut words = vec!["sofiatui".to_owned(), "--all-methods".to_owned()];
        let filter = &self.filter.filter;
        if !filter.is_all() {
            words.extend(["-f".to_owned(), shell_word(filter.text().as_bytes())]);
        }
        words.extend(self.snapshot.sources.iter().flat_map(files_of));
        words.join(" ").into_bytes()
    }
}

/// The files of an input as words of a shell.
fn files_of(source: &Source) -> Vec<String> {
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
    fn a_word_comes_through_a_shell_as_it_is() {
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
