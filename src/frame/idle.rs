//! Finds where a frame ends in an input that is idle: what is there must prove it, for the frame may still go on.
//!
//! Must not know: tangles, the accounts.

use super::frame_end::{EndSearch, find_frame_end};
use super::header::Header;
use super::interleave::PAGE;
use super::scan::{self, BOUNDARY, End};
use crate::base::Direction;

/// Where the frame that `header` begins at the start of `window` ends: `Boundary` or `Cut` where something plausible follows,
/// else `Unknown`.
pub(super) fn stop(window: &[u8], header: &Header) -> EndSearch {
    let declared = header.len.saturating_add(header.byte_count);
    let mut from = header.len;
    loop {
        match find_frame_end(window, from, declared, End::Open) {
            // What ends a frame whose count is wrong is no proof that it is: the bytes may be content.
            EndSearch::Cut(at) if !is_frame(window, at) => from = at + 1,
            EndSearch::Unknown { scanned, wanted } => {
                return unfinished(window, header, from).unwrap_or(EndSearch::Unknown { scanned, wanted });
            }
            stop => return stop,
        }
    }
}

/// Whether a frame begins here, or a marker or a separator before one.
fn is_frame(window: &[u8], at: usize) -> bool {
    if is_marker(window, at) {
        return is_marker_before_frame(window, at);
    }
    scan::blank_before_frame(&window[at..], End::Open).is_ok()
}

/// The frame behind this one lacks something, too. It ends this one where it begins at or behind the declared end, or where
/// it is itself ended by something plausible.
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

/// Whether a marker begins here.
pub(super) fn is_marker(window: &[u8], at: usize) -> bool {
    scan::marker_len(&window[at..]).is_ok()
}

/// Whether the marker here is written as sofia-sip does: a frame follows its blank lines, or will.
fn is_marker_before_frame(window: &[u8], at: usize) -> bool {
    let Ok(len) = scan::marker_len(&window[at..]) else { return false };
    scan::blank_before_frame(&window[at + len..], End::Input).is_ok()
}

/// The first place after `from` where a frame or a marker before one begins.
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
