//! References from a message to its own parts: `cid:` URLs (RFC 2392), as in Geolocation, Call-Info and Refer-To.
//!
//! Must not know: which fields hold them, how lines are drawn.

use std::collections::HashMap;

use crate::sip::percent_decode;
use crate::style::styled_text::{Line, Role, Span};

use super::parts::PartNode;
use super::remarks::is_remark;

/// A line that names a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The number of the line.
    pub line: usize,
    /// The number of the part.
    pub part: usize,
}

/// Finds the references in the lines, in their order, and says after each line which part it means.
pub fn mark(lines: &mut [Line], parts: &[PartNode]) -> Vec<Link> {
    let mut found = Vec::new();
    // Of two parts with one Content-ID, the first is meant.
    let ids = parts.iter().enumerate().rev().filter_map(|(number, part)| Some((part.content_id()?, number)));
    let by_id: HashMap<&[u8], usize> = ids.collect();
    for (number, line) in lines.iter_mut().enumerate() {
        if is_remark(line)
            || line.spans.iter().all(|span| memchr::memmem::find(span.text.as_bytes(), b"cid:").is_none())
        {
            continue;
        }
        let text = line.text();
        let named: Vec<Option<usize>> =
            content_ids(&text).map(|id| by_id.get(&*percent_decode(id.as_bytes())).copied()).collect();
        for part in named {
            let note = part.map_or("  → no part has this Content-ID".to_owned(), |part| {
                format!("  → part {}", part + 1)
            });
            line.spans.push(Span { role: Role::Note, text: note.into() });
            found.extend(part.map(|part| Link { line: number, part }));
        }
    }
    found
}

/// What follows each `cid:`; without the words that only end so, as in `icid:`.
fn content_ids(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("cid:").filter_map(|(at, scheme)| {
        let begins = !text[..at].ends_with(|c: char| c.is_alphanumeric() || "+-.:".contains(c));
        let rest = &text[at + scheme.len()..];
        let id = &rest[..rest.find([' ', '\t', '"', '\'', '<', '>', ',', ';', ')']).unwrap_or(rest.len())];
        (begins && !id.is_empty()).then_some(id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ids_are_cut_out_of_any_text() {
        for (text, expected) in [
            ("<cid:a@b>;x, <cid:c%40d>", &["a@b", "c%40d"][..]),
            ("\"url\": \"cid:e@f\",", &["e@f"]),
            ("icid:1 urn:emergency:uid:cid:2 cid:", &[]),
        ] {
            assert_eq!(content_ids(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
