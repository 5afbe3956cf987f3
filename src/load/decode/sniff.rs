//! Detects from the first bytes of a text whether it is a dump or a FreeSWITCH log, and reads a log as a dump.
//!
//! Must not know: files, how a log is read.

use std::io::{self, Read};

use memchr::memmem;

use crate::frame::{FrameEnd, FrameReader};

use crate::load::siptrace::{SharedAccount, Siptrace, Text, text_of};

/// The bytes that are examined, if they show what the text is.
pub(in crate::load) const HEAD: usize = 64 * 1024;

/// Upper limit of the bytes that are examined: other programs may write to a log before FreeSWITCH does.
pub(in crate::load) const MAX_HEAD: usize = 1 << 20;

/// The end of a dump's frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// A text that is a dump, or is read as one.
pub(in crate::load) struct Sniffed<R> {
    format: Format<R>,
    account: SharedAccount,
}

enum Format<R> {
    /// Not detected yet.
    Unknown(Whole<R>),
    Dump(Whole<R>),
    Log(Box<Siptrace<Whole<R>>>),
    /// Placeholder while the state changes.
    Nothing,
}

/// A text whose first bytes are buffered.
#[derive(Debug)]
struct Whole<R> {
    head: Vec<u8>,
    given: usize,
    /// The error that followed these bytes.
    error: Option<io::Error>,
    rest: R,
}

impl<R: Read> Sniffed<R> {
    pub(in crate::load) fn new(inner: R) -> Self {
        let whole = Whole { head: Vec::new(), given: 0, error: None, rest: inner };
        Self { format: Format::Unknown(whole), account: SharedAccount::default() }
    }

    /// The counts of a log's bytes while it is read.
    pub(in crate::load) fn account(&self) -> SharedAccount {
        self.account.clone()
    }

    /// Reads until the format is detected. A pause before that is returned as an error.
    fn decide(&mut self) -> io::Result<()> {
        let Format::Unknown(whole) = &mut self.format else { return Ok(()) };
        let text = whole.look()?;
        let Format::Unknown(whole) = std::mem::replace(&mut self.format, Format::Nothing) else {
            return Ok(());
        };
        self.format = match text {
            Text::Dump | Text::Unknown => Format::Dump(whole),
            Text::Log => Format::Log(Box::new(Siptrace::new(whole).counted_in(self.account()))),
            Text::Wrapped(wrapping) => {
                Format::Log(Box::new(Siptrace::wrapped(whole, wrapping).counted_in(self.account())))
            }
        };
        Ok(())
    }
}

impl<R: Read> Whole<R> {
    /// Detects the format.
    fn look(&mut self) -> io::Result<Text> {
        let mut wanted = HEAD;
        loop {
            let is_ended = match self.fill(wanted) {
                Ok(is_ended) => is_ended,
                // More bytes may show what it is; only a dump has boundaries.
                Err(pause) => {
                    return match text_of(&self.head) {
                        Text::Dump | Text::Unknown if memmem::find(&self.head, BOUNDARY).is_some() => {
                            Ok(Text::Dump)
                        }
                        Text::Dump | Text::Unknown => Err(pause),
                        text => Ok(text),
                    };
                }
            };
            match text_of(&self.head) {
                Text::Unknown if !is_ended && wanted < MAX_HEAD => wanted *= 4,
                text => return Ok(text),
            }
        }
    }

