//! Lays the tokens of a document out in lines.
//!
//! Must not know: how tokens are found.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::explain::format::{blanks, shown};
use crate::style::styled_text::{Line, Role, Span};

use super::tokens::{Kind, Token, is_blank, tokens};

/// One line for each tag that may be moved; `None` where the document is not well-formed. Sources count from its start.
pub(in crate::explain) fn lines(document: &[u8]) -> Option<Vec<Line>> {
    let mark = if document.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut tokens = tokens(&document[mark..])?;
    for token in &mut tokens {
        token.range = token.range.start + mark..token.range.end + mark;
    }
    let mut page = Page { document, out: Vec::with_capacity(tokens.len()), line: Line::default(), start: 0 };
    let (mut index, mut depth) = (0, 0_usize);
    while let Some(token) = tokens.get(index) {
        let mut last = index;
        match token.kind {
            Kind::Open { close, exact: true } => last = close,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_layout = token.kind == Kind::Text && is_blank(&document[token.range.clone()]);
        if !is_layout {
            page.run(tokens.get(index..=last).unwrap_or_default(), 2 * depth);
        }
        if matches!(token.kind, Kind::Open { exact: false, .. }) {
            depth += 1;
        }
        index = last + 1;
    }
    Some(page.out)
}

/// The lines so far, and the one that is being written.
struct Page<'a> {
    document: &'a [u8],
    out: Vec<Line>,
    line: Line,
    /// Where the current line begins in the document.
    start: usize,
}

impl Page<'_> {
    /// Tokens that stay together, on a line of their own, or on several where the document breaks them.
    fn run(&mut self, tokens: &[Token], indent: usize) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
        self.start = first.range.start;
        self.indent(indent);
        for token in tokens {
            match token.kind {
                Kind::Open { .. } | Kind::Empty | Kind::Close => self.tag(token.range.clone(), indent),
                Kind::Aside => self.text(token.range.clone(), Role::Dim),
                Kind::Text => self.text(token.range.clone(), Role::Plain),
            }
        }
        self.break_at(last.range.end);
    }

    fn indent(&mut self, width: usize) {
        if width > 0 {
            self.push(Role::Plain, blanks(width));
        }
    }

    fn push(&mut self, role: Role, text: impl Into<Cow<'static, str>>) {
        self.line.spans.push(Span { role, text: text.into() });
    }

    fn piece(&mut self, range: Range<usize>, role: Role) {
        // Most of a dense document is markup, which needs no memory of its own.
        match &self.document[range] {
            [] => {}
            b"<" => self.push(role, "<"),
            b">" => self.push(role, ">"),
            b"</" => self.push(role, "</"),
            b"/>" => self.push(role, "/>"),
            text => self.push(role, shown(text)),
        }
    }

    fn break_at(&mut self, at: usize) {
        let mut line = std::mem::take(&mut self.line);
        line.source = Some(self.start..at);
        self.out.push(line);
        self.start = at;
    }

    /// Text: its line ends break the line, everything else is shown.
    fn text(&mut self, range: Range<usize>, role: Role) {
        let mut at = range.start;
        while let Some(lf) = memchr(b'\n', &self.document[at..range.end]) {
            let end = at + lf;
            let shown_end = if end > at && self.document[end - 1] == b'\r' { end - 1 } else { end };
            self.piece(at..shown_end, role);
            self.break_at(end + 1);
            at = end + 1;
        }
        self.piece(at..range.end, role);
    }

    /// A tag: white space between attributes that holds a line end breaks the line, below the tag.
    fn tag(&mut self, range: Range<usize>, indent: usize) {
        let opening = if self.document[range.start..].starts_with(b"</") { 2 } else { 1 };
        let name_end =
            self.find(range.start + opening..range.end, |b| b.is_ascii_whitespace() || b"/>".contains(&b));
        self.piece(range.start..range.start + opening, Role::Dim);
        self.piece(range.start + opening..name_end, Role::Label);
        let mut at = name_end;
        while at < range.end {
            let b = self.document[at];
            let end = if b.is_ascii_whitespace() {
                let end = self.find(at..range.end, |b| !b.is_ascii_whitespace());
                if self.document[at..end].contains(&b'\n') {
                    self.break_at(end);
                    self.indent(indent + 4);
                } else {
                    self.piece(at..end, Role::Dim);
                }
                end
            } else if matches!(b, b'"' | b'\'') {
                let end = (self.find(at + 1..range.end, |other| other == b) + 1).min(range.end);
                self.piece(at..end, Role::Plain);
                end
            } else {
                let end = self.find(at..range.end, |b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\''));
                self.piece(at..end, Role::Dim);
                end
            };
            at = end;
        }
    }

    /// The first place in `range` whose byte fits, else its end.
    fn find(&self, range: Range<usize>, fits: impl Fn(u8) -> bool) -> usize {
        let found = self.document[range.clone()].iter().position(|&b| fits(b));
        found.map_or(range.end, |offset| range.start + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(document: &str) -> Option<Vec<String>> {
        lines(document.as_bytes()).map(|lines| lines.iter().map(Line::text).collect())
    }

    #[test]
    fn elements_are_indented_and_text_is_left_alone() {
        let table: [(&str, &[&str]); 8] = [
            ("<a><b>x</b><c/></a>", &["<a>", "  <b>x</b>", "  <c/>", "</a>"]),
            (
                "<?xml version=\"1.0\"?>\r\n<a>\r\n\r\n<b> </b>\r\n</a>\r\n",
                &["<?xml version=\"1.0\"?>", "<a>", "  <b> </b>", "</a>"],
            ),
            ("<p>one <b>two</b> three\r\n  four</p>", &["<p>one <b>two</b> three", "  four</p>"]),
            ("<a x='>'\r\n y=\"1\"><b/></a>", &["<a x='>'", "    y=\"1\">", "  <b/>", "</a>"]),
            (
                "<a><!-- note --><b><![CDATA[<x>\n]]></b></a>",
                &["<a>", "  <!-- note -->", "  <b><![CDATA[<x>", "]]></b>", "</a>"],
            ),
            ("<a xml:space='preserve'> <b/> </a>", &["<a xml:space='preserve'> <b/> </a>"]),
            ("<!DOCTYPE a [<!ENTITY e \"f\">]><a></a>", &["<!DOCTYPE a [<!ENTITY e \"f\">]>", "<a></a>"]),
            ("\u{feff}<a><b/></a>", &["<a>", "  <b/>", "</a>"]),
        ];
        for (document, expected) in table {
            assert_eq!(text_of(document).unwrap(), expected, "{document}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_not_laid_out() {
        for document in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a><b></a></b>",
            "</a>",
            "<a",
            "<a x=\"1></a>",
            "<!-- <a/>",
            "<1/>x",
            "<a/>tail",
            "<a><</a>",
        ] {
            assert_eq!(text_of(document), None, "{document}");
        }
    }

    #[test]
    fn all_but_white_space_between_tags_is_in_the_sources() {
        let document = "<a>\r\n <b c=\"1\"\n d='2'>x\ty</b>\r\n <e/>\r\n</a>";
        let lines = lines(document.as_bytes()).unwrap();
        let texts: Vec<&str> = lines.iter().filter_map(|line| document.get(line.source.clone()?)).collect();
        assert_eq!(texts, ["<a>", "<b c=\"1\"\n ", "d='2'>x\ty</b>", "<e/>", "</a>"]);
    }
}
