//! What became of the bytes of a log, as text or as JSON.
//!
//! Must not know: how they are counted.

use serde_json::{Value, json};

use crate::base::number::grouped;
use crate::store::{LogAccount, SkippedLine};

/// Why a line of a log is skipped.
const REASON: &str = "looks like the header of an entry, but no entry follows";

/// `N bytes: N of entries, N of other lines, N skipped in M places, the first at offset N`.
pub fn summary(log: &LogAccount) -> String {
    let [bytes, entries, others, skipped] = [log.bytes(), log.entries, log.others, log.skipped].map(grouped);
    let places = match (&log.listed[..], log.skipped_lines) {
        ([], _) => String::new(),
        ([line, ..], 1) => format!(" at offset {}", line.offset),
        ([line, ..], count) => {
            format!(" in {} places, the first at offset {}", grouped(count), line.offset)
        }
    };
    format!("{bytes} bytes: {entries} of entries, {others} of other lines, {skipped} skipped{places}")
}

/// The position, length and reason of a skipped line.
pub fn place(line: &SkippedLine) -> String {
    let SkippedLine { offset, length, .. } = line;
    format!("{offset}-{} ({length} bytes): {REASON}", offset + length)
}

/// The counts of each log, and its skipped lines.
pub fn json(logs: &[LogAccount]) -> Value {
    let place = |line: &SkippedLine| json!({"offset": line.offset, "length": line.length, "reason": REASON});
    let of_log = |log: &LogAccount| {
        json!({
            "file": log.file,
            "bytes": log.bytes(),
            "entry_bytes": log.entries,
            "other_bytes": log.others,
            "skipped_bytes": log.skipped,
            "skipped_lines": log.skipped_lines,
            "skipped": log.listed.iter().map(place).collect::<Vec<_>>(),
        })
    };
    logs.iter().map(of_log).collect()
}
