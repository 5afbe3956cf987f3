//! A call on the page: its verdict, legs, findings and ladder.
//!
//! Must not know: messages' texts, other calls.

use std::fmt::Write as _;

use crate::calls::{CallRef, NO_MESSAGE};
use crate::export::calls::time_of;
use crate::export::markup;
use crate::export::report::Trace;
use crate::export::report::legs::{self, LegLine};
use crate::export::report::svg::ladder::{Drawing, Page};
use crate::export::report::svg::title_of;
use crate::export::sheet::Sheet;
use crate::ladder::undrawn;
use crate::store::MessageIdx;

use super::messages::Numbers;

/// Arrows of one drawing: as many as fit on a printed page.
const ARROWS: usize = 34;

/// Appends everything of a call but its messages. `number` is that of the call on the page, from 1.
pub(super) fn push(out: &mut String, trace: &Trace<'_>, sheet: &Sheet, (number, numbers): (usize, &Numbers)) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<section id=c{number}><h1>");
    markup::push_content(out, &title_of(sheet));
    out.push_str("</h1>\n");
    push_subtitle(out, trace, sheet, numbers);
    push_legs(out, &legs::lines(trace.snapshot, trace.calls, sheet));
    let more = undrawn(trace.calls, &sheet.members);
    if !more.is_empty() {
        let _ = writeln!(out, "<p>{more}");
    }
    push_findings(out, sheet, numbers);
    push_ladder(out, trace, sheet, (number, numbers));
}

/// When, how many messages, and which message proves the verdict.
fn push_subtitle(out: &mut String, trace: &Trace<'_>, sheet: &Sheet, numbers: &Numbers) {
    out.push_str("<p class=w>");
    let times = [sheet.rows.first(), sheet.rows.last()].map(|row| time_of(trace.snapshot, *row?));
    if let [Some(first), Some(last)] = times {
        let _ = write!(out, "{first} to {}. ", last.rsplit(' ').next().unwrap_or(&last));
    }
    let count = sheet.rows.len();
    let _ = write!(out, "{count} {}.", if count == 1 { "message" } else { "messages" });
    let legs = sheet.members.iter().filter_map(|member| trace.calls.leg_ref(trace.snapshot, member.leg));
    let proof = CallRef::of(legs.collect()).map_or(NO_MESSAGE, |call| call.verdict().message);
    if let Some(number) = numbers.get(&proof) {
        let _ = write!(out, " The proof is <a href=#m{number}>message {number}</a>.");
    }
    out.push('\n');
}

fn push_legs(out: &mut String, legs: &[LegLine]) {
    out.push_str("<table><tr><th>Leg<th>From → to<th>Peer<th>State<th>Time<th>Call-ID\n");
    for leg in legs {
        let class = leg.number % 6;
        let _ = write!(out, "<tr><td class=\"l l{class}\">");
        markup::push_content(out, &leg.name);
        let time = [leg.course.as_str(), leg.durations.as_str()];
        let time = time.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        for cell in [&leg.parties, &leg.peer, &leg.outcome, &time, &leg.call_id] {
            out.push_str("<td>");
            markup::push_content(out, cell);
        }
        if !leg.joined.is_empty() {
            out.push_str("<div class=w>joined ");
            markup::push_content(out, &leg.joined);
            out.push_str("</div>");
        }
        out.push('\n');
    }
    out.push_str("</table>\n");
}

fn push_findings(out: &mut String, sheet: &Sheet, numbers: &Numbers) {
    if sheet.head.findings.is_empty() {
        return;
    }
    out.push_str("<ul>\n");
    for finding in &sheet.head.findings {
        out.push_str(if finding.rule.is_note { "<li>" } else { "<li class=f>" });
        markup::push_content(out, &legs::clean(finding.text.as_bytes()));
        let _ = write!(out, " <span class=w>{}</span>", markup::escaped(finding.rule.rfc));
        if let Some(number) = numbers.get(&finding.message) {
            let _ = write!(out, " <a href=#m{number}>message {number}</a>");
        }
        out.push('\n');
    }
    out.push_str("</ul>\n");
}

fn push_ladder(out: &mut String, trace: &Trace<'_>, sheet: &Sheet, (ladder, numbers): (usize, &Numbers)) {
    let number_of = |row: MessageIdx| numbers.get(&row).copied().unwrap_or_default();
    let drawing = Drawing::new(sheet, trace.snapshot, Some(Page { ladder, number_of: &number_of }));
    let count = sheet.ladder.arrows.len();
    out.push_str("<h2>Ladder</h2><div class=z>\n");
    for first in (0..count).step_by(ARROWS) {
        drawing.push_svg(out, first..(first + ARROWS).min(count));
    }
    out.push_str("</div>\n");
}
