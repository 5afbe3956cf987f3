//! The A legs that a B leg may belong to: those that began shortly before it, and those that share a value with it.
//!
//! Must not know: how scores come about.

use hashbrown::HashSet;

use super::Solver;
use crate::calls::join::facts::Facts;
use crate::calls::join::groups::Groups;
use crate::calls::join::index::RECENT;
use crate::calls::join::score::is_possible;

/// The A legs that a B leg may belong to.
#[derive(Debug)]
pub(super) struct Candidates {
    pub(super) b: u32,
    pub(super) suitors: Vec<Suitor>,
    /// Whether all are there, and not only those for which the time or a value speaks.
    pub(super) is_all: bool,
}

/// An A leg that a B leg may belong to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suitor {
    pub(super) a: u32,
    /// The score of the pair by itself, as long as nothing new is learned; `None` before it was asked for.
    pub(super) alone: Option<f32>,
}

impl Solver<'_> {
    /// Collects the A legs for which a shared value speaks, or that began within `usual` microseconds.
    pub(super) fn find_candidates(&mut self, usual: i64, wanted: &dyn Fn(&Facts) -> bool) {
        let (mut found, mut fixed) = (Vec::new(), Vec::new());
        // Others of the same caller may be of one fork or hunt with them.
        let caller = |b: &Facts| (b.callers.as_slice().first().copied(), b.display);
        let callers: HashSet<_> = self.legs.iter().filter(|b| b.is_b() && wanted(b)).map(caller).collect();
        for (position, facts) in self.legs.iter().enumerate().filter(|(_, facts)| facts.is_b()) {
            let b = position as u32;
            if let Some(&a) = self.fixed.get(&b) {
                fixed.push((a, b));
                continue;
            }
            if !callers.contains(&caller(facts)) {
                continue;
            }
            found.clear();
            self.index.latest(facts, usual, &mut found);
            self.index.sharing(facts, b, &mut found);
            let mut suitors = Vec::with_capacity(found.len());
            suitors.extend(self.suitors(facts, &mut found));
            self.candidates.push(Candidates { b, suitors, is_all: usual >= RECENT });
        }
        self.groups = Groups::of(self.legs.len(), &fixed);
    }

    fn suitors<'s>(&'s self, b: &'s Facts, found: &'s mut Vec<u32>) -> impl Iterator<Item = Suitor> + 's {
        found.sort_unstable();
        found.dedup();
        let possible = found.iter().filter(|&&a| is_possible(&self.legs[a as usize], b));
        possible.map(|&a| Suitor { a, alone: None })
    }

    /// Adds the newest A legs, whatever they have in common: for a B leg without a convincing candidate.
    pub(super) fn add_all(&self, candidates: &mut Candidates) {
        let (facts, mut found) = (&self.legs[candidates.b as usize], Vec::new());
        self.index.latest(facts, RECENT, &mut found);
        let suitors = self.suitors(facts, &mut found);
        let is_known = |suitor: &Suitor| candidates.suitors.iter().any(|known| known.a == suitor.a);
        let more: Vec<_> = suitors.filter(|suitor| !is_known(suitor)).collect();
        candidates.suitors.extend(more);
        candidates.is_all = true;
    }

    /// Scores are those of a model.
    pub(super) fn forget_scores(&mut self) {
        let suitors = self.candidates.iter_mut().flat_map(|candidates| &mut candidates.suitors);
        suitors.for_each(|suitor| suitor.alone = None);
    }
}
