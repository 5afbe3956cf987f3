//! The grammar of a log's lines: FreeSWITCH's own prefix, and the two lines at the start of a `siptrace` entry.
//!
//! Lines may come from a capture of a console: line ends of `\r\n`; the prompt, colours and erase sequences before the
//! text.
//!
//! Must not know: buffers, the content of an entry, where it ends.

use crate::base::Timestamp;

/// A byte order mark in UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";
/// Bytes of a line that are enough to classify it.
pub(super) const MAX_START: usize = 320;
/// Upper limit of CRs before a line feed that belong to the line's end: nested terminals double them.
const MAX_CRS: usize = 3;
/// The beginning of FreeSWITCH's prompt; the name of the host follows, and `> `.
const PROMPT: &[u8] = b"freeswitch@";
/// Erases the rest of a terminal's line: the text before it is invisible.
const ERASE: &[u8] = b"\x1b[K";
/// Length of `YYYY-MM-DD HH:MM:SS.uuuuuu`.
const STAMP: usize = 26;
/// Number of dashes after a header.
pub(super) const DASHES: usize = 72;
/// Length of a UUID in text.
const UUID: usize = 36;

/// The answer to a question about bytes that may continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// The bytes end too early to decide.
    Unknown,
}

/// The header line of an entry: `recv|send N bytes from|to PROTO/[ADDR]:PORT at STAMP:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) is_received: bool,
    /// The declared number of bytes; `usize::MAX` if the number is larger.
    pub(super) count: usize,
    /// From the count up to the peer: `N bytes from PROTO/[ADDR]:PORT`.
    pub(super) middle: &'a [u8],
    pub(super) stamp: Timestamp,
    /// Length of the line as sofia-sip wrote it, its line feed included.
    pub(super) len: usize,
}

/// The two lines at the start of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening<'a> {
    pub(super) header: Header<'a>,
    /// Every line of the entry is indented by three blanks, as before May 2019.
    pub(super) is_indented: bool,
    /// The start of the message's text.
    pub(super) text_at: usize,
}

/// What may be the start of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opened<'a> {
    Entry(Opening<'a>),
    /// A header line without dashes after it, as in a dump.
    HeaderAlone,
    No,
    Unknown,
}

/// The position of a header in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderAt {
    /// The offset of its first word.
    pub(super) at: usize,
    /// The offset after its colon.
    pub(super) end: usize,
}

/// Searches for a header anywhere in a line without its line end.
pub(super) fn header_at(line: &[u8]) -> Option<HeaderAt> {
    let line = &line[..line.len().min(2 * MAX_START)];
    memchr::memmem::find_iter(line, b" bytes ").find_map(|counted| {
        let digits = line[..counted].iter().rev().take(20).take_while(|b| b.is_ascii_digit()).count();
        let at = (counted - digits).checked_sub(5)?;
        let word = &line[at..at + 5];
        let is_word = matches!(word, b"recv " | b"send ");
        let is_start = at == 0 || !line[at - 1].is_ascii_alphanumeric() || ends_with_escape(&line[..at]);
        if !is_word || !is_start {
            return None;
        }
        let stamps = memchr::memmem::find_iter(&line[counted..], b" at ").map(|found| counted + found + 4);
        let ends = stamps.flat_map(|stamp| [stamp + 16, stamp + STAMP + 1]);
        let is_end = |end: &usize| line.get(at..*end).is_some_and(|text| parse_header(text).is_some());
        ends.filter(|end| *end <= line.len()).find(is_end).map(|end| HeaderAt { at, end })
    })
}

/// The position of FreeSWITCH's own prefix in a line that may have another prefix before it.
pub(super) fn prefix_stamp_at(line: &[u8]) -> Option<usize> {
    let start = &line[..line.len().min(MAX_START)];
    let level = memchr::memmem::find(start, b" [")?;
    let stamps = (0..=level.checked_sub(STAMP)?).rev().take(STAMP + 10);
    stamps.filter(|at| line[*at].is_ascii_digit()).find(|at| prefix_stamp(&line[*at..]).is_some())
}

/// Splits the first line off: the line without its line end, and the bytes of both; `None` if it has no end.
pub(super) fn split_line(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let end = memchr::memchr(b'\n', bytes)?;
    Some((without_crs(&bytes[..end]), end + 1))
}

/// The last line of `text`, which ends with a line end.
pub(super) fn split_last(text: &[u8]) -> &[u8] {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    without_crs(memchr::memrchr(b'\n', text).map_or(text, |end| &text[end + 1..]))
}

/// `line` without the CRs at its end.
pub(super) fn without_crs(line: &[u8]) -> &[u8] {
    let crs = line.iter().rev().take(MAX_CRS).take_while(|&&b| b == b'\r').count();
    &line[..line.len() - crs]
}

