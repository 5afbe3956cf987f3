//! Which columns the message list has at a width, and how wide each is.
//!
//! Widths follow from the room and from a small sample of the values, so that they do not jump
//! while the list scrolls. What matters least goes first when there is little room.
//!
//! Must not know: rows, colours.

use crate::app::{App, TimeFormat};
use crate::base::interner::Strings;
use crate::store::{Flags, Snapshot};

use super::figures;
use super::label::{self, LONG_DATE};
use super::pen::width;

/// Values that are looked at to see how wide a column wants to be.
const SAMPLE: usize = 64;

/// Cells of a date: `≈11-23`, `≈2026-11-23`.
const SHORT_DATE: usize = 6;

/// Cells at the left edge, for the mark of the selected row and of its call.
pub(super) const EDGE: usize = 1;

/// A column, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The 1-based number of the message.
    Number,
    /// The date, where it is known.
    Date,
    /// The time, in the format that is chosen.
    Time,
    /// The time since the previous shown message.
    Delta,
    /// The profile, where there are several.
    Profile,
    /// To or from us.
    Arrow,
    /// The transport.
    Transport,
    /// The peer's address.
    Peer,
    /// What the message is.
    Message,
    /// Who it is from.
    From,
    /// Who it is for.
    To,
    /// The Call-ID.
    CallId,
}

impl Column {
    /// All columns from left to right.
    pub(super) const ALL: [Self; 12] = [
        Self::Number,
        Self::Date,
        Self::Time,
        Self::Delta,
        Self::Profile,
        Self::Arrow,
        Self::Transport,
        Self::Peer,
        Self::Message,
        Self::From,
        Self::To,
        Self::CallId,
    ];

    /// What stands above it.
    pub(super) const fn head(self, time: TimeFormat) -> &'static str {
        match self {
            Self::Number => "#",
            Self::Date => "date",
            Self::Time => match time {
                TimeFormat::OfDay => "time",
                TimeFormat::SinceFirst => "since first",
                TimeFormat::SincePrevious => "since prev",
                TimeFormat::InCall => "in call",
            },
            Self::Delta => "Δ",
            Self::Profile => "profile",
            Self::Arrow => "",
            Self::Transport => "via",
            Self::Peer => "peer",
            Self::Message => "message",
            Self::From => "from",
            Self::To => "to",
            Self::CallId => "call-id",
        }
    }
}

/// The width of each column; 0 where it is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Columns {
    widths: [usize; Column::ALL.len()],
}

/// Whether the messages are of several days, as far as that is known: then a time of day alone is none.
fn covers_days(app: &App) -> bool {
    let snapshot = &app.snapshot;
    let last = (snapshot.len() as u32).saturating_sub(1);
    let [Some(first), Some(last)] = [snapshot.row(0), snapshot.row(last)] else { return false };
    app.time == TimeFormat::OfDay
        && last.row.flags.has(Flags::DATED)
        && figures::day(first.row.time) != figures::day(last.row.time)
}

/// How wide the columns want to be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wishes {
    number: usize,
    /// Whether the date is shown in each row.
    date: bool,
    /// With microseconds, and with milliseconds.
    time: (usize, usize),
    delta: bool,
    peer: usize,
    transport: usize,
    from: usize,
    call_id: usize,
    /// The shortest that tells the profiles apart, and the longest; nothing where there is one.
    profile: Option<(usize, usize)>,
}

impl Wishes {
    /// What the state's values want.
    pub(super) fn of(app: &App) -> Self {
        let snapshot = &app.snapshot;
        let [peers, users, _] = snapshot.known();
        Self {
            number: snapshot.len().max(1).ilog10() as usize + 1,
            date: covers_days(app),
            time: match app.time {
                TimeFormat::OfDay => (15, 12),
                _ => (13, 11),
            },
            delta: app.time != TimeFormat::SincePrevious,
            peer: wide(peers, |p| width(&label::peer(p))).clamp(9, 47),
            transport: 3,
            from: wide(users, |u| width(&label::text(u))).clamp(4, 24),
            call_id: 40,
            profile: profile_widths(snapshot),
        }
    }
}

/// A width that is enough for most of the values: a few long ones do not widen a column for all.
fn wide(values: &Strings, width: impl Fn(&[u8]) -> usize) -> usize {
    let mut widths: Vec<usize> = (1..values.len().min(SAMPLE) as u32).map(|n| width(values.get(n))).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 9 / 10).copied().unwrap_or(0)
}

/// The shortest width, from three on, at which the heads of the profiles' names differ, and the
/// longest name.
fn profile_widths(snapshot: &Snapshot) -> Option<(usize, usize)> {
    let names: Vec<&str> = snapshot.sources.iter().take(SAMPLE).map(|s| s.profile.as_str()).collect();
    if names.len() < 2 {
        return None;
    }
    let longest = names.iter().map(|n| width(n)).max().unwrap_or(0).clamp(3, 16);
    let differ = |cells: &usize| {
        let mut heads: Vec<&str> = names.iter().map(|n| super::pen::head(n, *cells)).collect();
        heads.sort_unstable();
        heads.dedup();
        heads.len() == names.len()
    };
    Some(((3..longest).find(differ).unwrap_or(longest), longest))
}

