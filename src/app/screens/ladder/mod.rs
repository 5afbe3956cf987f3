//! The ladder of a Call-ID: its arrows, the selected one, and whether retransmissions are folded.
//!
//! Must not know: how arrows are drawn.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::calls::{Calls, Handle, LegIdx};
use crate::ladder::{Facts, Folding, Head, Ladder, Layout, Line};
use crate::ladder::{Hosts, Links, Member, Scale, Tie};
use crate::ladder::{legs_of, members_of, name_of, of_transaction, rows_of, undrawn};
use crate::sip::Message;
use crate::store::{CallIdx, MessageIdx, MessageText, Snapshot};

use crate::app::Notice;
use crate::app::command::Command;
use crate::app::details::Tab;
use crate::app::event::{Effect, Event, Generation, Mouse, MouseAction};
use crate::app::keymap::Context;
use crate::app::overlays::{CopyWhat, Overlay, Saves, What};
use crate::app::parts::{List, Motion, Panes};
use crate::app::picked::messages_of;
use crate::app::session::{Extent, Session};
use crate::app::targets::Target;

use super::{DiffScreen, Host, Outcome, Screen, ScreenState, command_line};

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
    /// Whether the addresses of a host share a column.
    pub hosts: Hosts,
    /// How time is drawn.
    pub scale: Scale,
    /// A message of the transaction that alone is shown.
    pub only: Option<MessageIdx>,
    /// How many legs of the call are not drawn, in words; empty if all are.
    pub undrawn: String,
    /// What the text of a message adds to its arrow: codecs, hold, reasons, the target of a transfer.
    pub notes: HashMap<MessageIdx, String>,
    /// Ladder and details.
    pub panes: Panes,
    /// The messages whose text was requested: what cannot be read is not requested again at each snapshot.
    asked: HashSet<MessageIdx>,
    /// Whether the other legs of the call are shown.
    pub extent: Extent,
    /// The legs that are shown, where they are more than those of the Call-ID.
    pub members: Vec<Member>,
    /// What the user joined and took out, when it was laid out.
    links: Links,
    /// What the user wrote on messages.
    comments: BTreeMap<MessageIdx, String>,
    /// Whether the call has more legs than that of the Call-ID, offered ones and those taken out included.
    has_others: bool,
    /// The number of the newest request.
    generation: Generation,
    /// What the ladder was made of: number of messages, whether all is loaded, what is folded, whose messages.
    made_of: Option<(u32, bool, Folding, Hosts, Extent)>,
}

impl LadderScreen {
    /// The ladder of the Call-ID of `row`, with its arrow selected; `None` if the message has no Call-ID.
    pub fn of(snapshot: &Snapshot, row: MessageIdx) -> Option<Self> {
        let call = snapshot.row(row)?.row.call;
        snapshot.call(call)?;
        let mut screen = Self {
            call,
            extent: Extent::CallId,
            members: Vec::new(),
            comments: BTreeMap::new(),
            links: Links::default(),
            head: Head::default(),
            ladder: Ladder::default(),
            list: List::default(),
            panes: Panes::default(),
            asked: HashSet::new(),
            has_others: false,
            generation: 0,
            left: 0,
            folding: Folding::default(),
            hosts: Hosts::default(),
            scale: Scale::default(),
            only: None,
            undrawn: String::new(),
            notes: HashMap::new(),
            made_of: None,
        };
        screen.lay_out(snapshot, Some(row));
        Some(screen)
    }

    /// The same, with the other legs of the call.
    #[must_use]
    pub fn with_legs(mut self, session: &Session, row: MessageIdx) -> Self {
        (self.extent, self.links) = (Extent::Call, session.links.clone());
        self.comments = session.notes.texts().clone();
        self.lay_out(&session.snapshot, Some(row));
        self
    }