/// `line` from the start of its text, after prompt, colours and erased text; and whether there was a prompt.
pub(super) fn text_of(line: &[u8]) -> (&[u8], bool) {
    let start = &line[..line.len().min(MAX_START)];
    let mut has_prompt = false;
    let mut text = line;
    let may_be_erased = matches!(start.first(), Some(0x1b | b'\r')) || start.starts_with(PROMPT);
    if may_be_erased && let Some(at) = memchr::memmem::rfind(start, ERASE) {
        has_prompt = memchr::memmem::find(&start[..at], PROMPT).is_some();
        text = &line[at..];
    }
    loop {
        let noise =
            after_escape(text).or_else(|| text.strip_prefix(b"\r")).or_else(|| text.strip_prefix(BOM));
        if let Some(rest) = noise {
            text = rest;
        } else if let Some(rest) = after_prompt(text) {
            has_prompt = true;
            text = rest;
        } else {
            return (text, has_prompt);
        }
    }
}

/// The text after a control sequence (`ESC [ … letter`).
fn after_escape(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"\x1b[")?;
    let parameters = rest.iter().take(16).take_while(|b| matches!(b, b'0'..=b'?')).count();
    rest.get(parameters).filter(|b| b.is_ascii_alphabetic())?;
    Some(&rest[parameters + 1..])
}

/// Whether `text` ends with a control sequence.
fn ends_with_escape(text: &[u8]) -> bool {
    let from = text.len().saturating_sub(20);
    let escape = memchr::memrchr(0x1b, &text[from..]);
    escape.and_then(|at| after_escape(&text[from + at..])).is_some_and(<[u8]>::is_empty)
}

fn after_prompt(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(PROMPT)?;
    let host = rest.iter().take(256).take_while(|&&b| b.is_ascii_graphic() && b != b'>').count();
    rest[host..].strip_prefix(b"> ")
}

/// The timestamp of a line with FreeSWITCH's prefix: `[UUID ]STAMP [CPU% ][LEVEL] file:line `.
pub(super) fn prefix_stamp(line: &[u8]) -> Option<Timestamp> {
    if line.len() < STAMP {
        return None;
    }
    let (text, _) = text_of(line);
    let text = after_uuid(text).unwrap_or(text);
    if !text.first()?.is_ascii_digit() {
        return None;
    }
    let (stamp, rest) = text.split_at_checked(STAMP)?;
    let rest = rest.strip_prefix(b" ")?;
    let rest = after_cpu(rest).unwrap_or(rest).strip_prefix(b"[")?;
    let level = rest.iter().take(16).take_while(|b| b.is_ascii_alphanumeric()).count();
    let place = rest[level..].strip_prefix(b"] ")?;
    (level > 0 && is_place(place)).then(|| Timestamp::parse(stamp))?
}

/// The text after `99.90% `.
fn after_cpu(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take(8).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    text[digits..].strip_prefix(b"% ").filter(|_| digits > 0)
}

/// Whether `text` begins with `file:line`.
fn is_place(text: &[u8]) -> bool {
    let word = text.iter().take(128).take_while(|&&b| b.is_ascii_graphic()).count();
    let digits = text[..word].iter().rev().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && digits < word && text[word - digits - 1] == b':'
}

/// The text after a UUID and a blank.
pub(super) fn after_uuid(text: &[u8]) -> Option<&[u8]> {
    let (uuid, rest) = text.split_at_checked(UUID)?;
    if uuid[8] != b'-' {
        return None;
    }
    let fits = |(at, &b): (usize, &u8)| {
        if matches!(at, 8 | 13 | 18 | 23) { b == b'-' } else { b.is_ascii_hexdigit() }
    };
    uuid.iter().enumerate().all(fits).then(|| rest.strip_prefix(b" "))?
}

/// Whether the line at the start of `bytes` belongs to the log, and so to no entry: a line with FreeSWITCH's prefix, a
/// call's UUID or the prompt before it, or the start of an entry. `at_end` means that nothing follows `bytes`.
pub(super) fn is_of_log(bytes: &[u8], at_end: bool) -> Answer {
    let may_be = |b: u8| matches!(b, 0x1b | b'\r' | b'0'..=b'9' | b'a'..=b'f' | b'r' | b's');
    if bytes.first().is_some_and(|&b| !may_be(b)) {
        return Answer::No;
    }
    // An incomplete line may still become another one; the result must not depend on how much was read.
    let start = &bytes[..bytes.len().min(MAX_START)];
    let line = match split_line(start) {
        Some((line, _)) => line,
        None if at_end || start.len() == MAX_START => without_crs(start),
        None => return Answer::Unknown,
    };
    let (text, has_prompt) = text_of(line);
    if has_prompt || after_uuid(text).is_some() || prefix_stamp(line).is_some() {
        return Answer::Yes;
    }
    match open(text_start(bytes), at_end) {
        Opened::Entry(_) => Answer::Yes,
        Opened::Unknown => Answer::Unknown,
        Opened::HeaderAlone | Opened::No => Answer::No,
    }
}

