//! What is copied of messages that are written, or redacted, first.
//!
//! Must not know: keys, clipboards.

use std::sync::Arc;

use crate::app::copied_part::{CopiedPart, CopyWhat};
use crate::app::saving::{Redaction, SaveRequest};
use crate::calls::{Calls, LegIdx};
use crate::export::Style;
use crate::export::format::Format;
use crate::export::ladder::{write_head, write_ladder};
use crate::export::save::{Content, write};
use crate::export::sheet::Sheet;
use crate::ladder::Links;
use crate::store::{MessageIdx, Snapshot, TextReader};

use super::redacted::redacted;
use super::saving::how;

/// What is copied; a single line without its end.
///
/// # Errors
/// If a text cannot be read back, an original is left after redaction, or there is nothing to copy.
pub fn bytes(request: &SaveRequest, of: &CopiedPart) -> Result<Vec<u8>, String> {
    let messages = request.messages();
    if request.redaction == Redaction::Off {
        return taken((&request.snapshot, &messages), request, of);
    }
    let redacted = redacted(&request.snapshot, &messages, &mut || true).map_err(|error| error.to_string())?;
    let snapshot: Arc<Snapshot> = redacted.ok_or_else(gone)?;
    let messages: Vec<MessageIdx> = (0..snapshot.len() as MessageIdx).collect();
    taken((&snapshot, &messages), request, of)
}

fn taken(
    (snapshot, messages): (&Snapshot, &[MessageIdx]),
    request: &SaveRequest,
    of: &CopiedPart,
) -> Result<Vec<u8>, String> {
    let nothing = || "nothing of it is left".to_owned();
    match of.what {
        CopyWhat::Json | CopyWhat::Frame => written((snapshot, messages), request),
        CopyWhat::Ladder => sheets(snapshot).map(|sheet| ladder(&sheet)).next().ok_or_else(nothing),
        CopyWhat::Verdict => {
            let mut verdict = sheets(snapshot).map(|sheet| sheet.head.verdict.into_bytes());
            verdict.find(|verdict| !verdict.is_empty()).ok_or_else(nothing)
        }
        _ => {
            let first = *messages.first().ok_or_else(gone)?;
            let text = snapshot.text(&mut TextReader::default(), first).map_err(|error| error.to_string())?;
            of.of_message(&text.bytes).ok_or_else(nothing)
        }
    }
}

/// The messages as a file would have them.
fn written(
    (snapshot, messages): (&Snapshot, &[MessageIdx]),
    request: &SaveRequest,
) -> Result<Vec<u8>, String> {
    // Anything can be in a note: a redacted copy has none.
    let notes = (request.redaction == Redaction::Off).then_some(&request.notes);
    let (mut bytes, rows) = (Vec::new(), request.rows);
    let content = Content { snapshot, messages, rows, notes };
    match write(content, &how(request), &mut bytes, &mut |_| true) {
        Ok(Some(written)) if written.unreadable == 0 => {}
        Ok(_) => return Err(gone()),
        Err(error) => return Err(error.to_string()),
    }
    if request.format == Format::Json && bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    Ok(bytes)
}

/// The calls of all messages.
fn sheets(snapshot: &Snapshot) -> impl Iterator<Item = Sheet> {
    let ids = 1..=snapshot.call_count() as u32;
    let calls = Calls::of(snapshot).into_iter();
    calls.flat_map(move |calls| {
        let all = |_: LegIdx| true;
        Sheet::of_calls((snapshot, calls), &Links::default(), all, ids.clone()).collect::<Vec<_>>()
    })
}

fn ladder(sheet: &Sheet) -> Vec<u8> {
    let mut out = Vec::new();
    write_head(&mut out, &sheet.head, Style::default());
    write_ladder(&mut out, &sheet.ladder, &sheet.labels);
    out
}

fn gone() -> String {
    "the text of the message is gone".to_owned()
}
