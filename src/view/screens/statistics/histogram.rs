//! The histogram: a column for each interval, as high as it has messages, and below it the share of the failures.
//!
//! Must not know: how intervals are chosen, what keys do.

use ratatui::layout::Rect;

use crate::app::screens::statistics::sections::stamp;
use crate::app::section::Section;
use crate::app::{App, StatisticsScreen, Target};
use crate::base::number::grouped;
use crate::statistics::{Bucket, Scale};
use crate::style::Role;
use crate::view::layout::{take_bottom, take_top};
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{CellWriter, width};
use crate::view::parts::format::{counted, date, time_of_day};

/// Cells before the columns: the scale of the messages.
const MARGIN: u16 = 9;
/// A cell that is filled from below in eighths.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Microseconds of a second, a day.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The columns that are drawn.
struct Columns {
    scale: Scale,
    bars: Vec<Bucket>,
    /// Cells of each column.
    cells: usize,
    /// The most messages of an interval.
    most: u32,
    /// By column: when it begins, in words.
    stamps: Vec<String>,
}

/// Draws the histogram.
pub(super) fn draw(screen: &StatisticsScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let mut area = area;
    let head = take_top(&mut area, 1);
    let plot = Rect { x: area.x + MARGIN, width: area.width.saturating_sub(MARGIN + 1), ..area };
    let scale = screen.source(&app.session, usize::from(plot.width)).scale;
    let bars = screen.statistics.timeline.bars(scale);
    let most = bars.iter().map(|bar| bar.messages).max().unwrap_or_default();
    let cells = (usize::from(plot.width) / scale.count.max(1)).max(1);
    let stamp = |column| stamp(&app.session.snapshot, scale.start(column), scale.step);
    let stamps = (0..scale.count).map(stamp).collect();
    let columns = Columns { scale, bars, cells, most, stamps };
    heading(screen, app, &columns, head, surface);
    if most == 0 {
        // The width must be known before there is anything to show.
        surface.target(Target::Timeline, plot);
        return;
    }
    let used = Rect { width: (scale.count * cells) as u16, ..plot };
    surface.target(Target::Timeline, used);
    let mut rest = used;
    let axis = take_bottom(&mut rest);
    let failures = take_bottom(&mut rest);
    draw_bars(&columns, rest, surface);
    draw_failures(&columns, failures, surface);
    let chosen = (screen.section == Section::Time).then(|| screen.cursor.intervals(scale));
    draw_axis(&columns, chosen, Rect { width: plot.width, ..axis }, surface);
    margin(&columns, area, surface);
    if let Some((first, last)) = chosen {
        let (x, end) = (used.x + (first * cells) as u16, used.x + ((last + 1) * cells) as u16);
        let chosen = Rect { x, width: end - x, height: used.height - 1, ..used };
        surface.paint(chosen, Role::Selected);
        surface.row(Rect { y: axis.y, height: 1, ..chosen }, 0).fill("▲", Role::Accent);
    }
}

/// What the histogram says in words: of the selected times, or of all.
fn heading(screen: &StatisticsScreen, app: &App, columns: &Columns, area: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(area, 0);
    row.skip(1);
    let statistics = &screen.statistics;
    if columns.most == 0 {
        return row.put(if screen.is_stale { "counting…" } else { "no message matches" }, Role::Dim);
    }
    if screen.section == Section::Time {
        let (text, hint) = selection(screen, app, columns);
        put_hint(&mut row, &text, hint);
        return row.put(&text, Role::Strong);
    }
    let all = Counted { messages: statistics.messages, failures: statistics.failures };
    let peak = columns.bars.iter().position(|bar| bar.messages == columns.most).unwrap_or_default();
    let at = columns.stamps.get(peak).map_or("", String::as_str);
    let most = grouped(u64::from(columns.most));
    let long = format!("{}; peak {most} in {} at {at}", all.text(), step_text(columns.scale.step));
    put_hint(&mut row, &long, "← → times");
    row.put(&long, Role::Strong);
}

/// Writes what the keys do at the end of a row, if it has room after a text.
fn put_hint(row: &mut CellWriter<'_>, text: &str, hint: &str) {
    if width(text) + width(hint) + 3 <= row.room() {
        row.put_at_end(&format!("{hint} "), 2, Role::Dim);
    }
}

/// `06:12:20 to 06:12:50: 1,204 messages, 12 failed (1.0 %), 3 calls begun`, and what the keys do.
fn selection(screen: &StatisticsScreen, app: &App, columns: &Columns) -> (String, &'static str) {
    let scale = columns.scale;
    let (first, last) = screen.cursor.intervals(scale);
    let (from, to) = (scale.start(first), scale.start(last + 1));
    let sum = screen.statistics.timeline.between(from, to);
    let all = Counted { messages: sum.messages.into(), failures: sum.failures.into() };
    let calls = screen.statistics.calls.as_ref().map(|calls| calls.starts.between(from, to).messages);
    let calls = calls.filter(|calls| *calls > 0);
    let calls = calls.map_or_else(String::new, |calls| format!(", {} begun", counted(calls.into(), "call")));
    let day = if spans_days(app) { format!("{} ", date(from)) } else { String::new() };
    let times = format!("{day}{} to {}", clock(from, scale.step), clock(to, scale.step));
    let hint = if screen.cursor.has_range() { "Enter shows them, v drops" } else { "v begins a range" };
    (format!("{times}: {}{calls}", all.text()), hint)
}

