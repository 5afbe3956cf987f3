//! The output of matching messages: formatted to the standard output or a file, or counted.
//!
//! Must not know: where they come from, why they match.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use crate::calls::LegRules;
use crate::export::dump::Dump;
use crate::export::pcap::Pcap;
use crate::export::stats::{self, Counts, Places, Report};
use crate::export::text::Shown;
use crate::export::{Safety, json, summary, text};
use crate::frame::ParseStats;
use crate::store::{FilePart, LogAccount, Source};

use super::by_hand::ByHand;
use super::call_tally::CallTally;
use super::collector::Collector;
use super::facts::MessageFacts;
use super::frames::each_kept;
use super::ladders::Ladders;
use super::out::Out;
use super::plan::{Counted, Mode, Print};
use super::tally::Tally;
use super::unparsed;

/// Upper limit of the bytes that are collected before they are written.
const BUFFER: usize = 64 << 10;

/// The output of a run.
pub(super) struct Sink {
    out: Out,
    /// Output that is not written yet.
    buffer: Vec<u8>,
    /// The buffer is written when it has this many bytes.
    full: usize,
    print: Print,
    tally: Tally,
    calls: Option<CallTally>,
    ladders: Ladders,
    dump: Dump,
    pcap: Option<Pcap>,
    report: Report,
    messages: u64,
    /// Takes the messages instead, if they are redacted.
    collector: Option<Collector>,
    /// The frames of the current message.
    frames: Vec<u8>,
    /// Numbers of the written frames that can occur again.
    shared: HashSet<u64>,
}

impl Sink {
    /// Creates the output for `print`.
    ///
    /// # Errors
    /// If its file cannot be written.
    pub(super) fn new(print: Print, rules: LegRules, by_hand: ByHand) -> io::Result<Self> {
        let out = Out::open(&print)?;
        let mut buffer = Vec::with_capacity(BUFFER + BUFFER / 4);
        let pcap = match print.mode {
            Mode::Pcap(local) => Some(Pcap::new(&mut buffer, local)),
            _ => None,
        };
        let matching = print.chosen.then(Vec::new);
        let has_calls =
            print.counted == Counted::Calls || matches!(print.mode, Mode::Calls | Mode::CallsJson);
        let calls = has_calls.then(|| CallTally::new(rules.clone(), matching, by_hand));
        let report = Report::with_aliases(rules.aliases().clone());
        Ok(Self {
            out,
            buffer,
            // On a terminal, each message is written at once.
            full: if print.is_at_terminal() { 1 } else { BUFFER },
            print,
            tally: Tally::default(),
            calls,
            ladders: Ladders::new(rules),
            dump: Dump::default(),
            pcap,
            report,
            messages: 0,
            collector: None,
            frames: Vec::new(),
            shared: HashSet::new(),
        })
    }

    /// The same, with a collector that takes the messages.
    pub(super) fn collecting(self, collector: Collector) -> Self {
        Self { collector: Some(collector), ..self }
    }

    /// The collector with the messages.
    pub(super) fn collected(self) -> Option<Collector> {
        self.collector
    }

    /// Takes every message, matching or not: our address is learned from sent messages, and calls consist of all.
    ///
    /// # Errors
    /// If it cannot be indexed.
    #[inline]
    pub(super) fn see(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        if let Some(pcap) = &mut self.pcap {
            pcap.learn(&facts.position().source.profile, &facts.entry);
        }
        self.calls.as_mut().map_or(Ok(()), |calls| calls.see(facts))
    }

