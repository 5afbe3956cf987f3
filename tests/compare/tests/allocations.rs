//! The lending path allocates nothing for an item once its buffers have grown. A buffer may grow once more where a
//! longer message than any before it comes, so a few allocations for tens of thousands of items are let pass.

#[path = "../../bench/traffic.rs"]
mod traffic;

use allocation_counter::measure;
use sofiatui::sip::{self, Message};
use sofiatui::{FrameReader, MessageReader};

/// Items that are read before counting begins: by then every buffer has met the longest of its kind.
const WARM_UP: usize = 20_000;

/// Allocations that are let pass: buffers that grow.
const MOST: u64 = 8;

/// Counts the allocations while `next` gives the items after the first ones; it says whether there was one more.
fn check(mut next: impl FnMut() -> bool) {
    for _ in 0..WARM_UP {
        assert!(next(), "the traffic is too short");
    }
    let mut items = 0;
    let counted = measure(|| {
        while next() {
            items += 1;
        }
    });
    assert!(items > 20_000, "the traffic is too short");
    assert!(counted.count_total <= MOST, "{} allocations for {items} items", counted.count_total);
}

fn dump() -> Vec<u8> {
    traffic::dump(48 << 20, 7)
}

#[test]
fn frames_are_lent_without_allocating() {
    let dump = dump();
    let mut frames = FrameReader::new(&dump[..]);
    check(|| frames.next_frame().unwrap().is_some());
}

#[test]
fn messages_are_lent_without_allocating() {
    let dump = dump();
    let mut messages = MessageReader::new(&dump[..]);
    check(|| messages.next_message().unwrap().is_some());
}

#[test]
fn level_3_reads_a_message_without_allocating() {
    let dump = dump();
    let mut messages = MessageReader::new(&dump[..]);
    let mut bytes = 0;
    check(|| {
        let Some(found) = messages.next_message().unwrap() else { return false };
        let message = Message::parse(found.content);
        bytes += sip::index_fields(found.content).from.len() + message.body().len();
        bytes += message.headers().map(|field| field.value.len()).sum::<usize>();
        bytes += message.cseq().map_or(0, |cseq| cseq.method.len());
        true
    });
    assert!(bytes > dump.len() / 2, "the messages were not read");
}
