//! Level 1 on any bytes: the accounts balance, places are right, and how the input was cut into reads does not show.

use sofiatui::{
    Direction, Extent, Frame, FrameEnd, FrameIterator, FrameReader, ParseStats, SkipTracking, Timestamp,
    Transport, UnparsedRegion,
};

use super::pieces::{Cut, Given, Pieces};

/// All that a frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) direction: Direction,
    pub(crate) byte_count: usize,
    pub(crate) transport: Transport,
    pub(crate) address: String,
    pub(crate) timestamp: Timestamp,
    pub(crate) content: Vec<u8>,
    pub(crate) offset: u64,
    pub(crate) header: Vec<u8>,
    pub(crate) extents: Vec<Extent>,
    pub(crate) end: FrameEnd,
}

/// All frames of an input, and the accounts at its end.
pub(crate) fn read(data: &[u8], cut: Cut) -> (Vec<Seen>, ParseStats) {
    let mut reader = FrameReader::new(Pieces::new(data, cut)).skip_tracking(SkipTracking::CaptureData);
    let mut frames = Vec::new();
    loop {
        let frame = match reader.next_frame() {
            Err(error) if error.is_pause() => continue,
            result => match result.unwrap() {
                Some(frame) => frame,
                None => break,
            },
        };
        frames.push(Seen {
            direction: frame.direction,
            byte_count: frame.byte_count,
            transport: frame.transport,
            address: frame.address.to_owned(),
            timestamp: frame.timestamp,
            content: frame.content.to_vec(),
            offset: frame.offset,
            header: frame.header.to_vec(),
            extents: frame.extents.to_vec(),
            end: frame.end,
        });
    }
    (frames, reader.stats().clone())
}

pub(super) fn check(data: &[u8]) {
    let (frames, stats) = read(data, Cut::Whole);
    let mut given = Given::new(data);
    for frame in &frames {
        check_frame(frame, &mut given);
    }
    assert!(frames.is_sorted_by(|a, b| a.offset < b.offset), "frames come in the order of their headers");
    check_regions(&stats, &mut given);
    check_counters(&frames, &stats, data, &given);
    check_clean(&frames, &stats, data);
    for cut in Cut::PIECES {
        let (other_frames, other_stats) = read(data, cut);
        assert_eq!(other_frames, frames, "{cut:?}");
        assert_eq!(accounts(&other_stats), accounts(&stats), "{cut:?}");
    }
    let owned: Vec<Frame> = FrameIterator::new(data).map(Result::unwrap).collect();
    assert_eq!(owned.len(), frames.len());
    for (owned, frame) in owned.iter().zip(&frames) {
        assert_eq!(
            (owned.offset, &owned.address, &owned.content),
            (frame.offset, &frame.address, &frame.content)
        );
    }
}

fn check_frame(frame: &Seen, given: &mut Given<'_>) {
    assert_eq!(given.take(Extent::new(frame.offset, frame.header.len() as u64)), frame.header);
    assert_eq!(given.join(&frame.extents), frame.content);
    let header = String::from_utf8(frame.header.clone()).unwrap();
    let (way, peer) = match frame.direction {
        Direction::Recv => ("recv", "from"),
        Direction::Sent => ("sent", "to"),
    };
    assert!(
        header.starts_with(&format!("{way} "))
            && header.contains(&format!(" bytes {peer} {}/", frame.transport))
    );
    assert!(header.contains(&frame.address) && header.contains(&frame.timestamp.to_string()), "{header:?}");
    match frame.end {
        FrameEnd::Declared => assert_eq!(frame.content.len(), frame.byte_count),
        _ => assert_ne!(frame.content.len(), frame.byte_count),
    }
}

/// Skipped regions are inside the input, in order, and are all that was skipped. One that represents bytes which the input
/// does not hold begins at its end.
fn check_regions(stats: &ParseStats, given: &mut Given<'_>) {
    let regions = stats.unparsed_regions();
    assert_eq!(regions.len() as u64, stats.unparsed_region_count());
    assert!(regions.is_sorted_by(|a, b| a.offset + a.length <= b.offset));
    let held: Vec<&UnparsedRegion> = regions.iter().filter(|region| region.data.is_some()).collect();
    for region in &held {
        assert_eq!(given.take(Extent::new(region.offset, region.length)), region.data.as_deref().unwrap());
    }
    assert_eq!(held.iter().map(|region| region.length).sum::<u64>(), stats.bytes_skipped());
    let promised = regions.iter().filter(|region| region.data.is_none());
    let missing = promised.map(|region| {
        assert_eq!(region.offset, stats.bytes_read());
        assert!(region.length > 0, "nothing is missing");
        region.length
    });
    assert_eq!(missing.sum::<u64>(), stats.incomplete_frame_bytes());
}

fn check_counters(frames: &[Seen], stats: &ParseStats, data: &[u8], given: &Given<'_>) {
    assert_eq!(stats.bytes_read(), data.len() as u64);
    assert_eq!(stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped(), stats.bytes_read());
    assert_eq!(stats.frames(), frames.len() as u64);
    for transport in Transport::ALL {
        let count = frames.iter().filter(|frame| frame.transport == transport).count();
        assert_eq!(stats.frames_by(transport), count as u64, "{transport}");
    }
    // What no frame and no region holds are boundaries, and what may stand between frames.
    let boundaries = stats.bytes_read() - given.count() - stats.bytes_between();
    assert!(boundaries <= 2 * stats.frames(), "{boundaries} bytes for {} boundaries", stats.frames());
}

/// Of a dump without faults, the frames are the dump.
fn check_clean(frames: &[Seen], stats: &ParseStats, data: &[u8]) {
    let is_clean = frames.iter().all(|frame| frame.end == FrameEnd::Declared && frame.extents.len() == 1);
    if !is_clean || stats.bytes_parsed() < stats.bytes_read() || stats.incomplete_frames() > 0 {
        return;
    }
    let joined: Vec<u8> =
        frames.iter().flat_map(|frame| [&frame.header[..], &frame.content, b"\x0b\n"].concat()).collect();
    assert!(joined.starts_with(data), "the frames of a clean dump are the dump, but for its last boundary");
}

/// The accounts of level 1 as one value.
pub(super) fn accounts(stats: &ParseStats) -> ([u64; 7], Vec<UnparsedRegion>) {
    let figures = [
        stats.bytes_read(),
        stats.bytes_parsed(),
        stats.bytes_between(),
        stats.bytes_skipped(),
        stats.frames(),
        stats.incomplete_frames(),
        stats.incomplete_frame_bytes(),
    ];
    (figures, stats.unparsed_regions().to_vec())
}
