//! The skipped regions of an input, on the standard error.
//!
//! Must not know: what is printed on the standard output.

use std::io::{self, Write};

use crate::base::escape::escape;
use crate::frame::ParseStats;
use crate::store::Source;

/// Says for each region where it is, how long, why it was skipped, and what its bytes are: `OFFSET-END (N bytes): reason`,
/// with the name of the input in front where there are several.
pub(super) fn report(source: Option<&Source>, stats: &ParseStats) {
    let mut out = Vec::new();
    let name = source.map(|source| format!("{}: ", escape(source.file.as_bytes()))).unwrap_or_default();
    for region in stats.unparsed_regions() {
        let end = region.offset + region.length;
        // Appending to a vector cannot fail.
        let _ = writeln!(out, "{name}{}-{end} ({} bytes): {}", region.offset, region.length, region.reason);
        if let Some(data) = region.data.as_ref().filter(|data| !data.is_empty()) {
            let _ = writeln!(out, "  {}", escape(data));
        }
    }
    let listed = stats.unparsed_regions().len() as u64;
    if listed < stats.unparsed_region_count() {
        let _ = writeln!(out, "{name}{} more regions", stats.unparsed_region_count() - listed);
    }
    // Where even that cannot be written there is nobody to tell.
    let _ = io::stderr().lock().write_all(&out);
}
