//! What is known about a message without reading it, and the answer that this allows.
//!
//! Must not know: where the facts come from, the language.

use crate::base::{Direction, Transport};

use super::field::Field;

/// A text of a row, with its number if the source stores each distinct text once.
///
/// The [`Matcher`](super::Matcher) tests each number of a column once and remembers the result, so a number must always
/// mean the same text within its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text's number in its column's interner, if there is one.
    pub number: Option<u32>,
    /// The text; empty if the message has none.
    pub bytes: &'a [u8],
}

impl<'a> Text<'a> {
    /// A text that is not interned.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { number: None, bytes }
    }

    /// A text with its number in the column's interner.
    pub const fn interned(number: u32, bytes: &'a [u8]) -> Self {
        Self { number: Some(number), bytes }
    }
}

/// What a row of an index, or a stream, knows about a message without reading its text again.
///
/// The getters are called for each of millions of rows: they must be cheap. `method`, `call_id`, `from` and `to` must
/// occur unchanged in the message's bytes: a word found in one of them counts as found in the message.
pub trait Facts {
    /// Whether the message is a request.
    fn is_request(&self) -> bool;
    /// The request's method, or the method of a response's `CSeq`.
    fn method(&self) -> Text<'_>;
    /// The status code of a response.
    fn status(&self) -> Option<u16>;
    /// The reason phrase of a response.
    fn reason(&self) -> Text<'_>;
    /// Whether it was received or sent.
    fn direction(&self) -> Direction;
    /// The transport.
    fn transport(&self) -> Transport;
    /// The peer's address as the dump writes it: `[192.0.2.7]:5060`.
    fn addr(&self) -> Text<'_>;
    /// The Call-ID.
    fn call_id(&self) -> Text<'_>;
    /// Display name and URI of `From`, as they are written, without the parameters of the field.
    fn from(&self) -> Text<'_>;
    /// Display name and URI of `To`, as they are written, without the parameters of the field.
    fn to(&self) -> Text<'_>;
    /// The sequence number of `CSeq`; 0 if there is none.
    fn cseq_number(&self) -> u32;
    /// The message's length in bytes.
    fn size(&self) -> u64;
    /// How many frames carried the message.
    fn frames(&self) -> u32;
    /// Microseconds of local time since 1970-01-01, or since midnight of the first day if the dump has no dates.
    fn time(&self) -> i64;
    /// The message's 1-based number.
    fn number(&self) -> u64;
    /// The profile's name.
    fn profile(&self) -> Text<'_>;
    /// The file's name.
    fn file(&self) -> Text<'_>;
    /// What is known about the message otherwise.
    fn flags(&self) -> RowFlags;
    /// Whether this flag of the message's call is set; `None` if calls are not known. Called only for flags of calls.
    fn call_flag(&self, _: Flag) -> Option<bool> {
        None
    }
    /// A number of the message's call: microseconds, or a count of messages.
    fn call_number(&self, _: Field) -> Option<u64> {
        None
    }
    /// Whether later messages decide this field of the message's call: until then no result that depends on it is certain.
    fn is_call_field_open(&self, _: Field) -> bool {
        false
    }
    /// What identifies the message's call and what is known of it: where it is the same, the texts of the call are too. `None`
    /// if they must be asked for again.
    fn call_key(&self) -> Option<(u64, u32)> {
        None
    }
    /// Whether `each` holds for one of the texts that a field has for the message's call.
    fn call_text(&self, _: Field, _: &mut dyn FnMut(&[u8]) -> bool) -> bool {
        false
    }
}

/// A property of a message that `is:` tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flag {
    /// The same message was seen before.
    Retransmission,
    /// Bytes of it are missing.
    Incomplete,
    /// It breaks the rules of RFC 3261.
    Malformed,
    /// It is a keep-alive, not a message.
    Keepalive,
    /// Its body has parts.
    Multipart,
    /// A request without a final response.
    Unanswered,
    /// Its call failed. If calls are not known: a final response of 400 or above, challenges excepted.
    Failed,
    /// A final response of 400 or above, the challenges 401 and 407 excepted.
    Error,
    /// Its call was answered.
    Answered,
    /// Its call was put on hold.
    Held,
    /// Its call was transferred.
    Transferred,
    /// It belongs to an emergency call.
    Emergency,
    /// The user marked it.
    Marked,
}

