//! `--calls`: builds the index of all inputs, and prints the calls that have a matching message.
//!
//! Must not know: how legs are found, how a call is written.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;

use crate::calls::{Calls, Dialog, DialogKind, Handle, calls_of};
use crate::export::{calls as json, calls_table};
use crate::load::{Follow, Loader};
use crate::store::{Matching, RowRef, Snapshot};

use super::by_hand::ByHand;
use super::out::{Out, output_failed};
use super::plan::{Listed, Mode, Plan, Print};
use super::{FAILURE, NOTHING, SUCCESS, cleanup, problem};

/// Prints the calls that `plan` asks for.
pub(super) fn run(plan: &Plan, print: &Print) -> ExitCode {
    let output = match Out::open(print) {
        Ok(output) => output,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    cleanup::on_signals(cleanup::ENDING, output.hidden_name());
    let Some(snapshot) = index(plan) else { return ExitCode::from(FAILURE) };
    for error in &snapshot.progress.errors {
        problem::say(error);
    }
    let Some(calls) = Calls::of(&snapshot) else { return ExitCode::from(FAILURE) };
    let chosen = Chosen::of(plan, print, &snapshot, calls);
    if chosen.unreadable > 0 {
        let count = chosen.unreadable;
        problem::say(&format_args!("{count} messages could not be searched: their text is gone"));
    }
    let mut out = Vec::new();
    let nothing = write(&mut out, print, (&snapshot, calls), (&chosen.legs, &chosen.dialogs)) == 0;
    if nothing && !chosen.others.is_empty() {
        let kinds: Vec<_> = chosen.others.iter().map(|kind| format!("kind:{}", kind.as_str())).collect();
        let (mark, kinds) = (if kinds.len() > 1 { "'" } else { "" }, kinds.join(" or "));
        problem::say(&format_args!(
            "no call matches, but other dialogs do: show them with -f {mark}{kinds}{mark}"
        ));
    }
    let failed = !snapshot.progress.errors.is_empty() || chosen.unreadable > 0;
    ExitCode::from(match output.write_whole(print, &out) {
        SUCCESS if failed => FAILURE,
        SUCCESS if nothing && print.chosen => NOTHING,
        status => status,
    })
}

/// Appends the calls with one of these legs, and these dialogs; returns how many there are.
pub(super) fn write(
    out: &mut Vec<u8>,
    print: &Print,
    (snapshot, calls): (&Snapshot, &Calls),
    (legs, dialogs): (&[bool], &[bool]),
) -> usize {
    let has = |list: &[bool], index: u32| list.get(index as usize).copied().unwrap_or_default();
    let found = calls_of(calls, snapshot, |leg| has(legs, leg));
    let dialogs: Vec<_> = calls.dialogs(snapshot).filter(|dialog| has(dialogs, dialog.index)).collect();
    if print.mode == Mode::CallsJson {
        for call in &found {
            json::json(out, call);
        }
        for dialog in &dialogs {
            json::dialog_json(out, dialog);
        }
    } else {
        calls_table::table(out, print.style, &print.columns, &found, &dialogs);
    }
    found.len() + dialogs.len()
}

/// The index of all inputs, after they were read to their ends.
pub(super) fn index(plan: &Plan) -> Option<Arc<Snapshot>> {
    let (give, take) = channel();
    // Only the last snapshot is used.
    let publish = move |snapshot| drop(give.send(snapshot));
    let loader =
        Loader::start_with(plan.inputs.clone(), Follow::default(), plan.rules.clone(), usize::MAX, publish);
    let done = take.iter().find(|snapshot| snapshot.progress.done);
    drop(loader);
    let done = Arc::unwrap_or_clone(done?);
    Some(Arc::new(ByHand::of(plan).applied(done)))
}

/// The legs and dialogs that have a matching message.
struct Chosen {
    legs: Vec<bool>,
    dialogs: Vec<bool>,
    /// The kinds of dialogs that have a matching message and are not printed.
    others: Vec<DialogKind>,
    /// Messages whose text is gone, so that it is unknown whether they match.
    unreadable: u64,
}

impl Chosen {
    fn of(plan: &Plan, print: &Print, snapshot: &Snapshot, calls: &Calls) -> Self {
        let mut chosen = Self {
            legs: vec![!print.chosen; calls.leg_count()],
            dialogs: vec![false; calls.dialog_count()],
            others: Vec::new(),
            unreadable: 0,
        };
        if print.chosen {
            let mut matching = Matching::new(&plan.filter);
            for row in snapshot.rows_from(0) {
                chosen.look_at(&row, calls, &mut matching);
            }
            chosen.unreadable = matching.unreadable();
            // Dialogs that are not legs are printed only if the filter asks for them.
            if print.listed == Listed::Calls {
                chosen.leave_out_dialogs(calls);
            }
        }
        chosen
    }

    fn leave_out_dialogs(&mut self, calls: &Calls) {
        for (index, chosen) in (0..).zip(&mut self.dialogs) {
            let kind = calls.dialog(index).filter(|_| *chosen).map(Dialog::kind);
            self.others.extend(kind.filter(|kind| !self.others.contains(kind)));
            *chosen = false;
        }
    }

    fn look_at(&mut self, row: &RowRef<'_>, calls: &Calls, matching: &mut Matching) {
        let Some(handle) = calls.of_row(row.row) else { return };
        let place = match handle {
            Handle::Leg(leg) => self.legs.get_mut(leg as usize),
            Handle::Dialog(dialog) => self.dialogs.get_mut(dialog as usize),
        };
        if let Some(place) = place
            && !*place
        {
            *place = matching.matches(row);
        }
    }
}
