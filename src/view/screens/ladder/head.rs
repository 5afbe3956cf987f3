//! The lines above a ladder: how it went and why; below that the leg of the selected arrow.
//!
//! ```text
//!  busy: 192.0.2.21 answered 486 Busy Here after 1.0 s                            9 messages
//!  external → 192.0.2.21:5060  05:53:48.039533 – 05:53:48.992535  PCMU PCMA offered  Call-ID …
//! ```
//!
//! A Call-ID that does not fit there has a row of its own.
//!
//! Must not know: arrows, how calls are judged.

use ratatui::layout::Rect;

use crate::app::screens::calls::verdict_role;
use crate::app::{App, LadderScreen};
use crate::calls::Calls;
use crate::ladder::{Facts, Member, Tie, name_of};
use crate::style::Role;
use crate::view::layout::{Split, take_top};
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::{head, width};
use crate::view::parts::format::counted;

use super::super::messages::label;

/// Rows of a verdict at most.
const MOST_VERDICT_ROWS: usize = 3;
/// Units of times in a verdict.
const UNITS: [&str; 4] = ["s", "ms", "min", "h"];
/// Rows of the screen for each row of a verdict: on a small screen, arrows come first.
const ROWS_FOR_EACH: u16 = 7;
/// Rows that are left to the ladder: the heading of the columns and two arrows.
const LEAST_FOR_ARROWS: u16 = 3;

/// Legs whose Call-IDs decide together whether they have a row of their own: a Call-ID may have any number of dialogs.
const MOST_MEASURED: usize = 200;

/// Where the Call-ID of a leg is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IdPlace {
    /// Behind what the leg says about itself.
    Behind,
    /// In a row of its own below that.
    Below,
    /// Below that, before the reasons why the leg is shown: the arrows need the other rows.
    BeforeReasons,
}

/// The lines above a ladder.
pub(super) struct Lines<'a> {
    screen: &'a LadderScreen,
    app: &'a App,
    /// What is at the end of the first row, from the right.
    ends: Vec<(String, Role)>,
    /// The verdict, in rows.
    verdict: Vec<&'a str>,
    /// Where Call-IDs are: the same for each leg, so that the ladder does not move with the selection.
    ids: IdPlace,
    /// The rows that they may take: at every size, arrows are in sight.
    most: u16,
}

impl<'a> Lines<'a> {
    /// The lines for a screen of this size. A verdict that is too long for a row continues on the next one.
    pub(super) fn of(screen: &'a LadderScreen, app: &'a App, area: Rect) -> Self {
        let mut ends = ends(screen);
        let taken: usize = ends.iter().map(|(text, _)| width(text) + 2).sum();
        let whole = usize::from(area.width).saturating_sub(1);
        let needed = width(&screen.head.verdict);
        let mut room = whole.saturating_sub(taken);
        if ends.len() == 1 && (room + 1..=whole).contains(&needed) {
            // A row of arrows is worth more than the number of messages.
            ends.clear();
            room = whole;
        }
        let most = usize::from(area.height / ROWS_FOR_EACH).clamp(1, MOST_VERDICT_ROWS);
        let ids = id_place(screen, app, whole);
        let verdict = broken(&screen.head.verdict, room, most);
        let most = area.height.saturating_sub(LEAST_FOR_ARROWS).max(1);
        let mut lines = Self { screen, app, ends, verdict, ids, most };
        if ids == IdPlace::Below && screen.members.len() > 1 && !lines.leave_room_for_all(area) {
            lines.ids = IdPlace::BeforeReasons;
        }
        lines
    }

    /// Whether all arrows are in sight below these lines. Takes time in proportion to the height of the screen.
    fn leave_room_for_all(&self, area: Rect) -> bool {
        let mut body = area;
        take_top(&mut body, self.height());
        let list = Split::of(self.screen.panes, self.app.prefs.split, body).list;
        // The columns have a heading.
        let room = usize::from(list.height).saturating_sub(1);
        self.screen.ladder.window(0, 0, room + 1).len() <= room
    }

    /// How many rows they take.
    pub(super) fn height(&self) -> u16 {
        let screen = self.screen;
        let of_leg = u16::from(!screen.head.facts.is_empty());
        let id = u16::from(of_leg > 0 && self.ids == IdPlace::Below);
        let more = u16::from(screen.members.len() > 1);
        (self.verdict.len() as u16 + of_leg + id + more).min(self.most)
    }

    /// Draws them.
    pub(super) fn draw(&self, area: Rect, surface: &mut Surface<'_>) {
        let snapshot = &self.app.session.snapshot;
        let selected = self.screen.selected_row().and_then(|row| snapshot.row(row));
        let call_id = selected.map_or_else(|| snapshot.call_id(self.screen.call), |row| row.call_id());
        let call_id = label::text(call_id);
        let mut below = area;
        let rows = take_top(&mut below, self.verdict.len() as u16);
        let facts = self.screen.facts(snapshot);
        self.draw_first(facts.is_none().then_some(&call_id), rows, surface);
        if let Some(facts) = facts {
            self.draw_leg(facts, &call_id, below, surface);
        }
    }

    /// The verdict, or the Call-ID where nothing is known, and what is at the end of the row.
    fn draw_first(&self, call_id: Option<&str>, area: Rect, surface: &mut Surface<'_>) {
        let role = self.screen.head.state.map_or(Role::Strong, verdict_role);
        for (y, text) in (0..).zip(&self.verdict) {
            let mut row = surface.row(area, y);
            row.skip(1);
            if y == 0 {
                self.ends.iter().for_each(|(text, role)| _ = row.put_at_end(text, 2, *role));
            }
            match call_id {
                Some(call_id) => {
                    row.put("Call-ID ", Role::Label);
                    row.put(call_id, Role::Strong);
                }
                None => row.put(text, role),
            }
        }
    }

