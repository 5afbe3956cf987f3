//! The columns of lists, as data: what each shows, how wide it is, which ones go first when there is little room.
//!
//! Must not know: rows, drawing.

use crate::filter::Field;

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnValue {
    /// A field of the filter language.
    Field(Field),
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// What it shows.
    pub value: ColumnValue,
    /// Its heading.
    pub heading: &'static str,
    /// On which side its values are.
    pub align: Align,
    /// Minimum, ideal and maximum number of cells. All columns get their minimum, in the order of their priorities, before any
    /// gets more. Values that are shorter make a column narrower.
    pub widths: [usize; 3],
    /// Its importance: columns with lower numbers get room first.
    pub priority: u8,
}

const fn column(value: ColumnValue, heading: &'static str, widths: [usize; 3], priority: u8) -> ColumnSpec {
    ColumnSpec { value, heading, align: Align::Left, widths, priority }
}

const fn number(value: ColumnValue, heading: &'static str, widths: [usize; 3], priority: u8) -> ColumnSpec {
    ColumnSpec { value, heading, align: Align::Right, widths, priority }
}

/// The columns of the message list.
pub fn messages() -> Vec<ColumnSpec> {
    use ColumnValue::{Arrow, Date, Field as Of, Message, SincePrevious};
    vec![
        number(Of(Field::N), "#", [10, 10, 10], 2),
        column(Date, "date", [6, 6, 11], 4),
        column(Of(Field::Time), "time", [12, 15, 22], 3),
        column(SincePrevious, "Δ", [8, 8, 10], 9),
        column(Of(Field::Addr), "peer", [19, 23, 52], 5),
        column(Arrow, "", [1, 1, 1], 1),
        column(Of(Field::Profile), "profile", [7, 8, 16], 8),
        column(Message, "message", [16, 19, 44], 0),
        column(Of(Field::From), "from", [6, 9, 24], 6),
        column(Of(Field::To), "to", [6, 9, 24], 7),
        column(Of(Field::CallId), "call-id", [8, 8, 80], 10),
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
