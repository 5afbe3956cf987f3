//! The columns of lists, as data: what each shows, how wide it is, which ones go first when there is little room.
//!
//! Must not know: rows, drawing.

use crate::filter::Field;

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnValue {
    /// A field of the filter language.
    Field(Field),
    /// A header field with this name, or a value of a JSON body with this key. The name is kept until the program ends.
    Named(Field, &'static str),
    /// The date, if the messages are of several days.
    Date,
    /// The time since the previous row.
    SincePrevious,
    /// The direction: from the peer to us, or from us to the peer.
    Arrow,
    /// What the message is: method, or status code and reason phrase.
    Message,
    /// The folder of a profile's files.
    Folder,
    /// The number of a profile's files.
    Files,
    /// The first and the last time of a profile.
    TimeRange,
    /// The last time of a profile.
    Newest,
    /// A fact of a call.
    Call(CallColumn),
}

/// What is known of a call, as its list shows and sorts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CallColumn {
    /// Its number.
    #[default]
    Number,
    /// When it began.
    Start,
    /// Who called.
    From,
    /// Who was called.
    To,
    /// How it went.
    State,
    /// How long it rang.
    Ring,
    /// How long they talked.
    Talk,
    /// Who ended it.
    EndedBy,
    /// How many legs it has.
    Legs,
    /// The verdict.
    Why,
}

impl CallColumn {
    /// All of them with the keys that sort by them and their headings.
    pub const ALL: [(char, Self, &'static str); 10] = [
        ('n', Self::Number, "#"),
        ('s', Self::Start, "start"),
        ('f', Self::From, "from"),
        ('t', Self::To, "to"),
        ('a', Self::State, "state"),
        ('r', Self::Ring, "ring"),
        ('k', Self::Talk, "talk"),
        ('e', Self::EndedBy, "ended by"),
        ('l', Self::Legs, "legs"),
        ('w', Self::Why, "why"),
    ];
}

/// On which side of a column its values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// Left.
    #[default]
    Left,
    /// Right: numbers.
    Right,
}

/// One column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// What it shows.
    pub value: ColumnValue,
    /// Its heading.
    pub heading: &'static str,
    /// Its name in a configuration.
    pub name: &'static str,
    /// On which side its values are.
    pub align: Align,
    /// Minimum, ideal and maximum number of cells. All columns get their minimum, in the order of their priorities, before any
    /// gets more. Values that are shorter make a column narrower.
    pub widths: [usize; 3],
    /// Its importance: columns with lower numbers get room first.
    pub priority: u8,
}

const fn column(value: ColumnValue, heading: &'static str, widths: [usize; 3], priority: u8) -> ColumnSpec {
    ColumnSpec { value, heading, name: heading, align: Align::Left, widths, priority }
}

const fn number(value: ColumnValue, heading: &'static str, widths: [usize; 3], priority: u8) -> ColumnSpec {
    ColumnSpec { align: Align::Right, ..column(value, heading, widths, priority) }
}

const fn called(name: &'static str, column: ColumnSpec) -> ColumnSpec {
    ColumnSpec { name, ..column }
}

/// The usual columns of the message list.
pub fn messages() -> Vec<ColumnSpec> {
    use ColumnValue::{Arrow, Date, Field as Of, Message, SincePrevious};
    vec![
        called("n", number(Of(Field::N), "#", [10, 10, 10], 2)),
        column(Date, "date", [6, 6, 11], 4),
        column(Of(Field::Time), "time", [12, 15, 22], 3),
        called("delta", column(SincePrevious, "Δ", [8, 8, 10], 9)),
        called("addr", column(Of(Field::Addr), "peer", [19, 23, 52], 5)),
        called("arrow", column(Arrow, "", [1, 1, 1], 1)),
        column(Of(Field::Profile), "profile", [8, 8, 16], 8),
        column(Message, "message", [16, 19, 44], 0),
        column(Of(Field::From), "from", [6, 9, 24], 6),
        column(Of(Field::To), "to", [6, 9, 24], 7),
        column(Of(Field::CallId), "call-id", [8, 8, 80], 10),
    ]
}

/// The names of the usual columns of the message list.
pub fn usual_names() -> Vec<&'static str> {
    messages().iter().map(|column| column.name).collect()
}

