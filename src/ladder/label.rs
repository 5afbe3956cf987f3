//! The label on an arrow and the remark beside it.
//!
//! Must not know: their positions on the line.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::base::escape::{escape, escape_into};
use crate::base::push_padded;
use crate::store::{Flags, Row, RowRef};

use super::canvas::width_of;
use super::marks::Mark;
use super::{Arrow, Ladder, Times};

/// Cells reserved for the details of SDP in a message's text.
const NOTE_ROOM: usize = 10;

/// Methods and reason phrases are truncated to this many bytes: the details pane shows them in full.
const MOST_BYTES: usize = 80;

/// The texts of one arrow, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowText<'a> {
    /// The text of the time column.
    pub time: String,
    /// The label on the arrow.
    pub label: Cow<'a, str>,
    /// The remark beside it; may be empty.
    pub remark: String,
}

impl<'a> RowText<'a> {
    /// The texts of an arrow. `note` is what the message's own text adds, as [`brief`](crate::sip::brief) says it.
    pub fn of(ladder: &Ladder, arrow: &'a Arrow, note: Option<&str>, times: Times) -> Self {
        Self { time: ladder.time_text(arrow, times), label: arrow.label_with(note), remark: arrow.remark() }
    }
}

impl Arrow {
    /// The label with a note, `SDP PCMU, hold` for the word SDP or a reason behind the rest, and with the number of
    /// sendings where there are several: `INVITE (SDP PCMU) ×3`.
    pub fn label_with(&self, note: Option<&str>) -> Cow<'_, str> {
        let note = note.filter(|note| !note.is_empty()).unwrap_or_default();
        if note.is_empty() && self.repeats == 1 {
            return Cow::Borrowed(&self.label);
        }
        let mut label = match (self.place, self.label.strip_suffix("SDP)"), self.label.strip_suffix(')')) {
            (NotePlace::Sdp, Some(start), _) if !note.is_empty() => format!("{start}{note})"),
            (NotePlace::Within, _, Some(start)) if !note.is_empty() => format!("{start}, {note})"),
            (NotePlace::Behind, ..) if !note.is_empty() => format!("{} ({note})", self.label),
            _ => self.label.clone(),
        };
        if self.repeats > 1 {
            // Writing to a String cannot fail.
            let _ = write!(label, " ×{}", self.repeats);
        }
        Cow::Owned(label)
    }

    /// Whether the message's text may have a note for the label.
    pub fn wants_note(&self) -> bool {
        self.place != NotePlace::None
    }

    /// What is remarkable about it, and what the user wrote: `! no ACK  ✎ ask Bob`. Empty where nothing does, and for a failure,
    /// which its status shows.
    pub fn remark(&self) -> String {
        let mut remark = String::new();
        for mark in self.marks.iter().filter(|mark| **mark != Mark::Failed) {
            let sign = if *mark == Mark::TraceEnds { "… " } else { "! " };
            remark.push_str(if remark.is_empty() { sign } else { ", " });
            let _ = write!(remark, "{mark}");
        }
        if !self.comment.is_empty() {
            let between = if remark.is_empty() { "" } else { "  " };
            let _ = write!(remark, "{between}✎ {}", self.comment);
        }
        remark
    }

    /// Cells of the label with a note; without a note, room for one is included.
    pub(super) fn label_width(&self, note: Option<&str>) -> usize {
        if self.repeats == 1 && !self.wants_note() {
            return width_of(&self.label);
        }
        let room = if self.place == NotePlace::Sdp && note.is_none() { NOTE_ROOM } else { 0 };
        width_of(&self.label_with(note)) + room
    }
}

/// Where a note has its place in a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotePlace {
    /// Nowhere: the index knows all that is shown.
    None,
    /// Instead of the word SDP, with which the label ends.
    Sdp,
    /// Within the parentheses with which the label ends.
    Within,
    /// In parentheses of its own, behind the label.
    Behind,
}

impl NotePlace {
    /// By what the message is: see [`brief`](crate::sip::brief).
    pub(super) fn of(message: &RowRef<'_>, usual: &[u8]) -> Self {
        let row = message.row;
        if !wants_note(row, message.method()) {
            Self::None
        } else if row.flags.has(Flags::SDP) {
            Self::Sdp
        } else if names_method(message, usual) || row.flags.has(Flags::MULTIPART) {
            Self::Within
        } else {
            Self::Behind
        }
    }
}

/// Whether the text of a message with this row and this method may have a note for its label.
pub(crate) fn wants_note(row: &Row, method: &[u8]) -> bool {
    let is_told = match row.status {
        0 => matches!(method, b"REFER" | b"NOTIFY" | b"BYE" | b"CANCEL"),
        status => status >= 400 && status != 401 && status != 407,
    };
    row.flags.has(Flags::SIP) && (is_told || row.flags.has(Flags::SDP))
}

/// Whether a response names its method.
fn names_method(message: &RowRef<'_>, usual: &[u8]) -> bool {
    message.row.status > 0 && message.method() != usual && !message.method().is_empty()
}

/// The method that goes without saying: that of the first message.
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
    let mut label = String::with_capacity(48);
    match row.status {
        0 => {}
        status @ 100..1000 => {
            push_padded::<3>(&mut label, u32::from(status));
            label.push(' ');
        }
        status => {
            let _ = write!(label, "{status} ");
        }
    }
    let what = message.what();
    escape_into(&what[..what.len().min(MOST_BYTES)], &mut label);
    label.truncate(label.trim_end().len());
    let method = message.method();
    let method = &method[..method.len().min(MOST_BYTES)];
    let additions = [
        names_method(message, usual).then(|| escape(method)),
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
