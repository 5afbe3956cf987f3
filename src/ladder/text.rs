//! A ladder as plain text.
//!
//! Must not know: where the text is written.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::{Canvas, Cell, Ladder, Layout, Line, MessageIdx, Times};

impl Ladder {
    /// The whole drawing, as wide as needed: titles, then one line per arrow and one line per pause. `notes` maps rows
    /// to details from their text that replace the word SDP, such as `SDP PCMU, hold`; without a note, a row shows what
    /// the index knows.
    pub fn text<S: BuildHasher>(&self, notes: &HashMap<MessageIdx, String, S>) -> String {
        let mut text = Vec::new();
        self.append_to(&mut text, notes);
        // What cells show is text.
        String::from_utf8(text).unwrap_or_default()
    }

    /// Appends the same to `text`.
    pub fn append_to<S: BuildHasher>(&self, text: &mut Vec<u8>, notes: &HashMap<MessageIdx, String, S>) {
        let layout = Layout::natural(self, notes);
        let mut titles = Canvas::new(layout.width());
        layout.header(&mut titles);
        titles.append_line(text);
        let mut memory = titles.into_memory();
        for number in 0..self.arrows.len() {
            for line in self.pause_lines(number).chain([Line::Arrow(number)]) {
                let note = notes.get(&self.arrows[line.arrow()].row).map(String::as_str);
                memory = self.draw_line(line, note, &layout, (text, memory));
            }
        }
    }

    /// Draws a line in the memory of another one, appends it to `text`, and gives its memory back.
    fn draw_line(
        &self,
        line: Line,
        note: Option<&str>,
        layout: &Layout,
        (text, memory): (&mut Vec<u8>, Vec<Cell<'static>>),
    ) -> Vec<Cell<'static>> {
        let arrow = &self.arrows[line.arrow()];
        let (pause, texts);
        let mut canvas = Canvas::reusing(memory, layout.width());
        match line {
            Line::Gap(_) => {
                pause = self.pause(line.arrow());
                layout.gap(&pause, &mut canvas);
            }
            Line::Blank(_) => layout.gap("", &mut canvas),
            Line::Arrow(_) => {
                texts = layout.texts(self, arrow, note, Times::Mixed);
                layout.arrow(arrow, &texts, &mut canvas);
            }
        }
        canvas.append_line(text);
        canvas.into_memory()
    }
}
