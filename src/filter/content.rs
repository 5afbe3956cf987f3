//! What terms need from a message's bytes: header fields, body, parts, each parsed at most once.
//!
//! Must not know: expressions, rows.

use std::cell::OnceCell;

use memchr::{memchr, memchr2};

use super::search::Search;
use crate::sip::{ContentType, Message, Part, StartLine, Via, decoded_text, json, may_be_encoded};

/// The bytes of one message, and what was parsed from them so far.
pub(super) struct Content<'m> {
    bytes: &'m [u8],
    message: OnceCell<Message<'m>>,
    bodies: OnceCell<Vec<Body<'m>>>,
    unescaped: OnceCell<Vec<Vec<u8>>>,
    decoded: OnceCell<Vec<Vec<u8>>>,
}

/// The body of the message or of a part of it.
struct Body<'m> {
    /// The value of its `Content-Type`, unfolded; empty if there is none.
    content_type: Vec<u8>,
    bytes: &'m [u8],
}

impl Body<'_> {
    fn is_json(&self) -> bool {
        ContentType::parse(&self.content_type).is_some_and(|ct| ct.is_json())
    }

    fn is_sdp(&self) -> bool {
        ContentType::parse(&self.content_type).is_some_and(|ct| ct.is_sdp())
    }
}

/// The source of values that only the bytes have.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Every header field of this name.
    Header(String),
    /// Both `User-Agent` and `Server`.
    Agent,
    /// The branch of the top `Via`.
    Branch,
    /// `CSeq` with one blank between number and method.
    Cseq,
    /// The request URI.
    Uri,
    /// The body, its JSON texts unescaped, and its texts in other character sets than UTF-8 decoded.
    Body,
    /// Content types of the body and of all parts.
    Type,
    /// Content types without their parameters.
    Essence,
    /// Session descriptions.
    Sdp,
    /// Values under a key of JSON bodies and parts.
    Json(String),
}

impl<'m> Content<'m> {
    pub(super) const fn new(bytes: &'m [u8]) -> Self {
        Self {
            bytes,
            message: OnceCell::new(),
            bodies: OnceCell::new(),
            unescaped: OnceCell::new(),
            decoded: OnceCell::new(),
        }
    }

