//! The entry that is being read: its header, and its text without the log's indentation and the console's line ends.
//!
//! Must not know: the text between entries, output.

use super::ending::{self, Ending};
use super::head::{begins_message, is_head_line};
use super::lines::{self, Answer, Header, Opened};
use super::restore::{body_start, line_ends, oddness};
use crate::base::Timestamp;
use crate::base::bytes::decimal;

/// The size of the buffer in which sofia-sip has formatted whole entries since May 2019, with its final NUL.
const LOG_BUFFER: usize = 16_000;
/// Length of the line of dashes, its line feed included.
const DASHES: usize = 73;
/// Bytes after an entry that are examined to decide whether it ends.
const LOOK_AHEAD: usize = 640;
/// The longest text of an entry of the old format; a longer one is cut.
const MAX_INDENTED: usize = 4 << 20;
/// The longest line of the old format: sofia-sip cuts a message at a line of 2,047 bytes.
const MAX_LINE: usize = 16 * 1024;
/// The indentation of every line in the old format.
pub(super) const INDENT: &[u8] = b"   ";
/// The text that the old format writes instead of unprintable content, up to the end of the message.
const ENCODED: &[u8] = b"<ENCODED DATA>";
/// The text after the dashes if the old format has cut a message.
const TRUNCATED: &[u8] = b"   *** message truncated at ";

/// The fields of an entry's header.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) is_received: bool,
    /// The declared number of bytes.
    pub(super) count: usize,
    /// `N bytes from|to PROTO/[ADDR]:PORT`.
    pub(super) middle: Vec<u8>,
    pub(super) stamp: Timestamp,
}

impl Head {
    /// The header line, without its line end.
    pub(super) fn line(&self) -> Vec<u8> {
        let word = if self.is_received { &b"recv "[..] } else { b"send " };
        [word, &self.middle, format!(" at {}:", self.stamp).as_bytes()].concat()
    }
}

/// An entry whose end has not been reached.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) head: Head,
    /// The length of the text in bytes with its line ends restored, or its upper limit.
    written: usize,
    /// The text so far: its line ends are line feeds.
    text: Vec<u8>,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    /// One write of at most 15,999 characters, without an end mark.
    Plain(Plain),
    /// Indented lines between two lines of dashes.
    Indented {
        is_encoded: bool,
        /// Line ends in the text.
        ends: usize,
    },
}

#[derive(Debug, Clone)]
struct Plain {
    /// The largest number of characters of text that the log's buffer can hold.
    limit: usize,
    /// The largest number of characters that are needed to find the end of the entry.
    most: usize,
    /// Bytes of the window that were added to the text.
    taken: usize,
    /// Some of these bytes are CRs, which need not be in the text.
    has_crs: bool,
    /// The number of characters that are needed before the end can be found.
    wanted: usize,
}

/// The result of examining the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The entry ends after this many bytes of the window.
    Ended(usize),
    /// The entry continues after this many bytes, which were taken.
    Taken(usize),
    /// More bytes are needed.
    More,
}

impl Entry {
    /// Starts the entry with this `header`. `text` is an empty buffer.
    pub(super) fn new(header: &Header<'_>, is_indented: bool, mut text: Vec<u8>) -> Self {
        text.clear();
        let limit = (LOG_BUFFER - 1).saturating_sub(header.len + DASHES);
        let most = limit.min(header.count) + LOOK_AHEAD;
        let form = if is_indented {
            Form::Indented { is_encoded: false, ends: 0 }
        } else {
            Form::Plain(Plain { limit, most, taken: 0, has_crs: false, wanted: 0 })
        };
        let head = Head {
            is_received: header.is_received,
            count: header.count,
            middle: header.middle.to_vec(),
            stamp: header.stamp,
        };
        Self { written: head.count, head, text, form }
    }

    /// The number of bytes that the log has of the message: the declared number, or the smaller one that the log itself
    /// reports.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// The text; complete once the entry has ended.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the log's buffer could not hold more text.
    pub(super) fn is_at_limit(&self) -> bool {
        matches!(&self.form, Form::Plain(plain) if self.text.len() >= plain.limit)
    }

    /// Whether the text has as many bytes as declared if all its line ends are CRLF.
    pub(super) fn is_full(&self) -> bool {
        self.text.len() + line_ends(&self.text) == self.written
    }

