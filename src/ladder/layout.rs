//! The positions of everything on the lines of a ladder: lifelines, arrows, labels, remarks.
//!
//! ```text
//! time            title             title
//! 06:00:00.019608 ├─ label ────────▶│  ! remark
//!                 ┊      7.5 s      ┊
//! ```
//!
//! Must not know: colours, the terminal, which arrows are visible.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::canvas::{Canvas, Ink, width_of};
use super::label::RowText;
use super::{Arrow, Ladder, MessageIdx, Needs, Times};

/// Cells of the time column and the blank after it.
const TIME: i32 = 16;
/// Cells of a shaft around its label: a blank on either side, the shaft's ends, the head.
const AROUND_LABEL: i32 = 5;
/// The minimum distance of lifelines.
const LEAST_SPAN: i32 = 18;
/// A longer label does not increase the distance of lifelines; it is truncated instead.
const MOST_FOR_LABELS: i32 = 42;
/// If there is extra room, the distance of lifelines grows up to this.
const MOST_SPAN: i32 = 46;
/// Labels are truncated by up to this many cells to leave room for remarks.
const SMALL_CUT: i32 = 6;
/// Cells between the last lifeline and the remarks.
const BEFORE_REMARK: i32 = 3;

/// The position of one column on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lifeline {
    /// Its cell; outside the line if it is scrolled out.
    x: i32,
    ours: bool,
    visible: bool,
}

/// The positions of everything on a line of one width, at one scroll position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    lifelines: Vec<Lifeline>,
    /// Cells of the line.
    width: i32,
    /// The highest scroll position.
    most_left: i32,
    remarks: Remarks,
}

/// The position of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remarks {
    /// Right of the last lifeline.
    Beside,
    /// After the label, if the line is too short.
    Within,
}

impl Layout {
    /// The layout for lines of `width` cells, scrolled by `left` cells. Our columns stay visible at the edges; the
    /// others leave the line.
    pub fn of(ladder: &Ladder, width: usize, left: usize) -> Self {
        let width = width.min(usize::from(u16::MAX)) as i32;
        let beside = Room::of(ladder, &ladder.needs, Remarks::Beside).capped();
        let within = Room::of(ladder, &ladder.needs, Remarks::Within).capped();
        let room = if beside.least_total() <= width { &beside } else { &within };
        let spans = room.spans(width);
        let most_left = if room.bare_total(&spans) <= width { 0 } else { room.total(&spans) - width };
        let left = left.min(most_left as usize) as i32;
        let mut layout = Self { lifelines: Vec::new(), width, most_left, remarks: room.remarks };
        layout.place(ladder, room.first - left, &spans);
        layout
    }

    /// The layout that is wide enough to truncate nothing, including these notes.
    pub fn natural<S: BuildHasher>(ladder: &Ladder, notes: &HashMap<MessageIdx, String, S>) -> Self {
        // A row without a note will not get one here, so that no room is reserved for it.
        let needs = ladder.needs(|row| Some(notes.get(&row).map_or("", String::as_str)));
        let room = Room::of(ladder, &needs, Remarks::Beside);
        let width = room.total(&room.wanted);
        let mut layout = Self { lifelines: Vec::new(), width, most_left: 0, remarks: room.remarks };
        layout.place(ladder, room.first, &room.wanted);
        layout
    }

    /// Cells of a line.
    pub fn width(&self) -> usize {
        self.width.max(0) as usize
    }

    /// The highest scroll position, in cells.
    pub fn most_left(&self) -> usize {
        self.most_left as usize
    }

    /// The texts of an arrow, as this layout places them. `note` is the detail that replaces the word SDP.
    pub fn texts(&self, ladder: &Ladder, arrow: &Arrow, note: Option<&str>, times: Times) -> RowText {
        let mut texts = RowText::of(ladder, arrow, note, times);
        if self.remarks == Remarks::Within && !texts.remark.is_empty() {
            texts.label = format!("{} {}", texts.label, std::mem::take(&mut texts.remark));
        }
        texts
    }

