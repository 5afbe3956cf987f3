//! The files of a table: one for each day, profile and host, in folders that engines read as columns (`date=2026-11-23`).
//!
//! Must not know: what the rows are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::export::file::{Existing, OutputFile};
use crate::export::parquet::{Column, Row, Table};

/// Upper limit of the files that are written at the same time: messages come in the order of their times, so that only those
/// around midnight belong to another day.
const OPEN: usize = 8;

/// A table in many files.
pub(super) struct Partitions {
    folder: PathBuf,
    columns: &'static [Column],
    existing: Existing,
    /// The files that are being written, the one that was used last at the end.
    open: Vec<(String, Table<OutputFile>)>,
    /// The files that are complete, under temporary names.
    complete: Vec<OutputFile>,
}

/// Which file a row belongs to.
#[derive(Clone, Copy)]
pub(super) struct Partition<'a> {
    /// `date=2026-11-23/profile=internal`.
    pub(super) folder: &'a str,
    /// What makes the name of a new file there unique and the same in each run.
    pub(super) name: &'a dyn Fn() -> String,
}

impl Partitions {
    pub(super) fn new(folder: PathBuf, columns: &'static [Column], existing: Existing) -> Self {
        Self { folder, columns, existing, open: Vec::new(), complete: Vec::new() }
    }

    /// Adds a row to the file of its partition.
    ///
    /// # Errors
    /// If a file exists, or cannot be written.
    pub(super) fn row(
        &mut self,
        partition: Partition<'_>,
        fill: impl FnOnce(&mut Row<'_>),
    ) -> io::Result<()> {
        match self.open.iter().position(|(folder, _)| folder == partition.folder) {
            Some(place) if place + 1 < self.open.len() => {
                let used = self.open.remove(place);
                self.open.push(used);
            }
            Some(_) => {}
            None => self.begin(partition)?,
        }
        let (_, table) = self.open.last_mut().ok_or(io::ErrorKind::NotFound)?;
        table.row(fill)
    }

    /// Gives all files their names. Returns how many there are.
    ///
    /// # Errors
    /// If one cannot be written; then none of the others appears any more.
    pub(super) fn finish(mut self) -> io::Result<usize> {
        for (_, table) in std::mem::take(&mut self.open) {
            self.complete.push(table.finish()?);
        }
        let count = self.complete.len();
        for mut file in self.complete {
            file.publish()?;
        }
        Ok(count)
    }

    fn begin(&mut self, partition: Partition<'_>) -> io::Result<()> {
        if self.open.len() == OPEN {
            let (_, table) = self.open.remove(0);
            self.complete.push(table.finish()?);
        }
        let folder = self.folder.join(partition.folder);
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.parquet", (partition.name)()));
        let file = OutputFile::create(&path, self.existing).map_err(|error| at(&path, &error))?;
        let table = Table::new(file, self.columns)?;
        self.open.push((partition.folder.to_owned(), table));
        Ok(())
    }
}

fn at(path: &Path, error: &io::Error) -> io::Error {
    let name = path.display();
    let why = match error.kind() {
        io::ErrorKind::AlreadyExists => "already exists (--force replaces it)".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(error.kind(), format!("{name}: {why}"))
}
