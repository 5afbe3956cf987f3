//! Printing: opens the inputs, applies the filter, and passes matching messages to the sink.
//!
//! Must not know: how the sink prints a message, the options.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::escape::escape;
use crate::filter::{Matcher, Verdict};
use crate::frame::{ParseError, ParseStats, SkipTracking};
use crate::load::{Counter, Input, InputCount, InputSpec, Note, Problem, Provenance};
use crate::message::MessageReader;

use super::by_hand::ByHand;
use super::collector::Collector;
use super::dialog::Dialogs;
use super::facts::{Carried, MessageFacts, Position};
use super::frames::{self, Carriers, FrameHistory};
use super::locator::{Locator, Seen};
use super::out::output_failed;
use super::plan::{Mode, Order, Plan, Print};
use super::progress::{Progress, Reading};
use super::sink::Sink;
use super::undecided::{NonMatching, Undecided, WaitLimit};
use super::{FAILURE, NOTHING, SUCCESS, cleanup, problem};

/// Prints what `plan` selects, and returns the exit status.
pub(super) fn run(plan: &Plan, print: &Print) -> ExitCode {
    if let Some(hep) = &plan.hep {
        return super::engines::hep::run(plan, print, hep);
    }
    #[cfg(feature = "parquet")]
    if let Some(to) = &plan.parquet {
        return super::engines::parquet::run(plan, print, to);
    }
    // Calls that are followed are listed at the end of the following, as counts are.
    if matches!(print.mode, Mode::Calls | Mode::CallsJson) && !plan.follow {
        return super::calls::run(plan, print);
    }
    if let Mode::Saved(format, rows) = print.mode {
        return super::save::run(plan, print, (&print.how(format), rows));
    }
    if plan.legs && plan.inputs.contains(&InputSpec::Stdin) {
        problem::say(&"--legs reads its inputs twice: name files instead of standard input");
        return ExitCode::from(FAILURE);
    }
    if plan.legs && print.mode == Mode::Ladder {
        return super::legs::ladders(plan, print);
    }
    let sink = match Sink::new(print.clone(), plan.rules.clone(), ByHand::of(plan)) {
        Ok(sink) => sink,
        Err(error) => return ExitCode::from(output_failed(print, &error)),
    };
    let ending = if plan.follow { cleanup::ENDING_FOLLOWING } else { cleanup::ENDING };
    cleanup::on_signals(ending, sink.hidden_name());
    let mut run = Run::new(plan, print, sink);
    plan.refused.iter().for_each(|refused| run.complain(refused));
    if plan.legs {
        run.want_calls(&super::legs::call_ids(plan, print).unwrap_or_default());
    }
    let result = run.all(plan).and_then(|()| run.finish());
    run.progress.clear();
    run.warn();
    ExitCode::from(match result {
        Ok(()) => run.status(),
        Err(error) => output_failed(print, &error),
    })
}

/// Gives what `plan` selects to `collector`, and returns it with the exit status. The error is the output's.
pub(super) fn collect(plan: &Plan, print: &Print, collector: Collector) -> Result<(Collector, u8), String> {
    let sink = Sink::new(print.clone(), plan.rules.clone(), ByHand::of(plan));
    let sink = sink.map_err(|error| format!("standard output: {error}"))?.collecting(collector);
    let mut run = Run::new(plan, print, sink);
    plan.refused.iter().for_each(|refused| run.complain(refused));
    if plan.legs {
        run.want_calls(&super::legs::call_ids(plan, print).unwrap_or_default());
    }
    let result = run.all(plan).and_then(|()| run.finish());
    run.progress.clear();
    run.warn();
    result.map_err(|error| format!("temporary file: {error}"))?;
    let status = run.status();
    let collector = run.output.sink.collected().ok_or("nothing was collected")?;
    Ok((collector, status))
}

/// An open input.
pub(super) struct Stream {
    pub(super) locator: Locator,
    read: Counter,
    size: Option<u64>,
    provenance: Provenance,
    may_grow: bool,
    pub(super) reader: InputReader,
}

