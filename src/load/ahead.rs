//! Reads ahead on another thread: decompression runs beside parsing.
//!
//! Must not know: what is decompressed.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::frame::Idle;

use super::follow::Follow;
use super::piece::Piece;
use super::watch::Bell;

/// Bytes in a piece.
const PIECE: usize = 1 << 18;
/// Pieces that wait to be taken.
const WAITING: usize = 4;

/// Time between two looks at a pipe that does not wait.
const PATIENCE: Duration = Duration::from_millis(20);

/// What another thread reads for us.
#[derive(Debug)]
pub(super) struct Ahead {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Piece,
    /// Where the end of what is there now is a pause: whether it is the end after all.
    live: Option<Live>,
}

/// Whether the input is to end, and when its last bytes came.
#[derive(Debug)]
struct Live {
    follow: Follow,
    grew: Instant,
}

impl Ahead {
    /// Begins to read `inner`. The thread ends with its input, or when this reader is dropped.
    pub(super) fn new(inner: impl Read + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        thread::spawn(move || read_all(inner, &sender));
        Self { pieces, piece: Piece::default(), live: None }
    }

    /// The same for an input that comes as it comes: where nothing is there yet, a read says `WouldBlock`, and `bell`
    /// rings when there is more. The end of `follow` is its end.
    pub(super) fn live(inner: impl Read + Send + 'static, follow: Follow, bell: Bell) -> Self {
        let (sender, pieces) = sync_channel(WAITING);
        thread::spawn(move || {
            read_live(inner, sender, &bell);
            // The end is news, too.
            bell.ring();
        });
        Self { pieces, piece: Piece::default(), live: Some(Live { follow, grew: Instant::now() }) }
    }
}

/// The next piece, where there is one.
fn next(pieces: &Receiver<io::Result<Vec<u8>>>, live: Option<&mut Live>) -> io::Result<Option<Vec<u8>>> {
    let next = if let Some(live) = live {
        match pieces.try_recv() {
            Err(TryRecvError::Empty) if !live.follow.is_ended() => {
                return Err(Idle::pause(live.grew.elapsed()));
            }
            next => {
                live.grew = Instant::now();
                next.ok()
            }
        }
    } else {
        pieces.recv().ok()
    };
    // Without a piece the thread is gone: the input is at its end.
    next.transpose()
}

fn read_all(mut inner: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let result = inner.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        let ended = result.is_err() || piece.is_empty();
        // What was read before an error comes before the error.
        if !piece.is_empty() && sender.send(Ok(piece)).is_err() {
            return;
        }
        if let Err(error) = result {
            // Nobody may be listening any more, which is as good an end as any.
            let _ = sender.send(Err(error));
        }
        if ended {
            return;
        }
    }
}

/// Hands on what each single read gives.
#[expect(clippy::needless_pass_by_value, reason = "the channel must be closed when this ends")]
fn read_live(mut inner: impl Read, sender: SyncSender<io::Result<Vec<u8>>>, bell: &Bell) {
    let mut buffer = vec![0; PIECE];
    loop {
        let piece = match inner.read(&mut buffer) {
            Ok(0) => return,
            Ok(read) => Ok(buffer[..read].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Somebody made the pipe one that does not wait: then we do.
                thread::sleep(PATIENCE);
                continue;
            }
            Err(error) => Err(error),
        };
        let broken = piece.is_err();
        if sender.send(piece).is_err() || broken {
            return;
        }
        bell.ring();
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { pieces, piece, live } = self;
        piece.read(buffer, || next(pieces, live.as_mut()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(usize);

    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("broken"));
            }
            let len = self.0.min(buffer.len()).min(1000);
            buffer[..len].fill(7);
            self.0 -= len;
            Ok(len)
        }
    }

    #[test]
    fn all_comes_through_and_then_the_error() {
        let mut out = Vec::new();
        let error = Ahead::new(Failing(PIECE * 3 + 5)).read_to_end(&mut out).unwrap_err();
        assert_eq!((out.len(), error.to_string().as_str()), (PIECE * 3 + 5, "broken"));
        let mut whole = Vec::new();
        Ahead::new(&[1_u8, 2, 3][..]).read_to_end(&mut whole).unwrap();
        assert_eq!(whole, [1, 2, 3]);
    }
}
