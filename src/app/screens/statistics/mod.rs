//! Statistics of the messages that match the filter: a histogram over time, and one table for each section.
//!
//! Must not know: how anything is counted, drawing.

mod cursor;
pub mod sections;
mod terms;

use std::sync::Arc;

use crate::app::Notice;
use crate::app::command::Command;
use crate::app::event::{Effect, Event, Generation, Key, Mouse, MouseAction, Stretch};
use crate::app::keymap::{Context, FILTER_KEYS};
use crate::app::parts::{List, Motion, TextView};
use crate::app::row_part::Keep;
use crate::app::section::Section;
use crate::app::session::Session;
use crate::app::styled_text::Line;
use crate::app::targets::{Target, Targets};
use crate::base::Extent;
use crate::explain::hex;
use crate::filter::Filter;
use crate::statistics::{CountStatistics, Statistics};
use crate::store::Region;

use super::messages::FilterLine;
use super::messages::filter_line::{Edited, REFUSED};
use super::{Host, Outcome, Screen, ScreenState, Typed};

pub use cursor::TimeCursor;
use sections::{Meaning, Rows, Source};

/// Bytes of a region that are shown.
const MOST_BYTES: u64 = 64 << 10;
/// Intervals over time where no histogram was drawn.
pub const INTERVALS: usize = 60;

/// State of the screen.
#[derive(Debug, Clone, Default)]
pub struct StatisticsScreen {
    /// What was counted so far.
    pub statistics: Arc<Statistics>,
    /// The section that is shown.
    pub section: Section,
    /// The filter line.
    pub filter: FilterLine,
    /// The selected time, or range of times.
    pub cursor: TimeCursor,
    /// The bytes of a region, while they are shown.
    pub bytes: Option<RegionBytes>,
    /// Whether nothing arrived of what is counted now: what is shown belongs to the previous filter.
    pub is_stale: bool,
    /// By section: the selection.
    lists: [List; Section::ALL.len()],
    /// By section: what identifies the row that the user chose; the selection stays on it while the counts change.
    anchors: [Option<Vec<u8>>; Section::ALL.len()],
    /// The number of the newest request.
    generation: Generation,
    /// Changes where counting begins again.
    series: u64,
    waiting: Waiting,
    /// Whether everything was loaded.
    was_done: bool,
    /// Whether the mouse selects times.
    dragging: bool,
}

/// What of the newest request has not arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Waiting {
    /// It has.
    #[default]
    Nothing,
    /// The complete counts.
    Counts,
    /// The complete counts, and there is more to count by now.
    CountsAndMore,
}

/// The bytes of a region.
#[derive(Debug, Clone)]
pub struct RegionBytes {
    /// The region.
    pub region: Region,
    /// The number of its input.
    pub source: u16,
    /// Its bytes in hex, or why they cannot be read; `None` until they arrive.
    pub lines: Option<Result<Arc<[Line]>, String>>,
    /// How far they are scrolled.
    pub view: TextView,
    generation: Generation,
}

impl StatisticsScreen {
    /// Shows the statistics of what `filter` lets through.
    pub(super) fn open(filter: &Filter) -> Outcome {
        let screen = Self { filter: FilterLine::new(filter.clone()), is_stale: true, ..Self::default() };
        Outcome::Push(Screen::Statistics(Box::new(screen)))
    }

    /// The screen was left: its filter is that of the list below, and the counts are not needed any more.
    pub(super) fn leave(&self, line: &mut FilterLine, host: &mut Host<'_>) -> Edited {
        host.effects.push(Effect::Count(None));
        let own = &self.filter.filter;
        if own.text() == line.filter.text() {
            Edited::Nothing
        } else {
            line.put(own, &mut host.session.filters)
        }
    }

    /// Whether everything that is loaded was counted.
    pub fn is_complete(&self) -> bool {
        self.statistics.is_complete && self.waiting == Waiting::Nothing
    }

    /// What the rows of the sections are made from; `columns` is the width of the histogram.
    pub fn source<'a>(&'a self, session: &'a Session, columns: usize) -> Source<'a> {
        let scale = self.statistics.timeline.scale(if columns == 0 { INTERVALS } else { columns });
        Source { statistics: &self.statistics, snapshot: &session.snapshot, scale }
    }

    /// The rows of the section that is shown.
    pub fn rows<'a>(&'a self, session: &'a Session, columns: usize) -> Box<dyn Rows + 'a> {
        sections::rows(self.section, self.source(session, columns))
    }

