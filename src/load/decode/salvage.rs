//! Gets everything out of a decoder that it decodes before an error.
//!
//! A decoder that fails inside a call returns only the error: the bytes that it wrote in that call are lost. So it is
//! called with small buffers, and asked how many bytes it wrote if it knows.
//!
//! Must not know: which decoder it is.

use std::io::{self, Read};

/// Bytes that are requested per call.
const STEP: usize = 256;

/// A decoder that returns all its data before its error.
pub(in crate::load) struct Salvage<D> {
    decoder: D,
    /// The total number of bytes that it wrote, if it knows.
    written: fn(&D) -> Option<u64>,
    given: u64,
    /// What comes next.
    error: Option<io::Error>,
}

impl<D> Salvage<D> {
    pub(in crate::load) fn new(decoder: D, written: fn(&D) -> Option<u64>) -> Self {
        Self { decoder, written, given: 0, error: None }
    }
}

impl<D: Read> Read for Salvage<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let mut filled = 0;
        while filled < buffer.len() {
            let end = buffer.len().min(filled + STEP);
            match self.decoder.read(&mut buffer[filled..end]) {
                Ok(0) => break,
                Ok(read) => (filled, self.given) = (filled + read, self.given + read as u64),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let lost = (self.written)(&self.decoder).map_or(0, |all| all.saturating_sub(self.given));
                    let lost = (lost as usize).min(end - filled);
                    (filled, self.given) = (filled + lost, self.given + lost as u64);
                    if filled == 0 {
                        return Err(error);
                    }
                    self.error = Some(error);
                    break;
                }
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes one byte per call, and fails in the sixth call after writing three bytes.
    struct Failing(u64);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 5 {
                buffer[..3].copy_from_slice(b"678");
                self.0 += 3;
                return Err(io::Error::other("broken"));
            }
            self.0 += 1;
            buffer[0] = b'0' + self.0 as u8;
            Ok(1)
        }
    }

    #[test]
    fn bytes_written_before_an_error_are_returned_before_it() {
        for (written, want) in
            [((|d: &Failing| Some(d.0)) as fn(&Failing) -> Option<u64>, "12345678"), (|_| None, "12345")]
        {
            let mut salvage = Salvage::new(Failing(0), written);
            let mut out = Vec::new();
            let error = salvage.read_to_end(&mut out).unwrap_err();
            assert_eq!((String::from_utf8(out).unwrap(), error.to_string()), (want.into(), "broken".into()));
        }
    }
}
