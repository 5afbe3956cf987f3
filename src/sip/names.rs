//! Names of header fields: compact forms, and when two names mean the same field.
//!
//! Must not know: values, messages.

/// The compact forms that IANA lists (RFC 3261 §7.3.3 and the extensions that added to it).
const COMPACT: [(u8, &str); 20] = [
    (b'a', "Accept-Contact"),
    (b'b', "Referred-By"),
    (b'c', "Content-Type"),
    (b'd', "Request-Disposition"),
    (b'e', "Content-Encoding"),
    (b'f', "From"),
    (b'i', "Call-ID"),
    (b'j', "Reject-Contact"),
    (b'k', "Supported"),
    (b'l', "Content-Length"),
    (b'm', "Contact"),
    (b'n', "Identity-Info"),
    (b'o', "Event"),
    (b'r', "Refer-To"),
    (b's', "Subject"),
    (b't', "To"),
    (b'u', "Allow-Events"),
    (b'v', "Via"),
    (b'x', "Session-Expires"),
    (b'y', "Identity"),
];

/// The full name behind a compact one, in either case; `None` for every other name.
///
/// ```
/// use sofiatui::sip::names::expand;
/// assert_eq!(expand(b"L"), Some("Content-Length"));
/// assert_eq!(expand(b"Via"), None);
/// ```
pub fn expand(name: &[u8]) -> Option<&'static str> {
    let [letter] = name else { return None };
    let letter = letter.to_ascii_lowercase();
    COMPACT.iter().find(|(compact, _)| *compact == letter).map(|(_, full)| *full)
}

/// The full name: a compact one expanded, any other as it is written.
pub fn canonical(name: &[u8]) -> &[u8] {
    expand(name).map_or(name, str::as_bytes)
}

/// Whether both names mean the same header field: case does not count, nor does the compact form of either.
///
/// ```
/// use sofiatui::sip::names::same;
/// assert!(same(b"i", b"CALL-ID"));
/// assert!(!same(b"To", b"Topic"));
/// ```
pub fn same(a: &[u8], b: &[u8]) -> bool {
    // Most comparisons are of two long names of different lengths.
    if a.len() > 1 && b.len() > 1 {
        return a.eq_ignore_ascii_case(b);
    }
    canonical(a).eq_ignore_ascii_case(canonical(b))
}
