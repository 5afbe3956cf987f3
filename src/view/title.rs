//! The title: what is open, how many messages, how far it is loaded, how whole it is.
//!
//! Must not know: rows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Following};
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::store::{Progress, Snapshot};

use super::Theme;
use super::figures::{bytes, counted};
use super::pen::{self, Pen};

/// Cells of the bar between its ends.
const BAR: usize = 10;
/// While the size is not known, the bar's block moves on by a cell for each of these many bytes.
const BYTES_PER_CELL: u64 = 4 << 20;
/// The least that the name of the input keeps.
const LEAST_NAME: usize = 12;

/// Draws the title.
pub(super) fn draw(app: &App, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let snapshot = &*app.snapshot;
    let progress = &snapshot.progress;
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    // From the right end inwards; what has no room is left out, the least important first.
    let room_for = |pen: &Pen<'_>, text: &str| pen.room() > pen::width(text) + LEAST_NAME + 2;
    let count = counted(snapshot.len() as u64, "message");
    let is_growing = app.following != Following::Off && (progress.caught_up || progress.done);
    let share = if is_growing { following(app.following).to_owned() } else { share(progress) };
    let bar = if is_growing { String::new() } else { bar(progress) };
    let skipped = format!("skipped {}", skipped_bytes(progress.bytes_skipped));
    let whole = progress.bytes_skipped == 0;
    let all = format!("{count}  {bar} {share}  {skipped}");
    let with_bar = !is_growing && room_for(&pen, &all);
    let with_skipped = with_bar || room_for(&pen, &format!("{count}  {share}  {skipped}"));
    if with_skipped {
        pen.put_at_end(&format!("{skipped} "), 2, if whole { theme.dim() } else { theme.warning() });
    }
    pen.put_at_end(&share, 1, if progress.done { theme.dim() } else { theme.accent() });
    if with_bar {
        pen.put_at_end(&bar, 1, if progress.done { theme.dim() } else { theme.accent() });
    }
    if room_for(&pen, &count) {
        pen.put_at_end(&count, 2, Style::new());
    }
    if pen.room() > LEAST_NAME + 10 {
        pen.put("sofiatui", theme.accent());
        pen.skip(2);
    }
    let room = pen.room();
    pen.put(&names(snapshot, room), theme.strong());
}

/// Draws the line that tells what went wrong with an input.
pub(super) fn banner(errors: &[String], theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(first) = errors.first() else { return };
    let mut pen = Pen::new(buf, area, 0);
    pen.skip(1);
    if errors.len() > 1 {
        pen.put_at_end(&format!("(+{} more) ", errors.len() - 1), 1, theme.error());
    }
    pen.put(&escape(first.as_bytes()), theme.error());
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
        if at > 0 && pen::width(&out) + separator.len() + pen::width(&name) + more.len() > room {
            return format!("{out} +{}", rest + 1);
        }
        out.push_str(separator);
        out.push_str(&pen::fit(&name, room.saturating_sub(more.len()).max(1)));
    }
    out
}

/// The bytes that are in no frame, to the last one as long as anybody could want that.
fn skipped_bytes(skipped: u64) -> String {
    if skipped < 1_000_000_000 { format!("{} B", grouped(skipped)) } else { bytes(skipped) }
}

/// What stands in the place of the share while the inputs are followed.
const fn following(following: Following) -> &'static str {
    match following {
        Following::AtLast => "following",
        Following::Loose | Following::Off => "following below",
    }
}

/// How much is loaded, in figures.
fn share(progress: &Progress) -> String {
    match progress.percent() {
        Some(percent) => format!("{percent:>3}%"),
        None => bytes(progress.bytes_read),
    }
}

/// How much is loaded, as a bar of eighths of cells; where the size is not known, a block that
/// moves as long as bytes come in.
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
    fn the_bar_grows_by_eighths_and_is_full_only_at_the_end() {
        for (read, total, done, want) in [
            (0, Some(1000), false, "▕          ▏   0%"),
            (460, Some(1000), false, "▕████▌     ▏  46%"),
            (1000, Some(1000), false, "▕█████████▉▏  99%"),
            (1000, Some(1000), true, "▕██████████▏ 100%"),
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
