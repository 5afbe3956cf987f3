//! Values that are made of words: those that are known stay, all others are replaced.
//!
//! Must not know: fields, bodies.

use super::Scrubber;
use super::rules::Rule;
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
/// The length of a hardware address with marks.
const HARDWARE: usize = 17;
/// Words of display names that belong to no one.
const NO_NAMES: [&[u8]; 8] =
    [b"call", b"caller", b"calling", b"phone", b"number", b"emergency", b"outbound", b"inbound"];
/// Words of dates and media types that are names as well: in a text for people they are removed.
const OFTEN_NAMES: [&[u8]; 6] = [b"jan", b"may", b"sun", b"marine", b"mountain", b"april"];

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
            } else if let Some(len) = self.hardware_in(out, rest) {
                len
            } else if style == Style::Prose
                && let Some(len) = self.uri_in(out, rest)
            {
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
                let instead = if style == Style::Prose { b' ' } else { b'.' };
                out.push(if first < b' ' && first != b'\t' { instead } else { first });
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

    /// Replaces a hardware address at the start of the text: `00:15:65:12:34:56`, also with `-`.
    fn hardware_in(&mut self, out: &mut Vec<u8>, text: &[u8]) -> Option<usize> {
        let address = text.get(..HARDWARE)?;
        if !is_hardware_address(address) || text.get(HARDWARE).is_some_and(|&b| is_word(b)) {
            return None;
        }
        let plain: Vec<u8> = address.iter().filter(|b| b.is_ascii_hexdigit()).copied().collect();
        self.token(out, &plain.to_ascii_lowercase());
        Some(HARDWARE)
    }

    /// Replaces a URI, or `user@host`, at the start of a text for people.
    fn uri_in(&mut self, out: &mut Vec<u8>, text: &[u8]) -> Option<usize> {
        if !(is_word(text[0]) || matches!(text[0], b'*' | b'#' | b'+' | b'%')) {
            return None;
        }
        let is_end = |&b: &u8| matches!(b, b'"' | b'\'' | b'<' | b'>' | b',' | b')') || b <= b' ';
        let len = text.iter().position(is_end).unwrap_or(text.len());
        let uri = text[..len].trim_ascii_end();
        let uri = uri.strip_suffix(b".").or_else(|| uri.strip_suffix(b":")).unwrap_or(uri);
        let schemes = [&b"sip:"[..], b"sips:", b"tel:"];
        let has_scheme = schemes
            .iter()
            .any(|scheme| uri.len() > scheme.len() && uri[..scheme.len()].eq_ignore_ascii_case(scheme));
        if !has_scheme && memchr::memchr(b'@', uri).is_none() {
            return None;
        }
        self.uri(out, uri);
        Some(uri.len())
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
        if let Some(whole) = spelled_number(text, style == Style::Prose || plus > 0) {
            self.number(out, &text[..whole]);
            return whole;
        }
        let stays = match style {
            // 32 bits.
            Style::Counter => plus == 0 && len <= 10,
            // A quality has three digits.
            Style::Constant => len <= 2 || len <= 3 && out.ends_with(b"0."),
            Style::Prose => len <= 1 || out.ends_with(b"Q."),
        };
        if stays {
            out.extend_from_slice(word);
        } else if len <= super::numbers::MOST_DIGITS {
            self.number(out, word);
        } else {
            self.token(out, word);
        }
        len
    }

    /// Whether a word is one of a display name that was seen, or is often one.
    fn is_of_name(&self, word: &[u8]) -> bool {
        let lower = word.to_ascii_lowercase();
        OFTEN_NAMES.contains(&lower.as_slice()) || self.name_words.contains(lower.as_slice())
    }

    /// Keeps the words of a display name: they are removed from texts for people, also if they are known words.
    pub(super) fn learn_name(&mut self, name: &[u8]) {
        for word in name.split(|&b| !is_word(b)).filter(|word| word.len() >= 3) {
            let lower = word.to_ascii_lowercase();
            let is_name = self.words.is_known(word) && !NO_NAMES.contains(&lower.as_slice());
            if is_name && self.name_words.insert(lower.into()) {
                self.memos[Rule::Reason as usize].clear();
                self.memos[Rule::Warning as usize].clear();
            }
        }
    }

    fn word(&mut self, out: &mut Vec<u8>, word: &[u8], style: Style) {
        let is_name = style == Style::Prose && self.is_of_name(word);
        if self.words.is_known(word) && !is_name {
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

/// Six pairs of hexadecimal digits with the same mark between them.
pub(super) fn is_hardware_address(text: &[u8]) -> bool {
    text.len() == HARDWARE
        && matches!(text[2], b':' | b'-')
        && text
            .iter()
            .enumerate()
            .all(|(at, &b)| if at % 3 == 2 { b == text[2] } else { b.is_ascii_hexdigit() })
}

/// The length of a number with separators between its digits. Blanks are separators in texts for people; elsewhere two groups of
/// digits may be two numbers, and a number has three.
fn spelled_number(text: &[u8], is_text: bool) -> Option<usize> {
    let plus = usize::from(text[0] == b'+');
    let is_part =
        |b: u8| b.is_ascii_digit() || if is_text { is_separator(b) } else { b == b'-' || b == b'.' };
    let whole = plus + text.iter().skip(plus).take(LONGEST).take_while(|&&b| is_part(b)).count();
    let whole = text[..whole].iter().rposition(u8::is_ascii_digit)? + 1;
    let count = text[..whole].iter().filter(|b| b.is_ascii_digit()).count();
    let groups = text[plus..whole].split(|b| !b.is_ascii_digit());
    let is_grouped =
        is_text || groups.clone().count() >= 3 && groups.into_iter().all(|group| group.len() >= 2);
    let is_number = is_grouped && (7..=super::numbers::MOST_DIGITS).contains(&count);
    (is_number && text.get(whole).is_none_or(|&b| !is_word(b))).then_some(whole)
}
