//! How far the columns of a ladder are from each other: as much as titles and labels need, or as there is room for.
//!
//! Must not know: where on a line a column is, drawing.

use super::titles::title_width;
use super::{Ladder, Needs};

/// Cells of the time column and the blank after it.
pub(super) const TIME: i32 = 16;
/// Cells of a shaft around its label: a blank on either side, the shaft's ends, the head.
pub(super) const AROUND_LABEL: i32 = 5;
/// The distance of lifelines from which on labels are shortened before titles are.
const LEAST_SPAN: i32 = 18;
/// The least distance of lifelines: labels and titles are shortened before a column is lost.
const TIGHT_SPAN: i32 = 11;
/// The distance up to which labels are whole in a ladder that is scrolled.
const SCROLLED_SPAN: i32 = 24;
/// The least distance between two of our columns: no arrow is there.
const TIGHT_OURS: i32 = 8;
/// A longer label does not increase the distance of lifelines; it is truncated instead.
const MOST_FOR_LABELS: i32 = 42;
/// If there is extra room, the distance of lifelines grows up to this.
const MOST_SPAN: i32 = 46;
/// Labels are truncated by up to this many cells to leave room for remarks.
const SMALL_CUT: i32 = 6;
/// Cells between the last lifeline and the remarks.
pub(super) const BEFORE_REMARK: i32 = 3;

/// The position of remarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remarks {
    /// Right of the last lifeline.
    Beside,
    /// After the label, if the line is too short.
    Within,
}

/// How much room the columns need.
pub(super) struct Room {
    pub(super) remarks: Remarks,
    /// The first lifeline's cell.
    pub(super) first: i32,
    /// Distances below which nothing can be read.
    tight: Vec<i32>,
    /// Distances at which all titles are whole.
    least: Vec<i32>,
    /// Distances between lifelines with labels in full.
    pub(super) wanted: Vec<i32>,
    /// Whether a distance may grow: not between two of our columns.
    grows: Vec<bool>,
    /// Cells of the line from the last lifeline on.
    after: i32,
    /// The same without the title.
    bare_after: i32,
}

/// Where the first lifeline is, how far the others are from each other, and whether all of them are on the line.
pub(super) struct Spans {
    pub(super) first: i32,
    pub(super) list: Vec<i32>,
    pub(super) most_left: i32,
}

impl Room {
    pub(super) fn of(ladder: &Ladder, needs: &Needs, remarks: Remarks) -> Self {
        let titles: Vec<i32> = ladder.columns.iter().map(|column| title_width(column) as i32).collect();
        let left_half = |title: &i32| title / 2;
        let right_half = |title: &i32| title - title / 2;
        let grows: Vec<bool> =
            (0..titles.len().saturating_sub(1)).map(|span| !ladder.is_between_ours(span)).collect();
        let pairs = titles.iter().zip(titles.iter().skip(1));
        let pairs = pairs.map(|(a, b)| right_half(a) + left_half(b) + 2).zip(&grows);
        let least: Vec<i32> = pairs
            .map(|(titles, grows)| titles.clamp(if *grows { LEAST_SPAN } else { TIGHT_OURS }, MOST_SPAN))
            .collect();
        let tight = least.iter().zip(&grows);
        let tight =
            tight.map(|(least, grows)| (*least).min(if *grows { TIGHT_SPAN } else { TIGHT_OURS })).collect();
        let labels = needs.spans.iter().map(|(plain, joined)| match remarks {
            Remarks::Beside => *plain,
            Remarks::Within => *joined,
        });
        let labels = labels.map(|label| if label == 0 { 0 } else { label as i32 + AROUND_LABEL + 1 });
        let wanted = least.iter().zip(labels).map(|(least, label)| label.max(*least)).collect();
        let remark = needs.remark as i32;
        let bare_after = if remarks == Remarks::Beside && remark > 0 { BEFORE_REMARK + remark } else { 1 };
        let after = titles.last().map_or(1, right_half).max(bare_after);
        let first = titles.first().map_or(TIME, left_half).clamp(TIME, MOST_SPAN);
        Self { remarks, first, tight, least, wanted, grows, after, bare_after }
    }

