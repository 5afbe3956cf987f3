//! Archives that consist of several compressed streams. Zero bytes may follow each of them; tapes and block devices add
//! them.
//!
//! Must not know: what is compressed, files.

use std::io::{self, BufRead, BufReader, Read};

/// The compressed bytes.
type Packed = BufReader<Positioned>;

/// The compressed bytes as they come, and how many came.
pub(super) struct Positioned {
    inner: Box<dyn Read + Send>,
    read: u64,
}

impl Read for Positioned {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// Compressed bytes per read: a decoder may lose the data that it was given together with a damaged byte.
const ROOM: usize = 32 * 1024;

/// A decoder of one stream.
pub(super) trait Member: Read + Sized {
    /// The first bytes of every stream.
    const MAGIC: &'static [u8];
    /// What the archive is called in messages.
    const NAME: &'static str;
    /// Starts at a stream's first byte.
    fn begin(packed: Packed) -> io::Result<Self>;
    /// The bytes after the stream, once it was read to its end.
    fn rest(self) -> Packed;
    /// How many bytes of text it wrote, if it knows; also those of a call that failed.
    fn written(&self) -> Option<u64> {
        None
    }
}

pub(super) type Gzip = flate2::bufread::GzDecoder<Packed>;
pub(super) type Bzip2 = bzip2::bufread::BzDecoder<Packed>;
pub(super) type Xz = xz2::bufread::XzDecoder<Packed>;
pub(super) type Zstd = zstd::stream::read::Decoder<'static, Packed>;

impl Member for Gzip {
    const MAGIC: &'static [u8] = &[0x1f, 0x8b];
    const NAME: &'static str = "gzip";

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn rest(self) -> Packed {
        self.into_inner()
    }
}

impl Member for Bzip2 {
    const MAGIC: &'static [u8] = b"BZh";
    const NAME: &'static str = "bzip2";

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn rest(self) -> Packed {
        self.into_inner()
    }
}

impl Member for Xz {
    const MAGIC: &'static [u8] = b"\xfd7zXZ\0";
    const NAME: &'static str = "xz";

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::new_stream(packed, xz2::stream::Stream::new_stream_decoder(u64::MAX, 0)?))
    }

    fn rest(self) -> Packed {
        self.into_inner()
    }

    fn written(&self) -> Option<u64> {
        Some(self.total_out())
    }
}

impl Member for Zstd {
    const MAGIC: &'static [u8] = &[0x28, 0xb5, 0x2f, 0xfd];
    const NAME: &'static str = "zstd";

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::with_buffer(packed)?.single_frame())
    }

    fn rest(self) -> Packed {
        self.finish()
    }
}

/// All streams of an archive.
pub(super) struct Members<M> {
    current: Option<M>,
    /// The compressed bytes, between two streams.
    rest: Option<Packed>,
    is_begun: bool,
    /// The text of the streams before the current one.
    written: u64,
}

impl<M: Member> Members<M> {
    pub(super) fn new(packed: Box<dyn Read + Send>) -> Self {
        let packed = BufReader::with_capacity(ROOM, Positioned { inner: packed, read: 0 });
        Self { current: None, rest: Some(packed), is_begun: false, written: 0 }
    }

    /// How many bytes of text were written, if the decoder knows.
    pub(super) fn written(&self) -> Option<u64> {
        self.current.as_ref()?.written().map(|written| self.written + written)
    }

    /// Starts the next stream. `false` if there is none.
    fn next(&mut self) -> io::Result<bool> {
        let Some(mut packed) = self.rest.take() else { return Ok(false) };
        if std::mem::replace(&mut self.is_begun, true) && !is_more::<M>(&mut packed)? {
            return Ok(false);
        }
        self.current = Some(M::begin(packed)?);
        Ok(true)
    }
}

/// Whether another stream follows one, perhaps after zero bytes.
fn is_more<M: Member>(packed: &mut Packed) -> io::Result<bool> {
    loop {
        let bytes = match packed.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        if bytes.is_empty() {
            return Ok(false);
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros < bytes.len() {
            // The buffer may end within the first bytes; the decoder then says what is wrong with the others.
            let is_stream = bytes[zeros..].iter().zip(M::MAGIC).all(|(byte, wanted)| byte == wanted);
            packed.consume(zeros);
            return if is_stream { Ok(true) } else { Err(garbage::<M>(packed)) };
        }
        packed.consume(zeros);
    }
}

/// The error about bytes that follow an archive and are none.
fn garbage<M: Member>(packed: &Packed) -> io::Error {
    let at = packed.get_ref().read - packed.buffer().len() as u64;
    let text = format!("the {} archive is followed by something else at byte {at} of the input", M::NAME);
    io::Error::new(io::ErrorKind::InvalidData, text)
}

impl<M: Member> Read for Members<M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(member) = &mut self.current {
                match member.read(buffer)? {
                    0 => {
                        self.written += member.written().unwrap_or_default();
                        self.rest = self.current.take().map(M::rest);
                    }
                    read => return Ok(read),
                }
            } else if !self.next()? {
                return Ok(0);
            }
        }
    }
}
