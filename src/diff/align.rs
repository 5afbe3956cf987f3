//! Finds what corresponds in two lists of named values.
//!
//! Must not know: what the names mean.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use super::value::{pieces, whole};
use super::{Change, Entry};

/// A named value of one message.
#[derive(Debug, Clone)]
pub(super) struct Named<'a> {
    /// Equal for what corresponds; never shown.
    pub(super) key: String,
    /// The name as it is shown.
    pub(super) label: String,
    pub(super) value: Cow<'a, [u8]>,
}

/// The entries of two lists. Values with one key are paired if they are equal, the others in their order. Takes time in
/// proportion to the lists.
pub(super) fn align(left: &[Named<'_>], right: &[Named<'_>]) -> Vec<Entry> {
    let partners = partners(left, right);
    let mut taken = vec![false; right.len()];
    partners.iter().flatten().for_each(|partner| taken[*partner] = true);
    let paired = left.iter().zip(&partners).map(|(one, partner)| match partner {
        Some(partner) => both(one, &right[*partner]),
        None => dropped(one),
    });
    let new = right.iter().zip(taken).filter(|(_, taken)| !taken).map(|(one, _)| added(one));
    paired.chain(new).collect()
}

/// For each value of the left list the position of its partner in the right one.
fn partners(left: &[Named<'_>], right: &[Named<'_>]) -> Vec<Option<usize>> {
    let mut equal: HashMap<(&str, &[u8]), VecDeque<usize>> = HashMap::new();
    for (at, one) in right.iter().enumerate() {
        equal.entry((&one.key, &one.value)).or_default().push_back(at);
    }
    let mut partners: Vec<Option<usize>> = left
        .iter()
        .map(|one| equal.get_mut(&(one.key.as_str(), &*one.value)).and_then(VecDeque::pop_front))
        .collect();
    let mut rest: HashMap<&str, VecDeque<usize>> = HashMap::new();
    let mut free: Vec<usize> = equal.into_values().flatten().collect();
    free.sort_unstable();
    for at in free {
        rest.entry(&right[at].key).or_default().push_back(at);
    }
    for (one, partner) in left.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
        *partner = rest.get_mut(one.key.as_str()).and_then(VecDeque::pop_front);
    }
    partners
}

fn both(left: &Named<'_>, right: &Named<'_>) -> Entry {
    let label = left.label.clone();
    if left.value == right.value {
        return Entry { label, change: Change::Same, left: whole(&left.value), right: Vec::new() };
    }
    let (left, right) = pieces(&left.value, &right.value);
    Entry { label, change: Change::Rewritten, left, right }
}

fn dropped(one: &Named<'_>) -> Entry {
    Entry { label: one.label.clone(), change: Change::Dropped, left: whole(&one.value), right: Vec::new() }
}

fn added(one: &Named<'_>) -> Entry {
    Entry { label: one.label.clone(), change: Change::Added, left: Vec::new(), right: whole(&one.value) }
}
