//! The messages of a leg or dialog, sorted by what they have in common: no rule compares every message with every other one.
//!
//! Must not know: rules.

use std::cell::OnceCell;

use super::RowRef;
use crate::base::Direction;
use crate::store::{Flags, Row};

/// What a message is in an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    NoSip,
    Request,
    Provisional,
    Final,
}

impl Part {
    fn of(row: &Row) -> Self {
        match row.status {
            _ if !row.flags.has(Flags::SIP) => Self::NoSip,
            0 => Self::Request,
            1..200 => Self::Provisional,
            _ => Self::Final,
        }
    }
}

/// Requests of one `CSeq` in one direction, or responses to them: sequence number, method, direction.
pub(super) type Exchange = (u32, u32, Direction);

fn exchange(row: &Row) -> (Exchange, Part) {
    ((row.cseq, row.method, row.direction()), Part::of(row))
}

/// Positions of messages, sorted by what they have in common. Each list is made when it is first used.
#[derive(Debug, Default)]
pub(super) struct Related {
    by_sending: OnceCell<Vec<u32>>,
    by_exchange: OnceCell<Vec<u32>>,
}

/// The positions of `rows`, sorted by `key` and then by position.
fn sorted<K: Ord>(rows: &[RowRef<'_>], key: impl Fn(&Row) -> K) -> Vec<u32> {
    let mut positions: Vec<u32> = (0..rows.len() as u32).collect();
    positions.sort_unstable_by_key(|&at| (key(rows[at as usize].row), at));
    positions
}

impl Related {
    /// The positions of all transmissions of `message`, in their order.
    pub(super) fn transmissions(&self, rows: &[RowRef<'_>], message: &Row) -> &[u32] {
        let positions = self.by_sending.get_or_init(|| sorted(rows, Row::sending));
        let wanted = message.sending();
        let key = |at: &u32| rows[*at as usize].row.sending();
        let from = positions.partition_point(|at| key(at) < wanted);
        let len = positions[from..].partition_point(|at| key(at) == wanted);
        &positions[from..from + len]
    }

    /// The first message of this part of an exchange; if there is none, of the next part that there is.
    pub(super) fn first_from<'r, 'a>(
        &self,
        rows: &'r [RowRef<'a>],
        wanted: Exchange,
        part: Part,
    ) -> Option<&'r RowRef<'a>> {
        let positions = self.by_exchange.get_or_init(|| sorted(rows, exchange));
        let at = positions.partition_point(|at| exchange(rows[*at as usize].row) < (wanted, part));
        let found = rows.get(*positions.get(at)? as usize)?;
        (exchange(found.row).0 == wanted).then_some(found)
    }

    /// The first message of this part of an exchange.
    pub(super) fn first<'r, 'a>(
        &self,
        rows: &'r [RowRef<'a>],
        wanted: Exchange,
        part: Part,
    ) -> Option<&'r RowRef<'a>> {
        self.first_from(rows, wanted, part).filter(|row| Part::of(row.row) == part)
    }
}
