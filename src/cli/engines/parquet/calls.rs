//! The table of calls: a row for each leg, with what its call has in common.
//!
//! Must not know: files, how legs are joined.

use crate::calls::{CallOf, LegRef, Verdict};
use crate::export::calls::{findings_json, state_word};
use crate::export::endpoints::address;
use crate::export::parquet::{Column, Kind, Row};
use crate::store::{Flags, MessageIdx, Snapshot};

use crate::cli::engines::zone::Zone;

use super::messages::date;

/// The columns.
pub(super) const COLUMNS: &[Column] = &[
    Column { name: "date", kind: Kind::Date },
    Column { name: "cid", kind: Kind::Text },
    Column { name: "session_id", kind: Kind::Text },
    Column { name: "node_id", kind: Kind::Text },
    Column { name: "profile", kind: Kind::Text },
    Column { name: "leg", kind: Kind::Int },
    Column { name: "legs", kind: Kind::Int },
    Column { name: "role", kind: Kind::Text },
    Column { name: "peer", kind: Kind::Text },
    Column { name: "peer_ip", kind: Kind::Text },
    Column { name: "peer_port", kind: Kind::Int },
    Column { name: "caller", kind: Kind::Text },
    Column { name: "callee", kind: Kind::Text },
    Column { name: "state", kind: Kind::Text },
    Column { name: "status", kind: Kind::Int },
    Column { name: "cause", kind: Kind::Int },
    Column { name: "start", kind: Kind::Micros },
    Column { name: "ringing", kind: Kind::Micros },
    Column { name: "answered", kind: Kind::Micros },
    Column { name: "end", kind: Kind::Micros },
    Column { name: "pdd_ms", kind: Kind::Long },
    Column { name: "setup_ms", kind: Kind::Long },
    Column { name: "talk_ms", kind: Kind::Long },
    Column { name: "hangup_by", kind: Kind::Text },
    Column { name: "messages", kind: Kind::Int },
    Column { name: "verdict", kind: Kind::Text },
    Column { name: "verdict_text", kind: Kind::Text },
    Column { name: "findings", kind: Kind::Text },
    Column { name: "call_state", kind: Kind::Text },
    Column { name: "call_status", kind: Kind::Int },
    Column { name: "call_verdict", kind: Kind::Text },
    Column { name: "call_verdict_text", kind: Kind::Text },
];

/// The time of a message in UTC.
pub(super) fn time(zone: &mut Zone, snapshot: &Snapshot, message: MessageIdx) -> Option<i64> {
    let row = snapshot.row(message)?.row;
    Some(if row.flags.has(Flags::DATED) { zone.utc(row.time) } else { row.time })
}

/// Gives the values of each leg of a call to `row`.
pub(super) fn rows<E>(
    call: &CallOf<'_>,
    node: Option<&str>,
    zone: &mut Zone,
    mut row: impl FnMut(&LegRef<'_>, &mut dyn FnMut(&mut Row<'_>)) -> Result<(), E>,
) -> Result<(), E> {
    let judged = call.legs.judged();
    let legs = call.legs.legs();
    let first = call.legs.main();
    // The same as of the messages: of the first leg, which is not always the one that describes the call.
    let cid = first.calls.leg(call.number).map_or(b"".as_slice(), |leg| first.snapshot.call_id(leg.call_id));
    for (number, (leg, (verdict, found))) in (1..).zip(legs.iter().zip(&judged.legs)) {
        let mut times = |message| time(zone, leg.snapshot, message);
        let start = times(leg.leg.first);
        let ringing = times(leg.leg.ringing);
        let answered = leg.answered().and_then(|_| times(leg.leg.fin));
        let end = leg.ended_message().and_then(&mut times);
        let text = |bytes| Some(bytes).filter(|bytes: &&[u8]| !bytes.is_empty());
        let number_of = |number: u16| (number != 0).then_some(i32::from(number));
        let milliseconds = |micros: Option<i64>| micros.map(|micros| micros / 1000);
        let mut findings = Vec::new();
        findings_json(&mut findings, found);
        let (peer, peer_name) = (address(leg.peer()), leg.host());
        row(leg, &mut |out| {
            out.int(start.map(date));
            out.text(text(cid));
            out.text(text(leg.call_id()));
            out.text(node.map(str::as_bytes));
            out.text(leg.profile().as_bytes());
            out.int(number);
            out.int(legs.len() as i32);
            out.text(text(leg.leg.side.as_str().as_bytes()));
            out.text(peer_name.as_bytes());
            out.text(peer.map(|peer| peer.ip().to_string()).as_deref().map(str::as_bytes));
            out.int(peer.map(|peer| i32::from(peer.port())));
            out.text(text(leg.from()));
            out.text(text(leg.to()));
            out.text(state_word(leg.state()).as_bytes());
            out.int(number_of(leg.leg.status));
            out.int(number_of(leg.leg.cause.into()));
            out.long(start);
            out.long(ringing);
            out.long(answered);
            out.long(end);
            out.long(milliseconds(leg.post_dial_delay()));
            out.long(milliseconds(leg.setup()));
            out.long(milliseconds(leg.talk()));
            out.text(leg.leg.ended_by().map(|end| end.as_str().as_bytes()));
            out.int(leg.leg.messages as i32);
            let verdict_of = |out: &mut Row<'_>, verdict: &Verdict| {
                out.text(verdict.rule.as_bytes());
                out.text(verdict.text.as_bytes());
            };
            verdict_of(out, verdict);
            out.text(&*findings);
            out.text(state_word(call.legs.state()).as_bytes());
            out.int(number_of(first.leg.status));
            verdict_of(out, &judged.verdict);
        })?;
    }
    Ok(())
}
