//! The ladder of a Call-ID: its arrows, the selected one, and whether retransmissions are folded.
//!
//! Must not know: how arrows are drawn.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::calls::Calls;
use crate::ladder::{Facts, Folding, Head, Ladder, Layout, Line};
use crate::sip::Message;
use crate::store::{CallIdx, MessageIdx, MessageText, Snapshot};

use crate::app::command::Command;
use crate::app::event::{Effect, Event, Generation, Mouse, MouseAction};
use crate::app::keymap::Context;
use crate::app::overlays::CopyWhat;
use crate::app::parts::{List, Motion, Panes};
use crate::app::session::Session;
use crate::app::targets::Target;

use super::{Host, Outcome, ScreenState};

/// The number of messages whose text is read for their labels; the others show what the index knows.
const MOST_TEXTS: usize = 1000;
/// Columns that one key moves the drawing sideways.
const SIDEWAYS: i16 = 8;

/// State of the ladder screen.
#[derive(Debug, Clone)]
pub struct LadderScreen {
    /// The Call-ID.
    pub call: CallIdx,
    /// What is said above the drawing.
    pub head: Head,
    /// Columns and arrows.
    pub ladder: Ladder,
    /// Selection among the arrows.
    pub list: List,
    /// Columns that the drawing is moved to the left.
    pub left: u16,
    /// Whether retransmissions are folded.
    pub folding: Folding,
    /// What the text of a message adds to its arrow: codecs, hold, reasons, the target of a transfer.
    pub notes: HashMap<MessageIdx, String>,
    /// Ladder and details.
    pub panes: Panes,
    /// The messages whose text was requested: what cannot be read is not requested again at each snapshot.
    asked: HashSet<MessageIdx>,
    /// The number of the newest request.
    generation: Generation,
    /// What the ladder was made of: number of messages, whether all is loaded, folding.
    made_of: Option<(u32, bool, Folding)>,
}

impl LadderScreen {
    /// The ladder of the Call-ID of `row`, with its arrow selected; `None` if the message has no Call-ID.
    pub fn of(snapshot: &Snapshot, row: MessageIdx) -> Option<Self> {
        let call = snapshot.row(row)?.row.call;
        snapshot.call(call)?;
        let mut screen = Self {
            call,
            head: Head::default(),
            ladder: Ladder::default(),
            list: List::default(),
            panes: Panes::default(),
            asked: HashSet::new(),
            generation: 0,
            left: 0,
            folding: Folding::default(),
            notes: HashMap::new(),
            made_of: None,
        };
        screen.lay_out(snapshot, Some(row));
        Some(screen)
    }

    /// Makes columns and arrows again if anything changed, and selects the arrow of `row`.
    pub fn lay_out(&mut self, snapshot: &Snapshot, row: Option<MessageIdx>) {
        let count = snapshot.call(self.call).map_or(0, |call| call.count);
        let made_of = Some((count, snapshot.progress.done, self.folding));
        if self.made_of != made_of {
            self.made_of = made_of;
            self.ladder = Ladder::of(snapshot, &snapshot.rows_of_call(self.call), self.folding);
            self.head = Head::of_call_id(snapshot, self.call);
            self.ladder.add_findings(&self.head.findings);
            self.ladder.make_room(&self.notes);
        }
        if let Some(row) = row {
            self.list.selected = self.ladder.arrow_of(row).unwrap_or_default();
        }
    }

    /// The lines that are in sight where `height` of them have room: arrows and the pauses before
    /// them. Takes time in proportion to `height`.
    pub fn window(&self, height: usize) -> Vec<Line> {
        self.ladder.window(self.list.top, self.list.selected, height)
    }

    /// Moves the selection.
    fn go(&mut self, motion: Motion) {
        self.in_pages(|list, len| list.go(motion, len));
    }

    /// Moves the list while its height counts in arrows: pauses take lines of their own.
    fn in_pages(&mut self, act: impl FnOnce(&mut List, usize)) {
        let lines = self.list.height;
        self.list.height = self.ladder.page(self.list.top, lines);
        act(&mut self.list, self.ladder.arrows.len());
        self.list.height = lines;
    }

    /// Selects an arrow that is visible; what is visible stays where it is.
    fn click(&mut self, arrow: usize) {
        let first = self.window(self.list.height).first().map(|first| first.arrow());
        self.list.top = first.unwrap_or(self.list.top);
        self.list.selected = arrow;
    }