/// `bytes` from the start of the text of their first line.
fn text_start(bytes: &[u8]) -> &[u8] {
    let line = memchr::memchr(b'\n', bytes).map_or(bytes, |end| &bytes[..end]);
    &bytes[line.len() - text_of(line).0.len()..]
}

/// Whether `bytes` begin with the first word of a header, or a part of it.
pub(super) fn begins_header(bytes: &[u8]) -> bool {
    let word = &bytes[..bytes.len().min(5)];
    [&b"recv "[..], b"send ", b"sent "].iter().any(|w| w.starts_with(word))
}

/// Parses the two lines at the start of an entry; `bytes` begin with the header's first word.
pub(super) fn open(bytes: &[u8], at_end: bool) -> Opened<'_> {
    if !begins_header(bytes) {
        return Opened::No;
    }
    let Some((line, header_len)) = split_line(&bytes[..bytes.len().min(MAX_START)]) else {
        return if at_end || bytes.len() >= MAX_START { Opened::No } else { Opened::Unknown };
    };
    let Some(header) = parse_header(line) else { return Opened::No };
    match dashes(&bytes[header_len..], at_end) {
        Ok((is_indented, len)) if !line.starts_with(b"sent ") => {
            Opened::Entry(Opening { header, is_indented, text_at: header_len + len })
        }
        Err(Answer::Unknown) => Opened::Unknown,
        _ => Opened::HeaderAlone,
    }
}

/// Parses a header line, of a log or of a dump, without its line end.
pub(super) fn parse_header(line: &[u8]) -> Option<Header<'_>> {
    let (word, rest) = line.split_at_checked(5)?;
    let is_received = word == b"recv ";
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let after =
        rest[digits..].strip_prefix(if is_received { &b" bytes from "[..] } else { b" bytes to " })?;
    let (peer, stamp) = [15, STAMP].into_iter().find_map(|len| {
        let text = after.strip_suffix(b":")?;
        let (before, stamp) = text.split_at_checked(text.len().checked_sub(len)?)?;
        Some((before.strip_suffix(b" at ")?, Timestamp::parse(stamp)?))
    })?;
    if !(1..=20).contains(&digits) || peer.is_empty() || !peer.iter().all(u8::is_ascii_graphic) {
        return None;
    }
    let count = rest[..digits]
        .iter()
        .fold(0_usize, |n, b| n.saturating_mul(10).saturating_add(usize::from(b - b'0')));
    let middle = &rest[..rest.len() - after.len() + peer.len()];
    Some(Header { is_received, count, middle, stamp, len: line.len() + 1 })
}

/// Whether `line` consists only of dashes.
pub(super) fn is_dashes(line: &[u8]) -> bool {
    (60..=80).contains(&line.len()) && line.iter().all(|&b| b == b'-')
}

/// What is before the line of dashes.
pub(super) fn before_dashes(line: &[u8]) -> Option<&[u8]> {
    let line = without_crs(line);
    let dashes = line.iter().rev().take(DASHES).take_while(|b| **b == b'-').count();
    let (before, dashes) = line.split_at(line.len() - dashes);
    is_dashes(dashes).then_some(before)
}

/// Whether `line` contains a line of dashes, with something before or after it.
pub(super) fn has_dashes(line: &[u8]) -> bool {
    !is_dashes(line) && line.chunk_by(|a, b| a == b).any(is_dashes)
}

/// Parses a line of dashes: whether it is indented, and its length. `Err` if there is none, or if that is unknown.
fn dashes(bytes: &[u8], at_end: bool) -> Result<(bool, usize), Answer> {
    if let Some((line, len)) = split_line(&bytes[..bytes.len().min(128)]) {
        let text = line.strip_prefix(b"   ");
        return is_dashes(text.unwrap_or(line)).then_some((text.is_some(), len)).ok_or(Answer::No);
    }
    let blanks = bytes.iter().take(3).take_while(|&&b| b == b' ').count();
    let may_become = bytes.len() < 128 && without_crs(&bytes[blanks..]).iter().all(|&b| b == b'-');
    Err(if may_become && !at_end { Answer::Unknown } else { Answer::No })
}

/// The end of the dump frame whose header is at the start of `bytes`, according to its count.
pub(super) fn declared_end(bytes: &[u8]) -> Option<usize> {
    let (line, len) = split_line(&bytes[..bytes.len().min(MAX_START)])?;
    parse_header(line)?.count.checked_add(len)
}
