//! Reports the skipped regions of an input on the standard error.
//!
//! Must not know: what is printed on the standard output.

use std::io::{self, Write};

use crate::base::escape::escape;
use crate::export::log_stats;
use crate::export::stats::Places;
use crate::frame::{ParseStats, SkipReason};
use crate::store::LogAccount;

/// Prints for each region its position, length, reason and bytes: `OFFSET-END (N bytes): reason`, with the name of the
/// input before it if there are several.
pub(super) fn report(places: &Places, is_named: bool, stats: &ParseStats) {
    let mut out = Vec::new();
    let named = |file: &str| if is_named { format!("{}: ", escape(file.as_bytes())) } else { String::new() };
    for region in stats.unparsed_regions() {
        let (file, offset) = places.of(region.offset);
        let (name, end) = (named(file), offset + region.length);
        // Appending to a vector cannot fail.
        let _ = writeln!(out, "{name}{offset}-{end} ({} bytes): {}", region.length, region.reason);
        if let Some(data) = region.data.as_ref().filter(|data| !data.is_empty()) {
            let _ = writeln!(out, "  {}", escape(data));
        }
    }
    let listed = stats.unparsed_regions().len() as u64;
    if listed < stats.unparsed_region_count() {
        let name = named(places.name());
        let _ = writeln!(out, "{name}{} more regions", stats.unparsed_region_count() - listed);
    }
    // If even the standard error cannot be written, no report is possible.
    let _ = io::stderr().lock().write_all(&out);
}

/// Prints the same for the skipped lines of a log.
pub(super) fn log(log: &LogAccount, is_named: bool) {
    let name = if is_named { format!("{}: ", escape(log.file.as_bytes())) } else { String::new() };
    let mut out = Vec::new();
    for line in &log.listed {
        // Appending to a vector cannot fail.
        let _ = writeln!(out, "{name}{}\n  {}", log_stats::place(line), escape(&line.text));
    }
    if log.unlisted() > 0 {
        let _ = writeln!(out, "{name}{} more skipped lines", log.unlisted());
    }
    // If even the standard error cannot be written, no report is possible.
    let _ = io::stderr().lock().write_all(&out);
}

/// Reports that a file begins with bytes that repeat the end of the preceding file, where they were already read.
pub(super) fn replayed(file: &str, bytes: u64) {
    let (file, reason) = (escape(file.as_bytes()), SkipReason::ReplayedFrame);
    // If even the standard error cannot be written, no report is possible.
    let _ = writeln!(io::stderr().lock(), "{file}: 0-{bytes} ({bytes} bytes): {reason}");
}
