//! The fields about calls that have a fixed set of values, and these values.
//!
//! Must not know: how calls are judged; a test of `calls/` checks that the words are those that it says.

use super::field::{Field, Op};

/// What Call-IDs are used for.
const KINDS: [&str; 8] = ["call", "register", "subscription", "ping", "message", "publish", "refer", "other"];

/// How calls go, and below that how other dialogs go.
const STATES: [&str; 20] = [
    "answered",
    "busy",
    "cancelled",
    "no-answer",
    "rejected",
    "failed",
    "redirected",
    "ringing",
    "trying",
    "in-progress",
    "unanswered",
    "unauthorised",
    "refused",
    "registered",
    "unregistered",
    "active",
    "terminated",
    "delivered",
    "pending",
    "expired",
];

/// The rules by which something is found about calls.
const FINDINGS: [&str; 45] = [
    "no-prack",
    "media-rejected",
    "no-sdp-part",
    "request-refused",
    "subscription-ended",
    "retransmitted",
    "unanswered",
    "too-large-for-udp",
    "no-ack",
    "late-ack",
    "late-final",
    "response-without-request",
    "cancel-crossed-answer",
    "cancel-without-effect",
    "glare",
    "bye-unanswered",
    "call-gone",
    "bye-refused",
    "cut-by-nat",
    "auth-loop",
    "wrong-password",
    "not-authenticated",
    "unknown-number",
    "codec-refused",
    "interval-too-small",
    "loop",
    "early-media-refused",
    "session-timer-expired",
    "cut-by-restart",
    "never-ended",
    "registration-flaps",
    "registration-fails",
    "registered-late",
    "codec-mismatch",
    "no-answer-sdp",
    "empty-sdp",
    "two-sdp",
    "hold-not-released",
    "refusal-without-ack",
    "private-media",
    "media-elsewhere",
    "part-missing",
    "fax-refused",
    "transfer-failed",
    "emergency-lost",
];

/// The values of a field that has no others.
pub(super) const fn closed_words(field: Field) -> Option<&'static [&'static str]> {
    match field {
        Field::Kind => Some(&KINDS),
        Field::State => Some(&STATES),
        Field::Side => Some(&["A", "B"]),
        Field::Hangup => Some(&["caller", "callee", "peer", "freeswitch"]),
        Field::Finding => Some(&FINDINGS),
        _ => None,
    }
}

/// What is expected of such a field, as a list for a sentence.
pub(super) const fn expected(field: Field) -> &'static str {
    match field {
        Field::Kind => "call, register, subscription, ping, message, publish, refer or other",
        Field::State => "a word such as answered, busy, cancelled, no-answer, rejected or failed",
        Field::Side => "A or B",
        Field::Hangup => "caller, callee, peer or freeswitch",
        _ => "the name of a finding, or a part of one, such as no-ack",
    }
}

/// Whether a field can have the value `text`: a finding is also found by a part of its name.
pub(super) fn is_possible(field: Field, op: Op, text: &str) -> bool {
    let Some(words) = closed_words(field) else { return true };
    words.iter().any(|word| match (field, op) {
        (Field::Finding, Op::Has) => word.contains(text),
        (Field::Finding, _) => *word == text,
        _ => word.eq_ignore_ascii_case(text),
    })
}
