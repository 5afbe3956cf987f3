//! Redaction: messages of a trace in, messages without personal data out.
//!
//! A [`Redactor`] replaces numbers, users, names, hosts, addresses and identifiers by pseudonyms: the same original has the same
//! pseudonym wherever and however it is written, so that legs, states and verdicts stay. What is not known to be harmless is
//! removed: the lists of what may stay are rules.rs (header fields) and words.rs (words). Methods, status codes, times, ports,
//! codecs and products stay.
//!
//! ```
//! use sofiatui::export::redact::{Key, Redactor};
//!
//! let mut redactor = Redactor::new(Key::new(b"secret"));
//! let message = redactor.message(b"BYE sip:+12025550185@pbx.example SIP/2.0\r\n\
//!     From: \"Ann\" <sip:1583@192.0.2.7>;tag=79fb\r\nContent-Length: 0\r\n\r\n");
//! let text = String::from_utf8_lossy(message);
//! assert!(text.starts_with("BYE sip:+1") && text.contains("Content-Length: 0\r\n"));
//! assert!(!text.contains("5550185") && !text.contains("Ann") && !text.contains("pbx.example"));
//! ```
//!
//! Must not know: files, options, how messages are selected.

mod addresses;
mod body;
mod fields;
mod key;
mod leaks;
mod message;
mod numbers;
mod params;
mod products;
mod report;
mod rules;
mod sdp;
mod search;
mod secrets;
mod selection;
mod text;
mod uris;
mod values;
mod words;

#[cfg(test)]
mod tests;

use hashbrown::HashSet;

use super::Entry;
use rules::{RULES, Rules};
use secrets::{Memo, Secrets};
use words::Words;

pub use key::Key;
pub use leaks::{Leak, LeakCheck};
pub use secrets::Kind;
pub use selection::check_dump;

/// Replaces what identifies someone, message by message.
#[derive(Debug)]
pub struct Redactor {
    scrubber: Scrubber,
    message: Vec<u8>,
    address: Vec<u8>,
}

/// What replaces values, and what it knows.
#[derive(Debug)]
struct Scrubber {
    secrets: Secrets,
    words: Words,
    rules: Rules,
    leg_headers: Vec<String>,
    /// Values of header fields by rule.
    memos: [Memo; RULES],
    /// Bytes in `memos`.
    remembered: usize,
    sdp_lines: Memo,
    /// Known words that display names have, in lower case.
    name_words: HashSet<Box<[u8]>>,
    hosts: Memo,
    /// How many URIs contain the current one.
    depth: u8,
    /// Values and bodies that were removed.
    removals: u64,
}

impl Redactor {
    /// A redactor that knows nothing yet.
    pub fn new(key: Key) -> Self {
        let scrubber = Scrubber {
            secrets: Secrets::new(key),
            words: Words::new(),
            rules: Rules::new(),
            leg_headers: Vec::new(),
            memos: Default::default(),
            remembered: 0,
            sdp_lines: Memo::new(),
            name_words: HashSet::new(),
            hosts: Memo::new(),
            depth: 0,
            removals: 0,
        };
        Self { scrubber, message: Vec::new(), address: Vec::new() }
    }

    /// Keeps header fields and media types that would be removed; what is recognised in them is still replaced.
    #[must_use]
    pub fn keeping<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().for_each(|name| self.scrubber.rules.keep(name));
        self
    }

    /// Keeps the names of fields that join legs; their values become pseudonyms.
    #[must_use]
    pub fn joining_by<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.scrubber.leg_headers.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// The message without personal data.
    pub fn message(&mut self, bytes: &[u8]) -> &[u8] {
        self.message.clear();
        self.scrubber.message_text(&mut self.message, bytes, 0);
        &self.message
    }

    /// The entry with its message and its peer's address replaced.
    pub fn entry<'a>(&'a mut self, entry: &Entry<'a>) -> Entry<'a> {
        self.address.clear();
        self.scrubber.host_port(&mut self.address, entry.address);
        self.message(entry.content);
        Entry { address: &self.address, content: &self.message, ..*entry }
    }

    /// The name of a profile: those that FreeSWITCH has stay.
    pub fn profile(&mut self, name: &str) -> String {
        const COMMON: [&str; 15] = [
            "internal",
            "external",
            "esinet",
            "freeswitch",
            "ipv6",
            "ipv4",
            "nat",
            "lan",
            "wan",
            "public",
            "private",
            "trunk",
            "carrier",
            "default",
            "dump",
        ];
        let is_common = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .all(|word| word.is_empty() || COMMON.contains(&word));
        if is_common && !name.is_empty() {
            return name.to_owned();
        }
        let mut token = Vec::new();
        self.scrubber.token(&mut token, name.as_bytes());
        format!("profile-{}", String::from_utf8_lossy(&token[..token.len().min(8)]))
    }
}