    /// Whether the text has as many bytes as declared with line ends that its structure allows.
    pub(super) fn is_exact(&self) -> bool {
        self.is_full() || oddness(&self.text, self.written).is_some()
    }

    /// The same with line ends that are usual for each part of it.
    pub(super) fn is_usual(&self) -> bool {
        self.is_full() || oddness(&self.text, self.written) == Some(0)
    }

    /// Restores the blank line that copying removed from the end of the head: the header's count shows that it existed.
    /// Returns whether the head has an end, or the log's own format does not tell.
    pub(super) fn restore_blank_line(&mut self) -> bool {
        if self.text.is_empty() || !matches!(self.form, Form::Plain(_)) || body_start(&self.text).is_some() {
            return true;
        }
        self.insert_blank_line();
        body_start(&self.text).is_some()
    }

    fn insert_blank_line(&mut self) {
        if let Some(length) = fields_length(&self.text).filter(|length| *length > 0) {
            return self.restore_blank_line_before_body(length);
        }
        let has_line_end = self.text.ends_with(b"\n");
        let missing = self.head.count.checked_sub(self.text.len() + line_ends(&self.text));
        match missing {
            Some(4) if !has_line_end => self.text.extend_from_slice(b"\n\n"),
            Some(2) if has_line_end => self.text.push(b'\n'),
            _ => {}
        }
    }

    /// The same for a message with a body: Content-Length shows where the body begins.
    fn restore_blank_line_before_body(&mut self, length: usize) {
        let Some(head) = self.head.count.checked_sub(length) else { return };
        let starts = memchr::memchr_iter(b'\n', &self.text).map(|at| at + 1);
        // Each line end of the head was CRLF, and so was that of the blank line.
        let Some((at, _)) =
            starts.enumerate().map(|(nth, at)| (at, at + nth + 3)).find(|(_, len)| *len == head)
        else {
            return;
        };
        let mut whole = self.clone();
        whole.text.insert(at, b'\n');
        // Without the blank line, the last line end may be missing, or be the log's own.
        let len = whole.text.len() - usize::from(whole.text.ends_with(b"\n"));
        for end in [&b""[..], b"\n"] {
            whole.text.truncate(len);
            whole.text.extend_from_slice(end);
            if whole.is_exact() {
                *self = whole;
                return;
            }
        }
    }

    /// Whether the text is not all that was written although the log's own limits do not explain it: it has fewer bytes
    /// than declared, a body without a blank line before it, or a head without an end.
    pub(super) fn is_damaged(&self) -> bool {
        let is_encoded = matches!(self.form, Form::Indented { is_encoded: true, .. });
        let is_short = self.text.len() + line_ends(&self.text) < self.written;
        let has_body =
            || body_start(&self.text).is_none() && fields_length(&self.text).is_some_and(|len| len > 0);
        !is_encoded && !self.is_at_limit() && (is_short || has_body() || self.has_broken_head())
    }

    /// Whether something else follows the text than the log, as if its lines had something before them from one on: then
    /// its count is reached too early. `rest` is what follows.
    pub(super) fn is_doubtful(&self, rest: &[u8], at_end: bool) -> Answer {
        if !matches!(self.form, Form::Plain(_)) || self.is_at_limit() {
            return Answer::No;
        }
        if self.has_broken_head() {
            return Answer::Yes;
        }
        let next = match lines::split_line(rest) {
            Some(([], len)) => &rest[len..],
            _ => rest,
        };
        match next {
            [] | [b'\r'] if !at_end => Answer::Unknown,
            [] | [b'\r' | b'\n', ..] => Answer::No,
            _ => match lines::is_of_log(next, at_end) {
                Answer::No => Answer::Yes,
                Answer::Yes if self.is_before_uuid(next) => Answer::Yes,
                Answer::Yes => Answer::No,
                Answer::Unknown => Answer::Unknown,
            },
        }
    }

    /// Whether the UUID with which `next` begins may be before every line: the entry has lines with it, or is not whole.
    /// FreeSWITCH writes it before lines about calls only.
    fn is_before_uuid(&self, next: &[u8]) -> bool {
        let (text, _) = lines::text_of(next);
        let Some(rest) = lines::after_uuid(text) else { return false };
        let uuid = &text[..text.len() - rest.len()];
        let begins = |at: usize| self.text[..at].is_empty() || self.text[..at].ends_with(b"\n");
        !self.is_exact() || memchr::memmem::find_iter(&self.text, uuid).any(begins)
    }

