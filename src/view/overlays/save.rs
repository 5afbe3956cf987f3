//! The save dialog: what, the format, the file, and what will happen.
//!
//! ```text
//! ┌ save ──────────────────────────────────────────────────────┐
//! │  what    ▸ this message                         1 message  │
//! │            the call with all legs             24 messages  │
//! │            the incident, with all of its calls          –  │
//! │  format    dump [pcap] txt jsonl csv                       │
//! │            pcap: for Wireshark, with generated headers     │
//! │  redact  [ ] pseudonyms for numbers, names, addresses      │
//! │  file      call-1013-to-0013-060012.pcap                   │
//! │  24 messages to a new file that only you can read          │
//! └────────────────────────────────────────────────────────────┘
//! ```
//!
//! Must not know: what keys do, files.

use ratatui::layout::Rect;
use ratatui::widgets::{Block, Widget};

use crate::app::overlays::{Choice, Field, SaveDialog, counted};
use crate::app::saving::{NotSaved, Redaction};
use crate::app::{App, Target};
use crate::base::escape::escape;
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::line_view::LineView;

/// Columns of the window, its border included.
const WIDTH: u16 = 76;
/// Cells before the values.
const NAMES: usize = 9;
/// Rows below the list of what can be saved: format, its help, redaction, file, what will happen.
const BELOW: u16 = 5;
/// A narrower window has no names before the values.
const NAMES_FROM: u16 = 50;

/// Where less room is, what can be saved has no counts beside it.
const LEAST_FOR_COUNTS: usize = 45;

/// Draws the window.
pub(super) fn draw(app: &App, area: Rect, surface: &mut Surface<'_>) {
    let dialog = &app.save;
    let height = (dialog.choices.len() as u16 + BELOW + 2).min(area.height);
    let window = Rect { y: area.bottom() - height, width: WIDTH.min(area.width), height, ..area };
    surface.clear(window);
    surface.target(Target::Overlay, window);
    let mut inside = window;
    if window.height > BELOW + 2 {
        let block = Block::bordered().border_style(surface.style(Role::Accent)).title(" save ");
        inside = block.inner(window);
        block.render(window, surface.buf);
    }
    let names = if window.width < NAMES_FROM { 0 } else { NAMES };
    // The file and what happens to it matter most, then the format, then the others that could be chosen.
    let rows = inside.height;
    let happens = u16::from(rows >= 2);
    let help = u16::from(rows >= 6);
    let redact = u16::from(rows >= 7);
    let whats = rows.saturating_sub(2 + happens + help + redact);
    let mut y = 0;
    if whats == 0 && dialog.field == Field::What {
        // There is one row for both.
        draw_choices(dialog, line(inside, 0), names, surface);
    } else {
        draw_choices(dialog, Rect { height: whats, ..inside }, names, surface);
        draw_formats(dialog, line(inside, whats), names, surface);
    }
    y += whats + 1;
    if help > 0 {
        let mut row = surface.row(line(inside, y), 0);
        row.skip(names + 2);
        row.put(dialog.format.help(), Role::Dim);
        y += 1;
    }
    if redact > 0 {
        draw_redact(dialog, line(inside, y), names, surface);
        y += 1;
    }
    draw_file(dialog, line(inside, y), names, surface);
    draw_happens(app, line(inside, y + 1), surface);
}

/// A row of the window; an empty one below its end.
fn line(inside: Rect, y: u16) -> Rect {
    Rect { y: inside.y + y, height: u16::from(y < inside.height), ..inside }
}

/// Draws what can be saved, as many as have room, the chosen one among them.
fn draw_choices(dialog: &SaveDialog, area: Rect, names: usize, surface: &mut Surface<'_>) {
    let shown = usize::from(area.height);
    let top = (dialog.chosen + 1).saturating_sub(shown);
    for (y, (at, choice)) in (0..area.height).zip(dialog.choices.iter().enumerate().skip(top)) {
        let place = line(area, y);
        surface.target(Target::SaveWhat(at), place);
        let is_chosen = at == dialog.chosen;
        let mut row = surface.row(place, 0);
        row.column(if y == 0 { " what" } else { "" }, names, Role::Accent);
        row.put(if is_chosen { "▸ " } else { "  " }, Role::Accent);
        let role = match (choice.is_there(), is_chosen) {
            (false, _) => Role::Dim,
            (true, true) => Role::Strong,
            (true, false) => Role::Plain,
        };
        if row.room() >= LEAST_FOR_COUNTS {
            row.put_at_end(&count(choice), 0, role);
        }
        row.put(choice.label(), role);
        if is_chosen && dialog.field == Field::What {
            select(place, surface);
        }
    }
}

