//! Searches redacted messages for originals. It does not trust what made them: it knows the originals, and reads the messages as
//! text.
//!
//! - Every original of six bytes or more is searched at every offset, also in what percent-escapes and JSON escapes say; numbers
//!   also with other prefixes and with separators between their digits.
//! - Shorter originals, as extensions are, can be pseudonyms of others. They are looked for where they can be: a user of a URI
//!   must be a pseudonym that was given out, and so must every display name and every IP address.
//!
//! Must not know: fields, how values are replaced.

use std::hash::BuildHasher;
use std::net::IpAddr;

use hashbrown::HashSet;
use memchr::{memchr, memmem};

use super::search::{SHORTEST, Search};
use super::secrets::{Kind, Secrets};
use super::values::{address_of, is_common_name, is_common_user, is_separator};
use super::words::Words;
use super::{Redactor, numbers};
use crate::sip::{json, percent_decode};

/// An original in the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak {
    /// What it is.
    pub kind: Kind,
    /// Its offset in the message.
    pub offset: usize,
}

/// What redacted messages must not have.
#[derive(Debug)]
pub struct LeakCheck {
    search: Search,
    kinds: HashSet<(Kind, Box<[u8]>)>,
    /// Users, display names and addresses that may be there.
    users: HashSet<Box<[u8]>>,
    names: HashSet<Box<[u8]>>,
    addresses: HashSet<IpAddr>,
    /// Hashes of lines that have nothing in them; nobody knows how they are hashed.
    clean: HashSet<u64>,
    hasher: hashbrown::DefaultHashBuilder,
}

impl LeakCheck {
    /// A check for everything that `redactor` has replaced so far.
    pub fn new(redactor: &Redactor) -> Self {
        let (secrets, words) = (&redactor.scrubber.secrets, &redactor.scrubber.words);
        let texts =
            [Kind::Number, Kind::User, Kind::Name, Kind::Host, Kind::Token, Kind::Word, Kind::Removed];
        let given = given_out(secrets);
        let searched = |kind: Kind| {
            let given = &given;
            let wanted = move |(original, made): (&[u8], &[u8])| {
                let is_wanted = is_searched(kind, original, made, words) && !is_given(given, original);
                is_wanted.then(|| (kind, Box::<[u8]>::from(original)))
            };
            secrets.of(kind).filter_map(wanted)
        };
        let kinds: HashSet<(Kind, Box<[u8]>)> = texts.into_iter().flat_map(searched).collect();
        Self {
            search: Search::new(kinds.iter().map(|(_, text)| text.clone())),
            users: made(secrets, &[Kind::User, Kind::Extension, Kind::Token, Kind::Word]),
            names: made(secrets, &[Kind::Name]),
            addresses: made(secrets, &[Kind::Address]).iter().filter_map(|octets| address(octets)).collect(),
            kinds,
            clean: HashSet::new(),
            hasher: hashbrown::DefaultHashBuilder::default(),
        }
    }

    /// The first original in a redacted message.
    pub fn message(&mut self, message: &[u8]) -> Option<Leak> {
        if let Some((offset, original)) = self.search.find(message) {
            return Some(Leak { kind: self.kind_of(original), offset });
        }
        let mut offset = 0;
        for line in message.split_inclusive(|&b| b == b'\n') {
            let hash = self.hasher.hash_one(line);
            if !self.clean.contains(&hash) {
                if let Some(kind) = self.line(line) {
                    return Some(Leak { kind, offset });
                }
                self.is_clean(hash);
            }
            offset += line.len();
        }
        None
    }

    fn is_clean(&mut self, hash: u64) {
        const MOST: usize = 1 << 20;
        if self.clean.len() >= MOST {
            self.clean.clear();
        }
        self.clean.insert(hash);
    }

    fn kind_of(&self, original: &[u8]) -> Kind {
        let is_it = |kind: &Kind| self.kinds.contains(&(*kind, original.into()));
        Kind::ALL.into_iter().find(is_it).unwrap_or(Kind::Token)
    }

