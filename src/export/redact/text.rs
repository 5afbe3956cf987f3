//! Values that are made of words: those that are known stay, all others are replaced.
//!
//! Must not know: fields, bodies.

use super::Scrubber;
use super::values::{address_of, is_separator};

/// What to do with words and numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Names and values of a protocol: an unknown word becomes an identifier, the same for the same word.
    Constant,
    /// The same, and numbers stay: sequence numbers, seconds, dates.
    Counter,
    /// What people read: an unknown word is removed.
    Prose,
}

const REDACTED: &[u8] = b"redacted";
/// The longest address or number that is looked for in a text.
const LONGEST: usize = 64;

impl Scrubber {
    /// Appends names and values of a protocol.
    pub(super) fn constant(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        self.words(out, text, Style::Constant);
    }

    /// The same with numbers that stay.
    pub(super) fn counter(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        self.words(out, text, Style::Counter);
    }

    /// Appends a text for people.
    pub(super) fn prose(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        self.words(out, text, Style::Prose);
    }

    fn words(&mut self, out: &mut Vec<u8>, text: &[u8], style: Style) {
        let mut rest = text;
        while let Some(&first) = rest.first() {
            let len = if let Some(len) = self.address_in(out, rest) {
                len
            } else if first.is_ascii_digit() || (first == b'+' && rest.get(1).is_some_and(u8::is_ascii_digit))
            {
                self.digits(out, rest, style)
            } else if is_word(first) {
                let len = rest.iter().position(|&b| !is_word(b)).unwrap_or(rest.len());
                self.word(out, &rest[..len], style);
                len
            } else {
                // Marks; control characters are none.
                out.push(if first < b' ' && first != b'\t' { b' ' } else { first });
                1
            };
            rest = &rest[len..];
        }
    }

    /// Replaces an address at the start of the text; `None` if there is none. It may have a port.
    fn address_in(&mut self, out: &mut Vec<u8>, text: &[u8]) -> Option<usize> {
        if !text[0].is_ascii_hexdigit() && text[0] != b':' {
            return None;
        }
        // No address is longer, and a longer run of such characters would be looked at again and again.
        let start = &text[..text.len().min(LONGEST)];
        let is_part = |b: u8| b.is_ascii_hexdigit() || matches!(b, b'.' | b':');
        let len = start.iter().position(|&b| !is_part(b)).unwrap_or(start.len());
        let word = text[..len].strip_suffix(b".").unwrap_or(&text[..len]);
        let marks = word.iter().filter(|&&b| matches!(b, b'.' | b':')).count();
        if marks < 2 {
            return None;
        }
        let colon = memchr::memrchr(b':', word).filter(|_| memchr::memchr(b'.', word).is_some());
        let host = colon.map_or(word, |at| &word[..at]);
        let address = [word, host].into_iter().find(|text| address_of(text).is_some())?;
        self.ip(out, address_of(address)?);
        Some(address.len())
    }

    /// Replaces what begins with a digit; returns its length.
    fn digits(&mut self, out: &mut Vec<u8>, text: &[u8], style: Style) -> usize {
        let plus = usize::from(text[0] == b'+');
        let len = plus + text[plus..].iter().position(|&b| !is_word(b)).unwrap_or(text.len() - plus);
        let word = &text[..len];
        if !word[plus..].iter().all(u8::is_ascii_digit) {
            self.word(out, word, style);
            return len;
        }
        if style == Style::Counter {
            out.extend_from_slice(word);
            return len;
        }
        // Digits with separators between them are one number.
        let whole = text
            .iter()
            .skip(plus)
            .take(LONGEST)
            .take_while(|&&b| b.is_ascii_digit() || is_separator(b))
            .count()
            + plus;
        let whole = text[..whole].iter().rposition(u8::is_ascii_digit).map_or(whole, |at| at + 1);
        let count = text[..whole].iter().filter(|b| b.is_ascii_digit()).count();
        let is_number = style == Style::Prose && (7..=super::numbers::MOST_DIGITS).contains(&count);
        if is_number && text.get(whole).is_none_or(|&b| !is_word(b)) {
            self.number(out, &text[..whole]);
            return whole;
        }
        match (style, word.len()) {
            (Style::Prose, 4..) | (_, 7..=24) => self.number(out, word),
            (_, ..=6) => out.extend_from_slice(word),
            _ => self.token(out, word),
        }
        len
    }

