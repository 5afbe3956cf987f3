//! The lines above a ladder: how it went and why; below that the leg of the selected arrow.
//!
//! ```text
//!  busy: 192.0.2.21 answered 486 Busy Here after 1.0 s                            9 messages
//!  external → 192.0.2.21:5060  busy  05:53:48.039533 – 05:53:48.992535  PCMU PCMA offered  Call-ID …
//! ```
//!
//! Must not know: arrows, how calls are judged.

use ratatui::layout::Rect;

use crate::app::screens::calls::outcome_role;
use crate::app::{App, LadderScreen};
use crate::style::Role;
use crate::view::parts::Surface;
use crate::view::parts::format::counted;

use super::super::messages::label;

/// Draws them into one line or two.
pub(super) fn draw(screen: &LadderScreen, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let snapshot = &app.session.snapshot;
    let count: u32 = screen.ladder.arrows.iter().map(|arrow| arrow.repeats).sum();
    let call_id = label::text(snapshot.call_id(screen.call));
    let mut row = surface.row(area, 0);
    row.skip(1);
    row.put_at_end(&format!("{} ", counted(u64::from(count), "message")), 2, Role::Dim);
    let Some(facts) = screen.facts(snapshot) else {
        row.put("Call-ID ", Role::Label);
        row.put(&call_id, Role::Strong);
        return;
    };
    row.put(&screen.head.verdict, screen.head.state.map_or(Role::Strong, outcome_role));
    let mut row = surface.row(area, 1);
    row.skip(1);
    row.put(&facts.peer, Role::Host);
    row.put("  ", Role::Dim);
    row.put(&facts.text, Role::Plain);
    row.put("  Call-ID ", Role::Label);
    row.put(&call_id, Role::Id);
}
