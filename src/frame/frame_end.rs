//! Finds where a frame ends whose count is wrong or whose bytes are partly missing.
//!
//! Must not know: interleaved frames, what the caller does with the frame, statistics.

use super::header::MAX_HEADER;
use super::scan::{self, Answer, BOUNDARY, End};

/// Where a frame without a right count ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EndSearch {
    /// Before the boundary at this offset.
    Boundary(usize),
    /// At this offset, without a boundary.
    Cut(usize),
    /// Nowhere in the window.
    None,
    /// Not known: `scanned` bytes need not be searched again, and the search needs `wanted` bytes to continue.
    Unknown { scanned: usize, wanted: usize },
}

/// Finds the first plausible boundary in `window[from..]`, or the earlier position at which another frame, a marker, a
/// hole or a `grep -C` separator begins without one. `declared` is where the content ends according to the count.
///
/// The search never goes further than necessary: the next header limits every other search, so that a file that
/// consists of cut frames costs no more than any other file.
pub(super) fn find_frame_end(window: &[u8], from: usize, declared: usize, at_end: End) -> EndSearch {
    let mut searched = from;
    loop {
        let header = scan::next_header(window, searched.max(from));
        let limit = header.map_or(window.len(), |(start, _)| start);
        match until(window, searched, limit, at_end) {
            EndSearch::None => {}
            stop => return stop,
        }
        let Some((start, header)) = header else {
            let scanned = window.len().saturating_sub(MAX_HEADER).max(searched);
            return open_or_none(scanned, window.len() + 1, at_end);
        };
        match scan::count_is_right(window, start, &header, at_end) {
            Answer::Yes => return EndSearch::Cut(start),
            Answer::Unknown => {
                let wanted =
                    (start + header.len).saturating_add(header.byte_count).saturating_add(BOUNDARY.len());
                return EndSearch::Unknown { scanned: searched, wanted };
            }
            Answer::No if start >= declared => return EndSearch::Cut(start),
            Answer::No => {}
        }
        // Neither count is right. If a boundary closes both before another header, and this frame's count reaches that
        // far, the header is content.
        let content = start + header.len;
        let next = scan::next_header(window, content).map_or(window.len(), |(start, _)| start);
        match until(window, content, next, at_end) {
            EndSearch::Boundary(at) if at <= declared => searched = content,
            EndSearch::Unknown { .. } => {
                return EndSearch::Unknown { scanned: searched, wanted: window.len() + 1 };
            }
            EndSearch::None if next == window.len() && at_end == End::Open => {
                return EndSearch::Unknown { scanned: searched, wanted: window.len().saturating_mul(2) };
            }
            _ => return EndSearch::Cut(start),
        }
    }
}

fn open_or_none(scanned: usize, wanted: usize, at_end: End) -> EndSearch {
    if at_end == End::Open { EndSearch::Unknown { scanned, wanted } } else { EndSearch::None }
}

/// Finds the first boundary, marker, hole or `grep -C` separator in `window[from..to]`, where no header begins.
fn until(window: &[u8], from: usize, to: usize, at_end: End) -> EndSearch {
    let boundary = next_plausible_boundary(window, from, to, at_end);
    let end = match boundary {
        Ok(Some(at)) | Err(at) => at,
        Ok(None) => to,
    };
    let marker = scan::next_marker(&window[..end], from);
    let hole = scan::next_hole(&window[..marker.unwrap_or(end)], from).or(marker);
    let separator = scan::next_separator(&window[..hole.unwrap_or(end)], from).or(hole);
    match (separator, boundary) {
        (Some(at), _) => EndSearch::Cut(at),
        (None, Ok(Some(at))) => EndSearch::Boundary(at),
        (None, Ok(None)) => EndSearch::None,
        (None, Err(at)) => EndSearch::Unknown { scanned: at, wanted: window.len() + 1 },
    }
}

/// The first boundary in `window[from..to]` that is followed by something plausible; `Err` with the position of the
/// first boundary if that is not known yet.
pub(super) fn next_plausible_boundary(
    window: &[u8],
    from: usize,
    to: usize,
    at_end: End,
) -> Result<Option<usize>, usize> {
    let mut at = from;
    while let Some(found) = scan::next_boundary(&window[..to], at) {
        match scan::follows_boundary(&window[found + BOUNDARY.len()..], at_end) {
            Answer::Yes => return Ok(Some(found)),
            Answer::Unknown => return Err(found),
            Answer::No => at = found + 1,
        }
    }
    Ok(None)
}