/// The statistics of an input that was read as far as possible.
pub(super) struct Closed {
    locator: Locator,
    provenance: Provenance,
    may_grow: bool,
    stats: ParseStats,
    broken: Option<ParseError>,
}

impl Stream {
    /// Ends a stream: returns the statistics.
    pub(super) fn close(self, broken: Option<ParseError>) -> Closed {
        let Self { locator, provenance, may_grow, reader, .. } = self;
        let (stats, broken) = match reader {
            InputReader::Copy(copy) => (copy.stats().clone(), broken),
            InputReader::WithHistory(history, _) => history.take_stats(),
            InputReader::Messages(mut reader) => (std::mem::take(reader.parse_stats_mut()), broken),
        };
        Closed { locator, provenance, may_grow, stats, broken }
    }

    /// The progress of this input.
    fn reading(&self) -> Reading<'_> {
        Reading { file: &self.locator.input().file, read: self.read.bytes(), size: self.size }
    }
}

/// Where messages go after the filter has decided.
struct Output {
    sink: Sink,
    dialogs: Option<Dialogs>,
}

impl Output {
    /// Takes a message, and whether it matches.
    #[inline]
    fn message(&mut self, facts: &MessageFacts<'_>, matches: bool) -> io::Result<()> {
        let sink = &mut self.sink;
        match &mut self.dialogs {
            Some(dialogs) if matches => dialogs.take_match(facts, &mut |facts| sink.message(facts)),
            Some(dialogs) => dialogs.take_other(facts, &mut |facts| sink.message(facts)),
            None if matches => sink.message(facts),
            None => Ok(()),
        }
    }
}

/// What is made of an input.
pub(super) enum InputReader {
    /// All of its frames.
    Copy(frames::Copy<Box<dyn Read + Send>>),
    /// Its messages, and the frames that carry them.
    WithHistory(FrameHistory<Box<dyn Read + Send>>, MessageReader<FrameHistory<Box<dyn Read + Send>>>),
    /// Its messages.
    Messages(MessageReader<Box<dyn Read + Send>>),
}

/// A run over all inputs.
pub(super) struct Run<'p> {
    pub(super) print: &'p Print,
    matcher: Matcher,
    needs_bytes: bool,
    output: Output,
    /// Holds messages back if the filter depends on other messages.
    undecided: Option<Undecided>,
    input_count: InputCount,
    progress: Progress,
    /// Inputs opened so far.
    inputs: u16,
    /// Messages so far.
    number: u64,
    /// Whether an input could not be read to its end.
    failed: bool,
    /// Whether inputs were followed: then it is not reported that nothing matched so far.
    pub(super) followed: bool,
}

impl<'p> Run<'p> {
    fn new(plan: &Plan, print: &'p Print, sink: Sink) -> Self {
        // Where every message matches, none is held.
        let dialogs = print.dialog.filter(|_| !plan.filter.is_all()).map(Dialogs::new);
        let wait_limit = if plan.follow { WaitLimit::UntilSilence } else { WaitLimit::ToTheEnd };
        let non_matching = if dialogs.is_some() { NonMatching::Released } else { NonMatching::Dropped };
        let matcher = Matcher::new(&plan.filter);
        let waits = plan.filter.needs_others() || plan.filter.needs_calls();
        let undecided = waits.then(|| {
            let legs = (plan.rules.clone(), ByHand::of(plan));
            Undecided::new(matcher.clone(), wait_limit, non_matching, legs)
        });
        Self {
            print,
            matcher,
            needs_bytes: plan.filter.needs_bytes(),
            output: Output { sink, dialogs },
            undecided,
            input_count: InputCount::of(plan.inputs.len()),
            progress: Progress::new(print.is_seen()),
            inputs: 0,
            number: 0,
            failed: false,
            followed: false,
        }
    }

    /// Everything with these Call-IDs is printed.
    fn want_calls(&mut self, call_ids: &[Vec<u8>]) {
        if let Some(dialogs) = &mut self.output.dialogs {
            for call_id in call_ids {
                dialogs.want(call_id);
            }
        }
    }

