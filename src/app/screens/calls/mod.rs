//! The calls: how each went, and why.
//!
//! Must not know: how calls are found and judged, drawing.

mod details;
mod filtering;
pub(in crate::app) mod find_problem;
mod incidents;
pub(in crate::app) mod listing;
mod matches;
mod problems;
mod proof;
mod ranks;
mod requests;
mod sorting;
mod summary;
mod tree;
mod verdict_ranks;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::columns::{CallColumn, ColumnList, ColumnValue};
use crate::app::command::Command;
use crate::app::details::Tab;
use crate::app::event::{Event, Generation, Key, Mouse, MouseAction};
use crate::app::keymap::{Context, FILTER_KEYS};
use crate::app::overlays::{CopyWhat, Overlay, Saves, What};
use crate::app::parts::{Focus, List, Panes, TextView};
use crate::app::picked::messages_of;
use crate::app::saving::Selection;
use crate::app::session::{Following, Session};
use crate::app::targets::Target;
use crate::calls::{Calls, Handle, LegIdx};
use crate::ladder::Links;
use crate::store::MessageIdx;

use super::messages::FilterLine;
use super::{
    DiffScreen, Host, LadderScreen, Outcome, Screen, ScreenState, StatisticsScreen, Typed, command_line,
};

pub use details::{outcome_role, verdict_role};
pub use find_problem::FindProblem;
pub(in crate::app) use incidents::incident_of;
pub use listing::{Entry, ListCalls, Listing, Way};
pub use matches::Matches;
pub use sorting::Order;
pub use summary::{leg_letter, round_trip, time_of_day};
pub use verdict_ranks::{MakeTexts, VerdictRanks, Verdicts};

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct CallsScreen {
    /// What is shown, in its order.
    pub listing: Arc<Listing>,
    /// Selection: positions in the listing.
    pub list: List,
    /// By what it is sorted.
    pub order: Order,
    /// The filter line.
    pub filter: FilterLine,
    /// Which messages match it.
    pub matches: Matches,
    /// List and details.
    pub panes: Panes,
    /// How far the details are scrolled.
    pub view: TextView,
    /// The message that proves the verdict, while it is shown.
    pub proof: Option<MessageIdx>,
    /// What the user chose last, and whether it is the line of a leg: the selection stays on it.
    anchor: Option<(Handle, bool)>,
    /// The first legs of the calls whose legs are shown.
    opened: BTreeSet<LegIdx>,
    /// The search for a problem that is under way, and its direction.
    finding: Option<(Generation, Way)>,
    /// The number of the newest request for a listing.
    generation: Generation,
    /// Whether that listing has not arrived.
    waiting: Waiting,
    /// Whether everything was loaded.
    was_done: bool,
    /// Whether what belongs to one incident is listed together.
    by_incident: bool,
    /// The folded incidents: only their headings are listed.
    folded: BTreeSet<u32>,
    /// What was joined and taken out by hand when the calls were listed.
    links: Links,
}

/// The messages of these legs and dialogs, and their number.
fn messages_shown(session: &Session, handles: &[Handle]) -> (Selection, usize) {
    let calls = Calls::of(&session.snapshot);
    let count = |handle: &Handle| match *handle {
        Handle::Leg(leg) => calls?.leg(leg).map(|leg| leg.messages as usize),
        Handle::Dialog(dialog) => calls?.dialog(dialog).map(|dialog| dialog.messages as usize),
    };
    (Selection::Of(handles.to_vec()), handles.iter().filter_map(count).sum())
}

/// What of the newest request has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Waiting {
    /// It has.
    #[default]
    Nothing,
    /// The listing.
    Listing,
    /// The listing, and there is more to list by now.
    ListingAndMore,
}

impl CallsScreen {
    /// The calls that `filter` lets through, with that of `message` selected.
    pub(in crate::app) fn new(filter: FilterLine, session: &Session, message: Option<MessageIdx>) -> Self {
        let snapshot = &session.snapshot;
        let row = message.and_then(|message| snapshot.row(message));
        let handle = row.and_then(|row| Calls::of(snapshot)?.of_row(row.row));
        Self {
            matches: Matches::of(&filter.filter),
            filter,
            anchor: handle.map(|handle| (handle, false)),
            ..Self::default()
        }
    }

    /// How many lines are shown.
    pub fn len(&self) -> usize {
        self.listing.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.listing.entries.is_empty()
    }