    /// The selection in the section that is shown.
    pub fn list(&self, session: &Session, columns: usize) -> List {
        let mut list = self.lists[self.section as usize];
        if self.section == Section::Time {
            let scale = self.source(session, columns).scale;
            list.selected = self.cursor.interval(scale);
            list.keep_in_sight(scale.count);
        }
        list
    }

    /// Whether a row is an interval of the selected range of times.
    pub fn is_in_range(&self, row: usize, session: &Session, columns: usize) -> bool {
        let (first, last) = self.cursor.intervals(self.source(session, columns).scale);
        self.section == Section::Time && self.cursor.has_range() && (first..=last).contains(&row)
    }

    /// Asks for counts of what is there now.
    fn count(&mut self, host: &mut Host<'_>) {
        self.generation = host.session.new_generation();
        self.waiting = Waiting::Counts;
        host.effects.push(Effect::Count(Some(Box::new(CountStatistics {
            generation: self.generation,
            series: self.series,
            filter: self.filter.filter.clone(),
            snapshot: Arc::clone(&host.session.snapshot),
        }))));
    }

    /// Counts again from the first message.
    fn count_anew(&mut self, host: &mut Host<'_>) {
        self.series = host.session.new_generation();
        self.is_stale = true;
        self.count(host);
    }

    /// Asks for counts when those that are under way have arrived.
    fn count_more(&mut self, host: &mut Host<'_>) {
        let is_done = host.session.snapshot.progress.done;
        let became_done = is_done && !std::mem::replace(&mut self.was_done, is_done);
        let filter = &self.filter.filter;
        if became_done && (filter.needs_others() || filter.needs_calls()) {
            // What is known at the end may differ from what was known when a message was looked at.
            self.count_anew(host);
        } else if self.waiting == Waiting::Nothing {
            self.count(host);
        } else {
            self.waiting = Waiting::CountsAndMore;
        }
    }

    fn counted(&mut self, statistics: &Arc<Statistics>, host: &mut Host<'_>) {
        self.statistics = Arc::clone(statistics);
        self.is_stale = false;
        self.reselect(host);
        if statistics.is_complete {
            let waited = std::mem::take(&mut self.waiting);
            if waited == Waiting::CountsAndMore {
                self.count(host);
            }
        }
    }

    /// The selection goes to the row that the user chose, wherever it is now.
    fn reselect(&mut self, host: &Host<'_>) {
        let columns = columns(host.targets);
        let mut list = self.lists[self.section as usize];
        let rows = self.rows(host.session, columns);
        let len = rows.count();
        if self.section != Section::Time
            && let Some(anchor) = &self.anchors[self.section as usize]
            && let Some(at) = (0..len).find(|at| *rows.name(*at) == **anchor)
        {
            let above = list.selected.saturating_sub(list.top);
            (list.selected, list.top) = (at, at.saturating_sub(above));
        }
        list.keep_in_sight(len);
        if rows.is_heading(list.selected) && list.selected + 1 < len {
            list.selected += 1;
        }
        drop(rows);
        self.lists[self.section as usize] = list;
    }

    /// The user chose a row.
    fn select(&mut self, change: impl FnOnce(&mut List, usize), host: &Host<'_>) {
        let columns = columns(host.targets);
        let mut list = self.list(host.session, columns);
        let before = list.selected;
        let rows = self.rows(host.session, columns);
        let len = rows.count();
        change(&mut list, len);
        // A heading cannot be selected: the next row in the same direction is.
        if rows.is_heading(list.selected) {
            let goes_up = list.selected < before && list.selected > 0;
            list.selected = if goes_up { list.selected - 1 } else { (list.selected + 1).min(len - 1) };
            list.keep_in_sight(len);
        }
        let name = (len > 0).then(|| rows.name(list.selected).into_owned());
        drop(rows);
        if self.section == Section::Time {
            let scale = self.source(host.session, columns).scale;
            self.cursor.go_to(list.selected, scale);
        }
        self.lists[self.section as usize] = list;
        self.anchors[self.section as usize] = name;
    }

    fn show(&mut self, section: Section, host: &Host<'_>) {
        self.section = section;
        self.bytes = None;
        let height = self.lists.iter().map(|list| list.height).max().unwrap_or(1);
        self.lists[section as usize].height = height;
        self.reselect(host);
    }

    /// Moves the selected time by an interval.
    fn move_time(&mut self, motion: Motion, host: &Host<'_>) {
        if self.section != Section::Time {
            self.show(Section::Time, host);
        }
        self.select(|list, len| list.go(motion, len), host);
    }

