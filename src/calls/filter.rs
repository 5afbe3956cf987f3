//! Answers the filter's questions about the call of a message.
//!
//! Must not know: expressions.

use super::cause::cause_name;
use super::facts::{DialogRef, LegRef};
use super::leg::LegFlags;
use super::list::{Calls, Handle};
use crate::filter::{Field, Flag};
use crate::store::{LegBook, RowRef};

/// What a message belongs to.
enum Of<'a> {
    Leg(LegRef<'a>),
    Dialog(DialogRef<'a>),
}

impl Calls {
    fn of_message<'a>(&'a self, row: &RowRef<'a>) -> Option<Of<'a>> {
        match self.of_row(row.row)? {
            Handle::Leg(leg) => self.leg_ref(row.snapshot, leg).map(Of::Leg),
            Handle::Dialog(dialog) => self.dialog_ref(row.snapshot, dialog).map(Of::Dialog),
        }
    }
}

impl LegBook for Calls {
    fn flag(&self, row: &RowRef<'_>, flag: Flag) -> Option<bool> {
        match self.of_message(row) {
            Some(Of::Leg(leg)) => leg_flag(&leg, flag),
            Some(Of::Dialog(dialog)) => Some(flag == Flag::Failed && dialog.state() == "refused"),
            None => Some(false),
        }
    }

    fn number(&self, row: &RowRef<'_>, field: Field) -> Option<u64> {
        let count = |micros: i64| u64::try_from(micros).ok();
        match (self.of_message(row)?, field) {
            (Of::Leg(leg), Field::Pdd) => leg.post_dial_delay().and_then(count),
            (Of::Leg(leg), Field::Setup) => leg.setup().and_then(count),
            (Of::Leg(leg), Field::Talk) => leg.talk().and_then(count),
            (Of::Leg(leg), Field::Messages) => Some(leg.leg.messages.into()),
            (Of::Dialog(dialog), Field::Messages) => Some(dialog.dialog.messages.into()),
            _ => None,
        }
    }

    fn text(&self, row: &RowRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        match self.of_message(row) {
            Some(Of::Leg(leg)) => leg_text(&leg, field, each),
            Some(Of::Dialog(dialog)) => dialog_text(&dialog, field, each),
            None => false,
        }
    }
}

fn leg_flag(leg: &LegRef<'_>, flag: Flag) -> Option<bool> {
    match flag {
        Flag::Failed => Some(leg.is_failed()),
        Flag::Answered => Some(leg.leg.is_answered()),
        Flag::Held => Some(leg.leg.is(LegFlags::HELD)),
        Flag::Transferred => Some(leg.leg.is(LegFlags::TRANSFERRED)),
        Flag::Emergency => Some(leg.leg.is(LegFlags::EMERGENCY)),
        _ => None,
    }
}

fn leg_text(leg: &LegRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    match field {
        Field::Kind => each(b"call"),
        Field::State => {
            let state = leg.state();
            each(state.as_str().as_bytes()) || state.is_open() && each(b"in-progress")
        }
        Field::Side => each(leg.leg.side.as_str().as_bytes()),
        Field::Hangup => {
            let end = leg.leg.ended_by().map_or("", super::End::as_str);
            each(end.as_bytes()) || each(leg.ended_by().as_bytes())
        }
        Field::Cause if leg.leg.cause == 0 => each(leg.reason()),
        Field::Cause => {
            let number = leg.leg.cause.to_string();
            each(number.as_bytes()) || each(cause_name(leg.leg.cause).as_bytes()) || each(leg.reason())
        }
        Field::Finding => leg.findings().iter().any(|finding| each(finding.rule.name.as_bytes())),
        Field::Verdict => {
            let verdict = leg.verdict();
            each(verdict.rule.as_bytes()) || each(verdict.text.as_bytes())
        }
        Field::User => each(leg.from()) || each(leg.to()),
        Field::Incident => each(leg.incident()),
        _ => false,
    }
}

fn dialog_text(dialog: &DialogRef<'_>, field: Field, each: &mut dyn FnMut(&[u8]) -> bool) -> bool {
    match field {
        Field::Kind => each(dialog.dialog.kind().as_str().as_bytes()),
        Field::State => each(dialog.state().as_bytes()),
        Field::Finding => dialog.findings().iter().any(|finding| each(finding.rule.name.as_bytes())),
        Field::User => dialog.first().is_some_and(|row| each(row.from()) || each(row.to())),
        _ => false,
    }
}
