//! Terms of the filter made from what was counted.
//!
//! Must not know: rows, drawing.

use crate::app::moment::{exact, is_one_day};
use crate::filter::options::compare;
use crate::filter::{Filter, Op};
use crate::store::{DAY, Snapshot};

/// Messages whose field is this value; `None` where the value cannot be written.
pub(super) fn is(field: &str, value: &[u8]) -> Option<Filter> {
    let value = std::str::from_utf8(value).ok().filter(|value| !value.is_empty())?;
    compare(field, Op::Equals, value).ok()
}

/// Messages from or to a host, at any port. `host` is as in the dump.
pub(super) fn host(host: &[u8]) -> Option<Filter> {
    // The colon: 192.0.2.2 is not 192.0.2.20.
    compare("addr", Op::Has, &format!("{}:", shown_host(std::str::from_utf8(host).ok()?))).ok()
}

/// A host without the brackets that an IPv4 address does not need.
pub(super) fn shown_host(host: &str) -> &str {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    bare.filter(|bare| !bare.contains(':')).unwrap_or(host)
}

/// Messages from a time on and before another one, in microseconds.
pub(super) fn before(snapshot: &Snapshot, from: i64, to: i64) -> Option<Filter> {
    let from = exact(snapshot, from);
    // Midnight is the first moment of a day: as a time of day, it is not after any other.
    let until = if to.rem_euclid(DAY) == 0 && is_one_day(snapshot) {
        "time<=23:59:59.999999".to_owned()
    } else {
        format!("time<{}", exact(snapshot, to))
    };
    Filter::parse(&format!("time>={from} {until}")).ok()
}

/// Messages from a time to another one, both included.
pub(super) fn from_to(snapshot: &Snapshot, from: i64, to: i64) -> Option<Filter> {
    let [from, to] = [from, to].map(|time| exact(snapshot, time));
    Filter::parse(&format!("time>={from} time<={to}")).ok()
}
