//! The order of the calls.
//!
//! Must not know: which calls are listed, which columns are shown.

use crate::app::columns::CallColumn;
use crate::calls::{CallRef, LegRef};
use crate::store::RowRef;

use super::ranks::Texts;
use super::verdict_ranks::{VerdictRanks, Verdicts, verdicts};

/// By what the calls are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The column.
    pub column: CallColumn,
    /// Whether the greatest comes first.
    pub reversed: bool,
}

impl Order {
    /// The order after a column was chosen: choosing it again turns it round.
    #[must_use]
    pub fn by(self, column: CallColumn) -> Self {
        Self { column, reversed: self.column == column && !self.reversed }
    }
}

/// Sorts the calls; `leg` gives the leg at a position among the members.
pub(super) fn sort<'a>(
    groups: &mut [(u32, u32)],
    order: Order,
    leg: impl Fn(u32) -> Option<LegRef<'a>> + Sync,
    why: &Verdicts<'_>,
) {
    let leg = &leg;
    let call = |(at, len): &(u32, u32)| CallRef::of((*at..at + len).filter_map(leg).collect());
    let time = |of: fn(&LegRef<'a>) -> Option<i64>| move |group: &(u32, u32)| of(&leg(group.0)?);
    match order.column {
        CallColumn::Number => {}
        CallColumn::Start => groups.sort_by_cached_key(time(|leg| Some(leg.start()))),
        CallColumn::Ring => groups.sort_by_cached_key(time(LegRef::rang)),
        CallColumn::Talk => groups.sort_by_cached_key(time(LegRef::talk)),
        CallColumn::From => {
            let first = |at: u32| leg(at)?.first();
            let from =
                |group: &(u32, u32)| first(group.0).map_or((0, &b""[..]), |row| (row.row.from, row.from()));
            Texts::numbered(groups.iter().map(from)).sort(groups);
        }
        CallColumn::To => {
            let first = |at: u32| leg(at)?.first();
            let to = |group: &(u32, u32)| first(group.0).map_or((0, &b""[..]), |row| (row.row.to, row.to()));
            Texts::numbered(groups.iter().map(to)).sort(groups);
        }
        CallColumn::EndedBy => {
            let ended_by = |group: &(u32, u32)| match group.1 {
                1 => leg(group.0).map(|leg| leg.ended_by()),
                _ => call(group).map(|call| call.ended_by()),
            };
            groups.sort_by_cached_key(ended_by);
        }
        CallColumn::Legs => groups.sort_by_key(|group| group.1),
        CallColumn::State => {
            let key = |leg: LegRef<'a>| leg.state() as u32 * 1000 + u32::from(leg.leg.status);
            groups.sort_by_cached_key(|group| leg(group.0).map(key));
        }
        CallColumn::Why => {
            let rank = |ranks: &VerdictRanks, group: &(u32, u32)| Some(ranks.of_leg(leg(group.0)?.index));
            match why.kept {
                Some(ranks) => groups.sort_by_cached_key(|group| rank(ranks, group)),
                None => verdicts(groups, leg, why.make_texts).sort(groups),
            }
        }
        other => sort_by_chosen(groups, other, leg),
    }
    if order.reversed {
        groups.reverse();
    }
}

/// Sorts by a column that the user can choose beside the usual ones.
fn sort_by_chosen<'a>(
    groups: &mut [(u32, u32)],
    column: CallColumn,
    leg: &(impl Fn(u32) -> Option<LegRef<'a>> + Sync),
) {
    let time = |of: fn(&LegRef<'a>) -> Option<i64>| move |group: &(u32, u32)| of(&leg(group.0)?);
    let sum = |of: fn(&LegRef<'a>) -> usize| {
        move |(at, len): &(u32, u32)| (*at..at + len).filter_map(leg).map(|leg| of(&leg)).sum::<usize>()
    };
    match column {
        CallColumn::End => groups.sort_by_cached_key(time(LegRef::ended)),
        CallColumn::Pdd => groups.sort_by_cached_key(time(LegRef::post_dial_delay)),
        CallColumn::Setup => groups.sort_by_cached_key(time(LegRef::setup)),
        CallColumn::Messages => groups.sort_by_cached_key(sum(|leg| leg.leg.messages as usize)),
        CallColumn::Findings => groups.sort_by_cached_key(sum(|leg| leg.findings().len())),
        other => {
            let texts = groups.iter().map(|group| leg(group.0).map(|leg| text(&leg, other)));
            Texts::of(texts.map(Option::unwrap_or_default)).sort(groups);
        }
    }
}

/// What a column shows of a call's first leg.
fn text(leg: &LegRef<'_>, column: CallColumn) -> String {
    let of_row = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match column {
        CallColumn::Side => leg.leg.side.as_str().to_owned(),
        CallColumn::Profile => leg.profile().to_owned(),
        CallColumn::Codec => leg.leg.agreed.first().to_owned(),
        CallColumn::Peer => {
            let row = leg.first();
            let alias = row.as_ref().and_then(RowRef::peer_alias);
            alias.map_or_else(|| of_row(leg.peer()), str::to_owned)
        }
        CallColumn::CallId => of_row(leg.call_id()),
        _ => String::new(),
    }
}
