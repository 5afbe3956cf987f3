//! Several inputs printed in the order of time, as the browser lists them: the next message of each waits where it was read,
//! and the oldest is printed. No more is held, and a file is opened when its turn comes.
//!
//! Must not know: what is printed, how files are read.

use std::io;

use crate::frame::ParseError;
use crate::load::InputSpec;

use super::run::{Closed, Run, Stream, Way};

/// An input, in its place among the others.
enum Lane {
    /// Not open yet: its first message is of this time.
    Closed(InputSpec, i64),
    /// Its next message, of this time, waits.
    Waits(Box<Stream>, i64),
    /// It has nothing more for now.
    Pauses(Box<Stream>),
    /// Its accounts wait for those of the inputs before it.
    Ended(Box<Closed>),
}

impl Lane {
    /// When its next message is.
    fn next(&self) -> Option<i64> {
        match self {
            Self::Closed(_, time) | Self::Waits(_, time) => Some(*time),
            Self::Pauses(_) | Self::Ended(_) => None,
        }
    }
}

/// Inputs on their way to be printed as one.
#[derive(Default)]
pub(super) struct Merge {
    /// In the order given, those left out whose accounts were told.
    lanes: Vec<Lane>,
}

impl Merge {
    /// Inputs of which each is opened when its turn comes.
    fn of(inputs: &[InputSpec]) -> Self {
        // What does not tell when it begins is opened first.
        let lane = |input: &InputSpec| Lane::Closed(input.clone(), input.begins().unwrap_or(i64::MIN));
        Self { lanes: inputs.iter().map(lane).collect() }
    }

    /// Takes an open input.
    pub(super) fn add(&mut self, stream: Stream) {
        self.lanes.push(Lane::Pauses(Box::new(stream)));
    }

    /// The lane whose turn it is: that of the oldest message, of equals the first.
    fn turn(&self) -> Option<usize> {
        let waiting = self.lanes.iter().enumerate().filter_map(|(at, lane)| Some((lane.next()?, at)));
        waiting.min().map(|(_, at)| at)
    }

    /// Whether every input has ended.
    pub(super) fn is_over(&self) -> bool {
        self.lanes.is_empty()
    }
}

impl Run<'_> {
    /// Prints what matches of all inputs in the order of time. The error is the output's.
    pub(super) fn merge(&mut self, inputs: &[InputSpec]) -> io::Result<()> {
        let mut merge = Merge::of(inputs);
        self.go_on_merged(&mut merge)
    }

    /// Reads on in the inputs that pause, and prints what matches of what is there.
    pub(super) fn go_on_merged(&mut self, merge: &mut Merge) -> io::Result<()> {
        for at in 0..merge.lanes.len() {
            if let Lane::Pauses(_) = merge.lanes[at] {
                self.advance(merge, at);
            }
        }
        self.tell_accounts(merge)?;
        while let Some(at) = merge.turn() {
            match &mut merge.lanes[at] {
                Lane::Waits(stream, _) => {
                    self.turn(stream)?;
                    self.advance(merge, at);
                }
                _ => self.open(merge, at),
            }
            self.tell_accounts(merge)?;
        }
        Ok(())
    }

    /// Opens the inputs of a lane whose turn has come: the built-in sample is several.
    fn open(&mut self, merge: &mut Merge, at: usize) {
        let Lane::Closed(input, _) = merge.lanes.remove(at) else { return };
        for opened in input.open().into_iter().rev() {
            match opened {
                Ok(input) => {
                    merge.lanes.insert(at, Lane::Pauses(Box::new(self.begin(input))));
                    self.advance(merge, at);
                }
                Err(error) => self.complain(&error),
            }
        }
    }

    /// Goes to the next message of a stream.
    fn advance(&mut self, merge: &mut Merge, at: usize) {
        let (Lane::Waits(stream, _) | Lane::Pauses(stream)) = &mut merge.lanes[at] else { return };
        let next = next(stream);
        if let (Next::At(time), Lane::Waits(_, waits)) = (&next, &mut merge.lanes[at]) {
            *waits = *time;
            return;
        }
        let (Lane::Waits(stream, _) | Lane::Pauses(stream)) = merge.lanes.remove(at) else { return };
        let lane = match next {
            Next::At(time) => Lane::Waits(stream, time),
            Next::Pause => {
                self.tell(&stream);
                Lane::Pauses(stream)
            }
            Next::End(broken) => {
                self.tell(&stream);
                Lane::Ended(Box::new(stream.close(broken)))
            }
        };
        merge.lanes.insert(at, lane);
    }

    /// Tells the accounts of inputs that have ended, in the order in which these were given; while they are followed, at once.
    fn tell_accounts(&mut self, merge: &mut Merge) -> io::Result<()> {
        let is_ended = |lane: &Lane| matches!(lane, Lane::Ended(_));
        let most = if self.followed { merge.lanes.len() } else { 1 };
        while let Some(at) = merge.lanes.iter().take(most).position(is_ended) {
            if let Lane::Ended(closed) = merge.lanes.remove(at) {
                self.end(*closed)?;
            }
        }
        Ok(())
    }
}

/// What comes next in a stream.
enum Next {
    /// A message of this time.
    At(i64),
    /// Nothing for now.
    Pause,
    /// Nothing more, and why it broke off, if it did.
    End(Option<ParseError>),
}

fn next(stream: &mut Stream) -> Next {
    let Stream { locator, way: Way::Messages(reader), .. } = stream else { return Next::End(None) };
    match reader.next_message() {
        Ok(Some(message)) => Next::At(locator.go_to(&message)),
        Ok(None) => Next::End(None),
        Err(pause) if pause.is_pause() => Next::Pause,
        Err(error) => Next::End(Some(error)),
    }
}
