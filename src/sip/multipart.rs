//! Multipart bodies: parts, and nested parts (RFC 2046 §5.1).
//!
//! Must not know: what the parts say.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::content_type::ContentType;
use super::fields::{Header, Headers, RawField, RawLine, RawLines, unfold};

/// Multipart within multipart is followed down to here: each level reads the bytes once more.
const MAX_DEPTH: usize = 8;

/// One part of a multipart body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// What follows the part's blank line, without the line end that belongs to the next delimiter.
    pub body: &'a [u8],
    /// Where the body is in the message.
    pub body_range: Range<usize>,
    /// Where the part is in the message, header fields included.
    pub range: Range<usize>,
    /// The parts of this part.
    pub children: Vec<Part<'a>>,
    message: &'a [u8],
}

impl<'a> Part<'a> {
    /// The part's header fields in their order; their ranges are places in the message.
    pub fn headers(&self) -> Headers<'a> {
        Headers(self.raw_lines())
    }

    /// The first field of that name; case does not count, nor do compact forms on either side.
    pub fn header(&self, name: &str) -> Option<Header<'a>> {
        self.raw(name).map(RawField::header)
    }

    /// The media type; `None` where there is none (it is then `text/plain`, RFC 2046 §5.1) or it cannot be read.
    pub fn content_type(&self) -> Option<ContentType<'a>> {
        ContentType::parse(self.raw("Content-Type")?.value)
    }

    /// The value of Content-ID, angle brackets included.
    pub fn content_id(&self) -> Option<Cow<'a, [u8]>> {
        self.raw("Content-ID").map(|field| unfold(field.value))
    }

    /// The value of Content-Disposition.
    pub fn content_disposition(&self) -> Option<Cow<'a, [u8]>> {
        self.raw("Content-Disposition").map(|field| unfold(field.value))
    }

    fn raw_lines(&self) -> RawLines<'a> {
        RawLines::new(&self.message[..self.body_range.start], self.range.start)
    }

    fn raw(&self, name: &str) -> Option<RawField<'a>> {
        self.raw_lines().filter_map(RawLine::field).find(|field| field.is(name))
    }
}

/// Splits the bytes at `range` of the message by the boundary of `content_type`.
///
/// There are no parts if the type is no multipart, or whose boundary is missing or never used.
pub(crate) fn split<'a>(
    message: &'a [u8],
    range: Range<usize>,
    content_type: &ContentType<'_>,
) -> Vec<Part<'a>> {
    split_to_depth(message, range, content_type, 0)
}

/// The parts of a body without their own parts.
pub(crate) fn split_one_level<'a>(body: &'a [u8], content_type: &ContentType<'_>) -> Vec<Part<'a>> {
    split_to_depth(body, 0..body.len(), content_type, MAX_DEPTH - 1)
}

fn split_to_depth<'a>(
    message: &'a [u8],
    range: Range<usize>,
    content_type: &ContentType<'_>,
    depth: usize,
) -> Vec<Part<'a>> {
    let Some(boundary) = content_type.boundary().filter(|b| content_type.is_multipart() && !b.is_empty())
    else {
        return Vec::new();
    };
    let delimiters = Delimiters::new(message, range.clone(), &boundary);
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    for delimiter in delimiters {
        if let Some(start) = begun {
            parts.push(part(message, start..delimiter.start.max(start), depth));
        }
        begun = (!delimiter.closes).then_some(delimiter.end);
        if delimiter.closes {
            break;
        }
    }
    // The close delimiter is missing: what is there is still shown.
    if let Some(start) = begun.filter(|&start| start < range.end) {
        parts.push(part(message, start..range.end, depth));
    }
    parts
}

/// Whether the boundary's close delimiter is there.
pub(crate) fn is_closed(message: &[u8], range: Range<usize>, boundary: &[u8]) -> bool {
    Delimiters::new(message, range, boundary).any(|delimiter| delimiter.closes)
}

/// The first part, depth first, for which `wanted` holds.
pub(crate) fn first<'p, 'a>(
    parts: &'p [Part<'a>],
    wanted: impl Fn(&Part<'a>) -> bool + Copy,
) -> Option<&'p Part<'a>> {
    parts.iter().find_map(|part| if wanted(part) { Some(part) } else { first(&part.children, wanted) })
}

fn part(message: &[u8], range: Range<usize>, depth: usize) -> Part<'_> {
    let mut lines = RawLines::new(&message[..range.end], range.start);
    lines.by_ref().for_each(drop);
    // A part must begin with its header fields or a blank line; one that does not is all body.
    let first = RawLines::new(&message[..range.end], range.start).next();
    let headless = first.is_some_and(|line| line.field().is_none());
    let body_start = if headless { range.start } else { lines.position() };
    let body_range = body_start..range.end;
    let mut part = Part {
        body: &message[body_range.clone()],
        body_range: body_range.clone(),
        range,
        children: Vec::new(),
        message,
    };
    if depth + 1 < MAX_DEPTH
        && let Some(content_type) = part.content_type()
    {
        part.children = split_to_depth(message, body_range, &content_type, depth + 1);
    }
    part
}

/// A delimiter line.
struct Delimiter {
    /// Offset of the line end before it, which belongs to it.
    start: usize,
    /// Offset after its own line end.
    end: usize,
    closes: bool,
}

/// Finds `--boundary` at the start of lines, with blanks after it (RFC 2046 §5.1.1: transport padding).
struct Delimiters<'a> {
    message: &'a [u8],
    range: Range<usize>,
    finder: memmem::Finder<'static>,
    at: usize,
}

impl<'a> Delimiters<'a> {
    fn new(message: &'a [u8], range: Range<usize>, boundary: &[u8]) -> Self {
        let dashed = [b"--", boundary].concat();
        Self { message, at: range.start, range, finder: memmem::Finder::new(&dashed).into_owned() }
    }

    /// The delimiter at `at`, where the dashed boundary is, if the rest of the line allows it to be one.
    fn delimiter(&self, at: usize) -> Option<Delimiter> {
        let before = &self.message[self.range.start..at];
        let line_end = match before {
            [] => 0,
            [.., b'\r', b'\n'] => 2,
            [.., b'\n'] => 1,
            _ => return None,
        };
        let after = at + self.finder.needle().len();
        let rest = &self.message[after..self.range.end];
        let (closes, rest) = match rest.strip_prefix(b"--") {
            Some(rest) if ends_line(rest).is_some() => (true, rest),
            _ => (false, rest),
        };
        let end = self.range.end - rest.len() + ends_line(rest)?;
        Some(Delimiter { start: at - line_end, end, closes })
    }
}

impl Iterator for Delimiters<'_> {
    type Item = Delimiter;

    fn next(&mut self) -> Option<Delimiter> {
        loop {
            let found = self.finder.find(self.message.get(self.at..self.range.end)?)?;
            let at = self.at + found;
            match self.delimiter(at) {
                Some(delimiter) => {
                    // The line end after a delimiter may also belong to the next one.
                    self.at = at + self.finder.needle().len();
                    return Some(delimiter);
                }
                None => self.at = at + 1,
            }
        }
    }
}

/// The length of blanks and the line end with which `rest` begins; also where it ends there.
fn ends_line(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [] => Some(blanks),
        [b'\n', ..] | [b'\r'] => Some(blanks + 1),
        [b'\r', b'\n', ..] => Some(blanks + 2),
        _ => None,
    }
}
