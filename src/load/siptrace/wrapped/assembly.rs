//! Puts an entry together from the lines after its header, as one reading has them, and judges the result.
//!
//! Must not know: readers, how readings are found.

use super::line::{Line, Lines};
use super::reading::{MAX_OTHERS, Piece, Reading, Way};
use crate::load::siptrace::entry::{self, Entry, INDENT, Progress};
use crate::load::siptrace::head::{bad_fields, begins_message, has_usual_fields, is_head_line};
use crate::load::siptrace::lines::{self, Answer, Header, HeaderAt};
use crate::load::siptrace::restore::{body_start, line_ends};
use crate::sip::start_line;

/// Upper limit of the lines that are examined for an entry.
const MAX_LINES: usize = 4096;

/// Whether more lines may follow those that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// They do, or the input has ended later.
    Growing,
    /// There are none at the moment; what is complete is not held back.
    Paused,
    /// The input has been idle for a while.
    Idle,
    Ended,
}

/// The result of one reading.
#[derive(Debug)]
pub(super) enum Attempt {
    Entry(Assembled),
    /// The lines are no entry in this reading.
    No,
    /// More lines are needed.
    More,
}

/// The lines of an entry.
#[derive(Debug)]
pub(super) struct Assembled {
    /// The line of dashes is indented, and so is the text.
    pub(super) is_indented: bool,
    /// The text after the dashes.
    pub(super) text: Vec<u8>,
    /// Positions of the lines that belong to it.
    pub(super) taken: Vec<usize>,
}

/// The lines that were read for an entry.
struct Gathered<'a> {
    reading: &'a Reading,
    lines: &'a Lines,
    text: Vec<u8>,
    /// The position of each line that was read, and where it begins in the text.
    taken: Vec<(usize, usize)>,
    /// Lines of other sources before a line that was read.
    skipped: usize,
    /// Lines of other sources since then.
    others: usize,
    next: usize,
    is_in_head: bool,
    /// The old format: a line without text is indented, too.
    is_indented: bool,
    /// The record has ended.
    is_ended: bool,
}

/// Attempts to read the entry whose header is in the first of `lines`.
pub(super) fn attempt(reading: &Reading, header: HeaderAt, lines: &Lines, supply: Supply) -> Attempt {
    let Some(line) = lines.get(0).map(|line| &line.text) else { return Attempt::No };
    let Some(head) = lines::parse_header(&line[header.at..header.end]) else { return Attempt::No };
    let mut gathered = Gathered::new(reading, lines);
    if let Some(rest) = reading.rest_of_line(line, header) {
        let (_, len) = lines::split_line(&rest).unwrap_or((&rest, rest.len()));
        gathered.text.extend_from_slice(&rest[len..]);
        // The collector drops the last line feed of a record.
        gathered.text.push(b'\n');
        gathered.is_ended = true;
    }
    let at_end = supply != Supply::Growing;
    while lines::split_line(&gathered.text).is_none() {
        if gathered.is_ended || gathered.others > MAX_OTHERS {
            return Attempt::No;
        }
        if !gathered.pull() {
            if !at_end {
                return Attempt::More;
            }
            gathered.is_ended = true;
        }
    }
    gathered.entry(&head, supply)
}

impl<'a> Gathered<'a> {
    fn new(reading: &'a Reading, lines: &'a Lines) -> Self {
        Self {
            reading,
            lines,
            text: Vec::new(),
            taken: Vec::new(),
            skipped: 0,
            others: 0,
            next: 1,
            is_in_head: true,
            is_indented: false,
            is_ended: false,
        }
    }

    /// Reads the next line of the entry; `false` if there is none.
    fn pull(&mut self) -> bool {
        while !self.is_ended {
            let Some(line) = self.lines.get(self.next) else { return false };
            self.is_ended = self.next > MAX_LINES;
            let at = self.next;
            self.next += 1;
            if line.is_taken {
                continue;
            }
            // Records and other lines have different sources.
            let is_foreign = self.reading.way != Way::Changing
                && self.lines.get(0).is_some_and(|first| first.is_record != line.is_record);
            match self.reading.piece(at, &line.text) {
                _ if is_foreign => self.others += 1,
                Piece::Text { text, is_partial } => {
                    let from = self.add(&text, is_partial);
                    self.skipped += std::mem::take(&mut self.others);
                    self.taken.push((at, from));
                    return true;
                }
                Piece::Other => self.others += 1,
                Piece::NewRecord => self.is_ended = true,
            }
        }
        false
    }

    /// Adds a line, and before it the blank line that was dropped there. Returns where the line begins.
    fn add(&mut self, line: &[u8], is_partial: bool) -> usize {
        if self.reading.way == Way::Dropped && self.is_in_head && self.text.ends_with(b"\n") {
            let is_blank = lines::without_crs(line).is_empty();
            // The first two lines are the dashes and the start line.
            let is_body = line_ends(&self.text) > 1 && !is_blank && !is_head_line(line);
            if is_body {
                self.text.push(b'\n');
            }
            self.is_in_head = !is_blank && !is_body;
        }
        let from = self.text.len();
        let is_trimmed = self.is_indented && lines::without_crs(line).is_empty();
        self.text.extend_from_slice(if is_trimmed { INDENT } else { line });
        if !is_partial {
            self.text.push(b'\n');
        }
        from
    }

