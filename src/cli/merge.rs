//! Several inputs printed in the order of time, as the browser lists them: the next message of each waits where it was read,
//! and the oldest is printed. No more is held, and a file is opened when its turn comes.
//!
//! Must not know: what is printed, how files are read.

use std::io;

use crate::frame::ParseError;
use crate::load::{FileSet, InputSpec};

use super::run::{Closed, Run, Stream, Way};

/// An input, in its place among the others.
enum MergeInput {
    /// Not open yet: its first message is of this time.
    Closed(InputSpec, i64),
    /// Its next message, of this time, waits.
    Waits(Box<Stream>, i64),
    /// It has nothing more for now.
    Pauses(Box<Stream>),
    /// Its accounts wait for those of the inputs before it.
    Ended(Box<Closed>),
}

impl MergeInput {
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
    inputs: Vec<MergeInput>,
}

impl Merge {
    /// Inputs of which each is opened when its turn comes.
    fn of(specs: &[InputSpec]) -> Self {
        // What does not tell when it begins is opened first.
        let begins = |input: &InputSpec| input.files().and_then(FileSet::first_time).unwrap_or(i64::MIN);
        let inputs = specs.iter().map(|input| MergeInput::Closed(input.clone(), begins(input)));
        Self { inputs: inputs.collect() }
    }

    /// Takes an open input.
    pub(super) fn add(&mut self, stream: Stream) {
        self.inputs.push(MergeInput::Pauses(Box::new(stream)));
    }

    /// The input whose turn it is: that of the oldest message, of equals the first.
    fn turn(&self) -> Option<usize> {
        let waiting = self.inputs.iter().enumerate().filter_map(|(at, input)| Some((input.next()?, at)));
        waiting.min().map(|(_, at)| at)
    }

    /// Whether every input has ended.
    pub(super) fn is_over(&self) -> bool {
        self.inputs.is_empty()
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
        for at in 0..merge.inputs.len() {
            if let MergeInput::Pauses(_) = merge.inputs[at] {
                self.advance(merge, at);
            }
        }
        self.tell_accounts(merge)?;
        while let Some(at) = merge.turn() {
            match &mut merge.inputs[at] {
                MergeInput::Waits(stream, _) => {
                    self.turn(stream)?;
                    self.advance(merge, at);
                }
                _ => self.open(merge, at),
            }
            self.tell_accounts(merge)?;
        }
        Ok(())
    }

    /// Opens what was named, when its turn has come: the built-in sample is several.
    fn open(&mut self, merge: &mut Merge, at: usize) {
        let MergeInput::Closed(input, _) = merge.inputs.remove(at) else { return };
        for opened in input.open().into_iter().rev() {
            match opened {
                Ok(input) => {
                    merge.inputs.insert(at, MergeInput::Pauses(Box::new(self.begin(input))));
                    self.advance(merge, at);
                }
                Err(error) => self.complain(&error),
            }
        }
    }

    /// Goes to the next message of a stream.
    fn advance(&mut self, merge: &mut Merge, at: usize) {
        let (MergeInput::Waits(stream, _) | MergeInput::Pauses(stream)) = &mut merge.inputs[at] else {
            return;
        };
        let next = next(stream);
        if let (Next::At(time), MergeInput::Waits(_, waits)) = (&next, &mut merge.inputs[at]) {
            *waits = *time;
            return;
        }
        let (MergeInput::Waits(stream, _) | MergeInput::Pauses(stream)) = merge.inputs.remove(at) else {
            return;
        };
        let input = match next {
            Next::At(time) => MergeInput::Waits(stream, time),
            Next::Pause => {
                self.tell(&stream);
                MergeInput::Pauses(stream)
            }
            Next::End(broken) => {
                self.tell(&stream);
                MergeInput::Ended(Box::new(stream.close(broken)))
            }
        };
        merge.inputs.insert(at, input);
    }

    /// Tells the accounts of inputs that have ended, in the order in which these were given; while they are followed, at once.
    fn tell_accounts(&mut self, merge: &mut Merge) -> io::Result<()> {
        let is_ended = |input: &MergeInput| matches!(input, MergeInput::Ended(_));
        let most = if self.followed { merge.inputs.len() } else { 1 };
        while let Some(at) = merge.inputs.iter().take(most).position(is_ended) {
            if let MergeInput::Ended(closed) = merge.inputs.remove(at) {
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
