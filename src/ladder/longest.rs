//! The longest pause of a ladder: which one it is, and what another leg of the call did meanwhile.
//!
//! Must not know: how a pause is drawn.

use std::fmt::Write as _;

use crate::base::escape::escape;
use crate::calls::{Calls, LegIdx, LegRef, State};
use crate::store::Snapshot;

use super::{Ladder, time};

/// Which pause is the longest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Longest {
    /// The arrow after it, and whether there are shorter ones.
    arrow: Option<usize>,
    among_several: bool,
    /// What another leg shows: `1031: no answer, 4.9 s`; may be empty.
    cause: String,
}

impl Ladder {
    /// Finds the longest of the pauses.
    pub(super) fn find_longest(&mut self) {
        let gaps = || self.arrows.iter().enumerate().filter(|(_, arrow)| arrow.gap);
        // Of equal ones, the first.
        let longest = gaps().rev().max_by_key(|(_, arrow)| arrow.since_previous);
        let (arrow, among_several) = (longest.map(|(number, _)| number), gaps().nth(1).is_some());
        self.longest = Longest { arrow, among_several, cause: String::new() };
    }

    /// Says what a leg that is joined with the drawn ones, and not drawn itself, did during the longest pause: it ended, or rang.
    pub fn explain_longest(
        &mut self,
        snapshot: &Snapshot,
        calls: &Calls,
        drawn: impl FnOnce() -> Vec<LegIdx>,
    ) {
        let Some(arrow) = self.longest.arrow.and_then(|number| self.arrows.get(number)) else { return };
        // Most ladders have no pause.
        let drawn = drawn();
        let pause = (arrow.time - arrow.since_previous, arrow.time);
        let joins = calls.joins();
        let pairs = drawn.iter().flat_map(|leg| joins.pairs_of(*leg).map(move |pair| (pair, *leg)));
        let others = pairs.filter(|(pair, _)| pair.is_joined()).map(|(pair, leg)| pair.other(leg));
        let legs = others.filter(|leg| !drawn.contains(leg)).filter_map(|leg| calls.leg_ref(snapshot, leg));
        let best = legs.filter_map(|leg| cause(&leg, pause)).max_by_key(|(overlap, _)| *overlap);
        self.longest.cause = best.map(|(_, text)| text).unwrap_or_default();
    }

    /// The text of the pause before an arrow: `7.5 s`, `9.0 s ◀ longest (1031: no answer, 8.9 s)`.
    pub fn pause(&self, number: usize) -> String {
        let mut text =
            self.arrows.get(number).map(|arrow| time::pause(arrow.since_previous)).unwrap_or_default();
        if self.longest.arrow == Some(number) {
            text.push_str(if self.longest.among_several { " ◀ longest" } else { "" });
            if !self.longest.cause.is_empty() {
                // Writing to a String cannot fail.
                let _ = write!(text, " ({})", self.longest.cause);
            }
        }
        text
    }
}

/// What a leg did for most of a time, and for how much of it: `1031: no answer, 4.9 s`.
fn cause(leg: &LegRef<'_>, (from, to): (i64, i64)) -> Option<(i64, String)> {
    let is_within = |end: &i64| (from..=to).contains(end);
    let (begin, end, what) = match leg.answered() {
        Some(answered) => (answered - leg.rang()?, answered, "rang".to_owned()),
        None if leg.state() == State::NoAnswer => (leg.start(), leg.ended()?, "no answer".to_owned()),
        None => (leg.start(), leg.ended()?, leg.outcome()),
    };
    let overlap = end.min(to) - begin.max(from);
    let is_most = is_within(&end) && overlap * 2 > to - from;
    let party = escape(leg.party());
    let separator = if what == "rang" { " " } else { ", " };
    is_most.then(|| (overlap, format!("{party}: {what}{separator}{}", time::pause(end - begin))))
}