    /// The selected line.
    pub fn entry(&self) -> Option<Entry> {
        self.listing.entries.get(self.list.selected).copied()
    }

    fn leg(&self) -> Option<LegIdx> {
        self.listing.leg(self.entry()?)
    }

    /// The user chose the selected line.
    fn chosen(&mut self) {
        self.finding = None;
        self.anchor = self.listing.handle(self.list.selected);
        self.view = TextView::default();
    }

    fn select(&mut self, position: usize) {
        self.list.select(position, self.len());
        self.chosen();
    }

    fn sort_by(&mut self, column: CallColumn, host: &mut Host<'_>) {
        self.order = self.order.by(column);
        self.list_anew(host);
    }

    fn open_ladder(&self, session: &Session) -> Outcome {
        let row = self.selected(session);
        let ladder =
            row.and_then(|row| Some(LadderScreen::of(&session.snapshot, row)?.with_legs(session, row)));
        match ladder {
            Some(ladder) => Outcome::Push(Screen::Ladder(Box::new(ladder))),
            None if self.is_empty() => Outcome::Done,
            None => Outcome::Failed("this call has no Call-ID and therefore no ladder".to_owned()),
        }
    }

    fn compare(&self, session: &Session) -> Outcome {
        match self.leg() {
            Some(leg) => DiffScreen::open(session, leg, None),
            None => Outcome::Failed("only the legs of a call can be compared".to_owned()),
        }
    }

    /// Does what a command means for list and details.
    fn pane_command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match command {
            Command::Go(motion) if self.panes.focus == Focus::Details => {
                self.view.go(motion, host.targets.details);
                Outcome::Done
            }
            Command::Back
            | Command::Quit
            | Command::Focus
            | Command::Zoom
            | Command::Grow
            | Command::Shrink => self.panes.command(command, host),
            _ => Outcome::Ignored,
        }
    }

    fn list_mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) {
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Line)) => self.edit_filter(),
            (MouseAction::Click, Some(Target::Heading(ColumnValue::Call(column)))) => {
                self.sort_by(column, host);
            }
            (MouseAction::Click, Some(Target::Row(position))) => self.select(position),
            (MouseAction::Wheel(lines), Some(Target::Row(_) | Target::Rows)) => {
                self.list.wheel(lines, self.len());
                self.chosen();
            }
            _ => {}
        }
    }
}

impl ScreenState for CallsScreen {
    fn contexts(&self) -> Vec<Context> {
        if self.proof.is_some() { vec![Context::Details, Context::Panes] } else { vec![Context::Calls] }
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        if self.proof.is_some() {
            return self.proof_command(command, host);
        }
        match self.pane_command(command, host) {
            Outcome::Ignored => {}
            outcome => return outcome,
        }
        match command {
            Command::Go(motion) => {
                self.list.go(motion, self.len());
                self.chosen();
            }
            Command::Narrow(keep) => return self.filter_from_details(keep, host),
            Command::Ladder | Command::Open if self.fold_incident(host) => {}
            Command::Ladder | Command::Open => return self.open_ladder(host.session),
            Command::Proof => return self.open_proof(host.session),
            Command::Compare => return self.compare(host.session),
            Command::NextProblem => return self.go_to_problem(Way::Next, host),
            Command::PreviousProblem => return self.go_to_problem(Way::Previous, host),
            Command::GroupByIncident => {
                self.by_incident = !self.by_incident;
                self.list_anew(host);
            }
            Command::Back if self.filter.filter.is_all() => return Outcome::Pop,
            Command::Columns => return Outcome::Show(Overlay::Columns(ColumnList::Calls)),
            Command::Sort => return Outcome::Show(Overlay::Sort),
            Command::SortBy(column) => self.sort_by(column, host),
            Command::Expand => return self.expand(host),
            Command::Collapse => return self.collapse(host),
            Command::Follow if host.session.following == Following::Off => host.follow(),
            Command::Follow => {
                return Outcome::Failed("already following; F in the messages pauses their list".to_owned());
            }
            Command::Filter => self.edit_filter(),
            Command::Messages => return Outcome::Pop,
            Command::Statistics => return StatisticsScreen::open(&self.filter.filter),
            Command::ClearFilter if self.filter.filter.is_all() => {
                return Outcome::Failed("there is no filter to remove".to_owned());
            }
            Command::ClearFilter | Command::Back => {
                let edited = self.filter.clear(&mut host.session.filters);
                self.edited(edited, host);
            }
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn typed(&mut self, typed: &Typed<'_>, host: &mut Host<'_>) -> Outcome {
        self.type_filter(typed, host)
    }

    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        if let (None, MouseAction::Wheel(lines), Some(Target::Details)) =
            (self.proof, mouse.action, mouse.target)
        {
            self.view.wheel(lines, host.targets.details);
            return Outcome::Done;
        }
        if let Outcome::Ignored = self.panes.mouse(mouse, host) {
            self.list_mouse(mouse, host);
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        match event {
            Event::Loaded(_) => self.grown(host),
            Event::Reloaded(_) => {
                self.matches.again(host);
                self.grown(host);
            }
            Event::Found(found) => self.found(found, host),
            Event::Recalled { .. } => self.take_links(host),
            Event::ProblemFound(generation, found) => self.problem_found(*generation, *found, host),
            Event::ValuesSeen(field, values) => self.filter.values_seen(*field, values),
            Event::CallsListed(generation, listing) if *generation == self.generation => {
                self.listed(listing, host);
            }
            Event::Drawn(targets) => {
                let height = targets.height(Target::Rows);
                self.list.height = if height > 0 { height } else { self.list.height };
                self.list.keep_in_sight(self.len());
            }
            _ => {}
        }
    }

    fn opened(&mut self, host: &mut Host<'_>) {
        self.grown(host);
    }

    fn shown_again(&mut self, left: Screen, host: &mut Host<'_>) {
        if let Screen::Statistics(statistics) = left {
            let edited = statistics.leave(&mut self.filter, host);
            self.edited(edited, host);
        }
        self.take_links(host);
    }

    fn hints(&self) -> &'static [(Command, &'static str)] {
        if self.proof.is_some() {
            return &[];
        }
        &[
            (Command::NextProblem, "next failed call"),
            (Command::Proof, "the proof"),
            (Command::Ladder, "picture of the call"),
            (Command::Help, "all keys"),
        ]
    }

