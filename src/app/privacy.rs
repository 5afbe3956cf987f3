//! What is private in the trace, while the screen is masked: users, display names and hosts of From and To.
//!
//! Must not know: drawing, what a masked text looks like.

use std::collections::HashSet;

use crate::sip::Address;
use crate::store::Snapshot;

/// Shorter texts are not looked for: they are in every other word.
const SHORTEST: usize = 3;
/// Values of From and To that are looked at.
const MOST_VALUES: usize = 200_000;

/// Whether the screen is masked, and what of the trace must not be shown.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    is_masked: bool,
    known: HashSet<String>,
    /// Values of From and To that were looked at.
    seen: usize,
}

impl Privacy {
    /// Whether the screen is masked.
    pub const fn is_masked(&self) -> bool {
        self.is_masked
    }

    /// Whether this is a user, a display name or a host of the trace.
    pub fn knows(&self, text: &str) -> bool {
        self.known.contains(text)
    }

    /// Masks the screen, or shows everything again.
    pub(super) fn toggle(&mut self, snapshot: &Snapshot) {
        self.is_masked = !self.is_masked;
        self.learn(snapshot);
    }

    /// Looks at what was loaded since the last time.
    pub(super) fn learn(&mut self, snapshot: &Snapshot) {
        if !self.is_masked {
            return;
        }
        let [_, parties, _] = snapshot.known();
        for number in self.seen..parties.len().min(MOST_VALUES) {
            self.add(parties.get(number as u32));
        }
        self.seen = parties.len();
    }

    /// The numbers of the values may be others from now on.
    pub(super) fn learn_again(&mut self, snapshot: &Snapshot) {
        self.seen = 0;
        self.learn(snapshot);
    }

    fn add(&mut self, value: &[u8]) {
        let address = Address::parse(value);
        let host = address.parsed_uri().map_or(&b""[..], |uri| uri.host);
        let name = address.display_name();
        for text in [address.user(), host, name.as_deref().unwrap_or_default()] {
            let text = String::from_utf8_lossy(text.trim_ascii());
            if text.chars().count() >= SHORTEST {
                self.known.insert(text.into_owned());
            }
        }
    }
}
