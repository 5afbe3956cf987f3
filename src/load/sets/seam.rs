//! Determines what is between the end of one file and the beginning of the next: nothing, repeated text, or a gap.
//!
//! Must not know: files, how text is read.

use std::io::{self, Read};

use crate::frame::{FrameEnd, FrameReader, stamps};

/// How two files of a set are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seam {
    /// The second continues where the first ends, possibly inside a frame.
    Continues,
    /// This many bytes of the second repeat the end of the first; after them it continues.
    Replays(usize),
    /// Bytes are missing between them.
    Gap,
    /// More bytes of the second are needed.
    Unknown,
}

/// Fewer bytes than this may be equal by chance.
const TELLING: usize = 32;
/// Upper limit of overlaps that are tried: each try reads the whole head.
const MAX_TRIED: usize = 64;
/// The end of a frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// Determines how `head`, the beginning of a file, follows `tail`, the end of the preceding file. `is_whole` means that
/// `head` is the whole file.
///
/// Proof is preferred to probability: if a frame has begun, its count determines how it must continue.
pub(super) fn seam(tail: &[u8], head: &[u8], is_whole: bool) -> Seam {
    let Some(end) = end_of(tail) else {
        // No evidence: a frame larger than the tail, or no frame at all.
        return Seam::Continues;
    };
    let again = overlaps(tail, head);
    if let Some(begun) = end.begun
        && let Some(seam) = seam_in_frame(begun, head, &again, is_whole)
    {
        return seam;
    }
    let rest = end.rest.unwrap_or_default();
    // If several overlaps are possible, the right one is followed by a frame.
    let fits = |again: &&usize| may_follow(rest, &head[**again..]);
    match again.iter().rev().take(MAX_TRIED).find(fits).or(again.last()) {
        Some(&again) => Seam::Replays(again),
        None if end.rest.is_some() && may_follow(rest, head) => Seam::Continues,
        None => Seam::Gap,
    }
}

/// How `head` follows `begun`, a frame that lacks something; `None` if it cannot be part of it. `again` has the lengths
/// of possible overlaps, the shortest first.
fn seam_in_frame(begun: &[u8], head: &[u8], again: &[usize], is_whole: bool) -> Option<Seam> {
    let ends = |from: usize| goes_on(begun, &head[from..]);
    let lacks = lacking(begun);
    let may_fit = |again: usize| lacks.is_none_or(|lacks| ends_frame(&head[again..], lacks));
    let fits = |again: &&usize| may_fit(**again) && ends(**again) == Some(FrameEnd::Declared);
    // A repeated header is identified by its microseconds. Without a header, a boundary at the right position may be a
    // coincidence, because frames can be alike, and a repetitive body overlaps itself. The shortest overlap that fits
    // ends with this frame, longer ones with later frames.
    let has_header = |again: &&usize| stamps(&head[..**again]).next().is_some();
    if let Some(&again) = again.iter().find(|again| fits(again) && has_header(again)) {
        return Some(Seam::Replays(again));
    }
    let as_it_is = ends(0);
    if as_it_is != Some(FrameEnd::Declared)
        && let Some(&again) = again.iter().find(fits)
    {
        return Some(Seam::Replays(again));
    }
    match as_it_is? {
        FrameEnd::Declared => Some(Seam::Continues),
        _ if !is_whole => Some(Seam::Unknown),
        // The whole file is content of the frame and more will follow, or the whole file is repeated text.
        _ => Some(if let [again] = again { Seam::Replays(*again) } else { Seam::Continues }),
    }
}

/// The end of a text.
struct TextEnd<'a> {
    /// The bytes of a frame that may lack something, from its header on.
    begun: Option<&'a [u8]>,
    /// The bytes after the last frame if it may be complete: nothing, or the beginning of a marker.
    rest: Option<&'a [u8]>,
}

/// The end of `tail`; `None` if it contains no frame.
fn end_of(tail: &[u8]) -> Option<TextEnd<'_>> {
    let mut frames = FrameReader::new(tail.chain(Pause));
    // The reader pauses when it needs more bytes to decide.
    while let Ok(Some(_)) = frames.next_frame() {}
    let stats = frames.stats();
    let decided = stats.bytes_parsed() + stats.bytes_between() + stats.bytes_skipped();
    let undecided = tail.get(decided as usize..)?;
    let is_begun = undecided.starts_with(b"recv ") || undecided.starts_with(b"sent ");
    if stats.frames() == 0 && (!is_begun || lacking(undecided).is_none()) {
        return None;
    }
    // An apparent boundary at the end may be content of a longer frame.
    let rest = match (is_begun, undecided.ends_with(BOUNDARY)) {
        (false, _) => Some(undecided),
        (true, true) => Some(&[][..]),
        (true, false) => None,
    };
    Some(TextEnd { begun: is_begun.then_some(undecided), rest })
}

/// The end of an input that may continue.
struct Pause;

impl Read for Pause {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}

/// How the frame that starts with `begun` ends, if `head` continues it. `None` if it cannot.
fn goes_on(begun: &[u8], head: &[u8]) -> Option<FrameEnd> {
    let joined = [begun, head].concat();
    let mut frames = FrameReader::new(&joined[..]);
    let first = frames.next_frame().ok().flatten().map(|frame| (frame.offset, frame.end));
    first
        .filter(|(offset, end)| *offset == 0 && !matches!(end, FrameEnd::Boundary | FrameEnd::Cut))
        .map(|f| f.1)
}

