//! Finds the end of an entry of the present format: it has no end mark, and its count includes CRs that the log has
//! removed.
//!
//! A text of L characters with E line ends had between L and L + E bytes. So an entry can end at any position from the
//! one where its count is reached with a CR before each line feed to the one where it is reached without any. The first
//! is right for nearly all entries; otherwise the body itself or the following text decides. Each decision depends on
//! the text up to a fixed position, never on how much more was read.
//!
//! Must not know: readers, output, entries of the old format.

use super::lines::{self, Answer};
use super::restore::{body_start, delimiter, line_ends, oddness};
use crate::sip::framing::HeadScan;

/// The end of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// After this many characters of its text.
    At(usize),
    /// Unknown until this many characters of its text are available.
    More(usize),
}

/// The entry's text and what is known about it.
struct Search<'a> {
    text: &'a [u8],
    /// The declared number of bytes.
    count: usize,
    /// The largest number of its characters that the log's buffer can hold.
    limit: usize,
    at_end: bool,
    /// The start of the body; 0 if the head has no end.
    body: usize,
    /// The length of the body in bytes.
    body_bytes: usize,
    /// The value of Content-Length.
    length: Option<usize>,
}

/// The position at which the count is reached with CRs before all line feeds.
enum Full {
    /// Reached here; whether the bytes then equal the count exactly.
    At(usize, bool),
    /// Unknown until this many characters are available.
    More(usize),
}

/// Finds the end of the entry whose text begins `text`. Its header declares `count` bytes; `limit` is the largest
/// number of characters that its writer puts into the log.
pub(super) fn find(text: &[u8], count: usize, limit: usize, at_end: bool) -> Ending {
    let mut search = Search { text, count, limit, at_end, body: 0, body_bytes: count, length: None };
    match body_start(&text[..text.len().min(limit)]) {
        Some(body) if search.has_room_for(body) => search.enter_body(body),
        Some(_) => {}
        None => {
            if let Full::More(wanted) = search.full(0, count)
                && !at_end
                && text.len() < limit
            {
                return Ending::More(wanted.min(limit));
            }
        }
    }
    search.run()
}

