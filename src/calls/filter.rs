//! Answers the filter's questions about the call of a message: the whole call, not only the message's leg.
//!
//! Must not know: expressions.

use super::call::CallRef;
use super::cause::cause_name;
use super::dialog_facts::DialogRef;
use super::facts::LegRef;
use super::leg::LegFlags;
use super::list::{Calls, Handle};
use crate::filter::{Field, Flag};
use crate::store::{LegBook, RowRef};

/// What a message belongs to.
enum Of<'a> {
    /// A leg, with the leg that speaks for its call.
    Leg {
        leg: LegRef<'a>,
        main: LegRef<'a>,
    },
    Dialog(DialogRef<'a>),
}

/// The call of a leg.
fn call_of<'a>(leg: &LegRef<'a>) -> Option<CallRef<'a>> {
    leg.calls.call_ref(leg.snapshot, leg.index)
}

impl Calls {
    fn of_message<'a>(&'a self, row: &RowRef<'a>) -> Option<Of<'a>> {
        match self.of_row(row.row)? {
            Handle::Leg(leg) => Some(Of::Leg {
                leg: self.leg_ref(row.snapshot, leg)?,
                main: self.main_leg(row.snapshot, leg)?,
            }),
            Handle::Dialog(dialog) => self.dialog_ref(row.snapshot, dialog).map(Of::Dialog),
        }
    }
}

impl LegBook for Calls {
    fn flag(&self, row: &RowRef<'_>, flag: Flag) -> Option<bool> {
        match self.of_message(row) {
            Some(Of::Leg { leg, main }) => call_flag(&leg, &main, flag),
            Some(Of::Dialog(dialog)) => Some(flag == Flag::Failed && dialog.is_failed()),
            None => Some(false),
        }
    }

    fn number(&self, row: &RowRef<'_>, field: Field) -> Option<u64> {
        let count = |micros: i64| u64::try_from(micros).ok();
        match (self.of_message(row)?, field) {
            (Of::Leg { main, .. }, Field::Pdd) => main.post_dial_delay().and_then(count),
            (Of::Leg { main, .. }, Field::Setup) => main.setup().and_then(count),
            (Of::Leg { main, .. }, Field::Talk) => main.talk().and_then(count),
            (Of::Leg { leg, .. }, Field::Messages) => call_of(&leg).map(|call| call.messages()),
            (Of::Leg { leg, .. }, Field::Legs) => call_of(&leg).map(|call| call.legs().len() as u64),
            (Of::Leg { leg, .. }, Field::Pair) => {
                let scores = self.joins().pairs_of(leg.index).map(|pair| (pair.score() * 1e6) as u64);
                scores.min()
            }
            (Of::Dialog(dialog), Field::Messages) => Some(dialog.dialog.messages.into()),
            _ => None,
        }
    }

    fn key(&self, row: &RowRef<'_>) -> Option<(u64, u32)> {
        let call = match self.of_row(row.row)? {
            Handle::Leg(leg) => Handle::Leg(self.joins().call_of(leg)),
            dialog @ Handle::Dialog(_) => dialog,
        };
        Some((self.moment, call.pack()))
    }

    fn text(&self, row: &RowRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        match self.of_message(row) {
            Some(Of::Leg { leg, main }) => call_text(&leg, &main, field, each),
            Some(Of::Dialog(dialog)) => dialog_text(&dialog, field, each),
            None => false,
        }
    }
}

fn call_flag(leg: &LegRef<'_>, main: &LegRef<'_>, flag: Flag) -> Option<bool> {
    let is = |flags| Some(call_of(leg)?.is(flags));
    match flag {
        Flag::Failed => Some(main.is_failed()),
        Flag::Answered => Some(main.leg.is_answered()),
        Flag::Held => is(LegFlags::HELD),
        Flag::Transferred => is(LegFlags::TRANSFERRED),
        Flag::Emergency => is(LegFlags::EMERGENCY),
        _ => None,
    }
}

fn call_text(leg: &LegRef<'_>, main: &LegRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    match field {
        Field::Kind => each(b"call"),
        Field::State => {
            let state = main.state();
            each(state.as_str().as_bytes()) || state.is_open() && each(b"in-progress")
        }
        Field::Side => each(leg.leg.side.as_str().as_bytes()),
        Field::Hangup => call_of(leg).is_some_and(|call| {
            let by = call.ended_by();
            // Caller and callee are peers of FreeSWITCH.
            each(by.as_bytes()) || matches!(by, "caller" | "callee") && each(b"peer")
        }),
        Field::Verdict => call_of(leg).is_some_and(|call| {
            let verdict = call.verdict();
            each(verdict.rule.as_bytes()) || each(verdict.text.as_bytes())
        }),
        _ => call_of(leg).is_some_and(|call| call.legs().iter().any(|leg| leg_text(leg, field, each))),
    }
}

/// What is true of a call where it is true of any of its legs.
fn leg_text(leg: &LegRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    match field {
        Field::Cause if leg.leg.cause == 0 => each(leg.reason()),
        Field::Cause => {
            let number = leg.leg.cause.to_string();
            each(number.as_bytes()) || each(cause_name(leg.leg.cause).as_bytes()) || each(leg.reason())
        }
        Field::Finding => leg.findings().iter().any(|finding| each(finding.rule.name.as_bytes())),
        Field::Leg => each(leg.call_id()),
        Field::User => each(leg.from()) || each(leg.to()),
        Field::Incident => leg.calls.incidents(Handle::Leg(leg.index)).any(each),
        Field::Emergency => leg.calls.identifiers(Handle::Leg(leg.index)).any(each),
        _ => false,
    }
}

fn dialog_text(dialog: &DialogRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    match field {
        Field::Kind => each(dialog.dialog.kind().as_str().as_bytes()),
        Field::State => each(dialog.state().as_bytes()),
        Field::Finding => dialog.findings().iter().any(|finding| each(finding.rule.name.as_bytes())),
        Field::Incident => dialog.calls.incidents(Handle::Dialog(dialog.index)).any(each),
        Field::Emergency => dialog.calls.identifiers(Handle::Dialog(dialog.index)).any(each),
        Field::Leg => dialog.first().is_some_and(|row| each(row.call_id())),
        Field::User => dialog.first().is_some_and(|row| each(row.from()) || each(row.to())),
        _ => false,
    }
}
