//! The other B legs of an A leg from which B's beginning or end may follow.
//!
//! Must not know: scores.

use crate::calls::join::facts::Facts;
use crate::calls::join::index::near;

/// The other B legs from which B's beginning or end may follow: those of the same caller, of many the nearest ones. `group` is
/// ascending.
pub(super) fn siblings<'a>(legs: &'a [Facts], group: &[u32], b: u32) -> Vec<&'a Facts> {
    let me = &legs[b as usize];
    let others = near(group, b).iter().filter(|&&other| other != b).map(|&other| &legs[other as usize]);
    others
        .filter(|other| {
            is_same_caller(other, me) && (other.start <= me.start || other.times.answered < i64::MAX)
        })
        .collect()
}

fn is_same_caller(one: &Facts, other: &Facts) -> bool {
    one.callers.as_slice().first() == other.callers.as_slice().first() && one.display == other.display
}
