//! Joins the legs of a set: scores what may be a pair, assigns, learns from what is certain, and scores again.
//!
//! - `candidates`: the A legs that a B leg may belong to;
//! - `value`: the score of a pair, by itself and beside the other B legs of the A leg;
//! - `siblings`: the other B legs that count;
//! - `certainty`: by how much a pair that was assigned is better than everything else;
//! - `lessons`: what certain pairs teach.
//!
//! Must not know: which legs were decided when, messages.

mod candidates;
mod certainty;
mod lessons;
mod siblings;
mod value;

use std::borrow::Cow;

use hashbrown::HashMap;

use super::assign::{Assignment, Choice, Chooser};
use super::facts::Facts;
use super::found::Found;
use super::groups::Groups;
use super::index::Index;
use super::model::Model;
use super::score::{Scorer, are_compatible};
use super::traffic::Traffic;
use super::{dialed, met, transfer};
use candidates::Candidates;
use lessons::lessons;
use value::Scratch;

/// Odds from which a pair is offered.
const OFFERED: f32 = 0.0;
/// A score that is certain before anything was learned, and its lead over the next one.
const CERTAIN: f32 = 12.0;
const LEAD: f32 = 5.0;
/// A score with which no A leg needs to be looked at that neither the time nor a value speaks for.
const CONVINCING: f32 = 4.0;

/// What was found in a set of legs.
#[derive(Debug, Default)]
pub(super) struct Solution {
    pub(super) pairs: Vec<Found>,
    /// Pairs that are certain by themselves: positions of A and B.
    certain: Vec<(u32, u32)>,
    /// How many pairs were compared.
    pub(super) compared: usize,
    /// Positions of the B legs that were looked at, and how likely each has an A leg in the set, whichever it is.
    likely: Vec<(u32, f32)>,
}

/// The set, and what does not change while it is solved.
struct Solver<'a> {
    legs: &'a [Facts],
    traffic: Traffic,
    index: Index,
    /// B legs and the A legs that come into question.
    candidates: Vec<Candidates>,
    /// By A leg: its B legs so far, ascending.
    groups: Groups,
    /// Of B legs: A legs that were decided.
    fixed: &'a HashMap<u32, u32>,
    /// How many pairs were compared.
    compared: usize,
}

/// What a pass is for: only which legs go together, or also how certain that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pairs {
    None,
    All,
}

/// What is to be solved.
pub(super) struct Task<'a> {
    pub(super) model: &'a Model,
    pub(super) legs: &'a [Facts],
    /// Pairs that were decided before, from B to A.
    pub(super) fixed: &'a HashMap<u32, u32>,
    /// For which B legs an A leg is to be found.
    pub(super) wanted: &'a dyn Fn(&Facts) -> bool,
}

/// Finds the A legs of all B legs that are wanted.
pub(super) fn solve(task: &Task<'_>) -> Solution {
    let Task { model: base, legs, fixed, wanted } = *task;
    let mut solver = Solver {
        legs,
        traffic: Traffic::of(legs),
        index: Index::of(legs),
        candidates: Vec::new(),
        groups: Groups::default(),
        fixed,
        compared: 0,
    };
    solver.find_candidates(base.usual_start(), wanted);
    let mut model = Cow::Borrowed(base);
    let mut solution = Solution::default();
    let passes = if base.is_settled() { 2 } else { 5 };
    for pass in 0..passes {
        let is_last = base.is_settled() && pass + 1 == passes;
        let pairs = if is_last { Pairs::All } else { Pairs::None };
        solution = solver.pass(&model, CERTAIN - pass as f32, pairs);
        if !base.is_settled() {
            let mut learned = base.clone();
            solver.learn(&mut learned, &solution);
            model = Cow::Owned(learned);
            solver.forget_scores();
        }
    }
    if !base.is_settled() {
        solution = solver.pass(&model, CERTAIN, Pairs::All);
    }
    solution.compared = solver.compared;
    let scorer = Scorer { model: &model, traffic: &solver.traffic };
    transfer::add(&scorer, legs, &solver.index, &solver.groups, &mut solution.pairs);
    met::add(&scorer, legs, &solver.groups, &mut solution.pairs);
    dialed::add(&scorer, legs, fixed, &mut solution.pairs);
    solution
}

