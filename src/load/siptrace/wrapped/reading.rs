//! The ways in which the lines after a header may be wrapped. Which one is right is shown by the entry that results.
//!
//! Must not know: how an entry is put together, readers.

use std::borrow::Cow;

use super::line::Lines;
use super::record::Escape;
use super::shape::{Shape, characters};
use crate::load::siptrace::lines::{self, HeaderAt};
use crate::sip::start_line;

/// Upper limit of lines of other programs between a header and its dashes.
pub(super) const MAX_OTHERS: usize = 32;
/// Upper limit of what follows a header on its line, without blanks before it.
const MAX_SUFFIX: usize = 16;

/// A way of wrapping, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The entry is one line with escaped line feeds.
    OneLine,
    /// As `Same`, and `<` and others are written as in the source of a web page.
    Html,
    /// Each line has the header's prefix.
    Same,
    /// Each line has the prefix of the line of dashes and of the start line; what differs between them may change.
    Learned,
    /// Only the first line of a record has a prefix; the others have as many blanks, as `journalctl` writes.
    Indented,
    /// Only the first line of a record has a prefix.
    Bare,
    /// As `Same`, up to a line from which on the lines have another prefix, or none.
    Changing,
    /// The prefix has the same number of characters everywhere.
    Column,
    /// Each line has the header's prefix with any words.
    Loose,
    /// As `Same`; lines that are entirely empty are another program's.
    WithoutBlank,
    /// As `Same`; the collector has dropped empty lines.
    Dropped,
}

impl Way {
    pub(super) const ALL: [Self; 11] = [
        Self::OneLine,
        Self::Html,
        Self::Same,
        Self::Learned,
        Self::Indented,
        Self::Bare,
        Self::Changing,
        Self::Column,
        Self::Loose,
        Self::WithoutBlank,
        Self::Dropped,
    ];

    /// Whether an entry that the log has cut may be accepted: the lines were recognised as those of the entry.
    pub(super) fn is_certain(self) -> bool {
        !matches!(self, Self::Html | Self::Changing | Self::Column | Self::Loose | Self::Dropped)
    }

    /// Whether what follows the entry must show that the entry is whole: each line can be read in this way.
    pub(super) fn needs_proof(self) -> bool {
        matches!(self, Self::Html | Self::Changing | Self::Column | Self::Loose)
    }

    /// Whether the entry must be one without a fault: nothing else shows that the way is right.
    pub(super) fn needs_usual_entry(self) -> bool {
        matches!(self, Self::Html | Self::Changing)
    }
}

/// How the lines after a certain header are to be read.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    pub(super) way: Way,
    shape: Shape,
    /// Characters before the text.
    column: usize,
    /// What follows the text.
    suffix: Vec<u8>,
    escape: Option<Escape>,
    /// From the line at this position on, the lines are read so.
    change: Option<(usize, Box<Reading>)>,
}

/// What a line is for the entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text {
        text: Cow<'a, [u8]>,
        /// The next line continues this one.
        is_partial: bool,
    },
    /// A line of another source.
    Other,
    /// The record has ended before this line.
    NewRecord,
}

/// Whether a header may begin an entry, judged by what follows it on its line.
pub(super) fn may_open(line: &[u8], header: HeaderAt) -> bool {
    let tail = lines::without_crs(&line[header.end..]);
    tail.trim_ascii_start().len() <= MAX_SUFFIX || Escape::of_line_feed(tail).is_some()
}

impl Reading {
    /// This way for the header in the first of `lines`; `None` if it is out of the question.
    pub(super) fn of(way: Way, header: HeaderAt, lines: &Lines) -> Option<Self> {
        let line = &lines.get(0)?.text;
        let mut reading = Self::of_line(way, header, line)?;
        match way {
            Way::Learned | Way::Column => reading.learn(lines)?,
            Way::Indented if reading.shape.is_empty() => return None,
            Way::Html if is_html(lines) => reading.escape = Some(Escape::Html),
            Way::Html => return None,
            Way::Loose => reading.shape = Shape::loose(&line[..header.at]),
            _ => {}
        }
        Some(reading)
    }

    /// This way for a header in `line`, with the header's own prefix.
    pub(super) fn of_line(way: Way, header: HeaderAt, line: &[u8]) -> Option<Self> {
        let before = &line[..header.at];
        let tail = lines::without_crs(&line[header.end..]);
        let escaped = Escape::of_line_feed(tail);
        let has_quote = before.ends_with(b"\"") || tail.starts_with(b"\"");
        ((way == Way::OneLine) == escaped.is_some()).then(|| Self {
            suffix: tail.to_vec(),
            escape: escaped.or(has_quote.then_some(Escape::Quotes)),
            ..Self::of_prefix(way, before)
        })
    }

    /// This way for lines that have only a prefix.
    pub(super) fn of_prefix(way: Way, prefix: &[u8]) -> Self {
        Self {
            way,
            shape: Shape::of(prefix),
            column: characters(prefix),
            suffix: Vec::new(),
            escape: None,
            change: None,
        }
    }

    /// This reading up to the line at the position `from`, and then the other one.
    pub(super) fn changing(mut self, from: usize, to: Self) -> Self {
        self.change = Some((from, Box::new(to)));
        self
    }

    /// The same, but the words before the lines may change.
    pub(super) fn loose(mut self, prefix: &[u8]) -> Self {
        self.shape = Shape::loose(prefix);
        self
    }

