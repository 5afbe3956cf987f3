//! Saves messages of the index, or their calls, in a format: the same for the command line and the browser.
//!
//! A new format is a row in the table of [`Format`] and an arm in [`write`].
//!
//! Must not know: files, why these messages were chosen, options, screens.

mod comments;
mod message_writer;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::calls::{Calls, Chosen, calls_of};
use crate::store::{MessageIdx, Snapshot, TextReader};

use super::format::{Format, Rows};
use super::report::{self, Trace};
use super::stored::with_stored;
use super::{Style, calls as calls_json, calls_table, csv};
use message_writer::MessageWriter;

pub use super::endpoints::Local;

/// Bytes that are collected before they are written.
const BUFFER: usize = 64 << 10;

/// What is saved.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// The index.
    pub snapshot: &'a Snapshot,
    /// The messages, in their order.
    pub messages: &'a [MessageIdx],
    /// Whether their calls are saved instead.
    pub rows: Rows,
    /// What the user wrote on messages, for formats that have a place for it.
    pub notes: Option<&'a BTreeMap<MessageIdx, String>>,
}

/// How it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// The format.
    pub format: Format,
    /// The columns of a table of messages.
    pub columns: Vec<csv::Column>,
    /// The columns of a table of calls.
    pub call_columns: Vec<calls_table::Column>,
    /// Our address in packets.
    pub local: Local,
    /// How text is written.
    pub style: Style,
}

impl How {
    /// A format with the usual columns.
    pub fn usual(format: Format) -> Self {
        Self {
            format,
            columns: csv::Column::usual(),
            call_columns: calls_table::COLUMNS[..calls_table::USUAL].to_vec(),
            local: Local::default(),
            style: Style::default(),
        }
    }
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// The messages, or the calls and dialogs.
    pub count: u64,
    /// Their bytes in the file.
    pub bytes: u64,
    /// Messages that are missing because their text cannot be read back.
    pub unreadable: u64,
}

/// Writes `content` to `out`. `go_on` takes the number of messages that are done, and says whether to go on.
///
/// `None` if it was stopped: then `out` is incomplete.
///
/// # Errors
/// Those of `out`.
pub fn write(
    content: Content<'_>,
    how: &How,
    out: &mut dyn Write,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Option<Written>> {
    let mut out = Counted { out, bytes: 0 };
    let written = match content.rows {
        _ if how.format.is_report() => report(content, how.format, &mut out, go_on)?,
        Rows::Calls => Some(calls(content, how, &mut out)?),
        Rows::Messages => messages(content, how, &mut out, go_on)?,
    };
    Ok(written.map(|written| Written { bytes: out.bytes, ..written }))
}

/// Writes the messages one after the other.
fn messages(
    content: Content<'_>,
    how: &How,
    out: &mut Counted<'_>,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Option<Written>> {
    let (mut buffer, mut reader, mut written) = (Vec::new(), TextReader::default(), Written::default());
    let comments = comments_for(content, how.format);
    let mut writer = MessageWriter::new(&mut buffer, how, &comments::of_file(content, &comments));
    writer.learn(content.snapshot, &mut reader);
    for (done, message) in content.messages.iter().enumerate() {
        if !go_on(done) {
            return Ok(None);
        }
        let read = with_stored(content.snapshot, *message, &mut reader, |stored| {
            writer.message(&mut buffer, stored, comments.get(message).map_or(&[], Vec::as_slice));
        });
        match read {
            Ok(()) => written.count += 1,
            Err(_) => written.unreadable += 1,
        }
        if buffer.len() >= BUFFER {
            out.write(&mut buffer)?;
        }
    }
    writer.finish(&mut buffer);
    out.write(&mut buffer)?;
    Ok(Some(written))
}

/// What the format says about messages: everything, or the user's notes alone.
fn comments_for(content: Content<'_>, format: Format) -> comments::Comments {
    match format {
        Format::Pcapng => comments::of(content),
        format if format.has_notes() => comments::notes(content),
        _ => comments::Comments::new(),
    }
}

/// Writes the calls of the messages, and the dialogs of other kinds.
fn calls(content: Content<'_>, how: &How, out: &mut Counted<'_>) -> io::Result<Written> {
    let snapshot = content.snapshot;
    let Some(calls) = Calls::of(snapshot) else { return Ok(Written::default()) };
    let chosen = chosen(content, calls);
    let found = calls_of(calls, snapshot, |leg| chosen.has_leg(leg));
    let dialogs: Vec<_> = calls.dialogs(snapshot).filter(|dialog| chosen.has_dialog(dialog.index)).collect();
    let mut buffer = Vec::new();
    match how.format {
        Format::Csv if found.is_empty() => csv::dialogs(&mut buffer, &dialogs),
        // A file has one table, and a trace that has calls is looked at for them.
        Format::Csv => csv::calls(&mut buffer, &how.call_columns, &found),
        Format::Json => {
            for call in &found {
                calls_json::json(&mut buffer, call);
            }
            for dialog in &dialogs {
                calls_json::dialog_json(&mut buffer, dialog);
            }
        }
        _ => calls_table::table(&mut buffer, how.style, &how.call_columns, &found, &dialogs),
    }
    out.write(&mut buffer)?;
    Ok(Written { count: (found.len() + dialogs.len()) as u64, ..Written::default() })
}

/// The legs and dialogs of the messages.
fn chosen(content: Content<'_>, calls: &Calls) -> Chosen {
    let mut chosen = Chosen::default();
    for row in content.messages.iter().filter_map(|message| content.snapshot.row(*message)) {
        chosen.add(calls, row.row);
    }
    chosen
}

/// Writes a report of the legs and dialogs of the messages.
fn report(
    content: Content<'_>,
    format: Format,
    out: &mut Counted<'_>,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> io::Result<Option<Written>> {
    let snapshot = content.snapshot;
    let Some(calls) = Calls::of(snapshot) else { return Ok(Some(Written::default())) };
    let trace = Trace { snapshot, calls, chosen: &chosen(content, calls), notes: content.notes };
    let count = report::write(&trace, format, &mut |text, done| {
        out.write(&mut std::mem::take(text).into_bytes())?;
        Ok(go_on(done))
    })?;
    Ok(count.map(|count| Written { count: count as u64, ..Written::default() }))
}

/// An output that counts its bytes.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Counted<'_> {
    /// Writes a buffer, and empties it.
    fn write(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        self.out.write_all(buffer)?;
        self.bytes += buffer.len() as u64;
        buffer.clear();
        Ok(())
    }
}
