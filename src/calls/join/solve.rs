//! Joins the legs of a set: scores what may be a pair, assigns, learns from what is certain, and scores again.
//!
//! Must not know: which legs were decided when, messages.

use std::borrow::Cow;

use hashbrown::{HashMap, HashSet};

use super::assign::{Assignment, Choice, Chooser};
use super::facts::Facts;
use super::found::Found;
use super::index::{Index, RECENT, near};
use super::model::{Lesson, Model};
use super::score::{Candidate, Scorer, are_compatible, is_possible};
use super::signal::{Findings, Item, Signal};
use super::traffic::Traffic;
use super::transfer;

/// Odds from which a pair is joined. Below it is offered.
pub(super) const JOINED: f32 = 2.7;
/// Odds from which a pair is offered.
const OFFERED: f32 = 0.0;
/// A score that is certain before anything was learned, and its lead over the next one.
const CERTAIN: f32 = 12.0;
const LEAD: f32 = 5.0;
/// What speaks against a B leg that follows from no other leg of its A leg, although A has an earlier one: there is hardly a
/// cause for it.
const UNCAUSED: f32 = -4.0;
/// How much a number still says that several A legs have which may be B's: as many more would have to be without it.
const FREQUENT: f32 = 4.0;
/// A score with which no A leg needs to be looked at that neither the time nor a value speaks for.
const CONVINCING: f32 = 4.0;
/// Candidates of a leg that are kept.
const MOST_CHOICES: usize = 8;
/// Scores below this are none.
const LEAST: f32 = -8.0;

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
    groups: HashMap<u32, Vec<u32>>,
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

/// The A legs that a B leg may belong to.
#[derive(Debug)]
struct Candidates {
    b: u32,
    suitors: Vec<Suitor>,
    /// Whether all are there, and not only those for which the time or a value speaks.
    is_all: bool,
}

/// An A leg that a B leg may belong to.
#[derive(Debug, Clone, Copy)]
struct Suitor {
    a: u32,
    /// The score of the pair by itself, as long as nothing new is learned; `None` before it was asked for.
    alone: Option<f32>,
}

/// The findings of a pair, kept to be filled again: alone, and beside the other legs of its call.
#[derive(Debug, Default)]
struct Scratch {
    alone: Findings,
    beside: Findings,
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
        groups: HashMap::new(),
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
    solution
}

impl Solution {
    /// Teaches `model` what the certain pairs among these B legs say.
    pub(super) fn teach(&self, model: &mut Model, legs: &[Facts], decided: impl Fn(u32) -> bool) {
        let traffic = Traffic::default();
        let certain: Vec<_> = self.certain.iter().copied().filter(|&(_, b)| decided(b)).collect();
        let groups = grouped(certain.iter().copied());
        let lessons = lessons(&Scorer { model, traffic: &traffic }, legs, &certain, &groups);
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

fn grouped(pairs: impl Iterator<Item = (u32, u32)>) -> HashMap<u32, Vec<u32>> {
    let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
    pairs.for_each(|(a, b)| groups.entry(a).or_default().push(b));
    groups
}

/// What certain pairs teach.
fn lessons(
    scorer: &Scorer<'_>,
    legs: &[Facts],
    certain: &[(u32, u32)],
    groups: &HashMap<u32, Vec<u32>>,
) -> Vec<Lesson> {
    let (mut found, mut lessons) = (Findings::default(), Vec::new());
    for &(a, b) in certain {
        let (a_facts, b_facts) = (&legs[a as usize], &legs[b as usize]);
        let others = groups.get(&a).map(Vec::as_slice).unwrap_or_default();
        let siblings = siblings(legs, others, b);
        let pair = Candidate { a: a_facts, b: b_facts, siblings: &siblings };
        if !scorer.score(&pair, &mut found) {
            continue;
        }
        for item in &found.items {
            if item.signal.is_latency() && item.value != 0 {
                lessons.push(Lesson::Passed(item.signal, item.value as i64));
            } else if item.signal.is_agreement() {
                let route = (a_facts.source, b_facts.source);
                lessons.push(Lesson::Shared(item.signal, route, item.value != 0));
            }
        }
    }
    lessons
}

/// The other B legs from which B's beginning or end may follow: those of the same caller, of many the nearest ones. `group` is
/// ascending.
fn siblings<'a>(legs: &'a [Facts], group: &[u32], b: u32) -> Vec<&'a Facts> {
    let me = &legs[b as usize];
    let others = near(group, b).iter().filter(|&&other| other != b).map(|&other| &legs[other as usize]);
    others
        .filter(|other| {
            is_same_caller(other, me) && (other.start <= me.start || other.times.answered < i64::MAX)
        })
        .collect()
}

fn is_same_caller(one: &Facts, other: &Facts) -> bool {
    one.callers.as_slice().first() == other.callers.as_slice().first() && one.display == other.display
}

