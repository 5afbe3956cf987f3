//! Finds the positions in a run of bytes where a frame may begin or end: headers, boundaries, markers, holes.
//!
//! Must not know: which frame is being read, how the results are used.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::header::{self, Header, Parsed};
use crate::base::Timestamp;

/// The end of a frame: vertical tab and line feed.
pub(crate) const BOUNDARY: &[u8] = b"\x0b\n";
/// The start of the line that sofia-sip writes when it opens a file.
const MARKER: &[u8] = b"dump started at ";
/// Length of `ctime`'s text without its line feed: `Mon Nov 23 04:09:00 2026`.
const CTIME: usize = 24;
/// This many NUL bytes in a row are a hole in the file, not content.
const HOLE: [u8; 64] = [0; 64];
/// The line that `grep -C` writes between two groups of lines, with the line end before it.
const SEPARATOR: &[u8] = b"\n--\n";
/// The length limit of blank lines and separators between two frames, in bytes.
const MAX_BLANK: usize = 1024;

static FIND_COUNT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b" bytes "));
static FIND_BOUNDARY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(BOUNDARY));
static FIND_MARKER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARKER));
static FIND_SEPARATOR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SEPARATOR));
static FIND_HOLE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(&HOLE));

/// The answer to a question about bytes that may be incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// The bytes end too early to decide.
    Unknown,
}

/// Length in bytes of the marker line at the start of `bytes`, including its line feed.
pub(crate) fn marker_len(bytes: &[u8]) -> Result<usize, Answer> {
    let known = bytes.len().min(MARKER.len());
    if bytes[..known] != MARKER[..known] {
        return Err(Answer::No);
    }
    let Some(line) = bytes.get(MARKER.len()..=MARKER.len() + CTIME) else { return Err(Answer::Unknown) };
    let is_ctime = line[CTIME] == b'\n' && line[13] == b':' && line[16] == b':' && line[19] == b' ';
    if is_ctime { Ok(MARKER.len() + CTIME + 1) } else { Err(Answer::No) }
}

/// The time in the marker line at the start of `bytes`.
pub(crate) fn marker_time(bytes: &[u8]) -> Option<Timestamp> {
    let len = marker_len(bytes).ok()?;
    Timestamp::parse_ctime(&bytes[MARKER.len()..len - 1])
}

/// Length of the run of line ends and `--` lines at the start of `bytes`.
fn blank_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += match &bytes[at..] {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [b'-', b'-', b'\n', ..] => 3,
            [b'-', b'-', b'\r', b'\n', ..] => 4,
            _ => return at,
        };
    }
}

/// Whether `bytes` are plausible after a boundary: the end of the input, a header, a marker, a hole, or blank lines and
/// separators before one of them. `at_end` says whether more bytes may follow.
pub(crate) fn follows_boundary(bytes: &[u8], at_end: End) -> Answer {
    match blank_before_frame(bytes, at_end) {
        Ok(_) => Answer::Yes,
        Err(Answer::No) if bytes.starts_with(&HOLE) => Answer::Yes,
        Err(Answer::No) if HOLE.starts_with(bytes) => at_end.or_unknown(Answer::No),
        Err(answer) => answer,
    }
}

/// Whether more bytes may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The input ends here.
    Input,
    /// More may come.
    Open,
}

impl End {
    /// `answer` if the input has ended, else [`Answer`]'s "not known yet".
    fn or_unknown(self, answer: Answer) -> Answer {
        if self == Self::Input { answer } else { Answer::Unknown }
    }
}

/// Length of the blank lines and separators at the start of `bytes` if a frame, a marker or the end of the input
/// follows them; 0 if there are none.
pub(crate) fn blank_before_frame(bytes: &[u8], at_end: End) -> Result<usize, Answer> {
    let len = blank_len(&bytes[..bytes.len().min(MAX_BLANK)]);
    let rest = &bytes[len..];
    if len + 4 >= MAX_BLANK {
        return Err(Answer::No);
    }
    if rest.is_empty() {
        return if at_end == End::Input { Ok(len) } else { Err(Answer::Unknown) };
    }
    // The beginnings of `--\r\n` and `\r\n`.
    if matches!(rest, b"-" | b"--" | b"--\r" | b"\r") {
        return Err(at_end.or_unknown(Answer::No));
    }
    match header::parse(rest) {
        Parsed::Header(_) => return Ok(len),
        // A header that is cut by the end of the input begins a frame, too.
        Parsed::Partial => return if at_end == End::Input { Ok(len) } else { Err(Answer::Unknown) },
        Parsed::No => {}
    }
    match marker_len(rest) {
        Ok(_) => Ok(len),
        Err(Answer::Unknown) => Err(at_end.or_unknown(Answer::No)),
        Err(answer) => Err(answer),
    }
}

