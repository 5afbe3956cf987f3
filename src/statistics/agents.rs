//! Which User-Agents the peers have: one message of each Call-ID is read for it.
//!
//! Must not know: which text is read when, drawing.

use std::collections::HashMap;

use crate::base::Direction;
use crate::sip::Message;
use crate::store::{CallIdx, RowRef};

use super::{MOST_ROWS, is_failure};

/// Different texts that are told apart; those after them are counted together.
const MOST_AGENTS: usize = 4_096;
/// Bytes that are kept of a text.
const MOST_BYTES: usize = 160;
/// Stands for a Call-ID whose User-Agent is not known yet.
const UNKNOWN: u16 = u16::MAX;

/// What is counted of a User-Agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentCount {
    /// The value of `User-Agent` or `Server`; empty where a peer sends neither.
    pub agent: Vec<u8>,
    /// Whether it stands for all that come after the first few thousand.
    pub is_rest: bool,
    /// Received messages of its Call-IDs.
    pub messages: u64,
    /// Responses in its Call-IDs that refuse, other than challenges, in either direction.
    pub failures: u64,
    /// Call-IDs.
    pub call_ids: u64,
}

/// What is known of a Call-ID.
#[derive(Debug, Clone, Copy)]
struct CallId {
    /// Messages and failures that are not counted for an agent yet.
    messages: u32,
    failures: u32,
    agent: u16,
    is_asked: bool,
}

const NEW: CallId = CallId { messages: 0, failures: 0, agent: UNKNOWN, is_asked: false };

/// The User-Agents while they are counted.
#[derive(Debug, Default)]
pub(super) struct Agents {
    call_ids: Vec<CallId>,
    by_name: HashMap<Vec<u8>, u16>,
    counts: Vec<AgentCount>,
}

impl Agents {
    /// Counts a message. `true` if its text is wanted for the User-Agent of its Call-ID.
    pub(super) fn add(&mut self, row: &RowRef<'_>) -> bool {
        let at = row.row.call as usize;
        if at == 0 {
            return false;
        }
        if self.call_ids.len() <= at {
            self.call_ids.resize(at + 1, NEW);
        }
        let is_received = row.row.direction() == Direction::Recv;
        let call_id = &mut self.call_ids[at];
        call_id.messages += u32::from(is_received);
        call_id.failures += u32::from(is_failure(row.row));
        if call_id.agent != UNKNOWN {
            self.settle(row.row.call);
            return false;
        }
        // A 100 comes from the transport layer, an ACK need not name its sender.
        let names_sender = row.row.status >= 180 || row.row.is_request() && row.method() != b"ACK";
        let wanted = is_received && names_sender && !call_id.is_asked;
        call_id.is_asked |= wanted;
        wanted
    }

    /// Takes the text of a message whose text was wanted.
    pub(super) fn read(&mut self, call: CallIdx, message: &[u8]) {
        let message = Message::parse(message);
        let field = message.header("User-Agent").or_else(|| message.header("Server"));
        let value = field.map(|field| field.value).unwrap_or_default();
        let name = &value[..value.len().min(MOST_BYTES)];
        let number = self.number(name);
        if let Some(call_id) = self.call_ids.get_mut(call as usize) {
            call_id.agent = number;
            self.counts[usize::from(number)].call_ids += 1;
            self.settle(call);
        }
    }

    fn number(&mut self, name: &[u8]) -> u16 {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        let is_rest = self.counts.len() >= MOST_AGENTS;
        if self.counts.len() <= MOST_AGENTS {
            let agent = if is_rest { Vec::new() } else { name.to_vec() };
            self.counts.push(AgentCount { agent, is_rest, ..AgentCount::default() });
            if !is_rest {
                self.by_name.insert(name.to_vec(), self.counts.len() as u16 - 1);
            }
        }
        self.counts.len() as u16 - 1
    }

    /// Counts what was noted of a Call-ID for its agent.
    fn settle(&mut self, call: CallIdx) {
        let Some(call_id) = self.call_ids.get_mut(call as usize) else { return };
        if let Some(count) = self.counts.get_mut(usize::from(call_id.agent)) {
            count.messages += u64::from(std::mem::take(&mut call_id.messages));
            count.failures += u64::from(std::mem::take(&mut call_id.failures));
        }
    }

    /// What was counted so far, the most messages first.
    pub(super) fn sorted(&self) -> Vec<AgentCount> {
        let mut counts: Vec<_> = self.counts.iter().filter(|count| count.call_ids > 0).cloned().collect();
        counts.sort_by(|a, b| (b.messages, &a.agent).cmp(&(a.messages, &b.agent)));
        counts.truncate(MOST_ROWS);
        counts
    }
}