impl Solver<'_> {
    /// Collects the A legs for which a shared value speaks, or that began within `usual` microseconds.
    fn find_candidates(&mut self, usual: i64, wanted: &dyn Fn(&Facts) -> bool) {
        let mut found = Vec::new();
        // Others of the same caller may be of one fork or hunt with them.
        let caller = |b: &Facts| (b.callers.as_slice().first().copied(), b.display);
        let callers: HashSet<_> = self.legs.iter().filter(|b| b.is_b() && wanted(b)).map(caller).collect();
        for (position, facts) in self.legs.iter().enumerate().filter(|(_, facts)| facts.is_b()) {
            let b = position as u32;
            if let Some(&a) = self.fixed.get(&b) {
                self.groups.entry(a).or_default().push(b);
                continue;
            }
            if !callers.contains(&caller(facts)) {
                continue;
            }
            found.clear();
            self.index.latest(facts, usual, &mut found);
            self.index.sharing(facts, b, &mut found);
            let suitors = self.suitors(facts, &mut found).collect();
            self.candidates.push(Candidates { b, suitors, is_all: usual >= RECENT });
        }
    }

    fn suitors<'s>(&'s self, b: &'s Facts, found: &'s mut Vec<u32>) -> impl Iterator<Item = Suitor> + 's {
        found.sort_unstable();
        found.dedup();
        let possible = found.iter().filter(|&&a| is_possible(&self.legs[a as usize], b));
        possible.map(|&a| Suitor { a, alone: None })
    }

    /// Adds the newest A legs, whatever they have in common: for a B leg without a convincing candidate.
    fn add_all(&self, candidates: &mut Candidates) {
        let (facts, mut found) = (&self.legs[candidates.b as usize], Vec::new());
        self.index.latest(facts, RECENT, &mut found);
        let suitors = self.suitors(facts, &mut found);
        let is_known = |suitor: &Suitor| candidates.suitors.iter().any(|known| known.a == suitor.a);
        let more: Vec<_> = suitors.filter(|suitor| !is_known(suitor)).collect();
        candidates.suitors.extend(more);
        candidates.is_all = true;
    }

    /// Scores are those of a model.
    fn forget_scores(&mut self) {
        let suitors = self.candidates.iter_mut().flat_map(|candidates| &mut candidates.suitors);
        suitors.for_each(|suitor| suitor.alone = None);
    }

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
        let fixed = self.fixed.iter().map(|(&b, &a)| (a, b));
        let taken = (0..choosers.len()).filter_map(|n| Some((assignment.choice(n)?.a, choosers[n].b)));
        self.groups = grouped(fixed.chain(taken.filter(|(_, b)| !self.fixed.contains_key(b))));
        self.groups.values_mut().for_each(|group| group.sort_unstable());
    }

    fn choices(&mut self, model: &Model, candidates: &mut Candidates, scratch: &mut Scratch) -> Vec<Choice> {
        let (mut choices, b): (Vec<Choice>, u32) = (Vec::new(), candidates.b);
        for Suitor { a, alone } in &mut candidates.suitors {
            self.compared += usize::from(alone.is_none());
            let alone = *alone.get_or_insert_with(|| self.alone(model, *a, b, &mut scratch.alone));
            let value = self.value(model, (*a, b), alone, &mut scratch.beside);
            if value > LEAST {
                choices.push(Choice { a: *a, value });
            }
        }
        choices.sort_unstable_by(|x, y| y.value.total_cmp(&x.value).then(x.a.cmp(&y.a)));
        choices.truncate(MOST_CHOICES);
        choices
    }

    /// The score of a pair by itself; negative infinity where it is impossible.
    fn alone(&self, model: &Model, a: u32, b: u32, found: &mut Findings) -> f32 {
        let scorer = Scorer { model, traffic: &self.traffic };
        let pair = Candidate { a: &self.legs[a as usize], b: &self.legs[b as usize], siblings: &[] };
        if scorer.score(&pair, found) { found.score } else { f32::NEG_INFINITY }
    }

    /// The score of a pair: by itself or beside the A leg's other B legs, whichever is higher.
    fn value(&self, model: &Model, (a, b): (u32, u32), alone: f32, found: &mut Findings) -> f32 {
        if alone == f32::NEG_INFINITY {
            return alone;
        }
        let group = self.groups.get(&a).map(Vec::as_slice).unwrap_or_default();
        self.beside_or_alone(model, (a, b), alone, group, found)
    }

    fn beside_or_alone(
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
    fn findings<'s>(&self, model: &Model, a: u32, b: u32, scratch: &'s mut Scratch) -> &'s Findings {
        let Scratch { alone, beside } = scratch;
        let group = self.groups.get(&a).map(Vec::as_slice).unwrap_or_default();
        self.alone(model, a, b, alone);
        let uncaused = self.uncaused(group, b);
        if uncaused != 0.0 {
            alone.add(Signal::Against, uncaused, 0);
        }
        if self.beside(model, (a, b), group, beside) && beside.score > alone.score { beside } else { alone }
    }

    /// A leg of a fork or a hunt may belong to another A leg together with the B legs before it: it is as certain as these, and
    /// by what it has in common with its A leg alone. Pairs are in the order of their B legs' beginnings.
    fn rely_on_siblings(&self, model: &Model, choosers: &[Chooser], pairs: &mut Vec<Found>) {
        let mut known: HashMap<u32, f32> = self.fixed.values().map(|&a| (a, CERTAIN)).collect();
        let mut scratch = Scratch::default();
        for pair in pairs.iter_mut() {
            let group = self.groups.get(&pair.a).map(Vec::as_slice).unwrap_or_default();
            if group.first().is_some_and(|&first| first < pair.b) {
                let before = known.get(&pair.a).copied().unwrap_or(OFFERED);
                pair.odds =
                    pair.odds.min(before + self.lead_beside(model, choosers, pair, group, &mut scratch));
            }
            let best = known.entry(pair.a).or_insert(f32::NEG_INFINITY);
            *best = best.max(pair.odds);
        }
        pairs.retain(|pair| pair.odds > OFFERED);
    }

    /// By how much a pair fits better than the same B leg and its siblings would with another A leg.
    fn lead_beside(
        &self,
        model: &Model,
        choosers: &[Chooser],
        pair: &Found,
        group: &[u32],
        scratch: &mut Scratch,
    ) -> f32 {
        let Ok(at) = choosers.binary_search_by_key(&pair.b, |chooser| chooser.b) else {
            return f32::INFINITY;
        };
        let mut value = |a: u32| {
            let alone = self.alone(model, a, pair.b, &mut scratch.alone);
            self.beside_or_alone(model, (a, pair.b), alone, group, &mut scratch.beside)
        };
        let own = value(pair.a);
        let rivals = choosers[at].choices.iter().filter(|rival| rival.a != pair.a);
        rivals.map(|rival| own - value(rival.a)).fold(f32::INFINITY, f32::min)
    }

    /// Odds that the two belong together if the A leg of B may as well be missing in the trace: what another A leg has in common
    /// with B, too, says nothing, and in a burst the time says less.
    fn own(&self, model: &Model, choice: Choice, chooser: &Chooser, scratch: &mut Scratch) -> f32 {
        let (a, b) = (choice.a, chooser.b);
        let items = self.findings(model, a, b, scratch).items.clone();
        let mut odds = choice.value - model.odds() + model.all_odds();
        let pair = Candidate { a: &self.legs[a as usize], b: &self.legs[b as usize], siblings: &[] };
        let scorer = Scorer { model, traffic: &self.traffic };
        let mut shared = 0.0;
        for item in items.iter().filter(|item| item.weight > 0.0) {
            odds -= scorer.burst(&pair, item).clamp(0.0, item.weight);
            shared += if item.signal.is_identity() { item.weight } else { 0.0 };
        }
        if odds - shared > CERTAIN {
            return odds - shared;
        }
        let rivals = chooser.choices.iter().filter(|rival| rival.a != a);
        let mut sharing = vec![0_u8; items.len()];
        for rival in rivals {
            let theirs = &self.findings(model, rival.a, b, scratch).items;
            for (count, item) in sharing.iter_mut().zip(&items) {
                let is_shared = |other: &Item| (other.signal, other.value) == (item.signal, item.value);
                *count +=
                    u8::from(item.signal.is_identity() && item.value != 0 && theirs.iter().any(is_shared));
            }
        }
        for (item, &count) in items.iter().zip(&sharing).filter(|(_, count)| **count > 0) {
            let kept = (1.0 + FREQUENT / f32::from(count)).ln();
            odds -= (item.weight - kept).max(0.0);
        }
        odds
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
        let (a, b_facts) = (&self.legs[a as usize], &self.legs[b as usize]);
        let mut siblings = siblings(self.legs, group, b);
        // One that cannot share the A leg with B would have to leave it.
        siblings.retain(|other| are_compatible(other, b_facts));
        let scorer = Scorer { model, traffic: &self.traffic };
        !siblings.is_empty() && scorer.score(&Candidate { a, b: b_facts, siblings: &siblings }, found)
    }

    fn learn(&self, model: &mut Model, solution: &Solution) {
        let scorer = Scorer { model, traffic: &self.traffic };
        let certain = &solution.certain;
        let lessons = lessons(&scorer, self.legs, certain, &grouped(certain.iter().copied()));
        model.learn(&lessons);
        model.counted(solution.likely(|_| true), self.candidates.len());
        model.settle();
    }
}

fn decided(a: u32, b: u32) -> Chooser {
    Chooser { b, choices: vec![Choice { a, value: CERTAIN }], is_fixed: true }
}

impl Signal {
    /// Whether its value is a time that is learned.
    const fn is_latency(self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Trying
                | Self::Late
                | Self::Fork
                | Self::Retry
                | Self::Ringing
                | Self::Answer
                | Self::Failure
                | Self::Cancel
                | Self::Elsewhere
                | Self::Bye
        )
    }

    /// Whether legs have it or not, which differs from host to host.
    const fn is_agreement(self) -> bool {
        matches!(
            self,
            Self::Caller
                | Self::Callee
                | Self::Told
                | Self::Order
                | Self::Hops
                | Self::Session
                | Self::Extension
                | Self::Part
        )
    }
}
