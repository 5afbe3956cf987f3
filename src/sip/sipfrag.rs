//! `message/sipfrag`: any prefix of a message (RFC 3420 §2).
//!
//! Must not know: the message that carries it.

use super::message::Message;

/// Reads a fragment: a start line, header fields, a body, or any of them alone.
///
/// Where the first line is no start line, header fields begin at once. `None` where the bytes begin with neither a
/// start line nor a header field.
///
/// ```
/// use sofiatui::sip::sipfrag;
/// assert!(sipfrag::parse(b"SIP/2.0 603 Declined").unwrap().is_sip());
/// assert_eq!(sipfrag::parse(b"From: <sip:a@b>\r\n").unwrap().headers().count(), 1);
/// assert!(sipfrag::parse(b"hello").is_none());
/// ```
pub fn parse(bytes: &[u8]) -> Option<Message<'_>> {
    let message = Message::fragment(bytes);
    let begins_with_field = || message.raw_lines().next().is_some_and(|line| line.field().is_some());
    (message.is_sip() || begins_with_field()).then_some(message)
}