    /// Whether the two readings read each line equally.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.shape == other.shape && self.suffix == other.suffix && self.escape == other.escape
    }

    /// Whether `line` has the prefix.
    pub(super) fn matches(&self, line: &[u8]) -> bool {
        self.shape.strip(line).is_some()
    }

    /// Takes the prefix from the lines after the header: the dashes and the start line.
    fn learn(&mut self, lines: &Lines) -> Option<()> {
        let near = || lines.following(1).take(MAX_OTHERS).map(|(_, line)| self.without_suffix(&line.text));
        let dashes = near().find_map(lines::before_dashes);
        let starts: Vec<&[u8]> = near().filter_map(before_start_line).collect();
        let shape = match dashes {
            Some(dashes) => starts.iter().find_map(|start| Shape::common(dashes, start)),
            None => starts.first().map(|start| Shape::of(start)),
        };
        let prefix = dashes.or(starts.first().copied())?;
        (self.column, self.shape) = (characters(prefix), shape.unwrap_or_else(|| Shape::of(prefix)));
        Some(())
    }

    /// Whether there is nothing before or after the lines.
    pub(super) fn is_plain(&self) -> bool {
        self.shape.is_empty() && self.suffix.is_empty() && self.change.is_none()
    }

    /// The lines of an entry that is on one line with its header.
    pub(super) fn rest_of_line<'a>(&self, line: &'a [u8], header: HeaderAt) -> Option<Cow<'a, [u8]>> {
        let escape = self.escape.filter(|_| self.way == Way::OneLine)?;
        Some(escape.decode(&line[header.end..]))
    }

    /// Reads the line at the position `nth` after the header.
    pub(super) fn piece<'a>(&self, nth: usize, line: &'a [u8]) -> Piece<'a> {
        match &self.change {
            Some((from, reading)) if nth >= *from => reading.piece(nth, line),
            _ => self.own_piece(line),
        }
    }

    fn own_piece<'a>(&self, line: &'a [u8]) -> Piece<'a> {
        let is_blank = line.iter().all(u8::is_ascii_whitespace);
        let (text, is_partial) = match self.way {
            Way::OneLine => return Piece::NewRecord,
            Way::Indented | Way::Bare if !self.shape.is_empty() && self.shape.strip(line).is_some() => {
                return Piece::NewRecord;
            }
            Way::Bare => (Some(self.before_last_quote(line)), false),
            Way::Indented => (after_blanks(line, self.column), false),
            Way::Column => (after_column(line, self.column), false),
            _ => match self.shape.strip(line) {
                Some(stripped) => (Some(stripped.text), stripped.is_partial),
                None => (None, false),
            },
        };
        match text {
            Some(text) => Piece::Text { text: self.decoded(self.without_suffix(text)), is_partial },
            None if is_blank && self.way != Way::WithoutBlank => {
                Piece::Text { text: Cow::Borrowed(b""), is_partial: false }
            }
            None => Piece::Other,
        }
    }

    /// `line` without the quote that ends the record's field.
    fn before_last_quote<'a>(&self, line: &'a [u8]) -> &'a [u8] {
        let is_in_quotes = self.escape == Some(Escape::Quotes) && self.suffix.is_empty();
        let is_last = || memchr::memchr_iter(b'"', line).count() % 2 == 1;
        match lines::without_crs(line).strip_suffix(b"\"") {
            Some(before) if is_in_quotes && is_last() => before,
            _ => line,
        }
    }

    fn decoded<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        self.escape.map_or(Cow::Borrowed(text), |escape| escape.decode(text))
    }

    /// `text` without what follows the text of each line.
    fn without_suffix<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        if self.suffix.is_empty() {
            return text;
        }
        let mark = self.suffix.trim_ascii_start();
        let Some(before) = lines::without_crs(text).strip_suffix(mark) else { return text };
        // Blanks before it pad the column.
        let is_padded = self.suffix.len() > mark.len();
        if is_padded { before.trim_ascii_end() } else { before }
    }
}

/// Whether the addresses in the lines after the first one are written as in the source of a web page.
fn is_html(lines: &Lines) -> bool {
    let mut has_entity = false;
    for (_, line) in lines.following(1).take(MAX_OTHERS) {
        let has = |text: &[u8]| memchr::memmem::find(&line.text, text).is_some();
        if has(b"<sip") || has(b"<tel") {
            break;
        }
        has_entity |= has(b"&lt;sip") || has(b"&lt;tel");
    }
    has_entity
}

fn after_blanks(line: &[u8], count: usize) -> Option<&[u8]> {
    let (blanks, text) = line.split_at_checked(count)?;
    blanks.iter().all(|b| *b == b' ').then_some(text)
}

/// The text after `count` characters.
fn after_column(line: &[u8], count: usize) -> Option<&[u8]> {
    let is_start = |b: &u8| *b & 0xc0 != 0x80;
    let starts = line.iter().enumerate().filter(|(_, b)| is_start(b)).map(|(at, _)| at);
    starts.chain([line.len()]).nth(count).map(|at| &line[at..])
}

/// What is before a start line.
fn before_start_line(line: &[u8]) -> Option<&[u8]> {
    let line = lines::without_crs(line);
    let version = memchr::memmem::rfind(line, b"SIP/2.0")?;
    if let Some(request) = line[..version].strip_suffix(b" ").filter(|_| line.len() == version + 7) {
        let uri = memchr::memrchr(b' ', request)?;
        let method = request[..uri].iter().rev().take_while(|b| b.is_ascii_uppercase()).count();
        let start = uri - method;
        return start_line::parse(&line[start..]).is_some().then_some(&line[..start]);
    }
    start_line::parse(&line[version..]).is_some().then_some(&line[..version])
}
