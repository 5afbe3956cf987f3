//! What a wrong name was probably meant to be.
//!
//! Must not know: how expressions are parsed, what a field is for.

use strsim::osa_distance;

use crate::sip::names;

use super::error::FilterErrorKind;
use super::field::{FIELDS, Field};
use super::known_names::HEADER_NAMES;

/// Names that people try, and the corresponding names of this language.
const MEANT: [(&str, &str); 29] = [
    ("direction", "dir"),
    ("peer", "addr"),
    ("address", "addr"),
    ("ip", "addr"),
    ("host", "addr"),
    ("src", "addr"),
    ("dst", "addr"),
    ("proto", "transport"),
    ("protocol", "transport"),
    ("callid", "call-id"),
    ("call", "call-id"),
    ("cid", "call-id"),
    ("user-agent", "ua"),
    ("agent", "ua"),
    ("server", "ua"),
    ("code", "status"),
    ("content-type", "type"),
    ("verb", "method"),
    ("length", "size"),
    ("bytes", "size"),
    ("date", "time"),
    ("phrase", "reason"),
    ("number", "n"),
    ("ruri", "uri"),
    ("request-uri", "uri"),
    ("header", "header.NAME"),
    ("header.", "header.NAME"),
    ("json", "json.KEY"),
    ("json.", "json.KEY"),
];

/// The error for an unknown field name.
pub(super) fn unknown(name: &str) -> FilterErrorKind {
    // A compact form (RFC 3261 §7.3.3) means the header field that it abbreviates.
    let name_in_full = names::expand(name.as_bytes()).unwrap_or(name);
    let lower = name_in_full.to_ascii_lowercase();
    let own_field = || (name_in_full != name).then(|| Field::named(name_in_full))?;
    let own_field = || own_field().map(|(field, _)| field.name().to_owned());
    let meant = MEANT.iter().find(|(tried, _)| *tried == lower).map(|&(_, meant)| meant.to_owned());
    let header = || {
        let known =
            HEADER_NAMES.iter().find(|h| h.eq_ignore_ascii_case(name_in_full)).map(ToString::to_string);
        let own = || (lower.starts_with("x-") || lower.starts_with("p-")).then(|| name.to_owned());
        known.or_else(own).map(|h| format!("header.{h}"))
    };
    let near = || {
        let names = FIELDS.iter().map(|i| i.name).filter(|n| !n.ends_with('.')).chain(["is"]);
        suggest(&lower, names).map(str::to_owned)
    };
    let prefix = || {
        let (head, key) = lower.split_once('.')?;
        let head = suggest(head, ["header", "json"].into_iter())?;
        (!key.is_empty()).then(|| format!("{head}.{key}"))
    };
    let suggestion = meant.or_else(own_field).or_else(header).or_else(prefix).or_else(near);
    FilterErrorKind::UnknownField { name: name.to_owned(), suggestion }
}

/// The candidate that `word`, in lower case, most likely meant; `None` if none is similar.
///
/// Similar means one typing error (a letter added, missing, wrong, or two swapped) in a word of up to four letters, two
/// in one of up to nine, three in a longer one; or the same beginning.
pub(super) fn suggest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let slips = match word.len() {
        0..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    candidates
        .map(|c| {
            let same = word.bytes().zip(c.bytes()).take_while(|(a, b)| a == b).count();
            let begins = same >= 3 && (same == word.len() || same >= 6);
            (if begins { 1 } else { osa_distance(word, &c.to_ascii_lowercase()) }, c)
        })
        // A typing error in a word of two letters says nothing.
        .filter(|&(d, c)| d <= slips && d < c.len().min(word.len()).max(2) && (c.len() > 2 || d == 0))
        .min_by_key(|&(d, _)| d)
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_name_gets_a_suggestion() {
        for (wrong, right) in [
            ("form", Some("from")),
            ("methd", Some("method")),
            ("stat", Some("status")),
            ("Direction", Some("dir")),
            ("peer", Some("addr")),
            ("caller-id", Some("call-id")),
            ("via", Some("header.Via")),
            ("X-Cid", Some("header.X-Cid")),
            ("headr.subject", Some("header.subject")),
            ("c", Some("type")),
            ("i", Some("call-id")),
            ("v", Some("header.Via")),
            ("header", Some("header.NAME")),
            ("tag", None),
            ("q", None),
        ] {
            let FilterErrorKind::UnknownField { suggestion, .. } = unknown(wrong) else { panic!("{wrong}") };
            assert_eq!(suggestion.as_deref(), right, "{wrong}");
        }
    }
}
