//! The originals that were replaced and their pseudonyms: the same original has the same pseudonym everywhere.
//!
//! Must not know: where originals are found, how a pseudonym of a kind is made.

use hashbrown::{HashMap, HashSet};

use super::key::Key;

/// What an original is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A telephone number, without its prefix for dialling.
    Number,
    /// A short number: an extension.
    Extension,
    /// A user part that is no number.
    User,
    /// A display name.
    Name,
    /// A host name, or one label of it.
    Host,
    /// An IP address.
    Address,
    /// A Call-ID, tag, branch, or another identifier.
    Token,
    /// A word that no list of words has, in a value that is made of words.
    Word,
    /// Credentials, keys and other texts that have no pseudonym.
    Removed,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::Number,
        Self::Extension,
        Self::User,
        Self::Name,
        Self::Host,
        Self::Address,
        Self::Token,
        Self::Word,
        Self::Removed,
    ];

    /// Its name in the report and in the map.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Extension => "extension",
            Self::User => "user",
            Self::Name => "name",
            Self::Host => "host",
            Self::Address => "address",
            Self::Token => "token",
            Self::Word => "word",
            Self::Removed => "removed",
        }
    }
}

/// Texts that were replaced before, and what replaced them.
pub(super) type Memo = HashMap<Box<[u8]>, Box<[u8]>>;

/// Originals by kind, with their pseudonyms.
#[derive(Debug)]
pub(super) struct Secrets {
    pub(super) key: Key,
    kinds: [Memo; Kind::ALL.len()],
    /// Pseudonyms of what is a part of originals, by what it is a part of.
    parts: Memo,
    /// Pseudonyms of numbers and addresses: no two originals share one.
    taken: HashSet<Box<[u8]>>,
}

impl Secrets {
    pub(super) fn new(key: Key) -> Self {
        Self { key, kinds: Default::default(), parts: Memo::new(), taken: HashSet::new() }
    }

    /// The known pseudonym of an original.
    #[inline]
    pub(super) fn known(&self, kind: Kind, original: &[u8]) -> Option<&[u8]> {
        self.kinds[kind as usize].get(original).map(AsRef::as_ref)
    }

    /// The pseudonym of an original of any kind that has one.
    pub(super) fn any(&self, original: &[u8]) -> Option<&[u8]> {
        let texts = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Address);
        texts.filter_map(|kind| self.known(kind, original)).find(|known| !known.is_empty())
    }

    /// Keeps a pseudonym.
    pub(super) fn keep(&mut self, kind: Kind, original: &[u8], pseudonym: &[u8]) {
        self.kinds[kind as usize].insert(original.into(), pseudonym.into());
    }

    /// The pseudonym of a part of originals: the first of the candidates that no other part has.
    pub(super) fn part(
        &mut self,
        domain: u8,
        part: &[u8],
        candidate: impl Fn(&Key, &[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut name = vec![domain];
        name.extend_from_slice(part);
        if let Some(known) = self.parts.get(name.as_slice()) {
            return known.to_vec();
        }
        let key = self.key.clone();
        // Its last byte counts the attempts.
        let found = self.free((0..=u8::MAX).map(|attempt| candidate(&key, &[part, &[attempt]].concat())));
        self.parts.insert(name.into(), found.as_slice().into());
        found
    }

    /// Keeps an original that has no pseudonym.
    pub(super) fn remove(&mut self, original: &[u8]) {
        if self.known(Kind::Removed, original).is_none() {
            self.keep(Kind::Removed, original, b"");
        }
    }

    /// The first of the candidates that no other original has; the last one if all are taken.
    pub(super) fn free(&mut self, candidates: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
        let mut last = Vec::new();
        for candidate in candidates {
            if self.taken.insert(candidate.as_slice().into()) {
                return candidate;
            }
            last = candidate;
        }
        last
    }

    /// Originals and pseudonyms of a kind, in no order.
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.kinds[kind as usize].iter().map(|(original, pseudonym)| (original.as_ref(), pseudonym.as_ref()))
    }

    /// The number of originals of a kind.
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.kinds[kind as usize].len()
    }
}
