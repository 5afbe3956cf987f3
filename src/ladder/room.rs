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
    /// The distances between lifelines.
    distances: Vec<Distance>,
    /// Cells of the line from the last lifeline on.
    after: i32,
    /// The same without the title.
    bare_after: i32,
}

/// How far two lifelines are from each other.
#[derive(Debug, Clone, Copy)]
struct Distance {
    /// Below it nothing can be read.
    tight: i32,
    /// All titles are whole.
    least: i32,
    /// Labels are whole.
    wanted: i32,
    /// Whether it may grow: not between two of our columns.
    grows: bool,
}

impl Distance {
    /// Between two columns whose titles need this room, with a label that needs this one.
    fn of(titles: i32, label: usize, grows: bool) -> Self {
        let least = titles.clamp(if grows { LEAST_SPAN } else { TIGHT_OURS }, MOST_SPAN);
        // With one blank between them instead of two, titles are whole.
        let tight = if grows { least.min(TIGHT_SPAN) } else { (least - 1).clamp(TIGHT_OURS, TIGHT_SPAN) };
        let label = if label == 0 { 0 } else { label as i32 + AROUND_LABEL + 1 };
        Self { tight, least, wanted: label.max(least), grows }
    }
}

/// Where the first lifeline is, how far the others are from each other, and whether all of them are on the line.
pub(super) struct Spans {
    pub(super) first: i32,
    pub(super) list: Vec<i32>,
    pub(super) most_left: i32,
}

impl Room {
    pub(super) fn of(ladder: &Ladder, needs: &Needs, remarks: Remarks) -> Self {
        let title = |at: usize| ladder.columns.get(at).map(|column| title_width(column) as i32);
        let left_half = |title: i32| title / 2;
        let right_half = |title: i32| title - title / 2;
        let distances = needs.spans.iter().enumerate().map(|(span, (plain, joined))| {
            let (left, right) = (title(span).unwrap_or_default(), title(span + 1).unwrap_or_default());
            let titles = right_half(left) + left_half(right) + 2;
            let label = if remarks == Remarks::Beside { *plain } else { *joined };
            Distance::of(titles, label, !ladder.is_between_ours(span))
        });
        let distances = distances.collect();
        let remark = needs.remark as i32;
        let bare_after = if remarks == Remarks::Beside && remark > 0 { BEFORE_REMARK + remark } else { 1 };
        let last = ladder.columns.len().checked_sub(1).and_then(title);
        let after = last.map_or(1, right_half).max(bare_after);
        let first = title(0).map_or(TIME, left_half).clamp(TIME, MOST_SPAN);
        Self { remarks, first, distances, after, bare_after }
    }

    /// For a screen: long labels get only their share of it.
    pub(super) fn capped(mut self) -> Self {
        for distance in &mut self.distances {
            distance.wanted = distance.wanted.min(MOST_FOR_LABELS.max(distance.least));
        }
        self
    }

    /// Distances with labels in full.
    pub(super) fn wanted(&self) -> impl ExactSizeIterator<Item = i32> {
        self.distances.iter().map(|distance| distance.wanted)
    }

    pub(super) fn total(&self, spans: impl Iterator<Item = i32>) -> i32 {
        self.first + spans.sum::<i32>() + self.after
    }

    /// The same with the last title moved to the left.
    fn bare_total(&self, spans: impl Iterator<Item = i32>) -> i32 {
        self.total(spans) - self.after + self.bare_after
    }

    /// The number of cells that is enough if labels are truncated a little.
    pub(super) fn least_total(&self) -> i32 {
        let least = self.bare_total(self.distances.iter().map(|distance| distance.least));
        least.max(self.bare_total(self.wanted()) - SMALL_CUT * self.distances.len() as i32)
    }

    /// The distances that use a line of `width` cells best: increased evenly if there is extra room; reduced, first at the cost
    /// of labels and then of titles, if everything then fits; and else to be scrolled.
    pub(super) fn spans(&self, width: i32) -> Spans {
        let fits = |list| Spans { first: self.first, list, most_left: 0 };
        let spare = width - self.total(self.wanted());
        if spare >= 0 {
            return fits(self.grown(spare));
        }
        let missing = (self.bare_total(self.wanted()) - width).max(0);
        if let Some(list) = cut(self.distances.iter().map(|it| (it.wanted, it.least)), missing) {
            return fits(list);
        }
        let moved = self.first - TIME;
        let tight = self.distances.iter().map(|it| (it.wanted, it.tight));
        if let Some(list) = cut(tight, (missing - moved).max(0)) {
            return Spans { first: TIME, list, most_left: 0 };
        }
        let list: Vec<i32> =
            self.distances.iter().map(|it| it.wanted.min(SCROLLED_SPAN).max(it.least)).collect();
        let most_left = (self.total(list.iter().copied()) - width).max(0);
        Spans { first: self.first, list, most_left }
    }

    fn grown(&self, spare: i32) -> Vec<i32> {
        let count = self.distances.iter().filter(|distance| distance.grows).count().max(1) as i32;
        let grown = |Distance { wanted, grows, .. }: &Distance| {
            if *grows { (wanted + spare / count).min(MOST_SPAN).max(*wanted) } else { *wanted }
        };
        self.distances.iter().map(grown).collect()
    }
}

/// Distances that are shorter than those wanted by `missing` in all, none shorter than its least; `None` if that is not possible.
fn cut(pairs: impl Iterator<Item = (i32, i32)> + Clone, missing: i32) -> Option<Vec<i32>> {
    let slack: i64 = pairs.clone().map(|(wanted, least)| i64::from(wanted - least)).sum();
    if slack < i64::from(missing) {
        return None;
    }
    let cut = |(wanted, least): (i32, i32)| {
        let product = i64::from(wanted - least) * i64::from(missing);
        wanted - (product + slack - 1).checked_div(slack).unwrap_or(0) as i32
    };
    Some(pairs.map(cut).collect())
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
            let pairs = wanted.iter().copied().zip(least.iter().copied());
            assert_eq!(cut(pairs, missing), cut_to, "{wanted:?} {missing}");
        }
    }
}
