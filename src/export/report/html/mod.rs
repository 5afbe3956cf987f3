//! Calls as one HTML page that needs nothing else: no network, and no script to be read.
//!
//! Everything from the trace is text; the page's policy lets nothing but its own style and script work, which are named by
//! their hashes.
//!
//! Must not know: where it is written.

mod call;
mod exact;
mod message;
mod messages;

use std::fmt::Write as _;
use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::export::calls::time_of;
use crate::export::markup;
use crate::export::sheet::Sheet;

use self::messages::{Messages, Numbers};
use super::svg::{STYLE as LADDER_STYLE, title_of};
use super::{Step, Trace, legs};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes the page with the chosen calls; returns how many they are.
pub(super) fn html(trace: &Trace<'_>, step: &mut Step<'_>) -> io::Result<Option<usize>> {
    let Some(sheets) = trace.all_sheets(step)? else { return Ok(None) };
    let mut numbers = Numbers::new();
    for row in sheets.iter().flat_map(|sheet| &sheet.rows) {
        let next = numbers.len() + 1;
        numbers.entry(*row).or_insert(next);
    }
    let mut out = String::new();
    push_head(&mut out, &sheets);
    push_index(&mut out, trace, &sheets);
    let end = format!("</main>\n<script>{}</script>\n</html>\n", script());
    // What is around the calls counts for each of them: then the page of one call is not larger.
    let around = out.len() + end.len() + SECTION_ENDS;
    let mut done = 0;
    for (number, sheet) in sheets.iter().enumerate() {
        let before = out.len();
        call::push(&mut out, trace, sheet, (number + 1, &numbers));
        let messages = Messages::read(trace, sheet, &numbers);
        out.push_str("<h2>Messages</h2>\n");
        let more = around + out.len() - before;
        messages.push(&mut out, more);
        out.push_str("</section>\n");
        done += sheet.rows.len();
        if !step(&mut out, done)? {
            return Ok(None);
        }
    }
    out.push_str(&end);
    Ok(step(&mut out, done)?.then_some(sheets.len()))
}

/// Bytes of the ends of elements around messages, and of the sentence that explanations are left out.
const SECTION_ENDS: usize = 140;

/// The style of the page, as its policy names it.
fn style() -> String {
    format!("{}{}", compact(STYLE), compact(LADDER_STYLE))
}

fn script() -> String {
    compact(SCRIPT)
}

/// A text without the indentation of its lines and without comments on lines of their own.
fn compact(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// `'sha256-…'` (CSP Level 3 §2.3.1).
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

fn push_head(out: &mut String, sheets: &[Sheet]) {
    let title = match sheets {
        [sheet] => title_of(sheet),
        sheets => format!("{} calls", sheets.len()),
    };
    let (style, script) = (style(), script());
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=en><meta charset=utf-8>\n<meta http-equiv=Content-Security-Policy content=\"\
         default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=referrer content=no-referrer><meta name=viewport content=\"width=device-width\">\
         <meta name=color-scheme content=\"light dark\"><link rel=icon href=data:,>\n<title>{}</title>\n\
         <style>{style}</style>\n\
         <search id=bar hidden><label>Search messages <input id=q type=search autocomplete=off spellcheck=false></label>\
         <span id=n role=status></span><button id=e>Expand all</button><button id=c>Collapse all</button>\
         <kbd>/</kbd></search>\n<main>\n",
        hash(&style),
        hash(&script),
        markup::escaped(&title),
    );
}

/// A table of the calls, where they are several.
fn push_index(out: &mut String, trace: &Trace<'_>, sheets: &[Sheet]) {
    if sheets.len() < 2 {
        return;
    }
    out.push_str("<table class=x><tr><th>Call<th>Time<th>From → to<th>Verdict<th>Messages\n");
    for (number, sheet) in sheets.iter().enumerate() {
        let number = number + 1;
        let time = sheet.rows.first().and_then(|row| time_of(trace.snapshot, *row)).unwrap_or_default();
        let first = legs::lines(trace.snapshot, trace.calls, sheet).into_iter().next().unwrap_or_default();
        let _ = write!(out, "<tr><td><a href=#c{number}>{number}</a><td>{time}<td>");
        markup::push_content(out, &first.parties);
        out.push_str("<td>");
        markup::push_content(out, &title_of(sheet));
        let _ = writeln!(out, "<td>{}", sheet.rows.len());
    }
    out.push_str("</table>\n");
}
