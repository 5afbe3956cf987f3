//! `--legs`: the calls with a matching message, over all of their legs. The inputs are read twice: first to join the legs,
//! then to print what belongs to them.
//!
//! Must not know: how legs are joined, how a message is printed.

use std::collections::{BTreeSet, HashSet};
use std::process::ExitCode;

use crate::calls::{Calls, Handle, LegIdx};
use crate::export::Style;
use crate::export::ladder::{write_head, write_ladder};
use crate::export::sheet::{Sheet, joined_members, rows_and_head};
use crate::ladder::{Links, Member, Tie, name_of, undrawn};
use crate::store::{CallIdx, Matching, MessageIdx, Snapshot};
use crate::style::Role;

use super::by_hand::ByHand;
use super::calls::index;
use super::out::{Out, output_failed};
use super::plan::{Plan, Print};
use super::{FAILURE, NOTHING, SUCCESS, cleanup, problem};

/// The Call-IDs of all legs of the calls that have a matching message; `None` if nothing could be read.
pub(super) fn call_ids(plan: &Plan, print: &Print) -> Option<Vec<Vec<u8>>> {
    let snapshot = index(plan)?;
    let calls = Calls::of(&snapshot)?;
    let mut wanted: HashSet<CallIdx> = matching(plan, print, &snapshot).into_iter().collect();
    add_legs(plan, (&snapshot, calls), &mut wanted);
    Some(wanted.into_iter().map(|call| snapshot.call_id(call).to_vec()).collect())
}

/// Adds the Call-IDs of all legs of the calls of these Call-IDs.
pub(super) fn add_legs<S: Extend<CallIdx> + IntoIterator<Item = CallIdx> + Clone>(
    plan: &Plan,
    (snapshot, calls): (&Snapshot, &Calls),
    wanted: &mut S,
) {
    let links = ByHand::of(plan).links(snapshot);
    let call_id = |leg: LegIdx| calls.leg(leg).map(|leg| leg.call_id);
    for call in wanted.clone() {
        let members = if links.is_empty() { Vec::new() } else { joined_members(calls, call, &links) };
        if !members.is_empty() && undrawn(calls, &members).is_empty() {
            wanted.extend(members.iter().filter_map(|member| call_id(member.leg)));
            continue;
        }
        // A ladder draws some of the legs; everything of all of them is printed.
        let own = calls.of_call_id(call).filter_map(|handle| match handle {
            Handle::Leg(leg) => Some(leg),
            Handle::Dialog(_) => None,
        });
        // The legs of one Call-ID may be one call.
        let calls_of_it: HashSet<LegIdx> = own.map(|leg| calls.joins().call_of(leg)).collect();
        let legs = calls_of_it.into_iter().flat_map(|leg| calls.joins().legs_of(leg));
        wanted.extend(legs.filter_map(call_id));
    }
}

