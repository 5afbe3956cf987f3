//! `--save` in a format that needs an index of all inputs: chooses the messages, and writes the file.
//!
//! Must not know: how a format is written, how legs are found.

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::calls::Calls;
use crate::export::format::Rows;
use crate::export::save::{Content, How, write};
use crate::store::{CallIdx, Matching, MessageIdx, Snapshot};

use super::out::{Out, output_failed};
use super::plan::{Plan, Print};
use super::{FAILURE, NOTHING, SUCCESS, calls, cleanup, legs, problem};

/// Saves what `plan` selects, and returns the exit status.
pub(super) fn run(plan: &Plan, print: &Print, (how, rows): (&How, Rows)) -> ExitCode {
    let out = match Out::open(print) {
        Ok(out) => out,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    cleanup::on_signals(cleanup::ENDING, out.hidden_name());
    let Some(snapshot) = calls::index(plan) else { return ExitCode::from(FAILURE) };
    plan.refused.iter().chain(&snapshot.progress.errors).for_each(problem::say);
    let (messages, unread) = chosen(plan, print, &snapshot);
    if unread > 0 {
        problem::say(&format_args!("{unread} messages could not be searched: their text is gone"));
    }
    let content = Content { snapshot: &snapshot, messages: &messages, rows, notes: None };
    let failed = unread > 0 || !(plan.refused.is_empty() && snapshot.progress.errors.is_empty());
    ExitCode::from(match finish(out, print, content, how) {
        SUCCESS if failed => FAILURE,
        NOTHING if !print.chosen => SUCCESS,
        status => status,
    })
}

/// Saves picked messages, and returns the exit status.
pub(super) fn picked(print: &Print, content: Content<'_>, how: &How) -> ExitCode {
    ExitCode::from(match Out::open(print) {
        Ok(out) => finish(out, print, content, how),
        Err(error) => output_failed(print, &error),
    })
}

/// Writes the file; without content there is none.
fn finish(mut out: Out, print: &Print, content: Content<'_>, how: &How) -> u8 {
    let written = write(content, how, &mut out, &mut |_| true);
    let written = written
        .map(Option::unwrap_or_default)
        .and_then(|written| if written.count > 0 { out.publish().map(|()| written) } else { Ok(written) });
    match written {
        Err(error) => output_failed(print, &error),
        Ok(written) if written.unreadable > 0 => {
            let (count, noun) =
                (written.unreadable, if written.unreadable == 1 { "message" } else { "messages" });
            problem::say(&format_args!("--save: {count} {noun} cannot be read: the file changed"));
            FAILURE
        }
        Ok(written) if written.count == 0 => NOTHING,
        Ok(_) => SUCCESS,
    }
}

/// The messages that match, with what `-D` and `--legs` add, and the number of those whose text cannot be searched.
fn chosen(plan: &Plan, print: &Print, snapshot: &Snapshot) -> (Vec<MessageIdx>, u64) {
    if plan.filter.is_all() {
        return ((0..snapshot.len() as MessageIdx).collect(), 0);
    }
    let mut matching = Matching::new(&plan.filter);
    let rows = snapshot.rows_from(0).filter(|row| matching.matches(row));
    let matched: Vec<MessageIdx> = rows.map(|row| row.index).collect();
    let unreadable = matching.unreadable();
    if print.dialog.is_none() && !plan.legs {
        return (matched, unreadable);
    }
    let of_row = |message: &MessageIdx| snapshot.row(*message).map(|row| row.row.call);
    let mut ids: BTreeSet<CallIdx> = matched.iter().filter_map(of_row).filter(|id| *id != 0).collect();
    if let (true, Some(calls)) = (plan.legs, Calls::of(snapshot)) {
        legs::add_legs(plan, (snapshot, calls), &mut ids);
    }
    let of_ids = ids.into_iter().flat_map(|id| snapshot.rows_of_call(id));
    let all: BTreeSet<MessageIdx> = of_ids.chain(matched).collect();
    (all.into_iter().collect(), unreadable)
}
