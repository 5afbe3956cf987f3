//! One part of a multipart body as owned values, and what bodies and parts have in common.
//!
//! Must not know: the message around a part.

use std::borrow::Cow;

use super::headers::{HeaderIter, Headers};
use crate::sip::{ContentType, Part, json, split_one_level};

/// One part of a multipart body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MimePart {
    /// The part's header fields.
    pub headers: Headers,
    /// The part's body, exact bytes.
    pub body: Vec<u8>,
}

impl MimePart {
    /// The value of Content-Type.
    pub fn content_type(&self) -> Option<&str> {
        self.header("Content-Type")
    }

    /// The value of Content-ID, angle brackets included.
    pub fn content_id(&self) -> Option<&str> {
        self.header("Content-ID")
    }

    /// The value of Content-Disposition.
    pub fn content_disposition(&self) -> Option<&str> {
        self.header("Content-Disposition")
    }

    /// The value of the first field with this name; the name ignores case and matches compact forms.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)
    }

    /// Name and value of every header field, in the order of the part.
    pub fn headers(&self) -> HeaderIter<'_> {
        self.headers.iter()
    }

    /// The body as text, whatever its type; bytes that are not UTF-8 become U+FFFD.
    pub fn body_data(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as text for reading: JSON string escapes are decoded; all other text is unchanged.
    pub fn body_text(&self) -> Cow<'_, str> {
        Content::new(self.content_type(), &self.body).text()
    }

    /// The text of the string under a top-level key of a JSON body; `None` for any other body or value.
    pub fn json_field(&self, key: &str) -> Option<String> {
        Content::new(self.content_type(), &self.body).json_field(key)
    }

    /// The parts of this part, one level deep; `None` if it is not multipart or its boundary never occurs.
    pub fn body_parts(&self) -> Option<Vec<MimePart>> {
        Content::new(self.content_type(), &self.body).parts()
    }
}

impl From<&Part<'_>> for MimePart {
    fn from(part: &Part<'_>) -> Self {
        let lossy = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        let headers = part.headers().map(|field| (lossy(field.name), lossy(&field.value))).collect();
        Self { headers, body: part.body.to_vec() }
    }
}

/// A body and its content type.
pub(super) struct Content<'a> {
    content_type: Option<ContentType<'a>>,
    body: &'a [u8],
}

impl<'a> Content<'a> {
    pub(super) fn new(content_type: Option<&'a str>, body: &'a [u8]) -> Self {
        Self { content_type: content_type.and_then(|value| ContentType::parse(value.as_bytes())), body }
    }

    fn is_json(&self) -> bool {
        self.content_type.is_some_and(|ct| ct.is_json())
    }

    pub(super) fn text(&self) -> Cow<'a, str> {
        match String::from_utf8_lossy(self.body) {
            text if !self.is_json() => text,
            Cow::Borrowed(text) => json::unescape(text),
            Cow::Owned(text) => Cow::Owned(json::unescape(&text).into_owned()),
        }
    }

    pub(super) fn json_field(&self, key: &str) -> Option<String> {
        if self.is_json() { json::string_field(self.body, key) } else { None }
    }

    pub(super) fn parts(&self) -> Option<Vec<MimePart>> {
        let parts = split_one_level(self.body, &self.content_type?);
        (!parts.is_empty()).then(|| parts.iter().map(MimePart::from).collect())
    }
}
