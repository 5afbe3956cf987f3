//! `--pick`: prints messages that were picked in the browser, from its index.
//!
//! Must not know: how they were picked, how a message is printed.

use std::collections::BTreeSet;
use std::process::ExitCode;

use crate::calls::{Calls, Chosen};
use crate::export::save::Content;
use crate::store::{CallIdx, MessageIdx, Snapshot, TextReader};

use super::by_hand::ByHand;
use super::out::{Out, output_failed};
use super::plan::{Mode, Plan, Print};
use super::sink::Sink;
use super::{FAILURE, NOTHING, SUCCESS, calls, legs, problem, stored};

/// Prints the picked messages as `print` says, and returns the exit status.
pub fn run(plan: &Plan, print: &Print, snapshot: &Snapshot, picked: &[MessageIdx]) -> ExitCode {
    if picked.is_empty() {
        return ExitCode::from(NOTHING);
    }
    let messages = legs::extended(plan, print, snapshot, picked);
    match (print.mode, Calls::of(snapshot)) {
        (Mode::Saved(format, rows), _) => {
            let content = Content { snapshot, messages: &messages, rows, notes: None };
            super::save::picked(print, content, &print.how(format))
        }
        (Mode::Calls | Mode::CallsJson, Some(calls)) => print_calls(print, (snapshot, calls), &messages),
        (Mode::Ladder, Some(calls)) if plan.legs => {
            let ids: BTreeSet<CallIdx> = legs::ids_of(snapshot, picked);
            legs::draw_all(plan, (snapshot, calls, print), ids)
        }
        _ => print_messages(plan, print, snapshot, &messages),
    }
}

/// Prints the calls and other dialogs of these messages.
fn print_calls(print: &Print, (snapshot, calls): (&Snapshot, &Calls), messages: &[MessageIdx]) -> ExitCode {
    let mut chosen = Chosen::default();
    for row in messages.iter().filter_map(|message| snapshot.row(*message)) {
        chosen.add(calls, row.row);
    }
    let legs: Vec<bool> = (0..calls.leg_count() as u32).map(|leg| chosen.has_leg(leg)).collect();
    let dialogs: Vec<bool> = (0..calls.dialog_count() as u32).map(|one| chosen.has_dialog(one)).collect();
    let mut out = Vec::new();
    let count = calls::write(&mut out, print, (snapshot, calls), (&legs, &dialogs));
    let printed = match Out::open(print) {
        Ok(output) => output.write_whole(print, &out),
        Err(error) => output_failed(print, &error),
    };
    ExitCode::from(match printed {
        SUCCESS if count == 0 => NOTHING,
        status => status,
    })
}

fn print_messages(plan: &Plan, print: &Print, snapshot: &Snapshot, messages: &[MessageIdx]) -> ExitCode {
    let mut unreadable = 0;
    let result = Sink::new(print.clone(), plan.rules.clone(), ByHand::of(plan)).and_then(|mut sink| {
        let mut reader = TextReader::default();
        for message in messages {
            let printed = stored::with_facts(snapshot, *message, &mut reader, |facts| {
                sink.see(facts)?;
                sink.message(facts)
            });
            match printed {
                Ok(printed) => printed?,
                Err(_) => unreadable += 1,
            }
        }
        sink.finish()
    });
    if let Err(error) = result {
        return ExitCode::from(output_failed(print, &error));
    }
    if unreadable > 0 {
        let noun = if unreadable == 1 { "message" } else { "messages" };
        problem::say(&format_args!("--pick: {unreadable} {noun} cannot be read: the file changed"));
        return ExitCode::from(FAILURE);
    }
    ExitCode::from(SUCCESS)
}
