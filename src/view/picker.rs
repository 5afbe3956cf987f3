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

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::app::{App, End, Geometry, PartEdit, Picker};
use crate::base::escape::escape;
use crate::store::catalog::{Entry, Span};

use super::figures::{bytes, counted};
use super::filter_line::View;
use super::layout::{take_bottom, take_top};
use super::pen::{self, Pen, width};
use super::span::{self, Precision};
use super::{Theme, footer, title};

/// From this many rows on the screen says what Enter opens.
const HINT_FROM: u16 = 8;
/// From this many rows on the list has column heads.
const LEAST_FOR_HEADS: u16 = 4;
/// Cells for the selection and the mark.
const EDGE: usize = 4;
/// Cells between two columns.
const GAP: usize = 2;
const FILES: usize = 5;
const SIZE: usize = 8;
/// The most cells of a name.
const MOST_NAME: usize = 28;
/// Cells that a name has at least before a column is left out.
const LEAST_NAME: usize = 7;

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
        super::draw_help(theme, top, rest, buf, geometry);
        return;
    }
    let part = take_top(&mut rest, 1);
    geometry.filter = pen::area(part);
    if is_tall {
        draw_hint(picker, theme, take_bottom(&mut rest), buf);
    }
    geometry.picker = draw_list(picker, theme, rest, buf);
    if let Some(cursor) = draw_part(picker, theme, part, buf) {
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
    let mut all = format!("{profiles}  {}  {} ", sums.files(), bytes(sums.bytes));
    if !catalog.done {
        all = format!("reading…  {all}");
    }
    if width("sofiatui") + width(&place) + width(&all) + 6 <= pen.room() {
        pen.put_at_end(&all, 2, Style::new());
    }
    if pen.room() > width(&place) + width("sofiatui  ") {
        pen.put("sofiatui", theme.accent());
        pen.skip(2);
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

/// Draws which times are wanted, or what is typed of them; gives back the cursor's place then.
fn draw_part(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    if let Some(edit) = &picker.editing {
        pen.fill(" ", Style::reset());
        let below = Rect { y: area.y + 1, ..area };
        return Some(draw_edit(edit, theme, (area, below), buf));
    }
    if picker.part.is_all() {
        pen.put("all times", theme.dim());
        return None;
    }
    for (label, text) in [("from ", &picker.part.since), ("until ", &picker.part.until)] {
        if !text.is_empty() {
            pen.put(label, theme.dim());
            pen.put(&escape(text.as_bytes()), theme.accent());
            pen.skip(GAP);
        }
    }
    None
}

/// Draws the two times while they are typed, and below them what is wrong or what can be typed.
fn draw_edit(edit: &PartEdit, theme: &Theme, (area, below): (Rect, Rect), buf: &mut Buffer) -> Position {
    let half = usize::from(area.width) / 2;
    let mut cursor = Position { x: area.x, y: area.y };
    let mut pen = Pen::new(buf, area, 0);
    let mut starts = [0; 2];
    for (at, (label, end, line)) in
        [(" from ", End::Since, &edit.since), (" until ", End::Until, &edit.until)].into_iter().enumerate()
    {
        let has_keys = edit.end == end;
        pen.put(label, if has_keys { theme.accent() } else { theme.dim() });
        starts[at] = pen.x;
        let room = if at == 0 { half.saturating_sub(label.len()) } else { pen.room() };
        let view = View::of(line, room.saturating_sub(1).max(1));
        if has_keys {
            cursor.x = (pen.x + view.cursor).min(area.right().saturating_sub(1));
        }
        let style = if has_keys { theme.strong() } else { Style::new() };
        // What is being typed keeps a cell for the cursor.
        let cells = width(&view.text) + usize::from(has_keys);
        pen.column(&view.text, cells.min(room), style);
        pen.skip(GAP - 1);
    }
    let mut pen = Pen::new(buf, below, 0);
    pen.fill(" ", Style::reset());
    let mut pen = Pen::new(buf, below, 0);
    match &edit.error {
        Some((end, error)) => {
            let start = starts[usize::from(*end == End::Until)];
            let text = escape(error.to_string().as_bytes()).into_owned();
            let caret = usize::from(start - area.x) + error.column - 1;
            let is_before = caret + 2 + width(&text) > usize::from(area.width);
            pen.skip(if is_before { 1 } else { caret });
            pen.put(if is_before { "" } else { "^ " }, theme.error());
            pen.put(&text, theme.error());
        }
        None => pen.put(" HH:MM, HH:MM:SS, or with a date in front; nothing: open", theme.dim()),
    }
    cursor
}

/// What Enter opens.
fn draw_hint(picker: &Picker, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let picked = picker.picked();
    let entries: Vec<&Entry> = picked.iter().filter_map(|number| picker.entry(*number)).collect();
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    let what = match entries[..] {
        [] => return,
        [entry] => escape(entry.profile.as_bytes()).into_owned(),
        _ => format!("{}, merged by time", counted(entries.len() as u64, "profile")),
    };
    let sums = sums(entries.into_iter());
    let part = &picker.part;
    let said =
        |word: &str, text: &str| if text.is_empty() { String::new() } else { format!(" {word} {text}") };
    let times = format!("{}{}", said("from", &part.since), said("until", &part.until));
    let comma = if times.is_empty() { "" } else { "," };
    pen.put("Enter opens ", theme.dim());
    pen.put(&what, theme.strong());
    let rest = format!(": {}, {}{comma}{times}", sums.files(), bytes(sums.bytes));
    pen.put(&escape(rest.as_bytes()), Style::new());
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
        pen.column(if picker.marked.contains(&number) { "●" } else { "" }, EDGE / 2, theme.mark());
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

/// The columns that have room, with their cells; 0 where one is left out.
#[derive(Debug, Clone, Copy)]
struct Columns {
    profile: usize,
    folder: usize,
    files: usize,
    size: usize,
    span: usize,
    precision: Precision,
    newest: usize,
}

impl Columns {
    fn fit(room: usize, entries: &[Entry]) -> Self {
        let widest = |text: &dyn Fn(&Entry) -> String| {
            entries.iter().map(|entry| width(&text(entry))).max().unwrap_or(0).min(MOST_NAME * 2)
        };
        let name = widest(&|e| escape(e.profile.as_bytes()).into_owned()).clamp(LEAST_NAME, MOST_NAME);
        // A folder that is named as its profile tells nothing.
        let is_told = entries.iter().any(|e| !e.folder.is_empty() && e.folder != e.profile);
        let folder = widest(&|e| escape(e.folder.as_bytes()).into_owned()).clamp(LEAST_NAME, MOST_NAME);
        let of = |precision| widest(&|e| span::span(&e.span, precision)).max("span".len());
        let mut left = (room).saturating_sub(EDGE + name + 1);
        let mut take = |cells: usize, spare: usize| {
            let fits = cells + GAP + spare <= left;
            left -= if fits { cells + GAP } else { 0 };
            if fits { cells } else { 0 }
        };
        let (precision, span) = [Precision::Seconds, Precision::Minutes, Precision::Newest]
            .into_iter()
            .map(|precision| (precision, of(precision)))
            // Files and sizes matter more than the last digits of the times.
            .find_map(|(precision, cells)| match take(cells, SIZE + FILES + 2 * GAP) {
                0 => None,
                cells => Some((precision, cells)),
            })
            .unwrap_or_else(|| (Precision::Newest, take(of(Precision::Newest), 0)));
        let size = take(SIZE, 0);
        let files = take(FILES, 0);
        let folder = if is_told { take(folder, 0) } else { 0 };
        let newest = take(widest(&|e| span::newest(&e.span, Precision::Seconds)).max("newest".len()), 0);
        let newest = if precision == Precision::Seconds { newest } else { 0 };
        let profile = if room < EDGE + name { room.saturating_sub(EDGE) } else { name };
        Self { profile, folder, files, size, span, precision, newest }
    }

    fn heads(&self, theme: &Theme, mut pen: Pen<'_>) {
        let dim = theme.dim();
        pen.skip(EDGE);
        pen.column("profile", self.profile, dim);
        let span = if self.precision == Precision::Newest { "newest" } else { "span" };
        put(&mut pen, "folder", self.folder, dim);
        put_right(&mut pen, "files", self.files, dim);
        put_right(&mut pen, "size", self.size, dim);
        put(&mut pen, span, self.span, dim);
        put(&mut pen, "newest", self.newest, dim);
    }

    fn row(&self, entry: &Entry, theme: &Theme, mut pen: Pen<'_>) {
        pen.column(&escape(entry.profile.as_bytes()), self.profile, theme.strong());
        let folder = escape(entry.folder.as_bytes());
        put(&mut pen, &pen::fit_tail(&folder, self.folder), self.folder, theme.dim());
        put_right(&mut pen, &entry.files.to_string(), self.files, Style::new());
        put_right(&mut pen, &bytes(entry.bytes), self.size, Style::new());
        let style = match entry.span {
            Span::Times { .. } => Style::new(),
            Span::Nothing => theme.warning(),
            Span::Unread => theme.dim(),
        };
        put(&mut pen, &span::span(&entry.span, self.precision), self.span, style);
        put(&mut pen, &span::newest(&entry.span, Precision::Seconds), self.newest, theme.dim());
    }
}

/// Writes a column with its distance, where it is there at all.
fn put(pen: &mut Pen<'_>, text: &str, cells: usize, style: Style) {
    if cells > 0 {
        pen.skip(GAP);
        pen.column(text, cells, style);
    }
}

/// The same for numbers.
fn put_right(pen: &mut Pen<'_>, text: &str, cells: usize, style: Style) {
    if cells > 0 {
        pen.skip(GAP);
        pen.column_right(text, cells, style);
    }
}
