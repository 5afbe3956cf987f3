//! The calls that are shown, in their order: made outside of the drawing thread from one snapshot.
//!
//! Must not know: which one is selected, drawing, threads.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::generation::Generation;
use crate::calls::{CallRef, Calls, Chosen, DialogKind, DialogRef, Handle, LegIdx, State};
use crate::ladder::Links;
use crate::store::{Pieces, Snapshot};

use super::incidents::Incidents;
use super::sorting::{Order, sort};
use super::verdict_ranks::{MakeTexts, VerdictRanks, Verdicts};

/// What is to be listed.
#[derive(Debug, Clone)]
pub struct ListCalls {
    /// Comes back with the answer.
    pub generation: Generation,
    /// Where the calls are.
    pub snapshot: Arc<Snapshot>,
    /// Their order.
    pub order: Order,
    /// The messages that match the filter; none without a filter.
    pub found: Option<Pieces>,
    /// Whether registrations, subscriptions and other dialogs are listed if one of their messages matches.
    pub dialogs: bool,
    /// The first legs of the calls whose legs are shown.
    pub opened: BTreeSet<LegIdx>,
    /// Whether what belongs to one incident is listed together, dialogs of other kinds too.
    pub by_incident: bool,
    /// The folded incidents, by their numbers in the texts: only their headings are shown.
    pub folded: BTreeSet<u32>,
    /// Legs that were joined and taken out by hand.
    pub links: Links,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A call: where its legs are among the members, and how many.
    Call {
        /// Position of the first one.
        at: u32,
        /// Their number.
        len: u32,
    },
    /// A leg, below its call.
    Leg(LegIdx),
    /// A dialog of another kind.
    Dialog(u32),
    /// The heading of an incident, above its calls and dialogs.
    Incident {
        /// The identifier, in the texts of the calls; 0 above what names none.
        text: u32,
        /// Its calls.
        calls: u32,
        /// Its dialogs of other kinds.
        dialogs: u32,
        /// Whether they are listed below it.
        shown: bool,
    },
}

/// In which direction a problem is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Below.
    Next,
    /// Above.
    Previous,
}

impl Way {
    /// The lines in this direction, the nearest first.
    pub(super) fn lines(self, from: usize, len: usize) -> impl Iterator<Item = usize> {
        let (below, above) = match self {
            Self::Next => (from + 1..len, 0..0),
            Self::Previous => (0..0, 0..from.min(len)),
        };
        below.chain(above.rev())
    }
}

/// The list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Its lines.
    pub entries: Vec<Entry>,
    /// The legs of all calls, those of one call side by side.
    members: Vec<LegIdx>,
    /// The number of calls, of those that failed, and of those that are still up.
    pub counts: [usize; 3],
    /// The number of dialogs of other kinds.
    pub dialogs: usize,
    /// The number of calls without a filter.
    pub total: usize,
    /// If nothing is listed: the kinds of other dialogs that match but were not asked for.
    pub others: Vec<DialogKind>,
}

impl Listing {
    /// The legs of a line, in the order of their first messages; none of a dialog.
    pub fn legs(&self, entry: Entry) -> &[LegIdx] {
        let Entry::Call { at, len } = entry else { return &[] };
        self.members.get(at as usize..(at + len) as usize).unwrap_or_default()
    }

    /// The legs of the listed calls and the listed dialogs, and how many calls and dialogs that are.
    pub(super) fn handles(&self) -> (Vec<Handle>, usize) {
        let (mut handles, mut count) = (Vec::new(), 0);
        for entry in &self.entries {
            match *entry {
                Entry::Call { .. } => {
                    handles.extend(self.legs(*entry).iter().map(|leg| Handle::Leg(*leg)));
                    count += 1;
                }
                Entry::Dialog(dialog) => {
                    handles.push(Handle::Dialog(dialog));
                    count += 1;
                }
                Entry::Leg(_) | Entry::Incident { .. } => {}
            }
        }
        (handles, count)
    }

