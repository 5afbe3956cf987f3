//! The messages of one transaction among those of a ladder.
//!
//! Must not know: columns, drawing.

use crate::store::{CallIdx, MessageIdx, Snapshot};

/// What the messages of a transaction have in common: Call-ID, profile, whether FreeSWITCH received the request, `CSeq`.
type Key<'a> = (CallIdx, (u16, bool), u32, &'a [u8]);

/// Those of `rows` that are in one transaction with the message `of`. An INVITE's ACK and CANCEL, which are transactions of
/// their own, are shown with it.
pub fn of_transaction(snapshot: &Snapshot, rows: &[MessageIdx], of: MessageIdx) -> Vec<MessageIdx> {
    let wanted = key(snapshot, of);
    rows.iter().copied().filter(|row| wanted.is_some() && key(snapshot, *row) == wanted).collect()
}

fn key(snapshot: &Snapshot, message: MessageIdx) -> Option<Key<'_>> {
    let message = snapshot.row(message)?;
    let (way, _, cseq, _) = message.row.transaction();
    let method = match message.method() {
        b"ACK" | b"CANCEL" => b"INVITE",
        method => method,
    };
    Some((message.row.call, way, cseq, method))
}