fn spans_days(app: &App) -> bool {
    let snapshot = &app.session.snapshot;
    let day = |at: usize| snapshot.row(at as u32).map(|row| row.row.time.div_euclid(DAY));
    day(0) != day(snapshot.len().saturating_sub(1))
}

struct Counted {
    messages: u64,
    failures: u64,
}

impl Counted {
    fn text(&self) -> String {
        let share = self.failures as f64 * 100.0 / self.messages.max(1) as f64;
        let failed = match self.failures {
            0 => "none failed".to_owned(),
            failures => format!("{} failed ({share:.1} %)", grouped(failures)),
        };
        format!("{}, {failed}", counted(self.messages, "message"))
    }
}

fn draw_bars(columns: &Columns, area: Rect, surface: &mut Surface<'_>) {
    let height = usize::from(area.height);
    for (number, bar) in columns.bars.iter().enumerate() {
        // What is there at all is visible.
        let filled = (bar.messages as usize * height * 8).div_ceil(columns.most.max(1) as usize);
        let x = area.x + (number * columns.cells) as u16;
        for y in 0..height {
            let eighths = filled.saturating_sub((height - 1 - y) * 8).min(8);
            let place = Rect { x, y: area.y + y as u16, width: columns.cells as u16, height: 1 };
            fill(place, EIGHTHS[eighths], Role::Label, surface);
        }
    }
}

/// A row of the shares of the failures: full where all failed.
fn draw_failures(columns: &Columns, area: Rect, surface: &mut Surface<'_>) {
    for (number, bar) in columns.bars.iter().enumerate() {
        let eighths = (bar.failures as usize * 8).div_ceil(bar.messages.max(1) as usize).min(8);
        let x = area.x + (number * columns.cells) as u16;
        let place = Rect { x, width: columns.cells as u16, ..area };
        fill(place, EIGHTHS[eighths], Role::Failure, surface);
    }
}

fn fill(place: Rect, symbol: &str, role: Role, surface: &mut Surface<'_>) {
    if symbol != " " {
        surface.row(place, 0).fill(symbol, role);
    }
}

/// Times below some of the columns, as many as have room; none where the selected ones are marked.
fn draw_axis(columns: &Columns, chosen: Option<(usize, usize)>, area: Rect, surface: &mut Surface<'_>) {
    surface.row(area, 0).fill("─", Role::Dim);
    let cells = columns.stamps.first().map_or(0, |stamp| width(stamp)) + 3;
    let every = cells.div_ceil(columns.cells);
    for (number, text) in columns.stamps.iter().enumerate().step_by(every.max(1)) {
        let x = area.x + (number * columns.cells) as u16;
        let end = number + cells.div_ceil(columns.cells);
        let is_marked = chosen.is_some_and(|(first, last)| first < end && last >= number);
        if !is_marked && usize::from(area.right() - x) >= width(text) {
            surface.row(Rect { x, width: area.right() - x, ..area }, 0).put(text, Role::Dim);
        }
    }
}

/// The scale at the left: the most messages above, 0 below, and what the row of the failures is.
fn margin(columns: &Columns, area: Rect, surface: &mut Surface<'_>) {
    let place = Rect { width: MARGIN, ..area };
    let bottom = area.height.saturating_sub(3);
    for y in 0..area.height {
        let (text, sign) = match y {
            0 => (grouped(u64::from(columns.most)), "┤"),
            y if y == bottom => ("0".to_owned(), "┤"),
            y if y == bottom + 1 => ("failed".to_owned(), "│"),
            y if y == bottom + 2 => (String::new(), "└"),
            _ => (String::new(), "│"),
        };
        let role = if y == bottom + 1 { Role::Failure } else { Role::Dim };
        let mut row = surface.row(place, y);
        row.column_right(&text, usize::from(MARGIN) - 1, role);
        row.put(sign, Role::Dim);
    }
}

/// A time as precise as its interval.
fn clock(time: i64, step: i64) -> String {
    if step >= DAY {
        return date(time);
    }
    time_of_day(time, if step < SECOND { 3 } else { 0 })
}

/// `10 s`, `1 min`, `2 h`, `1 ms`.
fn step_text(step: i64) -> String {
    let secs = step / SECOND;
    match secs {
        0 => format!("{} ms", step / 1_000),
        1..60 => format!("{secs} s"),
        60..3600 => format!("{} min", secs / 60),
        3600..86_400 => format!("{} h", secs / 3600),
        _ => format!("{} d", secs / 86_400),
    }
}
