//! The title: what is open, how many messages, how far it is loaded, what was not understood.
//!
//! Must not know: rows.

use crate::app::keymap::Context;
use crate::app::parts::Mouse;
use crate::app::{App, Following};
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::store::{Progress, Snapshot};
use crate::style::Role;

use super::parts::cell_writer::{CellWriter, fit, width};
use super::parts::format::{bytes, counted};

/// Cells of the bar between its ends.
const BAR: usize = 10;
/// While the size is not known, the block of the bar moves on by a cell for each of these bytes.
const BYTES_PER_CELL: u64 = 4 << 20;
/// The least that the name of the input keeps.
const LEAST_NAME: usize = 12;
/// Below this width the title does not say that the terminal has the mouse.
const LEAST_FOR_MOUSE: usize = 70;
/// The program's name.
pub(super) const NAME: &str = "sofiatui";

/// Draws at the right end what the screen or the mouse does differently: `MASKED`.
pub(super) fn modes(app: &App, row: &mut CellWriter<'_>) {
    if app.session.privacy.is_masked() {
        row.put_at_end(" MASKED ", 0, Role::Warning);
    }
    if app.prefs.mouse == Mouse::Terminal && row.room() > LEAST_FOR_MOUSE {
        row.put_at_end(" no mouse (m) ", 0, Role::Dim);
    }
}

/// Draws the title: from the right end inwards; what has no room is omitted, the least important first.
pub(super) fn draw(app: &App, row: &mut CellWriter<'_>) {
    draw_counting(app, &counted(app.session.snapshot.len() as u64, "message"), row);
}

/// The same with something else that is counted.
pub(super) fn draw_counting(app: &App, count: &str, row: &mut CellWriter<'_>) {
    let session = &app.session;
    let snapshot = &*session.snapshot;
    let progress = &snapshot.progress;
    row.skip(1);
    let is_live = session.following != Following::Off && (progress.caught_up || progress.done);
    let state = if is_live { live(app) } else { share(progress) };
    let bar = if is_live || progress.done { String::new() } else { bar(progress) };
    let lost = lost(progress);
    let room_for = |row: &CellWriter<'_>, text: &str| row.room() > width(text) + LEAST_NAME + 2;
    if !lost.is_empty() && room_for(row, &format!("{count}  {state}  {lost}")) {
        row.put_at_end(&format!("{lost} "), 2, Role::Warning);
    }
    if !state.is_empty() {
        let distance = if bar.is_empty() { 2 } else { 1 };
        row.put_at_end(&state, distance, Role::Accent);
    }
    if !bar.is_empty() && room_for(row, &format!("{count}  {bar}")) {
        row.put_at_end(&bar, 2, Role::Accent);
    }
    if room_for(row, count) {
        row.put_at_end(&format!("{count} "), 1, Role::Plain);
    }
    if row.room() > LEAST_NAME + 10 {
        row.put(NAME, Role::Accent);
        row.skip(2);
    }
    let room = row.room();
    row.put(&names(snapshot, room), Role::Strong);
}

/// Draws the line that says what could not be read.
pub(super) fn banner(errors: &[String], row: &mut CellWriter<'_>) {
    let Some(first) = errors.first() else { return };
    row.skip(1);
    if errors.len() > 1 {
        row.put_at_end(&format!("(+{} more) ", errors.len() - 1), 1, Role::Error);
    }
    row.put(&escape(first.as_bytes()), Role::Error);
}

/// The inputs by their names, as many as have room, then how many more there are.
fn names(snapshot: &Snapshot, room: usize) -> String {
    let sources = &snapshot.sources;
    let mut out = String::new();
    for (at, source) in sources.iter().enumerate() {
        let name = source.file.rsplit('/').next().unwrap_or_default();
        let name = escape(name.as_bytes());
        let name = match (source.rotated.len(), source.left_out) {
            (0, 0) => name,
            (rotated, 0) => format!("{name} +{rotated} rotated").into(),
            (rotated, left_out) => format!("{name} +{rotated} of {} rotated", rotated + left_out).into(),
        };
        let rest = sources.len() - at - 1;
        let more = if rest > 0 { format!(" +{rest}") } else { String::new() };
        let separator = if at == 0 { "" } else { ", " };
        if at > 0 && width(&out) + separator.len() + width(&name) + more.len() > room {
            return format!("{out} +{}", rest + 1);
        }
        out.push_str(separator);
        out.push_str(&fit(&name, room.saturating_sub(more.len()).max(1)));
    }
    out
}