impl Solution {
    /// Teaches `model` what the certain pairs among these B legs say.
    pub(super) fn teach(&self, model: &mut Model, legs: &[Facts], decided: impl Fn(u32) -> bool) {
        let traffic = Traffic::default();
        let certain: Vec<_> = self.certain.iter().copied().filter(|&(_, b)| decided(b)).collect();
        let lessons = lessons(&Scorer { model, traffic: &traffic }, legs, &certain);
        model.learn(&lessons);
        let all = legs.iter().enumerate().filter(|(at, facts)| facts.is_b() && decided(*at as u32)).count();
        model.counted(self.likely(decided), all);
        model.settle();
    }

    /// How many of these B legs have an A leg in the set.
    fn likely(&self, of: impl Fn(u32) -> bool) -> f32 {
        self.likely.iter().filter(|(b, _)| of(*b)).map(|(_, likely)| likely).sum()
    }
}

impl Solver<'_> {
    /// Scores and assigns once, beside the B legs that each A leg had in the pass before.
    fn pass(&mut self, model: &Model, certain: f32, pairs: Pairs) -> Solution {
        let odds = model.odds();
        let (mut solution, mut scratch) = (Solution::default(), Scratch::default());
        let mut choosers: Vec<Chooser> = self.fixed.iter().map(|(&b, &a)| decided(a, b)).collect();
        let mut candidates = std::mem::take(&mut self.candidates);
        for each in &mut candidates {
            let mut choices = self.choices(model, each, &mut scratch);
            if !each.is_all && choices.first().is_none_or(|best| best.value < CONVINCING) {
                self.add_all(each);
                choices = self.choices(model, each, &mut scratch);
            }
            let lead = choices.get(1).map_or(f32::INFINITY, |second| choices[0].value - second.value);
            if let Some(best) = choices.first().filter(|best| best.value > certain && lead > LEAD) {
                solution.certain.push((best.a, each.b));
            }
            let best = choices.first().map_or(f32::NEG_INFINITY, |best| best.value + odds);
            solution.likely.push((each.b, f32::from(u8::from(best > OFFERED))));
            for choice in &mut choices {
                choice.value += odds;
            }
            choosers.push(Chooser { b: each.b, choices, is_fixed: false });
        }
        self.candidates = candidates;
        choosers.sort_by_key(|chooser| chooser.b);
        self.assign(model, &choosers, pairs, &mut solution);
        solution
    }

    fn assign(&mut self, model: &Model, choosers: &[Chooser], pairs: Pairs, solution: &mut Solution) {
        let (legs, mut scratch) = (self.legs, Scratch::default());
        let together = |x: &Chooser, y: &Chooser| are_compatible(&legs[x.b as usize], &legs[y.b as usize]);
        let mut assignment = Assignment::best(choosers, together);
        let wanted = if pairs == Pairs::All { choosers } else { &[] };
        for (index, chooser) in wanted.iter().enumerate().filter(|(_, chooser)| !chooser.is_fixed) {
            let Some(choice) = assignment.choice(index) else { continue };
            let margin = assignment.margin(index).min(choice.value);
            let odds = if margin > OFFERED {
                margin.min(self.own(model, choice, chooser, &mut scratch))
            } else {
                margin
            };
            if odds > OFFERED {
                let items = self.findings(model, choice.a, chooser.b, &mut scratch).items.clone();
                solution.pairs.push(Found { a: choice.a, b: chooser.b, odds, proved: None, items });
            }
        }
        self.rely_on_siblings(model, choosers, &mut solution.pairs);
        let a_leg = |(at, chooser): (usize, &Chooser)| {
            let fixed = chooser.choices.first().filter(|_| chooser.is_fixed).copied();
            Some((fixed.or_else(|| assignment.choice(at))?.a, chooser.b))
        };
        let pairs: Vec<_> = choosers.iter().enumerate().filter_map(a_leg).collect();
        self.groups = Groups::of(legs.len(), &pairs);
    }
}

fn decided(a: u32, b: u32) -> Chooser {
    Chooser { b, choices: vec![Choice { a, value: CERTAIN }], is_fixed: true }
}