/// Prints a ladder for each call with a matching message, with all of its legs.
pub(super) fn ladders(plan: &Plan, print: &Print) -> ExitCode {
    let output = match Out::open(print) {
        Ok(output) => output,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    cleanup::on_signals(cleanup::ENDING, output.hidden_name());
    let Some(snapshot) = index(plan) else { return ExitCode::from(FAILURE) };
    let Some(calls) = Calls::of(&snapshot) else { return ExitCode::from(FAILURE) };
    plan.refused.iter().chain(&snapshot.progress.errors).for_each(problem::say);
    let links = ByHand::of(plan).links(&snapshot);
    let out = drawn((&snapshot, calls, print), &links, matching(plan, print, &snapshot));
    let failed = !(plan.refused.is_empty() && snapshot.progress.errors.is_empty());
    ExitCode::from(match output.write_whole(print, &out) {
        SUCCESS if failed => FAILURE,
        SUCCESS if out.is_empty() && print.chosen => NOTHING,
        status => status,
    })
}

/// Prints a ladder for each call of these Call-IDs, with all of its legs.
pub(super) fn draw_all(
    plan: &Plan,
    (snapshot, calls, print): (&Snapshot, &Calls, &Print),
    ids: impl IntoIterator<Item = CallIdx>,
) -> ExitCode {
    let links = ByHand::of(plan).links(snapshot);
    let drawn = drawn((snapshot, calls, print), &links, ids);
    ExitCode::from(match Out::open(print) {
        Ok(output) => output.write_whole(print, &drawn),
        Err(error) => output_failed(print, &error),
    })
}

/// The ladders of the calls of these Call-IDs, one for each call.
pub(super) fn drawn(
    (snapshot, calls, print): (&Snapshot, &Calls, &Print),
    links: &Links,
    wanted: impl IntoIterator<Item = CallIdx>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for sheet in Sheet::of_calls((snapshot, calls), links, |_| true, wanted) {
        draw(&mut out, (snapshot, calls, print), &sheet);
    }
    out
}

/// The Call-IDs with a matching message, in the order of their first messages.
fn matching(plan: &Plan, print: &Print, snapshot: &Snapshot) -> Vec<CallIdx> {
    let mut matching = Matching::new(&plan.filter);
    let mut matches = vec![!print.chosen; snapshot.call_count() + 1];
    for row in snapshot.rows_from(0) {
        if let Some(matched) = matches.get_mut(row.row.call as usize)
            && !*matched
        {
            *matched = matching.matches(&row);
        }
    }
    (1..matches.len() as CallIdx).filter(|call| matches[*call as usize]).collect()
}

/// These messages, with the others that the options ask for.
pub(super) fn extended(
    plan: &Plan,
    print: &Print,
    snapshot: &Snapshot,
    picked: &[MessageIdx],
) -> Vec<MessageIdx> {
    let mut ids = ids_of(snapshot, picked);
    if let (true, Some(calls)) = (plan.legs, Calls::of(snapshot)) {
        add_legs(plan, (snapshot, calls), &mut ids);
    } else if print.dialog.is_none() {
        return picked.to_vec();
    }
    let of_ids = ids.into_iter().flat_map(|id| snapshot.rows_of_call(id));
    let messages: BTreeSet<MessageIdx> = of_ids.chain(picked.iter().copied()).collect();
    messages.into_iter().collect()
}

/// The Call-IDs of messages.
pub(super) fn ids_of(snapshot: &Snapshot, messages: &[MessageIdx]) -> BTreeSet<CallIdx> {
    let ids = messages.iter().filter_map(|message| snapshot.row(*message)).map(|row| row.row.call);
    ids.filter(|id| *id != 0).collect()
}

/// The messages that match.
pub(super) fn matching_messages(plan: &Plan, snapshot: &Snapshot) -> Vec<MessageIdx> {
    let mut matching = Matching::new(&plan.filter);
    snapshot.rows_from(0).filter(|row| matching.matches(row)).map(|row| row.index).collect()
}

fn draw(out: &mut Vec<u8>, (snapshot, calls, print): (&Snapshot, &Calls, &Print), sheet: &Sheet) {
    let style = print.style;
    let begin = out.len();
    write_names(out, (snapshot, calls), (sheet.call_id, &sheet.members), style);
    write_head(out, &sheet.head, style);
    write_ladder(out, &sheet.ladder, &sheet.labels);
    let more = undrawn(calls, &sheet.members);
    if !more.is_empty() {
        style.styled(out, Role::Warning, |out| out.extend_from_slice(more.as_bytes()));
        out.push(b'\n');
    }
    style.limit_signs(out, begin);
    out.push(b'\n');
}

/// Writes what is above the ladder of a call, and returns its messages.
pub(super) fn write_call(
    out: &mut Vec<u8>,
    (snapshot, calls, print): (&Snapshot, &Calls, &Print),
    (call, links): (CallIdx, &Links),
) -> Vec<MessageIdx> {
    let (members, begin) = (joined_members(calls, call, links), out.len());
    let (rows, head) = rows_and_head((snapshot, calls), (call, &members));
    write_names(out, (snapshot, calls), (call, &members), print.style);
    write_head(out, &head, print.style);
    print.style.limit_signs(out, begin);
    rows
}

/// A line for each leg: its letter, its Call-ID, and why it was joined. Without legs, the Call-ID alone.
fn write_names(
    out: &mut Vec<u8>,
    (snapshot, calls): (&Snapshot, &Calls),
    (call, members): (CallIdx, &[Member]),
    style: Style,
) {
    if members.is_empty() {
        style.styled(out, Role::Strong, |out| style.inline(out, snapshot.call_id(call)));
        out.push(b'\n');
    }
    for member in members {
        let Some(leg) = calls.leg(member.leg) else { continue };
        let name = name_of(members, member.leg).unwrap_or_default();
        style.styled(out, Role::Strong, |out| {
            out.extend_from_slice(format!("{name} ").as_bytes());
            style.inline(out, snapshot.call_id(leg.call_id));
        });
        if let Some(with) = member.with.and_then(|with| name_of(members, with)) {
            let reasons = member.reasons.join("; ");
            let why = match member.tie {
                Tie::ByHand => format!("  joined with {with} by hand"),
                _ => format!("  joined with {with} ({:.2}): {reasons}", member.score),
            };
            style.styled(out, Role::Dim, |out| out.extend_from_slice(why.as_bytes()));
        }
        out.push(b'\n');
    }
}
