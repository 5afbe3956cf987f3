//! Cuts XML into tags and text, and finds out which elements may be laid out again.
//!
//! Must not know: lines, indentation.

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<name …>`; the index of its close tag, and how its content is shown.
    Open {
        /// Index of the close tag among the tokens.
        close: usize,
        /// Whether the element is shown as it is written: it holds text, or nothing.
        exact: bool,
    },
    /// `</name>`
    Close,
    /// `<name …/>`
    Empty,
    /// A comment, a processing instruction, a document type.
    Aside,
    /// Text, or a CDATA section.
    Text,
}

/// A run of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where it is.
    pub(super) range: Range<usize>,
}

/// All tokens of a well-formed document; `None` for anything else.
pub(super) fn tokens(document: &[u8]) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut open: Vec<Opened> = Vec::new();
    let mut at = 0;
    while at < document.len() {
        let token = token(document, at)?;
        let bytes = &document[token.range.clone()];
        at = token.range.end;
        match token.kind {
            Kind::Text if is_blank(bytes) => {}
            Kind::Text => open.last_mut()?.text = true,
            Kind::Close => {
                let element = open.pop()?;
                let opening: &Token = out.get(element.index)?;
                if name(&document[opening.range.clone()])? != name(bytes)? {
                    return None;
                }
                let kind = Kind::Open { close: out.len(), exact: element.text || !element.children };
                out.get_mut(element.index)?.kind = kind;
            }
            Kind::Open { .. } | Kind::Empty | Kind::Aside => {
                if let Some(parent) = open.last_mut() {
                    parent.children = true;
                }
                if let Kind::Open { .. } = token.kind {
                    name(bytes)?;
                    let text = memmem::find(bytes, b"xml:space").is_some();
                    open.push(Opened { index: out.len(), text, children: false });
                }
            }
        }
        out.push(token);
    }
    let has_element = out.iter().any(|token| matches!(token.kind, Kind::Open { .. } | Kind::Empty));
    (open.is_empty() && has_element).then_some(out)
}

/// An element whose close tag is still to come.
struct Opened {
    index: usize,
    /// Whether white space in it counts: there is text, or it says so itself.
    text: bool,
    children: bool,
}

fn token(document: &[u8], start: usize) -> Option<Token> {
    let rest = &document[start..];
    let (kind, len) = match rest {
        [b'<', b'!', b'-', b'-', ..] => (Kind::Aside, 4 + memmem::find(&rest[4..], b"-->")? + 3),
        _ if rest.starts_with(b"<![CDATA[") => (Kind::Text, memmem::find(rest, b"]]>")? + 3),
        [b'<', b'?', ..] => (Kind::Aside, memmem::find(rest, b"?>")? + 2),
        [b'<', b'!', ..] => (Kind::Aside, doctype_end(rest)?),
        [b'<', b'/', ..] => (Kind::Close, memchr(b'>', rest)? + 1),
        [b'<', ..] => {
            let end = tag_end(rest)?;
            let opened = Kind::Open { close: 0, exact: false };
            (if rest[..end].ends_with(b"/>") { Kind::Empty } else { opened }, end)
        }
        _ => (Kind::Text, memchr(b'<', rest).unwrap_or(rest.len())),
    };
    Some(Token { kind, range: start..start + len })
}

/// The length of the tag with which `text` begins: a `>` in a quoted value does not end it.
fn tag_end(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.iter().position(|b| matches!(b, b'>' | b'"' | b'\'' | b'<'))?;
        match text[at] {
            b'>' => return Some(at + 1),
            b'<' => return None,
            quote => at += 1 + memchr(quote, &text[at + 1..])? + 1,
        }
    }
}

/// The length of `<!DOCTYPE …>`, an internal subset in square brackets included.
fn doctype_end(text: &[u8]) -> Option<usize> {
    let at = memchr3(b'>', b'[', b'<', &text[1..])? + 1;
    match text[at] {
        b'>' => Some(at + 1),
        b'[' => Some(at + memmem::find(&text[at..], b"]>")? + 2),
        _ => None,
    }
}

/// The name of an open or close tag; `None` where it begins with what begins no name.
fn name(tag: &[u8]) -> Option<&[u8]> {
    let tag = tag.strip_prefix(b"</").or_else(|| tag.strip_prefix(b"<"))?;
    let len = tag.iter().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'/' | b'>')).count();
    let begins_a_name = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | 0x80..);
    tag.first().is_some_and(begins_a_name).then_some(&tag[..len])
}

pub(super) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}
