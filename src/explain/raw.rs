//! The Raw tab: the exact bytes, with the borders of the frames in which they came.
//!
//! Must not know: what the bytes say beyond how many there should be.

use crate::base::bytes::decimal;
use crate::base::number::grouped;
use crate::sip::Message;
use crate::store::{MessageText, Piece};
use crate::style::styled_text::{Line, Role};

use super::content;
use super::format::{bytes, shown};
use super::hex;
use super::look::Look;
use super::text::{self, LineEnds};

/// A heading for each piece, and its bytes.
pub fn lines(text: &MessageText, look: Look) -> Vec<Line> {
    let frames = frames(text);
    let mut out = Vec::new();
    if text.pieces.is_empty() {
        push_bytes(&text.bytes, 0, look, &mut out);
    }
    for (index, frame) in frames.iter().enumerate() {
        for (nth, piece) in frame.pieces.iter().enumerate() {
            let start = piece.start.min(text.bytes.len());
            let end = (start + piece.extent.len as usize).min(text.bytes.len());
            let place = format!("frame {} of {}", index + 1, frames.len());
            out.push(if nth == 0 {
                frame.heading(&place, end - start)
            } else {
                goes_on(&place, piece, end - start)
            });
            push_bytes(&text.bytes[start..end], start, look, &mut out);
        }
    }
    content::mark_written_in(&mut out, &Message::parse(&text.bytes));
    out
}

fn push_bytes(bytes: &[u8], first: usize, look: Look, out: &mut Vec<Line>) {
    let lines = if look.hex { hex::lines(bytes, first) } else { text::lines(bytes, first, LineEnds::Shown) };
    out.extend(lines);
}

/// The pieces that came in one frame: more than one where another profile's frame is in its middle.
struct Frame<'a> {
    pieces: &'a [Piece],
    /// What is wrong with its size, or what explains it.
    remark: Option<(Role, String)>,
}

/// Groups the pieces by the frames that they are of.
fn frames(text: &MessageText) -> Vec<Frame<'_>> {
    let groups: Vec<&[Piece]> = text.pieces.chunk_by(|_, next| next.header.is_empty()).collect();
    let count = groups.len();
    let mut out = Vec::with_capacity(count);
    for (index, pieces) in groups.into_iter().enumerate() {
        // After the last byte of a message its frame may hold the next one; before that it may not.
        let may_hold_more = index + 1 == count && is_whole(&text.bytes);
        out.push(Frame { pieces, remark: remark(pieces, may_hold_more) });
    }
    out
}

/// Declared against actual size.
fn remark(pieces: &[Piece], may_hold_more: bool) -> Option<(Role, String)> {
    let header = &pieces.first()?.header;
    let declared = decimal(header.split(|&b| b == b' ').nth(1)?)?;
    let here: u64 = pieces.iter().map(|piece| piece.extent.len).sum();
    if here == declared {
        return None;
    }
    let is_datagram = memchr::memmem::find(header, b" udp/").is_some();
    if here < declared && may_hold_more && !is_datagram {
        return Some((Role::Note, format!("the frame holds {} more", bytes((declared - here) as usize))));
    }
    Some((Role::Error, format!("the frame's header says {}", bytes(declared as usize))))
}

/// Whether the message has all of its bytes.
fn is_whole(bytes: &[u8]) -> bool {
    let message = Message::parse(bytes);
    let declared = message.header("Content-Length").and_then(|field| decimal(&field.value));
    message.has_blank_line() && declared.is_none_or(|declared| message.body().len() as u64 >= declared)
}

impl Frame<'_> {
    fn heading(&self, place: &str, here: usize) -> Line {
        let Some(piece) = self.pieces.first() else { return Line::default() };
        let header = if piece.header.is_empty() {
            ", from within it".to_owned()
        } else {
            format!(": {}", shown(&piece.header))
        };
        let line = Line::of(Role::Heading, format!("── {place}{header}{} ", whereabouts(piece, here)));
        let line = match &self.remark {
            Some((role, remark)) => line.and(*role, format!("· {remark} ")),
            None => line,
        };
        line.and(Role::Heading, "──")
    }
}

/// The heading of a piece after the first one of its frame.
fn goes_on(place: &str, piece: &Piece, here: usize) -> Line {
    Line::of(Role::Heading, format!("── {place} goes on behind another{} ──", whereabouts(piece, here)))
}

/// A file's name without its folders.
fn short(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn whereabouts(piece: &Piece, here: usize) -> String {
    let file = piece.file.as_deref().map(|file| format!(" · {}", shown(short(file).as_bytes())));
    let file = file.unwrap_or_default();
    format!("{file} · offset {} · {} here", grouped(piece.extent.offset), bytes(here))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Extent;

    /// The headings of a message whose pieces are of these lengths and begin with these frame headers.
    fn headings(message: &str, pieces: &[(usize, &str)]) -> Vec<String> {
        let mut start = 0;
        let pieces = pieces.iter().map(|&(len, header)| {
            let extent = Extent::new(5_000 + start as u64, len as u64);
            let piece = Piece { start, extent, file: None, header: header.into() };
            start += len;
            piece
        });
        let text = MessageText { pieces: pieces.collect(), bytes: message.into() };
        let lines = lines(&text, Look::default());
        lines.iter().filter(|line| line.spans[0].role == Role::Heading).map(Line::text).collect()
    }

    #[test]
    fn frames_say_what_they_are_and_whether_their_size_is_right() {
        const WHOLE: &str = "BYE sip:a@b SIP/2.0\r\nl: 2\r\n\r\nab";
        let (tcp, udp) = (
            "recv 31 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.1",
            "recv 40 bytes from udp/[192.0.2.7]:5060 at 06:00:00.1",
        );
        let more = tcp.replace("31", "90");
        let first = tcp.replace("31", "20");
        for (message, pieces, expected) in [
            (
                WHOLE,
                vec![(31, tcp)],
                vec![format!("── frame 1 of 1: {tcp} · offset 5,000 · 31 bytes here ──")],
            ),
            (
                WHOLE,
                vec![(31, more.as_str())],
                vec![format!(
                    "── frame 1 of 1: {more} · offset 5,000 · 31 bytes here · the frame holds 59 bytes more ──"
                )],
            ),
            (
                &WHOLE[..30],
                vec![(30, tcp)],
                vec![format!(
                    "── frame 1 of 1: {tcp} · offset 5,000 · 30 bytes here · the frame's header says 31 bytes ──"
                )],
            ),
            (
                WHOLE,
                vec![(31, udp)],
                vec![format!(
                    "── frame 1 of 1: {udp} · offset 5,000 · 31 bytes here · the frame's header says 40 bytes ──"
                )],
            ),
            (
                WHOLE,
                vec![(10, ""), (11, first.as_str()), (9, ""), (1, more.as_str())],
                vec![
                    "── frame 1 of 3, from within it · offset 5,000 · 10 bytes here ──".to_owned(),
                    format!("── frame 2 of 3: {first} · offset 5,010 · 11 bytes here ──"),
                    "── frame 2 of 3 goes on behind another · offset 5,021 · 9 bytes here ──".to_owned(),
                    format!(
                        "── frame 3 of 3: {more} · offset 5,030 · 1 byte here · the frame holds 89 bytes more ──"
                    ),
                ],
            ),
        ] {
            assert_eq!(headings(message, &pieces), expected);
        }
    }
}
