//! Prints several inputs merged by time, as the browser lists them: the next message of each input waits, and the
//! oldest one is printed. Nothing else is held, and a file is opened when its first message is due.
//!
//! Must not know: what is printed, how files are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use crate::frame::ParseError;
use crate::load::{FileSet, InputSpec};

use super::run::{Closed, InputReader, Run, Stream};

/// The state of one input.
enum MergeInput {
    /// Not open yet.
    Closed(InputSpec),
    /// Its next message waits.
    Waits(Box<Stream>),
    /// No more bytes are available at present.
    Pauses(Box<Stream>),
    /// Its statistics wait until those of the inputs before it are reported.
    Ended(Box<Closed>),
    /// Its statistics were reported, or it could not be opened.
    Over,
}

/// When the statistics of an ended input are reported.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accounts {
    /// After those of the inputs before it.
    InOrder,
    AtOnce,
}

/// Inputs that are being merged.
#[derive(Default)]
pub(super) struct Merge {
    /// In the given order.
    inputs: Vec<MergeInput>,
    /// The time of the next message of each input that is closed or waits. For equal times the first input comes first.
    turns: BinaryHeap<Reverse<(i64, usize)>>,
    /// How many inputs are over.
    over: usize,
    /// The first input that is not over.
    first: usize,
    /// Inputs that ended while all are followed: their statistics need not wait for those of others.
    ended: Vec<usize>,
}

impl Merge {
    /// Merges these inputs; each is opened when its first message is due.
    fn of(specs: &[InputSpec]) -> Self {
        // An input whose first time is unknown is opened first.
        let begins = |input: &InputSpec| input.files().and_then(FileSet::first_time).unwrap_or(i64::MIN);
        let turns = specs.iter().enumerate().map(|(at, input)| Reverse((begins(input), at))).collect();
        let inputs = specs.iter().cloned().map(MergeInput::Closed).collect();
        Self { inputs, turns, ..Self::default() }
    }

    /// Adds an open input.
    pub(super) fn add(&mut self, stream: Stream) {
        self.inputs.push(MergeInput::Pauses(Box::new(stream)));
    }

    /// Whether every input has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over == self.inputs.len()
    }

    /// Replaces the state of an input; returns the state before.
    fn put(&mut self, at: usize, input: MergeInput) -> MergeInput {
        self.over += usize::from(matches!(input, MergeInput::Over));
        let before = std::mem::replace(&mut self.inputs[at], input);
        self.over -= usize::from(matches!(before, MergeInput::Over));
        before
    }

    /// Replaces the state of the input at `at`, or appends a new input; returns its index.
    fn place(&mut self, at: Option<usize>, input: MergeInput) -> usize {
        let is_ended = matches!(input, MergeInput::Ended(_));
        let at = if let Some(at) = at {
            self.put(at, input);
            at
        } else {
            self.inputs.push(input);
            self.inputs.len() - 1
        };
        if is_ended {
            self.ended.push(at);
        }
        at
    }

    /// The next input whose statistics may be reported: in the given order, or in any order.
    fn next_ended(&mut self, order: Accounts) -> Option<usize> {
        if order == Accounts::AtOnce {
            return self.ended.pop();
        }
        while matches!(self.inputs.get(self.first), Some(MergeInput::Over)) {
            self.first += 1;
        }
        matches!(self.inputs.get(self.first), Some(MergeInput::Ended(_))).then_some(self.first)
    }
}

impl Run<'_> {
    /// Prints the matching messages of all inputs, merged by time. The error is the output's.
    pub(super) fn merge(&mut self, inputs: &[InputSpec]) -> io::Result<()> {
        let mut merge = Merge::of(inputs);
        self.go_on_merged(&mut merge)
    }

    /// Continues with the inputs that pause, and prints the matching messages that are available.
    pub(super) fn go_on_merged(&mut self, merge: &mut Merge) -> io::Result<()> {
        for at in 0..merge.inputs.len() {
            if let MergeInput::Pauses(_) = merge.inputs[at] {
                self.advance(merge, at);
            }
        }
        self.report_accounts(merge)?;
        while let Some(Reverse((_, at))) = merge.turns.pop() {
            match &mut merge.inputs[at] {
                MergeInput::Waits(stream) => {
                    self.turn(stream)?;
                    self.advance(merge, at);
                }
                _ => self.open(merge, at),
            }
            self.report_accounts(merge)?;
        }
        Ok(())
    }

    /// Opens an input whose first message is due. The built-in sample is several inputs; all but one of them are
    /// appended.
    fn open(&mut self, merge: &mut Merge, at: usize) {
        let MergeInput::Closed(input) = merge.put(at, MergeInput::Over) else { return };
        let mut places = std::iter::once(at);
        for opened in input.open() {
            match opened {
                Ok(input) => {
                    let stream = MergeInput::Pauses(Box::new(self.begin(input)));
                    let at = merge.place(places.next(), stream);
                    self.advance(merge, at);
                }
                Err(error) => self.complain(&error),
            }
        }
    }

    /// Advances to the next message of a stream.
    fn advance(&mut self, merge: &mut Merge, at: usize) {
        let (MergeInput::Waits(stream) | MergeInput::Pauses(stream)) = &mut merge.inputs[at] else { return };
        let next = next(stream);
        if let Next::At(time) = next {
            merge.turns.push(Reverse((time, at)));
            if matches!(merge.inputs[at], MergeInput::Waits(_)) {
                return;
            }
        }
        let (MergeInput::Waits(stream) | MergeInput::Pauses(stream)) = merge.put(at, MergeInput::Over) else {
            return;
        };
        if !matches!(next, Next::At(_)) {
            self.report_notes(&stream);
        }
        let input = match next {
            Next::At(_) => MergeInput::Waits(stream),
            Next::Pause => MergeInput::Pauses(stream),
            Next::End(broken) => MergeInput::Ended(Box::new(stream.close(broken))),
        };
        merge.place(Some(at), input);
    }

    /// Reports the statistics of ended inputs, in the given order; while inputs are followed, at once.
    fn report_accounts(&mut self, merge: &mut Merge) -> io::Result<()> {
        let order = if self.followed { Accounts::AtOnce } else { Accounts::InOrder };
        while let Some(at) = merge.next_ended(order) {
            if let MergeInput::Ended(closed) = merge.put(at, MergeInput::Over) {
                self.end(*closed)?;
            }
        }
        Ok(())
    }
}

/// What a stream has next.
enum Next {
    /// A message of this time.
    At(i64),
    /// No message at present.
    Pause,
    /// The end, with the error if the input broke off.
    End(Option<ParseError>),
}

fn next(stream: &mut Stream) -> Next {
    let Stream { locator, reader: InputReader::Messages(reader), .. } = stream else {
        return Next::End(None);
    };
    match reader.next_message() {
        Ok(Some(message)) => Next::At(locator.go_to(&message)),
        Ok(None) => Next::End(None),
        Err(pause) if pause.is_pause() => Next::Pause,
        Err(error) => Next::End(Some(error)),
    }
}
