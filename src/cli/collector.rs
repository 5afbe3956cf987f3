//! Takes the selected messages and writes them, redacted, to a temporary file for each input, which can be read instead of it; and
//! searches these for originals.
//!
//! Must not know: how values are replaced, what becomes of the files.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

use crate::export::dump::Dump;
use crate::export::redact::{LeakCheck, Redactor};
use crate::load::{InputSpec, MadeInput};
use crate::message::MessageReader;
use crate::store::Source;

use super::facts::MessageFacts;

/// Bytes that are collected before they are written.
const BUFFER: usize = 256 << 10;

/// Takes selected messages and writes them, redacted.
pub(super) struct Collector {
    redactor: Redactor,
    outputs: Vec<Output>,
}

/// What was redacted of one input.
struct Output {
    profile: String,
    paths: Vec<PathBuf>,
    file: File,
    dump: Dump,
    /// The markers before the last message.
    markers: u64,
    buffer: Vec<u8>,
}

impl Collector {
    pub(super) fn new(redactor: Redactor) -> Self {
        Self { redactor, outputs: Vec::new() }
    }

    /// What replaced the originals.
    pub(super) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Takes a selected message.
    ///
    /// # Errors
    /// If the temporary file cannot be written.
    pub(super) fn message(&mut self, facts: &MessageFacts<'_>) -> io::Result<()> {
        let position = facts.position();
        let at = self.outputs.iter().position(|output| output.is_of(position.source));
        let at = if let Some(at) = at {
            at
        } else {
            self.outputs.push(Output::new(position.source)?);
            self.outputs.len() - 1
        };
        let Self { redactor, outputs } = self;
        let output = &mut outputs[at];
        if position.marker.number > output.markers {
            output.markers = position.marker.number;
            output.dump.marker(&mut output.buffer, position.marker);
        }
        output.dump.message(&mut output.buffer, &redactor.entry(&facts.entry), facts.at(), position.dates);
        if output.buffer.len() >= BUFFER { output.flush() } else { Ok(()) }
    }

    /// Searches everything for originals, and returns it as inputs, in the order of `inputs`.
    ///
    /// # Errors
    /// If there is an original left, or a temporary file cannot be written or read.
    pub(super) fn finish(&mut self, inputs: &[InputSpec]) -> io::Result<Vec<InputSpec>> {
        self.outputs.iter_mut().try_for_each(Output::flush)?;
        let mut check = LeakCheck::new(&self.redactor);
        for output in &mut self.outputs {
            output.check(&mut check)?;
        }
        drop(check);
        let rank = |output: &Output| {
            let is_of = |input: &InputSpec| {
                input
                    .files()
                    .is_some_and(|set| set.files().any(|file| output.paths.iter().any(|path| path == file)))
            };
            inputs.iter().position(is_of)
        };
        self.outputs.sort_by_key(rank);
        let redactor = &mut self.redactor;
        Ok(self.outputs.iter().map(|output| output.input(redactor)).collect())
    }
}

impl Output {
    fn new(source: &Source) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        let paths = source.paths.to_vec();
        Ok(Self {
            profile: source.profile.clone(),
            paths,
            file,
            dump: Dump::default(),
            markers: 0,
            buffer: Vec::new(),
        })
    }

    fn is_of(&self, source: &Source) -> bool {
        self.profile == source.profile && self.paths[..] == source.paths[..]
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Searches the messages for originals.
    fn check(&mut self, check: &mut LeakCheck) -> io::Result<()> {
        self.file.rewind()?;
        let mut reader = MessageReader::new(Read::by_ref(&mut self.file));
        let mut number = 0_u64;
        while let Some(message) = reader.next_message().map_err(io::Error::other)? {
            number += 1;
            let leak = check.message(message.content).or_else(|| check.message(message.address.as_bytes()));
            leak.map_or(Ok(()), |leak| Err(leak.error(number)))?;
        }
        Ok(())
    }

    /// What was redacted, as an input. The dates of a dump without dates come from the time of its file.
    fn input(&self, redactor: &mut Redactor) -> InputSpec {
        let written = self.paths.last().and_then(|path| fs::metadata(path).ok()?.modified().ok());
        if let Some(written) = written {
            // Without it, dates that nothing says are those of today.
            let _ = self.file.set_modified(written);
        }
        let profile = redactor.profile(&self.profile);
        let path = format!("/dev/fd/{}", self.file.as_raw_fd()).into();
        InputSpec::Made(MadeInput { path, name: format!("{profile}.dump"), profile })
    }
}
