//! Text as lines: exact with its line ends, or as it is meant to be read.
//!
//! Must not know: what the text says.

use crate::style::styled_text::{Line, Role, Span};

use super::format::shown;

/// How line ends are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// `\r\n` is at the end of the line, dim.
    Shown,
    /// The line just ends.
    Hidden,
}

/// One line for each line of `bytes`. Sources count from `first`.
pub(super) fn lines(bytes: &[u8], first: usize, ends: LineEnds) -> Vec<Line> {
    let mut out = Vec::with_capacity(bytes.len() / 40 + 1);
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |lf| at + lf + 1);
        out.push(line(&bytes[at..end], first + at, ends));
        at = end;
    }
    out
}

fn line(bytes: &[u8], offset: usize, ends: LineEnds) -> Line {
    let (text, end) = split_line_end(bytes);
    let shows_end = ends == LineEnds::Shown && !end.is_empty();
    // Bodies can have a million lines: none takes more room than it needs.
    let mut spans = Vec::with_capacity(usize::from(!text.is_empty()) + usize::from(shows_end));
    if !text.is_empty() {
        spans.push(Span { role: Role::Plain, text: shown(text) });
    }
    if shows_end {
        spans.push(Span { role: Role::Dim, text: end.into() });
    }
    Line { spans, source: Some(offset..offset + bytes.len()) }
}

/// A line and how its line end is written.
pub(super) fn split_line_end(line: &[u8]) -> (&[u8], &'static str) {
    match line {
        [text @ .., b'\r', b'\n'] => (text, r"\r\n"),
        [text @ .., b'\n'] => (text, r"\n"),
        _ => (line, ""),
    }
}

/// This many bytes decide whether content is text.
const SAMPLE: usize = 64 << 10;

/// Whether `bytes` are fit to be read as text: at most one in eight, and one more, is a control or no UTF-8.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let bad: usize = bytes
        .utf8_chunks()
        .map(|chunk| {
            let controls = chunk.valid().bytes().filter(|b| b.is_ascii_control() && !b"\t\r\n".contains(b));
            controls.count() + chunk.invalid().len()
        })
        .sum();
    bad * 8 <= bytes.len() + 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_lines_show_every_byte_and_the_way_each_line_ends() {
        let bytes = b"a\tb\r\n\n\x1b[2J\xff\rz\n\r\nend\r";
        let text: Vec<String> = lines(bytes, 0, LineEnds::Shown).iter().map(Line::text).collect();
        assert_eq!(text, [r"a\tb\r\n", r"\n", r"\x1b[2J\xff\rz\n", r"\r\n", r"end\r"]);
        let text: Vec<String> = lines(bytes, 0, LineEnds::Hidden).iter().map(Line::text).collect();
        assert_eq!(text, [r"a\tb", "", r"\x1b[2J\xff\rz", "", r"end\r"]);
    }

    #[test]
    fn sources_follow_each_other_without_a_gap() {
        let lines = lines(b"one\r\ntwo\n\nthree", 7, LineEnds::Hidden);
        let sources: Vec<_> = lines.into_iter().filter_map(|line| line.source).collect();
        assert_eq!(sources, [7..12, 12..16, 16..17, 17..22]);
    }

    #[test]
    fn text_is_distinguished_from_bytes() {
        let table: [(&[u8], bool); 8] = [
            (b"plain\r\n\ttext", true),
            ("Jos\u{e9} \u{f1}and\u{fa}".as_bytes(), true),
            (b"Jos\xe9 writes latin-1", true),
            (b"\x00\x01\x00\x0c!\x12\xa4B", false),
            (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", false),
            (b"short\x1b", true),
            (b"\0\0", false),
            (b"", true),
        ];
        for (bytes, expected) in table {
            assert_eq!(is_text(bytes), expected, "{bytes:?}");
        }
    }
}