impl Search<'_> {
    /// Whether a head that ends at `body` fits into the count.
    fn has_room_for(&self, body: usize) -> bool {
        body + line_ends(&self.text[..body]) <= self.count
            || !matches!(self.full(0, self.count), Full::At(at, _) if at < body)
    }

    /// The head ends at `body`: its line ends are CRLF, unless its Content-Length shows that they are bare.
    fn enter_body(&mut self, body: usize) {
        let head = &self.text[..body];
        let length = HeadScan::default().find(head).and_then(|head| head.message_len()).map(|len| len - body);
        let with_crs = self.count.checked_sub(body + line_ends(head));
        let bare = self.count.saturating_sub(body);
        let is_bare = length == Some(bare) && length != with_crs;
        self.body = body;
        self.length = length;
        self.body_bytes = with_crs.filter(|_| !is_bare).unwrap_or(bare);
    }

    /// The first position from `from` on at which `budget` bytes are reached with a CR before each line feed.
    fn full(&self, from: usize, budget: usize) -> Full {
        let (mut at, mut left) = (from, budget);
        while left > 0 {
            let rest = &self.text[at..];
            let line = memchr::memchr(b'\n', &rest[..rest.len().min(left)]);
            match line {
                Some(len) if len + 1 == left => return Full::At(at + len + 1, false),
                Some(len) => {
                    at += len + 1;
                    left -= len + 2;
                }
                None if rest.len() >= left => return Full::At(at + left, true),
                None => {
                    left -= rest.len();
                    return Full::More(self.text.len() + left.div_ceil(2));
                }
            }
        }
        Full::At(at, true)
    }

    fn run(&self) -> Ending {
        match self.cut_earlier() {
            Ok(None) => {}
            Ok(Some(at)) => return Ending::At(at),
            Err(wanted) => return Ending::More(wanted),
        }
        let end = (self.body + self.body_bytes).min(self.limit);
        match self.full(self.body, self.body_bytes) {
            Full::At(at, is_exact) if at <= self.limit => {
                if is_exact && let Some(ending) = self.all_crlf(at) {
                    return ending;
                }
                self.between(at, end)
            }
            Full::More(wanted) if !self.at_end && self.text.len() < self.limit => {
                Ending::More(wanted.min(self.limit))
            }
            // The log has cut the entry.
            _ => self.between(usize::MAX, end),
        }
    }

    /// The end of an entry whose lines were cut, so that it has fewer bytes than declared: its Content-Length is complete
    /// there, and the log continues after its own line end. If the message had more bytes, its own line end would be
    /// there, too. `Err` with the number of characters that are needed to know.
    fn cut_earlier(&self) -> Result<Option<usize>, usize> {
        let Some(length) = self.length.filter(|length| *length < self.body_bytes) else { return Ok(None) };
        let at = match self.full(self.body, length) {
            Full::At(at, true) if at <= self.limit => at,
            Full::More(wanted) if !self.at_end && self.text.len() < self.limit => {
                return Err(wanted.min(self.limit));
            }
            Full::At(..) | Full::More(_) => return Ok(None),
        };
        let rest = self.text.get(at..).unwrap_or_default();
        match rest.strip_prefix(b"\n").unwrap_or(rest) {
            [] if !self.at_end => Err(self.text.len() + 1),
            [] => Ok(None),
            next => match lines::is_of_log(next, self.at_end) {
                Answer::Yes => Ok(Some(at)),
                Answer::Unknown => Err(self.text.len() + 1),
                Answer::No => Ok(None),
            },
        }
    }

    /// The decision if the entry may end at `at` with only CRLF line ends; `None` if it does not end there.
    fn all_crlf(&self, at: usize) -> Option<Ending> {
        let body = &self.text[self.body..at];
        if line_ends(body) == 0 || is_closed(body) {
            return Some(Ending::At(at));
        }
        if body.trim_ascii_end().ends_with(b"--")
            && let Some(close) = self.close_delimiter()
            && body.trim_ascii_end().ends_with(&close)
        {
            let at_delimiter = if body.ends_with(&close) { self.after_close(at) } else { None };
            return at_delimiter.or(Some(Ending::At(at)));
        }
        // The parts of a multipart body may have bare line ends; its close delimiter shows where it ends.
        if !is_document(body) && self.close_delimiter().is_none() {
            match self.completes_body(at) {
                Answer::Yes => return Some(Ending::At(at)),
                Answer::Unknown => return Some(Ending::More(self.text.len() + 1)),
                Answer::No => {}
            }
        }
        match self.is_followed(at) {
            Answer::Yes => Some(Ending::At(at)),
            Answer::Unknown => Some(Ending::More(self.text.len() + 1)),
            Answer::No => None,
        }
    }

    /// Whether a body with as many bytes as its header declares is complete at `at`: it contains no line of the log,
    /// and the text after it is not part of it. Its Content-Length is stronger evidence than blank lines.
    fn completes_body(&self, at: usize) -> Answer {
        let body = &self.text[self.body..at];
        match self.has_log_line(self.body, at) {
            Answer::No => {}
            Answer::Yes => return Answer::No,
            Answer::Unknown => return Answer::Unknown,
        }
        let is_promised = self.length == Some(self.body_bytes);
        let rest = self.text.get(at..).unwrap_or_default();
        // The log writes its own line end after the entry.
        let next = rest.strip_prefix(b"\n").unwrap_or(rest);
        let goes_on = is_sdp(body) && matches!(next, [letter, b'=', ..] if letter.is_ascii_lowercase());
        let ends_with_line = body.ends_with(b"\n");
        match rest {
            _ if next.len() < 2 && is_sdp(body) && !self.at_end => Answer::Unknown,
            [] if !self.at_end => Answer::Unknown,
            _ if goes_on => Answer::No,
            [b'\n', ..] if is_promised => Answer::Yes,
            [b'\n', ..] if ends_with_line && memchr::memmem::find(body, b"\n\n").is_none() => Answer::Yes,
            [] | [b'\n', ..] => Answer::No,
            _ if ends_with_line && is_promised => Answer::Yes,
            _ => Answer::No,
        }
    }

    /// Whether the log continues at `at`, possibly after line ends, or ends there.
    fn is_followed(&self, at: usize) -> Answer {
        let Some(rest) = self.text.get(at..) else { return Answer::No };
        let blank = rest.iter().take_while(|&&b| b == b'\n').count();
        match &rest[blank..] {
            [] if self.at_end => Answer::Yes,
            [] => Answer::Unknown,
            next => lines::is_of_log(next, self.at_end),
        }
    }

    /// Whether a line that begins between `from` and `to` looks like a line of the log.
    fn has_log_line(&self, from: usize, to: usize) -> Answer {
        self.line_starts(from, to - 1)
            .map(|at| lines::is_of_log(&self.text[at..], self.at_end))
            .find(|&answer| answer != Answer::No)
            .unwrap_or(Answer::No)
    }

    /// The starts of lines after `from`, up to `to`.
    fn line_starts(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let text = &self.text[from..to.min(self.text.len())];
        memchr::memchr_iter(b'\n', text).map(move |at| from + at + 1)
    }

    /// Searches the lines up to `end`, the last possible end of the entry, for the close delimiter of a multipart body,
    /// and for the log's next line. From `full` on the entry may be complete; an earlier line that looks like the log's
    /// is in the body if the count is right, otherwise the entry is cut there.
    fn between(&self, full: usize, end: usize) -> Ending {
        let close = self.close_delimiter();
        let mut cut = None;
        for at in self.line_starts(self.body, end) {
            let line = &self.text[at..];
            if let Some(close) = &close
                && (close.starts_with(&line[..line.len().min(close.len())]))
                && let Some(ending) = self.after_close(at + close.len())
            {
                return ending;
            }
            if cut.is_some() {
                // The lines after it matter only if the body has a close delimiter.
                if close.is_none() {
                    break;
                }
                continue;
            }
            match lines::is_of_log(line, self.at_end) {
                Answer::Yes if at >= full => {
                    return Ending::At(self.before_line(at).max(full));
                }
                Answer::Yes => cut = Some(self.before_line(at)),
                Answer::Unknown => return Ending::More(self.text.len() + 1),
                Answer::No => {}
            }
        }
        self.at_the_latest(full, end, cut)
    }

    /// The decision if no line up to `end` ends the entry; it may be cut at `cut`.
    fn at_the_latest(&self, full: usize, end: usize, cut: Option<usize>) -> Ending {
        if self.text.len() < end && !self.at_end {
            return Ending::More(end);
        }
        let Some(cut) = cut else {
            // At the end of the input the last line end is the log's own.
            let is_all = self.text.len() <= end && self.at_end;
            let len = end.min(self.text.len());
            return Ending::At(if is_all && len >= full { self.before_line(len).max(full) } else { len });
        };
        match self.is_followed(end) {
            Answer::Yes => Ending::At(end),
            Answer::Unknown => Ending::More(self.text.len() + 1),
            Answer::No => Ending::At(cut),
        }
    }

    /// The close delimiter of the body, if it is multipart.
    fn close_delimiter(&self) -> Option<Vec<u8>> {
        delimiter(&self.text[..self.body]).map(|delimiter| [&delimiter[..], b"--"].concat())
    }

    /// The decision if a multipart body's close delimiter ends at `at`: there or after its line end, whichever the
    /// count allows. `None` if it allows neither.
    fn after_close(&self, at: usize) -> Option<Ending> {
        let fits = |end: usize| self.text.get(..end).is_some_and(|text| oddness(text, self.count).is_some());
        let ends_line = match self.text.get(at) {
            None if !self.at_end => return Some(Ending::More(at + 1)),
            next => next == Some(&b'\n'),
        };
        match (fits(at), ends_line && fits(at + 1)) {
            (true, false) => Some(Ending::At(at)),
            (false, true) => Some(Ending::At(at + 1)),
            (false, false) => None,
            // One line end is the log's own.
            (true, true) => Some(match self.text.get(at + 1) {
                Some(b'\n') => Ending::At(at + 1),
                None if !self.at_end => Ending::More(at + 2),
                _ => Ending::At(at),
            }),
        }
    }

    /// The end of an entry before the log's line at `at`, without the line end that the log writes there.
    fn before_line(&self, at: usize) -> usize {
        if self.text[..at].ends_with(b"\n") { at - 1 } else { at }
    }
}