    /// Draws the columns' titles.
    pub fn header<'a>(&self, ladder: &'a Ladder, canvas: &mut Canvas<'a>) {
        // Ours last: they stay readable at the edges.
        for wanted in [false, true] {
            let columns = ladder.columns.iter().zip(&self.lifelines);
            for (column, lifeline) in columns.filter(|(_, line)| line.visible && line.ours == wanted) {
                let title = width_of(&column.title) as i32;
                let x = (lifeline.x - title / 2).min(self.width - title).max(0);
                let ink = if wanted { Ink::OurTitle } else { Ink::Title };
                canvas.put_sign(x - 1, " ", ink);
                canvas.put_sign(x + title, " ", ink);
                canvas.put_within(x, self.width() - x as usize, &column.title, ink);
            }
        }
    }

    /// Draws an arrow with its texts.
    pub fn arrow<'a>(&self, arrow: &Arrow, texts: &'a RowText, canvas: &mut Canvas<'a>) {
        let time = width_of(&texts.time) as i32;
        canvas.put((TIME - 1 - time).max(0), &texts.time, Ink::Time);
        self.draw_lifelines("│", canvas);
        let (Some(from), Some(to)) = (self.lifelines.get(arrow.from), self.lifelines.get(arrow.to)) else {
            return;
        };
        self.shaft(*from, *to, canvas);
        self.label(*from, *to, &texts.label, canvas);
        if let Some(last) = self.lifelines.last().filter(|_| self.remarks == Remarks::Beside) {
            canvas.put(last.x + BEFORE_REMARK, &texts.remark, Ink::Remark);
        }
    }

    /// Draws a pause with its text.
    pub fn gap<'a>(&self, text: &'a str, canvas: &mut Canvas<'a>) {
        self.draw_lifelines("┊", canvas);
        let visible = || self.lifelines.iter().filter(|line| line.visible);
        let (first, last) = (visible().map(|line| line.x).min(), visible().map(|line| line.x).max());
        let (first, last) = (first.unwrap_or(TIME), last.unwrap_or(self.width));
        let x = i32::midpoint(first, last) - width_of(text) as i32 / 2;
        canvas.put_sign(x - 1, " ", Ink::Gap);
        canvas.put(x, text, Ink::Gap);
        canvas.put_sign(x + width_of(text) as i32, " ", Ink::Gap);
    }

    fn draw_lifelines(&self, with: &'static str, canvas: &mut Canvas<'_>) {
        for lifeline in self.lifelines.iter().filter(|line| line.visible) {
            canvas.put_sign(lifeline.x, with, if lifeline.ours { Ink::OurLifeline } else { Ink::Lifeline });
        }
    }

    /// The cells between two lifelines that are within the line.
    fn between(&self, a: Lifeline, b: Lifeline) -> (i32, i32) {
        ((a.x.min(b.x) + 1).max(TIME), a.x.max(b.x).min(self.width))
    }

    fn shaft(&self, from: Lifeline, to: Lifeline, canvas: &mut Canvas<'_>) {
        let (start, end) = self.between(from, to);
        if start >= end {
            return;
        }
        canvas.fill(start, end, "─", Ink::Shaft);
        for crossed in self.lifelines.iter().filter(|line| line.visible && (start..end).contains(&line.x)) {
            canvas.put_sign(crossed.x, "┼", Ink::Shaft);
        }
        let right = from.x < to.x;
        canvas.put_sign(if right { end - 1 } else { start }, if right { "▶" } else { "◀" }, Ink::Shaft);
        if from.visible {
            canvas.put_sign(from.x, if right { "├" } else { "┤" }, Ink::Shaft);
        }
    }

    /// Draws the label in the middle of the visible shaft. If the other end is outside the line, the label is next to
    /// the visible lifeline.
    fn label<'a>(&self, from: Lifeline, to: Lifeline, label: &'a str, canvas: &mut Canvas<'a>) {
        let (start, end) = self.between(from, to);
        let right = from.x < to.x;
        // The arrow head, and a cell of the shaft and a blank on either side.
        let room = end - start - AROUND_LABEL;
        if room < 3 && !(from.visible && to.visible) {
            let x = if from.visible { from.x } else { to.x };
            canvas.put_sign(x + 2, if right { "▶" } else { "◀" }, Ink::Shaft);
            canvas.put_within(x + 4, (self.width - x - 4).max(0) as usize, label, Ink::Label);
        } else if room > 0 {
            let width = (width_of(label) as i32).min(room);
            let x = start + 2 + i32::from(!right) + (room - width) / 2;
            canvas.put_sign(x - 1, " ", Ink::Shaft);
            canvas.put_within(x, width as usize, label, Ink::Label);
            canvas.put_sign(x + width, " ", Ink::Shaft);
        }
    }

    /// Assigns a cell to each column, the first one at `first`.
    fn place(&mut self, ladder: &Ladder, first: i32, spans: &[i32]) {
        let ours = ladder.columns.iter().filter(|column| column.ours).count() as i32;
        let mut x = first;
        let mut met = 0;
        let (mut left_edge, mut right_edge) = (TIME - 1, self.width);
        for (column, span) in ladder.columns.iter().zip(spans.iter().chain([&0])) {
            let mut lifeline = Lifeline { x, ours: column.ours, visible: true };
            if column.ours {
                let (lowest, highest) = (TIME + 2 * met, self.width - 1 - 2 * (ours - 1 - met));
                lifeline.x = x.min(highest).max(lowest);
                met += 1;
                if lifeline.x > x {
                    left_edge = lifeline.x;
                } else if lifeline.x < x {
                    right_edge = right_edge.min(lifeline.x);
                }
            }
            self.lifelines.push(lifeline);
            x += span;
        }
        for lifeline in self.lifelines.iter_mut().filter(|line| !line.ours) {
            lifeline.visible = lifeline.x > left_edge && lifeline.x < right_edge;
            if !lifeline.visible {
                // Its arrows end at the edge.
                lifeline.x = if lifeline.x <= left_edge { TIME - 1 } else { self.width };
            }
        }
    }
}

