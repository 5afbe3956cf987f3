//! Separates the frames of several profiles that write to one file at the same time.
//!
//! Each profile writes through its own buffer (4 KB in glibc): a frame up to that size is one write; a larger frame is
//! a first piece, pieces of whole pages, and a rest. Pieces of another profile can be between them:
//!
//! ```text
//!   A's header, A…│B's header, B…\x0B\n│…A\x0B\n         B whole within A
//!   A's header, A…│B's header, B…│…A\x0B\n│…B\x0B\n      A ends within B
//! ```
//!
//! The bytes do not say which frame a piece belongs to. Arithmetic decides: the count of every frame must end at a
//! boundary.
//!
//! Must not know: the reader, statistics, what happens if no solution exists.

use super::header::{self, Header, Parsed};
use super::scan::{self, Answer, BOUNDARY, End};
use crate::base::Timestamp;

/// The size of every piece of a frame except the last one is a multiple of this.
pub(crate) const PAGE: usize = 4096;
/// How many positions are tried before the search gives up.
const MAX_TRIES: usize = 2_000;
/// How many pieces a group of interleaved frames may have: each is a level of the search.
const MAX_PIECES: usize = 64;
/// How many frames may be open at the same time.
const MAX_OPEN: usize = 16;
/// The pieces of a frame are written at once: a frame with a timestamp this much later does not belong to the group.
const MAX_STALL_MICROS: u64 = 10_000_000;
const DAY_MICROS: u64 = 86_400_000_000;
/// The length limit of a marker with its blank lines, in bytes.
pub(crate) const MAX_MARKER: usize = 64;

/// A frame of an interleaved group; its positions are relative to the start of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InterleavedFrame {
    /// Where the header begins.
    pub(crate) start: usize,
    pub(crate) header: Header,
    /// Start and end of each piece of the content, in order.
    pub(crate) pieces: Vec<(usize, usize)>,
}

impl InterleavedFrame {
    /// Where the content ends.
    pub(super) fn content_end(&self) -> usize {
        self.pieces.iter().map(|piece| piece.1).fold(self.start + self.header.len, usize::max)
    }
}

/// A group of frames, at least one of which is in pieces, in the order of their headers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Interleaved {
    pub(crate) frames: Vec<InterleavedFrame>,
    /// Length of the whole group in bytes.
    pub(crate) len: usize,
    /// How many of these bytes belong to no frame: markers and blank lines.
    pub(crate) between: usize,
}

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Found(Interleaved),
    /// More bytes could decide it.
    More,
    /// The frame is not interleaved with others.
    Nothing,
}

/// Separates the interleaved group that begins with the frame of `header` at the start of `window`. Also returns how
/// many positions were tried.
pub(crate) fn separate(window: &[u8], header: Header, at_end: End) -> (Outcome, usize) {
    let mut search = Search { window, at_end, stamp: header.timestamp, tries: 0, needs_more: false };
    let mut state = State::default();
    state.open(0, header);
    let outcome = match search.solve(0, state) {
        Some(mut interleaved) => {
            interleaved.frames.sort_by_key(|strand| strand.start);
            Outcome::Found(interleaved)
        }
        None if search.needs_more && search.tries < MAX_TRIES => Outcome::More,
        None => Outcome::Nothing,
    };
    (outcome, search.tries)
}

struct Search<'a> {
    window: &'a [u8],
    at_end: End,
    stamp: Timestamp,
    tries: usize,
    needs_more: bool,
}

/// What is known at a position where one piece ends and another begins.
#[derive(Debug, Clone, Default)]
struct State {
    frames: Vec<InterleavedFrame>,
    /// The index of each open frame, and how many bytes are missing from it, including its boundary. The latest frame
    /// is the last.
    open: Vec<(usize, usize)>,
    between: usize,
    /// How many pieces were assigned.
    pieces: usize,
}

impl State {
    fn open(&mut self, start: usize, header: Header) {
        self.open.push((self.frames.len(), header.byte_count.saturating_add(BOUNDARY.len())));
        self.frames.push(InterleavedFrame { start, header, pieces: Vec::new() });
    }

    /// Assigns the bytes `from..to` to an open frame.
    fn give(&mut self, nth: usize, from: usize, to: usize) {
        let (strand, lacks) = &mut self.open[nth];
        self.pieces += 1;
        *lacks -= to - from;
        // The boundary is not content, and it may be split, too.
        let content_end = to - (BOUNDARY.len() - (*lacks).min(BOUNDARY.len())).min(to - from);
        if content_end > from {
            self.frames[*strand].pieces.push((from, content_end));
        }
        if *lacks == 0 {
            self.open.remove(nth);
        }
    }

    fn gave(&self, nth: usize, from: usize, to: usize) -> Self {
        let mut next = self.clone();
        next.give(nth, from, to);
        next
    }
}