/// Whether `body` is XML or JSON, judged by its first byte.
fn is_document(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'<' | b'{' | b'['))
}

/// Whether `body` is a session description, judged by its first line.
fn is_sdp(body: &[u8]) -> bool {
    body.starts_with(b"v=")
}

/// Whether a body is complete by its own structure: it ends with the root's end tag, or with the last bracket.
fn is_closed(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    match text.first() {
        Some(b'<') => is_closed_xml(text),
        Some(b'{' | b'[') => is_closed_json(text),
        _ => false,
    }
}

fn is_closed_xml(text: &[u8]) -> bool {
    let is_root = |at: &usize| text.get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    let Some(start) = memchr::memchr_iter(b'<', text).find(is_root) else { return false };
    let len = text[start + 1..]
        .iter()
        .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/'))
        .count();
    let name = &text[start + 1..start + 1 + len];
    let end = text.strip_suffix(b">").map(<[u8]>::trim_ascii_end);
    end.and_then(|text| text.strip_suffix(name)).is_some_and(|text| text.ends_with(b"</"))
}

fn is_closed_json(text: &[u8]) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    let mut in_string = false;
    while let Some(&b) = text.get(at) {
        match b {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    depth == 0 && !in_string && matches!(text.last(), Some(b'}' | b']'))
}