    /// Makes columns and arrows again if anything changed, and selects the arrow of `row`.
    pub fn lay_out(&mut self, snapshot: &Snapshot, row: Option<MessageIdx>) {
        let count = match self.extent {
            Extent::CallId => snapshot.call(self.call).map_or(0, |call| call.count),
            Extent::Call => snapshot.len() as u32,
        };
        let made_of = Some((count, snapshot.progress.done, self.folding, self.hosts, self.extent));
        if self.made_of != made_of {
            self.made_of = made_of;
            self.draw_again(snapshot);
        }
        self.has_others = Calls::of(snapshot)
            .is_some_and(|calls| members_of(calls, self.call, &self.links).len() > 1)
            || self.links.has_removed();
        if let Some(row) = row {
            self.list.selected = self.ladder.arrow_of(row).unwrap_or_default();
        }
    }

    fn draw_again(&mut self, snapshot: &Snapshot) {
        let calls = Calls::of(snapshot).filter(|_| self.extent == Extent::Call);
        self.members = calls.map(|calls| members_of(calls, self.call, &self.links)).unwrap_or_default();
        let (rows, head) = match calls {
            Some(calls) if !self.members.is_empty() => {
                let legs: Vec<Handle> = self.members.iter().map(|member| Handle::Leg(member.leg)).collect();
                (rows_of(snapshot, calls, &self.members), Head::of(snapshot, calls, &legs))
            }
            _ => (snapshot.rows_of_call(self.call), Head::of_call_id(snapshot, self.call)),
        };
        self.head = head;
        self.undrawn = calls.map(|calls| undrawn(calls, &self.members)).unwrap_or_default();
        self.ladder = Ladder::with_hosts(snapshot, &rows, self.folding, self.hosts);
        if let Some(only) = self.only {
            self.ladder.keep(&of_transaction(snapshot, &rows, only));
        }
        self.ladder.scale(self.scale);
        if self.members.len() > 1 {
            self.ladder.name_legs(snapshot, &self.members);
        }
        self.ladder.add_findings(&self.head.findings);
        if let Some(calls) = Calls::of(snapshot) {
            let drawn = || match &self.members[..] {
                [] => legs_of(calls, self.call),
                members => members.iter().map(|member| member.leg).collect(),
            };
            self.ladder.explain_longest(snapshot, calls, drawn);
        }
        self.ladder.add_comments(&self.comments);
        self.ladder.make_room(&self.notes);
    }

    /// The leg of the selected arrow.
    fn selected_leg(&self, snapshot: &Snapshot) -> Option<LegIdx> {
        let row = self.selected_row().and_then(|row| snapshot.row(row))?;
        match Calls::of(snapshot)?.of_row(row.row)? {
            Handle::Leg(leg) => Some(leg),
            Handle::Dialog(_) => None,
        }
    }

    /// The selected leg among those of the call.
    pub fn selected_member(&self, snapshot: &Snapshot) -> Option<&Member> {
        let leg = self.selected_leg(snapshot)?;
        self.members.iter().find(|member| member.leg == leg)
    }

    /// Lays out again after the legs that are shown changed.
    fn changed_legs(&mut self, host: &mut Host<'_>) {
        if self.links != host.session.links {
            host.session.apply_links();
            self.links = host.session.links.clone();
        }
        self.made_of = None;
        self.lay_out_again(&host.session.snapshot);
        self.request_texts(host);
    }

    fn toggle_legs(&mut self, host: &mut Host<'_>) -> Outcome {
        if !self.has_others {
            let is_leg = self.selected_leg(&host.session.snapshot).is_some();
            let why = if is_leg { "this call has one leg" } else { "this is no call: it has no legs" };
            return Outcome::Failed(why.to_owned());
        }
        let was = self.extent;
        self.extent = if was == Extent::Call { Extent::CallId } else { Extent::Call };
        host.session.extent = self.extent;
        self.changed_legs(host);
        Outcome::Done
    }

    fn join(&mut self, host: &mut Host<'_>) -> Outcome {
        let offered =
            self.selected_member(&host.session.snapshot).filter(|member| member.tie == Tie::Offered);
        match offered.map(|member| (member.with, member.leg)) {
            Some((Some(with), leg)) => host.session.links.join(with, leg),
            _ if host.session.links.restore().is_some() => {}
            _ => return Outcome::Failed("select an arrow of a leg that is offered (?)".to_owned()),
        }
        self.changed_legs(host);
        Outcome::Done
    }

