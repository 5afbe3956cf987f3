//! What is wrong with a message, and where.
//!
//! Must not know: how findings are shown, what the network did with the message.

mod body;
mod fields;
mod head;
mod kind;

use std::ops::Range;

pub use kind::FindingKind;

use super::message::Message;

/// One thing that is wrong with a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// Where it is in the message; empty, at the end of the head, for what is missing.
    pub range: Range<usize>,
}

/// Collects findings.
struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding, once for all items of one field's list.
    fn add(&mut self, kind: FindingKind, range: Range<usize>) {
        let finding = Finding { kind, range };
        // An item has at most three faults, so the same one of the item before it is among the last few.
        let is_new = self.0.iter().rev().take(6).all(|other| *other != finding);
        if is_new {
            self.0.push(finding);
        }
    }
}

impl Message<'_> {
    /// What is wrong with the message, in the order of the places.
    pub fn findings(&self) -> Vec<Finding> {
        of(self)
    }
}

/// All findings of a message, in the order of their places.
fn of(message: &Message<'_>) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    head::check(message, &mut findings);
    if head::is_sip_like(message) {
        fields::check(message, &mut findings);
        body::check(message, &mut findings);
    }
    findings.0.sort_by_key(|finding| (finding.range.start, finding.range.end));
    findings.0
}