/// The columns with these names, the first ones the most important; unknown names are left out.
pub fn chosen(names: &[String]) -> Vec<ColumnSpec> {
    let mut columns: Vec<ColumnSpec> = names.iter().filter_map(|name| named(name)).collect();
    // What the user chose in addition to the usual columns is wanted most.
    for column in &mut columns {
        column.priority = if is_usual(column) { column.priority + 1 } else { 1 };
    }
    columns
}

/// Whether it is one of the usual columns of the message list.
pub fn is_usual(column: &ColumnSpec) -> bool {
    messages().iter().any(|usual| usual.name == column.name)
}

/// The column of messages with this name: a usual one, any field of the filter language, `header.NAME` or `json.KEY`.
pub fn named(name: &str) -> Option<ColumnSpec> {
    let usual = |column: &ColumnSpec| column.name == name || (name == "peer" && column.name == "addr");
    if let Some(column) = messages().into_iter().find(usual) {
        return Some(column);
    }
    let (field, key) = Field::named(name)?;
    if field == Field::Body || field == Field::Sdp {
        return None;
    }
    let widths = widths(field);
    if key.is_empty() {
        let align = if is_number(field) { Align::Right } else { Align::Left };
        return Some(ColumnSpec { align, ..column(ColumnValue::Field(field), field.name(), widths, 11) });
    }
    // A few names, which users type.
    let key: &'static str = Box::leak(key.to_owned().into_boxed_str());
    let name: &'static str = Box::leak(format!("{}{key}", field.name()).into_boxed_str());
    Some(called(name, column(ColumnValue::Named(field, key), key, widths, 11)))
}

/// The columns that can be chosen beside the usual ones, without header fields and JSON keys.
pub fn others() -> Vec<ColumnSpec> {
    let columns =
        Field::all().filter(|field| !field.name().ends_with('.')).filter_map(|field| named(field.name()));
    columns.filter(|column| !is_usual(column)).collect()
}

const fn is_number(field: Field) -> bool {
    use Field::{Cseq, Frames, Legs, Messages, Pair, Pdd, Setup, Size, Status, Talk};
    matches!(field, Cseq | Frames | Legs | Messages | Pair | Pdd | Setup | Size | Status | Talk)
}

const fn widths(field: Field) -> [usize; 3] {
    use Field::{
        Branch, CallId, Cause, Contact, Cseq, Dir, Finding, Hangup, Kind, Leg, Side, State, Transport, Ua,
        Uri, Verdict,
    };
    match field {
        Cseq => [10, 10, 10],
        field if is_number(field) => [8, 8, 8],
        Kind | State | Hangup | Finding => [8, 14, 14],
        Dir | Side | Transport => [5, 5, 5],
        Verdict | Cause | Ua | Uri | Contact | Branch | CallId | Leg => [12, 20, 60],
        _ => [8, 14, 40],
    }
}

/// The columns of the calls.
pub fn calls() -> Vec<ColumnSpec> {
    use CallColumn::{EndedBy, From, Legs, Number, Ring, Start, State, Talk, To, Why};
    use ColumnValue::Call;
    vec![
        number(Call(Number), "#", [10, 10, 10], 2),
        column(Call(Start), "start", [12, 12, 12], 5),
        column(Call(From), "from", [8, 12, 24], 3),
        column(Call(To), "to", [8, 12, 24], 4),
        column(Call(State), "state", [12, 14, 14], 0),
        number(Call(Ring), "ring", [8, 8, 8], 8),
        number(Call(Talk), "talk", [8, 8, 8], 6),
        column(Call(EndedBy), "ended by", [10, 10, 10], 9),
        number(Call(Legs), "legs", [5, 5, 5], 7),
        column(Call(Why), "why", [28, 40, 200], 1),
    ]
}

/// The columns of a directory's profiles.
pub fn profiles() -> Vec<ColumnSpec> {
    use ColumnValue::{Field as Of, Files, Folder, Newest, TimeRange};
    vec![
        column(Of(Field::Profile), "profile", [28, 28, 80], 0),
        column(Folder, "folder", [28, 28, 28], 5),
        number(Files, "files", [5, 5, 5], 4),
        number(Of(Field::Size), "size", [8, 8, 8], 3),
        column(TimeRange, " time range", [43, 43, 43], 2),
        column(Newest, " newest", [20, 20, 20], 6),
    ]
}