    /// What is wrong with a line, in each way of reading it.
    fn line(&self, line: &[u8]) -> Option<Kind> {
        self.plain(line).or_else(|| {
            let percent = memchr(b'%', line).map(|_| percent_decode(line).into_owned());
            let text = memchr(b'\\', line).map(|_| String::from_utf8_lossy(line).into_owned());
            let json = text.map(|text| json::unescape(&text).into_owned().into_bytes());
            percent.into_iter().chain(json).find_map(|text| {
                let found = self.search.find(&text).map(|(_, original)| self.kind_of(original));
                found.or_else(|| self.plain(&text))
            })
        })
    }

    fn plain(&self, line: &[u8]) -> Option<Kind> {
        let is_numeric = [&b"o="[..], b"CSeq", b"a=candidate", b"a=ssrc", b"RAck", b"a=rtpmap"];
        let is_product = [&b"User-Agent"[..], b"Server"];
        let begins = |names: &[&[u8]]| {
            names
                .iter()
                .any(|name| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        };
        let number = (!begins(&is_numeric)).then(|| self.spelled_number(line)).flatten();
        let address = (!begins(&is_product)).then(|| self.foreign_address(line)).flatten();
        number.or(address).or_else(|| self.foreign_user(line)).or_else(|| self.foreign_name(line))
    }

    /// A number with separators between its digits.
    fn spelled_number(&self, line: &[u8]) -> Option<Kind> {
        let mut rest = line;
        while let Some(at) = rest.iter().position(u8::is_ascii_digit) {
            let len = rest[at..].iter().take_while(|&&b| b.is_ascii_digit() || is_separator(b)).count();
            let text = &rest[at..at + len];
            let digits: Box<[u8]> = text.iter().copied().filter(u8::is_ascii_digit).collect();
            let has_separators = digits.len() < text.len();
            let is_known = |from: usize| {
                digits.get(from..).is_some_and(|end| self.kinds.contains(&(Kind::Number, end.into())))
            };
            // A whole number, or the end of one with a prefix.
            let most = digits.len().saturating_sub(10);
            if has_separators && digits.len() >= 10 && (is_known(0) || is_known(most)) {
                return Some(Kind::Number);
            }
            rest = &rest[at + len..];
        }
        None
    }

    /// An address that is no pseudonym.
    fn foreign_address(&self, line: &[u8]) -> Option<Kind> {
        let is_part = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b'.' | b':');
        let is_foreign = |word: &[u8]| {
            let colon = memchr::memrchr(b':', word).unwrap_or(word.len());
            let found = address_of(word).or_else(|| address_of(&word[..colon]));
            found.is_some_and(|address| !self.addresses.contains(&address) && !stays(address))
        };
        let mut words = line.split(|b| !is_part(b)).filter(|word| word.len() >= 2);
        let has_marks = |word: &&[u8]| word.iter().filter(|b| matches!(b, b'.' | b':')).count() >= 2;
        words
            .by_ref()
            .filter(has_marks)
            .find(|word| is_foreign(word.strip_suffix(b".").unwrap_or(word)))
            .map(|_| Kind::Address)
    }

    /// A short user of a URI that is no pseudonym.
    fn foreign_user(&self, line: &[u8]) -> Option<Kind> {
        let is_end = |b: &u8| {
            matches!(b, b'@' | b';' | b'>' | b'?' | b' ' | b'"' | b',' | b'&' | b'\r' | b'\n' | b':')
        };
        for scheme in [&b"sip:"[..], b"sips:", b"tel:"] {
            // `Mitel:5324` is none.
            let is_start = |at: &usize| *at == 0 || !line[at - 1].is_ascii_alphanumeric();
            for at in memmem::find_iter(line, scheme).filter(is_start) {
                let rest = &line[at + scheme.len()..];
                let end = rest.iter().position(is_end).unwrap_or(rest.len());
                let user = &rest[..end];
                let is_user = scheme == b"tel:" || rest.get(end) == Some(&b'@');
                if is_user && user.len() < 7 && memchr(b'%', user).is_none() && !self.is_given_out(user) {
                    return Some(if user.iter().all(u8::is_ascii_digit) {
                        Kind::Extension
                    } else {
                        Kind::User
                    });
                }
            }
        }
        None
    }

