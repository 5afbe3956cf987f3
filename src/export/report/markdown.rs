//! Calls as Markdown (GFM): what happened, the legs in a table, and the ladder as a Mermaid diagram.
//!
//! Must not know: where it is written, messages' texts.

use std::fmt::Write as _;
use std::io;

use crate::export::calls::time_of;
use crate::export::sheet::Sheet;
use crate::ladder::undrawn;

use super::legs::{self, LegLine};
use super::svg::title_of;
use super::{Step, Trace, mermaid};

/// Writes the chosen calls, each with a heading; returns how many they are.
pub(super) fn markdown(trace: &Trace<'_>, step: &mut Step<'_>) -> io::Result<Option<usize>> {
    let (mut count, mut done, mut out) = (0, 0, String::new());
    for sheet in trace.sheets() {
        out.push_str(if count > 0 { "\n" } else { "" });
        push_call(&mut out, trace, &sheet);
        count += 1;
        done += sheet.rows.len();
        if !step(&mut out, done)? {
            return Ok(None);
        }
    }
    Ok(Some(count))
}

fn push_call(out: &mut String, trace: &Trace<'_>, sheet: &Sheet) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "## {}\n", escaped(&title_of(sheet)));
    if let Some(first) = sheet.rows.first().and_then(|row| time_of(trace.snapshot, *row)) {
        let _ = writeln!(out, "{first}, {} messages\n", sheet.rows.len());
    }
    push_legs(out, &legs::lines(trace.snapshot, trace.calls, sheet));
    for finding in &sheet.head.findings {
        let text = escaped(&legs::clean(finding.text.as_bytes()));
        let (before, after) = if finding.rule.is_note { ("", "") } else { ("**", "**") };
        let _ = writeln!(out, "- {before}{text}{after} ({})", escaped(finding.rule.rfc));
    }
    out.push_str(if sheet.head.findings.is_empty() { "" } else { "\n" });
    let more = undrawn(trace.calls, &sheet.members);
    if !more.is_empty() {
        let _ = writeln!(out, "{more}\n");
    }
    for diagram in mermaid::diagrams(sheet) {
        let _ = writeln!(out, "```mermaid\n{diagram}```");
    }
}

fn push_legs(out: &mut String, legs: &[LegLine]) {
    out.push_str("| Leg | Call-ID | Parties | Peer | State | Time | Joined |\n");
    out.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for leg in legs {
        let time = [&leg.course, &leg.durations].into_iter().filter(|part| !part.is_empty());
        let time = time.map(String::as_str).collect::<Vec<_>>().join("; ");
        let cells = [
            escaped(&leg.name),
            code(&leg.call_id),
            code(&leg.parties),
            code(&leg.peer),
            escaped(&leg.outcome),
            escaped(&time),
            escaped(&leg.joined),
        ];
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out.push('\n');
}

/// A text that is no markup, and names no user of the tracker, who would be told.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '@' if !before.is_alphanumeric() => out.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&'
            | '$' => {
                out.extend(['\\', c]);
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// A text in a code span, also in a table: there a bar is escaped even in code (GFM §4.10).
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 { " " } else { "" };
    format!("{fence}{blank}{}{blank}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_trace_are_no_markup() {
        for (text, expected) in [
            ("486 Busy Here", "486 Busy Here"),
            ("<b> *a* | [x](y)", r"\<b\> \*a\* \| \[x\](y)"),
            ("ask @ops of a@b", "ask @<!-- -->ops of a@b"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        for (text, expected) in [("", ""), ("a@b", "`a@b`"), ("a|b", r"`a\|b`"), ("a``b", "``` a``b ```")] {
            assert_eq!(code(text), expected);
        }
    }
}
