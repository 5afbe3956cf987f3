//! A ladder as a sequence diagram of Mermaid, which many trackers draw.
//!
//! Must not know: Markdown, the legs in words.

use std::fmt::Write as _;

use crate::base::time_of_day;
use crate::export::sheet::Sheet;
use crate::ladder::{Arrow, Column};

/// Trackers refuse a diagram of more than 50,000 characters: a longer ladder is several diagrams.
const MOST_CHARS: usize = 40_000;

/// The diagrams of a ladder, each without the fence around it.
pub(super) fn diagrams(sheet: &Sheet) -> Vec<String> {
    let (mut diagrams, mut at) = (Vec::new(), 0);
    while at < sheet.ladder.arrows.len() {
        let mut text = beginning(&sheet.ladder.columns);
        let first = at;
        while at < sheet.ladder.arrows.len() && (text.len() < MOST_CHARS || at == first) {
            push_arrow(&mut text, sheet, at);
            at += 1;
        }
        diagrams.push(text);
    }
    diagrams
}

/// The participants: peers with the letters of their legs, ours with the name of the software.
fn beginning(columns: &[Column]) -> String {
    let mut text = "sequenceDiagram\n".to_owned();
    for (at, column) in columns.iter().enumerate() {
        let names = column.legs.iter().map(|leg| leg.text.as_str()).collect::<Vec<_>>().join(" ");
        let title = match column.title.as_str() {
            title if column.ours && title != "FreeSWITCH" => format!("{title} (FreeSWITCH)"),
            title => format!("{names} {title}").trim().to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  participant c{at} as {}", escaped(&title));
    }
    text
}

fn push_arrow(text: &mut String, sheet: &Sheet, number: usize) {
    let ladder = &sheet.ladder;
    let Some(arrow) = ladder.arrows.get(number) else { return };
    let label = arrow.label_with(sheet.labels.get(&arrow.row).map(String::as_str));
    if arrow.gap {
        let last = ladder.columns.len().saturating_sub(1);
        let _ = writeln!(text, "  Note over c0,c{last}: {}", escaped(&ladder.pause(number)));
    }
    let (shape, time) = (shape(arrow), time_of_day(arrow.time));
    let _ = writeln!(text, "  c{}{shape}c{}: {time} {}", arrow.from, arrow.to, escaped(&label));
    let remark = arrow.remark();
    if !remark.is_empty() {
        let (left, right) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
        let _ = writeln!(text, "  Note over c{left},c{right}: {}", escaped(&remark));
    }
}

/// Requests are solid, responses dashed; a failure ends in a cross.
const fn shape(arrow: &Arrow) -> &'static str {
    match arrow.status {
        0 => "->>",
        401 | 407 => "-->>",
        400.. => "--x",
        _ => "-->>",
    }
}

/// A text without anything that means something to Mermaid: `#`, `;` and `%%{` among others.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '#' | ';' | '%' | '&' | '<' | '>' | '"' | '`' | '{' | '}' | '\\' | '$' | '@' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_mermaid_is_written_as_a_number() {
        assert_eq!(escaped("200 OK; a#1 <b> 50%"), "200 OK#59; a#35;1 #60;b#62; 50#37;");
        assert_eq!(escaped("%%{init: {}}%%"), "#37;#37;#123;init: #123;#125;#125;#37;#37;");
    }
}