/// How much room the columns need.
struct Room {
    remarks: Remarks,
    /// The first lifeline's cell.
    first: i32,
    /// Minimum distances between lifelines, for the titles.
    least: Vec<i32>,
    /// Distances between lifelines with labels in full.
    wanted: Vec<i32>,
    /// Cells of the line from the last lifeline on.
    after: i32,
    /// The same without the title.
    bare_after: i32,
}

impl Room {
    fn of(ladder: &Ladder, needs: &Needs, remarks: Remarks) -> Self {
        let titles: Vec<i32> = ladder.columns.iter().map(|column| width_of(&column.title) as i32).collect();
        let left_half = |title: &i32| title / 2;
        let right_half = |title: &i32| title - title / 2;
        let pairs = titles.iter().zip(titles.iter().skip(1));
        let least: Vec<i32> =
            pairs.map(|(a, b)| (right_half(a) + left_half(b) + 2).clamp(LEAST_SPAN, MOST_SPAN)).collect();
        let labels = needs.spans.iter().map(|(plain, joined)| match remarks {
            Remarks::Beside => *plain,
            Remarks::Within => *joined,
        });
        let labels = labels.map(|label| label as i32 + AROUND_LABEL + 1);
        let wanted = least.iter().zip(labels).map(|(least, label)| label.max(*least)).collect();
        let remark = needs.remark as i32;
        let bare_after = if remarks == Remarks::Beside && remark > 0 { BEFORE_REMARK + remark } else { 1 };
        let after = titles.last().map_or(1, right_half).max(bare_after);
        let first = titles.first().map_or(TIME, left_half).clamp(TIME, MOST_SPAN);
        Self { remarks, first, least, wanted, after, bare_after }
    }

    /// For a screen: long labels get only their share of it.
    fn capped(mut self) -> Self {
        for (wanted, least) in self.wanted.iter_mut().zip(&self.least) {
            *wanted = (*wanted).min(MOST_FOR_LABELS.max(*least));
        }
        self
    }

    fn total(&self, spans: &[i32]) -> i32 {
        self.first + spans.iter().sum::<i32>() + self.after
    }

    /// The same with the last title moved to the left.
    fn bare_total(&self, spans: &[i32]) -> i32 {
        self.total(spans) - self.after + self.bare_after
    }

    /// The number of cells that is enough if labels are truncated a little.
    fn least_total(&self) -> i32 {
        self.bare_total(&self.least).max(self.bare_total(&self.wanted) - SMALL_CUT * self.wanted.len() as i32)
    }

    /// The distances that use a line of `width` cells best: increased evenly if there is extra room, reduced if
    /// everything then fits, and else with all labels in full, to be scrolled.
    fn spans(&self, width: i32) -> Vec<i32> {
        let spare = width - self.total(&self.wanted);
        let count = self.wanted.len().max(1) as i32;
        if spare >= 0 {
            return self.wanted.iter().map(|span| (span + spare / count).min(MOST_SPAN).max(*span)).collect();
        }
        let pairs = || self.wanted.iter().zip(&self.least);
        let slack: i64 = pairs().map(|(wanted, least)| i64::from(wanted - least)).sum();
        let missing = i64::from(self.bare_total(&self.wanted) - width).max(0);
        if slack < missing {
            return self.wanted.clone();
        }
        let cut = |(wanted, least): (&i32, &i32)| {
            let product = i64::from(wanted - least) * missing;
            wanted - (product + slack - 1).checked_div(slack).unwrap_or(0) as i32
        };
        pairs().map(cut).collect()
    }
}
