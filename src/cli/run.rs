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
use crate::load::{Counter, Input, InputSpec, Note, Provenance};
use crate::message::MessageReader;

use super::dialog::Dialogs;
use super::facts::{Carried, MessageFacts, Position};
use super::frames::{self, Carriers, FrameHistory};
use super::locator::{Locator, Seen};
use super::plan::{Mode, Plan, Print};
use super::progress::{Progress, Reading};
use super::sink::Sink;
use super::{FAILURE, NOTHING, SUCCESS, cleanup, problem};

/// Prints what `plan` asks for, and says with which status to leave.
pub fn run(plan: &Plan, print: &Print) -> ExitCode {
    let sink = match Sink::new(print.clone()) {
        Ok(sink) => sink,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    if !plan.follow {
        cleanup::on_signals(sink.hidden_name());
    }
    let mut run = Run::new(&plan.filter, print, sink);
    plan.refused.iter().for_each(|refused| run.complain(refused));
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
                io::ErrorKind::AlreadyExists => {
                    problem::say(&format_args!("{name}: exists already (--force replaces it)"));
                }
                io::ErrorKind::IsADirectory => problem::say(&format_args!("{name}: is a directory")),
                _ => problem::say(&format_args!("{name}: {error}")),
            }
        }
    }
    FAILURE
}

/// An input on its way.
pub(super) struct Stream {
    locator: Locator,
    read: Counter,
    size: Option<u64>,
    provenance: Provenance,
    may_grow: bool,
    way: Way,
}

/// What is made of an input.
enum Way {
    /// All of its frames.
    Copy(frames::Copy<Box<dyn Read + Send>>),
    /// Its messages, and the frames that carry them.
    Tapped(FrameHistory<Box<dyn Read + Send>>, MessageReader<FrameHistory<Box<dyn Read + Send>>>),
    /// Its messages.
    Messages(MessageReader<Box<dyn Read + Send>>),
}

