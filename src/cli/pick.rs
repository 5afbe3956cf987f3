//! `--pick`: prints messages that were picked in the browser, from its index.
//!
//! Must not know: how they were picked, how a message is printed.

use std::collections::BTreeSet;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use crate::base::{Extent, Timestamp};
use crate::calls::{Calls, Chosen};
use crate::export::Entry;
use crate::message::{Completeness, Marker};
use crate::store::{
    CallIdx, DAY, Dates, Flags, MessageIdx, MessageText, RowRef, Snapshot, Source, TextReader,
};

use super::facts::{MessageFacts, Position, date};
use super::plan::{Mode, Plan, Print};
use super::sink::Sink;
use super::{FAILURE, NOTHING, SUCCESS, calls, legs, problem};

/// A frame of a stream is one read of its connection: rarely this long.
const FRAME_MOST: u64 = 256 << 10;
/// What ends each frame.
const BOUNDARY: &[u8] = b"\x0b\n";

/// Prints the picked messages as `print` says, and returns the exit status.
pub fn run(plan: &Plan, print: &Print, snapshot: &Snapshot, picked: &[MessageIdx]) -> ExitCode {
    if picked.is_empty() {
        return ExitCode::from(NOTHING);
    }
    let messages = extended(plan, print, snapshot, picked);
    match (print.mode, Calls::of(snapshot)) {
        (Mode::Calls | Mode::CallsJson, Some(calls)) => print_calls(print, (snapshot, calls), &messages),
        (Mode::Ladder, Some(calls)) if plan.legs => {
            let ids: BTreeSet<CallIdx> = ids_of(snapshot, picked);
            legs::draw_all(plan, (snapshot, calls, print), ids)
        }
        _ => print_messages(plan, print, snapshot, &messages),
    }
}

/// The picked messages, with the others that the options ask for.
fn extended(plan: &Plan, print: &Print, snapshot: &Snapshot, picked: &[MessageIdx]) -> Vec<MessageIdx> {
    let mut ids = ids_of(snapshot, picked);
    if let (true, Some(calls)) = (plan.legs, Calls::of(snapshot)) {
        legs::add_legs(plan, (snapshot, calls), &mut ids);
    } else if print.dialog.is_none() {
        return picked.to_vec();
    }
    let of_ids = ids.into_iter().flat_map(|id| snapshot.rows_of_call(id));
    let messages: BTreeSet<MessageIdx> = of_ids.chain(picked.iter().copied()).collect();
    messages.into_iter().collect()
}

/// The Call-IDs of messages.
fn ids_of(snapshot: &Snapshot, messages: &[MessageIdx]) -> BTreeSet<CallIdx> {
    let ids = messages.iter().filter_map(|message| snapshot.row(*message)).map(|row| row.row.call);
    ids.filter(|id| *id != 0).collect()
}

/// Prints the calls and other dialogs of these messages.
fn print_calls(print: &Print, (snapshot, calls): (&Snapshot, &Calls), messages: &[MessageIdx]) -> ExitCode {
    let mut chosen = Chosen::default();
    for row in messages.iter().filter_map(|message| snapshot.row(*message)) {
        chosen.add(calls, row.row);
    }
    let legs: Vec<bool> = (0..calls.leg_count() as u32).map(|leg| chosen.has_leg(leg)).collect();
    let dialogs: Vec<bool> = (0..calls.dialog_count() as u32).map(|one| chosen.has_dialog(one)).collect();
    let mut out = Vec::new();
    let count = calls::write(&mut out, print, (snapshot, calls), (&legs, &dialogs));
    ExitCode::from(match super::print_bytes(&out) {
        SUCCESS if count == 0 => NOTHING,
        status => status,
    })
}

fn print_messages(plan: &Plan, print: &Print, snapshot: &Snapshot, messages: &[MessageIdx]) -> ExitCode {
    let mut unreadable = 0;
    let result = Sink::new(print.clone(), plan.rules.clone()).and_then(|mut sink| {
        let (mut reader, mut writer) = (TextReader::default(), Stored { snapshot, sink: &mut sink });
        for message in messages {
            match snapshot.text(&mut reader, *message) {
                Ok(text) => writer.message(*message, &text, &mut reader)?,
                Err(_) => unreadable += 1,
            }
        }
        sink.finish()
    });
    if let Err(error) = result {
        return ExitCode::from(super::run::output_failed(print, &error));
    }
    if unreadable > 0 {
        let noun = if unreadable == 1 { "message" } else { "messages" };
        problem::say(&format_args!("--pick: {unreadable} {noun} cannot be read: the file changed"));
        return ExitCode::from(FAILURE);
    }
    ExitCode::from(SUCCESS)
}

/// Passes stored messages to the output.
struct Stored<'a> {
    snapshot: &'a Snapshot,
    sink: &'a mut Sink,
}

impl Stored<'_> {
    fn message(
        &mut self,
        message: MessageIdx,
        text: &MessageText,
        reader: &mut TextReader,
    ) -> io::Result<()> {
        let Some(row) = self.snapshot.row(message) else { return Ok(()) };
        let profile = row.source().map_or("", |source| &source.profile);
        let source = Arc::new(Source::new(profile, row.file_name()));
        let (stamp, dates) = stamp(&row);
        let offset = frame_offset(&row, text, reader);
        let entry = Entry {
            file: &source.file,
            offset,
            direction: row.row.direction(),
            transport: row.row.transport(),
            address: row.peer(),
            stamp,
            date: date(stamp, row.row.time, dates),
            frames: u64::from(row.row.frames),
            content: &text.bytes,
        };
        let (time, number, marker) = (row.row.time, u64::from(message) + 1, Marker::default());
        let position = Position { source: &source, offset, time, dates, number, marker: &marker };
        let is_sip = row.row.flags.has(Flags::SIP);
        let completeness = if is_sip { Completeness::Complete } else { Completeness::NotSip };
        let facts = MessageFacts::of_entry(entry, position, completeness);
        self.sink.see(&facts)?;
        self.sink.message(&facts)
    }
}

/// The timestamp of a message as its frame has it, and how its date is known.
fn stamp(row: &RowRef<'_>) -> (Timestamp, Dates) {
    let clock = Timestamp::of_day_micros(row.row.time.rem_euclid(DAY).unsigned_abs());
    let flags = row.row.flags;
    if !flags.has(Flags::DATED) {
        return (clock, Dates::Unknown);
    }
    // The index does not say whether a date is from the text or from the file's own time.
    if flags.has(Flags::INFERRED) {
        return (clock, Dates::Inferred);
    }
    (clock.on_day(row.row.time.div_euclid(DAY)).unwrap_or(clock), Dates::Stamped)
}

/// Where the header of the frame begins that contains the first byte of a message, in its file.
fn frame_offset(row: &RowRef<'_>, text: &MessageText, reader: &mut TextReader) -> u64 {
    let Some(first) = text.pieces.first() else { return 0 };
    if !first.header.is_empty() {
        // A colon and a line end follow the header.
        return first.extent.offset.saturating_sub(first.header.len() as u64 + 2);
    }
    let (source, end) = (row.row.source, row.row.offset);
    let before = Extent::new(end.saturating_sub(FRAME_MOST), end.min(FRAME_MOST));
    let mut bytes = Vec::new();
    // Where the text before it is gone, its own position is the best that is known.
    if row.snapshot.bytes(reader, source, before, &mut bytes).is_err() {
        return first.extent.offset;
    }
    let header = memchr::memmem::rfind(&bytes, BOUNDARY).map_or(0, |at| at + BOUNDARY.len());
    row.snapshot.position(source, before.offset + header as u64).1
}
