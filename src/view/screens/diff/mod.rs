//! What FreeSWITCH changed: the messages, the steps as tabs, and the entries; side by side where there is room.
//!
//! ```text
//!  pair 1 of 2: A 198.51.100.13:5060, B 192.0.2.21:5060
//! ─ INVITE ─ 180 ─ 486 ──────────────── 9 rewritten, 3 dropped, 2 added ─ 1–14 of 21 ─
//!  A 05:53:48.014447 received INVITE from 198.51.100.13:5060
//!  B 05:53:48.036266 sent INVITE to 192.0.2.21:5060
//! Header fields
//! ~ From             A "Carol" <sip:1013@pbx.example>
//!                    B "Carol" <sip:+12025550113@203.0.113.5>
//! - X-Tenant         A 7
//! ```
//!
//! Must not know: how messages are compared, what keys do.

mod rows;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::parts::TextExtent;
use crate::app::screens::diff::Side;
use crate::app::{App, DiffScreen, Target};
use crate::diff::Change;
use crate::style::Role;
use crate::view::layout::take_top;
use crate::view::parts::Surface;

use super::ScreenView;
use rows::Rows;

/// The signs of a comparison, and what they mean.
const SIGNS: [(&str, &str); 3] = [
    ("~", "rewritten: both messages have it, with another value"),
    ("-", "dropped: only the received message has it"),
    ("+", "added: only the sent message has it"),
];
/// A screen of fewer rows shows what differs, and not which messages are compared.
const LEAST_FOR_SIDES: u16 = 6;
const SIGNS_OF_MARKED: [(&str, &str); 3] = [
    ("~", "rewritten: both messages have it, with another value"),
    ("-", "dropped: only the first message has it"),
    ("+", "added: only the second message has it"),
];

impl ScreenView for DiffScreen {
    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut body = area;
        let Some(sides) = self.sides(&app.session.snapshot) else { return };
        let tabs = take_top(&mut body, 1);
        let rows_of_sides = if area.height < LEAST_FOR_SIDES { 0 } else { 2 };
        draw_sides(&sides, take_top(&mut body, rows_of_sides), surface);
        surface.target(Target::Details, body);
        let rows = Rows::of(self, &sides, body, &app.session.privacy);
        let drawn = rows.draw(self.view.top, body, surface);
        surface.targets.details =
            TextExtent { shown: drawn.shown, last_top: drawn.last_top, ..TextExtent::default() };
        let position = (drawn.shown < rows.len())
            .then(|| format!("{}–{} of {}", drawn.top + 1, drawn.top + drawn.shown, rows.len()));
        draw_tabs(self, app, (tabs, position), surface);
        surface.cursor(body.x, body.y);
    }

    fn signs(&self) -> &'static [(&'static str, &'static str)] {
        if self.pairs.is_empty() { &SIGNS_OF_MARKED } else { &SIGNS }
    }
}

/// The two messages, each on a line.
fn draw_sides(sides: &[Side; 2], area: Rect, surface: &mut Surface<'_>) {
    let names = sides.iter().map(|side| side.name.len()).max().unwrap_or_default();
    for (y, side) in (0..).zip(sides) {
        let mut row = surface.row(area, y);
        row.skip(1);
        row.column(&side.name, names + 1, Role::Heading);
        row.put(&side.time, Role::Dim);
        row.skip(usize::from(!side.time.is_empty()));
        row.put(&side.text, if side.time.is_empty() { Role::Warning } else { Role::Plain });
    }
}

/// The steps, how much differs, and how far the text is scrolled.
fn draw_tabs(
    screen: &DiffScreen,
    app: &App,
    (area, position): (Rect, Option<String>),
    surface: &mut Surface<'_>,
) {
    surface.row(area, 0).fill("─", Role::Dim);
    let mut places = Vec::new();
    let mut row = surface.row(area, 0);
    let titles: Vec<String> =
        screen.steps.iter().map(|step| screen.step_title(&app.session.snapshot, step)).collect();
    let needed: usize = titles.iter().map(|title| title.chars().count() + 3).sum();
    for text in [position, counts(screen), pair(screen)].into_iter().flatten() {
        if row.room() > needed + text.chars().count() + 4 {
            row.put_at_end("─", 0, Role::Dim);
            row.put_at_end(&format!(" {text} "), 0, Role::Plain);
        }
    }
    for (number, title) in titles.iter().enumerate() {
        row.put("─", Role::Dim);
        let (start, room) = (row.x, row.room());
        let style = if number == screen.step { row.style(Role::Selected) } else { Style::new() };
        row.put_styled(&format!(" {title} "), room, Style::reset().patch(style));
        places.push((number, Rect { x: start, width: row.x - start, height: 1, ..area }));
    }
    for (number, area) in places {
        surface.target(Target::Step(number), area);
    }
}

/// `9 rewritten, 3 dropped, 2 added`.
fn counts(screen: &DiffScreen) -> Option<String> {
    let comparison = screen.comparison.as_ref()?;
    let named = [(Change::Rewritten, "rewritten"), (Change::Dropped, "dropped"), (Change::Added, "added")];
    let counts = named.map(|(change, name)| (comparison.count(change), name));
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    Some(if parts.is_empty() { "nothing differs".to_owned() } else { parts.join(", ") })
}

/// `legs A B, 1 of 3`, where there are several.
fn pair(screen: &DiffScreen) -> Option<String> {
    let pair = screen.pairs.get(screen.pair).filter(|_| screen.pairs.len() > 1)?;
    let [a, b] = &pair.names;
    Some(format!("legs {a} {b}, {} of {}", screen.pair + 1, screen.pairs.len()))
}
