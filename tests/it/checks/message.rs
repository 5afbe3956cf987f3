//! Level 2 on any bytes: what the frames hold is in exactly one message or a keep-alive, each message knows where it
//! began, and how the input was cut into reads does not show.

use std::collections::{BTreeMap, BTreeSet};

use sofiatui::{
    Completeness, Direction, Extent, Loss, MessageIterator, MessageReader, ParseStats, ParsedMessageIterator,
    SkipTracking, Timestamp, Transport,
};

use super::frame::{self, Seen};
use super::pieces::{Cut, Given, Pieces};

/// All that a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    direction: Direction,
    transport: Transport,
    address: String,
    timestamp: Timestamp,
    content: Vec<u8>,
    frame_count: usize,
    offset: u64,
    extents: Vec<Extent>,
    completeness: Completeness,
}

fn read(data: &[u8], cut: Cut) -> (Vec<Found>, ParseStats) {
    let mut reader = MessageReader::new(Pieces::new(data, cut)).skip_tracking(SkipTracking::CaptureData);
    let mut messages = Vec::new();
    loop {
        let message = match reader.next_message() {
            Err(error) if error.is_pause() => continue,
            result => match result.unwrap() {
                Some(message) => message,
                None => break,
            },
        };
        messages.push(Found {
            direction: message.direction,
            transport: message.transport,
            address: message.address.to_owned(),
            timestamp: message.timestamp,
            content: message.content.to_vec(),
            frame_count: message.frame_count,
            offset: message.offset,
            extents: message.extents.to_vec(),
            completeness: message.completeness,
        });
    }
    (messages, reader.parse_stats().clone())
}

pub(super) fn check(data: &[u8]) {
    let (frames, frame_stats) = frame::read(data, Cut::Whole);
    let (messages, stats) = read(data, Cut::Whole);
    assert_eq!(frame::accounts(&stats), frame::accounts(&frame_stats));
    check_places(&frames, &messages, data);
    check_counters(&frames, &messages, &stats);
    for cut in Cut::PIECES {
        let (other_messages, other_stats) = read(data, cut);
        assert_eq!(other_messages, messages, "{cut:?}");
        assert_eq!(accounts(&other_stats), accounts(&stats), "{cut:?}");
    }
    check_owned(&messages, data);
}

/// Each message's bytes stand where it says, in as many frames of its stream as it says, the first of which gives it
/// its time and its offset.
fn check_places(frames: &[Seen], messages: &[Found], data: &[u8]) {
    let pieces: BTreeMap<u64, (Extent, usize)> = frames
        .iter()
        .enumerate()
        .flat_map(|(nth, frame)| frame.extents.iter().map(move |&extent| (extent.offset, (extent, nth))))
        .filter(|(_, (extent, _))| extent.len > 0)
        .collect();
    let frame_at = |extent: &Extent| {
        let (piece, nth) = pieces.range(..=extent.offset).next_back().expect("a frame with these bytes").1;
        assert!(extent.end() <= piece.end(), "{extent:?} is in no frame's content");
        *nth
    };
    let mut given = Given::new(data);
    for message in messages {
        assert!(!message.content.is_empty());
        assert_eq!(given.join(&message.extents), message.content);
        let held_by: Vec<usize> = message.extents.iter().map(frame_at).collect();
        let first = &frames[held_by[0]];
        assert_eq!((first.offset, first.timestamp), (message.offset, message.timestamp));
        for &nth in &held_by {
            let stream = (frames[nth].direction, frames[nth].transport, &frames[nth].address);
            assert_eq!(stream, (message.direction, message.transport, &message.address));
        }
        assert!(held_by.is_sorted(), "bytes of a stream stay in their order");
        assert_eq!(held_by.into_iter().collect::<BTreeSet<_>>().len(), message.frame_count, "{message:?}");
        assert!(message.transport.is_stream() || message.frame_count == 1, "a datagram is one frame");
    }
}

fn check_counters(frames: &[Seen], messages: &[Found], stats: &ParseStats) {
    let in_frames: usize = frames.iter().map(|frame| frame.content.len()).sum();
    let in_messages: usize = messages.iter().map(|message| message.content.len()).sum();
    assert_eq!(in_messages as u64 + stats.keepalive_bytes(), in_frames as u64, "no byte of a frame is lost");
    assert!(stats.keepalives() <= stats.keepalive_bytes());
    let count = |holds: fn(&Found) -> bool| messages.iter().filter(|message| holds(message)).count() as u64;
    assert_eq!(stats.messages(), messages.len() as u64);
    assert_eq!(stats.multi_frame_messages(), count(|message| message.frame_count > 1));
    assert_eq!(stats.not_sip_messages(), count(|message| message.completeness == Completeness::NotSip));
    let cut: Vec<Loss> = messages
        .iter()
        .filter_map(|message| match message.completeness {
            Completeness::Cut(reason) => {
                Some(Loss { offset: message.offset, bytes: message.content.len() as u64, reason })
            }
            _ => None,
        })
        .collect();
    assert_eq!((stats.losses(), stats.loss_count()), (&cut[..], cut.len() as u64));
    assert_eq!(stats.loss_bytes(), cut.iter().map(|loss| loss.bytes).sum::<u64>());
}

/// The owned iterators give out the same.
fn check_owned(messages: &[Found], data: &[u8]) {
    let owned: Vec<_> = MessageIterator::new(data).map(Result::unwrap).collect();
    let parsed: Vec<_> = ParsedMessageIterator::new(data).map(Result::unwrap).collect();
    assert_eq!((owned.len(), parsed.len()), (messages.len(), messages.len()));
    for ((owned, parsed), message) in owned.iter().zip(&parsed).zip(messages) {
        assert_eq!((&owned.content, owned.completeness), (&message.content, message.completeness));
        assert_eq!((owned.offset, owned.frame_count), (message.offset, message.frame_count));
        assert_eq!((parsed.offset, parsed.frame_count), (message.offset, message.frame_count));
        assert!(message.content.ends_with(&parsed.body));
    }
}

/// The accounts of level 2 as one value.
fn accounts(stats: &ParseStats) -> ([u64; 5], &[Loss]) {
    let figures = [
        stats.messages(),
        stats.not_sip_messages(),
        stats.keepalives(),
        stats.keepalive_bytes(),
        stats.multi_frame_messages(),
    ];
    (figures, stats.losses())
}
