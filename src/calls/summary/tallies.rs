//! Counts of causes and findings, each with a call that shows it.
//!
//! Must not know: drawing, which calls are counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::calls::call::CallRef;
use crate::calls::facts::LegRef;
use crate::calls::findings::Rule;
use crate::calls::list::Handle;
use crate::calls::verdict::{Judged, Verdict};
use crate::store::RowRef;

/// Why calls failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// How many calls.
    pub count: u64,
    /// The rule of their verdict.
    pub verdict: &'static str,
    /// The status code that decided, and its reason phrase in the first of them; 0 where no response did.
    pub status: (u16, String),
    /// The cause by Q.850; 0 without.
    pub cause: u8,
    /// The Call-ID of the leg on which the first of them failed.
    pub call_id: Vec<u8>,
}

/// What was found about calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In how many calls.
    pub count: u64,
    /// The rule.
    pub rule: &'static Rule,
    /// The Call-ID of the leg that shows it in the first of them.
    pub call_id: Vec<u8>,
}

/// What calls have in common that failed for one cause: rule, status code, cause by Q.850.
type Kind = (&'static str, u16, u8);

#[derive(Debug, Default)]
pub(super) struct Causes(BTreeMap<Kind, Cause>);

impl Causes {
    pub(super) fn add(&mut self, call: &CallRef<'_>, verdict: &Verdict) {
        let main = call.main();
        let proof = main.snapshot.row(verdict.message);
        let leg = proof.as_ref().and_then(|row| leg_of(call, row)).unwrap_or(main);
        let response = proof.filter(|row| row.row.status >= 300);
        let status = response.as_ref().map_or(0, |row| row.row.status);
        let cause = if leg.leg.cause == 0 { main.leg.cause } else { leg.leg.cause };
        let phrase = |row: &RowRef<'_>| String::from_utf8_lossy(row.what()).into_owned();
        let one = self.0.entry((verdict.rule, status, cause)).or_insert_with(|| Cause {
            count: 0,
            verdict: verdict.rule,
            status: (status, response.as_ref().map(phrase).unwrap_or_default()),
            cause,
            call_id: leg.call_id().to_vec(),
        });
        one.count += 1;
    }

    pub(super) fn sorted(self) -> Vec<Cause> {
        let mut causes: Vec<_> = self.0.into_values().collect();
        causes.sort_by_key(|cause| Reverse(cause.count));
        causes
    }
}

/// The leg of a call that a message belongs to.
fn leg_of<'a>(call: &CallRef<'a>, row: &RowRef<'_>) -> Option<LegRef<'a>> {
    let handle = call.main().calls.of_row(row.row)?;
    call.legs().iter().find(|leg| Handle::Leg(leg.index) == handle).copied()
}

#[derive(Debug, Default)]
pub(super) struct Findings(BTreeMap<&'static str, Found>);

impl Findings {
    /// Counts what was found about a call, each rule once.
    pub(super) fn add(&mut self, call: &CallRef<'_>, judged: &Judged) {
        let mut seen: Vec<&str> = Vec::new();
        for (leg, (_, findings)) in call.legs().iter().zip(&judged.legs) {
            for finding in findings {
                if seen.contains(&finding.rule.name) {
                    continue;
                }
                seen.push(finding.rule.name);
                let new = || Found { count: 0, rule: finding.rule, call_id: leg.call_id().to_vec() };
                self.0.entry(finding.rule.name).or_insert_with(new).count += 1;
            }
        }
    }

    pub(super) fn sorted(self) -> Vec<Found> {
        let mut found: Vec<_> = self.0.into_values().collect();
        found.sort_by_key(|found| Reverse(found.count));
        found
    }
}
