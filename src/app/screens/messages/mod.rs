//! The message list: which rows are shown, which one is selected, the filter line.
//!
//! Must not know: drawing, how rows are matched.

mod cells;
pub(in crate::app::screens) mod filter_line;
mod filtering;
pub(in crate::app::screens) mod from_row;
mod shown;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::columns::ColumnList;
use crate::app::command::Command;
use crate::app::details::Tab;
use crate::app::event::{Event, Key, Mouse, MouseAction};
use crate::app::keymap::{Context, FILTER_KEYS};
use crate::app::overlays::{CopyWhat, Overlay, Saves, What};
use crate::app::parts::{Focus, List, Motion, Panes};
use crate::app::row_part::Keep;
use crate::app::session::{Following, Session};
use crate::app::targets::Target;
use crate::calls::Calls;
use crate::filter::Filter;
use crate::ladder::Links;
use crate::store::MessageIdx;

use super::{
    CallsScreen, DiffScreen, Host, LadderScreen, Outcome, Screen, ScreenState, StatisticsScreen, Typed,
    command_line,
};

pub use cells::Cells;
pub use filter_line::FilterLine;
pub use shown::Shown;

/// Whether the list was opened from the profiles of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// It was not.
    #[default]
    CommandLine,
    /// It was: the profiles are below it.
    Profiles,
}

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct MessagesScreen {
    /// Which rows are shown.
    pub shown: Shown,
    /// Selection: positions among the shown rows.
    pub list: List,
    /// Values of columns that only texts have.
    pub cells: Cells,
    /// The filter line.
    pub filter: FilterLine,
    /// List and details.
    pub panes: Panes,
    /// The message that the user chose last; the selection stays near it when the filter changes.
    anchor: Option<MessageIdx>,
    /// While the list does not stay at its last row: the number of messages when that began.
    seen: usize,
    origin: Origin,
    /// Whether the message of an earlier run was selected and is to be shown in the middle.
    is_recalled: bool,
    /// What the user had decided when the filter was searched.
    decided: (Links, Arc<BTreeSet<MessageIdx>>),
    /// The filter that was in force here when the calls were opened, and the filter line of the calls when they were left.
    calls: Option<(Filter, FilterLine)>,
}

impl MessagesScreen {
    /// A list of nothing yet, with `filter` in force.
    pub(in crate::app) fn new(filter: Filter) -> Self {
        Self { shown: Shown::of(&filter), filter: FilterLine::new(filter), ..Self::default() }
    }

    /// A list of a directory's profiles.
    ///
    /// `opening` counts these lists: none takes the results of another one's search.
    pub(in crate::app) fn of_profiles(filter: Filter, opening: u64) -> Self {
        let mut screen = Self { origin: Origin::Profiles, ..Self::new(filter) };
        screen.shown.begin_at(opening << 32);
        screen
    }

    /// How many rows are shown.
    pub fn len(&self, session: &Session) -> usize {
        self.shown.len(&session.snapshot)
    }

    /// Whether no row is shown.
    pub fn is_empty(&self, session: &Session) -> bool {
        self.len(session) == 0
    }

    /// The message at a position of the list.
    pub fn row(&self, session: &Session, position: usize) -> Option<MessageIdx> {
        self.shown.row(&session.snapshot, position)
    }

    /// The user chose the selected row: choosing the last one means that the list stays at its end.
    fn row_chosen(&mut self, session: &mut Session) {
        self.anchor = self.row(session, self.list.selected);
        let is_last = self.list.selected + 1 >= self.len(session);
        match session.following {
            Following::AtLast if !is_last => self.leave_last(Following::Scrolled, session),
            Following::Scrolled if is_last => session.following = Following::AtLast,
            _ => {}
        }
        self.count_new(session);
    }

    /// The list no longer stays at its last row; what arrives from now on is counted.
    fn leave_last(&mut self, following: Following, session: &mut Session) {
        session.following = following;
        self.seen = session.snapshot.len();
    }

    fn count_new(&self, session: &mut Session) {
        session.new_below = match session.following {
            Following::Scrolled | Following::Paused => {
                self.shown.len_from(&session.snapshot, self.seen as MessageIdx)
            }
            Following::Off | Following::AtLast => 0,
        };
    }

