//! Shows the progress of a long run: one line on the standard error, if that is a terminal.
//!
//! Must not know: what is read, what is printed.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::base::escape::escape;

/// A run that is shorter shows nothing.
const DELAY: Duration = Duration::from_millis(700);
/// Time between two updates.
const INTERVAL: Duration = Duration::from_millis(200);
/// Messages between two checks of the clock.
const BATCH: u64 = 2048;
/// Upper limit of the displayed file name, in characters.
const MOST_NAME: usize = 40;

/// The progress line, which is redrawn.
#[derive(Debug)]
pub(super) struct Progress {
    shows: bool,
    started: Instant,
    drawn: Option<Instant>,
    ticks: u64,
}

/// The progress of an input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The input's name.
    pub(super) file: &'a str,
    /// Stored bytes read so far.
    pub(super) read: u64,
    /// Total of the stored bytes, if known.
    pub(super) size: Option<u64>,
}

impl Progress {
    /// No line is shown if messages appear on the same terminal.
    pub(super) fn new(output_is_seen: bool) -> Self {
        let can_redraw = can_redraw(std::env::var_os("TERM").as_deref());
        let shows = !output_is_seen && can_redraw && io::stderr().is_terminal();
        Self { shows, started: Instant::now(), drawn: None, ticks: 0 }
    }

    /// Redraws the line from time to time.
    #[inline]
    pub(super) fn tick<'a>(&mut self, reading: impl FnOnce() -> Reading<'a>) {
        self.ticks += 1;
        if self.shows && self.ticks.is_multiple_of(BATCH) {
            self.draw(reading());
        }
    }

    fn draw(&mut self, reading: Reading<'_>) {
        let (now, elapsed) = (Instant::now(), self.started.elapsed());
        let due = self.drawn.map_or(elapsed > DELAY, |drawn| now - drawn > INTERVAL);
        if due {
            self.drawn = Some(now);
            // Failure to draw the line does not stop the run.
            let _ = write!(io::stderr().lock(), "\r{}\x1b[K", line(reading, elapsed));
        }
    }

    /// Removes the line.
    pub(super) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Whether a terminal of this type can erase a line.
fn can_redraw(term: Option<&OsStr>) -> bool {
    term.is_none_or(|name| name != "dumb")
}

/// `internal.dump  45%  12.3 MB  340 MB/s`
fn line(reading: Reading<'_>, elapsed: Duration) -> String {
    let name = escape(reading.file.as_bytes());
    let skip = name.chars().count().saturating_sub(MOST_NAME);
    let name: String = name.chars().skip(skip).collect();
    let megabytes = reading.read as f64 / 1e6;
    let rate = megabytes / elapsed.as_secs_f64().max(0.001);
    let share = match reading.size {
        Some(size @ 1..) => format!("  {}%", (reading.read.min(size) * 100 / size)),
        _ => String::new(),
    };
    format!("{name}{share}  {megabytes:.1} MB  {rate:.0} MB/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_cannot_erase_a_line_gets_no_progress() {
        for (term, want) in [(Some("xterm"), true), (Some("dumb"), false), (None, true)] {
            assert_eq!(can_redraw(term.map(OsStr::new)), want, "{term:?}");
        }
    }

    #[test]
    fn the_line_has_name_percentage_bytes_and_rate() {
        let second = Duration::from_secs(1);
        for (file, size, want) in [
            ("internal.dump", Some(100_000_000), "internal.dump  25%  25.0 MB  25 MB/s"),
            ("-", None, "-  25.0 MB  25 MB/s"),
            ("grown.dump", Some(20_000_000), "grown.dump  100%  25.0 MB  25 MB/s"),
            ("a\x1bb", Some(0), "a\\x1bb  25.0 MB  25 MB/s"),
        ] {
            assert_eq!(line(Reading { file, read: 25_000_000, size }, second), want);
        }
    }
}
