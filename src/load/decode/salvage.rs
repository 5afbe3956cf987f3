//! Gets out of a decoder all that it decodes before it meets an error.
//!
//! A decoder that fails in the middle of a call says only that: what it had written by then is lost with the call. So it is
//! called for little at a time, and asked how much it wrote where it can tell.
//!
//! Must not know: which decoder it is.

use std::io::{self, Read};

/// So much is asked for at a time.
const STEP: usize = 256;

/// A decoder that gives all before its error.
pub(in crate::load) struct Salvage<D> {
    decoder: D,
    /// How many bytes it wrote in all, where it can tell.
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

    /// Writes one byte a call, and fails in the call for the sixth, having written three.
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
    fn what_was_written_before_the_error_comes_before_it() {
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
