//! A ladder, or some of its arrows, as one `svg` element.
//!
//! Must not know: what is above it, colours.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use crate::base::time_of_day;
use crate::export::markup;
use crate::export::sheet::Sheet;
use crate::ladder::{Arrow, Column, Times};
use crate::store::{MessageIdx, Snapshot};
use crate::style::Role;

use super::geometry::{
    Geometry, LABEL_MOST, NAMES_MOST, REMARK_MOST, ROW_HEIGHT, Row, TITLE_HEIGHT, TITLE_MOST, label,
    leg_class, px, rows, shortened,
};

/// Pixels between an arrow and the next row.
const BELOW_ARROW: i32 = 8;
/// Cells of the time since the arrow above.
const SINCE_CELLS: usize = 11;

/// What arrows of a page are links to.
#[derive(Clone, Copy)]
pub(in crate::export::report) struct Page<'a> {
    /// The number of the ladder on the page, which keeps identifiers apart.
    pub(in crate::export::report) ladder: usize,
    /// The number of a message on the page.
    pub(in crate::export::report) number_of: &'a dyn Fn(MessageIdx) -> usize,
}

/// The drawing of one ladder.
pub(in crate::export::report) struct Drawing<'a> {
    sheet: &'a Sheet,
    snapshot: &'a Snapshot,
    geometry: Geometry,
    /// The columns between which there are arrows, sender first.
    ends: Vec<(usize, usize)>,
    page: Option<Page<'a>>,
}

impl<'a> Drawing<'a> {
    /// The drawing of a call's ladder, in a file of its own or on a page.
    pub(in crate::export::report) fn new(
        sheet: &'a Sheet,
        snapshot: &'a Snapshot,
        page: Option<Page<'a>>,
    ) -> Self {
        let ends: BTreeSet<_> = sheet.ladder.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
        Self { sheet, snapshot, geometry: Geometry::of(sheet), ends: ends.into_iter().collect(), page }
    }

    /// Its width in pixels.
    pub(super) fn width(&self) -> i32 {
        self.geometry.width
    }

    /// The height of these arrows with their titles.
    pub(super) fn height(&self, arrows: Range<usize>) -> i32 {
        TITLE_HEIGHT + ROW_HEIGHT * rows(self.sheet, arrows).count() as i32 + 8
    }

