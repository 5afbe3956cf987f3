//! The index of a trace: fixed-size rows, each distinct string once, the rows of each call as a chain, and the
//! positions from which text is read back.
//!
//! One loader writes to the [`Store`]; everyone else reads a [`Snapshot`].
//!
//! Must not know: threads, the terminal, how inputs are opened.

mod backing;
mod blocks;
pub mod catalog;
mod coverage;
mod day_clock;
mod log_account;
mod matching;
mod pooled_file;
mod row;
mod row_batch;
mod row_builder;
mod search;
mod snapshot;
mod text;
mod verify;
mod waiting;
mod window;
mod write;

pub(crate) use backing::read_at_most;
pub use backing::{Backing, FilePart, Part, PlainFile, Storage};
pub(crate) use blocks::{BLOCK, Sealer, unseal};
pub use blocks::{BlockWriter, Blocks};
pub use coverage::{Coverage, Region, RegionKind};
pub(crate) use day_clock::{DAY, STEP};
pub use day_clock::{Dates, DayClock};
pub use log_account::{LogAccount, SkippedLine};
pub use matching::Matching;
pub use pooled_file::PooledFile;
pub(crate) use pooled_file::PooledReader;
pub use row::{Flags, Row};
pub(crate) use row::{Sending, Transaction};
pub(crate) use row_batch::{KEPT_BYTES, RowBatch};
pub(crate) use row_builder::Moment;
pub use row_builder::RowBuilder;
pub use search::{Candidates, Found, Pieces, Search, TermCounts};
pub use snapshot::{Call, LegBook, Progress, RowRef, Snapshot, Source};
pub use text::{MessageText, Piece, TextReader};
pub(crate) use waiting::{MANY_TRANSMISSIONS, TIMER_B, TIMER_C};
pub use window::WindowReader;
pub use write::Store;

/// Number of a row: 0-based, in the order of the list.
pub type MessageIdx = u32;

/// Number of a call: the interned number of its Call-ID. 0 means that there is no Call-ID; this is not a call.
pub type CallIdx = u32;
