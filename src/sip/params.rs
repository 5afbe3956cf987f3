//! What many fields share: `;name=value` parameters, quoted strings, lists with commas.
//!
//! Must not know: which field it reads.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use crate::base::bytes::trim;

/// Cuts a text at a separator outside of quoted strings and angle brackets.
///
/// A quote or bracket that is never closed counts as any other byte, and so do all that follow it: they are not
/// closed either, so that reading takes linear time.
#[derive(Debug, Clone)]
struct Pieces<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
    quotes: bool,
    brackets: bool,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(text), separator, quotes: true, brackets: true }
    }

    /// The place of the next separator.
    fn find(&mut self, text: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            at += memchr3(self.separator, b'"', b'<', text.get(at..)?)?;
            let closing = match text[at] {
                b'"' if self.quotes => {
                    let closing = quoted_end(&text[at..]);
                    self.quotes = closing.is_some();
                    closing
                }
                b'<' if self.brackets => {
                    let closing = memchr(b'>', &text[at..]);
                    self.brackets = closing.is_some();
                    closing
                }
                b if b == self.separator => return Some(at),
                _ => None,
            };
            at += closing.unwrap_or(1);
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let end = self.find(rest);
        self.rest = end.map(|at| &rest[at + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

/// The length of the quoted string with which `text` begins, both quotes included; `None` if it never ends.
pub(crate) fn quoted_end(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// What a quoted string says: without its quotes, without its escapes (RFC 3261 §25.1); anything else
/// as it is.
pub fn unquote(text: &[u8]) -> Cow<'_, [u8]> {
    let [b'"', inner @ .., b'"'] = text else { return Cow::Borrowed(text) };
    if memchr(b'\\', inner).is_none() {
        return Cow::Borrowed(inner);
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied();
    while let Some(b) = bytes.next() {
        out.push(if b == b'\\' { bytes.next().unwrap_or(b) } else { b });
    }
    Cow::Owned(out)
}

/// The items of a comma-separated list; commas in quoted strings and angle brackets do not separate.
///
/// Items come without the white space around them; empty ones are left out.
#[derive(Debug, Clone)]
pub struct List<'a>(Pieces<'a>);

impl<'a> List<'a> {
    /// The items of one field's value.
    pub fn new(value: &'a [u8]) -> Self {
        Self(Pieces::new(value, b','))
    }
}

impl<'a> Iterator for List<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.0.by_ref().map(trim).find(|item| !item.is_empty())
    }
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    /// The name as it is written.
    pub name: &'a [u8],
    /// The value as it is written, with its quotes; `None` where there is no `=`.
    pub value: Option<&'a [u8]>,
}

impl<'a> Param<'a> {
    /// What the value says, without quotes and escapes; empty where there is none.
    pub fn text(&self) -> Cow<'a, [u8]> {
        self.value.map_or(Cow::Borrowed(&[]), unquote)
    }
}

/// The parameters after a value: `;name=value;flag`.
///
/// ```
/// use sofiatui::sip::Params;
/// let params = Params::new(b";tag=79fbe33b24; lr;note=\"a;\\\"b\\\"\"");
/// assert_eq!(params.raw("TAG"), Some(&b"79fbe33b24"[..]));
/// assert_eq!(params.get("note").as_deref(), Some(&b"a;\"b\""[..]));
/// assert!(params.has("lr"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Params<'a>(&'a [u8]);

impl<'a> Params<'a> {
    /// Reads the parameters of `text`, which begins at a `;` or at the first name.
    pub fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    /// The text from which the parameters are read.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// All parameters in order; empty ones are left out.
    pub fn iter(&self) -> impl Iterator<Item = Param<'a>> + use<'a> {
        Pieces::new(self.0, b';').map(trim).filter(|piece| !piece.is_empty()).map(param)
    }

    /// Whether a parameter of that name is there, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// What the first parameter of that name says, without quotes and escapes; empty if it has no value.
    pub fn get(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        Some(self.find(name)?.text())
    }

    /// The value of the first parameter of that name as it is written; `None` if it has no value.
    pub fn raw(&self, name: &str) -> Option<&'a [u8]> {
        self.find(name)?.value
    }

    fn find(&self, name: &str) -> Option<Param<'a>> {
        self.iter().find(|p| p.name.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether two separators follow each other, or one is at the end.
    pub(crate) fn has_empty(&self) -> bool {
        let text = trim(self.0);
        let rest = text.strip_prefix(b";").unwrap_or(text);
        !text.is_empty() && Pieces::new(rest, b';').any(|piece| trim(piece).is_empty())
    }
}

fn param(piece: &[u8]) -> Param<'_> {
    match memchr(b'=', piece) {
        Some(at) => Param { name: trim(&piece[..at]), value: Some(trim(&piece[at + 1..])) },
        None => Param { name: piece, value: None },
    }
}