    /// Reads the first `wanted` bytes, or fewer if they contain a frame. Returns whether the text ends there. A pause is
    /// an error.
    fn fill(&mut self, wanted: usize) -> io::Result<bool> {
        let mut buffer = [0; 8192];
        while self.head.len() < wanted && (self.head.len() > HEAD || !has_frame(&self.head)) {
            match self.rest.read(&mut buffer) {
                Ok(0) => return Ok(true),
                Ok(read) => self.head.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(error),
                Err(error) => {
                    self.error = Some(error);
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given < self.head.len() {
            let read = (&self.head[self.given..]).read(buffer)?;
            self.given += read;
            return Ok(read);
        }
        if !self.head.is_empty() {
            (self.head, self.given) = (Vec::new(), 0);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.rest.read(buffer),
        }
    }
}

/// Whether there is a frame with so much content that more bytes would not change the result.
fn has_frame(head: &[u8]) -> bool {
    const TELLING: usize = 512;
    let mut frames = FrameReader::new(head);
    let frame = frames.next_frame();
    frame.is_ok_and(|frame| frame.is_some_and(|f| f.content.len() >= TELLING || f.end == FrameEnd::Declared))
}

impl<R: Read> Read for Sniffed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decide()?;
        match &mut self.format {
            Format::Unknown(_) | Format::Nothing => Ok(0),
            Format::Dump(text) => text.read(buffer),
            Format::Log(text) => text.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a text in chunks of one size, with a pause before each.
    struct Pieces<'a>(&'a [u8], usize, bool);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.2 = !self.2;
            if self.2 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(text: &str, piece: usize) -> String {
        let mut sniffed = Sniffed::new(Pieces(text.as_bytes(), piece, false));
        let (mut out, mut buffer) = (Vec::new(), [0; 50]);
        loop {
            match sniffed.read(&mut buffer) {
                Ok(0) => return String::from_utf8(out).unwrap(),
                Ok(read) => out.extend_from_slice(&buffer[..read]),
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
    }

    #[test]
    fn a_dump_is_read_unchanged_and_a_log_as_a_dump_in_any_chunks() {
        let message = "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n";
        let header = |word: &str| format!("{word} {} bytes to udp/[192.0.2.7]:5060", message.len());
        let frame = format!("{} at 06:00:00.019608:\n{message}\x0b\n", header("sent"));
        let entry = format!(
            "{} at 06:00:00.019608:\n{}\n{}\n",
            header("send"),
            "-".repeat(72),
            message.replace("\r\n", "\n")
        );
        let line = "2026-11-23 05:59:59.000000 99.00% [DEBUG] switch_core.c:1 text\n";
        let dated = frame.replace("at 06", "at 2026-11-23 06");
        let short = "sent 1 bytes to udp/[192.0.2.7]:5060 at 06:00:00.019608:\nx\x0b\n";
        for piece in [1, 7, 57, 10_000] {
            for (text, want) in [
                (frame.clone(), frame.clone()),
                (short.to_owned(), short.to_owned()),
                ("noise".to_owned(), "noise".to_owned()),
                (entry.clone(), frame.clone()),
                (line.to_owned() + &entry + line, dated.clone()),
            ] {
                assert_eq!(read(&text, piece), want, "{piece} {text}");
            }
        }
    }

    #[test]
    fn a_log_without_entries_and_an_unreadable_log_are_errors() {
        let line = "2026-11-23 05:59:59.000000 99.00% [DEBUG] switch_core.c:1 text\n";
        let header = "recv 5 bytes from udp/[192.0.2.7]:5060 at 06:00:00.019608:\n";
        for (text, expected) in [
            (
                line.repeat(2),
                "is a FreeSWITCH log without siptrace entries (2 lines read); `sofia profile NAME siptrace on` in fs_cli turns them on",
            ),
            (
                format!("a {header}b {}\nc hello\n", "-".repeat(72)),
                "looks like a siptrace log with something before each line",
            ),
        ] {
            let error = Sniffed::new(text.as_bytes()).read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn an_error_after_a_short_text_is_returned_once() {
        struct Broken(bool);
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) { Ok(0) } else { Err(io::Error::other("broken")) }
            }
        }
        let mut sniffed = Sniffed::new(b"text".chain(Broken(false)));
        let mut out = Vec::new();
        assert_eq!(sniffed.read_to_end(&mut out).unwrap_err().to_string(), "broken");
        assert_eq!((out, sniffed.read(&mut [0; 9]).unwrap()), (b"text".to_vec(), 0));
    }
}
