//! Statistics of the messages that match a filter: over time, by call, method, status code, peer, User-Agent and phone, and
//! what of the inputs could not be read.
//!
//! [`Counting`] goes through a snapshot in order and goes on where it stopped when more is loaded; [`Statistics`] is what it
//! knows at one moment. Its memory grows with the distinct peers, phones and Call-IDs, never with the text.
//!
//! Must not know: drawing, screens, threads, the clock.

mod agents;
mod counting;
mod gaps;
mod peers;
mod phones;
mod response_times;
mod timeline;

pub use agents::AgentCount;
pub use counting::{CountStatistics, Counting, Step};
pub use gaps::Gap;
pub use peers::PeerCount;
pub use phones::Phone;
pub use response_times::ResponseTimes;
pub use timeline::{Bucket, Scale, Series};

use std::sync::Arc;

use crate::calls::{Registrations, Summary};
use crate::store::Row;

/// How many rows a list has at most; what is less frequent is left out.
pub const MOST_ROWS: usize = 5_000;

/// What was counted so far.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// Messages that match.
    pub messages: u64,
    /// How many of them are final responses that refuse, other than challenges.
    pub failures: u64,
    /// All messages that were looked at, matching or not.
    pub scanned: u64,
    /// Messages whose text is still to be read for User-Agents and Contacts.
    pub unread: u64,
    /// Messages whose text cannot be read back.
    pub unreadable: u64,
    /// Whether everything that is loaded was counted.
    pub is_complete: bool,
    /// Messages and failures over time.
    pub timeline: Series,
    /// By method, the most frequent first.
    pub methods: Vec<MethodCount>,
    /// By status code, ascending.
    pub codes: Vec<CodeCount>,
    /// By the host of the peer, the most messages first.
    pub peers: Vec<PeerCount>,
    /// By User-Agent of what was received, the most messages first.
    pub agents: Vec<AgentCount>,
    /// Who registers, the most refusals first.
    pub phones: Vec<Phone>,
    /// The calls with a matching message; `None` until they were counted.
    pub calls: Option<Arc<CallFigures>>,
    /// Where nothing was received or sent for long, and where bytes are missing: of all messages, matching or not.
    pub gaps: Vec<Gap>,
}

/// What is counted of calls and registrations.
#[derive(Debug, Clone, Default)]
pub struct CallFigures {
    /// The calls.
    pub summary: Summary,
    /// The registrations.
    pub registrations: Registrations,
    /// When the calls began.
    pub starts: Series,
}

/// What is counted of a method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodCount {
    /// The method; empty for messages that are not SIP.
    pub method: Vec<u8>,
    /// Requests.
    pub requests: u64,
    /// Responses to them.
    pub responses: u64,
    /// Responses that refuse, other than challenges.
    pub failures: u64,
    /// Retransmitted requests and responses.
    pub retransmissions: u64,
}

/// What is counted of a status code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCount {
    /// The code.
    pub code: u16,
    /// The reason phrase of the first response.
    pub reason: Vec<u8>,
    /// Responses.
    pub count: u64,
}

/// Whether a message is a final response that refuses; a challenge is none.
pub(crate) const fn is_failure(row: &Row) -> bool {
    row.status >= 400 && !matches!(row.status, 401 | 407)
}
