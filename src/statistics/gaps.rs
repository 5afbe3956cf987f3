//! Where the trace is silent for long, and where bytes are missing.
//!
//! Must not know: filters, drawing.

use crate::store::{Flags, MessageIdx, RowRef};

/// A pause is listed from this length on, in microseconds.
const SILENCE: i64 = 10_000_000;
/// How many pauses are kept: the longest ones.
const MOST_SILENCES: usize = 20;
/// How many places with missing bytes are kept: the first ones.
const MOST_MISSING: usize = 200;

/// A pause between two messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The time of the message before it, in microseconds.
    pub from: i64,
    /// The time of the message after it.
    pub to: i64,
    /// The message after it.
    pub message: MessageIdx,
    /// Whether bytes of the input are missing there.
    pub is_missing: bool,
}

/// The gaps so far.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    last: Option<i64>,
    silences: Vec<Gap>,
    missing: Vec<Gap>,
}

impl Gaps {
    pub(super) fn add(&mut self, row: &RowRef<'_>) {
        let time = row.row.time;
        let from = self.last.unwrap_or(time);
        self.last = Some(from.max(time));
        let is_missing = row.row.flags.has(Flags::AFTER_GAP);
        let gap = Gap { from: from.min(time), to: time, message: row.index, is_missing };
        if is_missing {
            if self.missing.len() < MOST_MISSING {
                self.missing.push(gap);
            }
        } else if time - from >= SILENCE {
            self.silences.push(gap);
            if self.silences.len() > 2 * MOST_SILENCES {
                self.keep_longest();
            }
        }
    }

    fn keep_longest(&mut self) {
        self.silences.sort_by_key(|gap| std::cmp::Reverse(gap.to - gap.from));
        self.silences.truncate(MOST_SILENCES);
    }

    /// The longest pauses and the places with missing bytes, in the order of the trace.
    pub(super) fn sorted(&mut self) -> Vec<Gap> {
        self.keep_longest();
        let mut gaps: Vec<Gap> = self.silences.iter().chain(&self.missing).copied().collect();
        gaps.sort_by_key(|gap| gap.message);
        gaps
    }
}
