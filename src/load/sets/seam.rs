//! What stands between the end of one file and the beginning of the next: nothing, the same text again, or a gap.
//!
//! Must not know: files, how text is read.

use memchr::memmem::Finder;

use crate::frame::{FrameEnd, FrameReader};

/// How two files of a set follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seam {
    /// The second goes on where the first ends, be it in the middle of a frame.
    Continues,
    /// So many bytes of the second stand at the end of the first already; then it goes on.
    Replays(usize),
    /// Bytes are missing between them.
    Gap,
    /// More of the second must be known to tell.
    Unknown,
}

/// Fewer bytes than these may stand at both places by chance.
const TELLING: usize = 32;

/// Tells how `head`, the beginning of a file, follows `tail`, the end of the one before it. `is_whole` says that there is no
/// more of it.
///
/// Proof comes before likelihood: where a frame was begun, its count says how it must go on.
pub(super) fn seam(tail: &[u8], head: &[u8], is_whole: bool) -> Seam {
    let Some(end) = last_frame(tail) else {
        // Nothing to judge by: a frame larger than the tail, or no frame at all.
        return Seam::Continues;
    };
    let again = overlap(tail, head);
    if let Some(begun) = end.begun {
        if goes_on(begun, head, is_whole) {
            return Seam::Continues;
        }
        if !is_whole && may_go_on(begun, head) {
            return Seam::Unknown;
        }
    }
    if again > 0 {
        // Two frames of the same microsecond with the same content are one.
        return Seam::Replays(again);
    }
    if end.rest.is_some_and(|rest| goes_on(rest, head, is_whole)) { Seam::Continues } else { Seam::Gap }
}

/// How a run of bytes ends, of which the last frame is known.
struct LastFrame<'a> {
    /// The bytes from its header on, where it lacks something.
    begun: Option<&'a [u8]>,
    /// What stands behind it, where it may be whole: nothing, or the beginning of a header or of a marker.
    rest: Option<&'a [u8]>,
}

/// The last frame of `tail`; `None` where there is none.
fn last_frame(tail: &[u8]) -> Option<LastFrame<'_>> {
    let mut frames = FrameReader::new(tail);
    let mut last = None;
    // A slice can always be read.
    while let Ok(Some(frame)) = frames.next_frame() {
        let content_end = frame.extents.iter().map(|extent| extent.end()).max();
        let content_end = content_end.unwrap_or(frame.offset + frame.header.len() as u64) as usize;
        let is_short = frame.content.len() < frame.byte_count;
        last = Some((frame.offset as usize, content_end, frame.end, is_short));
    }
    let (start, content_end, end, is_short) = last?;
    let rest = match (end, tail[content_end.min(tail.len())..].strip_prefix(b"\x0b\n")) {
        (FrameEnd::EndOfInput, _) => None,
        (FrameEnd::Cut, _) => Some(&tail[content_end..]),
        (_, rest) => rest,
    };
    // What looks like a boundary at the end may be content of a frame that is longer.
    let may_be_begun = rest.is_none() || (is_short && rest.is_some_and(<[u8]>::is_empty));
    Some(LastFrame { begun: may_be_begun.then(|| &tail[start..]), rest })
}

/// Whether `head` is what must come after `rest`: the rest of a frame, or what may follow one.
fn goes_on(rest: &[u8], head: &[u8], is_whole: bool) -> bool {
    let joined = [rest, head].concat();
    let mut frames = FrameReader::new(&joined[..]);
    let first = frames.next_frame().ok().flatten().map(|frame| (frame.offset as usize, frame.end));
    let skipped = frames.stats().bytes_skipped();
    match first {
        Some((_, end)) if skipped == 0 => {
            let is_begun = rest.starts_with(b"recv ") || rest.starts_with(b"sent ");
            match end {
                FrameEnd::Declared => true,
                // The whole next file is content of the frame, and more is to come.
                FrameEnd::EndOfInput => is_whole || !is_begun,
                FrameEnd::Boundary | FrameEnd::Cut => !is_begun,
            }
        }
        // A marker, or blank lines, and no frame yet.
        None => skipped == 0,
        _ => false,
    }
}

/// Whether `head` may still turn out to be the rest of the frame that `rest` begins.
fn may_go_on(rest: &[u8], head: &[u8]) -> bool {
    let joined = [rest, head].concat();
    let mut frames = FrameReader::new(&joined[..]);
    let first = frames.next_frame().ok().flatten().map(|frame| (frame.offset, frame.end));
    first == Some((0, FrameEnd::EndOfInput))
}

/// How many of the first bytes of `head` are the last ones of `tail`; 0 where they are so few that this may be chance.
fn overlap(tail: &[u8], head: &[u8]) -> usize {
    let Some(first) = head.get(..TELLING) else { return 0 };
    let most = tail.len().min(head.len());
    // Each place at which the first bytes stand again is a candidate; the longest overlap begins at the first of them.
    let finder = Finder::new(first);
    let mut places = finder.find_iter(&tail[tail.len() - most..]).map(|at| most - at).take(4096);
    places.find(|&len| tail.ends_with(&head[..len])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(content: &str) -> String {
        format!("recv {} bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n{content}\x0b\n", content.len())
    }

    #[test]
    fn a_text_cut_anywhere_goes_on() {
        let marker = "dump started at Mon Nov 23 04:09:00 2026\n\n\n";
        let text =
            [marker, &frame("one"), &frame("two\r\n\r\n\x0b\nfalse"), &frame(&"3".repeat(300))].concat();
        for cut in marker.len() + frame("one").len()..=text.len() {
            let (tail, head) = text.as_bytes().split_at(cut);
            assert_eq!(seam(tail, head, true), Seam::Continues, "{cut}");
        }
    }

    #[test]
    fn what_comes_again_is_told_from_what_goes_on_and_from_gaps() {
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
    fn a_large_frame_needs_more_to_tell() {
        let large = frame(&"x".repeat(5_000));
        let tail = frame("one") + &large[..300];
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..1_000], false), Seam::Unknown);
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..1_000], true), Seam::Continues);
        assert_eq!(seam(tail.as_bytes(), &large.as_bytes()[300..], false), Seam::Continues);
    }
}