fn count(choice: &Choice) -> String {
    if choice.is_there() {
        format!("{} ", counted(choice.count as u64, choice.what.rows()))
    } else {
        "– ".to_owned()
    }
}

/// Draws the formats, the chosen one in brackets.
fn draw_formats(dialog: &SaveDialog, place: Rect, names: usize, surface: &mut Surface<'_>) {
    let mut row = surface.row(place, 0);
    row.column(" format", names, Role::Accent);
    row.skip(1);
    let mut targets = Vec::new();
    let formats = dialog.formats();
    // Those before the chosen one give way to it.
    let chosen = formats.iter().position(|format| *format == dialog.format).unwrap_or_default();
    let cells =
        |from: usize| formats[from..=chosen].iter().map(|format| format.name().len() + 2).sum::<usize>();
    let first = (0..=chosen).find(|from| cells(*from) <= row.room()).unwrap_or(chosen);
    for (at, format) in formats.iter().enumerate().skip(first) {
        let is_chosen = at == chosen;
        let text = if is_chosen { format!("[{}]", format.name()) } else { format!(" {} ", format.name()) };
        let start = row.x;
        row.put(&text, if is_chosen { Role::Strong } else { Role::Plain });
        targets.push((at, Rect { x: start, width: row.x - start, ..place }));
    }
    for (at, place) in targets {
        surface.target(Target::SaveFormat(at), place);
    }
    if dialog.field == Field::Format {
        select(place, surface);
    }
}

/// Draws whether the file is redacted.
fn draw_redact(dialog: &SaveDialog, place: Rect, names: usize, surface: &mut Surface<'_>) {
    surface.target(Target::SaveRedact, place);
    let mut row = surface.row(place, 0);
    row.column(" redact", names, Role::Accent);
    row.skip(1);
    let is_on = dialog.redaction == Redaction::On;
    row.put(if is_on { "[x] " } else { "[ ] " }, if is_on { Role::Strong } else { Role::Plain });
    row.put("pseudonyms for numbers, names, addresses; no secrets", Role::Dim);
    if dialog.field == Field::Redact {
        select(place, surface);
    }
}

/// Draws the name of the file.
fn draw_file(dialog: &SaveDialog, place: Rect, names: usize, surface: &mut Surface<'_>) {
    surface.target(Target::SaveFile, place);
    let mut row = surface.row(place, 0);
    row.column(" file", names, Role::Accent);
    row.skip(2);
    let view = LineView::of(&dialog.path, row.room());
    let start = row.x;
    row.put(&view.text, Role::Strong);
    if dialog.field == Field::File {
        surface.cursor((start + view.cursor).min(place.right().saturating_sub(1)), place.y);
    }
}

/// Draws what will happen, or why it did not.
fn draw_happens(app: &App, place: Rect, surface: &mut Surface<'_>) {
    let mut row = surface.row(place, 0);
    row.skip(1);
    match &app.save.problem {
        Some(NotSaved::Exists) => row.put("this file exists: o overwrites it, Esc keeps it", Role::Warning),
        Some(NotSaved::Failed(why)) => row.put(&escape(why.as_bytes()), Role::Error),
        Some(NotSaved::Stopped) => {}
        None => {
            for (text, role) in happens(app) {
                row.put(&text, role);
            }
        }
    }
}

/// What will happen, in pieces.
fn happens(app: &App) -> Vec<(String, Role)> {
    let Some(choice) = app.save.choice() else { return Vec::new() };
    let what = counted(choice.count as u64, choice.what.rows());
    let mut pieces = vec![(format!("{what} to a file that only you can read"), Role::Dim)];
    let left_out = app.notes_left_out();
    if left_out > 0 {
        let notes = if left_out == 1 { "1 note".to_owned() } else { format!("{left_out} notes") };
        pieces.push((format!("; without {notes}"), Role::Warning));
    }
    if app.session.privacy.is_masked() && app.save.redaction == Redaction::Off {
        pieces.push(("; not masked".to_owned(), Role::Warning));
    }
    pieces
}

/// Marks the row that the keys act on.
fn select(place: Rect, surface: &mut Surface<'_>) {
    surface.paint(place, Role::Selected);
    surface.cursor(place.x, place.y);
}
