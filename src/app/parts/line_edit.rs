//! One line of text that is being typed: `tui_input`, with the keys of a shell.
//!
//! Must not know: what it is for, how it is drawn.

use tui_input::{Input, InputRequest};

use crate::app::key::Key;

/// Text and cursor.
#[derive(Debug, Clone, Default)]
pub struct LineEdit {
    input: Input,
}

impl LineEdit {
    /// The text so far.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Where the next character goes, as a byte offset at the border of a character.
    pub fn cursor(&self) -> usize {
        let text = self.text();
        text.char_indices().nth(self.input.cursor()).map_or(text.len(), |(at, _)| at)
    }

    /// Replaces all, with the cursor at the end.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
    }

    /// Replaces the bytes of `range` with `with` and puts the cursor after it.
    pub fn replace(&mut self, range: std::ops::Range<usize>, with: &str) {
        let text = self.text();
        if let (Some(before), Some(after)) = (text.get(..range.start), text.get(range.end..)) {
            let cursor = before.chars().count() + with.chars().count();
            self.input = Input::new(format!("{before}{with}{after}")).with_cursor(cursor);
        }
    }

    /// Inserts text at the cursor; line ends and control characters become blanks.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.replace(self.cursor()..self.cursor(), &clean);
    }

    /// Handles an editing key; whether it was one.
    pub fn key(&mut self, key: Key) -> bool {
        let request = match key {
            Key::Char(c) => InputRequest::InsertChar(c),
            Key::Backspace | Key::Ctrl('h') => InputRequest::DeletePrevChar,
            Key::Delete => InputRequest::DeleteNextChar,
            Key::Left | Key::Ctrl('b') => InputRequest::GoToPrevChar,
            Key::Right | Key::Ctrl('f') => InputRequest::GoToNextChar,
            Key::Home | Key::Ctrl('a') => InputRequest::GoToStart,
            Key::End | Key::Ctrl('e') => InputRequest::GoToEnd,
            Key::Ctrl('u') => InputRequest::DeleteFromStart,
            Key::Ctrl('k') => InputRequest::DeleteTillEnd,
            Key::Ctrl('w') => {
                // As in a shell, a word ends at a blank: `from:1583` is one.
                self.replace(self.word_start()..self.cursor(), "");
                return true;
            }
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    fn word_start(&self) -> usize {
        let head = self.text()[..self.cursor()].trim_end();
        head.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_as_in_a_shell() {
        use Key::{Backspace, Char, Ctrl, Delete, End, Home, Left};
        let typed = |keys: &[Key]| {
            let mut line = LineEdit::default();
            line.set("from:1583 -ü");
            for key in keys {
                assert!(line.key(*key), "{key:?}");
            }
            format!("{}|{}", &line.text()[..line.cursor()], &line.text()[line.cursor()..])
        };
        for (keys, want) in [
            (&[][..], "from:1583 -ü|"),
            (&[Backspace], "from:1583 -|"),
            (&[Left, Char('x')], "from:1583 -x|ü"),
            (&[Left, Delete], "from:1583 -|"),
            (&[Ctrl('w')], "from:1583 |"),
            (&[Ctrl('w'), Ctrl('w')], "|"),
            (&[Home, Char('-')], "-|from:1583 -ü"),
            (&[Home, Backspace, Ctrl('k')], "|"),
            (&[Left, Left, Ctrl('u'), End], "-ü|"),
        ] {
            assert_eq!(typed(keys), want, "{keys:?}");
        }
    }

    #[test]
    fn pasted_line_ends_become_blanks() {
        let mut line = LineEdit::default();
        line.insert("a\r\nb\u{1b}");
        assert_eq!(line.text(), "a  b ");
        assert!(!line.key(Key::Tab));
    }
}