    fn all(&mut self, plan: &Plan) -> io::Result<()> {
        // `--frames` prints the frames of one input after the other.
        let order = if self.print.mode == Mode::Frames { Order::AsGiven } else { plan.order };
        if plan.follow {
            return self.follow(plan, order);
        }
        if order == Order::ByTime && (plan.inputs.len() > 1 || plan.inputs == [InputSpec::Demo]) {
            return self.merge(&plan.inputs);
        }
        // A file is opened when it is read.
        for opened in plan.inputs.iter().flat_map(InputSpec::open) {
            match opened {
                Ok(input) => self.input(input)?,
                Err(error) => self.complain(&error),
            }
        }
        Ok(())
    }

    /// Prints the matching messages of one input. The error is the output's.
    fn input(&mut self, input: Input) -> io::Result<()> {
        let mut stream = self.begin(input);
        let broken = self.go_on(&mut stream)?;
        self.report_notes(&stream);
        self.end(stream.close(broken))
    }

    /// All inputs were read: decides the held messages, and prints what is printed at the end.
    fn finish(&mut self) -> io::Result<()> {
        let Self { undecided, output, .. } = self;
        if let Some(undecided) = undecided {
            undecided.finish(&mut |facts, matches| output.message(facts, matches))?;
        }
        output.sink.finish()
    }

    /// Prepares an input for printing.
    pub(super) fn begin(&mut self, input: Input) -> Stream {
        self.inputs += 1;
        let (reader, tracking) = (input.reader, self.tracking());
        let reader = match self.print.mode {
            Mode::Frames if !self.print.chosen => InputReader::Copy(frames::Copy::new(reader, tracking)),
            Mode::Frames => {
                let history = FrameHistory::new(reader, tracking, self.inputs);
                InputReader::WithHistory(history.clone(), MessageReader::new(history))
            }
            _ => {
                let reader = MessageReader::new(reader).skip_tracking(tracking);
                InputReader::Messages(if self.input_count == InputCount::Many {
                    reader.small()
                } else {
                    reader
                })
            }
        };
        let Input { source, provenance, read, size, may_grow, .. } = input;
        let locator = Locator::new(source, provenance.clone());
        Stream { locator, read, size, provenance, may_grow, reader }
    }

    /// Prints all matching messages that a stream has; returns the error if the stream broke off or pauses.
    pub(super) fn go_on(&mut self, stream: &mut Stream) -> io::Result<Option<ParseError>> {
        let Stream { locator, read, size, reader, .. } = stream;
        let input = Arc::clone(locator.input());
        let reading = || Reading { file: &input.file, read: read.bytes(), size: *size };
        match reader {
            InputReader::Copy(copy) => copy.go_on(|bytes| {
                self.progress.tick(reading);
                self.output.sink.copy(bytes)
            }),
            InputReader::WithHistory(history, reader) => {
                self.messages(locator, reader, Some(history), &reading)
            }
            InputReader::Messages(reader) => self.messages(locator, reader, None, &reading),
        }
    }

    /// Prints the current message of a stream, if it matches.
    pub(super) fn turn(&mut self, stream: &mut Stream) -> io::Result<()> {
        self.progress.tick(|| stream.reading());
        let Stream { locator, reader: InputReader::Messages(reader), .. } = stream else { return Ok(()) };
        let Some(message) = reader.current() else { return Ok(()) };
        self.number += 1;
        let Seen { source, offset, time, dates } = locator.seen(&message);
        let place = Position { source, offset, time, dates, number: self.number, marker: message.marker };
        self.message(&MessageFacts::new(&message, place))
    }

    /// Ends an input: reports its errors and its statistics.
    pub(super) fn end(&mut self, closed: Closed) -> io::Result<()> {
        let Closed { locator, provenance, may_grow, stats, broken } = closed;
        self.progress.clear();
        // A growing file may still be empty; and failures were already reported.
        let is_excused = ((may_grow || self.followed) && stats.bytes_read() == 0) || provenance.has_failed();
        self.output.sink.end_of_input(locator.input(), &locator.files(), &stats, provenance.logs())?;
        if let Some(problem) = trouble(&stats, broken, is_excused) {
            let file = escape(locator.input().file.as_bytes());
            self.complain(&format_args!("{file}: {problem}"));
        }
        Ok(())
    }