    /// Whether the count is reached in the head, whose last line is no header field.
    fn has_broken_head(&self) -> bool {
        let is_short = || self.text.len() + line_ends(&self.text) < self.written;
        let is_blank = || lines::split_last(&self.text).trim_ascii().is_empty();
        matches!(self.form, Form::Plain(_))
            && body_start(&self.text).is_none()
            && !is_short()
            && begins_message(&self.text)
            && (is_blank() || !is_head_line(lines::split_last(&self.text)))
    }

    /// Whether it is whole, and the lines after it, `rest`, have something before them: they do not belong to it.
    pub(super) fn is_before_wrapped(&self, rest: &[u8]) -> bool {
        self.is_full() && begins_wrapped_log(rest)
    }

    /// Whether the text ends within a line, so that its count is wrong. `rest` is what follows in the log.
    pub(super) fn ends_within_line(&self, rest: &[u8]) -> bool {
        matches!(self.form, Form::Plain(_))
            && !self.is_at_limit()
            && !self.text.ends_with(b"\n")
            && !matches!(rest, [] | [b'\n' | b'\r', ..])
            && lines::is_of_log(rest, true) == Answer::No
    }

    /// Returns the text's buffer.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.text
    }

    /// Reads from the window, which begins after the taken bytes. `at_end` means that it will not grow.
    pub(super) fn step(&mut self, window: &[u8], at_end: bool) -> Progress {
        match &mut self.form {
            Form::Plain(plain) => plain.step(&mut self.text, self.head.count, window, at_end),
            Form::Indented { .. } => self.indented_line(window, at_end),
        }
    }

    /// Takes a line of the old format.
    fn indented_line(&mut self, window: &[u8], at_end: bool) -> Progress {
        let start = &window[..window.len().min(MAX_LINE)];
        let (line, len) = match lines::split_line(start) {
            Some(found) => found,
            None if start.is_empty() && at_end => return Progress::Ended(0),
            None if at_end || start.len() == MAX_LINE => (lines::without_crs(start), start.len()),
            None => return Progress::More,
        };
        let Some(content) = line.strip_prefix(INDENT) else {
            // Threads write between each other's lines.
            return match lines::open(&window[len_of_noise(&window[..len])..], at_end) {
                Opened::Entry(_) => Progress::Ended(0),
                Opened::Unknown => Progress::More,
                _ => Progress::Taken(len),
            };
        };
        if lines::is_dashes(content) {
            match self.is_closed(&window[len..], at_end) {
                Answer::Yes => {
                    self.written = truncated_at(&window[len..]).unwrap_or(self.written).min(self.written);
                    self.close();
                    return Progress::Ended(len);
                }
                Answer::Unknown => return Progress::More,
                Answer::No => {}
            }
        }
        self.take_line(content);
        if self.text.len() > MAX_INDENTED { Progress::Ended(len) } else { Progress::Taken(len) }
    }

    fn take_line(&mut self, content: &[u8]) {
        let Form::Indented { is_encoded, ends } = &mut self.form else { return };
        *is_encoded |= content == ENCODED;
        if !*is_encoded {
            *ends += 1;
            self.text.extend_from_slice(content);
            self.text.push(b'\n');
        }
    }

    /// Whether the dashes before `rest` close the entry: its count is reached, or the next line is not indented.
    fn is_closed(&self, rest: &[u8], at_end: bool) -> Answer {
        let Form::Indented { ends, .. } = self.form else { return Answer::Yes };
        let most = self.text.len() + ends;
        if most == self.head.count || most == self.head.count.saturating_add(2) {
            return Answer::Yes;
        }
        let start = &rest[..rest.len().min(TRUNCATED.len())];
        match start {
            _ if start == TRUNCATED => {
                let is_whole = at_end || rest.len() > MAX_LINE || lines::split_line(rest).is_some();
                if is_whole { Answer::Yes } else { Answer::Unknown }
            }
            _ if TRUNCATED.starts_with(start) && !at_end => Answer::Unknown,
            _ if start.starts_with(INDENT) => Answer::No,
            _ => Answer::Yes,
        }
    }

    /// Ends the text at the closing dashes: the log put a line end before them if the message did not end with one, or
    /// was cut.
    fn close(&mut self) {
        let most = self.text.len() + line_ends(&self.text);
        let without = &self.text[..self.text.len().saturating_sub(1)];
        let is_likelier = match (oddness(without, self.written), oddness(&self.text, self.written)) {
            (Some(without), Some(with)) => without < with,
            (Some(_), None) => true,
            _ => false,
        };
        let is_encoded = matches!(self.form, Form::Indented { is_encoded: true, .. });
        let is_cut = most < self.head.count && !is_encoded;
        if is_likelier || is_cut {
            self.text.pop();
        }
    }
}

