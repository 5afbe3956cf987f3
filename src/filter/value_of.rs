//! The value that a message has for a field, for lists that show it.
//!
//! Must not know: expressions, rows, screens.

use super::content::{Content, Source};
use super::field::Field;

/// The first value of a field that only the bytes of a message have, without line folding. `key` is the name after `header.` or
/// the key after `json.`. `None` if there is no such value, or if rows know the field.
///
/// ```
/// use sofiatui::filter::{Field, value_of};
/// let message = b"BYE sip:a SIP/2.0\r\nX-Cid: 7\r\n\r\n";
/// assert_eq!(value_of(Field::Header, "x-cid", message).as_deref(), Some(&b"7"[..]));
/// ```
pub fn value_of(field: Field, key: &str, message: &[u8]) -> Option<Vec<u8>> {
    let source = match field {
        Field::Header => Source::Header(key.to_owned()),
        Field::Json => Source::Json(key.to_owned()),
        Field::Ua => Source::Agent,
        Field::Branch => Source::Branch,
        Field::Contact => Source::Header("Contact".to_owned()),
        Field::Uri => Source::Uri,
        Field::Type => Source::Essence,
        _ => return None,
    };
    let mut found = None;
    Content::new(message).any_value(&source, |value| {
        found = Some(value.to_vec());
        true
    });
    found
}