impl Search<'_> {
    /// Continues at a position where a piece begins; returns the group once every open frame has its end.
    fn solve(&mut self, mut at: usize, mut state: State) -> Option<Interleaved> {
        let mut piece_start = at;
        if at == 0 {
            at = state.frames[0].header.len;
        } else {
            (piece_start, at) = self.step_over_whole(at, &mut state)?;
        }
        self.tries += 1;
        if self.tries > MAX_TRIES || state.pieces > MAX_PIECES || state.open.len() > MAX_OPEN {
            return None;
        }
        if state.open.is_empty() {
            return Some(Interleaved { frames: state.frames, len: at, between: state.between });
        }
        if at == piece_start
            && let Some(interleaved) = self.end_here(at, &state)
        {
            return Some(interleaved);
        }
        self.interrupted(piece_start, at, &state)
    }

    /// Skips whole frames, and the header of an incomplete frame, which becomes an open frame. Returns where the piece
    /// begins and where its content begins.
    fn step_over_whole(&mut self, mut at: usize, state: &mut State) -> Option<(usize, usize)> {
        // A marker is written together with the frame after it.
        let mut piece = at;
        loop {
            if state.open.is_empty() {
                match scan::follows_boundary(&self.window[at..], self.at_end) {
                    Answer::Yes => return Some((at, at)),
                    Answer::Unknown => self.needs_more = true,
                    Answer::No => {}
                }
                return None;
            }
            let rest = &self.window[at..];
            if let Ok(blank) = scan::blank_before_frame(rest, End::Open)
                && blank > 0
            {
                state.between += blank;
                at += blank;
            } else if let Ok(len) = scan::marker_len(rest) {
                state.between += len;
                at += len;
            } else if let Parsed::Header(header) = header::parse(rest) {
                if !self.is_near(&header) {
                    return None;
                }
                let opened = state.open.len();
                let content = at + header.len;
                match scan::count_is_right(self.window, at, &header, self.at_end) {
                    Answer::Yes => {
                        state.open(at, header);
                        at = content + header.byte_count + BOUNDARY.len();
                        piece = at;
                        state.give(opened, content, at);
                        state.pieces -= 1;
                    }
                    Answer::Unknown => {
                        self.needs_more = true;
                        return None;
                    }
                    // A frame of less than a page is one write: if its count is wrong, it is not a frame.
                    Answer::No if header.len.saturating_add(header.byte_count) <= PAGE => {
                        return Some((at, at));
                    }
                    Answer::No => {
                        state.open(at, header);
                        return Some((piece, content));
                    }
                }
            } else {
                self.needs_more |= rest.len() < header::MAX_HEADER && self.at_end == End::Open;
                return Some((at, at));
            }
        }
    }

    /// Whether a frame was written at about the time of the first.
    fn is_near(&self, header: &Header) -> bool {
        let (a, b) = (self.stamp.micros_of_day(), header.timestamp.micros_of_day());
        let apart = a.abs_diff(b);
        apart.min(DAY_MICROS.saturating_sub(apart)) <= MAX_STALL_MICROS
    }

    /// The rest of an open frame may be here, as a whole.
    fn end_here(&mut self, at: usize, state: &State) -> Option<Interleaved> {
        (0..state.open.len()).rev().find_map(|nth| {
            let end = at.checked_add(state.open[nth].1)?;
            if end > self.window.len() {
                self.needs_more |= self.at_end == End::Open;
                return None;
            }
            self.window[..end].ends_with(BOUNDARY).then(|| self.solve(end, state.gave(nth, at, end)))?
        })
    }

    /// The piece that begins at `start`, with its content at `at`, ends where another frame or another piece begins.
    fn interrupted(&mut self, start: usize, at: usize, state: &State) -> Option<Interleaved> {
        // Every open frame may have pieces here, one after the other.
        let most = state.open.iter().fold(0, |sum: usize, &(_, lacks)| sum.saturating_add(lacks));
        let mut from = at;
        loop {
            let (next, is_tight) = match self.next_piece(from) {
                Some(next) if next - at <= most => (next, true),
                _ => (self.window.len().min(at.saturating_add(most)), false),
            };
            if let Some(interleaved) = self.rest_within(start, at, next, state) {
                return Some(interleaved);
            }
            if !is_tight || self.tries > MAX_TRIES {
                self.needs_more |= self.at_end == End::Open;
                return None;
            }
            // If the piece begins with a header, it belongs to that frame; otherwise any open frame may continue here.
            let candidates =
                if start == at { 0..state.open.len() } else { state.open.len() - 1..state.open.len() };
            for nth in candidates.rev() {
                if next > at
                    && next - at < state.open[nth].1
                    && let Some(interleaved) = self.solve(next, state.gave(nth, at, next))
                {
                    return Some(interleaved);
                }
            }
            // This possible frame is content.
            from = next + 1;
        }
    }

    /// The rest of another frame is within `at..to`, after whole pages of the piece that begins at `start`.
    fn rest_within(&mut self, start: usize, at: usize, to: usize, state: &State) -> Option<Interleaved> {
        let mut from = at;
        while let Some(found) = scan::next_boundary(&self.window[..to], from) {
            let end = found + BOUNDARY.len();
            for rest in 0..state.open.len() {
                let Some(cut) = end.checked_sub(state.open[rest].1).filter(|&cut| cut > at) else { continue };
                if !(cut - start).is_multiple_of(PAGE) {
                    continue;
                }
                let owners =
                    if start == at { 0..state.open.len() } else { state.open.len() - 1..state.open.len() };
                for owner in owners.rev().filter(|&owner| owner != rest) {
                    if cut - at >= state.open[owner].1 {
                        continue;
                    }
                    let mut next = state.gave(owner, at, cut);
                    next.give(rest, cut, end);
                    if let Some(interleaved) = self.solve(end, next) {
                        return Some(interleaved);
                    }
                }
            }
            from = found + 1;
        }
        None
    }

    /// The first position after `from` at which a frame that may belong to the group begins, or its marker.
    fn next_piece(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let (start, header) = scan::next_header(self.window, at)?;
            // A frame of less than a page is one write: if its count is wrong, it is not a frame.
            let is_whole = scan::count_is_right(self.window, start, &header, self.at_end) != Answer::No;
            if self.is_near(&header) && (is_whole || header.len.saturating_add(header.byte_count) > PAGE) {
                let marker =
                    scan::next_marker(&self.window[..start], from.max(start.saturating_sub(MAX_MARKER)));
                return Some(marker.unwrap_or(start));
            }
            at = start + 1;
        }
    }
}
