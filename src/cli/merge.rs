//! Several inputs printed in the order of time, as the browser lists them: the next message of each waits where it was read,
//! and the oldest is printed. No more is held, and a file is opened when its turn comes.
//!
//! Must not know: what is printed, how files are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use crate::frame::ParseError;
use crate::load::{FileSet, InputSpec};

use super::run::{Closed, Run, Stream, Way};

/// An input, in its place among the others.
enum MergeInput {
    /// Not open yet.
    Closed(InputSpec),
    /// Its next message waits.
    Waits(Box<Stream>),
    /// It has nothing more for now.
    Pauses(Box<Stream>),
    /// Its accounts wait for those of the inputs before it.
    Ended(Box<Closed>),
    /// Its accounts were told, or it could not be opened.
    Over,
}

/// When the accounts of an input that has ended are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Accounts {
    /// Behind those of the inputs before it.
    InOrder,
    AtOnce,
}

/// Inputs on their way to be printed as one.
#[derive(Default)]
pub(super) struct Merge {
    /// In the order given.
    inputs: Vec<MergeInput>,
    /// When the next message is of those that are closed or wait: of equals the first input comes first.
    turns: BinaryHeap<Reverse<(i64, usize)>>,
    /// How many are over.
    over: usize,
    /// The first that is not over.
    first: usize,
    /// Those that ended while all are followed: their accounts need not wait for those of others.
    ended: Vec<usize>,
}

impl Merge {
    /// Inputs; each is opened when its turn comes.
    fn of(specs: &[InputSpec]) -> Self {
        // What does not tell when it begins is opened first.
        let begins = |input: &InputSpec| input.files().and_then(FileSet::first_time).unwrap_or(i64::MIN);
        let turns = specs.iter().enumerate().map(|(at, input)| Reverse((begins(input), at))).collect();
        let inputs = specs.iter().cloned().map(MergeInput::Closed).collect();
        Self { inputs, turns, ..Self::default() }
    }

    /// Takes an open input.
    pub(super) fn add(&mut self, stream: Stream) {
        self.inputs.push(MergeInput::Pauses(Box::new(stream)));
    }

    /// Whether every input has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over == self.inputs.len()
    }

    /// Puts another in the place of an input.
    fn put(&mut self, at: usize, input: MergeInput) -> MergeInput {
        self.over += usize::from(matches!(input, MergeInput::Over));
        let before = std::mem::replace(&mut self.inputs[at], input);
        self.over -= usize::from(matches!(before, MergeInput::Over));
        before
    }

    /// Puts an input into a place, or behind all others; where.
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

    /// The next input of which accounts may be told: in the order in which they were given, or in that in which they ended.
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
        while let Some(Reverse((_, at))) = merge.turns.pop() {
            match &mut merge.inputs[at] {
                MergeInput::Waits(stream) => {
                    self.turn(stream)?;
                    self.advance(merge, at);
                }
                _ => self.open(merge, at),
            }
            self.tell_accounts(merge)?;
        }
        Ok(())
    }

    /// Opens what was named, when its turn has come: the built-in sample is several, of which all but one stand behind all
    /// others then.
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

    /// Goes to the next message of a stream.
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
            self.tell(&stream);
        }
        let input = match next {
            Next::At(_) => MergeInput::Waits(stream),
            Next::Pause => MergeInput::Pauses(stream),
            Next::End(broken) => MergeInput::Ended(Box::new(stream.close(broken))),
        };
        merge.place(Some(at), input);
    }

    /// Tells the accounts of inputs that have ended, in the order in which these were given; while they are followed, at once.
    fn tell_accounts(&mut self, merge: &mut Merge) -> io::Result<()> {
        let order = if self.followed { Accounts::AtOnce } else { Accounts::InOrder };
        while let Some(at) = merge.next_ended(order) {
            if let MergeInput::Ended(closed) = merge.put(at, MergeInput::Over) {
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