    /// The leg that speaks for a line.
    pub fn leg(&self, entry: Entry) -> Option<LegIdx> {
        match entry {
            Entry::Call { .. } => self.legs(entry).first().copied(),
            Entry::Leg(leg) => Some(leg),
            Entry::Dialog(_) | Entry::Incident { .. } => None,
        }
    }

    /// What identifies a line: its leg, or its dialog.
    pub fn handle(&self, position: usize) -> Option<(Handle, bool)> {
        let entry = *self.entries.get(position)?;
        match entry {
            Entry::Dialog(dialog) => Some((Handle::Dialog(dialog), false)),
            _ => Some((Handle::Leg(self.leg(entry)?), matches!(entry, Entry::Leg(_)))),
        }
    }

    /// The line of a leg or dialog. A leg is in the line of its call, unless its own line is wanted and there.
    pub fn position(&self, (handle, own_line): (Handle, bool)) -> Option<usize> {
        let own = |entry: &Entry| match (*entry, handle) {
            (Entry::Leg(leg), Handle::Leg(wanted)) => own_line && leg == wanted,
            (Entry::Dialog(dialog), Handle::Dialog(wanted)) => dialog == wanted,
            _ => false,
        };
        let call = |entry: &Entry| matches!(handle, Handle::Leg(leg) if self.legs(*entry).contains(&leg));
        let found = self.entries.iter().position(own);
        found.or_else(|| self.entries.iter().position(call))
    }

    /// The first of these lines with something wrong.
    ///
    /// Lines are looked at one after another only when it is asked for: what is wrong with all calls would cost time whenever
    /// they are listed again.
    pub(super) fn problem(
        &self,
        mut lines: impl Iterator<Item = usize>,
        snapshot: &Snapshot,
    ) -> Option<usize> {
        let calls = Calls::of(snapshot)?;
        lines.find(|at| self.is_problem(*at, calls, snapshot))
    }

    fn is_problem(&self, position: usize, calls: &Calls, snapshot: &Snapshot) -> bool {
        match self.entries.get(position) {
            Some(&Entry::Dialog(dialog)) => {
                calls.dialog_ref(snapshot, dialog).is_some_and(|d| d.is_problem())
            }
            Some(&entry @ Entry::Call { .. }) => {
                let legs = self.legs(entry).iter().filter_map(|&leg| calls.leg_ref(snapshot, leg));
                CallRef::of(legs.collect()).is_some_and(|call| call.is_problem())
            }
            _ => false,
        }
    }
}

impl ListCalls {
    /// Makes the list.
    pub fn list(&self) -> Listing {
        self.list_with(&Verdicts { kept: None, make_texts: &|count, text| (0..count).map(text).collect() })
    }

    /// Makes the list.
    pub fn list_with(&self, verdicts: &Verdicts<'_>) -> Listing {
        let Some(calls) = Calls::of(&self.snapshot) else { return Listing::default() };
        let chosen = self.found.as_ref().map(|found| self::chosen(&self.snapshot, calls, found));
        let (members, mut groups) = groups(calls, &self.snapshot);
        let total = groups.len();
        if let Some(chosen) = &chosen {
            let legs = |(at, len): &(u32, u32)| members[*at as usize..(at + len) as usize].iter();
            groups.retain(|group| legs(group).any(|leg| chosen.has_leg(*leg)));
        }
        let leg = |at: u32| calls.leg_ref(&self.snapshot, *members.get(at as usize)?);
        sort(&mut groups, self.order, leg, verdicts);
        let mut listing = Listing { members, total, ..Listing::default() };
        if self.by_incident {
            self.push_incidents(&mut listing, calls, &groups, chosen.as_ref());
            return listing;
        }
        for (at, len) in groups {
            self.push_call(&mut listing, calls, Entry::Call { at, len });
        }
        let Some(chosen) = chosen else { return listing };
        let is_empty = listing.entries.is_empty();
        for dialog in calls.dialogs(&self.snapshot).filter(|d| chosen.has_dialog(d.index)) {
            let kind = dialog.dialog.kind();
            if self.dialogs {
                push_dialog(&mut listing, &dialog);
            } else if is_empty && !listing.others.contains(&kind) {
                listing.others.push(kind);
            }
        }
        listing
    }

