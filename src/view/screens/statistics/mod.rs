//! Statistics: filter line, histogram over time, sections, the rows of one section.
//!
//! ```text
//!  / -method:options                                              1,204 of 406,828
//!  1,204 messages, 12 failed (1.0 %) · per 10 s: at most 214 at 06:12:20
//!    214 ┤    ▃  █
//!        │ ▂ ▅█▆▂█▇▃
//!      0 ┤▅█▇██████████▃
//! failed │     ▁  █                       share of the failures
//!        └06:12:00──06:13:00──
//!  1 Time  2 Calls  3 Methods  4 Codes  5 Peers  6 Agents  7 Phones  8 Input
//!    peer          messages   failed  response     95 %
//!  ▸ 192.0.2.21         812       12     21 ms   0.1 s
//! ```
//!
//! Must not know: what is counted, what keys do.

mod histogram;
mod table;

use ratatui::layout::Rect;

use crate::app::parts::TextExtent;
use crate::app::screens::statistics::RegionBytes;
use crate::app::section::Section;
use crate::app::{App, StatisticsScreen, Target};
use crate::base::number::grouped;
use crate::style::Role;
use crate::view::layout::take_top;
use crate::view::parts::Surface;
use crate::view::parts::cell_writer::width;

use super::ScreenView;
use super::messages::filter_line;

/// Shown while there is no filter.
const HINT: &str = "filter:  -method:options  status:4xx  addr:192.0.2.7  kind:register";
/// From this height on the histogram is shown, and then has that share of it.
const LEAST_FOR_HISTOGRAM: u16 = 14;

impl ScreenView for StatisticsScreen {
    fn body(&self, app: &App, area: Rect, surface: &mut Surface<'_>) {
        let mut body = area;
        let line = take_top(&mut body, 1);
        surface.target(Target::Panes, body);
        filter_line::draw_line(&self.filter, (HINT, count(self, app), !self.is_complete()), line, surface);
        if body.height >= LEAST_FOR_HISTOGRAM {
            let height = (body.height * 2 / 5).clamp(7, 16);
            histogram::draw(self, app, take_top(&mut body, height), surface);
        }
        if let Some(bytes) = &self.bytes {
            draw_bytes(bytes, app, body, surface);
        } else {
            sections(self.section, take_top(&mut body, 1), surface);
            table::draw(self, app, body, surface);
        }
        filter_line::draw_below(&self.filter, Rect { y: line.bottom(), ..line }, surface);
    }
}

/// `1,204 of 406,828`, and how far counting is.
fn count(screen: &StatisticsScreen, app: &App) -> [String; 2] {
    let statistics = &screen.statistics;
    let all = app.session.snapshot.len() as u64;
    let is_filtered = !screen.filter.filter.is_all();
    let mut long = if is_filtered || !screen.is_complete() {
        format!("{} of {}", grouped(statistics.messages), grouped(all))
    } else {
        String::new()
    };
    if statistics.unreadable > 0 {
        long = format!("{long}  {} not read: text gone", grouped(statistics.unreadable));
    }
    let short = if long.is_empty() { String::new() } else { grouped(statistics.messages) };
    if screen.is_stale {
        return ["counting…".to_owned(), "…".to_owned()];
    }
    if !screen.is_complete() {
        let share = statistics.scanned * 100 / all.max(1);
        let doing = if statistics.unread > 0 && share >= 100 {
            format!("  reading {} texts…", grouped(statistics.unread))
        } else {
            format!("  counting {}%…", share.min(99))
        };
        return [long + &doing, short + "…"];
    }
    [long, short]
}

/// The headings of the sections; where they have no room, that of the shown one.
fn sections(shown: Section, area: Rect, surface: &mut Surface<'_>) {
    surface.row(area, 0).fill("─", Role::Dim);
    let label = |number: usize, section: Section| format!(" {} {} ", number + 1, section.title());
    let labels: Vec<String> =
        Section::ALL.iter().enumerate().map(|(number, section)| label(number, *section)).collect();
    let all: usize = labels.iter().map(|label| width(label)).sum();
    let gap = usize::from(all + Section::ALL.len() < usize::from(area.width));
    let mut x = area.x + 1;
    if all > usize::from(area.width).saturating_sub(1) {
        let text = format!(" {} ({} of {}) ", shown.title(), shown as usize + 1, Section::ALL.len());
        let place = Rect { x, width: area.width.saturating_sub(1), ..area };
        surface.row(place, 0).put(&text, Role::Strong);
        return;
    }
    for (section, label) in Section::ALL.into_iter().zip(&labels) {
        let place = Rect { x, width: width(label) as u16, height: 1, ..area };
        let role = if section == shown { Role::Selected } else { Role::Plain };
        surface.row(place, 0).put(label, role);
        surface.target(Target::Section(section), place);
        x = place.right() + gap as u16;
    }
}

/// The bytes of a region in hex.
fn draw_bytes(bytes: &RegionBytes, app: &App, area: Rect, surface: &mut Surface<'_>) {
    let mut area = area;
    let head = take_top(&mut area, 1);
    surface.row(head, 0).fill("─", Role::Accent);
    let region = bytes.region;
    let (_, position) = app.session.snapshot.position(bytes.source, region.offset);
    let title =
        format!(" {}: {} bytes from offset {} ", region.reason, grouped(region.len), grouped(position));
    surface
        .row(Rect { x: head.x + 1, width: head.width.saturating_sub(1), ..head }, 0)
        .put(&title, Role::Strong);
    surface.target(Target::Details, area);
    let lines = match &bytes.lines {
        None => return surface.message(area, "reading…", ""),
        Some(Err(why)) => return surface.message(area, why, "Esc goes back to the list"),
        Some(Ok(lines)) if lines.is_empty() => {
            return surface.message(area, "the input has no such bytes", "Esc goes back to the list");
        }
        Some(Ok(lines)) => lines,
    };
    let shown = usize::from(area.height).min(lines.len());
    let last_top = lines.len() - shown;
    surface.targets.details = TextExtent { shown, last_top, ..TextExtent::default() };
    let top = bytes.view.top.min(last_top);
    for (y, line) in (0_u16..).zip(lines.iter().skip(top).take(shown)) {
        let mut row = surface.row(area, y);
        row.skip(1);
        for span in &line.spans {
            row.put(&span.text, span.role);
        }
    }
    let mut row = surface.row(head, 0);
    let end = (top + shown) * 16;
    let cut = if (lines.len() as u64 * 16) < region.len { ", the rest is not shown" } else { "" };
    row.skip(usize::from(head.width / 2));
    row.put_at_end(&format!(" to byte {}{cut} ", grouped(region.len.min(end as u64))), 1, Role::Plain);
    surface.cursor(area.x, area.y);
}
