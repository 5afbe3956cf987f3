//! Bytes in hex: 16 a line, with their offset and what is printable of them.
//!
//! Must not know: what the bytes are.

use std::borrow::Cow;

use crate::style::styled_text::{Line, Role, Span};

/// Bytes of one line.
const WIDTH: usize = 16;

/// `00000010  53 49 50 2f 32 2e 30 0d  0a 56 69 61 3a 20 53 49  |SIP/2.0..Via: SI|`
///
/// Offsets count from `first`; so do the lines' sources.
pub fn lines(bytes: &[u8], first: usize) -> Vec<Line> {
    let chunks = bytes.chunks(WIDTH).enumerate();
    chunks.map(|(index, chunk)| line(chunk, first + index * WIDTH)).collect()
}

fn line(chunk: &[u8], offset: usize) -> Line {
    let mut digits = Vec::with_capacity(WIDTH * 3 + 2);
    for index in 0..WIDTH {
        if index == WIDTH / 2 {
            digits.push(b' ');
        }
        match chunk.get(index) {
            Some(b) => digits.extend([digit(b >> 4), digit(b & 15), b' ']),
            None => digits.extend(*b"   "),
        }
    }
    digits.push(b' ');
    let mut text = Vec::with_capacity(WIDTH + 2);
    text.push(b'|');
    text.extend(chunk.iter().map(|&b| if matches!(b, 0x20..=0x7e) { b } else { b'.' }));
    text.push(b'|');
    let spans = [(Role::Dim, address(offset)), (Role::Plain, digits), (Role::Note, text)];
    let spans = spans.map(|(role, text)| Span { role, text: ascii(text) });
    Line { spans: spans.into(), source: Some(offset..offset + chunk.len()) }
}

/// The offset in eight digits or more, and two blanks.
fn address(offset: usize) -> Vec<u8> {
    let digits = (usize::BITS - offset.leading_zeros()).div_ceil(4).max(8);
    let mut out = Vec::with_capacity(digits as usize + 2);
    out.extend((0..digits).rev().map(|place| digit((offset >> (4 * place)) as u8)));
    out.extend(b"  ");
    out
}

fn digit(value: u8) -> u8 {
    b"0123456789abcdef"[usize::from(value & 15)]
}

/// Text that was made of ASCII characters.
fn ascii(text: Vec<u8>) -> Cow<'static, str> {
    Cow::Owned(String::from_utf8(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_sixteen_bytes_and_the_last_line_what_is_left() {
        let text: Vec<String> = lines(b"SIP/2.0 200 OK\r\n\x0b\xff", 0x10).iter().map(Line::text).collect();
        assert_eq!(
            text,
            [
                "00000010  53 49 50 2f 32 2e 30 20  32 30 30 20 4f 4b 0d 0a  |SIP/2.0 200 OK..|",
                "00000020  0b ff                                             |..|",
            ]
        );
        assert_eq!(lines(b"a", 0x1_2345_6789)[0].text().split(' ').next(), Some("123456789"));
        assert!(lines(b"", 0).is_empty());
    }

    #[test]
    fn a_line_names_the_bytes_that_it_shows() {
        let sources: Vec<_> = lines(&[0; 40], 100).into_iter().map(|line| line.source).collect();
        assert_eq!(sources, [Some(100..116), Some(116..132), Some(132..140)]);
    }
}
