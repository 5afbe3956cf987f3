//! What became of the bytes of a log that was read as a dump.
//!
//! Must not know: how a log is read.

/// Upper limit of the skipped lines that are listed; all are counted.
const LISTED: usize = 4096;

/// Each byte of the log is counted once: of an entry, of another line, or skipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogAccount {
    /// The name of the file.
    pub file: String,
    /// Bytes of entries.
    pub entries: u64,
    /// Bytes of all other lines: those of FreeSWITCH's log and of other programs.
    pub others: u64,
    /// Bytes of lines that look like the header of an entry although no entry follows.
    pub skipped: u64,
    /// How many such lines there are.
    pub skipped_lines: u64,
    /// The first of these lines.
    pub listed: Vec<SkippedLine>,
}

/// A line that looks like the header of an entry although no entry follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedLine {
    /// The offset of the line in the decompressed log.
    pub offset: u64,
    /// Its bytes, line end included; of a very long line, those of its beginning.
    pub length: u64,
    /// The line without its prefix.
    pub text: Vec<u8>,
}

impl LogAccount {
    /// The bytes of the log.
    pub fn bytes(&self) -> u64 {
        self.entries + self.others + self.skipped
    }

    /// Counts a skipped line.
    pub fn skip(&mut self, line: SkippedLine) {
        self.skipped += line.length;
        self.skipped_lines += 1;
        if self.listed.len() < LISTED {
            self.listed.push(line);
        }
    }

    /// Adds the counts of another piece of the same log.
    pub fn add(&mut self, piece: Self) {
        self.entries += piece.entries;
        self.others += piece.others;
        self.skipped += piece.skipped;
        self.skipped_lines += piece.skipped_lines;
        let room = LISTED - self.listed.len();
        self.listed.extend(piece.listed.into_iter().take(room));
    }

    /// How many skipped lines are not listed.
    pub fn unlisted(&self) -> u64 {
        self.skipped_lines - self.listed.len() as u64
    }
}
