//! Cuts XML into tags and text, and finds out which elements may be laid out again.
//!
//! quick-xml finds the tokens and checks that tags match. It takes text outside of the root and any name; we do not.
//!
//! Must not know: lines, indentation.

use std::ops::Range;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

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
    /// Text, a reference, or a CDATA section.
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
    let mut reader = Reader::from_reader(document);
    // A lone `&` is common, and does no harm.
    reader.config_mut().allow_dangling_amp = true;
    let mut out = Vec::new();
    let mut open: Vec<Opened> = Vec::new();
    let mut start = 0;
    loop {
        let event = reader.read_event().ok()?;
        if let Event::Eof = event {
            break;
        }
        let kind = kind(&event)?;
        let end = usize::try_from(reader.buffer_position()).ok()?;
        let bytes = document.get(start..end)?;
        match kind {
            Kind::Text if is_blank(bytes) => {}
            Kind::Text => open.last_mut()?.text = true,
            Kind::Close => {
                let element = open.pop()?;
                let kind = Kind::Open { close: out.len(), exact: element.text || !element.children };
                out.get_mut(element.index).map(|token: &mut Token| token.kind = kind)?;
            }
            Kind::Open { .. } | Kind::Empty | Kind::Aside => {
                if let Some(parent) = open.last_mut() {
                    parent.children = true;
                }
                if let Kind::Open { .. } = kind {
                    let text = memmem::find(bytes, b"xml:space").is_some();
                    open.push(Opened { index: out.len(), text, children: false });
                }
            }
        }
        out.push(Token { kind, range: start..end });
        start = end;
    }
    let has_element = out.iter().any(|token| matches!(token.kind, Kind::Open { .. } | Kind::Empty));
    (open.is_empty() && has_element && start == document.len()).then_some(out)
}

/// An element whose close tag is still to come.
struct Opened {
    index: usize,
    /// Whether white space in it counts: there is text, or it says so itself.
    text: bool,
    children: bool,
}

/// What an event is; `None` where it is not well-formed, and at the end.
fn kind(event: &Event<'_>) -> Option<Kind> {
    match event {
        Event::Start(tag) => is_well_formed(tag).then_some(Kind::Open { close: 0, exact: false }),
        Event::Empty(tag) => is_well_formed(tag).then_some(Kind::Empty),
        Event::End(_) => Some(Kind::Close),
        Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => Some(Kind::Text),
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Some(Kind::Aside),
        Event::Eof => None,
    }
}

/// Whether the name begins as a name may, and each attribute has its value in quotes.
fn is_well_formed(tag: &BytesStart<'_>) -> bool {
    let begins_a_name = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'_' | b':' | 0x80..);
    tag.name().as_ref().first().is_some_and(begins_a_name)
        && tag.attributes().with_checks(false).all(|attribute| attribute.is_ok())
}

pub(super) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}
