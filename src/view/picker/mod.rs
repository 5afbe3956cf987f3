//! The screen on which profiles of a directory are picked.
//!
//! ```text
//!  sofiatui  /var/log/freeswitch/sip_traces                     3 profiles  7 files  1.2 GB   title
//!  external/external.dump.2.xz: may not be read: permission denied                            banner
//!  times  from 05:53  until 06:10                                                             part
//!      profile   files      size  span                             newest
//!  ▸ ● internal      3  812.4 MB  2026-11-23 05:53:38 – 06:59:01   2026-11-23 06:59:01
//!    ● external      3  411.0 MB  2026-11-22 23:10:00 – 2026-11-23 06:58:11  …
//!  Enter opens 2 profiles, merged by time: 6 files, 1.2 GB, from 05:53 until 06:10            hint
//!  Enter open  Space mark  a all  t times  ? help  q quit                                     footer
//! ```
//!
//! Must not know: how profiles are found, what opening them does.

mod columns;
mod part;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Geometry, Picker};
use crate::base::escape::escape;
use crate::store::catalog::Entry;

use super::figures::{bytes, counted};
use super::label::ABOUT;
use super::layout::{take_bottom, take_top};
use super::pen::{self, Pen, width};
use super::{Theme, footer, span, title};

use columns::Columns;

/// The signs in the list, with what they mean.
pub(super) const MARKS: [(&str, &str); 3] = [
    (MARKED, "marked: it is opened with the others"),
    (ABOUT, "before a date: inferred, the stamps have none"),
    (span::UNREAD, "not looked at yet"),
];
const MARKED: &str = "●";
const NAME: &str = "sofiatui";
/// Stands in the title until all is known.
const READING: &str = "reading…";
/// From this many rows on the screen says what Enter opens.
const HINT_FROM: u16 = 8;
/// From this many rows on the list has column heads.
const LEAST_FOR_HEADS: u16 = 4;
/// Cells for the selection and the mark.
const EDGE: usize = 4;
/// Cells between two columns.
const GAP: usize = 2;

/// Draws the screen.
pub(super) fn draw(
    app: &App,
    picker: &Picker,
    theme: &Theme,
    frame: &mut Frame<'_>,
    geometry: &mut Geometry,
) {
    let mut rest = frame.area();
    let errors = &picker.catalog.errors;
    let is_tall = rest.height >= HINT_FROM;
    let buf = frame.buffer_mut();
    draw_title(picker, theme, take_top(&mut rest, 1), buf);
    title::banner(errors, theme, take_top(&mut rest, u16::from(is_tall && !errors.is_empty())), buf);
    footer::draw(app, theme, take_bottom(&mut rest), buf);
    if let Some(top) = app.help {
        super::draw_help((app, top), theme, rest, buf, geometry);
        return;
    }
    let line = take_top(&mut rest, 1);
    geometry.filter = pen::area(line);
    if is_tall {
        draw_hint(picker, theme, take_bottom(&mut rest), buf);
    }
    geometry.picker = draw_list(picker, theme, rest, buf);
    if let Some(cursor) = part::draw(picker, theme, line, buf) {
        frame.set_cursor_position(cursor);
    }
}

fn draw_title(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let catalog = &picker.catalog;
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    let place = escape(catalog.place.as_bytes());
    let sums = sums(catalog.entries.iter());
    let profiles = counted(catalog.entries.len() as u64, "profile");
    let all = format!("{profiles}  {}  {} ", sums.files(), bytes(sums.bytes));
    // What has no room is left out; the place has it first.
    if width(NAME) + width(&place) + width(&all) + 3 * GAP <= pen.room() {
        pen.put_at_end(&all, GAP, Style::new());
    }
    if !catalog.done && width(NAME) + width(&place) + width(READING) + 3 * GAP <= pen.room() {
        pen.put_at_end(READING, GAP, theme.accent());
    }
    if width(NAME) + width(&place) + GAP <= pen.room() {
        pen.put(NAME, theme.accent());
        pen.skip(GAP);
    }
    let room = pen.room();
    pen.put(&pen::fit_tail(&place, room), theme.strong());
}

/// Files and bytes of some entries.
struct Sums {
    files: usize,
    bytes: u64,
}

impl Sums {
    fn files(&self) -> String {
        counted(self.files as u64, "file")
    }
}

fn sums<'a>(entries: impl Iterator<Item = &'a Entry>) -> Sums {
    entries.fold(Sums { files: 0, bytes: 0 }, |sums, entry| Sums {
        files: sums.files + entry.files,
        bytes: sums.bytes + entry.bytes,
    })
}

/// What Enter opens.
fn draw_hint(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let numbers = picker.picked();
    let entries: Vec<&Entry> = numbers.iter().filter_map(|number| picker.entry(*number)).collect();
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    let what = match entries[..] {
        [] => return,
        [entry] => escape(entry.profile.as_bytes()).into_owned(),
        _ => counted(entries.len() as u64, "profile"),
    };
    let merged = if entries.len() > 1 { "  merged by time" } else { "" };
    let sums = sums(entries.into_iter());
    pen.put("Enter opens ", theme.dim());
    pen.put(&what, theme.strong());
    let rest = format!(": {}, {}{}", sums.files(), bytes(sums.bytes), part::said(&picker.part));
    pen.put(&escape(rest.as_bytes()), Style::new());
    if width(merged) < pen.room() {
        pen.put(merged, theme.dim());
    }
}

fn draw_list(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) -> crate::app::Area {
    let mut rows = area;
    let columns = Columns::fit(usize::from(area.width), &picker.catalog.entries);
    if picker.rows.is_empty() {
        nothing(picker, theme, area, buf);
        return pen::area(rows);
    }
    if area.height >= LEAST_FOR_HEADS {
        columns.heads(theme, Pen::new(buf, take_top(&mut rows, 1), 0));
    }
    let (len, height) = (picker.rows.len(), usize::from(rows.height));
    let mut scroll = picker.scroll;
    scroll.keep_in_sight(len, height);
    for (y, position) in (scroll.top..len).take(height).enumerate() {
        let number = picker.rows[position];
        let Some(entry) = picker.entry(number) else { break };
        let mut pen = Pen::new(buf, rows, y as u16);
        let is_selected = position == scroll.selected;
        pen.column(if is_selected { "▸" } else { "" }, EDGE / 2, theme.mark());
        pen.column(if picker.marked.contains(&number) { MARKED } else { "" }, EDGE / 2, theme.mark());
        columns.row(entry, theme, pen);
        if is_selected {
            let line = Rect { y: rows.y + y as u16, height: 1, ..rows };
            pen::paint(buf, line, theme.selected());
        }
    }
    pen::area(rows)
}

/// Says why there is no row, and what helps.
fn nothing(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (what, help) = if picker.catalog.done {
        ("there is no trace here", "try 'sofiatui FILE', or 'sofiatui --demo' for the built-in sample")
    } else {
        ("looking for traces…", "")
    };
    for (line, text, style) in
        [(area.height / 3, what, Style::new()), (area.height / 3 + 1, help, theme.dim())]
    {
        let mut pen = Pen::new(buf, area, line);
        pen.skip(usize::from(area.width).saturating_sub(width(text)) / 2);
        pen.put(text, style);
    }
}
