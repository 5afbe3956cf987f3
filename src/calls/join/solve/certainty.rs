//! By how much a pair that was assigned is better than everything else: its odds.
//!
//! Must not know: how legs are assigned.

use hashbrown::HashMap;

use super::value::Scratch;
use super::{CERTAIN, OFFERED, Solver};
use crate::calls::join::assign::{Choice, Chooser};
use crate::calls::join::found::Found;
use crate::calls::join::model::Model;
use crate::calls::join::score::{Candidate, Scorer};
use crate::calls::join::signal::Item;

/// How much a number still says that several A legs have which may be B's: as many more would have to be without it.
const FREQUENT: f32 = 4.0;

impl Solver<'_> {
    /// A leg of a fork or a hunt may belong to another A leg together with the B legs before it: it is as certain as these, and
    /// by what it has in common with its A leg alone. Pairs are in the order of their B legs' beginnings.
    pub(super) fn rely_on_siblings(&self, model: &Model, choosers: &[Chooser], pairs: &mut Vec<Found>) {
        let mut known: HashMap<u32, f32> = self.fixed.values().map(|&a| (a, CERTAIN)).collect();
        let mut scratch = Scratch::default();
        for pair in pairs.iter_mut() {
            let group = self.groups.get(pair.a);
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
            let alone = self.alone(model, a, pair.b, &mut scratch.sum);
            self.beside_or_alone(model, (a, pair.b), alone, group, &mut scratch.sum)
        };
        let own = value(pair.a);
        let rivals = choosers[at].choices.iter().filter(|rival| rival.a != pair.a);
        rivals.map(|rival| own - value(rival.a)).fold(f32::INFINITY, f32::min)
    }

    /// Odds that the two belong together if the A leg of B may as well be missing in the trace: what another A leg has in common
    /// with B, too, says nothing, and in a burst the time says less.
    pub(super) fn own(&self, model: &Model, choice: Choice, chooser: &Chooser, scratch: &mut Scratch) -> f32 {
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
}
