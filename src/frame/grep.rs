//! Removes the separators of a `grep -C` extract from a dump, for readers that do not know them.
//!
//! Must not know: statistics, SIP.

use std::io::{self, Read};

use super::asked::Asked;
use super::buffer::Buffer;
use super::decoder::{Decoder, Step};
use super::error::Idle;
use super::scan::{self, End};

/// The line that `grep -C` writes between two groups of lines.
const SEPARATOR: &[u8] = b"--\n";

/// A reader that removes the `--` lines of a `grep -C` extract, and never a byte of a frame's content.
///
/// A line `--` can be content: a multipart delimiter that was split between two reads, or anything else in a body. The
/// filter therefore follows the frames and removes such lines only outside frames. A frame that grep cut ends at the
/// separator.
///
/// The readers of this library know separators themselves; the filter is for passing an extract to other programs.
///
/// ```
/// use std::io::Read;
/// use sofiatui::GrepFilter;
/// let frame = "recv 3 bytes from tcp/[192.0.2.7]:5060 at 06:00:00.019608:\n--\n\x0b\n";
/// let mut out = String::new();
/// GrepFilter::new(format!("{frame}--\n{frame}").as_bytes()).read_to_string(&mut out)?;
/// assert_eq!(out, format!("{frame}{frame}"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct GrepFilter<R> {
    buffer: Buffer<R>,
    decoder: Decoder,
    asked: Asked,
    /// The number of bytes at the window's start that are passed on unchanged.
    pass: usize,
    /// The number of bytes after these that contain no frame.
    region: usize,
    /// Whether the last byte that left the window ended a line.
    at_line_start: bool,
    /// Why the input could not be read to its end; reported after everything that was read before.
    error: Option<io::Error>,
}

impl<R: Read> GrepFilter<R> {
    /// Filters `input`, which needs no buffer of its own.
    pub fn new(input: R) -> Self {
        Self {
            buffer: Buffer::new(input),
            decoder: Decoder::default(),
            asked: Asked::default(),
            pass: 0,
            region: 0,
            at_line_start: true,
            error: None,
        }
    }

    /// Reads more; in an idle input, decides what can be decided without more bytes.
    fn more(&mut self, wanted: usize) -> io::Result<Option<Step>> {
        let Err(error) = self.buffer.fill(wanted) else { return Ok(None) };
        if error.kind() != io::ErrorKind::WouldBlock {
            self.error = Some(error);
            return Ok(None);
        }
        let Some(idle) = Idle::of(&error) else { return Err(error) };
        self.asked.step(&mut self.decoder, &self.buffer, idle).map(Some).ok_or(error)
    }

    /// Removes the next separator, or passes on the bytes before it, in the region without frames.
    fn split_region(&mut self) {
        let window = self.buffer.window();
        if self.at_line_start && window.starts_with(SEPARATOR) {
            self.buffer.consume(SEPARATOR.len());
            self.region = self.region.saturating_sub(SEPARATOR.len());
            return;
        }
        // A separator that begins in the region may end after it: the window always holds more bytes than its length.
        let end = (self.region + SEPARATOR.len() - 1).min(window.len());
        self.pass = scan::next_separator(&window[..end], 0).unwrap_or(self.region).min(self.region);
        self.region -= self.pass;
    }

    /// Copies bytes that are passed on to `out`.
    fn pass_on(&mut self, out: &mut [u8]) -> usize {
        let len = self.pass.min(out.len());
        let bytes = &self.buffer.window()[..len];
        out[..len].copy_from_slice(bytes);
        self.at_line_start = bytes.last().is_none_or(|&b| b == b'\n');
        self.buffer.consume(len);
        self.pass -= len;
        len
    }
}

impl<R: Read> Read for GrepFilter<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            if self.pass > 0 {
                return Ok(self.pass_on(out));
            }
            if self.region > 0 {
                self.split_region();
                continue;
            }
            let at_end = if self.buffer.at_end() { End::Input } else { End::Open };
            let step = match self.decoder.step(self.buffer.window(), at_end) {
                Step::More(wanted) => match self.more(wanted)? {
                    Some(step) => step,
                    None => continue,
                },
                step => step,
            };
            match step {
                Step::Frame(shape) => self.pass = shape.total(),
                Step::Interleaved(interleaved) => self.pass = interleaved.len,
                Step::More(_) => {}
                Step::Between(len) | Step::Skip(len, _) => self.region = len,
                Step::End => return self.error.take().map_or(Ok(0), Err),
            }
        }
    }
}
