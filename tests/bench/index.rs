//! Bench: the index of the browser on a file of made-up traffic: loading, filters on what the index knows, and filters
//! that read text.
//!
//! `cargo bench --bench index`.

mod timing;
mod traffic;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use sofiatui::filter::Filter;
use sofiatui::load::{Follow, InputSpec, Loader, Searcher};
use sofiatui::store::{Candidates, Search, Snapshot};
use timing::{begin, measure};

/// Filters that the index alone answers, and filters that read text.
const FILTERS: [&str; 8] = [
    "status>=400",
    "method:invite from:15551",
    "call-id:1234",
    "-method:options -method:register time>06:30",
    "no-such-word",
    "header.X-Nobody:x",
    "body~\"m=audio 2000\"",
    "ua:yealink status:486",
];

fn main() -> std::io::Result<()> {
    let dump = traffic::dump(128 << 20, 42);
    let len = dump.len();
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("internal.dump");
    std::fs::write(&file, &dump)?;
    let set = packed_set(&dump, dir.path())?;
    drop(dump);
    let file = [file];
    begin(&format!("The index of a file of {} MB", len / 1_000_000));
    measure("first screen", len, || load(&file, |_| true).len() as u64);
    measure("all of it", len, || load(&file, |snapshot| snapshot.progress.done).len() as u64);
    measure("the same in four xz files", len, || load(&set, |snapshot| snapshot.progress.done).len() as u64);

    let snapshot = load(&file, |snapshot| snapshot.progress.done);
    begin(&format!("Filters over {} messages; found: matching rows", snapshot.len()));
    for text in FILTERS {
        let filter = Filter::parse(text).map_err(std::io::Error::other)?;
        measure(&format!("`{text}`"), len, || search(&filter, &snapshot));
    }
    Ok(())
}

/// The dump as a rotation set of four compressed files, cut wherever that is.
fn packed_set(dump: &[u8], dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let parts = dump.chunks(dump.len().div_ceil(4)).rev().enumerate();
    parts
        .map(|(number, part)| {
            let path = dir.join(format!("packed.dump.{number}.xz"));
            let mut encoder = xz2::write::XzEncoder::new(std::fs::File::create(&path)?, 0);
            encoder.write_all(part)?;
            encoder.finish()?;
            Ok(path)
        })
        .collect()
}

/// Loads until a snapshot comes that is wanted.
fn load(files: &[PathBuf], wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let (send, snapshots) = channel();
    let publish = move |snapshot| {
        // Nobody listens any more once the wanted snapshot came.
        let _ = send.send(snapshot);
    };
    let _loader = Loader::start(InputSpec::of_names(files), Follow::default(), 0, publish);
    snapshots.into_iter().find(|snapshot| wanted(snapshot)).unwrap_or_default()
}

/// How many rows match.
fn search(filter: &Filter, snapshot: &Arc<Snapshot>) -> u64 {
    let (send, answers) = channel();
    let searcher = Searcher::start(move |found| {
        let _ = send.send(found);
    });
    searcher.search(Search {
        generation: 1,
        filter: filter.clone(),
        snapshot: Arc::clone(snapshot),
        first: 0,
        candidates: Candidates::default(),
    });
    let mut rows = 0;
    for found in answers {
        rows += found.rows.len() as u64;
        if found.done {
            break;
        }
    }
    rows
}
