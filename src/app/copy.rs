//! What a copy takes out of the selected message.
//!
//! Must not know: clipboards.

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
            return Some(self.command_line().into_bytes());
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
    fn command_line(&self) -> String {
        let mut words = vec!["sofiatui".to_owned(), "--all-methods".to_owned()];
        let filter = &self.filter.filter;
        if !filter.is_all() {
            words.extend(["-f".to_owned(), shell_word(filter.text())]);
        }
        let files = |source: &Source| -> Vec<String> {
            source.rotated.iter().chain([&source.file]).map(|file| shell_word(file)).collect()
        };
        words.extend(self.snapshot.sources.iter().flat_map(files));
        words.join(" ")
    }
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
    fn a_word_comes_through_a_shell_as_it_is() {
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