    fn is_given_out(&self, user: &[u8]) -> bool {
        // A service code, `+` or the name of a gateway may precede it.
        let bare = user.strip_prefix(b"gw+").unwrap_or(user);
        let bare = bare.strip_prefix(b"+").unwrap_or(bare);
        let bare = &bare[super::values::service_code(bare)..];
        is_common_user(user)
            || self.users.contains(user)
            || self.users.contains(bare)
            || bare.is_empty()
            || numbers::is_service(bare)
    }

    /// A display name that is no pseudonym.
    fn foreign_name(&self, line: &[u8]) -> Option<Kind> {
        for at in memmem::find_iter(line, b"\" <") {
            let start = memchr::memrchr(b'"', &line[..at]).map_or(0, |start| start + 1);
            let name = &line[start..at];
            let is_number = name.iter().all(|&b| b.is_ascii_digit() || is_separator(b) || b == b'+');
            let is_known = self.names.contains(name) || is_common_name(name);
            if !is_known && !is_number && name.len() < SHORTEST {
                return Some(Kind::Name);
            }
        }
        None
    }
}

/// Whether an original can be found by its text: it is not one of the words that may stay.
fn is_searched(kind: Kind, original: &[u8], made: &[u8], words: &Words) -> bool {
    let is_number = kind == Kind::Number && original.len() >= 7;
    // A word of a language says nothing about anyone, and may be anywhere.
    let is_identifier = kind != Kind::Word || original.iter().any(u8::is_ascii_digit);
    // A user `operator` stays where a name `Operator` does not.
    let is_user = kind == Kind::Name && is_common_user(original);
    original.len() >= SHORTEST
        && original != made
        && is_identifier
        && !is_user
        && (is_number || !words.is_common(original))
}

/// Whether an original is a pseudonym, or a number with the end of one.
fn is_given(given: &HashSet<Box<[u8]>>, original: &[u8]) -> bool {
    let is_number = (NUMBER..=LONGEST).contains(&original.len()) && original.iter().all(u8::is_ascii_digit);
    given.contains(original) || is_number && given.contains(&original[original.len() - NUMBER..])
}

/// The longest text that may be a pseudonym by chance, and the digits at the end of a number that make it.
const LONGEST: usize = 12;
const NUMBER: usize = 10;

/// Short pseudonyms, of numbers their ends, too. In a trace of hundreds of thousands of numbers and tags, some original is the
/// pseudonym of another by chance: where it is found, it says nothing.
fn given_out(secrets: &Secrets) -> HashSet<Box<[u8]>> {
    let made = Kind::ALL.into_iter().flat_map(|kind| secrets.of(kind)).map(|(_, made)| made);
    let ends = made.flat_map(|made| {
        let is_number = made.iter().all(u8::is_ascii_digit);
        let longest = made.len().min(LONGEST);
        let shortest = if is_number { NUMBER.min(longest) } else { longest };
        let whole = (made.len() <= LONGEST).then_some(made);
        let parts = (shortest..=longest).filter(move |_| is_number).map(|len| &made[made.len() - len..]);
        whole.into_iter().chain(parts)
    });
    ends.map(Box::from).collect()
}

/// The pseudonyms of some kinds.
fn made(secrets: &Secrets, kinds: &[Kind]) -> HashSet<Box<[u8]>> {
    kinds.iter().flat_map(|kind| secrets.of(*kind)).map(|(_, made)| made.into()).collect()
}

/// The address with these octets.
pub(super) fn address(octets: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(octets).map(IpAddr::from)).ok()
}

/// Whether redaction leaves an address as it is.
fn stays(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => matches!(v4.octets(), [0 | 127 | 224..=239, ..] | [255, 255, 255, 255]),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.to_ipv4_mapped().is_some()
        }
    }
}
