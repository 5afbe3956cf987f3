//! The ladder screen: one call's arrows, the selected one, and what is folded.
//!
//! Must not know: how arrows are drawn.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ladder::{Folding, Ladder, Layout, Line};
use crate::sip::Message;
use crate::store::{CallIdx, MessageIdx, MessageText, Snapshot};

use super::scroll::{Motion, Scroll};
use super::{App, Screen};

/// The most messages of a call whose text is read for their labels; the others show what the index
/// knows.
const MOST_TEXTS: usize = 1000;

/// State of the ladder screen.
#[derive(Debug, Clone)]
pub struct LadderScreen {
    /// The call.
    pub call: CallIdx,
    /// Columns and arrows.
    pub ladder: Ladder,
    /// Selection among the arrows.
    pub scroll: Scroll,
    /// Columns that the drawing is moved to the left.
    pub left: u16,
    /// Whether retransmissions are folded.
    pub folding: Folding,
    /// What the text of a message adds to its arrow: codecs, hold.
    pub notes: HashMap<MessageIdx, String>,
    /// What the ladder was made of: number of messages, whether all is loaded, folding.
    made_of: Option<(u32, bool, Folding)>,
}

impl LadderScreen {
    /// The ladder of the call that `row` belongs to, with its arrow selected; `None` where the
    /// message has no Call-ID.
    pub fn of(snapshot: &Snapshot, row: MessageIdx) -> Option<Self> {
        let call = snapshot.row(row)?.row.call;
        snapshot.call(call)?;
        let mut screen = Self {
            call,
            ladder: Ladder::default(),
            scroll: Scroll::default(),
            left: 0,
            folding: Folding::default(),
            notes: HashMap::new(),
            made_of: None,
        };
        screen.lay_out(snapshot, Some(row));
        Some(screen)
    }

    /// Makes columns and arrows anew where that changes anything, and selects the arrow of `row`.
    pub fn lay_out(&mut self, snapshot: &Snapshot, row: Option<MessageIdx>) {
        let count = snapshot.call(self.call).map_or(0, |call| call.count);
        let made_of = Some((count, snapshot.progress.done, self.folding));
        if self.made_of != made_of {
            self.made_of = made_of;
            self.ladder = Ladder::of(snapshot, &snapshot.rows_of_call(self.call), self.folding);
            self.ladder.make_room(&self.notes);
        }
        if let Some(row) = row {
            self.scroll.selected = self.ladder.arrow_of(row).unwrap_or_default();
        }
    }

    /// The lines that are in sight where `height` of them have room: arrows and the pauses before
    /// them. Takes time in proportion to `height`.
    pub fn window(&self, height: usize) -> Vec<Line> {
        self.ladder.window(self.scroll.top, self.scroll.selected, height)
    }

    /// Moves the selection.
    pub(super) fn go(&mut self, motion: Motion, height: usize) {
        let page = self.ladder.page(self.scroll.top, height);
        self.scroll.go(motion, self.ladder.arrows.len(), page);
    }

    /// Moves the view by arrows.
    pub(super) fn wheel(&mut self, arrows: isize, height: usize) {
        let page = self.ladder.page(self.scroll.top, height);
        self.scroll.wheel(arrows, self.ladder.arrows.len(), page);
    }

    /// Brings the selection into sight, after the length or the height changed.
    pub(super) fn keep_in_sight(&mut self, height: usize) {
        let page = self.ladder.page(self.scroll.top, height);
        self.scroll.keep_in_sight(self.ladder.arrows.len(), page);
    }

    /// Selects the arrow on the 0-based `line` of the `height` lines in sight; a pause belongs to
    /// the arrow after it.
    pub(super) fn click(&mut self, line: usize, height: usize) {
        let window = self.window(height);
        if let Some(clicked) = window.get(line) {
            // What is seen stays where it is.
            self.scroll.top = window.first().map_or(self.scroll.top, |first| first.arrow());
            self.scroll.selected = clicked.arrow();
        }
    }

    /// Moves the drawing sideways, as far as there is something to see in `width` cells.
    pub(super) fn scroll_sideways(&mut self, columns: i16, width: usize) {
        let most = Layout::of(&self.ladder, width, 0).most_left();
        let left = self.left.saturating_add_signed(columns);
        self.left = left.min(u16::try_from(most).unwrap_or(u16::MAX));
    }

    /// The message of the selected arrow.
    pub fn selected_row(&self) -> Option<MessageIdx> {
        self.ladder.arrows.get(self.scroll.selected).map(|a| a.row)
    }

    /// The whole drawing as text, a line an arrow.
    pub fn text(&self) -> String {
        self.ladder.text_lines(&self.notes).flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    /// The messages whose text the labels need.
    pub fn wanted_texts(&self, snapshot: &Snapshot) -> Vec<MessageIdx> {
        let with_sdp =
            |row: &MessageIdx| snapshot.row(*row).is_some_and(|r| r.row.flags.has(crate::store::Flags::SDP));
        let unknown = |row: &MessageIdx| !self.notes.contains_key(row);
        let rows = self.ladder.arrows.iter().map(|a| a.row);
        rows.filter(with_sdp).filter(unknown).take(MOST_TEXTS).collect()
    }

    /// Takes the texts that were wished for.
    pub fn take_texts(&mut self, texts: &[(MessageIdx, Arc<MessageText>)]) {
        for (row, text) in texts {
            self.notes.insert(*row, crate::sip::sdp::brief(&Message::parse(&text.bytes)));
        }
        self.ladder.make_room(&self.notes);
    }
}

impl App {
    /// The ladder of the selected message's call as text; `None` where it belongs to none. Codecs
    /// are in it where the ladder is on the screen, which has read the texts.
    pub(super) fn ladder_text(&self) -> Option<String> {
        match &self.screen {
            Screen::Ladder(ladder) => Some(ladder.text()),
            Screen::Messages | Screen::Picker(_) => {
                Some(LadderScreen::of(&self.snapshot, self.selected()?)?.text())
            }
        }
    }
}
