//! Printing: opens the inputs one after the other, asks the filter, hands what matches to the sink.
//!
//! Must not know: what the sink makes of a message, the options.

use std::fmt;
use std::io::{self, Read};
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::escape::escape;
use crate::filter::{Filter, Matcher, Verdict};
use crate::frame::{ParseError, ParseStats, SkipTracking};
use crate::load::Input;
use crate::message::MessageReader;
use crate::store::{DayClock, Source};

use super::dialog::Dialogs;
use super::facts::{Carried, MessageFacts, Place};
use super::frames::{self, Carriers, Tap};
use super::plan::{Mode, Plan, Print};
use super::progress::{Progress, Reading};
use super::sink::Sink;
use super::{FAILURE, NOTHING, SUCCESS, problem};

/// Prints what `plan` asks for, and says with which status to leave.
pub fn run(plan: &Plan, print: &Print) -> ExitCode {
    let sink = match Sink::new(print.clone()) {
        Ok(sink) => sink,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    let mut run = Run::new(&plan.filter, print, sink);
    let result = run.all(plan).and_then(|()| run.sink.finish());
    run.progress.clear();
    run.warn();
    ExitCode::from(match result {
        Ok(()) => run.status(),
        Err(error) => output_failed(print, &error),
    })
}

/// Says what is wrong with the output, and the status to leave with.
fn output_failed(print: &Print, error: &io::Error) -> u8 {
    match &print.file {
        // Whoever reads has enough: `sofiatui x.dump | head -1`.
        None if error.kind() == io::ErrorKind::BrokenPipe => return SUCCESS,
        None => problem::say(&format_args!("standard output: {error}")),
        Some(file) => {
            let name = escape(file.to_string_lossy().as_bytes()).into_owned();
            match error.kind() {
                io::ErrorKind::NotFound => problem::say(&format_args!("{name}: there is no such folder")),
                io::ErrorKind::IsADirectory => problem::say(&format_args!("{name}: is a directory")),
                _ => problem::say(&format_args!("{name}: {error}")),
            }
        }
    }
    FAILURE
}

/// A run over all inputs.
struct Run<'p> {
    print: &'p Print,
    matcher: Matcher,
    needs_bytes: bool,
    sink: Sink,
    progress: Progress,
    dialogs: Option<Dialogs>,
    /// Inputs opened so far.
    inputs: u16,
    /// Messages met so far.
    number: u64,
    /// Whether an input could not be read to its end.
    failed: bool,
}

impl<'p> Run<'p> {
    fn new(filter: &Filter, print: &'p Print, sink: Sink) -> Self {
        Self {
            print,
            matcher: Matcher::new(filter),
            needs_bytes: filter.needs_bytes(),
            sink,
            progress: Progress::new(print.is_seen()),
            dialogs: print.dialog.map(Dialogs::new),
            inputs: 0,
            number: 0,
            failed: false,
        }
    }

    fn all(&mut self, plan: &Plan) -> io::Result<()> {
        // A file is opened when its turn comes.
        for opened in plan.inputs.iter().flat_map(crate::load::InputSpec::open) {
            match opened {
                Ok(input) => self.input(input)?,
                Err(error) => self.complain(&error),
            }
        }
        Ok(())
    }

    /// Prints what matches of one input. The error is the output's.
    fn input(&mut self, input: Input) -> io::Result<()> {
        let source = Arc::new(input.source);
        let (read, size) = (input.read, input.size);
        let reading = || Reading { file: &source.file, read: read.bytes(), size };
        self.inputs += 1;
        let (stats, broken) = match self.print.mode {
            Mode::Frames if !self.print.chosen => frames::copy(input.reader, self.tracking(), |bytes| {
                self.progress.tick(reading);
                self.sink.copy(bytes)
            })?,
            Mode::Frames => {
                let tap = Tap::new(input.reader, self.tracking(), self.inputs);
                let mut reader = MessageReader::new(tap.clone());
                self.messages(&source, &mut reader, Some(&tap), &reading)?;
                tap.into_stats()
            }
            _ => {
                let mut reader = MessageReader::new(input.reader).skip_tracking(self.tracking());
                let broken = self.messages(&source, &mut reader, None, &reading)?;
                (std::mem::take(reader.parse_stats_mut()), broken)
            }
        };
        self.progress.clear();
        self.sink.end_of_input(&source, &stats)?;
        if let Some(problem) = trouble(&stats, broken) {
            let file = escape(source.file.as_bytes());
            self.complain(&format_args!("{file}: {problem}"));
        }
        Ok(())
    }

