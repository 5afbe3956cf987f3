//! The table of messages: the columns of the message list.
//!
//! Must not know: filters, how a list is drawn.

use std::borrow::Cow;

use crate::base::time_of_day;
use crate::filter::{Facts, Field, value_of};
use crate::store::{DAY, Flags, RowRef};

use super::{record, seconds, text};

/// The columns that are written unless others are chosen: those of the message list.
pub const USUAL: [&str; 11] =
    ["n", "date", "time", "delta", "addr", "arrow", "profile", "message", "from", "to", "call-id"];

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    heading: String,
    value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    /// The date, where it is known.
    Date,
    /// The time since the previous record.
    SincePrevious,
    /// Method, or status code and reason phrase.
    Message,
    /// A field of the filter language, and the name of the header field or the key of a JSON body.
    Field(Field, String),
}

impl Column {
    /// The column with this name, as a configuration of the message list names it.
    pub fn named(name: &str) -> Option<Self> {
        let (heading, value) = match name {
            "date" => (name, Value::Date),
            "delta" => (name, Value::SincePrevious),
            "message" => (name, Value::Message),
            "arrow" => ("direction", Value::Field(Field::Dir, String::new())),
            "addr" | "peer" => ("peer", Value::Field(Field::Addr, String::new())),
            _ => {
                let (field, key) = Field::named(name)?;
                if matches!(field, Field::Body | Field::Sdp) {
                    return None;
                }
                (name, Value::Field(field, key.to_owned()))
            }
        };
        Some(Self { heading: heading.to_owned(), value })
    }

    /// The usual ones.
    pub fn usual() -> Vec<Self> {
        USUAL.iter().filter_map(|name| Self::named(name)).collect()
    }
}

/// A table of messages that is being written.
#[derive(Debug)]
pub struct Messages {
    columns: Vec<Column>,
    /// The time of the previous record.
    previous: Option<i64>,
}

impl Messages {
    /// Appends the headings.
    pub fn new(out: &mut Vec<u8>, columns: Vec<Column>) -> Self {
        record(out, columns.iter().map(|column| Cow::Borrowed(&*column.heading)));
        Self { columns, previous: None }
    }

    /// Appends the record of a message with these bytes.
    pub fn message(&mut self, out: &mut Vec<u8>, row: &RowRef<'_>, bytes: &[u8]) {
        let previous = self.previous.replace(row.row.time);
        record(out, self.columns.iter().map(|column| cell(column, row, bytes, previous)));
    }
}

fn cell<'a>(column: &Column, row: &RowRef<'a>, bytes: &[u8], previous: Option<i64>) -> Cow<'a, str> {
    let field = match &column.value {
        Value::Date => return Cow::Owned(date(row)),
        Value::SincePrevious => {
            let micros = previous.map(|previous| row.row.time - previous);
            return Cow::Owned(micros.map(seconds).unwrap_or_default());
        }
        Value::Message if row.row.status == 0 => return text(row.what()),
        Value::Message => return Cow::Owned(format!("{} {}", row.row.status, text(row.what()))),
        Value::Field(Field::Ua | Field::Branch | Field::Contact | Field::Uri | Field::Type, _) => {
            return read(column, bytes);
        }
        Value::Field(Field::Header | Field::Json, _) => return read(column, bytes),
        Value::Field(field, _) => *field,
    };
    match field {
        Field::N => (row.index + 1).to_string().into(),
        Field::Time => time_of_day(row.row.time).into(),
        Field::Addr => text(row.peer()),
        Field::From => text(user(row.from(), row.from_value())),
        Field::To => text(user(row.to(), row.to_value())),
        Field::Profile => text(row.source().map_or(b"", |source| source.profile.as_bytes())),
        Field::CallId => text(row.call_id()),
        Field::Status => row.status().map(|status| status.to_string()).unwrap_or_default().into(),
        Field::Method => text(row.method()),
        Field::Reason if row.row.status == 0 => "".into(),
        Field::Reason => text(row.what()),
        Field::Dir => row.row.direction().as_str().into(),
        Field::Transport => row.row.transport().as_str().into(),
        Field::File => text(row.file_name().as_bytes()),
        Field::Cseq => row.cseq_number().to_string().into(),
        Field::Size => row.size().to_string().into(),
        Field::Frames => row.frames().to_string().into(),
        field => of_call(row, field).into(),
    }
}

/// The user of an address, or all of it if it has none.
fn user<'a>(user: &'a [u8], value: &'a [u8]) -> &'a [u8] {
    if user.is_empty() { value } else { user }
}

/// `2026-11-23`; empty where no date is known.
fn date(row: &RowRef<'_>) -> String {
    let (time, flags) = (row.row.time, row.row.flags);
    let stamp = crate::base::Timestamp::of_day_micros(time.rem_euclid(DAY).unsigned_abs());
    let dated = flags.has(Flags::DATED).then(|| stamp.on_day(time.div_euclid(DAY))).flatten();
    dated.map(|stamp| stamp.to_string()[..10].to_owned()).unwrap_or_default()
}

/// A value that only the bytes of a message have.
fn read<'a>(column: &Column, bytes: &[u8]) -> Cow<'a, str> {
    let Value::Field(field, key) = &column.value else { return "".into() };
    let value = value_of(*field, key, bytes).unwrap_or_default();
    Cow::Owned(text(&value).into_owned())
}

/// What is known of the call of a message.
fn of_call(row: &RowRef<'_>, field: Field) -> String {
    if let Some(number) = row.call_number(field) {
        return match field {
            Field::Pdd | Field::Setup | Field::Talk => seconds(number as i64),
            Field::Pair => format!("{}.{:06}", number / 1_000_000, number % 1_000_000),
            _ => number.to_string(),
        };
    }
    let mut texts: Vec<String> = Vec::new();
    row.call_text(field, &mut |value| {
        let value = text(value).into_owned();
        if !texts.contains(&value) {
            texts.push(value);
        }
        false
    });
    texts.join("; ")
}
