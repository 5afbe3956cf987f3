//! Where matching messages go: formatted to the standard output, or counted.
//!
//! Must not know: where they come from, why they match.

use std::collections::HashSet;
use std::io::{self, StdoutLock, Write};
use std::path::Path;

use crate::export::dump::Dump;
use crate::export::file::OutputFile;
use crate::export::pcap::Pcap;
use crate::export::stats::{self, Places, Report};
use crate::export::text::Shown;
use crate::export::{Safety, json, summary, text};
use crate::frame::ParseStats;
use crate::store::{DAY, Dates, FilePart, Source};

use super::facts::MessageFacts;
use super::frames::each_kept;
use super::ladders::Ladders;
use super::plan::{Mode, Print};
use super::tally::Tally;
use super::unparsed;

/// Bytes that are gathered before they are written.
const BUFFER: usize = 64 << 10;

/// Where the bytes go.
enum Out {
    Stdout(StdoutLock<'static>),
    File(OutputFile),
}

impl Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.write_all(bytes).and_then(|()| out.flush()),
            Self::File(file) => file.write_all(bytes).and_then(|()| file.flush()),
        }
    }
}

/// The output of a run.
pub(super) struct Sink {
    out: Out,
    /// What is not written yet.
    buffer: Vec<u8>,
    /// With so many bytes it is written.
    full: usize,
    print: Print,
    tally: Tally,
    ladders: Ladders,
    dump: Dump,
    pcap: Option<Pcap>,
    /// What its times are counted from.
    pcap_base: Option<i64>,
    report: Report,
    messages: u64,
    /// The frames of the message at hand.
    frames: Vec<u8>,
    /// Numbers of the frames that were written and may come again.
    shared: HashSet<u64>,
}

impl Sink {
    /// The output that `print` asks for.
    ///
    /// # Errors
    /// Where the file that it names cannot be written.
    pub(super) fn new(print: Print) -> io::Result<Self> {
        let out = match &print.file {
            Some(file) => Out::File(OutputFile::create(file, print.existing)?),
            None => Out::Stdout(io::stdout().lock()),
        };
        let mut buffer = Vec::with_capacity(BUFFER + BUFFER / 4);
        let pcap = match print.mode {
            Mode::Pcap(local) => Some(Pcap::new(&mut buffer, local)),
            _ => None,
        };
        Ok(Self {
            out,
            buffer,
            // Somebody who looks at a terminal wants to see a message when it comes.
            full: if print.is_at_terminal() { 1 } else { BUFFER },
            print,
            tally: Tally::default(),
            ladders: Ladders::default(),
            dump: Dump::default(),
            pcap,
            pcap_base: None,
            report: Report::default(),
            messages: 0,
            frames: Vec::new(),
            shared: HashSet::new(),
        })
    }

    /// Takes note of a message, whether or not it matches: what was sent tells our address.
    #[inline]
    pub(super) fn see(&mut self, facts: &MessageFacts<'_>) {
        if let Some(pcap) = &mut self.pcap {
            pcap.learn(&facts.position().source.profile, &facts.entry);
        }
    }

    /// Takes a message that matches.
    pub(super) fn message(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        self.messages += 1;
        let (out, style) = (&mut self.buffer, self.print.style);
        match self.print.mode {
            Mode::Summary => {
                summary::line(out, style, &facts.entry, facts.start_line(), facts.peek().call_id);
            }
            Mode::Full => text::message(out, style, Shown::Whole, &facts.entry, facts.head()),
            Mode::Headers => text::message(out, style, Shown::Head, &facts.entry, facts.head()),
            Mode::Body => text::body(out, style, &facts.entry, facts.head()),
            Mode::Raw => self.dump.message(out, &facts.entry, facts.at(), facts.position().dates),
            Mode::Frames => {
                self.frames.clear();
                facts.frames(&mut self.frames);
                each_kept(&self.frames, |number, frame| {
                    // A frame that holds several messages comes with the first of them that matches.
                    if number.is_none_or(|number| self.shared.insert(number)) {
                        out.extend_from_slice(frame);
                    }
                });
            }
            Mode::Json => json::message(out, &facts.entry, facts.head()),
            Mode::Pcap(_) => {
                if let Some(pcap) = &mut self.pcap {
                    // The file cannot say that its own time is where the date is from: days count from 1970 then.
                    let is_guess = facts.position().dates == Dates::OfFile;
                    let first = facts.at().div_euclid(DAY) * DAY;
                    let base = *self.pcap_base.get_or_insert(if is_guess { first } else { 0 });
                    pcap.message(out, &facts.position().source.profile, &facts.entry, facts.at() - base);
                }
            }
            Mode::Ladder => self.ladders.add(facts),
            Mode::Stats | Mode::StatsJson => self.tally.add(facts),
            // These are printed from the index.
            Mode::Calls | Mode::CallsJson => {}
        }
        if self.buffer.len() >= self.full { self.flush() } else { Ok(()) }
    }

    /// Takes frames as they are, and what stands between them.
    pub(super) fn copy(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.messages += u64::from(!bytes.is_empty());
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.full { self.flush() } else { Ok(()) }
    }

    /// Takes the accounts of an input that was read to its end.
    pub(super) fn end_of_input(
        &mut self,
        source: &Source,
        files: &[FilePart],
        stats: &ParseStats,
    ) -> io::Result<()> {
        let places = Places::new(source, files);
        if self.print.unparsed {
            self.flush()?;
            unparsed::report(&places, self.print.names_inputs || files.len() > 1, stats);
        }
        if self.counts() {
            self.report.add(places, stats);
        }
        Ok(())
    }

    /// Takes note of bytes that stand at the end of the file before, too.
    pub(super) fn replayed(&mut self, file: &str, bytes: u64) {
        if self.print.unparsed {
            unparsed::replayed(file, bytes);
        }
        self.report.add_replayed(file, bytes);
    }

    /// Writes what is left, and the counts where these were asked for.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self.print.mode {
            Mode::Stats => {
                stats::text(&mut self.buffer, self.print.style, &self.report, &self.tally.counts());
            }
            Mode::Ladder => self.ladders.write(&mut self.buffer, self.print.style),
            Mode::StatsJson => stats::json(&mut self.buffer, &self.report, &self.tally.counts()),
            _ => {}
        }
        if let Some(pcap) = &mut self.pcap {
            pcap.finish(&mut self.buffer);
        }
        self.flush()?;
        self.publish()
    }

    /// Writes what was gathered.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.print.style.safety == Safety::Escaped && self.print.mode.is_verbatim() {
            let mut shown = Vec::with_capacity(self.buffer.len());
            self.print.style.block(&mut shown, &self.buffer);
            self.buffer = shown;
        }
        self.out.write(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Gives the file its name once it holds a message: without one, what has that name is kept.
    pub(super) fn publish(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::File(file) if self.messages > 0 => file.publish(),
            _ => Ok(()),
        }
    }

    /// The name that the file has until it is complete.
    pub(super) fn hidden_name(&self) -> Option<&Path> {
        if let Out::File(file) = &self.out { file.hidden_name() } else { None }
    }

    /// Whether no message came.
    pub(super) fn is_empty(&self) -> bool {
        self.messages == 0
    }

    /// Whether counts are printed, and no messages.
    pub(super) fn counts(&self) -> bool {
        matches!(self.print.mode, Mode::Stats | Mode::StatsJson)
    }
}