    /// Prints what matches of the messages that `reader` has, and says why it broke off, if it did.
    fn messages<'a, R: Read>(
        &mut self,
        source: &Arc<Source>,
        reader: &mut MessageReader<R>,
        tap: Option<&dyn Carriers>,
        reading: &dyn Fn() -> Reading<'a>,
    ) -> io::Result<Option<ParseError>> {
        let mut clock = DayClock::default();
        loop {
            let message = match reader.next_message() {
                Ok(Some(message)) => message,
                Ok(None) => return Ok(None),
                Err(error) => return Ok(Some(error)),
            };
            self.number += 1;
            self.progress.tick(reading);
            let place = Place { source, time: clock.micros(message.timestamp), number: self.number };
            let facts = MessageFacts::new(&message, place);
            match tap {
                Some(tap) => self.message(&facts.carried(Carried::Lent(tap, message.extents)))?,
                None => self.message(&facts)?,
            }
        }
    }

    #[inline]
    fn message(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        let matches = self.matches(facts);
        let sink = &mut self.sink;
        match &mut self.dialogs {
            Some(dialogs) if matches => dialogs.take_match(facts, &mut |facts| sink.message(facts)),
            Some(dialogs) => dialogs.take_other(facts, &mut |facts| sink.message(facts)),
            None if matches => sink.message(facts),
            None => Ok(()),
        }
    }

    fn tracking(&self) -> SkipTracking {
        match self.print.mode {
            _ if self.print.unparsed => SkipTracking::CaptureData,
            Mode::Stats | Mode::StatsJson => SkipTracking::TrackRegions,
            _ => SkipTracking::CountOnly,
        }
    }

    #[inline]
    fn matches(&mut self, facts: &MessageFacts<'_>) -> bool {
        // The bytes are at hand: where they may be needed, there is no use in asking without them first.
        if self.needs_bytes {
            self.matcher.message(facts, facts.entry.content)
        } else {
            self.matcher.facts(facts) == Verdict::Yes
        }
    }

    fn complain(&mut self, what: &impl fmt::Display) {
        self.failed = true;
        // What was printed so far comes before what is said about what follows.
        let _ = self.sink.flush();
        self.progress.clear();
        problem::say(what);
    }

    /// Says what is missing although nothing failed.
    fn warn(&self) {
        let incomplete = self.dialogs.as_ref().map_or(0, Dialogs::incomplete);
        if incomplete > 0 {
            problem::say(&format_args!(
                "--dialog: {incomplete} calls matched late, and lack a part that was no longer held"
            ));
        }
    }

    fn status(&self) -> u8 {
        if self.failed {
            FAILURE
        } else if self.sink.is_empty() && (self.print.chosen || !self.sink.counts()) {
            NOTHING
        } else {
            SUCCESS
        }
    }
}

/// What is wrong with an input that was read as far as it could be.
fn trouble(stats: &ParseStats, broken: Option<ParseError>) -> Option<String> {
    if let Some(error) = broken {
        return Some(format!("breaks off after {} bytes of text: {error}", stats.bytes_read()));
    }
    match (stats.frames(), stats.bytes_read(), stats.bytes_between()) {
        (0, 0, _) => Some("is empty".to_owned()),
        // A file that was just opened has its marker and no frame yet.
        (0, read, between) if between < read => {
            Some(format!("is no mod_sofia dump: no frame in its {read} bytes"))
        }
        _ => None,
    }
}