/// The first whole header in `bytes[from..]`, at the start of a line or not, and its position.
pub(crate) fn next_header(bytes: &[u8], from: usize) -> Option<(usize, Header)> {
    next_line(bytes, from, |line| match header::parse(line) {
        Parsed::Header(header) => Some(header),
        _ => None,
    })
}

/// The first position in `bytes[from..]` at which a whole header or a whole marker line begins.
pub(crate) fn next_start(bytes: &[u8], from: usize) -> Option<usize> {
    let header = next_header(bytes, from).map(|(at, _)| at);
    next_marker(&bytes[..header.unwrap_or(bytes.len())], from).or(header)
}

/// Whether a header or a marker with a converted line end begins in `bytes[from..]`.
pub(crate) fn has_converted_line(bytes: &[u8], from: usize) -> bool {
    let marker = FIND_MARKER.find(&bytes[from..]).map(|at| from + at);
    marker
        .is_some_and(|at| bytes[at + MARKER.len()..].get(CTIME..).is_some_and(|end| end.starts_with(b"\r\n")))
        || next_line(bytes, from, |line| header::is_converted(line).then_some(())).is_some()
}

/// The first position in `bytes[from..]` that begins like a header and that `read` accepts.
#[inline]
fn next_line<T>(bytes: &[u8], from: usize, read: impl Fn(&[u8]) -> Option<T>) -> Option<(usize, T)> {
    // The words before the count have at most 25 bytes.
    let mut at = from;
    while let Some(found) = FIND_COUNT.find(&bytes[at..]) {
        let blank = at + found;
        if let Some(start) = word_before_count(&bytes[from..blank]).map(|s| s + from)
            && let Some(line) = read(&bytes[start..])
        {
            return Some((start, line));
        }
        at = blank + 1;
    }
    None
}

/// The position of `recv ` or `sent ` if `bytes` end with it and digits.
fn word_before_count(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().rev().take(20).take_while(|b| b.is_ascii_digit()).count();
    let words = &bytes[..bytes.len() - digits];
    (digits > 0 && (words.ends_with(b"recv ") || words.ends_with(b"sent "))).then(|| words.len() - 5)
}

/// The first boundary in `bytes[from..]`.
pub(crate) fn next_boundary(bytes: &[u8], from: usize) -> Option<usize> {
    FIND_BOUNDARY.find(bytes.get(from..)?).map(|at| from + at)
}

/// The first whole marker line in `bytes[from..]`.
pub(crate) fn next_marker(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = FIND_MARKER.find(bytes.get(at..)?) {
        if marker_len(&bytes[at + found..]).is_ok() {
            return Some(at + found);
        }
        at += found + 1;
    }
    None
}

/// The first hole (64 NUL bytes or more) in `bytes[from..]`.
pub(crate) fn next_hole(bytes: &[u8], from: usize) -> Option<usize> {
    FIND_HOLE.find(bytes.get(from..)?).map(|at| from + at)
}

/// The first `grep -C` separator line in `bytes[from..]`, except one at the very start.
pub(crate) fn next_separator(bytes: &[u8], from: usize) -> Option<usize> {
    FIND_SEPARATOR.find(bytes.get(from..)?).map(|at| from + at + 1)
}

/// Whether the frame that `header` begins at `start` ends where its count says.
pub(crate) fn count_is_right(bytes: &[u8], start: usize, header: &Header, at_end: End) -> Answer {
    let Some(end) = (start + header.len).checked_add(header.byte_count) else { return Answer::No };
    match bytes.get(end..).map(|rest| &rest[..rest.len().min(2)]) {
        Some(BOUNDARY) => Answer::Yes,
        Some([_, _] | [0..=0x0a | 0x0c..]) => Answer::No,
        _ => at_end.or_unknown(Answer::No),
    }
}
