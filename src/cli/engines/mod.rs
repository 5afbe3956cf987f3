//! Messages for the databases of other programs: with both addresses, the time in UTC, and what all legs of a call have
//! in common.
//!
//! Must not know: protocols, files of a database.

mod capture;
pub(super) mod hep;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
mod zone;
