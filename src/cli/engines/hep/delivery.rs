//! Messages on their way to the receiver: each is sent once, in order, and counted.
//!
//! Must not know: why a message is wanted, when more messages come.

use std::io;
use std::time::{Duration, Instant};

use crate::cli::engines::capture::Capture;
use crate::cli::problem;
use crate::export::hep::{Agent, Captured, LONGEST};
use crate::store::{RowRef, Snapshot, TextReader};

use super::resume::Resume;
use super::sender::Sender;
use super::settings::Hep;

/// The time between two records of how far the messages were sent.
const RECORDED: Duration = Duration::from_millis(250);

/// Messages on their way.
#[derive(Debug)]
pub(super) struct Delivery {
    target: String,
    agent: Agent,
    capture: Capture,
    sender: Sender,
    resume: Resume,
    recorded: Instant,
    reader: TextReader,
    packet: Vec<u8>,
    sent: u64,
    /// Messages that earlier runs had dealt with.
    known: u64,
    /// How often the inputs were begun.
    begun: u32,
    too_long: u64,
    unreadable: u64,
}

impl Delivery {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// If it is kept how far the messages were sent, and that cannot be read.
    pub(super) fn new(hep: &Hep) -> io::Result<Self> {
        Ok(Self {
            target: hep.target.to_string(),
            agent: hep.agent.clone(),
            capture: Capture::new(hep.local),
            sender: Sender::new(hep.target.clone(), hep.rate),
            resume: Resume::read(hep.resume.as_deref())?,
            recorded: Instant::now(),
            reader: TextReader::default(),
            packet: Vec::new(),
            sent: 0,
            known: 0,
            begun: 0,
            too_long: 0,
            unreadable: 0,
        })
    }

    /// Finds the messages that earlier runs dealt with. `snapshot` has all messages so far.
    pub(super) fn begin(&mut self, snapshot: &Snapshot) {
        self.begun += 1;
        for profile in self.resume.find(snapshot, &mut self.reader) {
            let profile = crate::base::escape::escape(profile.as_bytes()).into_owned();
            problem::say(&format_args!(
                "--hep-resume: the last message that was sent of {profile} is not in the inputs: all are sent"
            ));
        }
    }

    /// Takes the next message: it is sent if it is wanted and was not sent before.
    ///
    /// # Errors
    /// If the receiver cannot be reached: the same message has to be given again.
    pub(super) fn take(
        &mut self,
        row: &RowRef<'_>,
        is_wanted: impl FnOnce(&RowRef<'_>) -> bool,
    ) -> io::Result<()> {
        if self.resume.is_done(row) {
            self.known += u64::from(self.begun == 1);
        } else if is_wanted(row) {
            self.send(row)?;
        }
        self.resume.dealt_with(row);
        if self.recorded.elapsed() >= RECORDED {
            self.record(row.snapshot);
        }
        Ok(())
    }

    fn send(&mut self, row: &RowRef<'_>) -> io::Result<()> {
        let Self { agent, capture, packet, .. } = self;
        let made = capture.with(row, |stored, context| {
            let captured = Captured {
                from: context.from,
                to: context.to,
                is_stream: stored.entry.transport.is_stream(),
                micros: context.micros,
                correlation: context.correlation,
                content: stored.entry.content,
            };
            let place = (stored.entry.file.to_owned(), stored.entry.offset, stored.entry.content.len());
            agent.packet(packet, &captured).map_err(|_| place)
        });
        match made {
            Ok(Ok(())) => {
                self.sender.send(&self.packet)?;
                self.sent += 1;
            }
            Ok(Err((file, offset, bytes))) => {
                self.too_long += 1;
                let file = crate::base::escape::escape(file.as_bytes()).into_owned();
                problem::say(&format_args!(
                    "{file}:{offset}: not sent: a message of {bytes} bytes does not fit in a HEP packet of {LONGEST} bytes"
                ));
            }
            Err(_) => self.unreadable += 1,
        }
        Ok(())
    }

    /// Keeps how far the messages were sent.
    pub(super) fn record(&mut self, snapshot: &Snapshot) {
        if let Err(error) = self.resume.keep(snapshot, &mut self.reader) {
            problem::say(&format_args!("--hep-resume: {error}"));
        }
        self.recorded = Instant::now();
    }

    /// The last message was sent.
    ///
    /// # Errors
    /// If it is known that it was not received.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.sender.finish()
    }

    /// Says that the receiver cannot be reached.
    pub(super) fn complain(&self, error: &io::Error) {
        problem::say(&format_args!("--hep {}: {error}", self.target));
    }

    /// Says what was sent.
    pub(super) fn report(&self) {
        let Self { target, sent, known, .. } = self;
        let noun = if *sent == 1 { "message" } else { "messages" };
        let before = if *known > 0 { format!(" ({known} were dealt with before)") } else { String::new() };
        problem::say(&format_args!("{sent} {noun} sent to {target}{before}"));
        if self.too_long > 0 {
            problem::say(&format_args!("{} too long for HEP", self.too_long));
        }
        if self.unreadable > 0 {
            problem::say(&format_args!("{} cannot be read: the file changed", self.unreadable));
        }
    }

    /// Whether every message that was wanted was sent.
    pub(super) fn is_whole(&self) -> bool {
        self.too_long == 0 && self.unreadable == 0
    }

    /// The receiver that the user named.
    pub(super) fn target(&self) -> &str {
        &self.target
    }
}