    /// For a screen: long labels get only their share of it.
    pub(super) fn capped(mut self) -> Self {
        for (wanted, least) in self.wanted.iter_mut().zip(&self.least) {
            *wanted = (*wanted).min(MOST_FOR_LABELS.max(*least));
        }
        self
    }

    pub(super) fn total(&self, spans: &[i32]) -> i32 {
        self.first + spans.iter().sum::<i32>() + self.after
    }

    /// The same with the last title moved to the left.
    fn bare_total(&self, spans: &[i32]) -> i32 {
        self.total(spans) - self.after + self.bare_after
    }

    /// The number of cells that is enough if labels are truncated a little.
    pub(super) fn least_total(&self) -> i32 {
        self.bare_total(&self.least).max(self.bare_total(&self.wanted) - SMALL_CUT * self.wanted.len() as i32)
    }

    /// The distances that use a line of `width` cells best: increased evenly if there is extra room; reduced, first at the cost
    /// of labels and then of titles, if everything then fits; and else to be scrolled.
    pub(super) fn spans(&self, width: i32) -> Spans {
        let fits = |list| Spans { first: self.first, list, most_left: 0 };
        let spare = width - self.total(&self.wanted);
        if spare >= 0 {
            return fits(self.grown(spare));
        }
        let missing = (self.bare_total(&self.wanted) - width).max(0);
        if let Some(list) = cut(&self.wanted, &self.least, missing) {
            return fits(list);
        }
        let moved = self.first - TIME;
        if let Some(list) = cut(&self.wanted, &self.tight, (missing - moved).max(0)) {
            return Spans { first: TIME, list, most_left: 0 };
        }
        let pairs = self.wanted.iter().zip(&self.least);
        let list: Vec<i32> = pairs.map(|(wanted, least)| (*wanted).min(SCROLLED_SPAN).max(*least)).collect();
        let most_left = (self.total(&list) - width).max(0);
        Spans { first: self.first, list, most_left }
    }

    fn grown(&self, spare: i32) -> Vec<i32> {
        let count = self.grows.iter().filter(|grows| **grows).count().max(1) as i32;
        let pairs = self.wanted.iter().zip(&self.grows);
        pairs
            .map(
                |(span, grows)| if *grows { (span + spare / count).min(MOST_SPAN).max(*span) } else { *span },
            )
            .collect()
    }
}

/// Distances that are shorter by `missing` in all, none shorter than its `least`; `None` if that is not possible.
fn cut(wanted: &[i32], least: &[i32], missing: i32) -> Option<Vec<i32>> {
    let pairs = || wanted.iter().zip(least);
    let slack: i64 = pairs().map(|(wanted, least)| i64::from(wanted - least)).sum();
    if slack < i64::from(missing) {
        return None;
    }
    let cut = |(wanted, least): (&i32, &i32)| {
        let product = i64::from(wanted - least) * i64::from(missing);
        wanted - (product + slack - 1).checked_div(slack).unwrap_or(0) as i32
    };
    Some(pairs().map(cut).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_cut_in_proportion_and_never_below_their_least() {
        for (wanted, least, missing, cut_to) in [
            (&[40, 20][..], &[20, 10][..], 15, Some(vec![30, 15])),
            (&[40, 20], &[20, 10], 30, Some(vec![20, 10])),
            (&[40, 20], &[20, 10], 31, None),
            (&[20], &[20], 0, Some(vec![20])),
            (&[], &[], 0, Some(vec![])),
        ] {
            assert_eq!(cut(wanted, least, missing), cut_to, "{wanted:?} {missing}");
        }
    }
}
