//! A call as a ladder: who sent what to whom, in order, with retransmissions and problems.
//!
//! ```text
//!          198.51.100.9:5060            internal               ← columns
//!                 │      INVITE (SDP)      │
//!                 ├───────────────────────▶│                   ← arrows
//!                 │◀───── 100 Trying ──────┤
//! ```
//!
//! [`Ladder`] is built from rows only and reads no text. [`Layout`] determines the cells of a line, for the screen and
//! for files.
//!
//! Must not know: colours, the terminal, where a drawing is shown.

mod canvas;
mod columns;
mod head;
mod kept_links;
mod label;
mod layout;
mod longest;
mod marks;
mod members;
mod room;
mod text;
mod time;
mod titles;
mod transaction;
mod window;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::iter;

use crate::base::escape::escape_into;
use crate::base::small_map::SmallMap;
use crate::calls::Finding;
use crate::store::{Flags, Row};
use crate::store::{MessageIdx, RowRef, Sending, Snapshot};
use columns::Columns;
use label::NotePlace;
use longest::Longest;

pub use canvas::{Canvas, Cell, Ink, width_of};
pub use columns::{Column, Hosts, LegName};
pub use head::{Facts, Head, address, address_of};
pub use kept_links::{KnownCallIds, kept};
pub use label::RowText;
pub(crate) use label::wants_note;
pub use layout::Layout;
pub use marks::Mark;
pub use members::{Decision, Links, Member, Tie, legs_of, letter, members_of, name_of, rows_of, undrawn};
pub use time::Times;
pub use transaction::of_transaction;
pub use window::{Line, Scale};

/// A pause that is longer than this many microseconds is drawn as a gap.
const GAP_MICROS: i64 = 1_000_000;

/// Whether retransmissions are folded into the arrow of their first transmission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Folding {
    /// One arrow with the number of transmissions.
    #[default]
    Folded,
    /// One arrow per transmission.
    Unfolded,
}

impl Folding {
    /// The other setting.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Folded => Self::Unfolded,
            Self::Unfolded => Self::Folded,
        }
    }
}

/// One message, with its folded retransmissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrow {
    /// The message; the first one of several transmissions.
    pub row: MessageIdx,
    /// The sender's column, 0-based from the left.
    pub from: usize,
    /// The receiver's column, never the sender's.
    pub to: usize,
    /// Its label, escaped: `INVITE (SDP)`, `100 Trying`, `(no SIP) 12 B`.
    pub label: String,
    /// The status code; 0 for a request and for a message that is not SIP.
    pub status: u16,
    /// The time of the first transmission, in microseconds as [`Row::time`].
    pub time: i64,
    /// The time of the last transmission.
    pub last_time: i64,
    /// The number of transmissions: 1 if nothing is folded into it.
    pub repeats: u32,
    /// Microseconds since the previous arrow; 0 for the first, negative if the time steps back.
    pub since_previous: i64,
    /// Whether that is more than a second.
    pub gap: bool,
    /// What is unusual about it.
    pub marks: Vec<Mark>,
    /// The position of its leg among those of the ladder, where legs have names.
    pub leg: Option<u8>,
    /// Bytes at the beginning of `label` that name the leg: 0 if the column does.
    pub name_len: usize,
    /// What the user wrote on it; may be empty.
    pub comment: String,
    /// If FreeSWITCH passed the message on from another leg, and another profile: the profile's column.
    pub passed_from: Option<usize>,
    /// Where in `label` a note has its place.
    place: NotePlace,
}

impl Arrow {
    /// Comes after an arrow of this time; it is the first one without.
    fn follow(&mut self, previous: Option<i64>) {
        self.since_previous = previous.map_or(0, |previous| self.time - previous);
        self.gap = self.since_previous > GAP_MICROS;
    }
}

/// The columns and arrows of some messages, usually of one call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ladder {
    /// The participants, from left to right.
    pub columns: Vec<Column>,
    /// The messages in their order.
    pub arrows: Vec<Arrow>,
    /// Rows and the arrows that show them, by row.
    arrow_of: Vec<(MessageIdx, usize)>,
    needs: Needs,
    /// Microseconds of a line, where time is drawn to scale.
    per_line: Option<i64>,
    longest: Longest,
}

/// The room that the texts of all arrows need, so that drawing reads only the visible ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Needs {
    /// Cells of labels between a column and the next one, without and with remarks.
    spans: Vec<(usize, usize)>,
    /// Cells of the widest remark; 0 if there is none.
    remark: usize,
}

impl Ladder {
    /// The ladder of these rows, which are in ascending order. Takes time in proportion to their number.
    pub fn of(snapshot: &Snapshot, rows: &[MessageIdx], folding: Folding) -> Self {
        Self::with_hosts(snapshot, rows, folding, Hosts::Folded)
    }

    /// The same with a column for each host, or for each address.
    pub fn with_hosts(snapshot: &Snapshot, rows: &[MessageIdx], folding: Folding, hosts: Hosts) -> Self {
        let mut ladder = Self::unmeasured(snapshot, rows, folding, hosts);
        ladder.needs = ladder.needs(|_| None);
        ladder
    }

    /// The same for [`Ladder::text`] alone, which finds out itself what room it needs.
    pub fn for_text(snapshot: &Snapshot, rows: &[MessageIdx], folding: Folding) -> Self {
        Self::unmeasured(snapshot, rows, folding, Hosts::Folded)
    }