    /// Selects the anchor again, or what is shown nearest to it.
    fn reselect(&mut self, session: &mut Session) {
        let len = self.len(session);
        if session.following == Following::AtLast {
            self.anchor = self.row(session, len.saturating_sub(1));
        }
        if let Some(anchor) = self.anchor {
            // The row keeps its position on the screen if possible.
            let above = self.list.selected.saturating_sub(self.list.top);
            self.list.selected = self.shown.position(&session.snapshot, anchor);
            self.list.top = self.list.selected.saturating_sub(above);
        }
        self.list.keep_in_sight(len);
        self.count_new(session);
    }

    /// Starts to follow; while following, pauses the list or goes to the last row again. Reading goes on in either case.
    fn toggle_following(&mut self, host: &mut Host<'_>) {
        match host.session.following {
            Following::AtLast => self.leave_last(Following::Paused, host.session),
            Following::Off => host.follow(),
            Following::Scrolled | Following::Paused => host.session.following = Following::AtLast,
        }
        self.reselect(host.session);
    }

    /// The calls that the filter lets through, with that of the selected message.
    pub(in crate::app) fn open_calls(&mut self, session: &Session) -> Screen {
        self.panes.close();
        self.shown.pause();
        let selected = self.selected(session);
        // The calls keep their own filter until another one is applied here.
        let own = self.calls.take().filter(|(before, _)| before.text() == self.filter.filter.text());
        // What hides some messages at first is not about calls.
        let is_start = self.filter.filter.text() == session.start_filter.text();
        let filter = if is_start { Filter::all() } else { self.filter.filter.clone() };
        let line = own.map_or_else(|| FilterLine::new(filter), |(_, line)| line);
        Screen::Calls(Box::new(CallsScreen::new(line, session, selected)))
    }

    /// Selects a message, or the shown one nearest to it.
    fn select_message(&mut self, message: MessageIdx, session: &mut Session) {
        if session.following == Following::AtLast {
            self.leave_last(Following::Scrolled, session);
        }
        self.anchor = Some(message);
        self.reselect(session);
    }

    /// Goes to the message that was selected in an earlier run, unless the user has already moved.
    fn recall_position(&mut self, row: MessageIdx, host: &mut Host<'_>) {
        if self.anchor.is_none() && row > 0 && host.session.following == Following::Off {
            self.select_message(row, host.session);
            self.is_recalled = true;
            self.center_recalled(host.targets.height(Target::Rows));
        }
    }

    /// Shows the message of an earlier run in the middle: what is before it matters, too. That needs the height that was drawn.
    fn center_recalled(&mut self, height: usize) {
        if self.is_recalled && height > 0 {
            self.list.top = self.list.selected.saturating_sub(height / 2);
            self.is_recalled = false;
        }
    }

    /// Selects the next or the previous message while the details of this one are read.
    fn step(&mut self, motion: Motion, session: &mut Session) -> Outcome {
        let before = self.list.selected;
        self.list.go(motion, self.len(session));
        if self.list.selected == before {
            let end = if motion == Motion::Down { "last" } else { "first" };
            return Outcome::Failed(format!("this is the {end} message of the list"));
        }
        self.row_chosen(session);
        Outcome::Done
    }

    fn open_ladder(&self, session: &Session) -> Outcome {
        let Some(row) = self.selected(session) else { return Outcome::Done };
        match LadderScreen::of_message(session, row) {
            Some(screen) => Outcome::Push(Screen::Ladder(Box::new(screen))),
            None => Outcome::Failed("this message has no Call-ID and therefore no ladder".to_owned()),
        }
    }
}

/// Marks: which messages the user chose to come back to, or to compare.
impl MessagesScreen {
    /// Marks the selected message, or unmarks it, and goes on to the next one.
    fn mark(&mut self, host: &mut Host<'_>) {
        let session = &mut *host.session;
        let Some(row) = self.selected(session) else { return };
        session.toggle_mark(row);
        self.list.go(Motion::Down, self.len(session));
        self.row_chosen(session);
        self.take_decisions(host);
    }

    /// Searches again where the filter asks for marks or calls, and the user changed them.
    fn take_decisions(&mut self, host: &mut Host<'_>) {
        let (links, marks) = (&host.session.links, &host.session.snapshot.marks);
        let filter = &self.filter.filter;
        let is_changed = (filter.needs_calls() && self.decided.0 != *links)
            || (filter.needs_marks() && self.decided.1 != *marks);
        self.decided = (links.clone(), Arc::clone(marks));
        if is_changed {
            self.search_again(host);
        }
    }

