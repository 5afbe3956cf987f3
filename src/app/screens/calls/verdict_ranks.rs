//! The alphabetical ranks of all calls' verdicts, kept for one snapshot: sorting by them then makes no sentence.
//!
//! Must not know: what a verdict says, when the ranks are made, threads.

use crate::calls::{CallRef, Calls, LegIdx, LegRef};
use crate::ladder::Links;
use crate::store::Snapshot;

use super::ranks::Texts;

/// What the verdicts are compared by.
#[derive(Clone, Copy)]
pub struct Verdicts<'a> {
    /// The ranks of these calls' verdicts, where they are known.
    pub kept: Option<&'a VerdictRanks>,
    /// Makes their sentences where they are not, possibly many at once.
    pub make_texts: MakeTexts<'a>,
}

/// Makes the texts with the numbers below the first argument.
pub type MakeTexts<'a> = &'a dyn Fn(usize, &(dyn Fn(usize) -> String + Sync)) -> Vec<String>;

/// The rank of each call's verdict: four bytes for each leg.
#[derive(Debug)]
pub struct VerdictRanks {
    /// The snapshot of the calls that they are of.
    moment: u64,
    /// Legs that were joined and taken out by hand.
    links: Links,
    /// By the first leg of a call.
    ranks: Vec<u32>,
}

impl VerdictRanks {
    /// The ranks of the verdicts of these calls: the members are their legs, the groups say where each call is among them.
    pub(super) fn of(
        (calls, snapshot): (&Calls, &Snapshot),
        links: &Links,
        (members, groups): (&[LegIdx], &[(u32, u32)]),
        make_texts: MakeTexts<'_>,
    ) -> Self {
        let leg = |at: u32| calls.leg_ref(snapshot, *members.get(at as usize)?);
        let of_groups = verdicts(groups, leg, make_texts).ranks();
        let mut ranks = vec![0; calls.leg_count()];
        for ((at, _), rank) in groups.iter().zip(of_groups) {
            if let Some(slot) = members.get(*at as usize).and_then(|leg| ranks.get_mut(*leg as usize)) {
                *slot = rank;
            }
        }
        Self { moment: calls.moment(), links: links.clone(), ranks }
    }

    /// Whether they are of these calls, joined by hand in this way.
    pub(super) fn are_of(&self, calls: &Calls, links: &Links) -> bool {
        calls.moment() == self.moment && *links == self.links
    }

    /// The rank of the call with this first leg.
    pub(super) fn of_leg(&self, leg: LegIdx) -> u32 {
        self.ranks.get(leg as usize).copied().unwrap_or_default()
    }
}

/// The verdicts of calls; `leg` gives the leg at a position among the members.
pub(super) fn verdicts<'a>(
    groups: &[(u32, u32)],
    leg: impl Fn(u32) -> Option<LegRef<'a>> + Sync,
    make_texts: MakeTexts<'_>,
) -> Texts<String> {
    let verdict = |(at, len): (u32, u32)| match len {
        1 => leg(at).map(|leg| leg.verdict().text),
        _ => CallRef::of((at..at + len).filter_map(&leg).collect()).map(|call| call.verdict().text),
    };
    let texts = make_texts(groups.len(), &|at| verdict(groups[at]).unwrap_or_default());
    Texts::of(texts.into_iter())
}
