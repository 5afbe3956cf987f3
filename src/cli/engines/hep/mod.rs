//! `--hep`: sends messages to HOMER and to others that speak HEP3, with their true times and the correlation of the joined
//! call.
//!
//! The index is the queue: what could not be sent yet is read back from the dump when the receiver is there again.
//!
//! Must not know: how legs are joined, what a packet looks like.

mod delivery;
mod follow;
mod resume;
mod sender;
pub(in crate::cli) mod settings;
#[cfg(feature = "tls")]
mod tls;

use std::process::ExitCode;

use crate::cli::plan::{Plan, Print};
use crate::cli::{FAILURE, NOTHING, SUCCESS, calls, legs, problem};
use crate::store::Snapshot;

use delivery::Delivery;
use settings::Hep;

/// Sends what `plan` selects, and returns the exit status.
pub(in crate::cli) fn run(plan: &Plan, print: &Print, hep: &Hep) -> ExitCode {
    let delivery = match Delivery::new(hep) {
        Ok(delivery) => delivery,
        Err(error) => {
            let file = hep.resume.as_deref().unwrap_or_else(|| std::path::Path::new(""));
            problem::say(&format_args!("--hep-resume {}: {error}", problem::name(file)));
            return ExitCode::from(FAILURE);
        }
    };
    plan.refused.iter().for_each(problem::say);
    if plan.follow { follow::run(plan, delivery) } else { all(plan, print, delivery) }
}

/// Sends what is there.
fn all(plan: &Plan, print: &Print, mut delivery: Delivery) -> ExitCode {
    let Some(snapshot) = calls::index(plan) else { return ExitCode::from(FAILURE) };
    snapshot.progress.errors.iter().for_each(problem::say);
    let wanted = wanted(plan, print, &snapshot);
    delivery.begin(&snapshot);
    let result = snapshot.rows_from(0).try_for_each(|row| {
        let is_wanted = wanted.get(row.index as usize).copied().unwrap_or_default();
        delivery.take(&row, |_| is_wanted)
    });
    let result = result.and_then(|()| delivery.finish());
    if let Err(error) = &result {
        delivery.complain(error);
    }
    delivery.record(&snapshot);
    let is_whole = plan.refused.is_empty() && snapshot.progress.errors.is_empty() && delivery.is_whole();
    delivery.report();
    ExitCode::from(match result {
        Ok(()) if !is_whole => FAILURE,
        Ok(()) if !wanted.contains(&true) => NOTHING,
        Ok(()) => SUCCESS,
        Err(_) => FAILURE,
    })
}

/// Which messages the options select.
fn wanted(plan: &Plan, print: &Print, snapshot: &Snapshot) -> Vec<bool> {
    let matching = legs::matching_messages(plan, snapshot);
    let mut wanted = vec![false; snapshot.len()];
    for message in legs::extended(plan, print, snapshot, &matching) {
        if let Some(wanted) = wanted.get_mut(message as usize) {
            *wanted = true;
        }
    }
    wanted
}
