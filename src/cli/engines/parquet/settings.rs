//! What `--parquet` and the options beside it say.
//!
//! Must not know: tables, files of a table.

use std::fmt::Write;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::export::endpoints::Local;
use crate::export::file::Existing;

/// Where columns are written, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct ParquetFiles {
    pub(in crate::cli) folder: PathBuf,
    /// The host that the messages are of.
    pub(in crate::cli) node: Option<String>,
    /// Our addresses, as far as the user gave them.
    pub(in crate::cli) local: Local,
    /// What happens to an existing file.
    pub(in crate::cli) existing: Existing,
}

impl ParquetFiles {
    /// The folders of a partition: its day, its profile unless all are together, its host if one is named.
    pub(super) fn partition(&self, day: i32, profile: Option<&str>) -> String {
        let mut folder = format!("date={}", day_text(day));
        for (key, value) in [("profile", profile), ("host", self.node.as_deref())] {
            if let Some(value) = value {
                // Writing to memory does not fail.
                let _ = write!(folder, "/{key}={}", escaped(value));
            }
        }
        folder
    }
}

/// A value in the name of a folder: engines read `%2F` as a slash.
fn escaped(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    if out.is_empty() || out == "." || out == ".." { format!("_{out}") } else { out }
}

/// `2026-11-23` for days since 1970-01-01.
fn day_text(days: i32) -> String {
    let first = Date::constant(1970, 1, 1);
    first.checked_add(jiff::Span::new().days(days)).unwrap_or(first).to_string()
}
