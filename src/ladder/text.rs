//! A ladder as lines of plain text.
//!
//! Must not know: where the text is written.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::{Canvas, Ladder, Layout, Line, MessageIdx, Times};

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
        layout.header(self, &mut titles);
        let titles = titles.text();
        let lines = self.arrows.iter().enumerate().flat_map(|(number, arrow)| {
            let pause = arrow.gap.then_some(Line::Gap(number));
            pause.into_iter().chain([Line::Arrow(number)])
        });
        std::iter::once(titles).chain(lines.map(move |line| self.text_line(line, &layout, notes)))
    }

    fn text_line<S: BuildHasher>(
        &self,
        line: Line,
        layout: &Layout,
        notes: &HashMap<MessageIdx, String, S>,
    ) -> String {
        let Some(arrow) = self.arrows.get(line.arrow()) else { return String::new() };
        if let Line::Gap(_) = line {
            let pause = arrow.pause();
            let mut canvas = Canvas::new(layout.width());
            layout.gap(&pause, &mut canvas);
            return canvas.text();
        }
        let note = notes.get(&arrow.row).map(String::as_str);
        let texts = layout.texts(self, arrow, note, Times::Mixed);
        let mut canvas = Canvas::new(layout.width());
        layout.arrow(arrow, &texts, &mut canvas);
        canvas.text()
    }
}
