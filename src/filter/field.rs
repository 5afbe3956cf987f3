//! The fields of the filter language: their names, their kinds of values, their meanings.
//!
//! Must not know: how a field is read from a row or a message.

use super::error::FilterErrorKind;

/// A field that an expression can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The request's method, or the method of a response's `CSeq`.
    Method,
    /// A response's status code.
    Status,
    /// A response's reason phrase.
    Reason,
    /// `recv` or `sent`.
    Dir,
    /// `udp`, `tcp`, `tls`, `sctp`, `ws` or `wss`.
    Transport,
    /// The peer's address and port.
    Addr,
    /// The Call-ID.
    CallId,
    /// `From`: user, display name, host, URI.
    From,
    /// `To`: user, display name, host, URI.
    To,
    /// The sequence number, or the text, of `CSeq`.
    Cseq,
    /// The branch of the top `Via`.
    Branch,
    /// `User-Agent` or `Server`.
    Ua,
    /// `Contact`.
    Contact,
    /// The request URI.
    Uri,
    /// `header.NAME`: any header field of that name.
    Header,
    /// The body; JSON bodies also unescaped, those in other character sets also decoded.
    Body,
    /// The content type of the body or of any part.
    Type,
    /// The text of an SDP body or part.
    Sdp,
    /// `json.KEY`: a value of a JSON body or part.
    Json,
    /// The message's bytes.
    Size,
    /// The number of frames that carried the message.
    Frames,
    /// When the message came or went.
    Time,
    /// The message's 1-based number.
    N,
    /// The profile that wrote the dump.
    Profile,
    /// The file that contains the message.
    File,
    /// What the message's Call-ID is used for: `call`, `register`, `subscription`, …
    Kind,
    /// How its call went.
    State,
    /// `A`: the peer called, `B`: FreeSWITCH did.
    Side,
    /// From the INVITE to the first 18x.
    Pdd,
    /// From the INVITE to the answer.
    Setup,
    /// From the answer to the end.
    Talk,
    /// Messages of the call.
    Messages,
    /// Legs of the call.
    Legs,
    /// The Call-ID of a leg of the call.
    Leg,
    /// The least certain pair of the message's leg, in millionths; offered pairs count, too.
    Pair,
    /// Who ended it.
    Hangup,
    /// Why it ended, from a Reason field: number, name or text.
    Cause,
    /// The rule of something found about it.
    Finding,
    /// The verdict on it: the rule or the sentence.
    Verdict,
    /// Caller or callee.
    User,
    /// The incident of an emergency call.
    Incident,
    /// An identifier of an emergency call or of its incident.
    Emergency,
}

/// The kind of a field's values, which determines its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text: contains, equals, differs, matches.
    Text,
    /// One of several words, ignoring case.
    Word,
    /// A status code or a class of them.
    Status,
    /// A count.
    Number,
    /// A count of bytes.
    Size,
    /// A count, or else text.
    Cseq,
    /// A time.
    Time,
    /// A time span.
    Duration,
    /// A text that is compared whole.
    Name,
}

/// How a field and a value are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// `:` contains; equals for words and numbers.
    Has,
    /// `=`.
    Equals,
    /// `!=`: there is a value, and none is equal.
    Differs,
    /// `~`: a regex matches.
    Matches,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
}

impl Op {
    /// The operators; a longer operator comes before its own prefix.
    pub(super) const ALL: [Self; 8] = [
        Self::Differs,
        Self::AtLeast,
        Self::AtMost,
        Self::Has,
        Self::Equals,
        Self::Matches,
        Self::Greater,
        Self::Less,
    ];

    /// The operator as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Has => ":",
            Self::Equals => "=",
            Self::Differs => "!=",
            Self::Matches => "~",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Less => "<",
            Self::AtMost => "<=",
        }
    }

    const fn is_order(self) -> bool {
        matches!(self, Self::Greater | Self::AtLeast | Self::Less | Self::AtMost)
    }
}

/// A row of the table of fields.
pub(super) struct Info {
    pub(super) field: Field,
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) help: &'static str,
}

const fn info(field: Field, name: &'static str, kind: Kind, help: &'static str) -> Info {
    Info { field, name, kind, help }
}