    /// The entry with this header, whose first line is in the text.
    fn entry(mut self, head: &Header<'_>, supply: Supply) -> Attempt {
        let Some((first, len)) = lines::split_line(&self.text) else { return Attempt::No };
        let indented = first.strip_prefix(b"   ");
        let is_indented = indented.is_some_and(lines::is_dashes);
        let start = if is_indented || lines::is_dashes(first) {
            len
        } else if start_line::parse(first).is_some() && !self.reading.is_plain() {
            0
        } else {
            return Attempt::No;
        };
        self.is_indented = is_indented;
        let mut entry = Entry::new(head, is_indented, Vec::new());
        let mut end = start;
        loop {
            match entry.step(&self.text[end..], self.is_ended) {
                Progress::Ended(len) => {
                    end += len;
                    break;
                }
                Progress::Taken(len) => end += len,
                Progress::More if self.pull() => {}
                Progress::More if self.is_ended || supply != Supply::Growing => self.is_ended = true,
                Progress::More => return Attempt::More,
            }
        }
        let needs_proof = self.reading.way.needs_proof() || (entry.is_exact() && !entry.is_usual());
        if !self.is_sound(entry, end, supply) {
            return Attempt::No;
        }
        let followed = if needs_proof { self.is_followed(end, supply) } else { Answer::Yes };
        match followed {
            Answer::Yes => {}
            Answer::No => return Attempt::No,
            Answer::Unknown => return Attempt::More,
        }
        if is_indented {
            end += entry::truncation_len(&self.text[end..]);
        }
        let taken = self.taken.into_iter().take_while(|(_, from)| *from < end).map(|(at, _)| at).collect();
        self.text.truncate(end);
        self.text.drain(..start);
        Attempt::Entry(Assembled { is_indented, text: self.text, taken })
    }

    /// Whether the entry is one, and whole unless the log itself has cut it. `end` is its end in the text.
    fn is_sound(&self, mut entry: Entry, end: usize, supply: Supply) -> bool {
        let has_end_of_head = body_start(entry.text()).is_some();
        entry.restore_blank_line();
        let text = entry.text();
        if text.is_empty() || !self.ends_line(end) {
            return false;
        }
        let is_exact = entry.is_exact();
        // The old format marks the end.
        let is_closed =
            || lines::split_last(&self.text[..end]).strip_prefix(INDENT).is_some_and(lines::is_dashes);
        let is_known = self.reading.way.is_certain() || (self.is_indented && is_closed());
        let is_certain = is_known && self.skipped + self.others == 0;
        let bad = bad_fields(text);
        // A body without a blank line before it would be part of the head.
        let has_head = bad.is_some_and(|(bad, good)| bad == 0 || (has_end_of_head && bad * 4 <= good));
        let is_proved = || !self.reading.way.needs_proof() || has_usual_fields(text);
        match supply {
            Supply::Paused if !entry.is_full() => false,
            Supply::Idle if !is_exact => false,
            _ if !is_proved() => false,
            _ if self.reading.way.needs_usual_entry() => {
                entry.is_usual() && bad.is_some_and(|(bad, _)| bad == 0)
            }
            // What is sent may also be no message.
            _ if is_exact => has_head || (is_certain && !begins_message(text)),
            _ => has_head && (is_certain || entry.is_at_limit()),
        }
    }

    /// Whether the lines after the entry, which ends at `end` in the text, are not part of it. This proves a way that is not
    /// certain, and line ends that are not usual.
    fn is_followed(&mut self, end: usize, supply: Supply) -> Answer {
        let (at, from) = loop {
            if let Some(next) = self.taken.iter().find(|(_, from)| *from >= end) {
                break *next;
            }
            let others = self.others;
            let has_line = self.pull();
            if self.others > others {
                return Answer::Yes;
            }
            if !has_line {
                let has_more = supply == Supply::Growing && !self.is_ended;
                return if has_more { Answer::Unknown } else { Answer::Yes };
            }
        };
        let text = lines::split_line(&self.text[from..]).map_or(&b""[..], |(line, _)| line);
        let is_of_log = |line: &Line| {
            lines::header_at(&line.text).is_some() || lines::prefix_stamp_at(&line.text).is_some()
        };
        if text.is_empty() || self.lines.get(at).is_none_or(is_of_log) { Answer::Yes } else { Answer::No }
    }

    /// Whether a line ends at `end` in the text, or the log continues there.
    fn ends_line(&self, end: usize) -> bool {
        match &self.text[end..] {
            [] | [b'\n' | b'\r' | b'"', ..] => true,
            rest => {
                self.text[..end].ends_with(b"\n")
                    || self.reading.way == Way::OneLine
                    || lines::is_of_log(rest, true) == Answer::Yes
            }
        }
    }
}
