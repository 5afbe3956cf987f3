//! What differs between two messages: the start line, header fields by name, SDP by stream and attribute, parts by type and
//! content.
//!
//! FreeSWITCH ends each leg by itself, so what it received on one leg is compared with what it then sent on the other one:
//! the left message is the received one, and "dropped" and "added" are what FreeSWITCH did.
//!
//! Must not know: colours, the terminal, where the result is shown.

mod align;
mod body;
mod fields;
mod sdp;
mod text;
mod value;

use crate::sip::Message;

/// What happened to something from the left message to the right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Nothing.
    Same,
    /// It has another value.
    Rewritten,
    /// Only the left message has it.
    Dropped,
    /// Only the right message has it.
    Added,
}

impl Change {
    /// The sign before it: a blank, `~`, `-`, `+`.
    pub const fn sign(self) -> char {
        match self {
            Self::Same => ' ',
            Self::Rewritten => '~',
            Self::Dropped => '-',
            Self::Added => '+',
        }
    }
}

/// A piece of a value, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether the other value does not have it at this position.
    pub changed: bool,
}

/// One header field, line or part of both messages, or of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is, escaped: the name of the field, `a=rtpmap PCMU/8000`, the type of the part.
    pub label: String,
    /// What happened to it.
    pub change: Change,
    /// The value in the left message; empty if the field was added.
    pub left: Vec<Piece>,
    /// The value in the right message; empty if the field was dropped, or is the same.
    pub right: Vec<Piece>,
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Whether each leg has these for itself, so that they say nothing where they differ.
    pub is_own: bool,
    /// Whether the values are lines of a text without a known structure, which someone may have written.
    pub is_written: bool,
    /// Its entries in the order of the left message; what was added follows.
    pub entries: Vec<Entry>,
}

impl Section {
    fn new(title: impl Into<String>, entries: Vec<Entry>) -> Self {
        Self { title: title.into(), is_own: false, is_written: false, entries }
    }

    /// How many entries had this change.
    pub fn count(&self, change: Change) -> usize {
        self.entries.iter().filter(|entry| entry.change == change).count()
    }
}

/// Two messages compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Never an empty one.
    pub sections: Vec<Section>,
}

impl Comparison {
    /// Compares the texts of two messages.
    pub fn of(left: &[u8], right: &[u8]) -> Self {
        let (left, right) = (Message::parse(left), Message::parse(right));
        let mut sections = fields::sections(&left, &right);
        sections.extend(sdp::sections(&left, &right));
        sections.extend(body::sections(&left, &right));
        sections.retain(|section| !section.entries.is_empty());
        Self { sections }
    }

    /// How many entries had this change, without those that each leg has for itself.
    pub fn count(&self, change: Change) -> usize {
        self.sections.iter().filter(|section| !section.is_own).map(|section| section.count(change)).sum()
    }
}

#[cfg(test)]
mod tests;
