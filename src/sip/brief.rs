//! What a message's text says in a few words: its session description, the target and the result of a transfer, and why a
//! call ended or failed.
//!
//! Must not know: where the words are shown.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::message::Message;
use super::reason::Reason;
use super::start_line::StartLine;
use super::{Address, List, multipart, percent_decode, sdp, sipfrag, unquote, user_of};
use crate::base::escape::escape_into;

/// Bytes of one text that are shown: the details have it whole.
const MOST_BYTES: usize = 40;

/// What an arrow shows after the start line, escaped; empty where the text adds nothing. A session description comes
/// first.
///
/// ```
/// use sofiatui::sip::{Message, brief};
/// let bye = Message::parse(b"BYE sip:a@b SIP/2.0\r\nReason: Q.850;cause=16;text=\"NORMAL_CLEARING\"\r\n\r\n");
/// assert_eq!(brief(&bye), "Q.850 16 normal call clearing");
/// ```
pub fn brief(message: &Message<'_>) -> String {
    let mut brief = sdp::brief(message);
    match message.start_line() {
        Some(StartLine::Request { method: b"REFER", .. }) => target(message, &mut brief),
        Some(StartLine::Request { method: b"NOTIFY", .. }) => result(message, &mut brief),
        Some(StartLine::Request { method: b"BYE" | b"CANCEL", .. }) => reasons(message, &mut brief),
        Some(
            StartLine::Request { method: b"INVITE", .. } | StartLine::Status { code: 181 | 300..400, .. },
        ) => {
            history(message, &mut brief);
        }
        Some(StartLine::Status { code, .. }) if code >= 400 && code != 401 && code != 407 => {
            reasons(message, &mut brief);
            history(message, &mut brief);
        }
        _ => {}
    }
    brief
}

/// Whom a REFER transfers to, and the call that is replaced there (RFC 3891): `to 1009, replaces CALL-ID`.
fn target(message: &Message<'_>, brief: &mut String) {
    let Some(field) = message.header("Refer-To") else { return };
    item(brief, "to ", &percent_decode(user_of(&field.value)));
    if let Some(replaces) = uri_header(&Address::parse(&field.value), b"Replaces") {
        let call_id = replaces.split(|b| *b == b';').next().unwrap_or_default();
        item(brief, "replaces ", call_id);
    }
}

/// A header field that the URI of `address` contains, decoded.
fn uri_header<'a>(address: &Address<'a>, name: &[u8]) -> Option<Cow<'a, [u8]>> {
    let mut headers = address.parsed_uri()?.headers?.split(|b| *b == b'&');
    headers.find_map(|header| {
        let (found, value) = header.split_at_checked(name.len())?;
        let value = value.strip_prefix(b"=")?;
        found.eq_ignore_ascii_case(name).then(|| percent_decode(value))
    })
}

/// Why the request was sent on before: the reasons in History-Info (RFC 7044 §10.2), each after whom it was sent to.
fn history(message: &Message<'_>, brief: &mut String) {
    for field in message.header_values("History-Info") {
        for address in Address::list(&field.value) {
            let Some(value) = uri_header(&address, b"Reason") else { continue };
            let mut before = String::from("history ");
            escape_into(head(&percent_decode(address.user())), &mut before);
            before.push(' ');
            Reason::list(&value).for_each(|reason| cause(&reason, &before, brief));
        }
    }
}

/// How a transfer goes, as a NOTIFY says in a fragment (RFC 3515 §2.4.5): `result 486 Busy Here`.
fn result(message: &Message<'_>, brief: &mut String) {
    let is_fragment = |content_type: super::ContentType<'_>| content_type.is("message", "sipfrag");
    let parts = message.parts();
    let body = if message.content_type().is_some_and(is_fragment) {
        Some(message.body())
    } else {
        multipart::first(&parts, |part| part.content_type().is_some_and(is_fragment)).map(|part| part.body)
    };
    let Some(fragment) = body.and_then(sipfrag::parse) else { return };
    if let Some(StartLine::Status { code, reason }) = fragment.start_line() {
        item(brief, &format!("result {code} "), reason);
        reasons(&fragment, brief);
    }
}

/// Why a request was sent or failed: the causes of Reason (RFC 3326) and the warnings (RFC 3261 §20.43).
fn reasons(message: &Message<'_>, brief: &mut String) {
    for field in message.header_values("Reason") {
        for reason in Reason::list(&field.value) {
            cause(&reason, "", brief);
        }
    }
    for field in message.header_values("Warning") {
        for warning in List::new(&field.value) {
            let mut words = warning.splitn(3, |b| *b == b' ');
            let (code, text) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
            item(brief, "warning ", &[code, b" ", &*unquote(text.trim_ascii())].concat());
        }
    }
}

