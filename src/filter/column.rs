//! A test of one text column of the rows, evaluated once for each distinct text.
//!
//! Must not know: messages, expressions.

use std::borrow::Cow;

use super::facts::{Facts, Text};
use super::field::Op;
use super::party;
use super::search::Search;

/// Whether a value that passes is required, or that there is a value and none passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Some,
    None,
}

impl Wanted {
    pub(super) const fn of(op: Op) -> Self {
        if matches!(op, Op::Differs) { Self::None } else { Self::Some }
    }

    pub(super) const fn holds(self, passes: bool) -> bool {
        passes == matches!(self, Self::Some)
    }
}

/// The texts of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Method,
    Reason,
    Direction,
    Transport,
    Addr,
    CallId,
    From,
    To,
    /// Both values as written in the message.
    FromText,
    ToText,
    Profile,
    File,
}

#[derive(Debug, Clone)]
pub(super) struct ColumnTest {
    column: Column,
    search: Search,
    wanted: Wanted,
    memo: Memo,
}

/// The remembered result for each numbered text of a column.
#[derive(Debug, Clone, Default)]
struct Memo(Vec<u8>);

/// Results for larger numbers are not remembered.
const MEMO_MAX: usize = 1 << 26;

impl Memo {
    #[inline]
    fn get(&self, number: Option<u32>) -> Option<bool> {
        match self.0.get(number? as usize) {
            Some(1) => Some(false),
            Some(2) => Some(true),
            _ => None,
        }
    }

    fn learn(&mut self, number: u32, answer: bool) {
        let number = number as usize;
        if number >= self.0.len() && number < MEMO_MAX {
            self.0.resize((number + 1).next_power_of_two(), 0);
        }
        if let Some(place) = self.0.get_mut(number) {
            *place = 1 + u8::from(answer);
        }
    }
}

impl Column {
    #[inline]
    fn of<F: Facts>(self, facts: &F) -> Text<'_> {
        match self {
            Self::Method => facts.method(),
            Self::Reason => facts.reason(),
            Self::Direction => Text::new(facts.direction().as_str().as_bytes()),
            Self::Transport => Text::new(facts.transport().as_str().as_bytes()),
            Self::Addr => facts.addr(),
            Self::CallId => facts.call_id(),
            Self::From | Self::FromText => facts.from(),
            Self::To | Self::ToText => facts.to(),
            Self::Profile => facts.profile(),
            Self::File => facts.file(),
        }
    }
}

impl ColumnTest {
    pub(super) fn new(column: Column, search: Search, wanted: Wanted) -> Self {
        Self { column, search, wanted, memo: Memo::default() }
    }

    #[inline]
    pub(super) fn holds<F: Facts>(&mut self, facts: &F) -> bool {
        let text = self.column.of(facts);
        self.memo.get(text.number).unwrap_or_else(|| self.ask(text))
    }

    /// Not inlined, so that the code that runs for every row stays small.
    #[inline(never)]
    fn ask(&mut self, text: Text<'_>) -> bool {
        let answer =
            !text.bytes.is_empty() && self.wanted.holds(column_passes(self.column, &self.search, text.bytes));
        if let Some(number) = text.number {
            self.memo.learn(number, answer);
        }
        answer
    }
}

/// An address passes in either of the two forms in which people write IPv4; a regex is tested only on the form in the
/// dump.
fn column_passes(column: Column, search: &Search, text: &[u8]) -> bool {
    if matches!(column, Column::From | Column::To) {
        return party::passes(search, text);
    }
    search.passes(text)
        || (column == Column::Addr
            && !matches!(search, Search::Pattern(_))
            && other_form(text).is_some_and(|t| search.passes(&t)))
}

/// `192.0.2.7:5060` for `[192.0.2.7]:5060`, and vice versa.
fn other_form(addr: &[u8]) -> Option<Cow<'_, [u8]>> {
    let colon = memchr::memrchr(b':', addr)?;
    let (host, port) = addr.split_at(colon);
    match host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")) {
        Some(inner) if memchr::memchr(b':', inner).is_some() => None,
        Some(inner) => Some(Cow::Owned([inner, port].concat())),
        None => Some(Cow::Owned([b"[", host, b"]", port].concat())),
    }
}
