//! Which header fields join legs because the user says so.
//!
//! Must not know: messages, legs.

use std::sync::Arc;

/// Names of header fields: legs whose INVITEs have the same value in one of them are one call, and so are two legs if one
/// names the other's Call-ID there. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegRules {
    headers: Arc<[String]>,
}

impl LegRules {
    /// Rules for these header fields, in whatever case.
    pub fn new(headers: &[String]) -> Self {
        Self { headers: headers.into() }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// Whether a header field with this name joins legs.
    pub(super) fn joins_by(&self, name: &[u8]) -> bool {
        self.headers.iter().any(|header| header.as_bytes().eq_ignore_ascii_case(name))
    }
}
