//! Which B leg goes to which A leg, so that all together fit best; and by how much each would fit worse elsewhere.
//!
//! Begins with the best of all, then moves one leg after another where that makes the whole better. A leg that stands in the
//! way is moved on, up to some steps: an augmenting path. What is left when a leg is forced away from its place is its margin.
//!
//! Must not know: how scores come about.

use std::collections::BTreeSet;

use super::index::NEAR;

/// A place for a B leg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    /// Position of the A leg.
    pub(super) a: u32,
    /// Odds for it, against belonging to none.
    pub(super) value: f32,
}

/// What a B leg may choose from.
#[derive(Debug, Clone, Default)]
pub(super) struct Chooser {
    /// Position of the B leg.
    pub(super) b: u32,
    pub(super) choices: Vec<Choice>,
    /// It was decided before: the first choice stays.
    pub(super) is_fixed: bool,
}

/// The cost of another B leg of the same A leg.
const CROWD: f32 = 1.0;
/// How many legs are moved on for one.
const STEPS: u8 = 3;
/// Moves that make a whole better are repeated so often at most.
const ROUNDS: usize = 6;

/// The assignment of all B legs.
pub(super) struct Assignment<'a, F> {
    choosers: &'a [Chooser],
    /// Whether two choosers can have the same A leg.
    are_compatible: F,
    /// The choice of each.
    taken: Vec<Option<u32>>,
    /// By A leg: who has it.
    groups: Vec<Group>,
    /// What was changed, to be taken back.
    log: Vec<(u32, Option<u32>)>,
}

/// Who has an A leg: mostly one.
enum Group {
    None,
    One(u32),
    Many(BTreeSet<u32>),
}

impl Group {
    fn is_empty(&self) -> bool {
        match self {
            Self::None => true,
            Self::One(_) => false,
            Self::Many(all) => all.is_empty(),
        }
    }

    fn insert(&mut self, chooser: u32) {
        match self {
            Self::None => *self = Self::One(chooser),
            Self::One(one) => *self = Self::Many(BTreeSet::from([*one, chooser])),
            Self::Many(all) => drop(all.insert(chooser)),
        }
    }

    fn remove(&mut self, chooser: u32) {
        match self {
            Self::One(one) if *one == chooser => *self = Self::None,
            Self::Many(all) => drop(all.remove(&chooser)),
            _ => {}
        }
    }

    /// The others; of many the nearest ones.
    fn near(&self, chooser: u32) -> impl Iterator<Item = u32> {
        let (one, many) = match self {
            Self::None => (None, None),
            Self::One(one) => (Some(*one), None),
            Self::Many(all) => (None, Some(all)),
        };
        let around = |all: &'_ BTreeSet<u32>| {
            all.range(..chooser)
                .rev()
                .take(NEAR)
                .chain(all.range(chooser + 1..).take(NEAR))
                .copied()
                .collect::<Vec<_>>()
        };
        one.into_iter().filter(move |&one| one != chooser).chain(many.map(around).unwrap_or_default())
    }
}

impl<'a, F: Fn(&Chooser, &Chooser) -> bool> Assignment<'a, F> {
    /// The best assignment that was found.
    pub(super) fn best(choosers: &'a [Chooser], are_compatible: F) -> Self {
        let taken = vec![None; choosers.len()];
        let a_legs = choosers.iter().flat_map(|chooser| &chooser.choices).map(|choice| choice.a as usize + 1);
        let groups = (0..a_legs.max().unwrap_or(0)).map(|_| Group::None).collect();
        let mut assignment = Self { choosers, are_compatible, taken, groups, log: Vec::new() };
        assignment.greedy();
        for _ in 0..ROUNDS {
            if !assignment.improve() {
                break;
            }
        }
        assignment
    }

    /// The choice of a chooser.
    pub(super) fn choice(&self, chooser: usize) -> Option<Choice> {
        let choice = (*self.taken.get(chooser)?)?;
        self.choosers[chooser].choices.get(choice as usize).copied()
    }

