//! Messages that are redacted before they are saved: an index of their own, in which no original is left.
//!
//! Must not know: how values are replaced, what is saved.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::mpsc::channel;

use crate::calls::LegRules;
use crate::export::dump::Dump;
use crate::export::redact::{Key, LeakCheck, Redactor, check_dump};
use crate::export::stored::with_stored;
use crate::load::{Follow, InputSpec, Loader, MadeInput};
use crate::store::{MessageIdx, Snapshot, TextReader};

/// The redacted messages of one profile, in a file without a name.
struct Output {
    source: u16,
    file: File,
    dump: Dump,
    buffer: Vec<u8>,
}

/// An index of these messages, redacted with a new key; `None` if it was stopped.
///
/// # Errors
/// If an original is left: the error says where. If a temporary file cannot be written.
pub(super) fn redacted(
    snapshot: &Snapshot,
    messages: &[MessageIdx],
    go_on: &mut dyn FnMut() -> bool,
) -> io::Result<Option<Arc<Snapshot>>> {
    let mut redactor = Redactor::new(Key::random()?);
    let (mut outputs, mut reader): (Vec<Output>, _) = (Vec::new(), TextReader::default());
    for message in messages {
        if !go_on() {
            return Ok(None);
        }
        let source = snapshot.row(*message).map_or(0, |row| row.row.source);
        let output = output_of(&mut outputs, source)?;
        // A text that is gone is missing in the file as without redaction.
        let _ = with_stored(snapshot, *message, &mut reader, |stored| {
            let entry = redactor.entry(&stored.entry);
            output.dump.message(&mut output.buffer, &entry, stored.time, stored.dates);
        });
        output.file.write_all(&output.buffer)?;
        output.buffer.clear();
    }
    let mut check = LeakCheck::new(&redactor);
    outputs.iter_mut().try_for_each(|output| output.check(&mut check))?;
    drop(check);
    let inputs = outputs.iter().map(|output| output.input(snapshot, &mut redactor)).collect();
    Ok(index(inputs))
}

fn output_of(outputs: &mut Vec<Output>, source: u16) -> io::Result<&mut Output> {
    let at = outputs.iter().position(|output| output.source == source).unwrap_or(outputs.len());
    if at == outputs.len() {
        let (file, dump) = (tempfile::tempfile()?, Dump::default());
        outputs.push(Output { source, file, dump, buffer: Vec::new() });
    }
    Ok(&mut outputs[at])
}

impl Output {
    /// Searches the messages for originals.
    fn check(&mut self, check: &mut LeakCheck) -> io::Result<()> {
        self.file.rewind()?;
        check_dump(check, &self.file)
    }

    /// The file as an input. The dates of a dump without dates come from the time of its file.
    fn input(&self, snapshot: &Snapshot, redactor: &mut Redactor) -> InputSpec {
        let source = snapshot.sources.get(usize::from(self.source));
        let written = source.and_then(|source| fs::metadata(source.paths.last()?).ok()?.modified().ok());
        if let Some(written) = written {
            // Without it, dates that nothing says are those of today.
            let _ = self.file.set_modified(written);
        }
        let profile = redactor.profile(source.map_or("", |source| &source.profile));
        let path = format!("/dev/fd/{}", self.file.as_raw_fd()).into();
        InputSpec::Made(MadeInput { path, name: format!("{profile}.dump"), profile })
    }
}

/// The index of these inputs, once all of it is read.
fn index(inputs: Vec<InputSpec>) -> Option<Arc<Snapshot>> {
    let (give, take) = channel();
    // Only the last snapshot is used.
    let publish = move |snapshot| drop(give.send(snapshot));
    let _loader = Loader::start_with(inputs, Follow::default(), LegRules::default(), usize::MAX, publish);
    take.iter().find(|snapshot: &Arc<Snapshot>| snapshot.progress.done)
}
