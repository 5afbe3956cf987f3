//! A comparison as plain text, for the clipboard.
//!
//! Must not know: widths, where the text goes.

use std::fmt::Write as _;

use super::{Change, Comparison, Entry, Piece};

impl Comparison {
    /// The same without the entries that are the same in both messages.
    #[must_use]
    pub fn changes(&self) -> Self {
        let mut sections = self.sections.clone();
        for section in &mut sections {
            section.entries.retain(|entry| entry.change != Change::Same);
        }
        sections.retain(|section| !section.entries.is_empty());
        Self { sections }
    }

    /// The text: a line for each entry, two for what was rewritten. Changes inside a value are in `[-…-]` and `{+…+}`.
    ///
    /// ```text
    /// Header fields
    /// ~ From            "Carol" <sip:[-1013-]@pbx.example>
    ///                   "Carol" <sip:{+13035550113+}@pbx.example>
    /// - X-Tenant        7
    /// ```
    pub fn text(&self) -> String {
        let mut out = String::new();
        for section in &self.sections {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}", section.title);
            let widths = section.entries.iter().map(|entry| entry.label.chars().count());
            let column = widths.max().unwrap_or_default().min(MOST_LABEL);
            section.entries.iter().for_each(|entry| push(entry, column, &mut out));
        }
        out
    }
}

/// Longer labels push their values to the right.
const MOST_LABEL: usize = 30;

fn push(entry: &Entry, column: usize, out: &mut String) {
    let sign = entry.change.sign();
    let mut line = |sign: char, label: &str, value: String| {
        let text = format!("{sign} {label:<column$}  {value}");
        let _ = writeln!(out, "{}", text.trim_end());
    };
    let plain = |pieces: &[Piece]| pieces.iter().map(|piece| &*piece.text).collect::<String>();
    match entry.change {
        Change::Same | Change::Dropped => line(sign, &entry.label, plain(&entry.left)),
        Change::Added => line(sign, &entry.label, plain(&entry.right)),
        Change::Rewritten => {
            line(sign, &entry.label, marked(&entry.left, ["[-", "-]"]));
            line(' ', "", marked(&entry.right, ["{+", "+}"]));
        }
    }
}

fn marked(pieces: &[Piece], [open, close]: [&str; 2]) -> String {
    let one = |piece: &Piece| {
        if piece.changed { format!("{open}{}{close}", piece.text) } else { piece.text.clone() }
    };
    pieces.iter().map(one).collect()
}
