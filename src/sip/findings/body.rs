//! Findings of the body: its declared length, its type, its parts.
//!
//! Must not know: header fields but those that describe the body.

use super::super::message::Message;
use super::super::multipart;
use super::{FindingKind, Findings};
use crate::base::bytes::decimal;

pub(super) fn check(message: &Message<'_>, findings: &mut Findings) {
    content_length(message, findings);
    if message.body().is_empty() {
        return;
    }
    let Some(field) = message.raw("Content-Type") else {
        let nothing_declared =
            message.raw("Content-Length").is_some_and(|field| decimal(field.value) == Some(0));
        if !nothing_declared {
            findings.add(FindingKind::BodyWithoutType, message.body_range());
        }
        return;
    };
    let Some(content_type) = message.content_type() else { return };
    if content_type.is_multipart() {
        match content_type.boundary().filter(|boundary| !boundary.is_empty()) {
            None => findings.add(FindingKind::NoBoundary, field.value_range()),
            Some(_) if message.parts().is_empty() => {
                findings.add(FindingKind::UnusedBoundary, message.body_range());
            }
            Some(boundary) => {
                let range = message.body_range();
                if !multipart::is_closed(message.as_bytes(), range.clone(), &boundary) {
                    findings.add(FindingKind::UnclosedMultipart, range.end..range.end);
                }
            }
        }
    } else if content_type.is_json() && serde_json::from_slice::<serde_json::Value>(message.body()).is_err() {
        findings.add(FindingKind::BadJson, message.body_range());
    }
}

fn content_length(message: &Message<'_>, findings: &mut Findings) {
    let mut declared: Option<u64> = None;
    for field in message.fields().filter(|field| field.is("Content-Length")) {
        let range = field.value_range();
        match (decimal(field.value), declared) {
            (None, _) => findings.add(FindingKind::UnreadableField("Content-Length"), range),
            (number, None) => declared = number,
            (number, first) if number == first => findings.add(FindingKind::SeveralContentLengths, range),
            _ => findings.add(FindingKind::ContentLengthsDiffer, range),
        }
    }
    let Some(declared) = declared else { return };
    let body = message.body_range();
    let actual = body.len() as u64;
    if actual < declared {
        findings.add(FindingKind::BodyTooShort { declared, actual }, body.end..body.end);
    } else if actual > declared {
        findings.add(FindingKind::BodyTooLong { declared, actual }, body.start + declared as usize..body.end);
    }
}
