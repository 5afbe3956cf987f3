//! Which legs are one call, and why.
//!
//! FreeSWITCH is a back-to-back user agent: the two legs of a call share nothing that must be there. So everything that two
//! legs may share is evidence, weighed by how likely it is in one call and how likely by chance; contradictions forbid a pair;
//! the assignment of B legs to A legs is the best as a whole; and a pair whose lead over the next best assignment is small is
//! offered, not joined. What differs between hosts (latencies, which fields are copied) is learned from the trace itself, from
//! pairs that are certain without it.
//!
//! [`Joiner`] works in rounds of the trace's own time, so that the result does not depend on how it was read. A leg's evidence
//! is dropped when nothing can be added to it.
//!
//! From evidence to pairs: `facts` (what one leg says), `index` and `traffic` (of a set of legs: who shares a value; what is
//! rare), `score` (one pair; new evidence belongs there, with a variant in `signal`), `assign` and `solve` (the best as a whole),
//! `transfer` (pairs that a REFER or Replaces made), `met` (two A legs, without a B leg between them), `dialed` (two B legs), `model` (what was learned), `pairs` and `reason` (what others see).
//!
//! `cargo test --release --lib time_of_a_leg -- --ignored --nocapture` prints how long a leg takes.
//!
//! Must not know: texts of messages, how legs are built, drawing.

mod assign;
mod buckets;
mod density;
mod dialed;
mod facts;
mod found;
mod groups;
mod index;
mod joiner;
mod list;
mod met;
mod model;
mod pairs;
mod reason;
mod score;
mod signal;
mod solve;
mod table;
mod traffic;
mod transfer;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

pub use joiner::Joiner;
pub use pairs::{Joins, Pair};