    pub(super) const fn bytes(&self) -> &'m [u8] {
        self.bytes
    }

    fn message(&self) -> &Message<'m> {
        self.message.get_or_init(|| Message::parse(self.bytes))
    }

    /// The body and the bodies of all parts, in the order of the message.
    fn bodies(&self) -> &[Body<'m>] {
        self.bodies.get_or_init(|| {
            let message = self.message();
            let content_type = message.header("Content-Type").map_or_else(Vec::new, |h| h.value.into_owned());
            let mut bodies = vec![Body { content_type, bytes: message.body() }];
            flatten(&message.parts(), &mut bodies);
            bodies
        })
    }

    /// The JSON bodies and parts that contain escapes, decoded.
    fn unescaped(&self) -> &[Vec<u8>] {
        self.unescaped.get_or_init(|| {
            if memchr(b'\\', self.message().body()).is_none() {
                return Vec::new();
            }
            let escaped = |b: &&Body<'_>| b.is_json() && memchr(b'\\', b.bytes).is_some();
            self.bodies().iter().filter(escaped).map(|b| unescape(b.bytes)).collect()
        })
    }

    /// The bodies and parts that declare another character set than UTF-8, decoded.
    fn decoded(&self) -> &[Vec<u8>] {
        self.decoded.get_or_init(|| {
            if !may_be_encoded(self.message().body()) {
                return Vec::new();
            }
            let decoded = |b: &Body<'_>| decoded_text(b.bytes, ContentType::parse(&b.content_type).as_ref());
            self.bodies().iter().filter_map(decoded).collect()
        })
    }

    /// Whether the message, or one of its decoded texts, passes.
    pub(super) fn anywhere(&self, search: &Search) -> bool {
        search.passes(self.bytes) || self.decoded_passes(self.bytes, search)
    }

    /// Whether one of the texts that are in `bytes` with escapes, or in another character set, passes.
    fn decoded_passes(&self, bytes: &[u8], search: &Search) -> bool {
        let has_escapes_or_nuls = memchr2(b'\\', 0, bytes).is_some();
        if has_escapes_or_nuls && self.unescaped().iter().any(|text| search.passes(text)) {
            return true;
        }
        // A text of ASCII has the same bytes in each of them except UTF-16.
        let may_be_decoded = has_escapes_or_nuls || (!search.is_ascii() && may_be_encoded(bytes));
        may_be_decoded && self.decoded().iter().any(|text| search.passes(text))
    }

    /// Whether the body has parts.
    pub(super) fn is_multipart(&self) -> bool {
        self.message().content_type().is_some_and(|ct| ct.is_multipart())
    }

    /// Whether the message breaks the rules in a way that an index would record.
    pub(super) fn is_malformed(&self) -> bool {
        crate::sip::index_fields(self.bytes).malformed
    }

    /// Whether it consists of line ends only.
    pub(super) fn is_keepalive(&self) -> bool {
        self.bytes.iter().all(|b| matches!(b, b'\r' | b'\n'))
    }

    /// Calls `visit` for each value of the source until it returns true, and returns whether it did.
    pub(super) fn any_value(&self, source: &Source, mut visit: impl FnMut(&[u8]) -> bool) -> bool {
        match source {
            Source::Header(name) => self.header(name, &mut visit),
            Source::Agent => {
                let mut agents = self.message().headers().filter(|h| h.is("User-Agent") || h.is("Server"));
                agents.any(|h| visit(&h.value))
            }
            Source::Branch => self.message().header("Via").is_some_and(|via| {
                Via::parse(&via.value).is_some_and(|v| v.branch().is_some_and(&mut visit))
            }),
            Source::Cseq => self.message().header("CSeq").is_some_and(|h| visit(&one_blank(&h.value))),
            Source::Uri => match self.message().start_line() {
                Some(StartLine::Request { uri, .. }) => visit(uri),
                _ => false,
            },
            Source::Body => {
                let body = self.message().body();
                let decoded = || self.unescaped().iter().chain(self.decoded());
                !body.is_empty() && (visit(body) || decoded().any(|text| visit(text)))
            }
            Source::Type => self.types().any(visit),
            Source::Essence => self.types().any(|value| visit(essence(value))),
            Source::Sdp => self.bodies().iter().filter(|b| b.is_sdp()).any(|b| visit(b.bytes)),
            Source::Json(key) => {
                self.bodies().iter().filter(|b| b.is_json()).any(|b| any_json(b.bytes, key, &mut visit))
            }
        }
    }

    fn header(&self, name: &str, visit: &mut impl FnMut(&[u8]) -> bool) -> bool {
        self.message().header_values(name).any(|h| visit(&h.value))
    }

    fn types(&self) -> impl Iterator<Item = &[u8]> {
        self.bodies().iter().map(|b| &*b.content_type).filter(|t| !t.is_empty())
    }
}

fn flatten<'m>(parts: &[Part<'m>], bodies: &mut Vec<Body<'m>>) {
    for part in parts {
        let content_type = part.header("Content-Type").map_or_else(Vec::new, |h| h.value.into_owned());
        bodies.push(Body { content_type, bytes: part.body });
        flatten(&part.children, bodies);
    }
}

/// A content type without its parameters.
fn essence(content_type: &[u8]) -> &[u8] {
    let end = memchr(b';', content_type).unwrap_or(content_type.len());
    crate::base::bytes::trim(&content_type[..end])
}

fn one_blank(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> = value.split(u8::is_ascii_whitespace).filter(|w| !w.is_empty()).collect();
    words.join(&b' ')
}

/// Decodes JSON escapes; bytes that are not UTF-8 stay.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.extend_from_slice(json::unescape(chunk.valid()).as_bytes());
        out.extend_from_slice(chunk.invalid());
    }
    out
}

/// Visits the values that `key` leads to: the name of a member, or names of nested members separated by dots; a list on
/// the path is searched in each of its elements.
fn any_json(body: &[u8], key: &str, visit: &mut impl FnMut(&[u8]) -> bool) -> bool {
    if let Some(value) = json::field(body, key) {
        // The text of a string, or any other value as JSON.
        return match value.as_str() {
            Some(text) => visit(text.as_bytes()),
            None => visit(value.to_string().as_bytes()),
        };
    }
    let Some((first, rest)) = key.split_once('.') else { return false };
    let Some(value) = json::field(body, first) else { return false };
    match value.as_array() {
        Some(elements) => elements.iter().any(|e| any_json(e.to_string().as_bytes(), rest, visit)),
        None => any_json(value.to_string().as_bytes(), rest, visit),
    }
}
