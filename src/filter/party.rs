//! What a filter compares of From and To: user, display name, host and URI.
//!
//! Must not know: expressions, rows, messages.

use std::borrow::Cow;

use memchr::memchr;

use crate::sip::{Address, percent_decode, user_of};

use super::field::Op;
use super::pattern::Case;
use super::search::Search;

/// A text as it is typed, without the escapes of a URI: `%2B1555` is `+1555` (RFC 3261 §19.1.4).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    match percent_decode(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// The search for `text` in From or To.
pub(super) fn search(text: &str, op: Op) -> Search {
    let text = plain(text);
    if op == Op::Has { Search::contains(&text) } else { Search::equals(&text, Case::Exact) }
}

/// Whether a value of From or To, without its parameters, passes: for equality, the user or the URI; a text may be
/// anywhere; a regex is matched with each of the texts, and with the value as it is written.
pub(super) fn passes(search: &Search, value: &[u8]) -> bool {
    match search {
        Search::Always => true,
        Search::Equals(_) | Search::EqualsAnyCase(_) => {
            in_any_form(search, user_of(value)) || in_any_form(search, Address::parse(value).uri)
        }
        Search::Contains(_) | Search::AnyCase(_) => {
            in_any_form(search, value) || (memchr(b'\\', value).is_some() && name_passes(search, value))
        }
        Search::Pattern(_) => {
            let address = Address::parse(value);
            let host = address.parsed_uri().map_or(&b""[..], |uri| uri.host);
            let texts = [value, user_of(value), host, address.uri];
            texts.into_iter().any(|text| in_any_form(search, text)) || name_passes(search, value)
        }
    }
}

fn name_passes(search: &Search, value: &[u8]) -> bool {
    Address::parse(value).display_name().is_some_and(|name| in_any_form(search, &name))
}

/// The text as written, with `%XX` decoded, and if it is not UTF-8, as Latin-1, which old phones send.
fn in_any_form(search: &Search, text: &[u8]) -> bool {
    if text.is_empty() {
        return false;
    }
    if search.passes(text) {
        return true;
    }
    let decoded = percent_decode(text);
    if matches!(decoded, Cow::Owned(_)) && search.passes(&decoded) {
        return true;
    }
    !text.is_ascii() && std::str::from_utf8(text).is_err() && {
        let latin: String = text.iter().map(|b| char::from(*b)).collect();
        search.passes(latin.as_bytes())
    }
}
