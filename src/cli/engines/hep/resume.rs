//! How far the messages of each profile were sent, kept in a file: another run goes on from there.
//!
//! Rotation renames and compresses files, so that neither names nor positions tell which messages were sent. The record is the
//! last message of each profile that was dealt with: its time of the day, its length, a checksum of its text.
//!
//! Must not know: how messages are sent.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::export::file::{Existing, OutputFile};
use crate::store::{DAY, MessageIdx, RowRef, Snapshot, TextReader};

/// The first line of the file.
const TITLE: &str = "sofiatui --hep-resume 1: the last message of each profile that was dealt with: time of the day in microseconds, bytes, checksum, profile";

/// How far the messages of each profile were sent.
#[derive(Debug, Default)]
pub(super) struct Resume {
    /// Where it is kept, if it is.
    path: Option<PathBuf>,
    /// What is kept.
    kept: Vec<Last>,
    /// Of each input, the first message that was not dealt with when this run began.
    begin: Vec<MessageIdx>,
    /// Of each input, the last message that was dealt with in this run.
    last: Vec<Option<MessageIdx>>,
    changed: bool,
}

/// The last message of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Last {
    /// Microseconds of the day.
    time: i64,
    /// Its length in bytes.
    len: u32,
    checksum: u32,
    profile: String,
}

impl Resume {
    /// Reads what is kept; nothing is kept without a path, or if the file does not exist yet.
    ///
    /// # Errors
    /// If it cannot be read, or is another kind of file.
    pub(super) fn read(path: Option<&Path>) -> io::Result<Self> {
        let mut resume = Self { path: path.map(Path::to_owned), ..Self::default() };
        let Some(path) = path else { return Ok(resume) };
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(resume),
            text => text?,
        };
        let mut lines = text.lines();
        let is_ours = lines.next() == Some(TITLE);
        match lines.map(Last::parse).collect() {
            Some(kept) if is_ours => resume.kept = kept,
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "is not a file of --hep-resume")),
        }
        Ok(resume)
    }

    /// Looks in the messages of all inputs for those that were dealt with. Returns the profiles whose last message is not
    /// there any more: all of their messages count as new.
    pub(super) fn find(&mut self, snapshot: &Snapshot, reader: &mut TextReader) -> Vec<String> {
        self.begin = vec![0; snapshot.sources.len()];
        self.last = vec![None; snapshot.sources.len()];
        for row in snapshot.rows_from(0) {
            let is_kept = self.kept.iter().any(|last| last.is(&row, reader));
            if is_kept && let Some(begin) = self.begin.get_mut(usize::from(row.row.source)) {
                *begin = row.index + 1;
            }
        }
        let lost = |(begin, profile): (&MessageIdx, &str)| {
            let is_lost = *begin == 0 && self.kept.iter().any(|last| last.profile == profile);
            is_lost.then(|| profile.to_owned())
        };
        let profiles = snapshot.sources.iter().map(|source| &*source.profile);
        self.begin.iter().zip(profiles).filter_map(lost).collect()
    }

    /// Whether an earlier run dealt with a message.
    pub(super) fn is_done(&self, row: &RowRef<'_>) -> bool {
        self.begin.get(usize::from(row.row.source)).is_some_and(|begin| row.index < *begin)
    }

    /// A message was sent, or need not be.
    pub(super) fn dealt_with(&mut self, row: &RowRef<'_>) {
        let input = usize::from(row.row.source);
        if self.last.len() <= input {
            self.last.resize(input + 1, None);
        }
        self.last[input] = Some(row.index);
        self.changed = true;
    }

    /// Keeps it, if something changed. `snapshot` has the messages that were dealt with.
    ///
    /// # Errors
    /// If the file cannot be written; the one before is kept then.
    pub(super) fn keep(&mut self, snapshot: &Snapshot, reader: &mut TextReader) -> io::Result<()> {
        if !self.changed {
            return Ok(());
        }
        let rows = self.last.iter().filter_map(|last| snapshot.row((*last)?));
        let found: Vec<Last> = rows.map(|row| Last::of(&row, reader)).collect::<io::Result<_>>()?;
        let is_other = |last: &Last| !found.iter().any(|found| found.profile == last.profile);
        let mut kept: Vec<Last> = self.kept.iter().filter(|last| is_other(last)).cloned().collect();
        kept.extend(found);
        self.kept = kept;
        self.changed = false;
        let Some(path) = self.path.as_deref() else { return Ok(()) };
        let mut file = OutputFile::create(path, Existing::Replace)?;
        let lines: String = self.kept.iter().map(Last::line).collect();
        file.write_all(format!("{TITLE}\n{lines}").as_bytes())?;
        file.publish()
    }
}

impl Last {
    fn of(row: &RowRef<'_>, reader: &mut TextReader) -> io::Result<Self> {
        let profile = row.source().map_or_else(String::new, |source| source.profile.clone());
        let (time, len) = (row.row.time.rem_euclid(DAY), row.row.len);
        Ok(Self { time, len, checksum: checksum(row, reader)?, profile })
    }

    /// Whether this is the last message.
    fn is(&self, row: &RowRef<'_>, reader: &mut TextReader) -> bool {
        row.row.len == self.len
            && row.row.time.rem_euclid(DAY) == self.time
            && row.source().is_some_and(|source| source.profile == self.profile)
            && checksum(row, reader).is_ok_and(|checksum| checksum == self.checksum)
    }

    fn line(&self) -> String {
        let Self { time, len, checksum, profile } = self;
        format!("{time} {len} {checksum} {profile}\n")
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next();
        let (time, len, checksum) = (word()?.parse().ok()?, word()?.parse().ok()?, word()?.parse().ok()?);
        Some(Self { time, len, checksum, profile: word()?.to_owned() })
    }
}

fn checksum(row: &RowRef<'_>, reader: &mut TextReader) -> io::Result<u32> {
    let text = row.snapshot.text(reader, row.index)?;
    let mut sum = flate2::Crc::new();
    sum.update(row.peer());
    sum.update(&text.bytes);
    Ok(sum.sum())
}
