//! Finds where a frame ends in an idle input. The bytes must prove it, because the frame may still continue.
//!
//! Must not know: interleaved frames, statistics.

use super::frame_end::{EndSearch, find_frame_end};
use super::header::Header;
use super::interleave::PAGE;
use super::scan::{self, BOUNDARY, End};
use crate::base::Direction;

/// Where the frame ends that `header` begins at the start of `window`: `Boundary` or `Cut` if something plausible
/// follows, else `Unknown`.
pub(super) fn stop(window: &[u8], header: &Header) -> EndSearch {
    let declared = header.len.saturating_add(header.byte_count);
    let mut from = header.len;
    loop {
        match find_frame_end(window, from, declared, End::Open) {
            // A possible end of a frame does not prove that the count is wrong: the bytes may be content.
            EndSearch::Cut(at) if !is_frame(window, at) => from = at + 1,
            EndSearch::Unknown { scanned, wanted } => {
                return unfinished(window, header, from).unwrap_or(EndSearch::Unknown { scanned, wanted });
            }
            stop => return stop,
        }
    }
}

/// Whether a frame begins at `at`, or a marker or a separator before one.
fn is_frame(window: &[u8], at: usize) -> bool {
    if is_marker(window, at) {
        return is_marker_before_frame(window, at);
    }
    scan::blank_before_frame(&window[at..], End::Open).is_ok()
}

/// The next frame is incomplete, too. It ends this frame if it begins at or after the declared end, or if its own end
/// is followed by something plausible.
fn unfinished(window: &[u8], header: &Header, from: usize) -> Option<EndSearch> {
    let declared = header.len.saturating_add(header.byte_count);
    let (start, mut inner) = scan::next_header(window, from)?;
    if start >= declared {
        return Some(EndSearch::Cut(start));
    }
    let mut content = start + inner.len;
    loop {
        match find_frame_end(window, content, content.saturating_add(inner.byte_count), End::Open) {
            EndSearch::Boundary(_) | EndSearch::Cut(_) => return Some(EndSearch::Cut(start)),
            EndSearch::None | EndSearch::Unknown { .. } => {}
        }
        let (next, header) = scan::next_header(window, content)?;
        (content, inner) = (next + header.len, header);
    }
}

/// Whether a marker begins at `at`.
pub(super) fn is_marker(window: &[u8], at: usize) -> bool {
    scan::marker_len(&window[at..]).is_ok()
}

/// Whether the marker at `at` has the form that sofia-sip writes: blank lines and a frame follow it, or can still
/// follow.
fn is_marker_before_frame(window: &[u8], at: usize) -> bool {
    let Ok(len) = scan::marker_len(&window[at..]) else { return false };
    scan::blank_before_frame(&window[at + len..], End::Input).is_ok()
}

/// The first position after `from` at which a frame begins, or a marker before one.
pub(super) fn next_frame(window: &[u8], from: usize) -> Option<usize> {
    let header = scan::next_header(window, from).map(|(at, _)| at);
    let marker = scan::next_marker(&window[..header.unwrap_or(window.len())], from);
    marker.filter(|at| is_marker_before_frame(window, *at)).or(header)
}

/// Whether `window` is a sent frame of one write that ends with a boundary.
pub(super) fn is_whole_write(window: &[u8], header: &Header) -> bool {
    header.direction == Direction::Sent
        && (header.len + BOUNDARY.len()..=PAGE).contains(&window.len())
        && window.ends_with(BOUNDARY)
}
