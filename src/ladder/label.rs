//! The label on an arrow and the remark beside it.
//!
//! Must not know: their positions on the line.

use std::fmt::Write as _;

use crate::base::escape::{escape, escape_into};
use crate::store::{Flags, RowRef};

use super::canvas::width_of;
use super::marks::Mark;
use super::{Arrow, Ladder, Times};

/// Cells reserved for the details of SDP in a message's text.
const NOTE_ROOM: usize = 10;

/// Methods and reason phrases are truncated to this many bytes: the details pane shows them in full.
const MOST_BYTES: usize = 80;

/// The texts of one arrow, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowText {
    /// The text of the time column.
    pub time: String,
    /// The label on the arrow.
    pub label: String,
    /// The remark beside it; may be empty.
    pub remark: String,
}

impl RowText {
    /// The texts of an arrow. `note` is the detail that replaces the word SDP.
    pub fn of(ladder: &Ladder, arrow: &Arrow, note: Option<&str>, times: Times) -> Self {
        Self { time: ladder.time_text(arrow, times), label: arrow.label_with(note), remark: arrow.remark() }
    }
}

impl Arrow {
    /// The label with a note such as `SDP PCMU, hold` instead of the word SDP, and with the number of transmissions if
    /// there are several: `INVITE (SDP PCMU) ×3`.
    pub fn label_with(&self, note: Option<&str>) -> String {
        let note = note.filter(|note| self.sdp && !note.is_empty());
        let mut label = match (note, self.label.strip_suffix("SDP)")) {
            (Some(note), Some(start)) => format!("{start}{note})"),
            _ => self.label.clone(),
        };
        if self.repeats > 1 {
            // Writing to a String cannot fail.
            let _ = write!(label, " ×{}", self.repeats);
        }
        label
    }

    /// The remark: `! no ACK`. Empty if there is none, and for a failure, which the status code shows.
    pub fn remark(&self) -> String {
        let mut remark = String::new();
        for mark in self.marks.iter().filter(|mark| **mark != Mark::Failed) {
            remark.push_str(if remark.is_empty() { "! " } else { ", " });
            let _ = write!(remark, "{mark}");
        }
        remark
    }

    /// Cells of the label with a note; without a note, room for one is included.
    pub(super) fn label_width(&self, note: Option<&str>) -> usize {
        if self.repeats == 1 && !self.sdp {
            return width_of(&self.label);
        }
        let room = if self.sdp && note.is_none() { NOTE_ROOM } else { 0 };
        width_of(&self.label_with(note)) + room
    }
}

/// The method that labels of responses omit: that of the first message.
pub(super) fn usual_method<'a>(messages: &[RowRef<'a>]) -> &'a [u8] {
    messages.first().map(RowRef::method).unwrap_or_default()
}

/// `INVITE (SDP)`, `100 Trying`, `200 OK (BYE)`, `(no SIP) 12 B`. A response shows its method if it is not the `usual`
/// one.
pub(super) fn of(message: &RowRef<'_>, usual: &[u8]) -> String {
    let row = message.row;
    if !row.flags.has(Flags::SIP) {
        return format!("(no SIP) {} B", row.len);
    }
    let mut label = String::new();
    if row.status > 0 {
        let _ = write!(label, "{} ", row.status);
    }
    let what = message.what();
    escape_into(&what[..what.len().min(MOST_BYTES)], &mut label);
    label.truncate(label.trim_end().len());
    let method = message.method();
    let method = &method[..method.len().min(MOST_BYTES)];
    let named = row.status > 0 && message.method() != usual && !method.is_empty();
    let additions = [
        named.then(|| escape(method)),
        row.flags.has(Flags::MULTIPART).then_some("multipart".into()),
        row.flags.has(Flags::SDP).then_some("SDP".into()),
    ];
    let mut separator = " (";
    for addition in additions.into_iter().flatten() {
        label.push_str(separator);
        label.push_str(&addition);
        separator = ", ";
    }
    if separator == ", " {
        label.push(')');
    }
    label
}