    /// Selects a mark; that of a message that is not shown does not count.
    fn go_to_mark(&mut self, session: &mut Session, command: Command) -> Outcome {
        let selected = self.selected(session).unwrap_or_default();
        let is_shown = |mark: &&MessageIdx| {
            let position = self.shown.position(&session.snapshot, **mark);
            self.row(session, position) == Some(**mark)
        };
        let found = match command {
            Command::NextMark => session.marks.range(selected + 1..).find(is_shown),
            _ => session.marks.range(..selected).rev().find(is_shown),
        };
        let Some(&mark) = found else {
            let way = if command == Command::NextMark { "below" } else { "above" };
            return Outcome::Failed(format!("no marked message {way}: Space marks"));
        };
        self.select_message(mark, session);
        Outcome::Done
    }

    /// Selects a message, or the shown one nearest to it, and says which.
    fn go_to(&mut self, message: MessageIdx, session: &mut Session) -> Outcome {
        self.panes.close();
        self.select_message(message, session);
        match self.row(session, self.list.selected) {
            Some(row) if row == message => Outcome::Done,
            Some(row) => {
                let (wanted, near) = (message + 1, row + 1);
                Outcome::Failed(format!(
                    "the filter hides message {wanted}: {near} is the nearest that it shows"
                ))
            }
            None => Outcome::Failed("no message is shown".to_owned()),
        }
    }

    /// Compares the two marked messages.
    fn compare(&mut self, session: &Session) -> Outcome {
        let marks: Vec<MessageIdx> = session.marks.iter().copied().collect();
        match marks[..] {
            [one, other] => {
                self.panes.close();
                Outcome::Push(Screen::Diff(Box::new(DiffScreen::of_marked(session, one, other))))
            }
            [_] => Outcome::Failed("1 message is marked: mark one more (Space) to compare them".to_owned()),
            _ => {
                let marked = marks.len();
                Outcome::Failed(format!("{marked} messages are marked: mark two (Space) to compare them"))
            }
        }
    }
}

