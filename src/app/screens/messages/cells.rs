//! Values that only the texts of messages have, for the visible rows of the list: read when the rows are shown.
//!
//! Must not know: how texts are read, drawing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::columns::{ColumnSpec, ColumnValue};
use crate::app::event::{Effect, Generation};
use crate::filter::{Field, value_of};
use crate::sip::Message;
use crate::store::{Flags, MessageIdx, MessageText, RowRef};

use super::super::Host;
use super::MessagesScreen;

/// Rows whose values are kept; beyond that all are read again.
const MOST_ROWS: usize = 4096;
/// Longer texts are not read to name their bodies.
const MOST_TEXT: u32 = 256 << 10;
/// The characters of the name of a type that are shown.
const MOST_NAME: usize = 24;
/// The bytes of a value that are kept.
const MOST_BYTES: usize = 400;

/// Values by row and column.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    rows: HashMap<MessageIdx, Vec<Vec<u8>>>,
    /// What the bodies of rows are, where the index does not know it: `SDP +3 parts`, `dialog-info`.
    bodies: HashMap<MessageIdx, String>,
    /// The columns that the values belong to.
    columns: Vec<ColumnValue>,
    /// The request that was not answered completely.
    requested: Option<(Generation, Vec<MessageIdx>)>,
}

impl Cells {
    /// The value of a row for a column; `None` if it was not read yet.
    pub fn get(&self, row: MessageIdx, column: ColumnValue) -> Option<&[u8]> {
        let at = self.columns.iter().position(|known| *known == column)?;
        self.rows.get(&row)?.get(at).map(Vec::as_slice)
    }

    /// What the body of a row is; `None` if it was not read, or if the index knows it.
    pub fn body(&self, row: MessageIdx) -> Option<&str> {
        self.bodies.get(&row).map(String::as_str)
    }

    /// Whether the text of a row must be read, for its columns or to name its body.
    fn lacks(&self, row: &RowRef<'_>) -> bool {
        let flags = row.row.flags;
        let has_kind = (flags.has(Flags::BODY) || flags.has(Flags::MULTIPART)) && flags.has(Flags::SIP);
        let lacks_kind = has_kind && row.row.len <= MOST_TEXT && !self.bodies.contains_key(&row.index);
        lacks_kind || (!self.columns.is_empty() && !self.rows.contains_key(&row.index))
    }

    /// The bytes of the longest value so far of a column whose values are read; at least one.
    pub fn widest(&self, column: ColumnValue) -> Option<usize> {
        let at = self.columns.iter().position(|known| *known == column)?;
        let lens = self.rows.values().filter_map(|values| values.get(at)).map(Vec::len);
        Some(lens.max().unwrap_or(0).max(1))
    }

    /// Takes texts that were requested.
    fn take(&mut self, generation: Generation, texts: &[(MessageIdx, Arc<MessageText>)]) {
        if self.requested.as_ref().is_none_or(|(wanted, _)| *wanted != generation) {
            return;
        }
        for (row, text) in texts {
            let value = |column: &ColumnValue| {
                let (field, key) = field_of(*column)?;
                let mut value = value_of(field, key, &text.bytes)?;
                value.truncate(MOST_BYTES);
                Some(value)
            };
            let values = self.columns.iter().map(|column| value(column).unwrap_or_default()).collect();
            self.rows.insert(*row, values);
            self.bodies.insert(*row, body_kind(&text.bytes));
        }
    }
}

/// What the body of a message is: `SDP +3 parts`, `2 parts`, `dialog-info`; nothing if it has none.
fn body_kind(bytes: &[u8]) -> String {
    let message = Message::parse(bytes);
    if message.body().is_empty() {
        return String::new();
    }
    let parts = message.parts();
    if parts.is_empty() {
        let name = message.content_type().map_or(&b"body"[..], |of| of.subtype);
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let name = name.rsplit_once('+').map_or(name.as_str(), |(before, _)| before);
        // `text/plain` says nothing more than that.
        return if name == "plain" { "text".to_owned() } else { name.chars().take(MOST_NAME).collect() };
    }
    let has_sdp = parts.iter().any(|part| part.content_type().is_some_and(|of| of.is_sdp()));
    let others = parts.len() - usize::from(has_sdp);
    let noun = if others == 1 { "part" } else { "parts" };
    match (has_sdp, others) {
        (true, 0) => "SDP".to_owned(),
        (true, _) => format!("SDP +{others} {noun}"),
        (false, _) => format!("{others} {noun}"),
    }
}

/// The field of a column whose values only texts have.
pub(super) fn field_of(column: ColumnValue) -> Option<(Field, &'static str)> {
    match column {
        ColumnValue::Named(field, key) => Some((field, key)),
        ColumnValue::Field(
            field @ (Field::Ua | Field::Branch | Field::Contact | Field::Uri | Field::Type),
        ) => Some((field, "")),
        _ => None,
    }
}

impl MessagesScreen {
    /// Requests the texts of visible rows if a column needs them and they were not read.
    pub(super) fn request_cells(&mut self, host: &mut Host<'_>) {
        let needs = |column: &ColumnSpec| field_of(column.value).is_some();
        let columns: Vec<ColumnValue> =
            host.prefs.columns.iter().filter(|column| needs(column)).map(|column| column.value).collect();
        if columns != self.cells.columns {
            self.cells = Cells { columns, ..Cells::default() };
        }
        let visible = self.list.top..self.list.top + self.list.height;
        let rows = visible.filter_map(|position| self.row(host.session, position));
        let rows = rows.filter_map(|row| host.session.snapshot.row(row));
        let missing: Vec<MessageIdx> =
            rows.filter(|row| self.cells.lacks(row)).map(|row| row.index).collect();
        let is_requested = self
            .cells
            .requested
            .as_ref()
            .is_some_and(|(_, rows)| missing.iter().all(|row| rows.contains(row)));
        if missing.is_empty() || is_requested {
            return;
        }
        if self.cells.rows.len() > MOST_ROWS {
            self.cells.rows.clear();
            self.cells.bodies.clear();
        }
        let generation = host.session.new_generation();
        self.cells.requested = Some((generation, missing.clone()));
        host.effects.push(Effect::LoadTexts(generation, missing));
    }

    /// Forgets all values: the messages may be others.
    pub(super) fn forget_cells(&mut self) {
        self.cells = Cells::default();
    }

    /// Takes texts that were requested.
    pub(super) fn cells_arrived(&mut self, generation: Generation, texts: &[(MessageIdx, Arc<MessageText>)]) {
        self.cells.take(generation, texts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_a_body_has_no_kind_of_body() {
        for (text, kind) in [
            ("REGISTER sip:a SIP/2.0\r\nCSeq: 1 REGISTER\r\n\r\n", ""),
            ("SIP/2.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n", ""),
            ("MESSAGE sip:a SIP/2.0\r\nContent-Type: text/plain\r\n\r\nhello", "text"),
            ("MESSAGE sip:a SIP/2.0\r\n\r\nhello", "body"),
        ] {
            assert_eq!(body_kind(text.as_bytes()), kind, "{text}");
        }
    }
}
