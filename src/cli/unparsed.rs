//! The skipped regions of an input, on the standard error.
//!
//! Must not know: what is printed on the standard output.

use std::io::{self, Write};

use crate::base::escape::escape;
use crate::export::stats::Places;
use crate::frame::{ParseStats, SkipReason};

/// Says for each region where it is, how long, why it was skipped, and what its bytes are: `OFFSET-END (N bytes): reason`,
/// with the name of the input in front where there are several.
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
    // Where even that cannot be written there is nobody to tell.
    let _ = io::stderr().lock().write_all(&out);
}

/// Says that a file begins with bytes that stand at the end of the file before it, and were read there.
pub(super) fn replayed(file: &str, bytes: u64) {
    let (file, reason) = (escape(file.as_bytes()), SkipReason::ReplayedFrame);
    // Where even that cannot be written there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "{file}: 0-{bytes} ({bytes} bytes): {reason}");
}
