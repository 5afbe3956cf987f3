//! One line of text that is being typed.
//!
//! Must not know: what it is for, how it is drawn.

use super::event::Key;

/// Text and cursor. The cursor is a byte offset at a character's border.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineEdit {
    text: String,
    cursor: usize,
}

impl LineEdit {
    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the next character goes, as a byte offset.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// Replaces all, with the cursor at the end.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    /// Replaces the bytes of `range` by `with` and puts the cursor after it.
    pub fn replace(&mut self, range: std::ops::Range<usize>, with: &str) {
        if self.text.get(range.clone()).is_some() {
            self.cursor = range.start + with.len();
            self.text.replace_range(range, with);
        }
    }

    /// Puts in text at the cursor; line ends and control characters become blanks.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Handles an editing key; whether it was one.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Key::Backspace | Key::Ctrl('h') => self.delete(self.before()..self.cursor),
            Key::Delete => self.delete(self.cursor..self.after()),
            Key::Left | Key::Ctrl('b') => self.cursor = self.before(),
            Key::Right | Key::Ctrl('f') => self.cursor = self.after(),
            Key::Home | Key::Ctrl('a') => self.cursor = 0,
            Key::End | Key::Ctrl('e') => self.cursor = self.text.len(),
            Key::Ctrl('u') => self.delete(0..self.cursor),
            Key::Ctrl('k') => self.delete(self.cursor..self.text.len()),
            Key::Ctrl('w') => self.delete(self.word_start()..self.cursor),
            _ => return false,
        }
        true
    }

    fn delete(&mut self, range: std::ops::Range<usize>) {
        self.cursor = range.start;
        self.text.drain(range);
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.cursor + self.text[self.cursor..].chars().next().map_or(0, char::len_utf8)
    }

    fn word_start(&self) -> usize {
        let head = self.text[..self.cursor].trim_end();
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