    fn unmeasured(snapshot: &Snapshot, rows: &[MessageIdx], folding: Folding, hosts: Hosts) -> Self {
        let messages: Vec<RowRef<'_>> = rows.iter().filter_map(|row| snapshot.row(*row)).collect();
        let marks = marks::of(&messages, snapshot.progress.done);
        let columns = Columns::of(&messages, hosts);
        let usual = label::usual_method(&messages);
        let mut ladder = Self {
            arrow_of: Vec::with_capacity(messages.len()),
            arrows: Vec::with_capacity(messages.len()),
            ..Self::default()
        };
        let resent = |row: &Row| folding == Folding::Folded && row.flags.has(Flags::RETRANSMISSION);
        let foldable = messages.iter().any(|message| resent(message.row));
        let mut first_sendings: SmallMap<Sending, usize> = SmallMap::default();
        for (message, marks) in messages.iter().zip(marks) {
            let first = if resent(message.row) { first_sendings.get(&message.row.sending()) } else { None };
            let at = first.copied().unwrap_or(ladder.arrows.len());
            ladder.arrow_of.push((message.index, at));
            if let Some(arrow) = ladder.arrows.get_mut(at) {
                arrow.repeats += 1;
                arrow.last_time = message.row.time;
                continue;
            }
            if foldable {
                first_sendings.get_or_insert(message.row.sending(), at);
            }
            let (from, to) = columns.ends(message.row);
            ladder.push(arrow(message, (from, to), usual, marks));
        }
        ladder.arrow_of.sort_unstable();
        ladder.columns = columns.into_list();
        ladder.find_longest();
        ladder
    }

    /// Puts findings beside the arrows of the messages that show them, where no other mark says the same.
    pub fn add_findings(&mut self, findings: &[Finding]) {
        for finding in findings {
            let arrow = self.arrow_of(finding.message);
            if let Some(arrow) = arrow.and_then(|arrow| self.arrows.get_mut(arrow)) {
                arrow.marks.extend(Mark::of_rule(finding.rule.name, &arrow.marks));
            }
        }
    }

    /// Puts what the user wrote beside the arrows of its messages.
    pub fn add_comments(&mut self, comments: &BTreeMap<MessageIdx, String>) {
        for (message, text) in comments {
            let arrow = self.arrow_of(*message);
            if let Some(arrow) = arrow.and_then(|arrow| self.arrows.get_mut(arrow)) {
                let between = if arrow.comment.is_empty() { "" } else { "; " };
                arrow.comment.push_str(between);
                escape_into(text.as_bytes(), &mut arrow.comment);
            }
        }
    }

    /// Makes room for notes: what the texts of messages add to their labels, by their rows.
    pub fn make_room<S: BuildHasher>(&mut self, notes: &HashMap<MessageIdx, String, S>) {
        self.needs = self.needs(|row| notes.get(&row).map(String::as_str));
    }

    /// The arrow that shows this row, also if it is folded into an earlier one.
    pub fn arrow_of(&self, row: MessageIdx) -> Option<usize> {
        let found = self.arrow_of.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        self.arrow_of.get(found).map(|(_, arrow)| *arrow)
    }

    fn push(&mut self, mut arrow: Arrow) {
        arrow.follow(self.arrows.last().map(|previous| previous.time));
        self.arrows.push(arrow);
    }

    /// Whether both columns at this distance are ours.
    fn is_between_ours(&self, span: usize) -> bool {
        let is_ours = |column: usize| self.columns.get(column).is_some_and(|column| column.ours);
        is_ours(span) && is_ours(span + 1)
    }

    fn needs<'n>(&self, note_of: impl Fn(MessageIdx) -> Option<&'n str>) -> Needs {
        let spans = iter::repeat_n((0, 0), self.columns.len().saturating_sub(1));
        let mut needs = Needs { spans: spans.collect(), remark: 0 };
        for arrow in &self.arrows {
            let (left, right) = (arrow.from.min(arrow.to), arrow.from.max(arrow.to));
            let label = arrow.label_width(note_of(arrow.row));
            let is_plain = arrow.marks.is_empty() && arrow.comment.is_empty();
            let remark = if is_plain { 0 } else { canvas::width_of(&arrow.remark()) };
            needs.remark = remark.max(needs.remark);
            // No label needs the room between two of our columns, unless there is no other.
            let carriers = (left..right).filter(|span| !self.is_between_ours(*span)).count();
            let share = |cells: usize| cells.div_ceil(carriers.max(1));
            let joined = if remark > 0 { label + 1 + remark } else { label };
            for (span, (plain, with_remark)) in needs.spans.iter_mut().enumerate().take(right).skip(left) {
                if carriers > 0 && self.is_between_ours(span) {
                    continue;
                }
                *plain = share(label).max(*plain);
                *with_remark = share(joined).max(*with_remark);
            }
        }
        needs
    }
}

fn arrow(message: &RowRef<'_>, (from, to): (usize, usize), usual: &[u8], marks: Vec<Mark>) -> Arrow {
    let row = message.row;
    Arrow {
        row: message.index,
        from,
        to,
        label: label::of(message, usual),
        status: row.status,
        time: row.time,
        last_time: row.time,
        repeats: 1,
        since_previous: 0,
        gap: false,
        marks,
        leg: None,
        name_len: 0,
        comment: String::new(),
        passed_from: None,
        place: NotePlace::of(message, usual),
    }
}
