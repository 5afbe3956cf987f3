//! Header fields as owned text.
//!
//! Must not know: which header fields exist.

use std::ops::Range;

use crate::sip::{RawLine, names};

/// Header fields in the order of the message: names as written, values unfolded.
///
/// Bytes that are not UTF-8 become U+FFFD; the borrowed views of [`crate::sip`] have the original bytes. All text is in
/// one allocation.
#[derive(Debug, Clone, Default)]
pub struct Headers {
    /// Contains the text of all ranges, and other parts of the header section between them.
    text: String,
    spans: Vec<(Range<usize>, Range<usize>)>,
}

impl Headers {
    /// The value of the first field with this name; the name ignores case and matches compact forms.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// The values of all fields with this name.
    pub fn values<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.iter().filter(move |(n, _)| names::same(n.as_bytes(), name.as_bytes())).map(|(_, value)| value)
    }

    /// Name and value of every field.
    pub fn iter(&self) -> HeaderIter<'_> {
        HeaderIter { text: &self.text, spans: self.spans.iter() }
    }

    /// The number of fields.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The header fields of `head`, given its lines and their positions in it.
    pub(super) fn of_lines(head: &[u8], lines: &[RawLine<'_>]) -> Self {
        let fields = lines.iter().filter_map(|line| line.field());
        let mut headers = Self { text: String::new(), spans: Vec::with_capacity(lines.len()) };
        // Almost every header section is UTF-8 without continuation lines: it is copied as a whole.
        let whole = std::str::from_utf8(head);
        if let Ok(whole) = whole {
            headers.text.push_str(whole);
        }
        for field in fields {
            if whole.is_ok() && !field.folded {
                let name = field.start..field.start + field.name.len();
                headers.spans.push((name, field.value_range()));
            } else {
                headers
                    .push(&String::from_utf8_lossy(field.name), &String::from_utf8_lossy(&field.unfolded()));
            }
        }
        headers
    }

    fn push(&mut self, name: &str, value: &str) {
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value);
        self.spans.push((start..middle, middle..self.text.len()));
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl Eq for Headers {}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut headers = Self::default();
        pairs.into_iter().for_each(|(name, value)| headers.push(name.as_ref(), value.as_ref()));
        headers
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = (&'a str, &'a str);
    type IntoIter = HeaderIter<'a>;

    fn into_iter(self) -> HeaderIter<'a> {
        self.iter()
    }
}

/// Name and value of each header field.
#[derive(Debug, Clone)]
pub struct HeaderIter<'a> {
    text: &'a str,
    spans: std::slice::Iter<'a, (Range<usize>, Range<usize>)>,
}

impl<'a> HeaderIter<'a> {
    /// The remaining fields; this iterator stays where it is.
    #[must_use]
    pub fn iter(&self) -> Self {
        self.clone()
    }

    /// Whether no field is left.
    pub fn is_empty(&self) -> bool {
        self.spans.as_slice().is_empty()
    }

    fn pair(&self, (name, value): &(Range<usize>, Range<usize>)) -> (&'a str, &'a str) {
        (&self.text[name.clone()], &self.text[value.clone()])
    }
}

impl<'a> Iterator for HeaderIter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let span = self.spans.next()?;
        Some(self.pair(span))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.spans.size_hint()
    }
}

impl DoubleEndedIterator for HeaderIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let span = self.spans.next_back()?;
        Some(self.pair(span))
    }
}

impl<'a> IntoIterator for &HeaderIter<'a> {
    type Item = (&'a str, &'a str);
    type IntoIter = HeaderIter<'a>;

    fn into_iter(self) -> HeaderIter<'a> {
        self.iter()
    }
}

impl ExactSizeIterator for HeaderIter<'_> {}