    fn selected(&self, session: &Session) -> Option<MessageIdx> {
        self.proof.or_else(|| self.first_message(session))
    }

    fn picked(&self, session: &Session) -> Option<Vec<MessageIdx>> {
        let calls = Calls::of(&session.snapshot).filter(|_| self.proof.is_none())?;
        let handles = match self.entry()? {
            Entry::Dialog(dialog) => vec![Handle::Dialog(dialog)],
            Entry::Leg(leg) => vec![Handle::Leg(leg)],
            entry => self.listing.legs(entry).iter().map(|leg| Handle::Leg(*leg)).collect(),
        };
        Some(messages_of(&session.snapshot, calls, handles))
    }

    fn saves(&self, session: &Session) -> Saves {
        let handle = match self.entry() {
            Some(Entry::Dialog(dialog)) => Some(Handle::Dialog(dialog)),
            Some(entry) => self.listing.leg(entry).map(Handle::Leg),
            None => None,
        };
        let (handles, count) = self.listing.handles();
        Saves {
            message: self.selected(session),
            handle,
            shown: Some(messages_shown(session, &handles)),
            calls: Some((handles, count)),
            proposed: What::Call,
        }
    }

    fn copied(&self, what: CopyWhat, session: &Session) -> Option<Vec<u8>> {
        match what {
            CopyWhat::Verdict => Some(self.call(session)?.verdict().text.into_bytes()),
            CopyWhat::Command => Some(command_line::of_calls(&self.filter.filter, &session.snapshot)),
            CopyWhat::Ladder => {
                let row = self.selected(session)?;
                let ladder = LadderScreen::of(&session.snapshot, row)?.with_legs(session, row);
                Some(ladder.copied_text(&session.snapshot).into_bytes())
            }
            _ => None,
        }
    }

    fn is_catching_up(&self) -> bool {
        self.is_behind()
    }

    fn has_pane_open(&self) -> bool {
        self.proof.is_some()
    }

    fn covered(&self) -> Option<Context> {
        self.proof.map(|_| Context::Calls)
    }

    fn offers(&self, command: Command, session: &Session) -> bool {
        match command {
            Command::Hex => session.details.tab == Tab::Raw,
            Command::Zoom | Command::Focus | Command::Time => self.proof.is_none(),
            _ => true,
        }
    }

    fn edited_keys(&self) -> Option<&'static [(Key, &'static str)]> {
        self.filter.editing.then_some(FILTER_KEYS)
    }
}
