//! The elements of all formats: numbers, timestamps, bytes of a trace, colours.
//!
//! Must not know: which format uses them.

use std::borrow::Cow;

use crate::base::Timestamp;
use crate::base::charset::Charset;
use crate::base::escape::escape;
use crate::style::{Palette, Role};

/// How bytes of a trace are written that a terminal would interpret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Safety {
    /// Unchanged: a program reads the output.
    #[default]
    Exact,
    /// Escaped: a terminal shows the output.
    Escaped,
}

/// How text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// How control bytes are written.
    pub safety: Safety,
    /// Its colours; none for output without any sequences.
    pub palette: Option<Palette>,
    /// The characters that our own symbols may use.
    pub charset: Charset,
}

impl Style {
    /// Appends the output of `write` in the style of a role.
    pub fn styled(self, out: &mut Vec<u8>, role: Role, write: impl FnOnce(&mut Vec<u8>)) {
        let before = out.len();
        if let Some(palette) = self.palette {
            palette.look(role).write_sequence(out);
        }
        let has_sequence = out.len() > before;
        write(out);
        if has_sequence {
            out.extend_from_slice(b"\x1b[0m");
        }
    }

    /// A text of ours, such as a drawing, in characters that the reader's locale supports.
    pub fn signs(self, text: &str) -> Cow<'_, str> {
        match self.charset {
            Charset::Utf8 => Cow::Borrowed(text),
            Charset::Ascii if text.is_ascii() => Cow::Borrowed(text),
            Charset::Ascii => self.charset.spelled(text).chars().map(|c| self.charset.sign(c)).collect(),
        }
    }

    /// The same for the output from an offset on.
    pub fn limit_signs(self, out: &mut Vec<u8>, from: usize) {
        if self.charset == Charset::Ascii {
            let text = String::from_utf8_lossy(&out[from..]).into_owned();
            out.truncate(from);
            out.extend_from_slice(self.signs(&text).as_bytes());
        }
    }

    /// Appends bytes of a trace that stay within a line: a line end in them becomes a blank.
    pub fn inline(self, out: &mut Vec<u8>, bytes: &[u8]) {
        if self.safety == Safety::Escaped {
            out.extend_from_slice(escape(bytes).as_bytes());
        } else if memchr::memchr2(b'\r', b'\n', bytes).is_none() {
            out.extend_from_slice(bytes);
        } else {
            out.extend(bytes.iter().map(|b| if matches!(b, b'\r' | b'\n') { b' ' } else { *b }));
        }
    }

    /// Appends bytes of a trace with their line ends, and a final line end if it is missing.
    pub fn block(self, out: &mut Vec<u8>, bytes: &[u8]) {
        match self.safety {
            Safety::Exact => out.extend_from_slice(bytes),
            Safety::Escaped => {
                for line in bytes.split_inclusive(|b| *b == b'\n') {
                    let text = line.strip_suffix(b"\n").unwrap_or(line);
                    out.extend_from_slice(escape(text.strip_suffix(b"\r").unwrap_or(text)).as_bytes());
                    out.push(b'\n');
                }
            }
        }
        if !bytes.is_empty() && out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
    }
}

/// Appends a number in decimal.
pub fn decimal(out: &mut Vec<u8>, mut number: u64) {
    // The largest number has 20 digits.
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a number with at least `width` digits.
fn padded(out: &mut Vec<u8>, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let (mut rest, mut at) = (number, digits.len());
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

/// Appends a timestamp as in the dump.
pub fn stamp(out: &mut Vec<u8>, stamp: Timestamp) {
    let (hour, min, sec, usec) = match stamp {
        Timestamp::TimeOnly { hour, min, sec, usec } => (hour, min, sec, usec),
        Timestamp::DateTime { year, month, day, hour, min, sec, usec } => {
            padded(out, u32::from(year), 4);
            out.push(b'-');
            padded(out, u32::from(month), 2);
            out.push(b'-');
            padded(out, u32::from(day), 2);
            out.push(b' ');
            (hour, min, sec, usec)
        }
    };
    padded(out, u32::from(hour), 2);
    out.push(b':');
    padded(out, u32::from(min), 2);
    out.push(b':');
    padded(out, u32::from(sec), 2);
    out.push(b'.');
    padded(out, usec, 6);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn timestamps_and_numbers_print_like_their_display() {
        for text in
            ["00:00:00.000000", "23:59:60.999999", "2026-02-01 06:00:00.019608", "0001-01-01 00:00:01.000010"]
        {
            let parsed = Timestamp::parse(text.as_bytes()).unwrap();
            assert_eq!(written(|out| stamp(out, parsed)), text);
        }
        for number in [0, 7, 10, 4_294_967_296, u64::MAX] {
            assert_eq!(written(|out| decimal(out, number)), number.to_string());
        }
    }

    #[test]
    fn control_bytes_are_escaped_for_a_terminal_and_unchanged_for_a_pipe() {
        let bytes = b"a\x1b[2Jb\r\n\xffc";
        let terminal = Style { safety: Safety::Escaped, ..Style::default() };
        assert_eq!(written(|out| terminal.block(out, bytes)), "a\\x1b[2Jb\n\\xffc\n");
        assert_eq!(written(|out| terminal.inline(out, bytes)), "a\\x1b[2Jb\\r\\n\\xffc");
        let mut out = Vec::new();
        Style::default().block(&mut out, bytes);
        Style::default().inline(&mut out, bytes);
        assert_eq!(out, b"a\x1b[2Jb\r\n\xffc\na\x1b[2Jb  \xffc");
    }

    #[test]
    fn colours_surround_the_text_and_only_if_requested() {
        let colors = Style { palette: Some(Palette::Ansi), ..Style::default() };
        assert_eq!(
            written(|out| colors.styled(out, Role::Failure, |out| out.push(b'x'))),
            "\x1b[1;31mx\x1b[0m"
        );
        assert_eq!(written(|out| Style::default().styled(out, Role::Failure, |out| out.push(b'x'))), "x");
    }
}