    /// The leg of the selected arrow, its Call-ID, and why it is shown.
    fn draw_leg(&self, facts: &Facts, call_id: &str, area: Rect, surface: &mut Surface<'_>) {
        let screen = self.screen;
        let mut row = surface.row(area, 0);
        row.skip(1);
        let member = screen.selected_member(&self.app.session.snapshot).filter(|_| screen.members.len() > 1);
        if let Some(member) = member {
            let at = screen.members.iter().position(|known| known.leg == member.leg).unwrap_or_default();
            row.put(&name_of(&screen.members, member.leg).unwrap_or_default(), Role::LegName(at as u8));
            row.put(" ", Role::Plain);
        }
        row.put(&facts.peer, Role::Host);
        row.put("  ", Role::Dim);
        row.put(&facts.text, Role::Plain);
        // Of a leg that is not paired with another one there is nothing else to say below.
        if self.ids != IdPlace::Behind || member.is_some_and(|member| member.tie == Tie::Own) {
            row = surface.row(area, 1);
            row.skip(1);
        } else {
            row.put("  ", Role::Dim);
        }
        row.put("Call-ID ", Role::Label);
        row.put(call_id, Role::Id);
        let Some(member) = member.filter(|member| member.tie != Tie::Own) else { return };
        if self.ids == IdPlace::BeforeReasons {
            row.put("  ", Role::Dim);
        } else {
            row = surface.row(area, if self.ids == IdPlace::Below { 2 } else { 1 });
            row.skip(1);
        }
        let role = if member.tie == Tie::Offered { Role::Warning } else { Role::Dim };
        row.put(&why(&screen.members, member), role);
    }
}

/// Where the Call-IDs of the legs of a ladder have room, in rows of `room` cells.
fn id_place(screen: &LadderScreen, app: &App, room: usize) -> IdPlace {
    let snapshot = &app.session.snapshot;
    let id = |call| width(&label::text(snapshot.call_id(call)));
    let fits = |facts: &Facts, fixed: &str, id: usize| {
        width(&facts.peer) + width(&facts.text) + width(fixed) + id <= room
    };
    let facts = || screen.head.facts.iter().take(MOST_MEASURED);
    let all_fit = if screen.members.len() > 1 {
        // The Call-ID of the ladder's own legs is in the second row, where the others say why they are shown.
        facts().zip(&screen.members).filter(|(_, member)| member.tie != Tie::Own).all(|(facts, member)| {
            let leg = Calls::of(snapshot).and_then(|calls| calls.leg(member.leg));
            fits(facts, "A?     Call-ID ", leg.map_or(0, |leg| id(leg.call_id)))
        })
    } else {
        let id = id(screen.call);
        facts().all(|facts| fits(facts, "    Call-ID ", id))
    };
    if all_fit { IdPlace::Behind } else { IdPlace::Below }
}

/// How many messages there are and what is not shown, from the right.
fn ends(screen: &LadderScreen) -> Vec<(String, Role)> {
    let count: u32 = screen.ladder.arrows.iter().map(|arrow| arrow.repeats).sum();
    let mut ends = vec![(format!("{} ", counted(u64::from(count), "message")), Role::Dim)];
    ends.extend(screen.ladder.per_line().map(|micros| (per_line(micros), Role::Dim)));
    ends.extend(screen.only.map(|_| ("one transaction (Esc: all)".to_owned(), Role::Warning)));
    if !screen.undrawn.is_empty() {
        ends.push((screen.undrawn.clone(), Role::Warning));
    }
    ends
}

/// A text in rows of `room` cells, broken at blanks. The last of `most` rows has the rest, however long.
fn broken(text: &str, room: usize, most: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut rest = text;
    while rows.len() + 1 < most && width(rest) > room {
        let Some(at) = last_break(rest, room) else { break };
        rows.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    rows.push(rest);
    rows
}

/// The last blank where a row of `room` cells may end: a number stays with its unit where another blank is there.
fn last_break(text: &str, room: usize) -> Option<usize> {
    let blanks = || head(text, room + 1).rmatch_indices(' ').map(|(at, _)| at).filter(|at| *at > 0);
    let is_in_span = |at: usize| {
        let unit = text[at + 1..].split([' ', ';', ',']).next();
        text[..at].ends_with(|c: char| c.is_ascii_digit()) && unit.is_some_and(|unit| UNITS.contains(&unit))
    };
    blanks().find(|at| !is_in_span(*at)).or_else(|| blanks().next())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_verdict_is_broken_at_blanks_and_nothing_is_lost() {
        for (text, room, most, rows) in [
            ("busy: a b", 20, 3, &["busy: a b"][..]),
            ("busy: a b", 7, 3, &["busy: a", "b"]),
            ("busy: a b", 6, 3, &["busy:", "a b"]),
            ("busy: a b", 1, 2, &["busy: a b"]),
            ("one two three four", 5, 2, &["one", "two three four"]),
            ("", 5, 3, &[""]),
            ("answered after 1.0 s", 18, 3, &["answered after", "1.0 s"]),
            ("answered 200 OK", 13, 3, &["answered 200", "OK"]),
            ("1.0 s", 4, 3, &["1.0", "s"]),
            ("日本 語", 4, 3, &["日本", "語"]),
        ] {
            assert_eq!(broken(text, room, most), rows, "{text} {room}");
        }
    }
}
