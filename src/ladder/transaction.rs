//! The messages of one transaction among those of a ladder.
//!
//! Must not know: which side a column is on, drawing.

use crate::store::{CallIdx, MessageIdx, Snapshot};

use super::Ladder;

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

impl Ladder {
    /// Keeps the arrows of these rows, which are in ascending order, and the columns that they use. The columns stay in
    /// their order: who was on the left is on the left.
    pub fn keep(&mut self, rows: &[MessageIdx]) {
        self.arrow_of.retain(|(row, _)| rows.binary_search(row).is_ok());
        let arrows = renumbered(self.arrows.len(), self.arrow_of.iter().map(|(_, arrow)| *arrow));
        retain(&mut self.arrows, &arrows);
        for (_, arrow) in &mut self.arrow_of {
            *arrow = arrows[*arrow].unwrap_or_default();
        }
        let ends = self.arrows.iter().flat_map(|arrow| [arrow.from, arrow.to]);
        let columns = renumbered(self.columns.len(), ends);
        retain(&mut self.columns, &columns);
        let mut previous = None;
        for arrow in &mut self.arrows {
            let place = |column: usize| columns.get(column).copied().flatten().unwrap_or_default();
            (arrow.from, arrow.to) = (place(arrow.from), place(arrow.to));
            arrow.follow(previous.replace(arrow.time));
        }
        self.find_longest();
        self.needs = self.needs(|_| None);
    }
}

/// The new numbers of `count` things when only those in `kept` are kept.
fn renumbered(count: usize, kept: impl Iterator<Item = usize>) -> Vec<Option<usize>> {
    let mut numbers = vec![None; count];
    for at in kept {
        numbers[at] = Some(0);
    }
    for (new, number) in numbers.iter_mut().flatten().enumerate() {
        *number = new;
    }
    numbers
}

/// Keeps the things that have a new number.
fn retain<T>(list: &mut Vec<T>, numbers: &[Option<usize>]) {
    let mut numbers = numbers.iter();
    list.retain(|_| numbers.next().is_some_and(Option::is_some));
}
