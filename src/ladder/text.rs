//! A ladder as lines of plain text.
//!
//! Must not know: where the text is written.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::{Canvas, Cell, Ladder, Layout, Line, MessageIdx, Times};

impl Ladder {
    /// The whole drawing, as wide as needed: titles, then one line per arrow and one line per pause. `notes` maps rows
    /// to details from their text that replace the word SDP, such as `SDP PCMU, hold`; without a note, a row shows what
    /// the index knows.
    pub fn text_lines<'a, S: BuildHasher>(
        &'a self,
        notes: &'a HashMap<MessageIdx, String, S>,
    ) -> impl Iterator<Item = String> + 'a {
        let layout = Layout::natural(self, notes);
        let mut titles = Canvas::new(layout.width());
        layout.header(&mut titles);
        let first = titles.text();
        let lines =
            (0..self.arrows.len()).flat_map(|number| self.pause_lines(number).chain([Line::Arrow(number)]));
        let mut memory = titles.into_memory();
        let lines = lines.map(move |line| {
            let arrow = &self.arrows[line.arrow()];
            let note = notes.get(&arrow.row).map(String::as_str);
            let (text, used) = self.text_line(line, note, &layout, std::mem::take(&mut memory));
            memory = used;
            text
        });
        std::iter::once(first).chain(lines)
    }

    /// The text of a line, drawn in the memory of another one.
    fn text_line(
        &self,
        line: Line,
        note: Option<&str>,
        layout: &Layout,
        memory: Vec<Cell<'static>>,
    ) -> (String, Vec<Cell<'static>>) {
        let arrow = &self.arrows[line.arrow()];
        let (pause, texts);
        let mut canvas = Canvas::reusing(memory, layout.width());
        match line {
            Line::Gap(_) => {
                pause = arrow.pause();
                layout.gap(&pause, &mut canvas);
            }
            Line::Blank(_) => layout.gap("", &mut canvas),
            Line::Arrow(_) => {
                texts = layout.texts(self, arrow, note, Times::Mixed);
                layout.arrow(arrow, &texts, &mut canvas);
            }
        }
        (canvas.text(), canvas.into_memory())
    }
}
