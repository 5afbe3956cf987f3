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
    /// When it ended.
    End,
    /// The time from the INVITE to the first sign of ringing.
    Pdd,
    /// The time from the INVITE to the answer.
    Setup,
    /// Whether the peer or FreeSWITCH began its first leg.
    Side,
    /// The profile of its first leg.
    Profile,
    /// The peer of its first leg.
    Peer,
    /// The codec that was agreed.
    Codec,
    /// The number of its messages.
    Messages,
    /// What is wrong with it, by name.
    Findings,
    /// The Call-ID of its first leg.
    CallId,
}

impl CallColumn {
    /// All of them with the keys that sort by them and their headings.
    pub const ALL: [(char, Self, &'static str); 20] = [
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
        ('x', Self::End, "end"),
        ('p', Self::Pdd, "pdd"),
        ('u', Self::Setup, "setup"),
        ('i', Self::Side, "side"),
        ('o', Self::Profile, "profile"),
        ('h', Self::Peer, "peer"),
        ('c', Self::Codec, "codec"),
        ('m', Self::Messages, "messages"),
        ('g', Self::Findings, "findings"),
        ('d', Self::CallId, "call-id"),
    ];
}

/// The lists whose columns the user chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColumnList {
    /// The messages.
    #[default]
    Messages,
    /// The calls.
    Calls,
}

impl ColumnList {
    /// The setting with its columns in a configuration.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Messages => "columns",
            Self::Calls => "call-columns",
        }
    }

    /// Its usual columns.
    pub fn usual(self) -> Vec<ColumnSpec> {
        match self {
            Self::Messages => messages(),
            Self::Calls => calls(),
        }
    }

    /// The columns that can be chosen beside the usual ones, as far as they can be listed.
    pub fn others(self) -> Vec<ColumnSpec> {
        match self {
            Self::Messages => others(),
            Self::Calls => other_calls(),
        }
    }

    /// The column with this name.
    pub fn named(self, name: &str) -> Option<ColumnSpec> {
        match self {
            Self::Messages => named(name).or_else(|| named(&format!("header.{name}"))),
            Self::Calls => call_named(name),
        }
    }

    /// The columns with these names, the first ones the most important; unknown names are left out.
    pub fn chosen(self, names: &[String]) -> Vec<ColumnSpec> {
        match self {
            Self::Messages => chosen(names),
            Self::Calls => chosen_calls(names),
        }
    }
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
        called("ended-by", column(Call(EndedBy), "ended by", [10, 10, 10], 9)),
        number(Call(Legs), "legs", [5, 5, 5], 7),
        column(Call(Why), "why", [28, 40, 200], 1),
    ]
}

/// The columns of calls that can be chosen beside the usual ones.
fn other_calls() -> Vec<ColumnSpec> {
    use CallColumn::{CallId, Codec, End, Findings, Messages, Pdd, Peer, Profile, Setup, Side};
    use ColumnValue::Call;
    vec![
        column(Call(End), "end", [12, 12, 12], 11),
        number(Call(Pdd), "pdd", [8, 8, 8], 11),
        number(Call(Setup), "setup", [8, 8, 8], 11),
        column(Call(Side), "side", [5, 5, 5], 11),
        column(Call(Profile), "profile", [8, 8, 16], 11),
        column(Call(Peer), "peer", [15, 19, 48], 11),
        column(Call(Codec), "codec", [8, 8, 16], 11),
        number(Call(Messages), "messages", [8, 8, 8], 11),
        column(Call(Findings), "findings", [14, 24, 80], 11),
        column(Call(CallId), "call-id", [8, 16, 80], 11),
    ]
}

/// The column of calls with this name. The number is always shown and has none.
pub fn call_named(name: &str) -> Option<ColumnSpec> {
    calls().into_iter().skip(1).chain(other_calls()).find(|column| column.name == name)
}

/// The number, and the columns of calls with these names.
fn chosen_calls(names: &[String]) -> Vec<ColumnSpec> {
    let usual = calls();
    let chosen = names.iter().filter_map(|name| call_named(name)).map(|column| ColumnSpec {
        priority: if usual.iter().any(|one| one.name == column.name) { column.priority + 1 } else { 1 },
        ..column
    });
    usual.iter().take(1).copied().chain(chosen).collect()
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
