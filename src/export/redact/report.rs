//! What was replaced: counts for everyone, originals and pseudonyms for who keeps the key.
//!
//! Must not know: where they are written.

use std::fmt::Write as _;

use super::leaks::address;
use super::{Kind, Redactor};
use crate::base::escape::escape;
use crate::base::number::grouped;

impl Redactor {
    /// Counts by kind: `replaced 12 numbers, 3 names; removed 4 values`.
    pub fn report(&self) -> String {
        let named = |(kind, one, many): &(Kind, &str, &str)| {
            let count = self.scrubber.secrets.count(*kind) as u64;
            (count > 0).then(|| format!("{} {}", grouped(count), if count == 1 { one } else { many }))
        };
        let replaced: Vec<String> = [
            (Kind::Number, "number", "numbers"),
            (Kind::Extension, "extension", "extensions"),
            (Kind::User, "user", "users"),
            (Kind::Name, "display name", "display names"),
            (Kind::Host, "host name", "host names"),
            (Kind::Address, "address", "addresses"),
            (Kind::Token, "identifier", "identifiers"),
            (Kind::Word, "word", "words"),
        ]
        .iter()
        .filter_map(named)
        .collect();
        let mut text = if replaced.is_empty() {
            "replaced nothing".to_owned()
        } else {
            format!("replaced {}", replaced.join(", "))
        };
        let removed = self.scrubber.removals;
        if removed > 0 {
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "; removed {} {}",
                grouped(removed),
                if removed == 1 { "value or body" } else { "values and bodies" }
            );
        }
        text
    }

    /// The originals with their pseudonyms: a line for each, `KIND TAB ORIGINAL TAB PSEUDONYM`, sorted.
    pub fn map(&self) -> Vec<u8> {
        let mut lines = vec!["kind\toriginal\tpseudonym".to_owned()];
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Removed) {
            let text = |bytes: &[u8]| match address(bytes) {
                Some(address) if kind == Kind::Address => address.to_string(),
                _ => escape(bytes).into_owned(),
            };
            let mut of_kind: Vec<String> = self
                .scrubber
                .secrets
                .of(kind)
                .map(|(original, made)| format!("{}\t{}\t{}", kind.name(), text(original), text(made)))
                .collect();
            of_kind.sort_unstable();
            lines.extend(of_kind);
        }
        lines.push(String::new());
        lines.join("\n").into_bytes()
    }
}
