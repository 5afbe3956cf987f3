//! Ladders as a drawing (SVG 1.1), for light and dark pages and for print.
//!
//! Must not know: where it is written, messages' texts.

mod geometry;
pub(super) mod ladder;

use std::fmt::Write as _;
use std::io;

use crate::export::calls::time_of;
use crate::export::markup;
use crate::export::sheet::Sheet;
use crate::ladder::undrawn;

use self::geometry::{px, wrapped};
use self::ladder::Drawing;
use super::legs::{self, LegLine};
use super::{Step, Trace};

/// How drawings look; a page has the same rules.
pub(super) const STYLE: &str = include_str!("ladder.css");

/// Around everything.
const MARGIN: i32 = 16;
/// Pixels of a line of text above a ladder.
const LINE: i32 = 18;
/// Cells of those lines at least, also above a narrow ladder.
const LEAST_CELLS: usize = 100;

/// Writes a document with the ladders of the chosen calls, one below the other; returns how many they are.
///
/// It is well-formed XML whatever the messages contain; texts that are too long for their place are shortened, and whole
/// in a `title`.
pub(super) fn svg(trace: &Trace<'_>, step: &mut Step<'_>) -> io::Result<Option<usize>> {
    let Some(sheets) = trace.all_sheets(step)? else { return Ok(None) };
    let (mut content, mut width, mut y) = (String::new(), px(LEAST_CELLS), MARGIN);
    for sheet in &sheets {
        let drawing = Drawing::new(sheet, trace.snapshot, None);
        width = width.max(drawing.width());
        push_call(&mut content, trace, (sheet, &drawing), &mut y);
        y += 2 * MARGIN;
    }
    let (width, height) = (width + 2 * MARGIN, y);
    let title = sheets.first().map(title_of).unwrap_or_default();
    let names = sheets.iter().flat_map(|sheet| legs::lines(trace.snapshot, trace.calls, sheet));
    let names: Vec<String> = names.map(|leg| leg.call_id).collect();
    // Writing to a String cannot fail.
    let mut out = String::new();
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"title desc\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">SIP ladder. Call-IDs: {}</desc>\n\
         <style>{STYLE}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n<g class=\"ladder\" \
         transform=\"translate({MARGIN})\">\n{content}</g>\n</svg>\n",
        markup::escaped(&title),
        markup::escaped(&names.join(", ")),
    );
    let done = sheets.iter().map(|sheet| sheet.rows.len()).sum();
    Ok(step(&mut out, done)?.then_some(sheets.len()))
}

/// What a call is called: its verdict, else its Call-ID.
pub(super) fn title_of(sheet: &Sheet) -> String {
    if sheet.head.verdict.is_empty() { "SIP messages".to_owned() } else { sheet.head.verdict.clone() }
}

fn push_call(out: &mut String, trace: &Trace<'_>, (sheet, drawing): (&Sheet, &Drawing<'_>), y: &mut i32) {
    let cells = (drawing.width() * 10 / 73).unsigned_abs() as usize;
    let cells = cells.max(LEAST_CELLS);
    push_lines(out, "h1", &title_of(sheet), (cells, y));
    let first = sheet.rows.first().and_then(|row| time_of(trace.snapshot, *row));
    push_lines(out, "h w", &first.unwrap_or_default(), (cells, y));
    for leg in legs::lines(trace.snapshot, trace.calls, sheet) {
        let class = format!("h l{}", geometry::leg_class(leg.number as u32));
        push_lines(out, if leg.name.is_empty() { "h" } else { &class }, &summary(&leg), (cells, y));
        push_lines(out, "h w", &origin(&leg), (cells, y));
    }
    for finding in &sheet.head.findings {
        let text = format!("! {} ({})", legs::clean(finding.text.as_bytes()), finding.rule.rfc);
        push_lines(out, if finding.rule.is_note { "h" } else { "h r" }, &text, (cells, y));
    }
    let more = undrawn(trace.calls, &sheet.members);
    if !more.is_empty() {
        push_lines(out, "h", &more, (cells, y));
    }
    *y += LINE / 2;
    let all = 0..sheet.ladder.arrows.len();
    drawing.push_content(out, all.clone(), *y);
    *y += drawing.height(all);
}

/// A leg in one line: who, with whom, how, when.
fn summary(leg: &LegLine) -> String {
    joined(&[&leg.name, &leg.parties, &leg.peer, &leg.outcome, &leg.course, &leg.durations])
}

/// Its Call-ID, and why it belongs to the call.
fn origin(leg: &LegLine) -> String {
    let reason = if leg.joined.is_empty() { String::new() } else { format!("joined {}", leg.joined) };
    joined(&[&leg.call_id, &reason])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn push_lines(out: &mut String, class: &str, text: &str, (cells, y): (usize, &mut i32)) {
    // The heading is larger.
    let cells = if class == "h1" { cells * 3 / 4 } else { cells };
    for line in wrapped(text, cells) {
        *y += LINE;
        let _ = write!(out, "<text class=\"{class}\" x=\"0\" y=\"{}\">", *y - 5);
        markup::push(out, &line);
        out.push_str("</text>\n");
    }
}
