//! Signals of messages that wait for their legs, in few large buffers that are used again: they cross to another thread.
//!
//! Must not know: legs, rows, what the signals mean.

use super::bindings::Binding;
use super::challenge::Protection;
use super::evidence::Kind;
use super::note::Noted;
use super::signals::{Signals, Values};
use crate::store::KEPT_BYTES;

/// Signals in the order in which they were added. They are read once, in the same order.
#[derive(Debug, Default)]
pub(crate) struct SignalBatch {
    entries: Vec<Entry>,
    lists: Lists,
    /// What was read so far: the entries, and the lengths of the lists.
    read: (usize, Lens),
}

/// The lists of all messages, one message after another.
#[derive(Debug, Default)]
struct Lists {
    /// Reason, user, Refer-To, content type, body.
    text: Vec<u8>,
    bindings: Vec<Binding>,
    protections: Vec<Protection>,
    marks: Vec<(Kind, u64)>,
    carried: Vec<(Noted, Vec<u8>)>,
}

/// Where the lists of a message end.
#[derive(Debug, Clone, Copy, Default)]
struct Lens {
    reason: usize,
    user: usize,
    refer_to: usize,
    content_type: usize,
    body: usize,
    bindings: usize,
    protections: usize,
    marks: usize,
    carried: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    values: Values,
    ends: Lens,
    /// The status of a message whose body is to be read.
    status: u16,
}

impl SignalBatch {
    /// Takes the signals of a message. Its body is read when they are read.
    pub(crate) fn push(&mut self, signals: &mut Signals) {
        let (body, content_type, status) = signals.later.body().unwrap_or_default();
        let Lists { text, bindings, protections, marks, carried } = &mut self.lists;
        let mut add = |bytes: &[u8]| {
            text.extend_from_slice(bytes);
            text.len()
        };
        let mut ends = Lens {
            reason: add(&signals.reason),
            user: add(&signals.user),
            refer_to: add(&signals.refer_to),
            content_type: add(content_type),
            body: add(body),
            ..Lens::default()
        };
        bindings.extend_from_slice(&signals.bindings);
        protections.extend_from_slice(&signals.protections);
        marks.extend_from_slice(&signals.marks);
        carried.append(&mut signals.carried);
        (ends.bindings, ends.protections) = (bindings.len(), protections.len());
        (ends.marks, ends.carried) = (marks.len(), carried.len());
        self.entries.push(Entry { values: signals.values, ends, status });
    }

    /// Reads the signals of the next message into `signals`, with its body.
    pub(crate) fn read_next(&mut self, signals: &mut Signals) {
        let (number, start) = self.read;
        let Some(&Entry { values, ends, status }) = self.entries.get(number) else { return };
        self.read = (number + 1, ends);
        signals.clear();
        signals.values = values;
        let Lists { text, bindings, protections, marks, carried } = &mut self.lists;
        signals.reason.extend_from_slice(&text[start.body..ends.reason]);
        signals.user.extend_from_slice(&text[ends.reason..ends.user]);
        signals.refer_to.extend_from_slice(&text[ends.user..ends.refer_to]);
        signals.bindings.extend_from_slice(&bindings[start.bindings..ends.bindings]);
        signals.protections.extend_from_slice(&protections[start.protections..ends.protections]);
        signals.marks.extend_from_slice(&marks[start.marks..ends.marks]);
        for (noted, text) in &mut carried[start.carried..ends.carried] {
            signals.carried.push((*noted, std::mem::take(text)));
        }
        let content_type = &text[ends.refer_to..ends.content_type];
        if !content_type.is_empty() {
            signals.body(&text[ends.content_type..ends.body], content_type, status);
        }
    }

    /// Removes everything; the room stays unless it is very large.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.read = (0, Lens::default());
        let Lists { text, bindings, protections, marks, carried } = &mut self.lists;
        text.clear();
        text.shrink_to(KEPT_BYTES);
        bindings.clear();
        protections.clear();
        marks.clear();
        carried.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::MessageReader;
    use crate::store::{DayClock, RowBatch, RowBuilder, Store};

    const DUMPS: [&[u8]; 5] = [
        include_bytes!("../../tests/fixtures/real-calls/emergency.dump"),
        include_bytes!("../../tests/fixtures/real-calls/part-missing.dump"),
        include_bytes!("../../tests/fixtures/real-calls/transfer.dump"),
        include_bytes!("../../tests/fixtures/real-calls/registration-refused.dump"),
        include_bytes!("../../tests/fixtures/field/isup-msd-multipart.dump"),
    ];

    /// The signals, without what is only needed to read them.
    fn text(signals: &Signals) -> String {
        let signals = Signals { later: super::super::signals::Later::default(), ..signals.clone() };
        format!("{signals:?}")
    }

    #[test]
    fn a_message_is_the_same_after_it_waited_in_a_batch() {
        let (mut rows, mut batch, mut clock) =
            (RowBatch::default(), SignalBatch::default(), DayClock::default());
        let (mut read, mut again) = (Signals::default(), Signals::default());
        for dump in DUMPS {
            let (mut direct, mut waited, mut row) =
                (Store::default(), Store::default(), RowBuilder::default());
            let (mut reader, mut expected) = (MessageReader::new(dump), Vec::new());
            while let Some(message) = reader.next_message().unwrap() {
                let head = row.fill(&message, 0, &mut clock);
                read.read_head(&message, &head, row.fields());
                rows.push(row.parts());
                direct.push(&row);
                // What an emergency call carries moves into the batch.
                let mut copy = read.clone();
                batch.push(&mut copy);
                read.read_body();
                expected.push((row.address().to_vec(), text(&read)));
            }
            for (parts, (address, signals)) in rows.iter().zip(&expected) {
                batch.read_next(&mut again);
                waited.push_parts(parts);
                assert_eq!((parts.address(), &text(&again)), (&address[..], signals));
            }
            assert_eq!((rows.len(), waited.len()), (expected.len(), direct.len()));
            for number in 0..direct.len() as u32 {
                assert_eq!(waited.row(number), direct.row(number));
            }
            rows.clear();
            batch.clear();
        }
    }
}
