//! Numbers for requests.
//!
//! Must not know: what is requested, who answers.

/// Numbers requests: a result carries the generation of its request, and what is no longer wanted is dropped.
pub type Generation = u64;
