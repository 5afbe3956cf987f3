//! The positions of everything on the lines of a ladder: lifelines, arrows, labels, remarks.
//!
//! ```text
//! time            title             title
//! 06:00:00.019608 ├─ label ────────▶│  ! remark
//!                 ┊      7.5 s      ┊
//! ```
//!
//! Must not know: colours, the terminal, which arrows are visible.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::BuildHasher;

use super::canvas::{Canvas, Ink, width_of};
use super::label::RowText;
use super::room::{AROUND_LABEL, BEFORE_REMARK, Remarks, Room, Spans, TIME};
use super::titles::{self, Title};
use super::{Arrow, Ladder, MessageIdx, Times};

/// A label that is beside its lifeline needs this many cells, or else the other side is taken.
const LEAST_BESIDE: i32 = 8;

/// The position of one column on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lifeline {
    /// Its cell; outside the line if it is scrolled out.
    x: i32,
    ink: Ink,
    ours: bool,
    visible: bool,
}

/// The positions of everything on a line of one width, at one scroll position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    lifelines: Vec<Lifeline>,
    titles: Vec<Title>,
    /// Cells of the line.
    width: i32,
    /// The highest scroll position.
    most_left: i32,
    remarks: Remarks,
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
        let left = left.min(spans.most_left as usize) as i32;
        Self::placed(ladder, (width, room.remarks), left, &spans)
    }

    /// The layout that is wide enough to truncate nothing, including these notes.
    pub fn natural<S: BuildHasher>(ladder: &Ladder, notes: &HashMap<MessageIdx, String, S>) -> Self {
        // A row without a note will not get one here, so that no room is reserved for it.
        let needs = ladder.needs(|row| Some(notes.get(&row).map_or("", String::as_str)));
        let room = Room::of(ladder, &needs, Remarks::Beside);
        let width = room.total(room.wanted());
        let spans = Spans { first: room.first, list: room.wanted().collect(), most_left: 0 };
        Self::placed(ladder, (width, room.remarks), 0, &spans)
    }

    fn placed(ladder: &Ladder, (width, remarks): (i32, Remarks), left: i32, spans: &Spans) -> Self {
        let mut layout =
            Self { lifelines: Vec::new(), titles: Vec::new(), width, most_left: spans.most_left, remarks };
        layout.place(ladder, spans.first - left, &spans.list);
        let columns = ladder.columns.iter().zip(&layout.lifelines);
        let visible = columns.filter(|(_, line)| line.visible).map(|(column, line)| (column, line.x));
        layout.titles = titles::place(&visible.collect::<Vec<_>>(), width);
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
    pub fn texts<'a>(
        &self,
        ladder: &Ladder,
        arrow: &'a Arrow,
        note: Option<&str>,
        times: Times,
    ) -> RowText<'a> {
        let mut texts = RowText::of(ladder, arrow, note, times);
        if self.remarks == Remarks::Within && !texts.remark.is_empty() {
            texts.label = Cow::Owned(format!("{} {}", texts.label, std::mem::take(&mut texts.remark)));
        }
        texts
    }

    /// Draws the columns' titles.
    pub fn header<'a>(&'a self, canvas: &mut Canvas<'a>) {
        for title in &self.titles {
            title.draw(canvas);
        }
    }

    /// Draws an arrow with its texts.
    pub fn arrow<'a>(&self, arrow: &Arrow, texts: &'a RowText<'_>, canvas: &mut Canvas<'a>) {
        let time = width_of(&texts.time) as i32;
        canvas.put((TIME - 1 - time).max(0), &texts.time, Ink::Time);
        self.draw_lifelines("│", canvas);
        let (Some(from), Some(to)) = (self.lifelines.get(arrow.from), self.lifelines.get(arrow.to)) else {
            return;
        };
        if let Some(came_in) = arrow.passed_from.and_then(|column| self.lifelines.get(column)) {
            self.passed_on(*came_in, *from, canvas);
        }
        self.shaft(*from, *to, canvas);
        if let Some(x) = self.label(*from, *to, &texts.label, canvas)
            && let Some(leg) = arrow.leg.filter(|_| arrow.name_len > 0)
        {
            canvas.put(x, texts.label.get(..arrow.name_len).unwrap_or_default(), Ink::LegName(leg));
        }
        if let Some(last) = self.lifelines.last().filter(|_| self.remarks == Remarks::Beside) {
            canvas.put(last.x + BEFORE_REMARK, &texts.remark, Ink::Remark);
        }
    }

    /// Draws a pause with its text; without a text, only the lifelines.
    pub fn gap<'a>(&self, text: &'a str, canvas: &mut Canvas<'a>) {
        self.draw_lifelines("┊", canvas);
        if text.is_empty() {
            return;
        }
        let visible = || self.lifelines.iter().filter(|line| line.visible);
        let (first, last) = (visible().map(|line| line.x).min(), visible().map(|line| line.x).max());
        let (first, last) = (first.unwrap_or(TIME), last.unwrap_or(self.width));
        // A text that is too long begins at the first lifeline, and what has no room is cut.
        let x = (i32::midpoint(first, last) - width_of(text) as i32 / 2).max(first + 2).max(TIME);
        let room = (self.width - x).max(0) as usize;
        canvas.put_sign(x - 1, " ", Ink::Gap);
        canvas.put_within(x, room, text, Ink::Gap);
        canvas.put_sign(x + width_of(text).min(room) as i32, " ", Ink::Gap);
    }

    fn draw_lifelines(&self, with: &'static str, canvas: &mut Canvas<'_>) {
        for lifeline in self.lifelines.iter().filter(|line| line.visible) {
            canvas.put_sign(lifeline.x, with, lifeline.ink);
        }
    }

    /// Draws what happens between two of our columns.
    fn passed_on(&self, from: Lifeline, to: Lifeline, canvas: &mut Canvas<'_>) {
        if !(from.visible && to.visible) {
            return;
        }
        let (start, end) = (from.x.min(to.x) + 1, from.x.max(to.x));
        let crosses = |x: i32| self.lifelines.iter().any(|line| line.visible && line.x == x);
        for x in (start..end).filter(|x| !crosses(*x)) {
            canvas.put_sign(x, "┄", Ink::Passed);
        }
        canvas.put_sign(from.x, if from.x < to.x { "├" } else { "┤" }, Ink::Passed);
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

    /// Draws the label in the middle of the visible shaft, and gives back its first cell. If the other end is outside the line,
    /// the label is next to the visible lifeline.
    fn label<'a>(
        &self,
        from: Lifeline,
        to: Lifeline,
        label: &'a str,
        canvas: &mut Canvas<'a>,
    ) -> Option<i32> {
        let (start, end) = self.between(from, to);
        let right = from.x < to.x;
        // The arrow head, and a cell of the shaft and a blank on either side.
        let room = end - start - AROUND_LABEL;
        if room < 3 && !(from.visible && to.visible) {
            let line = if from.visible { from.x } else { to.x };
            let (after, before) = (self.width - line - 4, line - TIME - 3);
            let (x, room) = if after >= LEAST_BESIDE || after > before {
                (line + 2, after)
            } else {
                let room = before.min(width_of(label) as i32);
                (line - room - 3, room)
            };
            canvas.put_sign(x - 1, " ", Ink::Shaft);
            canvas.put_sign(x, if right { "▶" } else { "◀" }, Ink::Shaft);
            canvas.put_sign(x + 1, " ", Ink::Shaft);
            canvas.put_within(x + 2, room.max(0) as usize, label, Ink::Label);
            canvas.put_sign(x + 2 + room.max(0), " ", Ink::Shaft);
            Some(x + 2)
        } else if room > 0 {
            let (text, end, shaft) = fitted(label, room as usize);
            let room = room + 2 - 2 * shaft;
            let width = ((width_of(text) + width_of(end)) as i32).min(room);
            let x = start + 1 + shaft + i32::from(!right) + (room - width) / 2;
            canvas.put_sign(x - 1, " ", Ink::Shaft);
            canvas.put_within(x, width as usize, text, Ink::Label);
            canvas.put_sign(x + width, " ", Ink::Shaft);
            canvas.put(x + width - width_of(end) as i32, end, Ink::Label);
            Some(x)
        } else {
            None
        }
    }

    /// Assigns a cell to each column, the first one at `first`.
    fn place(&mut self, ladder: &Ladder, first: i32, spans: &[i32]) {
        let ours = ladder.columns.iter().filter(|column| column.ours).count() as i32;
        let mut x = first;
        let mut met = 0;
        let (mut left_edge, mut right_edge) = (TIME - 1, self.width);
        for (column, span) in ladder.columns.iter().zip(spans.iter().chain([&0])) {
            let ink = match &column.legs[..] {
                _ if column.ours => Ink::OurLifeline,
                [leg] => Ink::LegLifeline(leg.number),
                _ => Ink::Lifeline,
            };
            let mut lifeline = Lifeline { x, ink, ours: column.ours, visible: true };
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

/// The two pieces of a label that are drawn where `room` is left between the ends of the shaft, and the cells of each end: one
/// that is too long takes these, too.
fn fitted(label: &str, room: usize) -> (&str, &str, i32) {
    let fits = |(text, end): (&str, &str), room| width_of(text) + width_of(end) <= room;
    let short = shortened(label, room);
    if fits((label, ""), room) || (fits(short, room) && !fits((label, ""), room + 2)) {
        return (short.0, short.1, 1);
    }
    let (text, end) = shortened(label, room + 2);
    (text, end, 0)
}

/// Two pieces of a label that together have `room`: what is in parentheses is shortened or left out, but the method that
/// a response names is kept, and its reason phrase left out. A remark behind it is kept, or its sign is.
fn shortened(label: &str, room: usize) -> (&str, &str) {
    let fits = |(start, end): &(&str, &str)| width_of(start) + width_of(end) <= room;
    if fits(&(label, "")) {
        return (label, "");
    }
    let at = [" ! ", " … "].iter().find_map(|sign| label.find(sign));
    let (head, remark) = at.map_or((label, ""), |at| label.split_at(at));
    let Some(open) = head.find(" (").filter(|_| head.ends_with(')')) else { return (label, "") };
    if !remark.is_empty() {
        // Of a remark that has no room, what comes first is left, or its sign.
        let first = remark.split(',').next().unwrap_or(remark);
        let sign = remark.char_indices().nth(2).map_or(remark, |(end, _)| &remark[..end]);
        let remarks = [remark, first, sign].map(|remark| (&head[..open], remark));
        return remarks.into_iter().find(fits).unwrap_or((label, ""));
    }
    let status = label.find(|c: char| c.is_ascii_digit()).and_then(|at| Some(at + label[at..].find(' ')?));
    let method = status.map(|end| (&label[..end], &label[open..]));
    let method = method.filter(|(_, method)| method[2..].starts_with(|c: char| c.is_ascii_uppercase()));
    let method = method.filter(|(_, method)| !method[2..].contains(['.', ' ']));
    on_hold(label)
        .into_iter()
        .chain(cut_notes(label, open))
        .chain(method)
        .find(fits)
        .unwrap_or((&label[..open], ""))
}

/// A label that says hold, without its codecs: `INVITE (SDP, hold)`.
fn on_hold(label: &str) -> Option<(&str, &str)> {
    const SDP: &str = "SDP";
    let hold = label.ends_with(", hold)").then(|| label.len() - ", hold)".len())?;
    let sdp = label[..hold].find(SDP)?;
    Some((&label[..sdp + SDP.len()], &label[hold..]))
}

/// A label whose note, which begins at `open`, is cut after each of its words, from the last one on: `BYE (Q.850 16…)`,
/// `INVITE (multipart, SDP)`. One word is left only if it is an item of its own.
fn cut_notes(label: &str, open: usize) -> impl Iterator<Item = (&str, &str)> {
    let note = open + " (".len();
    let ends = label[note..].rmatch_indices(' ').map(move |(at, _)| note + at);
    ends.filter_map(move |end| {
        let start = &label[..end];
        let (start, is_item) = start.strip_suffix(',').map_or((start, false), |start| (start, true));
        let says_sdp = start[note..].split(' ').next_back() == Some("SDP");
        let is_enough = says_sdp || is_item || start[note..].contains(' ');
        is_enough.then_some((start, if says_sdp { ")" } else { "…)" }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_shortened_word_by_word_and_hold_is_kept() {
        for (label, room, want) in [
            ("INVITE (SDP PCMU PCMA)", 22, "INVITE (SDP PCMU PCMA)"),
            ("INVITE (SDP PCMU PCMA)", 21, "INVITE (SDP PCMU…)"),
            ("INVITE (SDP PCMU PCMA)", 12, "INVITE (SDP)"),
            ("INVITE (SDP PCMU PCMA)", 11, "INVITE"),
            ("INVITE (SDP PCMU PCMA, hold)", 27, "INVITE (SDP, hold)"),
            ("INVITE (SDP PCMU PCMA, hold)", 17, "INVITE (SDP)"),
            ("INVITE (multipart, SDP PCMU PCMA)", 24, "INVITE (multipart, SDP)"),
            ("INVITE (multipart, SDP PCMU PCMA)", 20, "INVITE (multipart…)"),
            ("200 OK (UPDATE, SDP PCMU)", 16, "200 OK (UPDATE…)"),
            ("200 OK (UPDATE)", 12, "200 (UPDATE)"),
            ("BYE (Q.850 16 normal call clearing)", 16, "BYE (Q.850 16…)"),
            ("BYE (Q.850 16 normal call clearing)", 13, "BYE"),
            ("REFER (to 1009, replaces abc@host)", 24, "REFER (to 1009…)"),
            ("INVITE (SDP PCMU) ! no ACK, late", 24, "INVITE ! no ACK, late"),
        ] {
            let (start, end) = shortened(label, room);
            assert_eq!(format!("{start}{end}"), want, "{label} in {room}");
        }
    }
}