    /// Takes a matching message.
    pub(super) fn message(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        self.messages += 1;
        if let Some(collector) = &mut self.collector {
            return collector.message(facts);
        }
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
                    // A frame that holds several messages is written with the first one that matches.
                    if number.is_none_or(|number| self.shared.insert(number)) {
                        out.extend_from_slice(frame);
                    }
                });
            }
            Mode::Json => json::message(out, &facts.entry, facts.head()),
            Mode::Pcap(_) => {
                if let Some(pcap) = &mut self.pcap {
                    let at = (facts.at(), facts.position().dates);
                    pcap.message_at(out, (&facts.position().source.profile, ""), &facts.entry, at);
                }
            }
            Mode::Ladder => self.ladders.add(facts)?,
            Mode::Stats | Mode::StatsJson => {
                self.tally.add(facts);
                if let Some(calls) = &mut self.calls {
                    calls.add(facts);
                }
            }
            // What needs an index of everything is not written here, except calls that are followed.
            Mode::Calls | Mode::CallsJson | Mode::Saved(..) => {
                if let Some(calls) = &mut self.calls {
                    calls.add(facts);
                }
            }
        }
        if self.buffer.len() >= self.full { self.flush() } else { Ok(()) }
    }

    /// Takes frames and the bytes between them, unchanged.
    pub(super) fn copy(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.messages += u64::from(!bytes.is_empty());
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= self.full { self.flush() } else { Ok(()) }
    }

    /// Takes the statistics of an input that was read to its end.
    pub(super) fn end_of_input(
        &mut self,
        source: &Source,
        files: &[FilePart],
        stats: &ParseStats,
        logs: Vec<LogAccount>,
    ) -> io::Result<()> {
        let places = Places::new(source, files);
        if self.print.unparsed {
            self.flush()?;
            let is_named = self.print.names_inputs || files.len() > 1;
            unparsed::report(&places, is_named, stats);
            for log in &logs {
                unparsed::log(log, is_named);
            }
        }
        if self.counts() {
            self.report.add(places, stats);
            self.report.add_logs(logs);
        }
        Ok(())
    }

    /// Takes the number of bytes that repeat the end of the preceding file.
    pub(super) fn replayed(&mut self, file: &str, bytes: u64) {
        if self.print.unparsed {
            unparsed::replayed(file, bytes);
        }
        self.report.add_replayed(file, bytes);
    }

    /// Writes the rest, and the counts if they were asked for.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self.print.mode {
            Mode::Stats => {
                let counts = self.counted()?;
                stats::text(&mut self.buffer, self.print.style, &self.report, &counts);
            }
            Mode::Ladder => {
                let Self { ladders, buffer, out, full, print, .. } = self;
                ladders.write(buffer, print.style, &mut |bytes| {
                    if bytes.len() >= *full {
                        out.write_all(bytes).and_then(|()| out.flush())?;
                        bytes.clear();
                    }
                    Ok(())
                })?;
            }
            Mode::StatsJson => {
                let counts = self.counted()?;
                stats::json(&mut self.buffer, &self.report, &counts);
            }
            Mode::Calls | Mode::CallsJson => {
                if let Some(calls) = &mut self.calls {
                    calls.write(&mut self.buffer, &self.print)?;
                }
            }
            _ => {}
        }
        if let Some(pcap) = &mut self.pcap {
            pcap.finish(&mut self.buffer);
        }
        self.flush()?;
        self.publish()
    }

    fn counted(&mut self) -> io::Result<Counts> {
        let calls = self.calls.as_mut().map(CallTally::counts).transpose()?;
        Ok(Counts { calls, ..self.tally.counts() })
    }

    /// Writes the buffer.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.print.style.safety == Safety::Escaped && self.print.mode.is_verbatim() {
            let mut shown = Vec::with_capacity(self.buffer.len());
            self.print.style.block(&mut shown, &self.buffer);
            self.buffer = shown;
        }
        self.out.write_all(&self.buffer).and_then(|()| self.out.flush())?;
        self.buffer.clear();
        Ok(())
    }

    /// Gives the file its final name once it contains a message: without a message, an existing file is kept.
    pub(super) fn publish(&mut self) -> io::Result<()> {
        if self.messages > 0 || self.counts() && !self.print.chosen { self.out.publish() } else { Ok(()) }
    }

    /// The temporary name of the file until it is complete.
    pub(super) fn hidden_name(&self) -> Option<&Path> {
        self.out.hidden_name()
    }

    /// Whether there was no message.
    pub(super) fn is_empty(&self) -> bool {
        self.messages == 0
    }

    /// Whether counts are printed instead of messages.
    pub(super) fn counts(&self) -> bool {
        matches!(self.print.mode, Mode::Stats | Mode::StatsJson)
    }
}