    /// Appends an element of a page with these arrows. The first one of a page brings the shafts of all.
    ///
    /// A long ladder has many arrows: each is as short as HTML allows, and the times are one text.
    pub(in crate::export::report) fn push_svg(&self, out: &mut String, arrows: Range<usize>) {
        let (width, height) = (self.width(), self.height(arrows.clone()));
        let (first, last) = (arrows.start + 1, arrows.end);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "<svg class=ladder role=group aria-label=\"Ladder, arrows {first} to {last}\" width={width} \
             height={height} viewBox=\"0 0 {width} {height}\">"
        );
        if arrows.start == 0 {
            self.push_shafts(out);
        }
        let _ = write!(
            out,
            "<foreignObject y={} width={} height={}><pre>",
            TITLE_HEIGHT + ROW_HEIGHT / 2 - BELOW_ARROW,
            self.geometry.times,
            height - TITLE_HEIGHT
        );
        for row in rows(self.sheet, arrows.clone()) {
            if let Row::Arrow(number) = row {
                let (day, since) = self.times(number);
                let _ = write!(out, "{day}{since:>SINCE_CELLS$}");
            }
            out.push('\n');
        }
        out.push_str("</pre></foreignObject>\n");
        self.push_content(out, arrows, 0);
        out.push_str("</svg>\n");
    }

    /// The shafts between all columns that have an arrow, for `use`.
    fn push_shafts(&self, out: &mut String) {
        out.push_str("<defs>");
        for &(from, to) in &self.ends {
            let _ = write!(out, "<path id={} d=\"{}\"/>", self.shaft_id(from, to), self.shaft(from, to, 0));
        }
        out.push_str("</defs>\n");
    }

    /// Short, since each arrow has it: `s1a`, of more ends `s1x26`.
    fn shaft_id(&self, from: usize, to: usize) -> String {
        let ladder = self.page.map_or(0, |page| page.ladder);
        let number = self.ends.binary_search(&(from, to)).unwrap_or_default();
        match u8::try_from(number) {
            Ok(number @ 0..20) => format!("s{ladder}{}", char::from(b'a' + number)),
            _ => format!("s{ladder}x{number}"),
        }
    }

    fn shaft(&self, from: usize, to: usize, y: i32) -> String {
        let (from, to) = (self.geometry.x(from), self.geometry.x(to));
        let back = if from < to { -8 } else { 8 };
        format!("M{from},{y}H{to}m{back}-4L{to},{y}l{back} 4")
    }

    /// Appends the titles, the lifelines and these arrows; they begin at `top`.
    pub(super) fn push_content(&self, out: &mut String, arrows: Range<usize>, top: i32) {
        for (at, column) in self.sheet.ladder.columns.iter().enumerate() {
            push_title(out, column, (self.geometry.x(at), top + 16));
        }
        self.push_lifelines(out, arrows.clone(), top + TITLE_HEIGHT);
        let mut y = top + TITLE_HEIGHT;
        for row in rows(self.sheet, arrows) {
            y += ROW_HEIGHT;
            match row {
                Row::Gap(number) => self.push_gap(out, number, y - BELOW_ARROW),
                Row::Arrow(number) => self.push_arrow(out, number, y - BELOW_ARROW),
            }
        }
    }

    /// The lifelines: solid beside arrows, dotted beside pauses.
    fn push_lifelines(&self, out: &mut String, arrows: Range<usize>, top: i32) {
        let (mut solid, mut dotted) = (Vec::new(), Vec::new());
        let mut y = top;
        for row in rows(self.sheet, arrows) {
            let list = if matches!(row, Row::Gap(_)) { &mut dotted } else { &mut solid };
            match list.last_mut() {
                Some((_, end)) if *end == y => *end += ROW_HEIGHT,
                _ => list.push((y, y + ROW_HEIGHT)),
            }
            y += ROW_HEIGHT;
        }
        for (at, column) in self.sheet.ladder.columns.iter().enumerate() {
            let x = self.geometry.x(at);
            let class = match &column.legs[..] {
                _ if column.ours => "v o".to_owned(),
                [leg] => format!("v k{}", leg_class(leg.number.into())),
                _ => "v".to_owned(),
            };
            push_segments(out, &class, &solid, x);
            if !dotted.is_empty() {
                push_segments(out, &format!("{class} g"), &dotted, x);
            }
        }
    }

    fn push_gap(&self, out: &mut String, number: usize, y: i32) {
        let (first, last) = (self.geometry.x(0), self.geometry.columns.last().copied().unwrap_or_default());
        let x = i32::midpoint(first, last);
        let _ = write!(out, "<text class=\"p\" x=\"{x}\" y=\"{y}\">");
        markup::push(out, &self.sheet.ladder.pause(number));
        out.push_str("</text>\n");
    }

    fn push_arrow(&self, out: &mut String, number: usize, y: i32) {
        let Some(arrow) = self.sheet.ladder.arrows.get(number) else { return };
        let class = self.class(arrow);
        let _ = match self.page {
            Some(page) => write!(out, "<a class={class} href=#m{}>", (page.number_of)(arrow.row)),
            None => write!(out, "<g class=\"{class}\">"),
        };
        self.push_tooltip(out, arrow);
        if let Some(came_in) = arrow.passed_from {
            let (from, to) = (self.geometry.x(came_in), self.geometry.x(arrow.from));
            let _ = write!(out, "<path class=\"d\" d=\"M{from},{y}H{to}\"/>");
        }
        let _ = match self.page {
            Some(_) => write!(out, "<use href=#{} y={y} />", self.shaft_id(arrow.from, arrow.to)),
            None => write!(out, "<path d=\"{}\"/>", self.shaft(arrow.from, arrow.to, y)),
        };
        self.push_label(out, arrow, y - 6);
        if self.page.is_none() {
            let (day, since) = self.times(number);
            let (x, y) = (self.geometry.times, y + 4);
            let _ = write!(out, "<text class=\"t\" x=\"{}\" y=\"{y}\">{day}</text>", x - px(SINCE_CELLS));
            let _ = write!(out, "<text class=\"t\" x=\"{x}\" y=\"{y}\">{since}</text>");
        }
        self.push_remark(out, arrow, y + 4);
        out.push_str(if self.page.is_some() { "</a>" } else { "</g>\n" });
    }

    fn push_remark(&self, out: &mut String, arrow: &Arrow, y: i32) {
        let remark = arrow.remark();
        if remark.is_empty() {
            return;
        }
        let (class, x) = (if arrow.marks.is_empty() { "rn" } else { "r" }, self.geometry.remarks);
        let _ = match self.page {
            Some(_) => write!(out, "<text class={class} x={x} y={y}>"),
            None => write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">"),
        };
        push_shortened(out, &remark, REMARK_MOST);
        out.push_str("</text>");
    }

    /// What the arrow is in full, where something of it is shortened.
    fn push_tooltip(&self, out: &mut String, arrow: &Arrow) {
        let (label, remark) = (label(self.sheet, arrow), arrow.remark());
        if shortened(&label, LABEL_MOST).1 && shortened(&remark, REMARK_MOST).1 {
            return;
        }
        out.push_str("<title>");
        markup::push(out, &label);
        out.push_str(if remark.is_empty() { "" } else { "  " });
        markup::push(out, &remark);
        out.push_str("</title>");
    }

    fn push_label(&self, out: &mut String, arrow: &Arrow, y: i32) {
        let x = i32::midpoint(self.geometry.x(arrow.from), self.geometry.x(arrow.to));
        let label = label(self.sheet, arrow);
        let (name, rest) = label.split_at_checked(arrow.name_len).unwrap_or(("", &label));
        let _ = match self.page {
            Some(_) => write!(out, "<text x={x} y={y}>"),
            None => write!(out, "<text x=\"{x}\" y=\"{y}\">"),
        };
        if let Some(leg) = arrow.leg.filter(|_| !name.is_empty()) {
            let class = leg_class(leg.into());
            let _ = write!(out, "<tspan class=\"l{class}\">{}</tspan>", markup::escaped(name));
        }
        push_shortened(out, rest, LABEL_MOST - name.len());
        out.push_str("</text>");
    }

    /// The time of day, and the time since the arrow above.
    fn times(&self, number: usize) -> (String, String) {
        let Some(arrow) = self.sheet.ladder.arrows.get(number) else { return Default::default() };
        (time_of_day(arrow.time), self.sheet.ladder.time_text(arrow, Times::SincePrevious))
    }

    fn class(&self, arrow: &Arrow) -> &'static str {
        let method = self.snapshot.row(arrow.row).map(|row| row.method()).unwrap_or_default();
        let role = if arrow.status == 0 { Role::of_method(method) } else { Role::of_status(arrow.status) };
        class_of(role)
    }
}