/// The bytes that are in no frame; empty if there are none.
fn lost(progress: &Progress) -> String {
    match progress.bytes_skipped {
        0 => String::new(),
        skipped @ 1..1000 => format!("{skipped} B not understood"),
        skipped => format!("{} not understood", bytes(skipped)),
    }
}

/// Whether the list shows new messages, how many it does not show, and the key that shows them. Other screens have no such
/// list: they show what changes.
fn live(app: &App) -> String {
    let below = app.session.new_below as u64;
    let new = grouped(below);
    match app.session.following {
        _ if !app.contexts().contains(&Context::Messages) => "LIVE".to_owned(),
        Following::Scrolled if below == 0 => "LIVE".to_owned(),
        Following::Paused if below == 0 => "PAUSED (F)".to_owned(),
        Following::Scrolled => format!("LIVE, {new} new below (G)"),
        Following::Paused => format!("PAUSED, {new} new (F)"),
        Following::Off | Following::AtLast => "LIVE".to_owned(),
    }
}

/// How much is loaded; empty if all is.
fn share(progress: &Progress) -> String {
    match progress.percent() {
        _ if progress.done => String::new(),
        Some(percent) => format!("{percent:>3}%"),
        None => bytes(progress.bytes_read),
    }
}

/// How much is loaded, as a bar of eighths of cells; if the size is not known, a block that moves as long as bytes arrive.
fn bar(progress: &Progress) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let cell = |at: usize| match progress.percent() {
        Some(percent) => match (usize::from(percent) * BAR * 8 / 100).saturating_sub(at * 8) {
            8.. => '█',
            eighths => EIGHTHS[eighths],
        },
        None if (progress.bytes_read / BYTES_PER_CELL) as usize % BAR == at => '█',
        None => ' ',
    };
    format!("▕{}▏", (0..BAR).map(cell).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Source;

    fn progress(bytes_read: u64, bytes_total: Option<u64>, done: bool) -> Progress {
        Progress { bytes_total, bytes_read, done, ..Progress::default() }
    }

    #[test]
    fn the_bar_grows_by_eighths_and_is_never_full_while_loading() {
        for (read, total, done, want) in [
            (0, Some(1000), false, "▕          ▏   0%"),
            (460, Some(1000), false, "▕████▌     ▏  46%"),
            (1000, Some(1000), false, "▕█████████▉▏  99%"),
            (13 << 20, None, false, "▕   █      ▏ 13.6 MB"),
        ] {
            let progress = progress(read, total, done);
            assert_eq!(format!("{} {}", bar(&progress), share(&progress)), want);
        }
    }

    #[test]
    fn inputs_are_named_as_long_as_there_is_room() {
        let mut snapshot = Snapshot::default();
        let named = |file: &str| Source::new("", file);
        snapshot.sources = ["/var/log/internal.dump", "external.dump", "e\u{1b}.dump"].map(named).into();
        let mut sources = snapshot.sources.to_vec();
        sources[0].rotated = ["1", "2", "3"].map(str::to_owned).into();
        let mut set = snapshot.clone();
        set.sources = sources.into();
        assert_eq!(names(&set, 31), "internal.dump +3 rotated +2");
        for (room, want) in [
            (60, r"internal.dump, external.dump, e\x1b.dump"),
            (30, "internal.dump, external.dump +1"),
            (20, "internal.dump +2"),
            (10, "interna… +2"),
        ] {
            assert_eq!(names(&snapshot, room + 1), want, "{room}");
        }
    }
}