impl Flag {
    /// All of them, in the order in which they are offered.
    pub(super) const ALL: [Self; 13] = [
        Self::Retransmission,
        Self::Incomplete,
        Self::Malformed,
        Self::Keepalive,
        Self::Multipart,
        Self::Unanswered,
        Self::Failed,
        Self::Error,
        Self::Answered,
        Self::Held,
        Self::Transferred,
        Self::Emergency,
        Self::Marked,
    ];

    /// Those that are true of the message's call, not of the message alone.
    pub const OF_CALL: [Self; 5] =
        [Self::Failed, Self::Answered, Self::Held, Self::Transferred, Self::Emergency];

    /// Whether it is true of the message's call, not of the message alone.
    pub const fn is_of_call(self) -> bool {
        matches!(self, Self::Failed | Self::Answered | Self::Held | Self::Transferred | Self::Emergency)
    }

    /// The word after `is:`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retransmission => "retransmission",
            Self::Incomplete => "incomplete",
            Self::Malformed => "malformed",
            Self::Keepalive => "keepalive",
            Self::Multipart => "multipart",
            Self::Unanswered => "unanswered",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Answered => "answered",
            Self::Held => "held",
            Self::Transferred => "transferred",
            Self::Emergency => "emergency",
            Self::Marked => "marked",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u8
    }
}

/// A set of [`Flag`]s; each is true, false, or not known to the source.
///
/// A flag that the source does not know is determined from the message's bytes if possible (malformed, multipart,
/// keepalive), from the status code for `failed`, and is otherwise false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowFlags {
    known: u16,
    set: u16,
    open: u16,
}

impl RowFlags {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { known: 0, set: 0, open: 0 };
    /// Everything is known, and nothing is true.
    pub const NONE: Self = Self { known: u16::MAX, set: 0, open: 0 };

    /// The set with this flag true.
    #[must_use]
    pub const fn with(self, flag: Flag) -> Self {
        Self { known: self.known | flag.bit(), set: self.set | flag.bit(), open: self.open & !flag.bit() }
    }

    /// The set with this flag false.
    #[must_use]
    pub const fn without(self, flag: Flag) -> Self {
        Self { known: self.known | flag.bit(), set: self.set & !flag.bit(), open: self.open & !flag.bit() }
    }

    /// The set with this flag not known.
    #[must_use]
    pub const fn unknown(self, flag: Flag) -> Self {
        Self { known: self.known & !flag.bit(), set: self.set & !flag.bit(), open: self.open & !flag.bit() }
    }

    /// The set with this flag open: later messages decide it. Until then no result that depends on it is certain.
    #[must_use]
    pub const fn open(self, flag: Flag) -> Self {
        let set = self.unknown(flag);
        Self { open: set.open | flag.bit(), ..set }
    }

    /// Whether the flag is open.
    pub(super) const fn is_open(self, flag: Flag) -> bool {
        self.open & flag.bit() != 0
    }

    /// Whether the flag is true; `None` if that is not known.
    #[inline]
    pub const fn get(self, flag: Flag) -> Option<bool> {
        if self.known & flag.bit() == 0 { None } else { Some(self.set & flag.bit() != 0) }
    }
}

/// The answer of the facts alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not match.
    No,
    /// The message's bytes are needed to decide; or, if they were read, other messages.
    NeedsBytes,
    /// It matches.
    Yes,
}

impl Verdict {
    /// The verdict on the negation.
    #[must_use]
    #[inline]
    pub const fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::NeedsBytes => Self::NeedsBytes,
            Self::Yes => Self::No,
        }
    }
}

impl From<bool> for Verdict {
    #[inline]
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
