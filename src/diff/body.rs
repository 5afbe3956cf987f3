//! The bodies of two messages other than SDP: parts by type and content, and the lines that differ in a part of text.
//!
//! Must not know: SDP, header fields of the message.

use std::borrow::Cow;
use std::collections::HashMap;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::align::{Named, align};
use super::value::{pieces, whole};
use super::{Change, Entry, Section};
use crate::base::escape::escape;
use crate::base::hash64;
use crate::base::number::grouped;
use crate::sip::{Message, Part, sdp};

/// Longer parts are only compared as a whole.
const MOST_BYTES: usize = 64 << 10;
/// Lines of a part that differ and are shown.
const MOST_LINES: usize = 200;

/// A body, or a part of one that has no parts itself.
struct Leaf<'a> {
    kind: String,
    id: String,
    bytes: &'a [u8],
}

/// The parts of both messages, and the changed lines of each part that was rewritten.
pub(super) fn sections(left: &Message<'_>, right: &Message<'_>) -> Vec<Section> {
    let (left, right) = (leaves(left), leaves(right));
    let entries = align(&named(&left), &named(&right));
    let mut sections = vec![Section::new("Parts", entries)];
    let (left_alone, right_alone) = (alone(&left), alone(&right));
    for leaf in left.iter().filter(|leaf| left_alone.contains_key(&*leaf.kind)) {
        if let Some(other) = right_alone.get(&*leaf.kind)
            && other.bytes != leaf.bytes
        {
            let section = Section::new(format!("Lines of {}", leaf.kind), lines(leaf.bytes, other.bytes));
            sections.push(Section { is_written: !has_structure(&leaf.kind), ..section });
        }
    }
    sections
}

/// Whether content of this type names its values.
fn has_structure(kind: &str) -> bool {
    ["json", "xml", "sip", "sdp"].iter().any(|name| kind.contains(name))
}

/// The leaves of whose type there is no other, by their types.
fn alone<'l, 'a>(leaves: &'l [Leaf<'a>]) -> HashMap<&'l str, &'l Leaf<'a>> {
    let mut counted: HashMap<&str, (&Leaf<'a>, usize)> = HashMap::new();
    for leaf in leaves {
        counted.entry(&leaf.kind).or_insert((leaf, 0)).1 += 1;
    }
    counted.into_iter().filter(|(_, (_, count))| *count == 1).map(|(kind, (leaf, _))| (kind, leaf)).collect()
}

fn named(leaves: &[Leaf<'_>]) -> Vec<Named<'static>> {
    leaves.iter().map(Leaf::named).collect()
}

impl Leaf<'_> {
    fn named(&self) -> Named<'static> {
        let size = grouped(self.bytes.len() as u64);
        let mut value = format!("{size} B, content {:08x}", hash64(&[self.bytes]) as u32);
        if !self.id.is_empty() {
            value.push_str(", Content-ID ");
            value.push_str(&self.id);
        }
        let label = escape(self.kind.as_bytes()).into_owned();
        Named { key: self.kind.clone(), label, value: Cow::Owned(value.into_bytes()) }
    }
}

fn leaves<'a>(message: &Message<'a>) -> Vec<Leaf<'a>> {
    let body = message.body();
    let parts = message.parts();
    let mut leaves = Vec::new();
    if parts.is_empty() && !body.is_empty() {
        let kind = message.content_type().map_or_else(|| "body".to_owned(), |kind| kind.essence());
        leaves.push(Leaf { kind, id: String::new(), bytes: body });
    }
    for part in &parts {
        collect(part, &mut leaves);
    }
    // The first description is compared by its lines.
    let described = sdp::find(message).map(<[u8]>::as_ptr);
    leaves.retain(|leaf| Some(leaf.bytes.as_ptr()) != described);
    leaves
}

fn collect<'a>(part: &Part<'a>, leaves: &mut Vec<Leaf<'a>>) {
    if !part.children.is_empty() {
        for child in &part.children {
            collect(child, leaves);
        }
        return;
    }
    let kind = part.content_type().map_or_else(|| "text/plain".to_owned(), |kind| kind.essence());
    let id = part.content_id().unwrap_or_default();
    leaves.push(Leaf { kind, id: escape(&id).into_owned(), bytes: part.body });
}

/// The lines that differ; each is labelled with its number in the left part, an added one with that in the right part.
fn lines(left: &[u8], right: &[u8]) -> Vec<Entry> {
    if left.len().max(right.len()) > MOST_BYTES {
        return Vec::new();
    }
    let split = |text| <[u8]>::split(text, |&b| b == b'\n').map(<[u8]>::trim_ascii_end).collect::<Vec<_>>();
    let (a, b) = (split(left), split(right));
    let mut entries = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        for step in 0..from.len().max(to.len()) {
            let old = Some(from.start + step).filter(|at| *at < from.end);
            let new = Some(to.start + step).filter(|at| *at < to.end);
            entries.extend(line(old.map(|at| (at, a[at])), new.map(|at| (at, b[at]))));
        }
    }
    limit(&mut entries);
    entries
}

fn line(old: Option<(usize, &[u8])>, new: Option<(usize, &[u8])>) -> Option<Entry> {
    let label = format!("line {}", old.or(new)?.0 + 1);
    let (change, (left, right)) = match (old, new) {
        (Some((_, old)), Some((_, new))) => (Change::Rewritten, pieces(old, new)),
        (Some((_, old)), None) => (Change::Dropped, (whole(old), Vec::new())),
        (None, Some((_, new))) => (Change::Added, (Vec::new(), whole(new))),
        (None, None) => return None,
    };
    Some(Entry { label, change, left, right })
}

fn limit(entries: &mut Vec<Entry>) {
    let more = entries.len().saturating_sub(MOST_LINES);
    if more > 0 {
        entries.truncate(MOST_LINES);
        let text = format!("{more} more lines differ");
        let left = whole(text.as_bytes());
        entries.push(Entry { label: "…".to_owned(), change: Change::Same, left, right: Vec::new() });
    }
}
