//! Restores the line ends of a message: the log has one line feed for each CRLF, and for each bare CR or LF.
//!
//! The count in the entry's header shows how many CRs are missing, but not where. Heads, and the delimiters and heads
//! of the parts of a multipart body, have CRLF; XML and JSON bodies are often created with bare LF.
//!
//! Must not know: how the text was found in the log.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use crate::sip::ContentType;

/// Upper limit of the parts of a multipart body that are tried with bare line ends.
const MAX_PARTS: usize = 10;

/// The tags after which FreeSWITCH's own presence documents have CRLF among bare line feeds.
const CRLF_TAGS: [&[u8]; 2] = [b"<status>", b"<rpid:activities>"];

/// The oddness of a head with bare line ends.
const ODD: usize = MAX_PARTS + 1;

/// Number of line ends in `text`.
pub(super) fn line_ends(text: &[u8]) -> usize {
    memchr_iter(b'\n', text).count()
}

/// The start of the body; `None` if the head has no end.
pub(super) fn body_start(text: &[u8]) -> Option<usize> {
    memmem::find(text, b"\n\n").map(|at| at + 2)
}

/// Appends `text` to `out` with its line ends restored so that it has `count` bytes, or as many as possible if the log
/// has cut the message.
pub(super) fn restore(text: &[u8], count: usize, out: &mut Vec<u8>) {
    let text = &text[..text.len().min(count)];
    let bare = match bare(text, count) {
        Some((bare, _)) => bare,
        None => std::iter::once(after_line_ends(text, count - text.len())..text.len()).collect(),
    };
    let mut copied = 0;
    for at in memchr_iter(b'\n', text) {
        if !bare.iter().any(|range| range.contains(&at)) {
            out.extend_from_slice(&text[copied..at]);
            out.push(b'\r');
            copied = at;
        }
    }
    out.extend_from_slice(&text[copied..]);
}

/// How unusual the line ends of `text` are if it has `count` bytes; `None` if they cannot be restored.
pub(super) fn oddness(text: &[u8], count: usize) -> Option<usize> {
    let missing = count.checked_sub(text.len())?;
    if missing > line_ends(text) { None } else { bare(text, count).map(|(_, odd)| odd) }
}

/// The ranges with bare line ends, and how unusual that is; `None` if the structure of the message does not show it.
fn bare(text: &[u8], count: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let missing = count.saturating_sub(text.len());
    let body = body_start(text).unwrap_or(text.len());
    if missing > line_ends(text) {
        return Some((bare_of_cut(text, body), 0));
    }
    let bare = line_ends(text) - missing;
    if bare == 0 {
        return Some((Vec::new(), 0));
    }
    let if_right =
        |range: Range<usize>, odd| (line_ends(&text[range.clone()]) == bare).then(|| (vec![range], odd));
    if_right(body..text.len(), usize::from(!is_mostly_bare(&text[body..])))
        .or_else(|| bare_parts(text, body, bare))
        .or_else(|| bare_presence(text, body, bare).map(|ranges| (ranges, 0)))
        .or_else(|| if_right(0..text.len(), ODD))
        .or_else(|| if_right(0..body, ODD))
}

/// The same for a cut message, whose count shows nothing: JSON bodies are assumed to have bare line ends.
fn bare_of_cut(text: &[u8], body: usize) -> Vec<Range<usize>> {
    let bodies = match delimiter(&text[..body]) {
        Some(delimiter) => part_bodies(text, body, &delimiter),
        None => std::iter::once(body..text.len()).collect(),
    };
    let is_json =
        |range: &Range<usize>| matches!(text[range.clone()].trim_ascii_start().first(), Some(b'{' | b'['));
    bodies.into_iter().filter(is_json).collect()
}

/// The presence document that FreeSWITCH's `sofia_presence.c` writes with bare line ends, except after two tags.
fn bare_presence(text: &[u8], body: usize, bare: usize) -> Option<Vec<Range<usize>>> {
    let has_crlf = |at: &usize| CRLF_TAGS.iter().any(|tag| text[..*at].ends_with(tag));
    let crlf: Vec<usize> = memchr_iter(b'\n', &text[body..]).map(|at| at + body).filter(has_crlf).collect();
    let is_right = !crlf.is_empty() && line_ends(&text[body..]) - crlf.len() == bare;
    let starts = std::iter::once(body).chain(crlf.iter().map(|at| at + 1));
    is_right
        .then(|| starts.zip(crlf.iter().copied().chain([text.len()])).map(|(from, to)| from..to).collect())
}

/// The offset after the first `count` line ends.
fn after_line_ends(text: &[u8], count: usize) -> usize {
    count.checked_sub(1).and_then(|nth| memchr_iter(b'\n', text).nth(nth)).map_or(0, |at| at + 1)
}

/// The bodies of parts that together have `bare` line ends; of several combinations, the one in which most parts have
/// the usual line ends of their kind.
fn bare_parts(text: &[u8], body: usize, bare: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let delimiter = delimiter(&text[..body])?;
    let mut parts = part_bodies(text, body, &delimiter);
    parts.truncate(MAX_PARTS);
    let chosen =
        |set: u32| parts.iter().enumerate().filter(move |(nth, _)| set >> nth & 1 == 1).map(|(_, p)| p);
    let odd = |set: u32| {
        let is_odd = |(nth, part): (usize, &Range<usize>)| {
            (set >> nth & 1 == 1) != is_mostly_bare(&text[part.clone()])
        };
        parts.iter().enumerate().filter(|&part| is_odd(part)).count()
    };
    (0..1_u32 << parts.len())
        .filter(|&set| chosen(set).map(|part| line_ends(&text[part.clone()])).sum::<usize>() == bare)
        .map(|set| (set, odd(set)))
        .min_by_key(|&(_, odd)| odd)
        .map(|(set, odd)| (chosen(set).cloned().collect(), odd))
}

/// Whether a part's body is of a kind that usually has bare line ends: XML and JSON, judged by the first byte.
fn is_mostly_bare(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'<' | b'{' | b'['))
}

/// The bodies of the parts between delimiters, without the line end that belongs to the next delimiter.
fn part_bodies(text: &[u8], body: usize, delimiter: &[u8]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = delimiters(text, body, delimiter).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let part = |(start, end): (&usize, usize)| {
        let from = start + body_start(&text[*start..end])?;
        (from < end && !text[start + delimiter.len()..].starts_with(b"--")).then(|| from..(end - 1).max(from))
    };
    starts.iter().zip(ends).filter_map(part).collect()
}

/// The positions of lines that begin with the delimiter.
fn delimiters<'a>(text: &'a [u8], body: usize, delimiter: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let is_line_start = move |at: &usize| *at == 0 || text[at - 1] == b'\n';
    memmem::find_iter(&text[body..], delimiter)
        .map(move |at| at + body)
        .filter(is_line_start)
        .collect::<Vec<_>>()
        .into_iter()
}

/// `--` and the boundary of the multipart type in a head.
pub(super) fn delimiter(head: &[u8]) -> Option<Vec<u8>> {
    let value = head.split(|&b| b == b'\n').find_map(|line| {
        let colon = memchr::memchr(b':', line)?;
        let name = line[..colon].trim_ascii();
        (name.eq_ignore_ascii_case(b"content-type") || name.eq_ignore_ascii_case(b"c"))
            .then(|| &line[colon + 1..])
    })?;
    let boundary = ContentType::parse(value).filter(ContentType::is_multipart)?.boundary()?;
    (!boundary.is_empty()).then(|| [b"--", &*boundary].concat())
}
