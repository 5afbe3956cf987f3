//! Which legs and dialogs have a message that matches a filter, and the calls of those legs.
//!
//! Must not know: filters, how messages are matched.

use crate::store::{Row, Snapshot};

use super::call::CallRef;
use super::facts::LegRef;
use super::leg::LegIdx;
use super::list::{Calls, Handle};

/// The legs and dialogs with a matching message.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// Whether a message that matches is not needed.
    is_all: bool,
    legs: Vec<bool>,
    dialogs: Vec<bool>,
}

impl Chosen {
    /// All of them.
    pub fn all() -> Self {
        Self { is_all: true, ..Self::default() }
    }

    /// The leg or dialog of a matching message is one of them.
    pub fn add(&mut self, calls: &Calls, row: &Row) {
        let (list, number) = match calls.of_row(row) {
            Some(Handle::Leg(leg)) => (&mut self.legs, leg as usize),
            Some(Handle::Dialog(dialog)) => (&mut self.dialogs, dialog as usize),
            None => return,
        };
        if list.len() <= number {
            list.resize(number + 1, false);
        }
        list[number] = true;
    }

    /// Whether a leg has a matching message.
    pub fn has_leg(&self, leg: LegIdx) -> bool {
        self.is_all || self.legs.get(leg as usize).copied().unwrap_or_default()
    }

    /// Whether a dialog of another kind has a matching message.
    pub fn has_dialog(&self, dialog: u32) -> bool {
        self.is_all || self.dialogs.get(dialog as usize).copied().unwrap_or_default()
    }
}

/// The legs of one call.
#[derive(Debug, Clone)]
pub struct CallOf<'a> {
    /// Its number, which is that of its first leg.
    pub number: u32,
    /// Its legs.
    pub legs: CallRef<'a>,
}

/// The calls of the legs that `chosen` accepts, in the order of their first legs.
pub fn calls_of<'a>(
    calls: &'a Calls,
    snapshot: &'a Snapshot,
    mut chosen: impl FnMut(LegIdx) -> bool,
) -> Vec<CallOf<'a>> {
    let mut wanted = vec![false; calls.leg_count()];
    let mut members: Vec<Vec<LegRef<'a>>> = vec![Vec::new(); calls.leg_count()];
    for leg in calls.legs(snapshot) {
        let call = calls.joins().call_of(leg.index) as usize;
        let (Some(wanted), Some(members)) = (wanted.get_mut(call), members.get_mut(call)) else { continue };
        *wanted |= chosen(leg.index);
        members.push(leg);
    }
    let numbered = (0_u32..).zip(members).zip(wanted);
    numbered
        .filter(|(_, wanted)| *wanted)
        .filter_map(|((number, legs), _)| Some(CallOf { number, legs: CallRef::of(legs)? }))
        .collect()
}
