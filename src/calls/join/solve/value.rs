//! The score of a pair: by itself, and beside the other B legs that its A leg had in the pass before.
//!
//! Must not know: which pairs are assigned.

use super::Solver;
use super::candidates::{Candidates, Suitor};
use super::siblings::siblings;
use crate::calls::join::assign::Choice;
use crate::calls::join::model::Model;
use crate::calls::join::score::{Candidate, Scorer, are_compatible};
use crate::calls::join::signal::{Findings, Signal};

/// What speaks against a B leg that follows from no other leg of its A leg, although A has an earlier one: there is hardly a
/// cause for it.
const UNCAUSED: f32 = -4.0;
/// Candidates of a leg that are kept.
const MOST_CHOICES: usize = 8;
/// Scores below this are none.
const LEAST: f32 = -8.0;

/// The findings of a pair, kept to be filled again.
#[derive(Debug)]
pub(super) struct Scratch {
    alone: Findings,
    /// Beside the other legs of its call.
    beside: Findings,
    /// Where only the score is asked for.
    pub(super) sum: Findings,
    choices: Vec<Choice>,
}

impl Default for Scratch {
    fn default() -> Self {
        let (alone, beside) = (Findings::default(), Findings::default());
        Self { alone, beside, sum: Findings::only_score(), choices: Vec::new() }
    }
}

impl Solver<'_> {
    pub(super) fn choices(
        &mut self,
        model: &Model,
        candidates: &mut Candidates,
        scratch: &mut Scratch,
    ) -> Vec<Choice> {
        let Scratch { choices, sum, .. } = scratch;
        let b = candidates.b;
        choices.clear();
        for Suitor { a, alone } in &mut candidates.suitors {
            self.compared += usize::from(alone.is_none());
            let alone = *alone.get_or_insert_with(|| self.alone(model, *a, b, sum));
            let value = self.value(model, (*a, b), alone, sum);
            if value > LEAST {
                choices.push(Choice { a: *a, value });
            }
        }
        choices.sort_unstable_by(|x, y| y.value.total_cmp(&x.value).then(x.a.cmp(&y.a)));
        choices[..choices.len().min(MOST_CHOICES)].to_vec()
    }

    /// The score of a pair by itself; negative infinity where it is impossible.
    pub(super) fn alone(&self, model: &Model, a: u32, b: u32, found: &mut Findings) -> f32 {
        let scorer = Scorer { model, traffic: &self.traffic };
        let pair = Candidate { a: &self.legs[a as usize], b: &self.legs[b as usize], siblings: &[] };
        if scorer.score(&pair, found) { found.score } else { f32::NEG_INFINITY }
    }

    /// The score of a pair: by itself or beside the A leg's other B legs, whichever is higher.
    fn value(&self, model: &Model, (a, b): (u32, u32), alone: f32, found: &mut Findings) -> f32 {
        if alone == f32::NEG_INFINITY {
            return alone;
        }
        let group = self.groups.get(a);
        self.beside_or_alone(model, (a, b), alone, group, found)
    }

    pub(super) fn beside_or_alone(
        &self,
        model: &Model,
        (a, b): (u32, u32),
        alone: f32,
        group: &[u32],
        found: &mut Findings,
    ) -> f32 {
        let alone = alone + self.uncaused(group, b);
        if self.beside(model, (a, b), group, found) { found.score.max(alone) } else { alone }
    }

    /// All evidence of a possible pair, of the kind that [`Solver::value`] is of.
    pub(super) fn findings<'s>(
        &self,
        model: &Model,
        a: u32,
        b: u32,
        scratch: &'s mut Scratch,
    ) -> &'s Findings {
        let Scratch { alone, beside, .. } = scratch;
        let group = self.groups.get(a);
        self.alone(model, a, b, alone);
        let uncaused = self.uncaused(group, b);
        if uncaused != 0.0 {
            alone.add(Signal::Against, uncaused, 0);
        }
        if self.beside(model, (a, b), group, beside) && beside.score > alone.score { beside } else { alone }
    }

    /// What speaks against B where its beginning is explained by no other leg of the call, although there are earlier ones.
    fn uncaused(&self, group: &[u32], b: u32) -> f32 {
        let start = self.legs[b as usize].start;
        // The legs are in the order of their beginnings.
        let is_later = group.first().is_some_and(|&first| self.legs[first as usize].start < start);
        if is_later { UNCAUSED } else { 0.0 }
    }

    /// Scores a pair beside the A leg's other B legs; `false` where there are none that B may follow from.
    fn beside(&self, model: &Model, (a, b): (u32, u32), group: &[u32], found: &mut Findings) -> bool {
        if group.is_empty() || group == [b] {
            return false;
        }
        let (a, b_facts) = (&self.legs[a as usize], &self.legs[b as usize]);
        let mut siblings = siblings(self.legs, group, b);
        // One that cannot share the A leg with B would have to leave it.
        siblings.retain(|other| are_compatible(other, b_facts));
        let scorer = Scorer { model, traffic: &self.traffic };
        !siblings.is_empty() && scorer.score(&Candidate { a, b: b_facts, siblings: &siblings }, found)
    }
}