    /// Moves the drawing sideways, as far as there is something to see in `width` cells.
    fn scroll_sideways(&mut self, columns: i16, width: usize) {
        let most = Layout::of(&self.ladder, width, 0).most_left();
        let left = self.left.saturating_add_signed(columns);
        self.left = left.min(u16::try_from(most).unwrap_or(u16::MAX));
    }

    /// What the head says of the leg or dialog of the selected arrow.
    pub fn facts(&self, snapshot: &Snapshot) -> Option<&Facts> {
        let row = self.selected_row().and_then(|row| snapshot.row(row));
        let handle = row.and_then(|row| Calls::of(snapshot)?.of_row(row.row));
        let own = self.head.facts.iter().find(|facts| Some(facts.of) == handle);
        own.or_else(|| self.head.facts.first())
    }

    /// The message of the selected arrow.
    pub fn selected_row(&self) -> Option<MessageIdx> {
        self.ladder.arrows.get(self.list.selected).map(|a| a.row)
    }

    /// What a copy takes of the ladder of a message's Call-ID; `None` without a Call-ID.
    pub fn copy_of(snapshot: &Snapshot, row: MessageIdx) -> Option<Vec<u8>> {
        Some(Self::of(snapshot, row)?.text().into_bytes())
    }

    /// The whole drawing as text, a line an arrow.
    pub fn text(&self) -> String {
        self.ladder.text_lines(&self.notes).flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    /// Requests the texts that the labels need and that were not requested yet.
    fn request_texts(&mut self, host: &mut Host<'_>) {
        let rows = self.ladder.arrows.iter().filter(|arrow| arrow.wants_note()).map(|arrow| arrow.row);
        let room = MOST_TEXTS.saturating_sub(self.asked.len());
        let unknown: Vec<_> = rows.filter(|row| !self.asked.contains(row)).take(room).collect();
        if !unknown.is_empty() {
            // A newer request replaces an older one: it asks for everything that has not arrived.
            self.asked.extend(&unknown);
            let missing = self.asked.iter().filter(|row| !self.notes.contains_key(row)).copied();
            let missing = missing.collect();
            self.generation = host.session.new_generation();
            host.effects.push(Effect::LoadTexts(self.generation, missing));
        }
    }

    /// Takes texts that were requested.
    fn take_texts(&mut self, texts: &[(MessageIdx, Arc<MessageText>)]) {
        for (row, text) in texts {
            self.notes.insert(*row, crate::sip::brief(&Message::parse(&text.bytes)));
        }
        self.ladder.make_room(&self.notes);
    }

    fn lay_out_again(&mut self, snapshot: &Snapshot) {
        let row = self.selected_row();
        self.lay_out(snapshot, row);
    }
}

impl ScreenState for LadderScreen {
    fn contexts(&self) -> Vec<Context> {
        let details = self.panes.focused_context();
        details.into_iter().chain([Context::Ladder, Context::Panes]).collect()
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match self.panes.command(command, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        let width = usize::from(host.targets.area(Target::Rows).width);
        match command {
            Command::Go(motion) => self.go(motion),
            Command::Open => self.panes.open(),
            Command::ScrollLeft => self.scroll_sideways(-SIDEWAYS, width),
            Command::ScrollRight => self.scroll_sideways(SIDEWAYS, width),
            Command::Retransmissions => {
                self.folding = self.folding.toggled();
                self.lay_out_again(&host.session.snapshot);
                self.request_texts(host);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        match self.panes.mouse(mouse, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Row(arrow))) => self.click(arrow),
            (MouseAction::Wheel(lines), Some(Target::Row(_) | Target::Rows)) => {
                self.in_pages(|list, len| list.wheel(lines, len));
            }
            _ => {}
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        match event {
            Event::Loaded(_) | Event::Reloaded(_) => {
                if let Event::Reloaded(_) = event {
                    self.asked.clear();
                }
                self.lay_out_again(&host.session.snapshot);
                self.request_texts(host);
            }
            Event::Texts(generation, texts) if *generation == self.generation => self.take_texts(texts),
            Event::Drawn(targets) => {
                self.list.height = targets.height(Target::Rows);
                self.in_pages(List::keep_in_sight);
            }
            _ => {}
        }
    }

    fn opened(&mut self, host: &mut Host<'_>) {
        self.request_texts(host);
    }

    fn selected(&self, _: &Session) -> Option<MessageIdx> {
        self.selected_row()
    }

    fn copied(&self, what: CopyWhat, _: &Session) -> Option<Vec<u8>> {
        (what == CopyWhat::Ladder).then(|| self.text().into_bytes())
    }
}
