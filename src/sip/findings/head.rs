//! Findings of the head as a whole: start line, lines that are no fields, fields that are missing.
//!
//! Must not know: the contents of fields other than `CSeq`.

use std::ops::Range;

use super::super::cseq::CSeq;
use super::super::fields::RawLine;
use super::super::message::Message;
use super::super::start_line::StartLine;
use super::super::uri::Uri;
use super::{FindingKind, Findings};
use crate::base::bytes::{is_blank, trim};

/// What every request and response must have (RFC 3261 §8.1.1, §8.2.6.2).
const MANDATORY: [&str; 5] = ["Via", "From", "To", "Call-ID", "CSeq"];

pub(super) fn check(message: &Message<'_>, findings: &mut Findings) {
    start_line(message, findings);
    if !is_sip_like(message) {
        return;
    }
    for line in message.raw_lines().filter(|line| line.field().is_none()) {
        findings.add(FindingKind::MalformedLine, RawLine::range(line));
    }
    let end = message.body_range().start;
    if !message.has_blank_line() {
        findings.add(FindingKind::NoBlankLine, end..end);
    }
    for name in MANDATORY {
        if message.raw(name).is_none() {
            findings.add(FindingKind::MissingField(name), end..end);
        }
    }
    cseq(message, findings);
}

/// Whether there is anything of SIP in the message: bytes that are no SIP at all have one fault, not twenty.
pub(super) fn is_sip_like(message: &Message<'_>) -> bool {
    message.is_sip() || MANDATORY.iter().any(|name| message.raw(name).is_some())
}

fn start_line(message: &Message<'_>, findings: &mut Findings) {
    let range = message.start_line_range();
    let line = message.start_line_bytes();
    let Some(start_line) = message.start_line() else {
        findings.add(FindingKind::NoStartLine, range);
        return;
    };
    let version = match start_line {
        StartLine::Request { .. } => last_word(line),
        StartLine::Status { .. } => line.split(|&b| is_blank(b)).next().unwrap_or_default(),
    };
    if !version.eq_ignore_ascii_case(b"SIP/2.0") {
        findings.add(FindingKind::UnknownVersion, range.clone());
    }
    let exact_len = match start_line {
        StartLine::Request { method, uri } => {
            request_uri(uri, range.clone(), findings);
            method.len() + 1 + uri.len() + 1 + version.len()
        }
        StartLine::Status { code, reason } => {
            if !(100..700).contains(&code) {
                findings.add(FindingKind::StatusCodeOutOfRange, range);
                return;
            }
            // The blank behind the code must stand even where the reason is empty.
            version.len() + " 200 ".len() + reason.len()
        }
    };
    if line.len() != exact_len {
        findings.add(FindingKind::LooseStartLine, range);
    }
}

fn request_uri(uri: &[u8], range: Range<usize>, findings: &mut Findings) {
    let unusual = uri.iter().any(|&b| is_blank(b) || matches!(b, b'<' | b'>' | b'"'));
    match Uri::parse(uri) {
        Some(uri) if !unusual && uri.headers.is_some() => {
            findings.add(FindingKind::RequestUriWithHeaders, range);
        }
        Some(_) if !unusual => {}
        _ => findings.add(FindingKind::BadRequestUri, range),
    }
}

fn last_word(line: &[u8]) -> &[u8] {
    trim(line).rsplit(|&b| is_blank(b)).next().unwrap_or_default()
}

fn cseq(message: &Message<'_>, findings: &mut Findings) {
    let Some(field) = message.raw("CSeq") else { return };
    let Some(cseq) = CSeq::parse(field.value) else {
        findings.add(FindingKind::UnreadableField("CSeq"), field.value_range());
        return;
    };
    // RFC 3261 §8.1.1.5.
    if cseq.number > i32::MAX as u32 {
        findings.add(FindingKind::NumberTooLarge("CSeq"), field.value_range());
    }
    if matches!(message.start_line(), Some(StartLine::Request { method, .. }) if method != cseq.method) {
        findings.add(FindingKind::CSeqMethodDiffers, field.value_range());
    }
}
