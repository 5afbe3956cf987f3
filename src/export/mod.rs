//! Writes messages in several formats: lines, text, JSON, frames of a dump, packets, tables.
//!
//! Each format appends to a buffer of bytes, so that the caller decides when and where to write it.
//!
//! Must not know: where messages come from, the browser, the command line.

pub mod call_stats;
pub mod calls;
pub mod calls_table;
pub mod csv;
pub mod dump;
pub mod endpoints;
mod entry;
pub mod file;
pub mod format;
pub mod hep;
pub mod json;
pub mod ladder;
pub mod log_stats;
mod markup;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod pcap;
mod readable;
pub mod redact;
pub mod report;
pub mod save;
pub mod sheet;
pub mod stats;
mod stats_page;
pub mod stored;
pub mod styled_write;
pub mod summary;
pub mod text;

pub use entry::Entry;
pub use format::Format;
pub use styled_write::{Safety, Style};
