//! Whether two B legs can belong to one A leg.
//!
//! Must not know: scores.

use super::SECOND;
use crate::calls::join::facts::{Facts, NEVER};

/// Whether two B legs can belong to one A leg: of legs that are answered one at a time.
pub(in super::super) fn are_compatible(one: &Facts, other: &Facts) -> bool {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    let (x, y) = (&first.times, &second.times);
    if one.rules.shared(&other.rules).next().is_some() {
        return true;
    }
    let is_over = |by: i64| x.bye <= by;
    if x.answered < second.start && !is_over(second.start + SECOND) {
        return false;
    }
    let is_at_once = first.given_up() > second.start && first.over() > second.start;
    if is_at_once && first.is_to_same(second) {
        return false;
    }
    is_given_up(first, second)
        && is_given_up(second, first)
        && (x.answered == NEVER || y.answered == NEVER || is_over(y.answered))
}

/// Whether `other` was given up when `winner` was answered, if it went on: FreeSWITCH cancels all others of a fork.
fn is_given_up(winner: &Facts, other: &Facts) -> bool {
    let answered = winner.times.answered;
    answered == NEVER
        || answered < other.start
        || other.given_up() <= answered + SECOND
        || other.times.answered < answered
}