/// Appends a cause with its name or text, behind words of ours.
fn cause(reason: &Reason<'_>, before: &str, brief: &mut String) {
    let mut before = before.to_owned();
    escape_into(head(reason.protocol), &mut before);
    before.push(' ');
    if let Some(cause) = reason.cause() {
        // Writing to a String cannot fail.
        let _ = write!(before, "{cause} ");
    }
    match (reason.cause_name(), reason.text()) {
        (Some(name), _) => item(brief, &before, name.as_bytes()),
        (None, text) => item(brief, &before, &text.unwrap_or_default()),
    }
}

/// Appends a text of the message, escaped, behind words of ours.
fn item(brief: &mut String, before: &str, text: &[u8]) {
    if !brief.is_empty() {
        brief.push_str(", ");
    }
    brief.push_str(before);
    escape_into(head(text), brief);
    if text.len() > MOST_BYTES {
        brief.push('…');
    }
    brief.truncate(brief.trim_end().len());
}

/// The beginning of a long text, not cut within a character.
fn head(text: &[u8]) -> &[u8] {
    let mut end = text.len().min(MOST_BYTES);
    while end > 0 && text.get(end).is_some_and(|b| b & 0xc0 == 0x80) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_in_a_few_words() {
        for (text, words) in [
            ("BYE x SIP/2.0\r\n\r\n", ""),
            ("BYE x SIP/2.0\r\nReason: Q.850;cause=16;text=\"X\"\r\n\r\n", "Q.850 16 normal call clearing"),
            ("BYE x SIP/2.0\r\nReason: Q.850;cause=999;text=\"ODD\"\r\n\r\n", "Q.850 999 ODD"),
            ("BYE x SIP/2.0\r\nReason: RTP\r\n\r\n", "RTP"),
            (
                "CANCEL x SIP/2.0\r\nReason: SIP;cause=200;text=\"Call completed elsewhere\", Q.850;cause=26\r\n\r\n",
                "SIP 200 Call completed elsewhere, Q.850 26 non-selected user clearing",
            ),
            (
                "SIP/2.0 488 No\r\nWarning: 304 pbx.example \"Media type not available\"\r\n\r\n",
                "warning 304 Media type not available",
            ),
            ("SIP/2.0 486 Busy\r\nReason: Q.850;cause=17\r\n\r\n", "Q.850 17 user busy"),
            ("SIP/2.0 407 Auth\r\nReason: Q.850;cause=17\r\n\r\n", ""),
            ("INVITE x SIP/2.0\r\nReason: Q.850;cause=17\r\n\r\n", ""),
            (
                "INVITE x SIP/2.0\r\nHistory-Info: <sip:%2B1@b?Reason=SIP%3Bcause%3D486%3Btext%3D%22Busy%22>;index=1\r\n\
                 History-Info: <sip:2@b?Privacy=history&Reason=Q.850%3Bcause%3D19>;index=1.1, <sip:3@b>;index=1.2\r\n\r\n",
                "history +1 SIP 486 Busy, history 2 Q.850 19 no answer from user",
            ),
            (
                "SIP/2.0 302 Moved\r\nHistory-Info: <sip:1@b?Reason=SIP%3Bcause%3D302>;index=1\r\n\r\n",
                "history 1 SIP 302",
            ),
            ("REFER x SIP/2.0\r\nRefer-To: <sip:%2B1555@b>\r\n\r\n", "to +1555"),
            ("REFER x SIP/2.0\r\nr: tel:+1555\r\n\r\n", "to +1555"),
            (
                "REFER x SIP/2.0\r\nRefer-To: \"A\" <sip:9@b?Require=x&replaces=a%40b%3Bto-tag%3D1>\r\n\r\n",
                "to 9, replaces a@b",
            ),
            ("REFER x SIP/2.0\r\n\r\n", ""),
            (
                "NOTIFY x SIP/2.0\r\nContent-Type: message/sipfrag;version=2.0\r\n\r\nSIP/2.0 486 Busy Here\r\n\
                 Reason: Q.850;cause=17\r\n",
                "result 486 Busy Here, Q.850 17 user busy",
            ),
            ("NOTIFY x SIP/2.0\r\nContent-Type: message/sipfrag\r\n\r\nSIP/2.0 100\r\n", "result 100"),
            ("NOTIFY x SIP/2.0\r\nContent-Type: text/plain\r\n\r\nSIP/2.0 200 OK\r\n", ""),
        ] {
            assert_eq!(brief(&Message::parse(text.as_bytes())), words, "{text}");
        }
    }
}
