//! Archives that consist of several compressed streams. Zero bytes may follow each of them; tapes and block devices add
//! them.
//!
//! Must not know: what is compressed, files.

use std::io::{self, BufRead, BufReader, Read};

/// The compressed bytes.
type Packed = BufReader<Box<dyn Read + Send>>;

/// Compressed bytes per read: a decoder may lose the data that it was given together with a damaged byte.
const ROOM: usize = 32 * 1024;

/// A decoder of one stream.
pub(super) trait Member: Read + Sized {
    /// The first bytes of every stream.
    const MAGIC: &'static [u8];
    /// Starts at a stream's first byte.
    fn begin(packed: Packed) -> io::Result<Self>;
    /// The bytes after the stream, once it was read to its end.
    fn rest(self) -> Packed;
}

pub(super) type Gzip = flate2::bufread::GzDecoder<Packed>;
pub(super) type Bzip2 = bzip2::bufread::BzDecoder<Packed>;
pub(super) type Zstd = zstd::stream::read::Decoder<'static, Packed>;

impl Member for Gzip {
    const MAGIC: &'static [u8] = &[0x1f, 0x8b];

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn rest(self) -> Packed {
        self.into_inner()
    }
}

impl Member for Bzip2 {
    const MAGIC: &'static [u8] = b"BZh";

    fn begin(packed: Packed) -> io::Result<Self> {
        Ok(Self::new(packed))
    }

    fn rest(self) -> Packed {
        self.into_inner()
    }
}

impl Member for Zstd {
    const MAGIC: &'static [u8] = &[0x28, 0xb5, 0x2f, 0xfd];

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
}

impl<M: Member> Members<M> {
    pub(super) fn new(packed: Box<dyn Read + Send>) -> Self {
        Self { current: None, rest: Some(BufReader::with_capacity(ROOM, packed)), is_begun: false }
    }

    /// Starts the next stream. `false` if there is none.
    fn next(&mut self) -> io::Result<bool> {
        let Some(mut packed) = self.rest.take() else { return Ok(false) };
        if std::mem::replace(&mut self.is_begun, true) && !is_more(&mut packed, M::MAGIC)? {
            return Ok(false);
        }
        self.current = Some(M::begin(packed)?);
        Ok(true)
    }
}

/// Whether another stream follows one, perhaps after zero bytes. What follows directly must be one.
fn is_more(packed: &mut Packed, magic: &[u8]) -> io::Result<bool> {
    let mut zeros = 0;
    loop {
        let bytes = match packed.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        if bytes.is_empty() {
            return Ok(false);
        }
        let len = bytes.iter().take_while(|byte| **byte == 0).count();
        if len < bytes.len() {
            // The buffer may end within the first bytes; the decoder then says what is wrong with the others.
            let next = &bytes[len..];
            let is_stream = zeros + len == 0 || next.iter().zip(magic).all(|(byte, wanted)| byte == wanted);
            let garbage = || io::Error::new(io::ErrorKind::InvalidData, "no archive follows its zero bytes");
            packed.consume(len);
            return if is_stream { Ok(true) } else { Err(garbage()) };
        }
        zeros += len;
        packed.consume(len);
    }
}

impl<M: Member> Read for Members<M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(member) = &mut self.current {
                match member.read(buffer)? {
                    0 => self.rest = self.current.take().map(M::rest),
                    read => return Ok(read),
                }
            } else if !self.next()? {
                return Ok(0);
            }
        }
    }
}