    fn take_out(&mut self, host: &mut Host<'_>) -> Outcome {
        match self.selected_member(&host.session.snapshot) {
            Some(member) if member.tie != Tie::Own => {
                let leg = member.leg;
                host.session.links.remove(leg);
            }
            Some(_) => {
                return Outcome::Failed("this leg's ladder is shown: it cannot be taken out".to_owned());
            }
            None => return Outcome::Failed("x shows the other legs first".to_owned()),
        }
        self.changed_legs(host);
        Outcome::Done
    }

    /// Compares the messages of the selected leg with those of the leg that it is paired with.
    fn compare(&self, session: &Session) -> Outcome {
        match self.selected_leg(&session.snapshot) {
            Some(leg) => DiffScreen::open(session, leg, self.selected_row()),
            None => Outcome::Failed("only the legs of a call can be compared".to_owned()),
        }
    }

    /// Shows the transaction of a message alone, or everything.
    fn show_only(&mut self, only: Option<MessageIdx>, host: &mut Host<'_>) {
        self.only = only;
        self.made_of = None;
        self.lay_out_again(&host.session.snapshot);
        self.request_texts(host);
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

    /// The ladder of a message as it would be opened: of its Call-ID or of its call.
    pub(in crate::app) fn of_message(session: &Session, row: MessageIdx) -> Option<Self> {
        let screen = Self::of(&session.snapshot, row)?;
        Some(if session.extent == Extent::Call { screen.with_legs(session, row) } else { screen })
    }

    /// What a copy takes: the Call-IDs, then the drawing.
    pub fn copied_text(&self, snapshot: &Snapshot) -> String {
        let ids: Vec<(String, &[u8])> = match (Calls::of(snapshot), self.members.len()) {
            (Some(calls), 2..) => {
                let leg = |member: &Member| {
                    let id = snapshot.call_id(calls.leg(member.leg)?.call_id);
                    Some((format!("{} ", name_of(&self.members, member.leg)?), id))
                };
                self.members.iter().filter_map(leg).collect()
            }
            _ => vec![(String::new(), snapshot.call_id(self.call))],
        };
        let ids = ids.iter().map(|(name, id)| format!("{name}{}\n", crate::base::escape::escape(id)));
        ids.chain([self.text()]).collect()
    }

    /// The whole drawing as text, a line an arrow.
    pub fn text(&self) -> String {
        let mut text = self.ladder.text(&self.notes);
        if !self.undrawn.is_empty() {
            text.push_str(&self.undrawn);
            text.push('\n');
        }
        text
    }

    /// Takes the notes of the user.
    fn take_comments(&mut self, host: &Host<'_>) {
        if self.comments != *host.session.notes.texts() {
            self.comments = host.session.notes.texts().clone();
            self.made_of = None;
            self.lay_out_again(&host.session.snapshot);
        }
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
        let has_legs = self.members.len() > 1 || (self.extent == Extent::Call && self.links.has_removed());
        let legs = has_legs.then_some(Context::Legs);
        details.into_iter().chain(legs).chain([Context::Ladder, Context::Panes]).collect()
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match self.panes.command(command, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        let width = usize::from(host.targets.area(Target::Rows).width);
        match command {
            Command::Go(motion) => self.go(motion),
            Command::NextMessage => self.go(Motion::Down),
            Command::PreviousMessage => self.go(Motion::Up),
            Command::Open => self.panes.open(),
            Command::ScrollLeft => self.scroll_sideways(-SIDEWAYS, width),
            Command::ScrollRight => self.scroll_sideways(SIDEWAYS, width),
            Command::Legs => return self.toggle_legs(host),
            Command::Join => return self.join(host),
            Command::TakeOut => return self.take_out(host),
            Command::Compare => return self.compare(host.session),
            Command::ToScale => {
                self.scale = self.scale.toggled();
                self.ladder.scale(self.scale);
            }
            Command::Only => return Outcome::Show(Overlay::Only),
            Command::Transaction => {
                let only = if self.only.is_some() { None } else { self.selected_row() };
                self.show_only(only, host);
            }
            Command::Back if self.only.is_some() => self.show_only(None, host),
            Command::Hosts => {
                self.hosts = self.hosts.toggled();
                self.lay_out_again(&host.session.snapshot);
                let says = match self.hosts {
                    Hosts::Folded => "one column for each host",
                    Hosts::Unfolded => "one column for each address and port",
                };
                *host.notice = Some(Notice::Done(says.to_owned()));
            }
            Command::Retransmissions => {
                self.folding = self.folding.toggled();
                self.lay_out_again(&host.session.snapshot);
                self.request_texts(host);
                let says = match self.folding {
                    Folding::Folded => "retransmissions are folded: ×2",
                    Folding::Unfolded => "each retransmission has its arrow: ↻",
                };
                *host.notice = Some(Notice::Done(says.to_owned()));
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn offers(&self, command: Command, session: &Session) -> bool {
        let tie = || self.selected_member(&session.snapshot).map(|member| member.tie);
        match command {
            Command::Hex => session.details.tab == Tab::Raw,
            Command::Legs | Command::Compare => self.has_others,
            Command::Join => session.links.has_removed() || tie() == Some(Tie::Offered),
            Command::TakeOut => tie().is_some_and(|tie| tie != Tie::Own),
            _ => true,
        }
    }

    fn has_pane_open(&self) -> bool {
        self.panes.is_open()
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

    fn hints(&self) -> &'static [(Command, &'static str)] {
        &[
            (Command::Legs, "other legs of the call"),
            (Command::Focus, "message of the arrow"),
            (Command::Help, "all keys"),
        ]
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
            Event::Recalled { .. } if self.links != host.session.links => {
                self.comments = host.session.notes.texts().clone();
                self.changed_legs(host);
            }
            Event::Recalled { .. } | Event::NoteWritten => self.take_comments(host),
            Event::Texts(generation, texts) if *generation == self.generation => self.take_texts(texts),
            Event::Drawn(targets) => {
                // A list that is not drawn keeps its place.
                let height = targets.height(Target::Rows);
                self.list.height = if height > 0 { height } else { self.list.height };
                self.in_pages(List::keep_in_sight);
            }
            _ => {}
        }
    }

    fn opened(&mut self, host: &mut Host<'_>) {
        self.take_comments(host);
        self.request_texts(host);
    }

    fn shown_again(&mut self, _: Screen, host: &mut Host<'_>) {
        // The screen above may have requested texts: then those that did not arrive here were dropped.
        self.asked.retain(|row| self.notes.contains_key(row));
        self.request_texts(host);
    }

    fn selected(&self, _: &Session) -> Option<MessageIdx> {
        self.selected_row()
    }

    fn picked(&self, session: &Session) -> Option<Vec<MessageIdx>> {
        let snapshot = &session.snapshot;
        let calls = Calls::of(snapshot).filter(|_| !self.members.is_empty());
        let legs = self.members.iter().map(|member| Handle::Leg(member.leg));
        let of_call = calls.map(|calls| messages_of(snapshot, calls, legs));
        (!self.panes.is_open()).then(|| of_call.unwrap_or_else(|| snapshot.rows_of_call(self.call)))
    }

    fn saves(&self, session: &Session) -> Saves {
        let snapshot = &session.snapshot;
        let message = self.selected_row();
        let row = message.and_then(|message| snapshot.row(message));
        let handle = row.and_then(|row| Calls::of(snapshot)?.of_row(row.row));
        Saves { message, handle, proposed: What::Call, ..Saves::default() }
    }

    fn copied(&self, what: CopyWhat, session: &Session) -> Option<Vec<u8>> {
        match what {
            CopyWhat::Ladder => Some(self.copied_text(&session.snapshot).into_bytes()),
            CopyWhat::Command => {
                let first = session.snapshot.call(self.call)?.first;
                let extent = if self.members.is_empty() { Extent::CallId } else { self.extent };
                command_line::of_ladder(first, extent, &session.snapshot)
            }
            _ => None,
        }
    }
}