    /// Reports what happened to the files of a stream.
    pub(super) fn report_notes(&mut self, stream: &Stream) {
        for note in stream.provenance.take_notes() {
            match note {
                Note::Replayed { file, bytes } => self.output.sink.replayed(&file, bytes),
                note if note.is_complaint() => self.complain(&note),
                note => self.say(&note),
            }
        }
    }

    /// Prints the matching messages of `reader`; returns the error if the input broke off or pauses.
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
            locator.go_to(&message);
            let Seen { source, offset, time, dates } = locator.seen(&message);
            let place = Position { source, offset, time, dates, number: self.number, marker: message.marker };
            let facts = MessageFacts::new(&message, place);
            let facts = match history {
                Some(history) => facts.carried(Carried::InHistory(history, message.extents)),
                None => facts,
            };
            self.message(&facts)?;
        }
    }

    #[inline]
    fn message(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        self.output.sink.see(facts)?;
        if self.undecided.is_none() {
            let matches = self.matches(facts);
            return self.output.message(facts, matches);
        }
        let Self { undecided, output, .. } = self;
        let mut out = |facts: &MessageFacts<'_>, matches| output.message(facts, matches);
        undecided.as_mut().map_or(Ok(()), |undecided| undecided.take(facts, &mut out))
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
        // The bytes are available: if the filter may need them, a first test without them is useless.
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

    /// Prints a message about an input.
    pub(super) fn say(&mut self, what: &impl fmt::Display) {
        // The output so far must appear before a message about what follows.
        let _ = self.output.sink.flush();
        self.progress.clear();
        problem::say(what);
    }

    /// All available input was read: prints everything before waiting for more.
    pub(super) fn caught_up(&mut self) -> io::Result<()> {
        self.progress.clear();
        let Self { undecided, output, .. } = self;
        if let Some(undecided) = undecided {
            undecided.caught_up(&mut |facts, matches| output.message(facts, matches))?;
        }
        output.sink.flush()?;
        output.sink.publish()
    }

    /// The temporary name of an output that is not published yet.
    pub(super) fn hidden_name(&self) -> Option<PathBuf> {
        self.output.sink.hidden_name().map(Path::to_owned)
    }

    /// Reports what is missing although nothing failed.
    fn warn(&self) {
        let (out_of_turn, given_up) = self.undecided.as_ref().map_or((0, 0), Undecided::released_early);
        if out_of_turn > 0 {
            problem::say(&format_args!(
                "--filter: {out_of_turn} messages are not in time order: undecided messages held back more than 256 MiB"
            ));
        }
        if given_up > 0 {
            problem::say(&format_args!(
                "--filter: {given_up} messages were decided before their calls ended: undecided messages exceeded the 256 MiB buffer"
            ));
        }
        let incomplete = self.output.dialogs.as_ref().map_or(0, Dialogs::incomplete);
        if incomplete > 0 {
            problem::say(&format_args!(
                "--dialog: {incomplete} calls are incomplete: earlier messages exceeded the 32 MiB buffer"
            ));
        }
    }

    fn status(&self) -> u8 {
        if self.failed {
            FAILURE
        } else if !self.followed
            && self.output.sink.is_empty()
            && (self.print.chosen || !self.output.sink.counts())
        {
            NOTHING
        } else {
            SUCCESS
        }
    }
}

/// What is wrong with an input that was read as far as possible.
pub(super) fn trouble(stats: &ParseStats, broken: Option<ParseError>, is_excused: bool) -> Option<String> {
    if let Some(error) = broken {
        return Some(match (stats.bytes_read(), error) {
            // This error describes the input itself.
            (0, ParseError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => error.to_string(),
            (offset, error) => Problem::BrokenOff { offset, why: error.to_string() }.to_string(),
        });
    }
    if is_excused { None } else { Problem::of(stats).map(|problem| problem.to_string()) }
}