/// The class of what an arrow is.
pub(in crate::export::report) const fn class_of(role: Role) -> &'static str {
    match role {
        Role::Invite => "i",
        Role::CallEnd => "b",
        Role::Provisional => "pr",
        Role::Success => "s",
        Role::Redirection | Role::Challenge => "x",
        Role::Failure => "f",
        _ => "q",
    }
}

fn push_title(out: &mut String, column: &Column, (x, y): (i32, i32)) {
    let class = if column.ours { "c o" } else { "c" };
    let _ = write!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">");
    let (title, is_whole) = shortened(&column.title, TITLE_MOST);
    if !is_whole || column.addresses.len() > 1 || column.legs.len() > NAMES_MOST {
        let names = column.legs.iter().map(|leg| leg.text.as_str()).collect::<Vec<_>>().join(" ");
        let addresses = column.addresses.join(", ");
        let all = [&names, &column.title, &addresses].map(|text| markup::escaped(text));
        let _ = write!(out, "<title>{}</title>", all.join(" ").trim());
    }
    for leg in column.legs.iter().take(NAMES_MOST) {
        let class = leg_class(leg.number.into());
        let _ = write!(out, "<tspan class=\"l{class}\">{}</tspan> ", markup::escaped(&leg.text));
    }
    out.push_str(if column.legs.len() > NAMES_MOST { "… " } else { "" });
    markup::push(out, title);
    out.push_str(if is_whole { "</text>" } else { "…</text>" });
}

fn push_segments(out: &mut String, class: &str, segments: &[(i32, i32)], x: i32) {
    let _ = write!(out, "<path class=\"{class}\" d=\"");
    for (from, to) in segments {
        let _ = write!(out, "M{x},{from}V{to}");
    }
    out.push_str("\"/>\n");
}

fn push_shortened(out: &mut String, text: &str, most: usize) {
    let (text, is_whole) = shortened(text, most);
    markup::push(out, text);
    out.push_str(if is_whole { "" } else { "…" });
}
