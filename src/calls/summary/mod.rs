//! Counts over calls and registrations: how many went how, how long they took, and why they failed.
//!
//! Must not know: drawing, filters, files.

mod durations;
mod registrations;
mod tallies;
mod text;

pub use durations::Durations;
pub use registrations::{FailingUser, Registrations};
pub use tallies::{Cause, Found};

use super::call::CallRef;
use super::leg::LegFlags;
use super::state::State;

/// What is counted of the calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Calls.
    pub calls: u64,
    /// Their legs.
    pub legs: u64,
    /// Calls by state, those with calls only, in the order of [`State::ALL`].
    pub states: Vec<(State, u64)>,
    /// Calls that began in the trace and whose outcome is known: the seizures of ITU-T E.425.
    pub seizures: u64,
    /// How many of the seizures were answered.
    pub answered: u64,
    /// Talk times of the calls whose answer and end are in the trace.
    pub talk: Durations,
    /// Times from the INVITE to the first 18x, or to the final response that came without one.
    pub post_dial: Durations,
    /// Times from the INVITE to the answer.
    pub setup: Durations,
    /// Why calls failed, the most frequent cause first.
    pub failures: Vec<Cause>,
    /// What was found about the calls, the most frequent finding first.
    pub findings: Vec<Found>,
}

impl Summary {
    /// Counts these calls.
    pub fn of<'a>(calls: impl IntoIterator<Item = CallRef<'a>>) -> Self {
        let mut summary = Self::default();
        let mut states = [0_u64; State::ALL.len()];
        let (mut failures, mut findings) = (tallies::Causes::default(), tallies::Findings::default());
        for call in calls {
            summary.add(&call);
            states[call.state() as usize] += 1;
            let judged = call.judged();
            if call.is_failed() {
                failures.add(&call, &judged.verdict);
            }
            findings.add(&call, &judged);
        }
        summary.states = State::ALL.into_iter().zip(states).filter(|(_, count)| *count > 0).collect();
        (summary.failures, summary.findings) = (failures.sorted(), findings.sorted());
        for durations in [&mut summary.talk, &mut summary.post_dial, &mut summary.setup] {
            durations.sort();
        }
        summary
    }

    fn add(&mut self, call: &CallRef<'_>) {
        let main = call.main();
        self.calls += 1;
        self.legs += call.legs().len() as u64;
        let is_seizure = !main.leg.is(LegFlags::BEGUN_BEFORE) && !call.state().is_open();
        self.seizures += u64::from(is_seizure);
        self.answered += u64::from(is_seizure && main.leg.is_answered());
        self.talk.extend(main.talk().filter(|_| main.ended().is_some()));
        self.post_dial.extend(main.post_dial_delay().filter(|_| !call.state().is_open()));
        self.setup.extend(main.setup());
    }

    /// The share of the seizures that were answered, from 0 to 1 (ITU-T E.425); `None` without a seizure.
    pub fn answer_seizure_ratio(&self) -> Option<f64> {
        (self.seizures > 0).then(|| self.answered as f64 / self.seizures as f64)
    }
}