/// All fields, in the order in which they are offered.
pub(super) const FIELDS: [Info; 42] = [
    info(Field::Method, "method", Kind::Word, "requests of a method and their responses"),
    info(Field::Status, "status", Kind::Status, "status code, or a class such as 4xx"),
    info(Field::Reason, "reason", Kind::Text, "reason phrase of a response"),
    info(Field::Dir, "dir", Kind::Word, "recv or sent"),
    info(Field::Transport, "transport", Kind::Word, "udp, tcp, tls, sctp, ws or wss"),
    info(Field::Addr, "addr", Kind::Text, "the peer's address and port"),
    info(Field::CallId, "call-id", Kind::Text, "Call-ID"),
    info(Field::From, "from", Kind::Text, "user, display name, host or URI of From"),
    info(Field::To, "to", Kind::Text, "user, display name, host or URI of To"),
    info(Field::Cseq, "cseq", Kind::Cseq, "sequence number, or text of CSeq"),
    info(Field::Branch, "branch", Kind::Text, "branch of the top Via"),
    info(Field::Ua, "ua", Kind::Text, "User-Agent or Server"),
    info(Field::Contact, "contact", Kind::Text, "Contact"),
    info(Field::Uri, "uri", Kind::Text, "request URI"),
    info(Field::Header, "header.", Kind::Text, "any header field, by its name"),
    info(Field::Body, "body", Kind::Text, "the body; JSON also unescaped, charsets decoded"),
    info(Field::Type, "type", Kind::Text, "content type of the body or of any part"),
    info(Field::Sdp, "sdp", Kind::Text, "the session description"),
    info(Field::Json, "json.", Kind::Text, "a value of a JSON body, by its key"),
    info(Field::Size, "size", Kind::Size, "bytes of the message, with k and M"),
    info(Field::Frames, "frames", Kind::Number, "frames that carried the message"),
    info(Field::Time, "time", Kind::Time, "time of day, after a date if known"),
    info(Field::N, "n", Kind::Number, "number of the message"),
    info(Field::Profile, "profile", Kind::Text, "profile that wrote the dump"),
    info(Field::File, "file", Kind::Text, "file of the message"),
    info(Field::Kind, "kind", Kind::Name, "call, register, subscription, ping, message, publish, refer"),
    info(
        Field::State,
        "state",
        Kind::Name,
        "how its call went: answered, busy, cancelled, no-answer, rejected, failed",
    ),
    info(Field::Side, "side", Kind::Name, "who called: A the peer, B FreeSWITCH"),
    info(Field::Pdd, "pdd", Kind::Duration, "post-dial delay of its call, in seconds"),
    info(Field::Setup, "setup", Kind::Duration, "from INVITE to answer, in seconds"),
    info(Field::Talk, "talk", Kind::Duration, "from answer to end, in seconds"),
    info(Field::Messages, "messages", Kind::Number, "messages of its call"),
    info(Field::Legs, "legs", Kind::Number, "legs of its call"),
    info(Field::Leg, "leg", Kind::Text, "Call-ID of any leg of its call"),
    info(Field::Pair, "pair", Kind::Duration, "0 to 1: how certain its leg is paired, with offered pairs"),
    info(Field::Hangup, "hangup", Kind::Name, "who ended its call: caller, callee, peer, freeswitch"),
    info(Field::Cause, "cause", Kind::Text, "why its call ended: Q.850 number or name, Reason text"),
    info(Field::Finding, "finding", Kind::Text, "rule of a finding about its call"),
    info(Field::Verdict, "verdict", Kind::Text, "the verdict on its call"),
    info(Field::User, "user", Kind::Text, "caller or callee of its call"),
    info(Field::Incident, "incident", Kind::Text, "incident of an emergency call"),
    info(Field::Emergency, "emergency", Kind::Text, "identifier of an emergency call or its incident"),
];

impl Field {
    /// Whether it is about the message's call.
    pub const fn is_of_call(self) -> bool {
        matches!(
            self,
            Self::Kind
                | Self::State
                | Self::Side
                | Self::Pdd
                | Self::Setup
                | Self::Talk
                | Self::Messages
                | Self::Legs
                | Self::Leg
                | Self::Pair
                | Self::Hangup
                | Self::Cause
                | Self::Finding
                | Self::Verdict
                | Self::User
                | Self::Incident
                | Self::Emergency
        )
    }

    pub(super) fn info(self) -> &'static Info {
        // The table contains every field, which a test checks; the first row is never used as a fallback.
        FIELDS.iter().find(|i| i.field == self).unwrap_or(&FIELDS[0])
    }

    /// The field's name as written before the operator; `header.` and `json.` without the name or key that follows.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// All fields, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        FIELDS.iter().map(|info| info.field)
    }

    /// What it is about, in a few words.
    pub fn help(self) -> &'static str {
        self.info().help
    }

    /// The field with this name, ignoring case, and the name or key after `header.` or `json.`.
    pub fn named(name: &str) -> Option<(Self, &str)> {
        for info in &FIELDS {
            if info.name.eq_ignore_ascii_case(name) && !info.name.ends_with('.') {
                return Some((info.field, ""));
            }
            if let Some((head, key)) = name.split_at_checked(info.name.len())
                && info.name.ends_with('.')
                && head.eq_ignore_ascii_case(info.name)
                && !key.is_empty()
            {
                return Some((info.field, key));
            }
        }
        None
    }

    /// Whether the field can be compared with `op`; the error lists the operators that it accepts.
    pub(super) fn check(self, op: Op) -> Result<(), FilterErrorKind> {
        let info = self.info();
        let (good, expected) = match info.kind {
            Kind::Text | Kind::Word | Kind::Name => (!op.is_order(), "':', '=', '!=' or '~'"),
            Kind::Status | Kind::Cseq => (true, ""),
            Kind::Number | Kind::Size | Kind::Time | Kind::Duration => {
                (op != Op::Matches, "':', '=', '!=', '<', '<=', '>' or '>='")
            }
        };
        if good { Ok(()) } else { Err(FilterErrorKind::Operator { field: info.name, expected }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_found_by_its_field_and_by_its_name() {
        for info in &FIELDS {
            assert_eq!(info.field.info().name, info.name);
            let written = info.name.to_uppercase() + if info.name.ends_with('.') { "X-Cid" } else { "" };
            assert_eq!(Field::named(&written).map(|(f, _)| f), Some(info.field), "{written}");
        }
        assert_eq!(Field::named("header."), None);
    }
}
