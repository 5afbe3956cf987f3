//! What certain pairs teach the model.
//!
//! Must not know: how pairs became certain.

use super::siblings::siblings;
use super::{Solution, Solver};
use crate::calls::join::facts::Facts;
use crate::calls::join::groups::Groups;
use crate::calls::join::model::{Lesson, Model};
use crate::calls::join::score::{Candidate, Scorer};
use crate::calls::join::signal::Findings;

/// What certain pairs teach; they are in the order of their B legs.
pub(super) fn lessons(scorer: &Scorer<'_>, legs: &[Facts], certain: &[(u32, u32)]) -> Vec<Lesson> {
    let groups = Groups::of(legs.len(), certain);
    let (mut found, mut lessons) = (Findings::default(), Vec::new());
    for &(a, b) in certain {
        let (a_facts, b_facts) = (&legs[a as usize], &legs[b as usize]);
        let siblings = siblings(legs, groups.get(a), b);
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

impl Solver<'_> {
    pub(super) fn learn(&self, model: &mut Model, solution: &Solution) {
        let scorer = Scorer { model, traffic: &self.traffic };
        let lessons = lessons(&scorer, self.legs, &solution.certain);
        model.learn(&lessons);
        model.counted(solution.likely(|_| true), self.candidates.len());
        model.settle();
    }
}