    /// What the selected row, or the selected range of times, means.
    fn meaning(&self, host: &Host<'_>) -> Option<Meaning> {
        let columns = columns(host.targets);
        let rows = self.rows(host.session, columns);
        if self.section == Section::Time
            && let Some((from, to)) = self.cursor.range(self.source(host.session, columns).scale)
        {
            let range = terms::before(&host.session.snapshot, from, to);
            return range.map(Meaning::Filter);
        }
        (rows.count() > 0).then(|| rows.meaning(self.list(host.session, columns).selected))
    }

    /// Adds what the selected row means to the filter, and goes back to the list of these messages.
    fn open_row(&mut self, host: &mut Host<'_>) -> Outcome {
        match self.meaning(host) {
            None => Outcome::Failed("there is no row to choose".to_owned()),
            Some(Meaning::Nothing(why)) => Outcome::Failed(why.to_owned()),
            Some(Meaning::Filter(term)) => {
                // What it changes here is of no use: the screen is left.
                let filter = self.filter.filter.clone().and(term);
                let _ = self.filter.put(&filter, &mut host.session.filters);
                Outcome::Pop
            }
            Some(Meaning::Bytes(source, region)) => {
                self.load_bytes(source, region, host);
                Outcome::Done
            }
        }
    }

    /// Adds what the selected row means, or its negation, to the filter, and stays.
    fn narrow(&mut self, keep: Keep, host: &mut Host<'_>) -> Outcome {
        let term = match self.meaning(host) {
            Some(Meaning::Filter(term)) => term,
            Some(Meaning::Nothing(why)) => return Outcome::Failed(why.to_owned()),
            Some(Meaning::Bytes(..)) => return Outcome::Failed("a region of bytes is no filter".to_owned()),
            None => return Outcome::Failed("there is no row to choose".to_owned()),
        };
        let term = if keep == Keep::Others { term.negated() } else { term };
        self.cursor.drop_range();
        let filter = self.filter.filter.clone().and(term);
        let edited = self.filter.put(&filter, &mut host.session.filters);
        self.edited(&edited, host);
        Outcome::Done
    }

    fn load_bytes(&mut self, source: u16, region: Region, host: &mut Host<'_>) {
        let generation = host.session.new_generation();
        let extent = Extent::new(region.offset, region.len.min(MOST_BYTES));
        host.effects.push(Effect::LoadBytes(Stretch { generation, source, extent }));
        self.bytes = Some(RegionBytes { region, source, lines: None, view: TextView::default(), generation });
    }

    fn read(&mut self, generation: Generation, bytes: &Result<Vec<u8>, String>) {
        let Some(shown) = self.bytes.as_mut().filter(|shown| shown.generation == generation) else { return };
        let first = usize::try_from(shown.region.offset).unwrap_or_default();
        shown.lines = Some(bytes.clone().map(|bytes| hex::lines(&bytes, first).into()));
    }

    fn edited(&mut self, edited: &Edited, host: &mut Host<'_>) {
        match edited {
            Edited::Nothing => {}
            Edited::Refused => *host.notice = Some(Notice::Failed(REFUSED.to_owned())),
            Edited::Values(field) => host.effects.push(Effect::CountValues(*field)),
            Edited::Filter(_) => self.count_anew(host),
            Edited::Go(motion) => self.select(|list, len| list.go(*motion, len), host),
        }
    }

    /// Drops what is over the table, one thing after another; whether there was something.
    fn step_back(&mut self) -> bool {
        self.bytes.take().is_some() || self.cursor.drop_range()
    }

    fn copy(&self, host: &mut Host<'_>) {
        let source = self.source(host.session, columns(host.targets));
        let bytes = sections::as_text(self.section, source).into_bytes();
        let what = format!("section {}", self.section.title());
        host.effects.push(Effect::Copy { what, bytes });
    }

    /// Selects the interval under the pointer.
    fn point(&mut self, mouse: &Mouse, host: &Host<'_>) {
        let area = host.targets.area(Target::Timeline);
        let scale = self.source(host.session, usize::from(area.width)).scale;
        let cells = (usize::from(area.width) / scale.count.max(1)).max(1);
        let interval = usize::from(mouse.x.saturating_sub(area.x)) / cells;
        self.select(|list, len| list.select(interval, len), host);
    }

