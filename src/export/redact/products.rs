//! What programs call themselves: names of products, models and versions stay; addresses, numbers and all else do not.
//!
//! Must not know: fields, bodies.

use std::net::{IpAddr, Ipv4Addr};

use super::text::is_hardware_address;
use super::values::address_of;
use super::{Kind, Scrubber};

/// A place in a product's text.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    /// The first word of the text, in lower case: the maker.
    maker: &'a [u8],
    /// The word before.
    before: &'a [u8],
    /// The mark behind the word before.
    mark: u8,
    /// Whether a comment has begun.
    in_comment: bool,
}

impl Scrubber {
    /// Appends what a program calls itself: known products with their versions stay.
    pub(super) fn product(&mut self, out: &mut Vec<u8>, text: &[u8]) {
        let name =
            text.split(|b| !b.is_ascii_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
        let letters = name.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        if !(self.words.is_product(name) || self.words.is_product(&name[..letters])) {
            if !text.is_empty() {
                out.extend_from_slice(b"Agent-");
                self.token(out, text);
            }
            return;
        }
        let maker = name[..letters].to_ascii_lowercase();
        let mut place = Place { maker: &maker, before: b"", mark: 0, in_comment: false };
        let is_mark =
            |&b: &u8| matches!(b, b' ' | b'/' | b'_' | b'(' | b')' | b';' | b',' | b'@' | b'<' | b'>' | b'"');
        for piece in text.split_inclusive(is_mark) {
            let (word, mark) = match piece.split_last() {
                Some((mark, word)) if is_mark(mark) => (word, Some(*mark)),
                _ => (piece, None),
            };
            self.product_word(out, word, place);
            out.extend(mark.filter(|&mark| mark >= b' '));
            place.in_comment |= mark == Some(b'(');
            (place.before, place.mark) = (word, mark.unwrap_or_default());
        }
    }

    fn product_word(&mut self, out: &mut Vec<u8>, word: &[u8], place: Place<'_>) {
        let (stem, version) = word.split_at(memchr::memrchr(b'-', word).map_or(0, |at| at + 1));
        let host = memchr::memrchr(b':', version).map_or(version, |at| &version[..at]);
        if let Some(IpAddr::V4(address)) = address_of(host) {
            let is_named = !stem.is_empty() && self.is_of_product(&stem[..stem.len() - 1]);
            let place = if is_named { Place { before: stem, mark: b'-', ..place } } else { place };
            if !stem.is_empty() {
                out.extend_from_slice(if is_named { stem } else { b"x-" });
            }
            if host.len() == version.len() && self.is_version(address, place) {
                out.extend_from_slice(version);
            } else {
                self.host_port(out, version);
            }
        } else if let Some(address) = address_of(word) {
            self.ip(out, address);
        } else if self.is_of_product(word) && !is_part_of_number(word, place) {
            out.extend_from_slice(word);
        } else if !word.is_empty() {
            out.push(b'x');
            self.secrets.remove(word);
        }
    }

    /// Whether a word of a product's name may stay: products, models such as `T46S`, versions; no names, numbers or hardware
    /// addresses.
    fn is_of_product(&self, word: &[u8]) -> bool {
        let is_extension = self.secrets.known(Kind::Extension, word).is_some();
        let parts = word.split(|&b| matches!(b, b'-' | b'.' | b'~' | b'+' | b':'));
        parts.clone().count() <= 12
            && !is_extension
            && !is_hardware_address(word)
            && !is_written_number(word)
            && parts.into_iter().all(|part| {
                let is_commit = part.len() == 10 && part.iter().all(u8::is_ascii_hexdigit) && word.len() > 20;
                part.is_empty()
                    || is_commit
                    || self.is_model(part)
                    || self.words.is_known(part)
                    || self.words.is_product(part)
            })
    }

    /// A model or a version: up to five digits, behind one letter or the name of a product, before two letters at most.
    fn is_model(&self, part: &[u8]) -> bool {
        const VERSIONS: [&[u8]; 4] = [b"rc", b"beta", b"alpha", b"rev"];
        let letters = part.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let digits = part[letters..].iter().take_while(|b| b.is_ascii_digit()).count();
        let (name, end) = (part[..letters].to_ascii_lowercase(), &part[letters + digits..]);
        // `9.1.0p9`.
        let end = &end[..end.len() - end.iter().rev().take_while(|b| b.is_ascii_digit()).count().min(2)];
        (1..=5).contains(&digits)
            && end.len() <= 2
            && end.iter().all(u8::is_ascii_alphabetic)
            && (letters <= 1 || VERSIONS.contains(&name.as_slice()) || self.words.is_product(&name))
    }

    /// A version such as `66.86.0.15` looks like an address. It is one where it cannot be an address: behind `NAME/`, behind a
    /// model of Yealink; `1.…` behind one of Grandstream or behind Asterisk. What the trace has as an address is one.
    fn is_version(&self, address: Ipv4Addr, place: Place<'_>) -> bool {
        let octets = address.octets();
        let is_seen = self.secrets.known(Kind::Address, &octets).is_some();
        let behind_name = matches!(place.mark, b'/' | b'-') && self.is_of_product(place.before);
        // The versions of Snom begin with 10.
        let is_local = address.is_private() || address.is_loopback() || octets[0] == 100;
        if is_seen || is_local && !(behind_name && place.mark == b'/') {
            return false;
        }
        let is_behind_model = place.mark == b' ' && place.before.iter().any(u8::is_ascii_digit);
        let behind_blank = !place.in_comment
            && match place.maker {
                b"yealink" => is_behind_model,
                b"grandstream" => is_behind_model && octets[0] == 1,
                b"asterisk" => octets[0] == 1 && matches!(octets[1], 2 | 4 | 6 | 8),
                _ => false,
            };
        behind_name || behind_blank
    }
}

/// `020-7946-0018`, `202.555.0185`.
fn is_written_number(word: &[u8]) -> bool {
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    let groups = word.split(|&b| matches!(b, b'-' | b'.')).count();
    let is_of = |mark: u8| word.iter().all(|&b| b.is_ascii_digit() || b == mark || b == b'+');
    digits >= 7 && is_of(b'-') || digits >= 9 && groups <= 3 && is_of(b'.')
}

/// Digits behind digits and a blank, or with a zero in front, are of a number.
fn is_part_of_number(word: &[u8], place: Place<'_>) -> bool {
    let is_digits = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_digit() || *b == b'+');
    let has_trunk = word.len() >= 3 && word.starts_with(b"0") || word.starts_with(b"+");
    is_digits(word) && (has_trunk || place.mark == b' ' && is_digits(place.before))
}