impl ScreenState for MessagesScreen {
    fn contexts(&self) -> Vec<Context> {
        let details = self.panes.focused_context();
        let directory = (self.origin == Origin::Profiles).then_some(Context::Directory);
        details.into_iter().chain([Context::Messages]).chain(directory).chain([Context::Panes]).collect()
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match self.panes.command(command, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        match command {
            Command::Go(motion) => {
                if motion == Motion::Last && host.session.following == Following::Paused {
                    host.session.following = Following::AtLast;
                }
                self.list.go(motion, self.len(host.session));
                self.row_chosen(host.session);
            }
            Command::NextMessage => return self.step(Motion::Down, host.session),
            Command::PreviousMessage => return self.step(Motion::Up, host.session),
            Command::Open if self.panes.is_open() => {
                return Outcome::Failed("there is nothing to open in this text".to_owned());
            }
            Command::Open if self.selected(host.session).is_some() => self.panes.open(),
            Command::Ladder => {
                let outcome = self.open_ladder(host.session);
                if let Outcome::Push(_) = outcome {
                    self.panes.close();
                }
                return outcome;
            }
            Command::Calls => return Outcome::Push(self.open_calls(host.session)),
            Command::Statistics => {
                self.panes.close();
                return StatisticsScreen::open(&self.filter.filter);
            }
            Command::Filter => self.edit_filter(),
            Command::FromRow => return Outcome::Show(Overlay::FromRow(Keep::These)),
            Command::WithoutRow => return Outcome::Show(Overlay::FromRow(Keep::Others)),
            Command::Columns => return Outcome::Show(Overlay::Columns(ColumnList::Messages)),
            Command::Narrow(keep) => return self.filter_from_details(keep, host),
            Command::FilterBy(part, keep) => return self.filter_from_row(part, keep, host),
            Command::Back if self.filter.filter.is_all() => return Outcome::Ignored,
            Command::ClearFilter | Command::Back => return self.clear_filter(host),
            Command::Mark => self.mark(host),
            Command::NextMark | Command::PreviousMark => return self.go_to_mark(host.session, command),
            Command::ClearMarks if host.session.marks.is_empty() => {
                return Outcome::Failed("no message is marked: Space marks".to_owned());
            }
            Command::ClearMarks => {
                host.session.clear_marks();
                self.take_decisions(host);
            }
            Command::Compare => return self.compare(host.session),
            Command::GoTo(message) => return self.go_to(message, host.session),
            Command::Follow => self.toggle_following(host),
            Command::Profiles => return Outcome::Pop,
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn typed(&mut self, typed: &Typed<'_>, host: &mut Host<'_>) -> Outcome {
        if let Typed::Text(_) = typed {
            self.edit_filter();
        }
        let Some(edited) = self.filter.typed(typed, &mut host.session.filters) else {
            return Outcome::Ignored;
        };
        self.edited(edited, host);
        Outcome::Done
    }

    fn has_pane_open(&self) -> bool {
        self.panes.is_open()
    }

    fn is_catching_up(&self) -> bool {
        self.shown.is_catching_up()
    }

    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        match self.panes.mouse(mouse, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Line)) => self.edit_filter(),
            (MouseAction::Click, Some(Target::Row(position))) => {
                self.list.selected = position;
                self.row_chosen(host.session);
            }
            (MouseAction::Wheel(lines), Some(Target::Row(_) | Target::Rows)) => {
                self.list.wheel(lines, self.len(host.session));
                self.row_chosen(host.session);
            }
            _ => {}
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        if let Event::Recalled { .. } = event {
            self.take_decisions(host);
        }
        match event {
            Event::Loaded(_) => {
                self.reselect(host.session);
                self.search_on(host);
            }
            Event::Texts(generation, texts) => self.cells_arrived(*generation, texts),
            Event::Reloaded(_) => {
                self.forget_cells();
                self.reselect(host.session);
                self.search_again(host);
            }
            Event::Found(found) => self.found(found, host),
            Event::ValuesSeen(field, values) => self.filter.values_seen(*field, values),
            Event::TermsCounted(generation, counts) => self.shown.counted(*generation, counts),
            Event::Recalled { generation, position: Some(row), .. }
                if *generation == host.session.recalling.generation =>
            {
                self.recall_position(*row, host);
            }
            Event::Drawn(targets) => {
                // A list that is not drawn keeps its place.
                let height = targets.height(Target::Rows);
                self.list.height = if height > 0 { height } else { self.list.height };
                self.center_recalled(height);
                self.list.keep_in_sight(self.len(host.session));
            }
            _ => return,
        }
        self.request_cells(host);
    }

    fn hints(&self) -> &'static [(Command, &'static str)] {
        &[
            (Command::Calls, "calls, and why each failed"),
            (Command::Ladder, "one call as a picture"),
            (Command::Help, "all keys"),
        ]
    }

    fn selected(&self, session: &Session) -> Option<MessageIdx> {
        self.row(session, self.list.selected)
    }

    fn shown_again(&mut self, left: Screen, host: &mut Host<'_>) {
        if let Screen::Statistics(statistics) = &left {
            let edited = statistics.leave(&mut self.filter, host);
            self.edited(edited, host);
        }
        if let Screen::Calls(calls) = left {
            if let Some(first) = calls.first_message(host.session) {
                self.select_message(first, host.session);
            }
            self.calls = Some((self.filter.filter.clone(), calls.filter));
            self.resume(host);
        }
        self.take_decisions(host);
    }

    fn saves(&self, session: &Session) -> Saves {
        let message = self.selected(session);
        let row = message.and_then(|message| session.snapshot.row(message));
        let handle = row.and_then(|row| Calls::of(&session.snapshot)?.of_row(row.row));
        let shown = Some((self.shown.selection(), self.len(session)));
        Saves { message, handle, shown, calls: None, proposed: What::Call }
    }

    fn copied(&self, what: CopyWhat, session: &Session) -> Option<Vec<u8>> {
        match what {
            CopyWhat::Command => Some(command_line::of_messages(&self.filter.filter, &session.snapshot)),
            CopyWhat::Ladder => {
                let ladder = LadderScreen::of_message(session, self.selected(session)?)?;
                Some(ladder.copied_text(&session.snapshot).into_bytes())
            }
            _ => None,
        }
    }

    fn offers(&self, command: Command, session: &Session) -> bool {
        match command {
            Command::Hex => session.details.tab == Tab::Raw,
            // They work in the details, too, but are not what is wanted there.
            Command::FromRow | Command::Mark => self.panes.focus == Focus::List,
            _ => true,
        }
    }

    fn edited_keys(&self) -> Option<&'static [(Key, &'static str)]> {
        self.filter.editing.then_some(FILTER_KEYS)
    }
}