    fn word(&mut self, out: &mut Vec<u8>, word: &[u8], style: Style) {
        if self.words.is_known(word) {
            out.extend_from_slice(word);
        } else if style == Style::Prose {
            // One for a whole run of words.
            if out.strip_suffix(b" ").is_some_and(|out| out.ends_with(REDACTED)) {
                out.pop();
            } else {
                out.extend_from_slice(REDACTED);
            }
            if word.iter().any(u8::is_ascii_digit) {
                self.secrets.remove(word);
            }
        } else if let Some(level) = hex_level(word) {
            out.extend_from_slice(level);
        } else {
            self.unknown_word(out, word);
        }
    }

    /// Appends what a program calls itself: known products with their versions stay.
    pub(super) fn product(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        let mut words = text.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let name = words.next().unwrap_or_default();
        let letters = name.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if !(self.words.is_product(name) || self.words.is_product(&name[..letters])) {
            if !text.is_empty() {
                out.extend_from_slice(b"Agent-");
                self.token(out, text);
            }
            return;
        }
        for piece in text.split_inclusive(|&b| {
            matches!(b, b' ' | b'/' | b'_' | b'(' | b')' | b';' | b',' | b'@' | b'<' | b'>' | b'"')
        }) {
            let (word, mark) = match piece.split_last() {
                Some((&mark, word)) if !mark.is_ascii_alphanumeric() => (word, Some(mark)),
                _ => (piece, None),
            };
            if self.is_of_product(word) {
                out.extend_from_slice(word);
            } else {
                out.push(b'x');
                self.secrets.remove(word);
            }
            out.extend(mark.filter(|&mark| mark >= b' '));
        }
    }

    /// Whether a word of a product's name may stay: products, models such as `T46S`, versions; no names, numbers or hardware
    /// addresses.
    fn is_of_product(&self, word: &[u8]) -> bool {
        let parts = word.split(|&b| matches!(b, b'-' | b'.' | b'~' | b'+' | b':'));
        parts.clone().count() <= 12
            && self.secrets_allow(word)
            && parts.into_iter().all(|part| {
                let digits = part.iter().filter(|b| b.is_ascii_digit()).count();
                let is_model = part.len() <= 8 && digits > 0 && digits < 7;
                let is_commit = part.len() == 10 && part.iter().all(u8::is_ascii_hexdigit) && word.len() > 20;
                part.is_empty()
                    || is_model
                    || is_commit
                    || self.words.is_known(part)
                    || self.words.is_product(part)
            })
    }

    /// A version such as `66.86.0.15` looks like an address; one that is private, or that the trace has, is one.
    fn secrets_allow(&self, word: &[u8]) -> bool {
        let Some(std::net::IpAddr::V4(address)) = address_of(word) else { return address_of(word).is_none() };
        let is_seen = self.secrets.known(super::Kind::Address, &address.octets()).is_some();
        !is_seen && !address.is_private() && !address.is_loopback() && address.octets()[0] != 100
    }
}

/// The profile-level-id of H.264: six hexadecimal digits that belong to codecs.
fn hex_level(word: &[u8]) -> Option<&[u8]> {
    let is_hex = word.len() == 6 && word.iter().all(u8::is_ascii_hexdigit) && word.starts_with(b"42");
    is_hex.then_some(word)
}

/// Letters, digits and bytes above ASCII.
const fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80 || b == b'_'
}