/// Whether `head` can follow a whole frame and `rest`: a frame, a marker, blank lines.
fn may_follow(rest: &[u8], head: &[u8]) -> bool {
    let joined = [rest, head].concat();
    let mut frames = FrameReader::new(&joined[..]);
    // A slice can always be read.
    let _ = frames.next_frame();
    frames.stats().bytes_skipped() == 0
}

/// How many bytes the frame that starts with `begun` still lacks, with its boundary. `None` if its header is
/// incomplete.
fn lacking(begun: &[u8]) -> Option<usize> {
    let mut frames = FrameReader::new(begun);
    let frame = frames.next_frame().ok()??;
    (frame.header.len() + frame.byte_count + BOUNDARY.len()).checked_sub(begun.len())
}

/// Whether the first `len` bytes end with a boundary.
fn ends_frame(bytes: &[u8], len: usize) -> bool {
    bytes.get(..len).is_some_and(|bytes| bytes.ends_with(&BOUNDARY[BOUNDARY.len().saturating_sub(len)..]))
}

/// The lengths of all possible overlaps of the end of `tail` and the beginning of `head`, the shortest first, without
/// lengths that may be chance.
fn overlaps(tail: &[u8], head: &[u8]) -> Vec<usize> {
    let most = tail.len().min(head.len());
    let head = &head[..most];
    let shorter = shorter_overlaps(head);
    // Knuth, Morris and Pratt: how many bytes of `head` match at each byte of `tail`.
    let mut len = 0;
    for &byte in &tail[tail.len() - most..] {
        while len > 0 && (len == most || head[len] != byte) {
            len = shorter[len - 1] as usize;
        }
        len += usize::from(head.get(len) == Some(&byte));
    }
    let mut found = Vec::new();
    while len >= TELLING {
        found.push(len);
        len = shorter[len - 1] as usize;
    }
    found.reverse();
    found
}

/// For each prefix of `text`: the length of its longest proper prefix that is also its suffix.
fn shorter_overlaps(text: &[u8]) -> Vec<u32> {
    let mut shorter = vec![0_u32; text.len()];
    let mut len = 0;
    for at in 1..text.len() {
        while len > 0 && text[len] != text[at] {
            len = shorter[len - 1] as usize;
        }
        len += usize::from(text[len] == text[at]);
        shorter[at] = len as u32;
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(content: &str) -> String {
        format!("recv {} bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n{content}\x0b\n", content.len())
    }

    #[test]
    fn a_text_cut_at_any_byte_continues() {
        let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
        let text =
            [marker, &frame("one"), &frame("two\r\n\r\n\x0b\nfalse"), &frame(&"3".repeat(300))].concat();
        for cut in marker.len() + frame("one").len()..=text.len() {
            let (tail, head) = text.as_bytes().split_at(cut);
            assert_eq!(seam(tail, head, true), Seam::Continues, "{cut}");
        }
    }

    #[test]
    fn repeated_text_continuations_and_gaps_are_distinguished() {
        let (one, two, three) = (frame("one"), frame("two, which is longer"), frame(&"3".repeat(300)));
        let cut = |text: &str, at: usize| text[..at].to_owned();
        let after = |text: &str, at: usize| text[at..].to_owned();
        let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
        for (what, tail, head, want) in [
            (
                "the tail of a frame",
                [&*one, &two].concat(),
                after(&two, 30) + &three,
                Seam::Replays(two.len() - 30),
            ),
            ("a whole frame", [&*one, &two].concat(), [&*two, &three].concat(), Seam::Replays(two.len())),
            (
                "all of it",
                [&*one, &two].concat(),
                [&*one, &two].concat(),
                Seam::Replays(one.len() + two.len()),
            ),
            (
                "and the frame at its end was cut",
                one.clone() + &cut(&three, 120),
                after(&one, 10) + &three,
                Seam::Replays(one.len() - 10 + 120),
            ),
            (
                "of a body that says the same again and again",
                one.clone() + &cut(&three, 200),
                after(&three, 200),
                Seam::Continues,
            ),
            ("lost frames", one.clone() + &cut(&two, 70), three.clone(), Seam::Gap),
            ("lost in the middle", one.clone() + &cut(&two, 70), after(&three, 100), Seam::Gap),
            ("begins in the middle", one.clone(), after(&two, 20) + &three, Seam::Gap),
            ("a restart", one.clone(), marker.to_owned() + &two, Seam::Continues),
            ("a restart, and no frame yet", one.clone(), marker.to_owned(), Seam::Continues),
            (
                "a cut frame, and a restart",
                one.clone() + &cut(&two, 70),
                marker.to_owned() + &three,
                Seam::Gap,
            ),
            ("no frame in the tail", "x".repeat(500), after(&three, 100), Seam::Continues),
        ] {
            assert_eq!(seam(tail.as_bytes(), head.as_bytes(), true), want, "{what}");
        }
    }

    #[test]
    fn a_large_frame_needs_more_bytes_to_decide() {
        let large = frame(&"x".repeat(5_000));
        let tail = frame("one") + &large[..300];
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..1_000], false), Seam::Unknown);
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..1_000], true), Seam::Continues);
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..], false), Seam::Continues);
    }
}