    /// The ranks of the verdicts of all calls, whatever the filter; `None` without calls.
    pub fn verdict_ranks(&self, make_texts: MakeTexts<'_>) -> Option<VerdictRanks> {
        let calls = Calls::of(&self.snapshot)?;
        let (members, groups) = groups(calls, &self.snapshot);
        Some(VerdictRanks::of((calls, &self.snapshot), &self.links, (&members, &groups), make_texts))
    }

    /// Whether these ranks are of the calls that are to be listed.
    pub fn is_ranked_by(&self, ranks: &VerdictRanks) -> bool {
        Calls::of(&self.snapshot).is_some_and(|calls| ranks.are_of(calls, &self.links))
    }

    fn push_incidents(
        &self,
        listing: &mut Listing,
        calls: &Calls,
        groups: &[(u32, u32)],
        chosen: Option<&Chosen>,
    ) {
        let is_chosen = |dialog: &u32| chosen.is_none_or(|chosen| chosen.has_dialog(*dialog));
        let dialogs: Vec<u32> = (0..calls.dialog_count() as u32).filter(is_chosen).collect();
        for group in Incidents::of(calls).groups(groups, &listing.members, &dialogs) {
            let (count, others) = (group.calls.len() as u32, group.dialogs.len() as u32);
            let shown = !self.folded.contains(&group.text);
            listing.entries.push(Entry::Incident { text: group.text, calls: count, dialogs: others, shown });
            let from = listing.entries.len();
            for (at, len) in group.calls {
                self.push_call(listing, calls, Entry::Call { at, len });
            }
            for dialog in group.dialogs.into_iter().filter_map(|d| calls.dialog_ref(&self.snapshot, d)) {
                push_dialog(listing, &dialog);
            }
            if !shown {
                // They are counted, but not listed.
                listing.entries.truncate(from);
            }
        }
    }

    fn push_call(&self, listing: &mut Listing, calls: &Calls, entry: Entry) {
        let leg = listing.leg(entry).and_then(|leg| calls.leg_ref(&self.snapshot, leg));
        let Some(leg) = leg else { return };
        let state = leg.state();
        listing.counts[0] += 1;
        listing.counts[1] += usize::from(state.is_failure());
        listing.counts[2] += usize::from(state == State::Answered && leg.ended().is_none());
        listing.entries.push(entry);
        if self.opened.contains(&leg.index) {
            let legs = listing.legs(entry).to_vec();
            listing.entries.extend(legs.into_iter().map(Entry::Leg));
        }
    }
}

fn push_dialog(listing: &mut Listing, dialog: &DialogRef<'_>) {
    listing.dialogs += 1;
    listing.entries.push(Entry::Dialog(dialog.index));
}

/// The legs and dialogs with a matching message.
fn chosen(snapshot: &Snapshot, calls: &Calls, found: &Pieces) -> Chosen {
    let mut chosen = Chosen::default();
    for row in found.iter().flat_map(|piece| piece.iter()).filter_map(|message| snapshot.row(*message)) {
        chosen.add(calls, row.row);
    }
    chosen
}

/// The legs, those of one call side by side, and where each call is among them.
fn groups(calls: &Calls, snapshot: &Snapshot) -> (Vec<LegIdx>, Vec<(u32, u32)>) {
    let mut legs: Vec<(u32, LegIdx)> =
        calls.legs(snapshot).map(|leg| (calls.joins().call_of(leg.index), leg.index)).collect();
    legs.sort_unstable();
    let mut groups: Vec<(u32, u32)> = Vec::with_capacity(legs.len());
    let mut at = 0;
    for call in legs.chunk_by(|one, other| one.0 == other.0) {
        groups.push((at, call.len() as u32));
        at += call.len() as u32;
    }
    (legs.into_iter().map(|(_, leg)| leg).collect(), groups)
}
