//! Which header fields join legs because the user says so.
//!
//! Must not know: messages, legs.

use std::sync::Arc;

use crate::base::Aliases;

/// Names of header fields: legs whose INVITEs have the same value in one of them are one call, and so are two legs if one
/// names the other's Call-ID there. The names that the user gives to peers come with them. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LegRules {
    headers: Arc<[String]>,
    aliases: Aliases,
}

impl LegRules {
    /// Rules for these header fields, in whatever case.
    pub fn new(headers: &[String]) -> Self {
        Self { headers: headers.into(), aliases: Aliases::default() }
    }

    /// The same rules with the names of peers: legs are shown by them.
    #[must_use]
    pub fn with_aliases(self, aliases: Aliases) -> Self {
        Self { aliases, ..self }
    }

    /// The names of peers.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
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
