//! `--parquet`: writes messages and calls as columns for ClickHouse, DuckDB, Spark and Trino.
//!
//! Must not know: how legs are joined, the format of the files.

mod calls;
mod messages;
mod partitions;
pub(in crate::cli) mod settings;

use std::io;
use std::process::ExitCode;

use crate::calls::{Calls, Chosen, calls_of};
use crate::cli::plan::{Plan, Print};
use crate::cli::{FAILURE, NOTHING, SUCCESS, legs, problem};
use crate::export::endpoints::Local;
use crate::store::{RowRef, Snapshot};

use super::capture::Capture;
use super::zone::Zone;
use partitions::{Partition, Partitions};
use settings::ParquetFiles;

/// What was written.
#[derive(Debug, Default)]
struct Written {
    messages: u64,
    calls: usize,
    files: usize,
    unreadable: u64,
}

/// Writes what `plan` selects, and returns the exit status.
pub(in crate::cli) fn run(plan: &Plan, print: &Print, to: &ParquetFiles) -> ExitCode {
    plan.refused.iter().for_each(problem::say);
    let Some(snapshot) = crate::cli::calls::index(plan) else { return ExitCode::from(FAILURE) };
    snapshot.progress.errors.iter().for_each(problem::say);
    let matching = legs::matching_messages(plan, &snapshot);
    let wanted = legs::extended(plan, print, &snapshot, &matching);
    if wanted.is_empty() {
        return ExitCode::from(if snapshot.progress.errors.is_empty() { NOTHING } else { FAILURE });
    }
    let rows = || wanted.iter().filter_map(|message| snapshot.row(*message));
    let result = write_messages(rows(), to).and_then(|written| write_calls(&snapshot, rows(), (to, written)));
    match result {
        Ok(Written { messages, calls, files, unreadable }) => {
            let folder = problem::name(&to.folder);
            problem::say(&format_args!("{messages} messages and {calls} calls in {files} files in {folder}"));
            if unreadable > 0 {
                problem::say(&format_args!("{unreadable} messages cannot be read: the file changed"));
            }
            let is_whole = unreadable == 0 && plan.refused.is_empty() && snapshot.progress.errors.is_empty();
            ExitCode::from(if is_whole { SUCCESS } else { FAILURE })
        }
        Err(error) => {
            problem::say(&format_args!("--parquet: {error}"));
            ExitCode::from(FAILURE)
        }
    }
}

fn write_messages<'a>(rows: impl Iterator<Item = RowRef<'a>>, to: &ParquetFiles) -> io::Result<Written> {
    let mut written = Written::default();
    let mut capture = Capture::new(Local::clone(&to.local));
    let mut partitions = Partitions::new(to.folder.join("messages"), messages::COLUMNS, to.existing);
    // Most messages belong to the partition of the one before.
    let mut last = (i32::MIN, u16::MAX, String::new());
    for row in rows {
        let read = capture.with(&row, |stored, context| {
            let day = messages::date(context.micros);
            if (last.0, last.1) != (day, row.row.source) {
                last = (day, row.row.source, to.partition(day, Some(stored.profile)));
            }
            let name = || tag(&row, stored.profile);
            let partition = Partition { folder: &last.2, name: &name };
            partitions.row(partition, |out| {
                messages::fill(out, to.node.as_deref(), stored, &context);
            })
        });
        match read {
            Ok(result) => result?,
            Err(_) => written.unreadable += 1,
        }
        written.messages += 1;
    }
    written.messages -= written.unreadable;
    written.files = partitions.finish()?;
    Ok(written)
}

fn write_calls<'a>(
    snapshot: &'a Snapshot,
    rows: impl Iterator<Item = RowRef<'a>>,
    (to, written): (&ParquetFiles, Written),
) -> io::Result<Written> {
    let Some(calls) = Calls::of(snapshot) else { return Ok(written) };
    let (mut chosen, mut zone) = (Chosen::default(), Zone::here());
    rows.for_each(|row| chosen.add(calls, row.row));
    let found = calls_of(calls, snapshot, |leg| chosen.has_leg(leg));
    let mut partitions = Partitions::new(to.folder.join("calls"), calls::COLUMNS, to.existing);
    for call in &found {
        let first = call.legs.main();
        let start = calls::time(&mut zone, snapshot, first.leg.first).unwrap_or_default();
        let folder = to.partition(messages::date(start), None);
        let name = || snapshot.row(first.leg.first).map_or_else(String::new, |row| tag(&row, "calls"));
        calls::rows(call, to.node.as_deref(), &mut zone, |_, fill| {
            partitions.row(Partition { folder: &folder, name: &name }, fill)
        })?;
    }
    let files = written.files + partitions.finish()?;
    Ok(Written { calls: found.len(), files, ..written })
}

/// The name of a file with this first message: the same whenever the same messages are written, and no other's.
fn tag(row: &RowRef<'_>, prefix: &str) -> String {
    let time = row.row.time.rem_euclid(crate::store::DAY) / 1_000_000;
    let clock = format!("{:02}{:02}{:02}", time / 3600, time / 60 % 60, time % 60);
    let place = [row.row.time.to_le_bytes(), row.row.offset.to_le_bytes()].concat();
    let hash = crate::base::hash64(&[row.call_id(), row.peer(), row.method(), &place]);
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let prefix: String = prefix.chars().map(safe).collect();
    format!("{prefix}-{clock}-{hash:016x}")
}