/// Whether one of the first lines of `bytes` is of the log, with something before it.
fn begins_wrapped_log(bytes: &[u8]) -> bool {
    let is_of_log = |line| lines::header_at(line).is_some() || lines::prefix_stamp_at(line).is_some();
    bytes.split(|&b| b == b'\n').take(3).any(is_of_log)
}

/// The value of the first Content-Length in lines that may be header fields.
fn fields_length(text: &[u8]) -> Option<usize> {
    let value = text.split(|&b| b == b'\n').find_map(|line| {
        let (name, value) = line.split_at(memchr::memchr(b':', line)?);
        let name = name.trim_ascii();
        let is_length = name.eq_ignore_ascii_case(b"content-length") || name.eq_ignore_ascii_case(b"l");
        is_length.then(|| value[1..].trim_ascii())
    })?;
    decimal(value).and_then(|length| usize::try_from(length).ok())
}

/// The length of the line `*** message truncated at N ***` at the start of `rest`, or 0.
pub(super) fn truncation_len(rest: &[u8]) -> usize {
    truncated_at(rest).and_then(|_| lines::split_line(rest)).map_or(0, |(_, len)| len)
}

/// The number in `*** message truncated at N ***` at the start of `rest`.
fn truncated_at(rest: &[u8]) -> Option<usize> {
    let number = rest.strip_prefix(TRUNCATED)?;
    let digits = number.iter().take(12).take_while(|b| b.is_ascii_digit()).count();
    usize::try_from(decimal(&number[..digits])?).ok()
}

/// Bytes of `line` before its text: the prompt, colours.
fn len_of_noise(line: &[u8]) -> usize {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.len() - lines::text_of(line).0.len()
}

impl Plain {
    fn step(&mut self, text: &mut Vec<u8>, count: usize, window: &[u8], at_end: bool) -> Progress {
        self.gather(text, window);
        if text.len() < self.wanted && !at_end && text.len() < self.most {
            return Progress::More;
        }
        let is_all = text.len() >= self.most;
        match ending::find(text, count, self.limit, is_all || at_end) {
            Ending::More(wanted) if !is_all && !at_end => {
                self.wanted = wanted;
                return Progress::More;
            }
            Ending::More(_) => {}
            Ending::At(len) => text.truncate(len),
        }
        Progress::Ended(if self.has_crs { bytes_of(window, text.len()) } else { text.len() })
    }

    /// Appends the window to the text with line feeds as line ends, up to the needed number of characters.
    fn gather(&mut self, text: &mut Vec<u8>, window: &[u8]) {
        while text.len() < self.most {
            let rest = &window[self.taken..];
            let piece = &rest[..rest.len().min(self.most - text.len())];
            if !self.has_crs && memchr::memchr(b'\r', piece).is_none() {
                text.extend_from_slice(piece);
                self.taken += piece.len();
                return;
            }
            self.has_crs = true;
            let (line, taken, end) = match lines::split_line(rest) {
                Some((line, len)) => (line, len, &b"\n"[..]),
                None => (lines::without_crs(rest), lines::without_crs(rest).len(), &b""[..]),
            };
            let room = self.most - text.len();
            if line.len() + end.len() > room {
                let part = line.len().min(room);
                text.extend_from_slice(&line[..part]);
                self.taken += part;
                return;
            }
            text.extend_from_slice(line);
            text.extend_from_slice(end);
            self.taken += taken;
            if end.is_empty() {
                return;
            }
        }
    }
}

/// The bytes of the window that contain `len` characters of text.
fn bytes_of(window: &[u8], len: usize) -> usize {
    let (mut at, mut left) = (0, len);
    while left > 0 {
        let Some((line, bytes)) = lines::split_line(&window[at..]).filter(|(line, _)| line.len() < left)
        else {
            return (at + left).min(window.len());
        };
        left -= line.len() + 1;
        at += bytes;
    }
    at
}