impl Columns {
    /// The columns for `room` cells.
    pub(super) fn fit(room: usize, wishes: &Wishes) -> Self {
        use Column::{Arrow, CallId, Date, Delta, From, Message, Number, Peer, Profile, Time, To, Transport};
        let mut columns = Self::default();
        // Each column brings its width and the blank before it.
        let mut room = room.saturating_sub(EDGE);
        let (micros, millis) = wishes.time;
        let (short, long) = wishes.profile.unwrap_or((0, 0));
        let delta = |cells| if wishes.delta { cells } else { 0 };
        let date = |cells| if wishes.date { cells } else { 0 };
        // From what a list cannot be without to what is nice to have: each step widens a column.
        let steps = [
            (Message, 12),
            (Arrow, 1),
            (Number, wishes.number),
            (Time, millis),
            (Date, date(SHORT_DATE)),
            (Peer, wishes.peer.min(15)),
            (From, wishes.from.min(6)),
            (To, wishes.from.min(6)),
            (Transport, wishes.transport),
            (Message, 16),
            (Peer, wishes.peer.min(19)),
            (Profile, short),
            (From, wishes.from.min(9)),
            (To, wishes.from.min(9)),
            (Time, micros),
            (Delta, delta(8)),
            (Message, 19),
            (Peer, wishes.peer.min(23)),
            (From, wishes.from.min(12)),
            (To, wishes.from.min(12)),
            (CallId, wishes.call_id.min(8)),
            (Delta, delta(10)),
            (Message, 26),
            (Peer, wishes.peer),
            (Profile, long),
            (Date, date(LONG_DATE)),
            (From, wishes.from),
            (To, wishes.from),
            (CallId, wishes.call_id),
            (Message, 44),
            (CallId, 80),
        ];
        for (column, cells) in steps {
            columns.widen(column, cells, &mut room);
        }
        columns
    }

    /// Widens a column as far as there is room. A new column comes whole or not at all, and times
    /// have either all their digits or the fewer ones.
    fn widen(&mut self, column: Column, cells: usize, room: &mut usize) {
        let now = &mut self.widths[column as usize];
        if cells <= *now {
            return;
        }
        let blank = usize::from(*now == 0);
        let step = cells - *now + blank;
        let whole = *now == 0 || matches!(column, Column::Date | Column::Time | Column::Delta);
        let taken = if step <= *room {
            step
        } else if whole && column != Column::Message {
            return;
        } else {
            *room
        };
        if taken > blank {
            *now += taken - blank;
            *room -= taken;
        }
    }

    /// The width of a column; 0 where it is not shown.
    pub(super) const fn width(&self, column: Column) -> usize {
        self.widths[column as usize]
    }

    /// The columns that are shown, from left to right, with their widths.
    pub(super) fn shown(&self) -> impl Iterator<Item = (Column, usize)> + '_ {
        Column::ALL.into_iter().map(|c| (c, self.width(c))).filter(|(_, cells)| *cells > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WISHES: Wishes = Wishes {
        number: 3,
        date: false,
        time: (15, 12),
        delta: true,
        peer: 23,
        transport: 3,
        from: 12,
        call_id: 40,
        profile: Some((3, 8)),
    };

    fn names(room: usize, wishes: &Wishes) -> String {
        let columns = Columns::fit(room, wishes);
        columns
            .shown()
            .map(|(c, cells)| format!("{}:{cells}", c.head(TimeFormat::OfDay)))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn the_least_important_columns_go_first() {
        for (room, want) in [
            (20, "#:3 :1 message:12"),
            (40, "#:3 time:12 :1 message:12 from:6"),
            (60, "#:3 time:12 :1 via:3 peer:15 message:12 from:6"),
            (80, "#:3 time:12 profile:3 :1 via:3 peer:19 message:16 from:7 to:6"),
            (100, "#:3 time:15 Δ:8 profile:3 :1 via:3 peer:19 message:19 from:9 to:9"),
        ] {
            assert_eq!(names(room, &WISHES), want, "{room}");
        }
    }

    #[test]
    fn the_date_is_there_early_where_there_are_several_days() {
        let wishes = Wishes { date: true, ..WISHES };
        let want = "#:3 date:6 time:12 :1 via:3 peer:15 message:12";
        assert_eq!(names(60, &wishes), want);
        assert!(names(200, &wishes).starts_with("#:3 date:11 time:15 "));
    }

    #[test]
    fn columns_never_take_more_than_there_is() {
        for room in 0..300 {
            let columns = Columns::fit(room, &WISHES);
            let taken: usize = columns.shown().map(|(_, cells)| cells + 1).sum();
            assert!(taken < room.max(1), "{room}: {taken}");
        }
    }
}
