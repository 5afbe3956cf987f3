//! The lines above a ladder: how it went and why; below that the leg of the selected arrow.
//!
//! ```text
//!  busy: 192.0.2.21 answered 486 Busy Here after 1.0 s                            9 messages
//!  external → 192.0.2.21:5060  busy  05:53:48.039533 – 05:53:48.992535  PCMU PCMA offered  Call-ID …
//! ```
//!
//! Must not know: arrows, how calls are judged.

use ratatui::layout::Rect;

use crate::app::screens::calls::verdict_role;
use crate::app::{App, LadderScreen};
use crate::ladder::{Member, Tie, name_of};
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::format::counted;

use super::super::messages::label;

/// Draws them into one line or two.
pub(super) fn draw(screen: &LadderScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let snapshot = &app.session.snapshot;
    let count: u32 = screen.ladder.arrows.iter().map(|arrow| arrow.repeats).sum();
    let selected = screen.selected_row().and_then(|row| snapshot.row(row));
    let call_id = selected.map_or_else(|| snapshot.call_id(screen.call), |row| row.call_id());
    let call_id = label::text(call_id);
    let mut row = surface.row(area, 0);
    row.skip(1);
    row.put_at_end(&format!("{} ", counted(u64::from(count), "message")), 2, Role::Dim);
    if let Some(micros) = screen.ladder.per_line() {
        row.put_at_end(&per_line(micros), 2, Role::Dim);
    }
    if screen.only.is_some() {
        row.put_at_end("one transaction", 2, Role::Warning);
    }
    if !screen.undrawn.is_empty() {
        row.put_at_end(&screen.undrawn, 2, Role::Warning);
    }
    let Some(facts) = screen.facts(snapshot) else {
        row.put("Call-ID ", Role::Label);
        row.put(&call_id, Role::Strong);
        return;
    };
    row.put(&screen.head.verdict, screen.head.state.map_or(Role::Strong, verdict_role));
    let mut row = surface.row(area, 1);
    row.skip(1);
    let member = screen.selected_member(snapshot).filter(|_| screen.members.len() > 1);
    if let Some(member) = member {
        let at = screen.members.iter().position(|known| known.leg == member.leg).unwrap_or_default();
        row.put(&name_of(&screen.members, member.leg).unwrap_or_default(), Role::LegName(at as u8));
        row.put(" ", Role::Plain);
    }
    row.put(&facts.peer, Role::Host);
    row.put("  ", Role::Dim);
    row.put(&facts.text, Role::Plain);
    // Of a leg that is not paired with another one there is nothing else to say below.
    if member.is_none_or(|member| member.tie != Tie::Own) {
        row.put("  Call-ID ", Role::Label);
        row.put(&call_id, Role::Id);
    }
    let Some(member) = member else { return };
    let mut row = surface.row(area, 2);
    row.skip(1);
    if member.tie == Tie::Own {
        row.put("Call-ID ", Role::Label);
        return row.put(&call_id, Role::Id);
    }
    let role = if member.tie == Tie::Offered { Role::Warning } else { Role::Dim };
    row.put(&why(&screen.members, member), role);
}

/// `1 line = 200 ms`.
fn per_line(micros: i64) -> String {
    match micros / 1000 {
        millis @ 0..1000 => format!("1 line = {millis} ms"),
        millis => format!("1 line = {} s", millis / 1000),
    }
}

/// Why a leg is shown: `joined with A (1.00): INVITE 1.6 ms after 100 Trying; …`.
fn why(members: &[Member], member: &Member) -> String {
    let with = member.with.and_then(|leg| name_of(members, leg)).unwrap_or_default();
    let reasons = member.reasons.join("; ");
    match member.tie {
        Tie::Own => String::new(),
        Tie::ByHand => format!("joined with {with} by hand"),
        Tie::Joined => format!("joined with {with} ({:.2}): {reasons}", member.score),
        Tie::Offered => format!("may belong to {with} ({:.2}), + joins it: {reasons}", member.score),
    }
}