    fn table_mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) {
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Line)) => self.filter.begin(),
            (MouseAction::Click, Some(Target::Section(section))) => self.show(section, host),
            (MouseAction::Click, Some(Target::Row(row))) => {
                self.select(|list, len| list.select(row, len), host);
            }
            (MouseAction::Wheel(lines), Some(Target::Details)) => {
                if let Some(bytes) = &mut self.bytes {
                    bytes.view.wheel(lines, host.targets.details);
                }
            }
            (MouseAction::Wheel(lines), Some(Target::Row(_) | Target::Rows)) => {
                self.select(|list, len| list.wheel(lines, len), host);
            }
            _ => {}
        }
    }
}

/// The width of the histogram that was drawn last.
fn columns(targets: &Targets) -> usize {
    usize::from(targets.area(Target::Timeline).width)
}

impl ScreenState for StatisticsScreen {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Statistics]
    }

    fn command(&mut self, command: Command, host: &mut Host<'_>) -> Outcome {
        match command {
            Command::Go(motion) => match &mut self.bytes {
                Some(bytes) => bytes.view.go(motion, host.targets.details),
                None => self.select(|list, len| list.go(motion, len), host),
            },
            Command::Section(section) if section == self.section => {
                return Outcome::Failed("this section is shown already".to_owned());
            }
            Command::Section(section) => self.show(section, host),
            Command::NextTab => self.show(self.section.step(1), host),
            Command::PreviousTab => self.show(self.section.step(Section::ALL.len() - 1), host),
            Command::Earlier => self.move_time(Motion::Up, host),
            Command::Later => self.move_time(Motion::Down, host),
            Command::SelectTimes => {
                if self.section != Section::Time {
                    self.show(Section::Time, host);
                }
                let scale = self.source(host.session, columns(host.targets)).scale;
                self.cursor.toggle_range(scale);
            }
            Command::Open => return self.open_row(host),
            Command::Narrow(keep) => return self.narrow(keep, host),
            Command::Copy => self.copy(host),
            Command::Filter => self.filter.begin(),
            Command::ClearFilter if self.filter.filter.is_all() => {
                return Outcome::Failed("there is no filter to remove".to_owned());
            }
            Command::ClearFilter => {
                let edited = self.filter.clear(&mut host.session.filters);
                self.edited(&edited, host);
            }
            Command::Back | Command::Quit if self.step_back() => {}
            Command::Back => return Outcome::Pop,
            _ => return Outcome::Ignored,
        }
        Outcome::Done
    }

    fn typed(&mut self, typed: &Typed<'_>, host: &mut Host<'_>) -> Outcome {
        let Some(edited) = self.filter.typed(typed, &mut host.session.filters) else {
            return Outcome::Ignored;
        };
        self.edited(&edited, host);
        Outcome::Done
    }

    fn mouse(&mut self, mouse: &Mouse, host: &mut Host<'_>) -> Outcome {
        match (mouse.action, mouse.target) {
            (MouseAction::Click, Some(Target::Timeline)) => {
                self.show(Section::Time, host);
                self.cursor.drop_range();
                self.point(mouse, host);
                self.dragging = true;
            }
            (MouseAction::Drag, _) if self.dragging => {
                let scale = self.source(host.session, columns(host.targets)).scale;
                self.cursor.begin_range(scale);
                self.point(mouse, host);
            }
            (MouseAction::Release, _) => self.dragging = false,
            _ => self.table_mouse(mouse, host),
        }
        Outcome::Done
    }

    fn event(&mut self, event: &Event, host: &mut Host<'_>) {
        match event {
            Event::Loaded(_) => self.count_more(host),
            Event::Reloaded(_) => self.count_anew(host),
            Event::Counted(generation, statistics) if *generation == self.generation => {
                self.counted(statistics, host);
            }
            Event::Bytes(generation, bytes) => self.read(*generation, bytes),
            Event::ValuesSeen(field, values) => self.filter.values_seen(*field, values),
            Event::Drawn(targets) => {
                let height = targets.height(Target::Rows);
                let list = &mut self.lists[self.section as usize];
                list.height = if height > 0 { height } else { list.height };
                self.reselect(host);
            }
            _ => {}
        }
    }

    fn opened(&mut self, host: &mut Host<'_>) {
        self.was_done = host.session.snapshot.progress.done;
        self.count_anew(host);
    }

    fn hints(&self) -> &'static [(Command, &'static str)] {
        &[
            (Command::NextTab, "next section"),
            (Command::Open, "messages of a row"),
            (Command::Help, "all keys"),
        ]
    }

    fn is_catching_up(&self) -> bool {
        self.is_stale
    }

    fn has_pane_open(&self) -> bool {
        self.bytes.is_some()
    }

    fn edited_keys(&self) -> Option<&'static [(Key, &'static str)]> {
        self.filter.editing.then_some(FILTER_KEYS)
    }
}