    /// By how much the whole would be worse if this chooser did not have its choice.
    pub(super) fn margin(&mut self, chooser: usize) -> f32 {
        let current = self.taken[chooser];
        let own = self.value(chooser as u32, current);
        let mut least = f32::INFINITY;
        for option in self.options(chooser as u32, current) {
            // Choices are in the order of their values: none of the others can be nearer.
            if own - self.value(chooser as u32, option) > least + CROWD {
                break;
            }
            let change = self.force(chooser as u32, option, STEPS);
            self.undo(0);
            least = least.min(-change);
        }
        least
    }

    fn greedy(&mut self) {
        let mut order: Vec<(f32, u32, u32)> = Vec::with_capacity(2 * self.choosers.len());
        for (index, chooser) in self.choosers.iter().enumerate() {
            let first = if chooser.is_fixed { f32::INFINITY } else { 0.0 };
            let choices = chooser.choices.iter().enumerate().map(|(choice, c)| (c.value + first, choice));
            let good = choices.filter(|(value, _)| *value > 0.0);
            order.extend(good.map(|(value, choice)| (value, index as u32, choice as u32)));
        }
        order.sort_unstable_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, chooser, choice) in order {
            let is_free = self.taken[chooser as usize].is_none();
            if is_free && self.in_the_way(chooser, choice).is_empty() && self.set(chooser, Some(choice)) < 0.0
            {
                self.undo(0);
            }
            self.log.clear();
        }
    }

    fn improve(&mut self) -> bool {
        let mut is_better = false;
        for chooser in 0..self.choosers.len() as u32 {
            if self.choosers[chooser as usize].is_fixed {
                continue;
            }
            let own = self.value(chooser, self.taken[chooser as usize]);
            for option in self.options(chooser, self.taken[chooser as usize]) {
                if option.is_some() && self.value(chooser, option) + CROWD <= own {
                    break;
                }
                if self.force(chooser, option, STEPS) > 1e-3 {
                    self.log.clear();
                    is_better = true;
                    break;
                }
                self.undo(0);
            }
        }
        is_better
    }

    /// The value of a place by itself; 0 for none.
    fn value(&self, chooser: u32, place: Option<u32>) -> f32 {
        let choices = &self.choosers[chooser as usize].choices;
        place.and_then(|place| choices.get(place as usize)).map_or(0.0, |choice| choice.value)
    }

    /// All places but `not`.
    fn options(&self, chooser: u32, not: Option<u32>) -> impl Iterator<Item = Option<u32>> + use<F> {
        let count = self.choosers[chooser as usize].choices.len() as u32;
        std::iter::once(None).chain((0..count).map(Some)).filter(move |&option| option != not)
    }

    /// Puts a chooser somewhere, and whoever is in its way elsewhere. Gives the change of the whole.
    fn force(&mut self, chooser: u32, to: Option<u32>, steps: u8) -> f32 {
        let displaced = to.map(|choice| self.in_the_way(chooser, choice)).unwrap_or_default();
        if displaced.iter().any(|&other| steps == 0 || self.choosers[other as usize].is_fixed) {
            return f32::NEG_INFINITY;
        }
        let from = displaced.iter().map(|&other| (other, self.taken[other as usize])).collect::<Vec<_>>();
        let mut change = 0.0;
        for &other in &displaced {
            change += self.set(other, None);
        }
        change += self.set(chooser, to);
        for (other, place) in from {
            change += self.place_again(other, place, steps - 1);
        }
        change
    }

    /// The best place for a chooser that lost `lost`.
    fn place_again(&mut self, chooser: u32, lost: Option<u32>, steps: u8) -> f32 {
        let mark = self.log.len();
        let mut best = (0.0, None);
        for option in self.options(chooser, lost) {
            if option.is_some() && self.value(chooser, option) <= best.0 {
                break;
            }
            let change = if option.is_none() { 0.0 } else { self.force(chooser, option, steps) };
            self.undo(mark);
            if change > best.0 {
                best = (change, option);
            }
        }
        if best.1.is_some() { self.force(chooser, best.1, steps) } else { 0.0 }
    }

    /// Who else has the A leg of this choice and cannot share it; where it has very many, of the nearest ones.
    fn in_the_way(&self, chooser: u32, choice: u32) -> Vec<u32> {
        let me = &self.choosers[chooser as usize];
        let group = &self.groups[me.choices[choice as usize].a as usize];
        group
            .near(chooser)
            .filter(|&other| !(self.are_compatible)(me, &self.choosers[other as usize]))
            .collect()
    }

    /// Changes one place; gives the change of the whole.
    fn set(&mut self, chooser: u32, to: Option<u32>) -> f32 {
        let old = std::mem::replace(&mut self.taken[chooser as usize], to);
        self.log.push((chooser, old));
        let choices = &self.choosers[chooser as usize].choices;
        let mut change = 0.0;
        if let Some(old) = old.and_then(|old| choices.get(old as usize)) {
            let group = &mut self.groups[old.a as usize];
            group.remove(chooser);
            change -= old.value - if group.is_empty() { 0.0 } else { CROWD };
        }
        if let Some(new) = to.and_then(|new| choices.get(new as usize)) {
            let group = &mut self.groups[new.a as usize];
            change += new.value - if group.is_empty() { 0.0 } else { CROWD };
            group.insert(chooser);
        }
        change
    }

    fn undo(&mut self, mark: usize) {
        while self.log.len() > mark {
            let Some((chooser, old)) = self.log.pop() else { return };
            self.set(chooser, old);
            self.log.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chooser(b: u32, choices: &[(u32, f32)]) -> Chooser {
        let choices = choices.iter().map(|&(a, value)| Choice { a, value }).collect();
        Chooser { b, choices, is_fixed: false }
    }

    fn assigned(choosers: &[Chooser]) -> (Vec<Option<u32>>, Vec<f32>) {
        let mut found = Assignment::best(choosers, |_, _| false);
        let taken = (0..choosers.len()).map(|n| found.choice(n).map(|choice| choice.a)).collect();
        let margins = (0..choosers.len()).map(|n| found.margin(n)).collect();
        (taken, margins)
    }

    #[test]
    fn the_whole_decides_and_not_the_best_single_pair() {
        // The best single pair (1 with 10) leaves nothing for 2.
        let choosers = [chooser(1, &[(10, 9.0), (11, 8.5)]), chooser(2, &[(10, 8.8)])];
        let (taken, margins) = assigned(&choosers);
        assert_eq!(taken, [Some(11), Some(10)]);
        assert!(margins[0] > 8.0, "{margins:?}");
    }

    #[test]
    fn three_legs_move_on_in_a_circle() {
        let choosers = [
            chooser(1, &[(10, 9.0), (11, 8.9)]),
            chooser(2, &[(11, 9.0), (12, 8.9)]),
            chooser(3, &[(12, 9.0), (10, 8.9)]),
            chooser(4, &[(10, 6.0), (13, 1.0)]),
        ];
        let (taken, margins) = assigned(&choosers);
        assert_eq!(taken, [Some(10), Some(11), Some(12), Some(13)]);
        assert!((margins[0] - 0.3).abs() < 0.01, "all three would move: {margins:?}");
    }

    #[test]
    fn look_alikes_have_no_margin() {
        let (_, margins) =
            assigned(&[chooser(1, &[(10, 9.0), (11, 9.0)]), chooser(2, &[(10, 9.0), (11, 9.0)])]);
        assert!(margins.iter().all(|margin| margin.abs() < 0.01), "{margins:?}");
    }

    #[test]
    fn what_was_decided_stays() {
        let mut first = chooser(1, &[(10, 1.0)]);
        first.is_fixed = true;
        let (taken, _) = assigned(&[first, chooser(2, &[(10, 9.0), (11, 2.0)])]);
        assert_eq!(taken, [Some(10), Some(11)]);
    }
}