/// A run over all inputs.
pub(super) struct Run<'p> {
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
    /// Whether inputs were followed: then it is no news that nothing matched so far.
    pub(super) followed: bool,
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
            followed: false,
        }
    }

    fn all(&mut self, plan: &Plan) -> io::Result<()> {
        if plan.follow {
            return self.follow(&plan.inputs);
        }
        // A file is opened when its turn comes.
        for opened in plan.inputs.iter().flat_map(InputSpec::open) {
            match opened {
                Ok(input) => self.input(input)?,
                Err(error) => self.complain(&error),
            }
        }
        Ok(())
    }

    /// Prints what matches of one input. The error is the output's.
    fn input(&mut self, input: Input) -> io::Result<()> {
        let mut stream = self.begin(input);
        let broken = self.go_on(&mut stream)?;
        self.tell(&stream);
        self.end(stream, broken)
    }

    /// Makes ready to print what matches of an input.
    pub(super) fn begin(&mut self, input: Input) -> Stream {
        self.inputs += 1;
        let (reader, tracking) = (input.reader, self.tracking());
        let way = match self.print.mode {
            Mode::Frames if !self.print.chosen => Way::Copy(frames::Copy::new(reader, tracking)),
            Mode::Frames => {
                let history = FrameHistory::new(reader, tracking, self.inputs);
                Way::Tapped(history.clone(), MessageReader::new(history))
            }
            _ => Way::Messages(MessageReader::new(reader).skip_tracking(tracking)),
        };
        let Input { source, provenance, read, size, may_grow, .. } = input;
        let locator = Locator::new(source, provenance.clone());
        Stream { locator, read, size, provenance, may_grow, way }
    }

    /// Prints what matches of all that a stream has, and says why it broke off, or pauses, if it does.
    pub(super) fn go_on(&mut self, stream: &mut Stream) -> io::Result<Option<ParseError>> {
        let Stream { locator, read, size, way, .. } = stream;
        let input = Arc::clone(locator.input());
        let reading = || Reading { file: &input.file, read: read.bytes(), size: *size };
        match way {
            Way::Copy(copy) => copy.go_on(|bytes| {
                self.progress.tick(reading);
                self.sink.copy(bytes)
            }),
            Way::Tapped(history, reader) => self.messages(locator, reader, Some(history), &reading),
            Way::Messages(reader) => self.messages(locator, reader, None, &reading),
        }
    }

    /// Takes leave of a stream that has ended, or broke off.
    pub(super) fn end(&mut self, stream: Stream, broken: Option<ParseError>) -> io::Result<()> {
        let (stats, broken) = match stream.way {
            Way::Copy(copy) => (copy.stats().clone(), broken),
            Way::Tapped(history, _) => history.take_stats(),
            Way::Messages(mut reader) => (std::mem::take(reader.parse_stats_mut()), broken),
        };
        self.progress.clear();
        // A file that may grow may be empty so far; and what failed was said.
        let is_excused =
            ((stream.may_grow || self.followed) && stats.bytes_read() == 0) || stream.provenance.has_failed();
        self.sink.end_of_input(stream.locator.input(), &stream.locator.files(), &stats)?;
        if let Some(problem) = trouble(&stats, broken, is_excused) {
            let file = escape(stream.locator.input().file.as_bytes());
            self.complain(&format_args!("{file}: {problem}"));
        }
        Ok(())
    }

    /// Says what happened to the files of a stream.
    pub(super) fn tell(&mut self, stream: &Stream) {
        for note in stream.provenance.take_notes() {
            match note {
                Note::Replayed { file, bytes } => self.sink.replayed(&file, bytes),
                note if note.is_complaint() => self.complain(&note),
                note => self.say(&note),
            }
        }
    }

    /// Prints what matches of the messages that `reader` has, and says why it broke off, or pauses, if it does.
    fn messages<'a, R: Read>(
        &mut self,
        locator: &mut Locator,
        reader: &mut MessageReader<R>,
        history: Option<&dyn Carriers>,
        reading: &dyn Fn() -> Reading<'a>,
    ) -> io::Result<Option<ParseError>> {
        loop {
            let message = match reader.next_message() {
                Ok(Some(message)) => message,
                Ok(None) => return Ok(None),
                Err(error) => return Ok(Some(error)),
            };
            self.number += 1;
            self.progress.tick(reading);
            let Seen { source, offset, time, dates } = locator.see(&message);
            let place = Position { source, offset, time, dates, number: self.number };
            let facts = MessageFacts::new(&message, place);
            match history {
                Some(history) => self.message(&facts.carried(Carried::Lent(history, message.extents)))?,
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

    pub(super) fn complain(&mut self, what: &impl fmt::Display) {
        self.failed = true;
        self.say(what);
    }

    /// Says something about an input.
    pub(super) fn say(&mut self, what: &impl fmt::Display) {
        // What was printed so far comes before what is said about what follows.
        let _ = self.sink.flush();
        self.progress.clear();
        problem::say(what);
    }

    /// All that there is was read: it is shown before anybody waits for more.
    pub(super) fn caught_up(&mut self) -> io::Result<()> {
        self.progress.clear();
        self.sink.flush()?;
        self.sink.publish()
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
        } else if !self.followed && self.sink.is_empty() && (self.print.chosen || !self.sink.counts()) {
            NOTHING
        } else {
            SUCCESS
        }
    }
}

/// What is wrong with an input that was read as far as it could be.
fn trouble(stats: &ParseStats, broken: Option<ParseError>, is_excused: bool) -> Option<String> {
    if let Some(error) = broken {
        return Some(format!("breaks off after {} bytes of text: {error}", stats.bytes_read()));
    }
    match (stats.frames(), stats.bytes_read(), stats.bytes_between()) {
        _ if is_excused => None,
        (0, 0, _) => Some("is empty".to_owned()),
        // A file that was just opened has its marker and no frame yet.
        (0, read, _) if stats.has_converted_line_ends() => {
            Some(format!("looks like a dump whose line ends were converted: no frame in its {read} bytes"))
        }
        (0, read, between) if between < read => {
            Some(format!("is no mod_sofia dump: no frame in its {read} bytes"))
        }
        _ => None,
    }
}
