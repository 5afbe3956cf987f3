//! Findings within the values of header fields.
//!
//! Must not know: start lines, bodies.

use super::super::address::Address;
use super::super::content_type::ContentType;
use super::super::fields::RawField;
use super::super::message::Message;
use super::super::params::{List, quoted_end};
use super::super::via::Via;
use super::{FindingKind, Findings};
use crate::base::bytes::{decimal, is_token, trim};

/// Fields that may be there once.
const SINGLE: [&str; 9] =
    ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type", "Expires", "Date", "Event"];

/// Fields whose value is one address.
const ADDRESS: [&str; 4] = ["From", "To", "Refer-To", "Reply-To"];

/// Fields whose value is a list of addresses.
const ADDRESSES: [&str; 4] = ["Contact", "Route", "Record-Route", "Path"];

/// Fields whose value begins with a number, and the largest that is allowed.
const NUMBERS: [(&str, u64); 5] = [
    ("Max-Forwards", 255),
    ("Expires", u32::MAX as u64),
    ("Min-Expires", u32::MAX as u64),
    ("Retry-After", u32::MAX as u64),
    ("Session-Expires", u32::MAX as u64),
];

pub(super) fn check(message: &Message<'_>, findings: &mut Findings) {
    let mut seen = [false; SINGLE.len()];
    for field in message.fields() {
        if let Some(index) = SINGLE.iter().position(|name| field.is(name)) {
            if seen[index] {
                findings.add(FindingKind::RepeatedField(SINGLE[index]), field.start..field.end);
            }
            seen[index] = true;
        }
        value(field, findings);
    }
}

fn value(field: RawField<'_>, findings: &mut Findings) {
    let named = |names: &[&'static str]| names.iter().copied().find(|name| field.is(name));
    if field.is("Via") {
        List::new(field.value).for_each(|item| via(field, item, findings));
    } else if let Some(name) = named(&ADDRESS) {
        address(field, name, field.value, findings);
    } else if let Some(name) = named(&ADDRESSES) {
        if trim(field.value) != b"*" {
            List::new(field.value).for_each(|item| address(field, name, item, findings));
        }
    } else if let Some(&(name, largest)) = NUMBERS.iter().find(|(name, _)| field.is(name)) {
        number(field, name, largest, findings);
    } else if field.is("Content-Type") && ContentType::parse(field.value).is_none() {
        findings.add(FindingKind::UnreadableField("Content-Type"), field.value_range());
    } else if field.is("Date") && !field.value.ends_with(b"GMT") {
        // RFC 3261 §20.17: the zone is GMT and no other.
        findings.add(FindingKind::UnreadableField("Date"), field.value_range());
    } else if field.is("Call-ID")
        && (field.value.is_empty() || field.value.iter().any(u8::is_ascii_whitespace))
    {
        findings.add(FindingKind::UnreadableField("Call-ID"), field.value_range());
    } else if field.is("Warning") && !warnings_are_readable(field.value) {
        findings.add(FindingKind::UnreadableField("Warning"), field.value_range());
    }
}

fn via(field: RawField<'_>, item: &[u8], findings: &mut Findings) {
    match Via::parse(item) {
        None => findings.add(FindingKind::UnreadableField("Via"), field.value_range()),
        Some(via) => {
            if via.version != b"2.0" {
                findings.add(FindingKind::UnknownVersion, field.value_range());
            }
            if via.params.has_empty() {
                findings.add(FindingKind::EmptyParameter("Via"), field.value_range());
            }
        }
    }
}

fn address(field: RawField<'_>, name: &'static str, item: &[u8], findings: &mut Findings) {
    let mut add = |kind| findings.add(kind, field.value_range());
    let address = Address::parse(item);
    if item.first() == Some(&b'"') && quoted_end(item).is_none() {
        add(FindingKind::OpenQuote(name));
    } else if !is_display_name(address.raw_name) {
        add(FindingKind::UnquotedDisplayName(name));
    }
    if !is_uri(&address, item) {
        add(FindingKind::UnreadableField(name));
    } else if !address.bracketed && address.uri.iter().any(|b| matches!(b, b'?' | b',')) {
        add(FindingKind::UnbracketedUri(name));
    }
    if address.params.has_empty() {
        add(FindingKind::EmptyParameter(name));
    }
}

/// `display-name = *(token LWS) / quoted-string`
fn is_display_name(name: &[u8]) -> bool {
    match name.first() {
        Some(b'"') => quoted_end(name) == Some(name.len()),
        _ => name.iter().all(|&b| is_token(b) || b.is_ascii_whitespace()),
    }
}

/// Whether the URI has a scheme, no blanks, and its closing bracket right behind it.
fn is_uri(address: &Address<'_>, item: &[u8]) -> bool {
    if address.parsed_uri().is_none() || address.uri.iter().any(u8::is_ascii_whitespace) {
        return false;
    }
    if !address.bracketed {
        return true;
    }
    let bracketed = [b"<", address.uri, b">"].concat();
    memchr::memmem::find(item, &bracketed).is_some()
}

fn number(field: RawField<'_>, name: &'static str, largest: u64, findings: &mut Findings) {
    let digits = field.value.iter().take_while(|b| b.is_ascii_digit()).count();
    match decimal(&field.value[..digits]) {
        Some(number) if number <= largest => {}
        _ if digits > 0 => findings.add(FindingKind::NumberTooLarge(name), field.value_range()),
        _ => findings.add(FindingKind::UnreadableField(name), field.value_range()),
    }
}

/// Whether each item begins with a code of three digits (RFC 3261 §20.43).
fn warnings_are_readable(value: &[u8]) -> bool {
    List::new(value).all(|item| {
        let code = item.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        code.len() == 3 && code.iter().all(u8::is_ascii_digit)
    })
}
