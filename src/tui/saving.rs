//! Saves files: checks the name, writes beside it, and says what became of it.
//!
//! Must not know: keys, how a format is written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::app::saving::{NotSaved, Overwrite, Redaction, SaveRequest, Saved};
use crate::base::escape::escape;
use crate::export::calls_table;
use crate::export::csv;
use crate::export::file::{Existing, OutputFile, full_name, same_among, why_not};
use crate::export::format::Rows;
use crate::export::save::{Content, How, Written, write};
use crate::load::sets::is_rotated;
use crate::store::{MessageIdx, Snapshot};

use super::redacted::redacted;

/// Time between two reports about the progress.
const INTERVAL: Duration = Duration::from_millis(100);

/// Saves a file. `go_on` takes the numbers of messages, those that are written and all of them, and says whether to go on.
///
/// # Errors
/// Why there is no new file; then nothing is left of it.
pub fn save(request: &SaveRequest, go_on: &mut dyn FnMut(usize, usize) -> bool) -> Result<Saved, NotSaved> {
    let path = expanded(&request.path);
    check(&path, &request.snapshot)?;
    let existing = match request.overwrite {
        Overwrite::Ask => Existing::Keep,
        Overwrite::Yes => Existing::Replace,
    };
    let mut file = OutputFile::create(&path, existing).map_err(|error| not_saved(&error))?;
    if !go_on(0, 0) {
        return Err(NotSaved::Stopped);
    }
    let written = written(request, &mut file, go_on)?;
    if written.count == 0 {
        return Err(NotSaved::Failed("there is nothing to write".to_owned()));
    }
    file.publish().map_err(|error| not_saved(&error))?;
    let Written { count, bytes, unreadable } = written;
    let rows = if request.format.is_report() { Rows::Calls } else { request.rows };
    Ok(Saved { path: request.path.clone(), rows, count, bytes, unreadable })
}

/// Writes the messages, redacted if that is wanted. A redacted file has no notes: anything can be in them.
fn written(
    request: &SaveRequest,
    file: &mut OutputFile,
    go_on: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Written, NotSaved> {
    let (messages, rows) = (request.messages(), request.rows);
    let total = messages.len();
    let result = if request.redaction == Redaction::On {
        let redacted = redacted(&request.snapshot, &messages, &mut || go_on(0, total));
        let Some(snapshot) = redacted.map_err(|error| not_saved(&error))? else {
            return Err(NotSaved::Stopped);
        };
        let messages: Vec<MessageIdx> = (0..snapshot.len() as MessageIdx).collect();
        let content = Content { snapshot: &snapshot, messages: &messages, rows, notes: None };
        write(content, &how(request), file, &mut |done| go_on(done, total))
    } else {
        let notes = Some(&request.notes);
        let content = Content { snapshot: &request.snapshot, messages: &messages, rows, notes };
        write(content, &how(request), file, &mut |done| go_on(done, total))
    };
    let written = result.and_then(|written| file.flush().map(|()| written));
    written.map_err(|error| not_saved(&error))?.ok_or(NotSaved::Stopped)
}

/// How it is written: the columns are those of the lists.
pub(super) fn how(request: &SaveRequest) -> How {
    let columns = request.columns.iter().filter_map(|name| csv::Column::named(name)).collect();
    let of_calls = request.call_columns.iter().filter_map(|name| calls_table::Column::named(name)).collect();
    How { columns, call_columns: of_calls, ..How::usual(request.format) }
}

/// The name with `~` as in a shell.
fn expanded(typed: &str) -> PathBuf {
    let home = || std::env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    match typed.strip_prefix('~') {
        Some("") => home().unwrap_or_else(|| typed.into()),
        Some(rest) if rest.starts_with('/') => {
            home().map_or_else(|| typed.into(), |home| home.join(rest.trim_start_matches('/')))
        }
        _ => typed.into(),
    }
}

/// Refuses what is open, and what is no file.
fn check(path: &Path, snapshot: &Snapshot) -> Result<(), NotSaved> {
    let inputs = || snapshot.sources.iter().flat_map(|source| source.paths.iter().map(PathBuf::as_path));
    let refuse = |input: &Path, what: &str| {
        Err(NotSaved::Failed(format!("{what}: {}", escape(input.as_os_str().as_encoded_bytes()))))
    };
    if let Some(input) = same_among(path, inputs()) {
        return refuse(input, "this is an input, which is never overwritten");
    }
    // A file of the same trace may be read later, whether or not it is open.
    if let Some(name) = full_name(path).filter(|name| name.exists())
        && let Some(input) =
            inputs().find(|input| full_name(input).is_some_and(|input| is_rotated(&input, &name)))
    {
        return refuse(input, "this is a rotated file of an input");
    }
    match fs::metadata(path) {
        // Opening a pipe would wait for a reader.
        Ok(found) if !found.is_file() && !found.is_dir() => {
            Err(NotSaved::Failed("this is not a regular file".to_owned()))
        }
        _ => Ok(()),
    }
}

fn not_saved(error: &io::Error) -> NotSaved {
    match error.kind() {
        io::ErrorKind::AlreadyExists => NotSaved::Exists,
        _ => NotSaved::Failed(why_not(error)),
    }
}

/// Tells the worker which request is no longer wanted, and the loop when the worker is idle.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop {
    /// Requests up to this number are stopped.
    upto: Arc<AtomicU64>,
    /// Locked while a file is written.
    busy: Arc<Mutex<()>>,
}

impl Stop {
    /// Stops this request.
    pub(super) fn stop(&self, generation: u64) {
        self.upto.fetch_max(generation, Ordering::Relaxed);
    }

    /// Stops everything, and waits until nothing is left of the file that is being written.
    pub(super) fn stop_and_wait(&self) {
        self.stop(u64::MAX);
        drop(self.work());
    }

    fn is_stopped(&self, generation: u64) -> bool {
        self.upto.load(Ordering::Relaxed) >= generation
    }

    fn work(&self) -> MutexGuard<'_, ()> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Saves a file unless it is stopped; `progress` takes the numbers of messages from time to time.
pub(super) fn save_unless(
    stop: &Stop,
    request: &SaveRequest,
    progress: &dyn Fn(usize, usize),
) -> Result<Saved, NotSaved> {
    let _busy = stop.work();
    let mut last: Option<Instant> = None;
    save(request, &mut |done, total| {
        if last.is_none_or(|last| last.elapsed() > INTERVAL) {
            last = Some(Instant::now());
            progress(done, total);
        }
        !stop.is_stopped(request.generation)
    })
}
