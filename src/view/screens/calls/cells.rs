//! The cells of the columns that the user can choose beside the usual ones.
//!
//! Must not know: which columns are shown, how wide they are.

use crate::app::columns::CallColumn;
use crate::app::screens::calls::time_of_day;
use crate::base::escape::escape;
use crate::base::number::grouped;
use crate::calls::{LegRef, seconds};
use crate::store::RowRef;

/// Where there is nothing to say.
const NONE: &str = "–";

/// A cell of a leg.
pub(super) fn of_leg(leg: &LegRef<'_>, column: CallColumn) -> String {
    let or_none = |micros: Option<i64>| micros.map_or_else(|| NONE.to_owned(), seconds);
    match column {
        CallColumn::End => leg.ended().map_or_else(|| NONE.to_owned(), time_of_day),
        CallColumn::Pdd => or_none(leg.post_dial_delay()),
        CallColumn::Setup => or_none(leg.setup()),
        CallColumn::Side => leg.leg.side.as_str().to_owned(),
        CallColumn::Codec => leg.leg.agreed.first().to_owned(),
        CallColumn::Messages => grouped(u64::from(leg.leg.messages)),
        CallColumn::Findings => findings(std::slice::from_ref(leg)),
        other => leg.first().map(|row| of_row(&row, other)).unwrap_or_default(),
    }
}

/// A cell of the first message of a leg or dialog.
pub(super) fn of_row(row: &RowRef<'_>, column: CallColumn) -> String {
    let text = match column {
        CallColumn::Profile => row.source().map_or(&b""[..], |source| source.profile.as_bytes()),
        CallColumn::Peer => row.peer_alias().map_or_else(|| row.peer(), str::as_bytes),
        CallColumn::CallId => row.call_id(),
        _ => b"",
    };
    escape(text).into_owned()
}

/// The names of what is wrong with legs, each once.
pub(super) fn findings(legs: &[LegRef<'_>]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for finding in legs.iter().flat_map(LegRef::findings) {
        if !names.contains(&finding.rule.name) {
            names.push(finding.rule.name);
        }
    }
    names.join(" ")
}
