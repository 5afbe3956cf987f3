//! The calls and other dialogs of one incident together (NG911).
//!
//! Must not know: which lines are selected, drawing, filters.

use std::collections::{HashMap, HashSet};

use crate::calls::{Calls, Handle, LegIdx};

/// What belongs to an incident: positions in a list of calls, and numbers of dialogs.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// The identifier, in the texts; 0 for what names none.
    pub(super) text: u32,
    pub(super) calls: Vec<(u32, u32)>,
    pub(super) dialogs: Vec<u32>,
}

/// Who knows which incident an identifier of a call belongs to.
pub(super) struct Incidents<'a> {
    calls: &'a Calls,
    /// Identifiers of calls, and the incident that was named beside them.
    of_call: HashMap<u32, u32>,
}

impl<'a> Incidents<'a> {
    pub(super) fn of(calls: &'a Calls) -> Self {
        let mut of_call = HashMap::new();
        for handle in handles(calls) {
            let numbers: Vec<u32> = calls.identifier_numbers(handle).collect();
            if let Some(&incident) = numbers.iter().find(|number| is_incident(calls, **number)) {
                numbers.iter().filter(|number| **number != incident).for_each(|number| {
                    of_call.entry(*number).or_insert(incident);
                });
            }
        }
        Self { calls, of_call }
    }

    /// The incident of a leg or dialog; where none is known, the identifier of the call; 0 without both.
    fn key(&self, handle: Handle) -> u32 {
        let numbers: Vec<u32> = self.calls.identifier_numbers(handle).collect();
        let named = numbers.iter().copied().find(|number| is_incident(self.calls, *number));
        let known = || numbers.iter().find_map(|number| self.of_call.get(number).copied());
        named.or_else(known).or(numbers.first().copied()).unwrap_or_default()
    }

    /// The groups in the order of their first calls, what names no incident last.
    pub(super) fn groups(&self, calls: &[(u32, u32)], members: &[LegIdx], dialogs: &[u32]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut at: HashMap<u32, usize> = HashMap::new();
        let mut group = |text: u32, groups: &mut Vec<Group>| {
            *at.entry(text).or_insert_with(|| {
                groups.push(Group { text, ..Group::default() });
                groups.len() - 1
            })
        };
        for &(first, len) in calls {
            let legs = members.get(first as usize..(first + len) as usize).unwrap_or_default();
            let key = legs.iter().map(|leg| self.key(Handle::Leg(*leg))).find(|key| *key != 0);
            let place = group(key.unwrap_or_default(), &mut groups);
            groups[place].calls.push((first, len));
        }
        for &dialog in dialogs {
            // Other dialogs are listed where they are of an incident.
            let key = self.key(Handle::Dialog(dialog));
            if key != 0 {
                let place = group(key, &mut groups);
                groups[place].dialogs.push(dialog);
            }
        }
        groups.sort_by_key(|group| group.text == 0);
        groups
    }
}

/// The legs and dialogs that belong to the incident of a call; `None` if it names none.
pub(in crate::app) fn incident_of(calls: &Calls, call: &[Handle]) -> Option<Vec<Handle>> {
    // All are looked at only if this one has something to look for.
    call.iter().flat_map(|handle| calls.identifier_numbers(*handle)).next()?;
    let incidents = Incidents::of(calls);
    let key_of =
        |handles: &[Handle]| handles.iter().map(|handle| incidents.key(*handle)).find(|key| *key != 0);
    let key = key_of(call)?;
    let named = handles(calls).filter(|handle| incidents.key(*handle) == key);
    let mut found = HashSet::new();
    for handle in named {
        match handle {
            // A leg that names no incident belongs to that of its call.
            Handle::Leg(leg) => found.extend(calls.joins().legs_of(leg).into_iter().map(Handle::Leg)),
            Handle::Dialog(_) => found.extend([handle]),
        }
    }
    Some(found.into_iter().collect())
}

fn handles(calls: &Calls) -> impl Iterator<Item = Handle> {
    let legs = (0..calls.leg_count() as u32).map(Handle::Leg);
    legs.chain((0..calls.dialog_count() as u32).map(Handle::Dialog))
}

fn is_incident(calls: &Calls, number: u32) -> bool {
    calls.text(number).starts_with(b"urn:emergency:uid:incidentid:")
}
